"""What makes the corpus findable: embeddings in FAISS, words in tantivy, and one search over both."""
