"""What was removed or replaced is in no byte of any file of the library, and what was kept is still found."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from corpus.scrubbing import Scrubbing
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import CATALOGUE, Library
from index.search import HybridSearcher
from index.writing import open_writer
from tests.conftest import make_document

SENTENCE = "Oral wexlitinib {} mg once daily was given to the lady from Zwischenwasser with morphea{}."
TABLE = "\n\n| Person | Dose |\n|---|---|\n| The lady from Zwischenwasser | wexlitinib {} mg |\n| Nobody | none |\n"


def document(name: str, dose: int, more: str = "") -> Incoming:
    text = f"# Note {name} of Zwischenwasser\n\n" + "\n\n".join(SENTENCE.format(dose + n, more) for n in range(30))
    return Incoming(make_document(text + TABLE.format(dose), name), "added")


def plain(name: str) -> Incoming:
    lines = (f"Patient {n} of {name} had tofacitinib 5 mg twice daily and was well." for n in range(60))
    return Incoming(make_document(f"# {name}\n\n" + "\n\n".join(lines), name), "added")


def bytes_of(folder: Path) -> bytes:
    return b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


@pytest.fixture
def folder(tmp_path: Path, word_embedder: Embedder) -> Path:
    """A library in which what is to go was added between others, replaced once, and named anew."""
    path = tmp_path / "library"
    for items in ([plain("first")], [document("secret", 7)], [plain("second")]):
        with open_writer(path, word_embedder) as writer:
            writer.add(items)
    return path


def test_a_removed_text_is_in_no_byte_of_any_file(folder: Path, word_embedder: Embedder) -> None:
    assert b"Zwischenwasser" in bytes_of(folder)
    with open_writer(folder, word_embedder) as writer:
        writer.remove("secret")
    left = bytes_of(folder).lower()
    for text in (b"zwischenwasser", b"wexlitinib", b"the lady", b"lady from", b"secret"):
        assert text not in left
    with Library.open(folder, word_embedder) as library:
        assert not library.catalogue.scrubbing.is_owed
        hits = HybridSearcher(library).search("tofacitinib", 5)
        assert {hit.passage.document_id for hit in hits} <= {"first", "second"} and hits
        assert len(library.lexical) == library.manifest.passages


def test_a_replaced_text_goes_too(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        replaced = plain("secret")
        writer.add([Incoming(replaced.document, "added", replaces="secret")])
    assert b"zwischenwasser" not in bytes_of(folder).lower()


def test_what_a_reader_still_needs_goes_with_the_next_writer(folder: Path, word_embedder: Embedder) -> None:
    with Library.open(folder, word_embedder) as reader:
        with open_writer(folder, word_embedder) as writer:
            writer.remove("secret")
            assert not writer.scrub()
        assert "Zwischenwasser" in reader.document("secret").text
    with open_writer(folder, word_embedder):
        pass
    assert b"zwischenwasser" not in bytes_of(folder).lower()


def test_a_scrub_that_a_killed_writer_owed_is_made_up_for(
    folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Scrubbing, "run", lambda self: False)
        with open_writer(folder, word_embedder) as writer:
            writer.remove("secret")
    with open_writer(folder, word_embedder):
        pass
    catalogue = Catalogue.open(folder / CATALOGUE)
    assert not catalogue.scrubbing.is_owed
    catalogue.close()
    assert b"zwischenwasser" not in bytes_of(folder).lower()


def test_a_large_library_is_not_indexed_anew_but_keeps_no_sentence(
    folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.MOST_REINDEXED", 10)
    with open_writer(folder, word_embedder) as writer:
        writer.remove("secret")
    left = bytes_of(folder)
    assert b"from Zwischenwasser" not in left and b"wexlitinib 7 mg" not in left


def test_nothing_is_written_anew_where_nothing_was_removed(
    folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unexpected(self: Scrubbing) -> bool:
        raise AssertionError("there is nothing to scrub")

    monkeypatch.setattr(Scrubbing, "run", unexpected)
    with open_writer(folder, word_embedder) as writer:
        writer.add([plain("third")])
