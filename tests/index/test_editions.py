"""What becomes of a digest and its original in a library: coming in, shown and hidden, replaced and removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import index.incoming
from corpus.edition_store import Edition
from corpus.editions import Attachment
from corpus.errors import LibraryError
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import CATALOGUE, Library
from tests.conftest import WordEmbedder, make_document
from tests.index.test_build import agrees
from tests.invented_edition import (
    ACNE,
    DIGEST_ID,
    LICHEN,
    ORIGINAL_ID,
    TITLE,
    digest,
    facts,
    knowing,
    original,
    put,
    put_digest,
    shelf,
)

HIDDEN, SHOWN = Edition(DIGEST_ID, ORIGINAL_ID, True), Edition(DIGEST_ID, ORIGINAL_ID, False)
OTHER = "# Diary\n\nOral abrocitinib 100 mg once daily helped a man with vitiligo.\n"


@dataclass(frozen=True)
class State:
    """All that a reader can see of the editions of a library."""

    listed: list[str]
    stored: list[str]
    counted: tuple[int, int]
    editions: list[Edition]
    attached: list[Attachment]
    passages: dict[str, int]

    @property
    def said(self) -> set[str]:
        return {found.said for found in self.attached}


def state(folder: Path) -> State:
    with Library.open(folder / "library", WordEmbedder()) as library:
        catalogue = library.catalogue
        stored = sorted(entry.id for entry in catalogue.entries(hidden=True))
        return State(
            sorted(entry.id for entry in catalogue.entries()),
            stored,
            (catalogue.counts()[0], library.manifest.documents),
            catalogue.editions.all(),
            catalogue.editions.attached(DIGEST_ID),
            {i: len(catalogue.passages_of(i)) for i in stored},
        )


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with knowing(tmp_path):
        yield tmp_path


@pytest.fixture
def with_original(folder: Path, word_embedder: Embedder) -> Path:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, original())
    return folder


def file_of_digest(folder: Path) -> Path:
    return folder / f"{DIGEST_ID}.md"


# --- coming in ---


def test_an_original_brings_its_digest_which_is_no_document_of_the_library(
    with_original: Path, word_embedder: Embedder
) -> None:
    now = state(with_original)

    assert (now.listed, now.stored, now.counted) == ([ORIGINAL_ID], [DIGEST_ID, ORIGINAL_ID], (1, 1))
    assert now.editions == [HIDDEN]
    assert len(now.attached) > 12
    agrees(with_original / "library", word_embedder)


def test_an_import_says_which_document_is_an_original_and_of_what(folder: Path, word_embedder: Embedder) -> None:
    with shelf(folder, word_embedder) as writer:
        assert put(folder, writer, OTHER, "other").originals == []
        summary = put(folder, writer, original())
    assert summary.added == [ORIGINAL_ID]
    assert summary.originals == [(ORIGINAL_ID, DIGEST_ID, len(state(folder).attached))]


@pytest.mark.parametrize("text", [OTHER, f"# {TITLE}\n\nAn editorial on this report.\n"])
def test_another_document_brings_nothing(folder: Path, word_embedder: Embedder, text: str) -> None:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, text)
    assert (state(folder).stored, state(folder).editions) == ([ORIGINAL_ID], [])


def test_without_what_is_curated_an_original_is_a_document_like_any_other(
    folder: Path, word_embedder: Embedder
) -> None:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, original(), curated=False)
    assert (state(folder).stored, state(folder).editions) == ([ORIGINAL_ID], [])


def test_the_digest_itself_is_nobodys_original(folder: Path, word_embedder: Embedder) -> None:
    with shelf(folder, word_embedder) as writer:
        writer.add([Incoming(make_document(digest(), "mine"), "added")])
        put_digest(writer, file_of_digest(folder))
    assert state(folder).editions == []


def test_an_original_is_described_as_its_digest_describes_it(with_original: Path, word_embedder: Embedder) -> None:
    with Library.open(with_original / "library", word_embedder) as library:
        source = library.document(ORIGINAL_ID).source
        assert source == library.document(DIGEST_ID).source
        (entry,) = library.catalogue.entries()
    assert (entry.source.title, source.year, source.authors) == (TITLE, 2022, ("Quill A", "Marsh B"))


@pytest.mark.parametrize("together", [True, False])
def test_of_two_originals_of_one_digest_the_first_stays_it(
    folder: Path, word_embedder: Embedder, together: bool
) -> None:
    first, second = (
        Incoming(make_document(text, name), "added")
        for text, name in ((original(), ORIGINAL_ID), (original() + "\nA copy.\n", "copy"))
    )
    with shelf(folder, word_embedder) as writer:
        for some in ([first, second],) if together else ([first], [second]):
            writer.add(some)
    now = state(folder)
    assert (now.listed, now.editions) == (["copy", ORIGINAL_ID], [HIDDEN])
    with Library.open(folder / "library", word_embedder) as library:
        assert library.document("copy").source.title != TITLE


def test_a_digest_and_its_original_come_in_with_one_commit(
    folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.incoming, "PASSAGES_A_COMMIT", 1)
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, original())
        assert writer.manifest.generation == 1
        put(folder, writer, OTHER, "other")
        assert writer.manifest.generation == 2


# --- shown and hidden, replaced and removed ---


def test_the_bundle_shows_a_hidden_digest_and_removing_it_hides_it_again(
    with_original: Path, word_embedder: Embedder
) -> None:
    before = state(with_original)
    with shelf(with_original, word_embedder) as writer:
        assert put_digest(writer, file_of_digest(with_original)).unchanged
    shown = state(with_original)
    assert (shown.listed, shown.counted, shown.editions) == ([DIGEST_ID, ORIGINAL_ID], (2, 2), [SHOWN])
    assert (shown.attached, shown.passages) == (before.attached, before.passages)
    agrees(with_original / "library", word_embedder)
    with shelf(with_original, word_embedder) as writer:
        assert writer.remove(DIGEST_ID) == before.passages[DIGEST_ID]
    assert state(with_original) == before
    agrees(with_original / "library", word_embedder)


def test_an_original_attaches_to_a_digest_that_is_there_already(folder: Path, word_embedder: Embedder) -> None:
    with shelf(folder, word_embedder) as writer:
        put_digest(writer, file_of_digest(folder))
        put(folder, writer, original())
    assert (state(folder).counted, state(folder).editions) == ((2, 2), [SHOWN])
    assert len(state(folder).attached) > 12


def test_removing_an_original_takes_a_hidden_digest_along(with_original: Path, word_embedder: Embedder) -> None:
    before = state(with_original)
    with shelf(with_original, word_embedder) as writer:
        assert writer.remove(ORIGINAL_ID) == sum(before.passages.values())
    assert state(with_original) == State([], [], (0, 0), [], [], {})
    agrees(with_original / "library", word_embedder)


def test_removing_an_original_leaves_a_shown_digest_as_a_document_like_any_other(
    with_original: Path, word_embedder: Embedder
) -> None:
    with shelf(with_original, word_embedder) as writer:
        put_digest(writer, file_of_digest(with_original))
        writer.remove(ORIGINAL_ID)
    now = state(with_original)
    assert (now.listed, now.stored, now.editions, now.attached) == ([DIGEST_ID], [DIGEST_ID], [], [])
    with shelf(with_original, word_embedder) as writer:
        writer.remove(DIGEST_ID)
    assert state(with_original).stored == []
    agrees(with_original / "library", word_embedder)


def test_a_replaced_original_is_attached_anew(with_original: Path, word_embedder: Embedder) -> None:
    before = state(with_original)
    with shelf(with_original, word_embedder) as writer:
        summary = put(with_original, writer, "\n" + original().replace("75 mg by", "80 mg by"))
    now = state(with_original)
    assert summary.replaced == [ORIGINAL_ID]
    assert before.said - now.said == {LICHEN.replace(" (ref 3)", "")}
    assert now.editions == [HIDDEN]
    with Library.open(with_original / "library", word_embedder) as library:
        assert library.document(ORIGINAL_ID).source.title == TITLE
    agrees(with_original / "library", word_embedder)


def test_a_replaced_digest_is_attached_anew(with_original: Path, word_embedder: Embedder) -> None:
    before = state(with_original)
    with shelf(with_original, word_embedder) as writer:
        put_digest(writer, file_of_digest(with_original))
    with knowing(with_original, digest().replace(ACNE, "")) as file, shelf(with_original, word_embedder) as writer:
        assert put_digest(writer, file).replaced == [DIGEST_ID]
    assert before.said - state(with_original).said == {ACNE.replace(" (ref 5)", "")}
    assert state(with_original).editions == [SHOWN]


def test_new_facts_attach_what_they_lead_to_once_the_bundle_is_marked(
    with_original: Path, word_embedder: Embedder
) -> None:
    before = state(with_original)
    fewer = [fact for fact in facts() if fact.id != "dose-lichen"]
    with knowing(with_original, known=fewer), shelf(with_original, word_embedder) as writer:
        writer.mark_bundled()
    assert before.said - state(with_original).said == {LICHEN.replace(" (ref 3)", "")}


def test_rebuilding_keeps_editions(with_original: Path, word_embedder: Embedder) -> None:
    before = state(with_original)
    with shelf(with_original, word_embedder) as writer:
        assert writer.rebuild() == sum(before.passages.values())
    assert state(with_original) == before
    agrees(with_original / "library", word_embedder)


def test_a_library_of_the_first_schema_is_migrated_and_takes_an_original(folder: Path, word_embedder: Embedder) -> None:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, OTHER, "other")
    with sqlite3.connect(folder / "library" / CATALOGUE) as connection:
        for table in ("stale_ids", "former_names", "edits", "reviews", "extracted", "attachments", "editions"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    with pytest.raises(LibraryError, match="older version of Posology; run `posology doctor --migrate --library"):
        Library.open(folder / "library", word_embedder)
    with shelf(folder, word_embedder) as writer:
        assert writer.catalogue.editions.all() == []
        put(folder, writer, original())
    assert (state(folder).listed, state(folder).editions) == (["other", ORIGINAL_ID], [HIDDEN])
    (folder / "library" / "catalogue-schema-1.sqlite").unlink()  # the catalogue as it was
    agrees(folder / "library", word_embedder)
