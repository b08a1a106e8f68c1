"""The four bundled digests: they are read whole, their tables are right, and their passages can be cited."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import corpus.bundled
from corpus.bundled import bundled_files, bundled_hash
from corpus.passages import LONGEST_PASSAGE, passages
from corpus.readers import read_file
from corpus.sentences import sentences
from corpus.text import one_line
from corpus.types import BlockKind, Document, PassageKind, Table
from index.library import Library

IDS = ["class-monograph", "combination-letter", "dermatomyositis-report", "off-label-review"]
DIGESTS: dict[str, Document] = {document.id: document for document in map(read_file, bundled_files())}
each_digest = pytest.mark.parametrize("document", DIGESTS.values(), ids=DIGESTS)


def table(document_id: str, caption: str) -> Table:
    (found,) = [t for t in DIGESTS[document_id].tables if t.caption.startswith(caption)]
    return found


def cells(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_the_four_digests_have_the_ids_that_their_files_are_named_by() -> None:
    assert list(DIGESTS) == IDS
    assert [path.stem for path in bundled_files()] == IDS


@each_digest
def test_a_digest_is_markdown_with_a_title_and_a_kind(document: Document) -> None:
    assert document.format == "markdown"
    assert document.source.title
    assert document.source.kind
    assert document.path is not None
    assert document.text == Path(document.path).read_text(encoding="utf-8")


@each_digest
def test_no_table_of_a_digest_is_damaged_or_ragged(document: Document) -> None:
    assert document.tables
    for found in document.tables:
        assert found.damage is None
        assert {len(row.cells) for row in found.rows} == {len(found.columns)}
        assert all(found.columns)


@each_digest
def test_cells_stand_where_they_say(document: Document) -> None:
    for found in document.tables:
        for row in (found.header, *found.rows):
            for cell in row.cells:
                assert row.start <= cell.start <= cell.end <= row.end
                assert one_line(document.text[cell.start : cell.end]) == cell.text


def test_the_letters_table_has_its_22_cases_and_15_columns() -> None:
    found = table("combination-letter", "Table 1 of this letter")
    assert len(found.columns) == 15
    assert [row.cells[0].text for row in found.rows] == [str(number) for number in range(1, 23)]
    assert all(cell for row in cells(found) for cell in row)


def test_the_letters_rows_are_18_patients() -> None:
    found = table("combination-letter", "Table 1: which rows are the same patient")
    assert [row[0] for row in cells(found)] == [str(number) for number in range(1, 23)]
    assert {row[1] for row in cells(found)} == {f"P{number:02}" for number in range(1, 19)}


def test_the_letters_rows_add_up_to_what_the_digest_tells_about_them() -> None:
    found = table("combination-letter", "Table 1 of this letter")
    efficacy = [row[found.columns.index("Combination efficacy")] for row in cells(found)]
    assert [efficacy.count(kind) for kind in ("Complete response", "Partial response", "None")] == [14, 5, 3]
    therapies = [row[found.columns.index("Combined therapy and dose")].split()[0] for row in cells(found)]
    assert {drug: therapies.count(drug) for drug in therapies} == {
        "Methotrexate": 12,
        "Prednisone": 4,
        "Dupilumab": 4,
        "Tacrolimus": 1,
        "Cyclosporine": 1,
    }


def test_the_event_table_has_9_groups_by_4_events_and_a_value_in_every_cell() -> None:
    found = table("class-monograph", "Event rates")
    assert found.columns[1:] == ("Malignancy (excluding NMSC)", "NMSC", "MACE", "VTE")
    rows = cells(found)
    assert len(rows) == 9
    values = [value for row in rows for value in row[1:]]
    assert len(values) == 36
    assert all(re.fullmatch(r"\d\.\d{1,2}|no data", value) for value in values)
    assert [row for row in rows if "no data" in row] == [["Cyclosporine (psoriasis)", "0.6", "0.5", "2.8", "no data"]]


def test_the_reviews_table_gives_each_dose_to_its_drug_and_route() -> None:
    rows = cells(table("off-label-review", "Table 1"))
    assert [tuple(row[:3]) for row in rows] == [
        ("Tofacitinib", "Oral", "5-10 mg twice daily or 11 mg extended release"),
        ("Tofacitinib", "Topical", "1%-2% twice daily"),
        ("Ruxolitinib", "Oral", "10-25 mg twice daily"),
        ("Ruxolitinib", "Topical", "0.6%-2% twice daily"),
        ("Baricitinib", "Oral", "2-8 mg daily"),
        ("Abrocitinib", "Oral", "100-200 mg daily"),
        ("Upadacitinib", "Oral", "15-30 mg daily"),
    ]


def test_the_drug_table_of_the_monograph_has_the_targets_in_their_rows() -> None:
    rows = cells(table("class-monograph", "Drugs, targets"))
    assert {row[0]: row[2] for row in rows} == {
        "Abrocitinib": "JAK1",
        "Baricitinib": "JAK1/2",
        "Deucravacitinib": "TYK2",
        "Ruxolitinib": "JAK1/2",
        "Tofacitinib": "JAK1/3",
        "Upadacitinib": "JAK1",
    }


@pytest.mark.parametrize(("document_id", "count"), [("off-label-review", 42), ("dermatomyositis-report", 6)])
def test_every_reference_is_there_and_can_be_cited(document_id: str, count: int) -> None:
    found = table(document_id, "References")
    assert [row.cells[0].text for row in found.rows] == [str(number) for number in range(1, count + 1)]
    document = DIGESTS[document_id]
    cited = [p.row for p in passages(document) if p.kind is PassageKind.REFERENCE and p.table is not None]
    assert cited == list(range(count))


@pytest.mark.parametrize("document_id", ["off-label-review", "dermatomyositis-report"])
def test_no_reference_mark_points_past_the_list(document_id: str) -> None:
    marks = re.findall(r"\(refs? ([^)]*)\)", DIGESTS[document_id].text)
    numbers = {int(number) for mark in marks for number in re.findall(r"\d+", mark)}
    assert numbers
    assert numbers <= set(range(1, len(table(document_id, "References").rows) + 1))


@each_digest
def test_passages_are_numbered_spans_in_order_that_quote_their_text(document: Document) -> None:
    cut = passages(document)
    end = 0
    for ordinal, passage in enumerate(cut):
        assert (passage.document_id, passage.ordinal) == (document.id, ordinal)
        assert end <= passage.start < passage.end <= len(document.text)
        text = document.text[passage.start : passage.end]
        assert text == text.strip()
        assert passage.section.startswith(document.sections[0].path[0])
        assert passage.locator
        if passage.table is not None and passage.row is not None:
            row = document.tables[passage.table].rows[passage.row]
            assert (row.start, row.end) == (passage.start, passage.end)
        end = passage.end


@each_digest
def test_no_passage_cuts_a_sentence_of_prose(document: Document) -> None:
    for passage in passages(document):
        if passage.kind is PassageKind.PROSE:
            text = document.text[passage.start : passage.end]
            assert re.match(r"[\"“(]*[A-Z0-9]", text), text[:60]
            assert re.search(r"[.!?][\"”)]*$", text), text[-60:]


@each_digest
def test_only_a_single_sentence_makes_a_passage_of_prose_too_long(document: Document) -> None:
    for passage in passages(document):
        if passage.kind is PassageKind.PROSE and passage.end - passage.start > LONGEST_PASSAGE:
            assert len(list(sentences(document.text, passage.start, passage.end))) == 1


@each_digest
def test_every_sentence_is_in_exactly_one_passage(document: Document) -> None:
    spans = [(passage.start, passage.end) for passage in passages(document)]
    for block in document.blocks:
        if block.kind is not BlockKind.TABLE:
            for sentence in sentences(document.text, block.start, block.end):
                holders = [1 for start, end in spans if start <= sentence.start and sentence.end <= end]
                assert len(holders) == 1, sentence.of(document.text)


@each_digest
def test_the_library_stores_a_digest_as_it_is(document: Document, bundled: Library) -> None:
    stored = bundled.catalogue.document(document.id)
    assert stored == document
    assert bundled.catalogue.passages_of(document.id) == list(passages(document))


def test_the_hash_of_the_bundle_follows_its_documents_and_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bundled_hash()
    for name in ("FOLDER", "FACTS"):
        copy = Path(shutil.copytree(getattr(corpus.bundled, name), tmp_path / name))
        monkeypatch.setattr(corpus.bundled, name, copy)
    assert bundled_hash() == before
    hashes = {before}
    for file in (tmp_path / "FOLDER" / "off-label-review.md", tmp_path / "FACTS" / "doses.yaml"):
        file.write_bytes(file.read_bytes() + b"\n")
        hashes.add(bundled_hash())
    monkeypatch.setattr(corpus.bundled, "CHUNKER_VERSION", -1)
    hashes.add(bundled_hash())
    assert len(hashes) == 4


def test_a_change_of_the_vocabulary_makes_a_library_due(monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundled_hash()
    monkeypatch.setattr(corpus.bundled, "source_hash", lambda: "another")

    assert bundled_hash() != before
