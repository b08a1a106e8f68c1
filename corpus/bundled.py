"""The documents that ship with the program: where they are, and how to tell that they changed."""

from __future__ import annotations

from pathlib import Path

from corpus.passages import CHUNKER_VERSION
from corpus.vocabulary_files import hash_of, source_hash

FOLDER = Path(__file__).parent / "library"
FACTS = Path(__file__).parent / "facts"


def bundled_files() -> list[Path]:
    """Return the bundled documents' files, in a stable order."""
    return sorted(FOLDER.glob("*.md"))


def bundled_hash() -> str:
    """Return a hash over bundled documents, facts, vocabulary and the way of cutting: by it a library is current."""
    version = f"chunker {CHUNKER_VERSION}\0vocabulary {source_hash()}\0"
    return hash_of([*bundled_files(), *sorted(FACTS.glob("*.yaml"))], version)
