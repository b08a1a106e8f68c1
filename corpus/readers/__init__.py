"""Files → documents: one module a format, chosen by what the file holds and not by what it is called."""

from corpus.readers.files import document_from_text, read_documents, read_file
from corpus.readers.finding import find_files

__all__ = ["document_from_text", "find_files", "read_documents", "read_file"]
