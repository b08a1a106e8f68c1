"""The documents that ship with the program: where they are, and how to tell that they changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.passages import CHUNKER_VERSION
from corpus.vocabulary_files import source_hash

FOLDER = Path(__file__).parent / "library"
FACTS = Path(__file__).parent / "facts"


def bundled_files() -> list[Path]:
    """Return the bundled documents' files, in a stable order."""
    return sorted(FOLDER.glob("*.md"))


def bundled_hash() -> str:
    """Return a hash over bundled documents, facts, vocabulary and the way of cutting: by it a library is current."""
    digest = hashlib.sha256(f"chunker {CHUNKER_VERSION}\0vocabulary {source_hash()}\0".encode())
    for path in [*bundled_files(), *sorted(FACTS.glob("*.yaml"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
