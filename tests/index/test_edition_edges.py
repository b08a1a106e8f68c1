"""Where it is easily mistaken what is a digest, what is its original, and what belongs to the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.edition_store import Edition
from corpus.errors import UnknownDocumentError
from index.embedder import Embedder
from tests.index.test_editions import HIDDEN, OTHER, SHOWN, folder, state, with_original
from tests.invented_edition import DIGEST_ID, LICHEN, ORIGINAL_ID, digest, knowing, original, put, put_digest, shelf

__all__ = ["folder", "with_original"]


def test_an_original_with_the_id_of_its_digest_still_gets_it(folder: Path, word_embedder: Embedder) -> None:
    (folder / "own").mkdir()
    with shelf(folder, word_embedder) as writer:
        put(folder / "own", writer, original(), DIGEST_ID)
    assert LICHEN.replace(" (ref 3)", "") in state(folder).said


def test_a_document_with_a_digests_id_is_not_the_digest(folder: Path, word_embedder: Embedder) -> None:
    (folder / "own").mkdir()
    with shelf(folder, word_embedder) as writer:
        put(folder / "own", writer, OTHER, DIGEST_ID)
        put(folder, writer, original())
    assert Edition(DIGEST_ID, ORIGINAL_ID, False) not in state(folder).editions


def test_what_replaces_an_original_and_is_none_ends_the_edition(with_original: Path, word_embedder: Embedder) -> None:
    with shelf(with_original, word_embedder) as writer:
        put(with_original, writer, OTHER)
    assert (state(with_original).stored, state(with_original).editions) == ([ORIGINAL_ID], [])


def test_replacing_an_original_without_what_is_curated_ends_the_edition(
    with_original: Path, word_embedder: Embedder
) -> None:
    with shelf(with_original, word_embedder) as writer:
        put(with_original, writer, original() + "\nMore.\n", curated=False)
    assert state(with_original).editions == []


def test_an_original_that_was_added_as_it_is_can_be_added_again_with_what_is_curated(
    folder: Path, word_embedder: Embedder
) -> None:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, original(), curated=False)
        put(folder, writer, original())
    assert state(folder).editions == [HIDDEN]


def test_the_bundle_shows_a_hidden_digest_of_an_older_version_too(with_original: Path, word_embedder: Embedder) -> None:
    newer = digest() + "\nA sentence has been added to it since.\n"
    with knowing(with_original, newer) as file, shelf(with_original, word_embedder) as writer:
        put_digest(writer, file)
    assert state(with_original).editions == [SHOWN]


def test_a_hidden_digest_cannot_be_removed_by_itself(with_original: Path, word_embedder: Embedder) -> None:
    with shelf(with_original, word_embedder) as writer, pytest.raises(UnknownDocumentError):
        writer.remove(DIGEST_ID)
