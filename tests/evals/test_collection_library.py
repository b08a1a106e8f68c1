"""A library of a collection's documents, and those that are left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import LibraryError, UnreadableFileError
from evals.collection_library import documents_of, make_library
from index.embedder import Embedder
from index.library import Library

TEXTS = {
    "Trial 1": ("Zorlitinib: a trial", "Zorlitinib softened plaques in nine volunteers."),
    "2": ("", "Brantizumab was stopped early because of headache."),
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    lines = [json.dumps({"id": i, "title": title, "text": text}) for i, (title, text) in TEXTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def quiet(done: int, total: int) -> None:
    pass


def test_every_document_keeps_its_title_and_text_and_gets_a_readable_id(collection: Path) -> None:
    first, second = documents_of(collection)
    assert (first.id, first.source.title) == ("trial-1", "Zorlitinib: a trial")
    assert (second.id, second.source.title) == ("2", "Document 2")
    assert all(text in document.text for document, (_, text) in zip((first, second), TEXTS.values(), strict=True))


def test_what_is_left_out_is_not_in_the_library(collection: Path, word_embedder: Embedder) -> None:
    (collection / "gone.txt").write_text("2", encoding="utf-8")
    path = collection / "library"
    assert make_library(documents_of(collection, collection / "gone.txt"), path, word_embedder, quiet) == 1
    with Library.open(path, word_embedder) as library:
        assert [entry.id for entry in library.catalogue.entries()] == ["trial-1"]
    with pytest.raises(LibraryError, match="already"):
        make_library([], path, word_embedder, quiet)


def test_a_list_that_names_an_unknown_document_is_refused(collection: Path) -> None:
    (collection / "gone.txt").write_text("2\n3\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="'3'"):
        documents_of(collection, collection / "gone.txt")


@pytest.mark.parametrize("without", ["nowhere.txt", "corpus.bin"])
def test_a_list_or_collection_that_cannot_be_read_is_refused(collection: Path, without: str) -> None:
    (collection / "corpus.bin").write_bytes(b"\xff")
    with pytest.raises(UnreadableFileError, match=without):
        documents_of(collection, collection / without)
    (collection / "corpus.jsonl").write_text('{"id": "1"}', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="corpus"):
        documents_of(collection)
