"""No query of the search or of an addition may read a whole table that grows with the library."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import CATALOGUE, Library
from index.search import Filters, HybridSearcher
from index.writing import open_writer
from tests.conftest import make_document
from tests.index.test_build import REPORT, TRIAL, filled, note

GROWING = ("passages", "sentence_vectors", "extracted", "fact_places", "documents")


@contextmanager
def statements(catalogue: Catalogue) -> Iterator[list[str]]:
    """Yield the list of what SQLite runs for a catalogue inside the block."""
    run: list[str] = []
    catalogue._connection.set_trace_callback(run.append)
    try:
        yield run
    finally:
        catalogue._connection.set_trace_callback(None)


def whole_tables(path: Path, run: list[str]) -> list[str]:
    """Return the statements for which SQLite walks a growing table or an index of it from end to end."""
    connection = sqlite3.connect(path / CATALOGUE)
    found = []
    for statement in sorted({text for text in run if text.lstrip().upper().startswith(("SELECT", "DELETE", "UPDATE"))}):
        if statement.endswith("FROM passages LIMIT 1"):
            continue  # stops at the first
        aliases = {"p": "passages", "d": "documents", "e": "extracted"}
        for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
            words = step.split()
            if words[0] == "SCAN" and aliases.get(words[1], words[1]) in GROWING:
                found.append(f"{step}: {statement}")
    connection.close()
    return found


@pytest.fixture
def library_path(tmp_path: Path, word_embedder: Embedder) -> Path:
    return filled(tmp_path / "library", word_embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))


def test_a_search_reads_no_whole_table(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as library, statements(library.catalogue) as run:
        for filters in (None, Filters(("trial", "report"))):
            assert HybridSearcher(library).search("zorlitinib plaques", filters=filters)
        library.passages_of("trial")
        library.passage_at("trial", 8)
        library.first_row("trial", 0)
    assert any("sentence_vectors" in statement for statement in run)
    assert any("json_each" in statement for statement in run)
    assert whole_tables(library_path, run) == []


def test_adding_and_removing_read_no_whole_table_of_passages(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer, statements(writer.catalogue) as run:
        replaced = Incoming(make_document(note("Zorlitinib came anew."), "trial"), "added", replaces="trial")
        writer.add([replaced, Incoming(make_document(note("Abrocitinib came."), "new"), "added")])
        writer.remove("report")
    assert any("INSERT INTO passages" in statement for statement in run)
    walked = {text for text in whole_tables(library_path, run) if "count(*) FROM documents" not in text}
    assert {text for text in walked if "passages" in text or "sentence_vectors" in text or "extracted" in text} == set()


def test_opening_a_library_reads_no_whole_table(library_path: Path, word_embedder: Embedder) -> None:
    run: list[str] = []
    opened = Catalogue.open

    def traced(path: Path, *, write: bool = False) -> Catalogue:
        catalogue = opened(path, write=write)
        catalogue._connection.set_trace_callback(run.append)
        return catalogue

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "open", traced)
        Library.open(library_path, word_embedder).close()
        with open_writer(library_path, word_embedder):
            pass
    assert whole_tables(library_path, run) == []


def test_the_check_tells_a_walk_from_a_look_up(library_path: Path) -> None:
    assert whole_tables(library_path, ["SELECT count(*) FROM passages"])
    assert whole_tables(library_path, ["SELECT text FROM documents WHERE title = 'x'"])
    assert not whole_tables(library_path, ["SELECT text FROM documents WHERE id = 'x'"])
