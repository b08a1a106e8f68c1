"""A library of a test collection's documents, some of them left out: what the program can't know of is then certain."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from corpus.errors import LibraryError, UnreadableFileError
from corpus.readers import document_from_text
from corpus.readers.files import slug
from corpus.types import Document
from evals.beir import read_documents
from index.build import Progress
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import is_library
from index.writing import open_writer


def make_library(documents: Iterable[Document], path: Path, embedder: Embedder, progress: Progress) -> int:
    """Make a library of documents in `path` and return how many passages it holds.

    Raises:
        LibraryError: there is a library already.
    """
    if is_library(path):
        raise LibraryError(f"There is a library in {path} already; name another folder, or delete that one first.")
    with open_writer(path, embedder) as writer:
        return writer.add([Incoming(document, "added") for document in documents], progress, curated=False)


def documents_of(collection: Path, without: Path | None = None) -> list[Document]:
    """Return the documents of a collection in BEIR layout, but for those whose ids `without` lists, one a line.

    Raises:
        UnreadableFileError: a file is missing or malformed, or `without` names a document that isn't there.
    """
    held = read_documents(collection)
    left_out = _ids(without) if without else frozenset()
    if unknown := sorted(left_out - held.keys()):
        raise UnreadableFileError(f"{without} names {unknown[0]!r}, which {collection} doesn't hold; correct the list.")
    return [_document(identity, *text) for identity, text in held.items() if identity not in left_out]


def _document(identity: str, title: str, text: str) -> Document:
    name = slug(identity)
    told = yaml.safe_dump({"id": name, "title": title or f"Document {identity}"}, allow_unicode=True)
    return document_from_text(f"---\n{told}---\n\n{text}\n", fallback_id=name)


def _ids(file: Path) -> frozenset[str]:
    try:
        return frozenset(file.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{file} cannot be read; it holds the ids of documents, one a line.") from error
