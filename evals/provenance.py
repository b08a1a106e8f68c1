"""What a run was made with: the program's version, and hashes of its files, the questions, the corpus and the index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from evals.suite import Item
from index.library import Library

PACKAGES = ("corpus", "index", "assistant", "evals")
_PROGRAM = (".py", ".yaml")
_LENGTH = 16  # hexadecimal digits of a hash that are kept


def program_version() -> str:
    """Return the version of Posology that runs."""
    return version("posology")


def hashes(items: Sequence[Item], library: Library) -> dict[str, str]:
    """Return the hashes by what they are of."""
    return {
        "corpus": corpus_hash(library),
        "index": index_hash(library),
        "program": _program_hash(),
        "questions": _hash_of(item.model_dump_json() for item in items),
    }


def corpus_hash(library: Library) -> str:
    """Return a hash over the library's documents and facts, the bundle's vocabulary and the way of cutting."""
    entries = sorted(f"{entry.id} {entry.sha256}" for entry in library.catalogue.entries(hidden=True))
    manifest = library.manifest
    return _hash_of([*entries, f"{manifest.bundled_hash} {manifest.chunker_version}"])


def index_hash(library: Library) -> str:
    """Return a hash over the embedding model and the checksums of the index files."""
    manifest = library.manifest
    stamp = [manifest.model_hash, manifest.dimensions, manifest.format_version, sorted(manifest.checksums.items())]
    return _hash_of([json.dumps(stamp)])


def _program_hash() -> str:
    """Return a hash over the program's modules and data, the questions left out: they have one of their own."""
    root = Path(__file__).parents[1]
    files = sorted(path for package in PACKAGES for path in (root / package).rglob("*") if path.suffix in _PROGRAM)
    questions = {root / "evals" / "questions", root / "evals" / "papers"}
    return _hash_of(
        f"{path.relative_to(root)}\0{path.read_text('utf-8')}" for path in files if path.parent not in questions
    )


def _hash_of(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:_LENGTH]
