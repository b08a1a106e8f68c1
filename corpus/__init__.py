"""What is known: documents, their passages, the vocabulary, and the catalogue that stores them."""
