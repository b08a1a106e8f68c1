"""Renaming a document and changing its description: everything that named it still finds it, and changes last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import UnknownDocumentError
from index.amending import RenamingError, edit, rename
from index.build import Writer
from index.embedder import Embedder
from index.incoming import Incoming
from index.lexical import LexicalIndex
from index.library import Library
from index.search import Filters, HybridSearcher
from index.writing import open_writer
from tests.conftest import make_document

TRIAL = """# A trial of zorlitinib

## Results

Adults with alopecia areata received tofacitinib 5 mg twice daily for 24 weeks.

Serious infections occurred in 4 of 40 patients who received tofacitinib.
"""
OTHER = "# Another\n\nNothing of the sort is told here, but of baricitinib 2 mg once daily in lupus.\n"
EDITS = {"title": "The Quill trial", "year": 2021, "authors": ["Ada Quill"], "kind": "article"}


@pytest.fixture
def folder(tmp_path: Path, word_embedder: Embedder) -> Path:
    path = tmp_path / "library"
    with open_writer(path, word_embedder) as writer:
        writer.add([Incoming(make_document(TRIAL, "trial"), "added"), Incoming(make_document(OTHER, "other"), "added")])
    return path


def changed(text: str = TRIAL) -> Incoming:
    return Incoming(make_document(text.replace("24 weeks", "52 weeks"), "trial"), "added", replaces="trial")


def found(folder: Path, embedder: Embedder, query: str, *documents: str) -> set[str]:
    with Library.open(folder, embedder) as library:
        hits = HybridSearcher(library).search(query, 5, Filters(documents) if documents else None)
        return {hit.passage.document_id for hit in hits}


def words_of(folder: Path, embedder: Embedder, word: str, document: str) -> int:
    with Library.open(folder, embedder) as library:
        stems = [(stem, 1.0) for stem in library.lexical.words(word)]
        return len(library.lexical.search(stems, 10, [document]))


def test_a_renamed_document_is_found_by_either_name(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        assert rename(writer, "trial", "quill-2021") == "trial"
    assert "quill-2021" in found(folder, word_embedder, "tofacitinib infections", "quill-2021")
    assert words_of(folder, word_embedder, "infections", "quill-2021") == 1
    assert words_of(folder, word_embedder, "infections", "trial") == 0
    with Library.open(folder, word_embedder) as library:
        assert library.document("trial") == library.document("quill-2021")
        assert library.current_id("trial") == "quill-2021"
        assert [e.former_ids for e in library.catalogue.entries() if e.id == "quill-2021"] == [("trial",)]


def test_facts_and_decisions_follow_a_renamed_document(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        store = writer.catalogue.fact_store
        ((body, mark), *_) = store.find_extracted("")
        before = {text["id"] for text, _ in store.find_extracted("")}
        store.decide(mark, "accepted", body)
        rename(writer, "trial", "quill-2021")
        after = {text["id"] for text, _ in store.find_extracted("")}
        assert before.isdisjoint(after - before) and len(before) == len(after)
        decided = [text for text, own in store.find_extracted("") if own == mark]
        assert [text["reviewed"] for text in decided] == ["accepted"]
        assert {where["document"] for text in decided for where in text["where"]} <= {"quill-2021", "other"}
        writer.rebuild()
        assert {text["id"] for text, _ in store.find_extracted("")} == after
    with Library.open(folder, word_embedder) as library:
        places = [place for kind in ("dose", "rate", "safety") for _, told in library.facts(kind) for place in told]
        assert places and all(library.passage_at(place.document_id, place.start) for place in places)


def test_renaming_back_leaves_no_trace_but_the_other_name(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        rename(writer, "trial", "quill-2021")
        rename(writer, "quill-2021", "trial")
        assert writer.catalogue.edits.former()["trial"].ids == ("quill-2021",)


def test_an_id_has_to_be_free_and_well_formed(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        for taken in ("other", "trial"):
            with pytest.raises(RenamingError, match="already"):
                rename(writer, "trial", taken)
        with pytest.raises(RenamingError, match="lower-case"):
            rename(writer, "trial", "../Trial")
        with pytest.raises(RenamingError, match="bundled"):
            rename(writer, "trial", "class-monograph")
        with pytest.raises(UnknownDocumentError, match="posology list"):
            rename(writer, "nothing", "something")
        rename(writer, "trial", "quill-2021")
        with pytest.raises(RenamingError, match="was called 'trial' before"):
            rename(writer, "other", "trial")


def test_a_bundled_document_keeps_its_id(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        writer.add([Incoming(make_document(OTHER + "More.", "shipped"), "bundled")])
        with pytest.raises(RenamingError, match="posology edit shipped --title"):
            rename(writer, "shipped", "mine")


def test_a_description_is_changed_and_taken_back(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        own = writer.catalogue.document("trial").source
        before, now = edit(writer, "trial", EDITS)
        assert (before, now.title, now.year, now.authors) == (own, "The Quill trial", 2021, ("Ada Quill",))
        assert writer.catalogue.edits.had_title("trial", own.title)
        _, back = edit(writer, "trial", None)
        assert back == own == writer.catalogue.document("trial").source
        assert writer.catalogue.edits.changes("trial") == {}


def test_a_new_title_is_searched(folder: Path, word_embedder: Embedder) -> None:
    assert words_of(folder, word_embedder, "quill", "trial") == 0
    with open_writer(folder, word_embedder) as writer:
        edit(writer, "trial", {"title": "The Quill trial"})
    assert words_of(folder, word_embedder, "quill", "trial") > 0


@pytest.mark.parametrize("how", ["replaced", "rebuilt", "replaced by another id"])
def test_changes_outlive_their_document(folder: Path, word_embedder: Embedder, how: str) -> None:
    identity = "fuller" if how == "replaced by another id" else "trial"
    with open_writer(folder, word_embedder) as writer:
        edit(writer, "trial", EDITS)
        if how == "rebuilt":
            writer.rebuild()
        else:
            item = changed()
            writer.add([replace(item, document=replace(item.document, id=identity))])
        source = writer.catalogue.document(identity).source
        assert (source.title, source.year) == ("The Quill trial", 2021)
        _, back = edit(writer, identity, None)
        assert back.title == "A trial of zorlitinib"


def test_what_was_said_of_a_removed_document_is_forgotten(folder: Path, word_embedder: Embedder) -> None:
    with open_writer(folder, word_embedder) as writer:
        edit(writer, "trial", EDITS)
        rename(writer, "trial", "quill-2021")
        writer.remove("trial")  # by its former name
        assert writer.catalogue.edits.former() == {}
        assert [entry.id for entry in writer.catalogue.entries()] == ["other"]
    assert not any(b"Quill" in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_writer_that_dies_before_the_words_are_indexed_is_made_up_for(
    folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(self: Writer) -> None:
        raise KeyboardInterrupt

    with open_writer(folder, word_embedder) as writer, monkeypatch.context() as patch:
        patch.setattr(Writer, "recover", died)
        with pytest.raises(KeyboardInterrupt):
            rename(writer, "trial", "quill-2021")
    assert "quill-2021" in found(folder, word_embedder, "tofacitinib", "quill-2021")
    with open_writer(folder, word_embedder) as writer:
        assert writer.catalogue.edits.stale_passages() == []
    assert words_of(folder, word_embedder, "infections", "quill-2021") == 1


def test_nothing_is_embedded_anew(folder: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected(*_: object) -> None:
        raise AssertionError("only words are indexed anew")

    files = {file.name: file.read_bytes() for file in folder.glob("vectors-*")}
    with open_writer(folder, word_embedder) as writer:
        monkeypatch.setattr(type(word_embedder), "embed", unexpected)
        edit(writer, "trial", EDITS)
        rename(writer, "trial", "quill-2021")
    assert {file.name: file.read_bytes() for file in folder.glob("vectors-*")} == files
    with Library.open(folder, word_embedder) as library:
        assert isinstance(library.lexical, LexicalIndex) and len(library.lexical) == library.manifest.passages
