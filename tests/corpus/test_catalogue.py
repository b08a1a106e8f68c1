import contextlib
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.anchoring import Place
from corpus.catalogue import Catalogue
from corpus.errors import LibraryError, StorageError, UnknownDocumentError, UnreadableFileError
from corpus.facts import Anchor, Definition
from corpus.migrations import MIGRATIONS
from corpus.passages import passages
from corpus.readers import document_from_text
from corpus.types import BlockKind, Document, Page, Passage, PassageKind
from tests.conftest import make_document

ROOT = Path(__file__).parents[2]
PAPER = """---
id: zorlitinib-trial
title: Zorlitinib in morphea – a “first” trial
authors: [A. Author, B. Müller]
year: 2031
journal: J Test
doi: 10.1000/zorli
---

# Zorlitinib in morphea

## Results

Oral zorlitinib 7 mg once daily softened plaques in 9 of 12 adults (ref 4).

- One item of a list was given as well.

**Table 2.** Response by arm

| Arm | Dose | Response (%) |
|---|---|---|
| Zorlitinib | 7 mg once daily | 75 |
| Placebo | | 20 |

## References

1. Author A. A paper. J Test. 2030;1:2-3.
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue.open(tmp_path / "catalogue.sqlite", write=True)
    yield opened
    opened.close()


def inserted(catalogue: Catalogue, document: Document, origin: str = "added") -> tuple[Passage, ...]:
    """Store a document and return its passages with their ids."""
    parts = passages(document)
    with catalogue.transaction():
        first = catalogue.reserve_ids(len(parts))
        numbered = tuple(replace(part, id=first + n) for n, part in enumerate(parts))
        catalogue.insert(document, numbered, origin)
    return numbered


def many(count: int, name: str = "note") -> Document:
    return make_document("# T\n\n" + "\n\n".join(f"Patient {n} took the medicine." for n in range(count)), name)


# --- documents ---


def test_a_document_comes_back_equal(catalogue: Catalogue) -> None:
    read = make_document(PAPER)
    sound, damaged = read.tables[0], replace(read.tables[0], damage="the dose column is shifted up by one row")
    pages = (Page("311", 0), Page("312", 40))
    caption = replace(read.blocks[0], kind=BlockKind.CAPTION)
    blocks = (caption, *read.blocks)
    document = replace(read, path="/papers/zorlitinib.md", tables=(sound, damaged), blocks=blocks, pages=pages)
    assert {block.kind for block in document.blocks} == set(BlockKind)
    assert len(document.sections) == 3
    inserted(catalogue, document)
    assert catalogue.document("zorlitinib-trial") == document
    assert hash(catalogue.document("zorlitinib-trial")) == hash(document)  # tuples all the way down


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    opened = Catalogue.open(tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite", write=True)
    yield opened
    opened.close()


LINES = st.sampled_from(
    [
        "# Title",
        "## Results",
        "",
        "A sentence of several words.",
        "- item",
        "| a | b |",
        "|---|---|",
        "| 1 | |",
        "x\ty\tz",
    ]
)


@settings(max_examples=50)  # each waits for the disk
@given(text=st.lists(LINES | st.text(max_size=30), min_size=1, max_size=15).map("\n".join))
def test_any_document_comes_back_equal_with_its_passages(standing: Catalogue, text: str) -> None:
    try:
        document = document_from_text(text, fallback_id="any")
    except UnreadableFileError:
        return  # nothing but white space, or front matter that is none
    numbered = inserted(standing, document)
    try:
        assert standing.document("any") == document
        found = standing.passages_of("any")
        assert (tuple(found), [p.id for p in found]) == (numbered, [p.id for p in numbered])
    finally:
        with standing.transaction():
            standing.delete("any")


def test_an_unknown_document_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownDocumentError, match="no document 'nobody'; `posology list`"):
        catalogue.document("nobody")
    assert catalogue.find_id("nobody") is None


def test_documents_are_found_by_content_and_by_id(catalogue: Catalogue) -> None:
    document = replace(make_document(PAPER), path="/papers/zorlitinib.md")
    inserted(catalogue, document)
    assert catalogue.find_content(document.sha256) == document.id
    assert catalogue.find_content("0" * 64) is None
    assert catalogue.find_id(document.id) == ("/papers/zorlitinib.md", "added")


def test_the_list_of_documents_has_bundled_ones_first_and_counts(catalogue: Catalogue) -> None:
    inserted(catalogue, many(3, "mine"))
    inserted(catalogue, make_document(PAPER), "bundled")
    entries = catalogue.entries()
    assert [(e.id, e.origin, e.passages) for e in entries] == [("zorlitinib-trial", "bundled", 6), ("mine", "added", 3)]
    assert entries[0].source == make_document(PAPER).source
    assert entries[0].characters == len(PAPER)
    assert catalogue.counts() == (2, 9)


@pytest.mark.parametrize("origin", ["downloaded", ""])
def test_an_origin_that_nobody_knows_is_refused(catalogue: Catalogue, origin: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        inserted(catalogue, many(1), origin)
    assert catalogue.counts() == (0, 0)


def test_deleting_takes_the_passages_along_and_notes_what_the_indexes_owe(catalogue: Catalogue) -> None:
    gone, kept = inserted(catalogue, many(3, "gone")), inserted(catalogue, many(2, "kept"))
    catalogue.settle()
    with catalogue.transaction():
        assert catalogue.delete("gone") == [p.id for p in gone]
    assert catalogue.counts() == (1, 2)
    assert catalogue.passage_ids() == [p.id for p in kept]
    assert catalogue.owed_removals() == [p.id for p in gone]


def test_deleting_an_unknown_document_changes_nothing(catalogue: Catalogue) -> None:
    inserted(catalogue, many(2))
    with catalogue.transaction():
        assert catalogue.delete("nobody") == []
    assert catalogue.counts() == (1, 2)


# --- passages ---


def test_passages_are_found_by_ids_however_many(catalogue: Catalogue, tmp_path: Path) -> None:
    numbered = inserted(catalogue, many(1203))
    ids = [p.id for p in numbered]
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # as it was in older builds of SQLite
    found = Catalogue(connection).passages([*reversed(ids), 99_999])
    connection.close()
    assert sorted(found) == ids
    assert all(found[p.id] == p and found[p.id].id == p.id for p in numbered)
    assert catalogue.passages([]) == {}


def test_every_field_of_a_passage_comes_back(catalogue: Catalogue) -> None:
    numbered = inserted(catalogue, make_document(PAPER))
    found = catalogue.passages([p.id for p in numbered])
    assert {p.kind for p in found.values()} == set(PassageKind)
    assert {(p.table, p.row) for p in found.values()} == {(None, None), (0, 0), (0, 1)}
    assert [found[p.id] for p in numbered] == list(numbered)


def test_passage_ids_are_those_of_the_document_asked_for(catalogue: Catalogue) -> None:
    first, second = inserted(catalogue, many(2, "first")), inserted(catalogue, many(3, "second"))
    assert catalogue.passage_ids("second") == [p.id for p in second]
    assert catalogue.passage_ids() == [p.id for p in (*first, *second)]
    assert catalogue.passage_ids("nobody") == []


def test_a_passage_is_found_by_an_offset_inside_it(catalogue: Catalogue) -> None:
    first, second = inserted(catalogue, many(2))
    inserted(catalogue, many(2, "other"))
    for offset, passage in ((first.start, first), (first.end - 1, first), (second.start, second)):
        assert catalogue.passage_at("note", offset) == passage
    assert catalogue.passage_at("note", first.end) is None  # the line feed between them
    assert catalogue.passage_at("nobody", first.start) is None


def test_the_first_row_of_each_table_is_found(catalogue: Catalogue) -> None:
    text = "# T\n\n" + "\n".join(f"\n| a | {n} |\n|---|---|\n| b | {n} |\n| c | {n} |\n" for n in (1, 2))
    document = make_document(text, "tables")
    inserted(catalogue, document)
    rows = catalogue.first_rows("tables")
    assert {n: document.text[p.start : p.end] for n, p in rows.items()} == {0: "| b | 1 |", 1: "| b | 2 |"}
    assert catalogue.first_rows("nobody") == {}


# --- sentence vectors ---


def test_sentence_vectors_come_back_by_passage_however_many(catalogue: Catalogue, tmp_path: Path) -> None:
    ids = [p.id for p in inserted(catalogue, many(1203))]
    rows = [(i, start, f"{i} {start}".encode()) for i in ids for start in (0, 40)]
    catalogue.add_sentence_vectors(rows)
    assert sorted(catalogue.sentence_vectors(ids[:2])) == rows[:4]
    assert catalogue.sentence_vectors([]) == catalogue.sentence_vectors([99_999]) == []
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # as it was in older builds of SQLite
    found = Catalogue(connection).sentence_vectors(ids)
    connection.close()
    assert sorted(found) == rows


def test_sentence_vectors_go_with_their_document(catalogue: Catalogue) -> None:
    gone, kept = (inserted(catalogue, many(1, name))[0].id for name in ("gone", "kept"))
    catalogue.add_sentence_vectors([(gone, 0, b"1"), (kept, 0, b"2")])
    with catalogue.transaction():
        catalogue.delete("gone")
    assert catalogue.sentence_vectors([gone, kept]) == [(kept, 0, b"2")]


# --- facts ---


def definition(name: str, meaning: str = "zorlitinib") -> Definition:
    where = (Anchor(document="note", section="T", anchors=("medicine",)),)
    return Definition(id=name, where=where, term="ZOR", meaning=meaning)


def test_facts_come_back_with_the_places_where_they_stand(catalogue: Catalogue) -> None:
    inserted(catalogue, many(2))
    places = (Place("d1", 0, "note", "T", "line 3", 5, 34), Place("d1", 1, "note", "T", "line 5", 36, 65))
    catalogue.fact_store.put([definition("d1"), definition("d2")])
    catalogue.fact_store.place(places)
    ((body, found),) = catalogue.fact_store.of_kind("definition")  # d2 stands nowhere and does not count
    assert (Definition.model_validate(body), found) == (definition("d1"), places)
    assert catalogue.fact_store.of_kind("dose") == []


def test_facts_are_replaced_as_a_whole(catalogue: Catalogue) -> None:
    inserted(catalogue, many(1))
    catalogue.fact_store.put([definition("d1"), definition("d2")])
    catalogue.fact_store.put([definition("d2", "corrected")])
    catalogue.fact_store.place([Place(name, 0, "note", "T", "line 3", 5, 34) for name in ("d1", "d2")])
    assert [(body["id"], body["meaning"]) for body, _ in catalogue.fact_store.of_kind("definition")] == [
        ("d2", "corrected")
    ]


def test_a_fact_goes_with_the_document_that_says_it(catalogue: Catalogue) -> None:
    inserted(catalogue, many(1))
    catalogue.fact_store.put([definition("d1")])
    catalogue.fact_store.place([Place("d1", 0, "note", "T", "line 3", 5, 34)])
    with catalogue.transaction():
        catalogue.delete("note")
    assert catalogue.fact_store.of_kind("definition") == []


# --- transactions ---


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_fails_changes_nothing(catalogue: Catalogue, error: type[BaseException]) -> None:
    inserted(catalogue, many(2, "kept"))
    catalogue.settle()
    catalogue.set("key", "before")
    with pytest.raises(error), catalogue.transaction():
        catalogue.delete("kept")
        inserted_now = make_document(PAPER)
        catalogue.insert(inserted_now, (), "added")
        catalogue.set("key", "after")
        catalogue.reserve_ids(5)
        raise error
    assert [entry.id for entry in catalogue.entries()] == ["kept"]
    assert (catalogue.counts(), catalogue.get("key"), catalogue.owed_removals()) == ((1, 2), "before", [])


def test_a_transaction_commits_at_its_end_and_not_before(catalogue: Catalogue, tmp_path: Path) -> None:
    other = Catalogue.open(tmp_path / "catalogue.sqlite")
    with catalogue.transaction():
        catalogue.set("key", "new")
        assert other.get("key") is None
    assert other.get("key") == "new"
    other.close()


def test_after_a_failed_transaction_the_next_one_works(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="no"), catalogue.transaction():
        raise ValueError("no")
    with catalogue.transaction():
        catalogue.set("key", "value")
    assert catalogue.get("key") == "value"


def test_a_full_disk_is_a_storage_error_and_changes_nothing(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
    for script in MIGRATIONS:
        connection.executescript(script)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way of having no more room
    catalogue = Catalogue(connection)
    with pytest.raises(StorageError, match="free some disk space"), catalogue.transaction():
        catalogue.set("key", "x" * 100_000)
    assert catalogue.get("key") is None
    with catalogue.transaction():
        catalogue.set("key", "small")
    assert catalogue.get("key") == "small"
    catalogue.close()


# --- ids and debts ---


@settings(max_examples=25)  # each waits for the disk
@given(counts=st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_reserved_ids_are_never_handed_out_twice(standing: Catalogue, counts: list[int]) -> None:
    taken: set[int] = set()
    for count in counts:
        with standing.transaction():
            first = standing.reserve_ids(count)
        ids = set(range(first, first + count))
        assert not ids & taken
        taken |= ids


def test_ids_are_not_handed_out_again_by_a_later_writer_or_after_a_removal(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue.open(path, write=True)
    last = inserted(catalogue, many(4))[-1].id
    with catalogue.transaction():
        catalogue.delete("note")
        catalogue.settle()
    catalogue.close()
    catalogue = Catalogue.open(path, write=True)
    with catalogue.transaction():
        assert catalogue.reserve_ids(1) > last
    catalogue.close()


def test_reserved_ids_that_no_passage_took_are_owed_until_settled(catalogue: Catalogue) -> None:
    taken = {p.id for p in inserted(catalogue, many(3))}
    with catalogue.transaction():
        first = catalogue.reserve_ids(4)
    assert catalogue.owed_removals() == list(range(first, first + 4))
    assert not taken & set(catalogue.owed_removals())
    catalogue.settle()
    assert catalogue.owed_removals() == []


def test_an_id_is_owed_once(catalogue: Catalogue) -> None:
    gone = inserted(catalogue, many(3))
    with catalogue.transaction():
        catalogue.delete("note")
    assert catalogue.owed_removals() == [p.id for p in gone]


# --- values by key ---


def test_values_are_kept_by_key(catalogue: Catalogue) -> None:
    assert catalogue.get("key") is None
    catalogue.set("key", "one")
    catalogue.set("other", "else")
    catalogue.set("key", "two – µ")
    assert (catalogue.get("key"), catalogue.get("other")) == ("two – µ", "else")


def test_compiled_data_of_another_source_is_none(catalogue: Catalogue) -> None:
    catalogue.set_compiled("vocabulary", "hash-1", "body 1")
    assert catalogue.compiled("vocabulary", "hash-1") == "body 1"
    assert catalogue.compiled("vocabulary", "hash-2") is None
    assert catalogue.compiled("facts", "hash-1") is None
    catalogue.set_compiled("vocabulary", "hash-2", "body 2")
    assert catalogue.compiled("vocabulary", "hash-1") is None
    assert catalogue.compiled("vocabulary", "hash-2") == "body 2"


# --- opening ---


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue.open(path, write=True)
    inserted(catalogue, many(2))
    catalogue.close()
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.sqlite"]  # no log is left behind
    catalogue = Catalogue.open(path)
    assert catalogue.counts() == (1, 2)
    catalogue.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Catalogue.open(tmp_path / "catalogue.sqlite", write=True).close()
    reader = Catalogue.open(tmp_path / "catalogue.sqlite")
    with pytest.raises(StorageError, match="readonly"), reader.transaction():
        reader.set("key", "value")
    reader.close()


def test_a_missing_catalogue_is_a_library_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError):
        Catalogue.open(tmp_path / "catalogue.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [False, True])
def test_a_file_that_is_no_catalogue_is_a_library_error(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"garbage " * 1000)
    with pytest.raises(LibraryError, match="cannot be read as a library catalogue"):
        Catalogue.open(path, write=write)
    assert path.read_bytes() == b"garbage " * 1000


@pytest.mark.parametrize("write", [False, True])
def test_a_newer_schema_is_refused(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue.open(path, write=True).close()
    set_version(path, 99)
    with pytest.raises(LibraryError, match="newer version of Posology; upgrade"):
        Catalogue.open(path, write=write)


def test_an_older_schema_is_migrated_by_a_writer_and_named_by_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    set_version(path, 0)
    with pytest.raises(LibraryError, match="older version of Posology; run `posology doctor --migrate --library"):
        Catalogue.open(path)
    catalogue = Catalogue.open(path, write=True)
    inserted(catalogue, many(1))
    catalogue.close()
    reader = Catalogue.open(path)
    assert reader.counts() == (1, 1)
    reader.close()


def set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


READ = """
import contextlib, os, sys
from pathlib import Path
from corpus.catalogue import Catalogue

if os.geteuid() == 0:
    with contextlib.suppress(OSError):  # a container may have no second user; then this tests less
        os.setuid(65534)
catalogue = Catalogue.open(Path(sys.argv[1]))
print(catalogue.counts())
"""


def test_a_catalogue_in_a_folder_that_cannot_be_written_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.sqlite"
        catalogue = Catalogue.open(path, write=True)
        inserted(catalogue, many(2))
        catalogue.close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", READ, str(path)]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        left = [file.name for file in Path(folder).iterdir()]
        with contextlib.suppress(OSError):
            Path(folder).chmod(0o755)
    assert (child.stdout, child.stderr) == ("(1, 2)\n", "")
    assert left == ["catalogue.sqlite"]


def test_deleted_text_is_overwritten_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue.open(path, write=True)
    inserted(catalogue, make_document("# T\n\nMrs Quixadabra took the medicine daily.\n"))
    catalogue.close()
    assert b"Quixadabra" in path.read_bytes()
    catalogue = Catalogue.open(path, write=True)
    with catalogue.transaction():
        catalogue.delete("note")
    catalogue.close()
    assert b"Quixadabra" not in path.read_bytes()
