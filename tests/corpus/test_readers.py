import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFileError
from corpus.passages import labelled_row, passages, row_locator
from corpus.readers import document_from_text, find_files, read_file
from corpus.types import PassageKind
from tests.conftest import make_document

PAPER = """---
id: zorlitinib-trial
title: Zorlitinib in morphea
authors: [A. Author, B. Author]
year: 2031
doi: 10.1000/zorli
---

# Zorlitinib in morphea

## Results

Oral zorlitinib 7 mg once daily softened plaques in 9 of 12 adults (ref 4). It took 5 weeks, cf. Fig. 2.

**Table 2.** Response by arm

| Arm | Dose | Response (%) |
|---|---|---|
| Zorlitinib | 7 mg once daily | 75 |
| Placebo | -- | 20 |

## References

1. Author A. A paper. J Test. 2030;1:2-3.
"""


def test_front_matter_sections_and_tables_are_read() -> None:
    document = make_document(PAPER)
    assert document.id == "zorlitinib-trial"
    assert document.source.authors == ("A. Author", "B. Author")
    assert (document.source.year, document.source.doi) == (2031, "10.1000/zorli")
    assert [section.title for section in document.sections] == [
        "Zorlitinib in morphea",
        "Results",
        "References",
    ]
    (table,) = document.tables
    assert table.caption == "Table 2. Response by arm"
    assert table.columns == ("Arm", "Dose", "Response (%)")
    assert labelled_row(table, 0) == "Arm: Zorlitinib; Dose: 7 mg once daily; Response (%): 75"
    assert row_locator(table, 1) == "Table 2, row 2 (Placebo)"
    assert table.damage is None


def test_passages_know_what_they_are_and_where() -> None:
    document = make_document(PAPER)
    kinds = [passage.kind for passage in passages(document)]
    assert kinds == [
        PassageKind.PROSE,
        PassageKind.FRAGMENT,
        PassageKind.ROW,
        PassageKind.ROW,
        PassageKind.REFERENCE,
    ]
    prose = passages(document)[0]
    assert prose.section == "Zorlitinib in morphea > Results"
    assert prose.locator == "ref 4"
    assert document.text[prose.start : prose.end].endswith("cf. Fig. 2.")


@given(st.text(max_size=400))
def test_any_text_becomes_passages_that_lie_inside_it_in_order(text: str) -> None:
    if not text.strip():
        return
    try:
        document = document_from_text(text, fallback_id="any")
    except UnreadableFileError:
        return  # front matter that is no front matter, or nothing but control characters
    found = passages(document)
    assert all(0 <= p.start < p.end <= len(document.text) for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(document.text[p.start : p.end].strip() == document.text[p.start : p.end].strip("\n\t ") for p in found)


@given(
    st.lists(
        st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=3, max_size=3),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from(["\t", " | "]),
)
def test_every_cell_of_a_table_is_found_where_it_stands(rows: list[list[str]], separator: str) -> None:
    lines = [separator.join(row) for row in rows]
    if separator != "\t":
        lines.insert(1, "---|---|---")
    document = document_from_text("# Data\n\n" + "\n".join(lines) + "\n", fallback_id="t")
    (table,) = document.tables
    cells = [cell for row in (table.header, *table.rows) for cell in row.cells]
    assert [document.text[cell.start : cell.end] for cell in cells] == [value for row in rows for value in row]


def test_tab_separated_tables_keep_empty_cells() -> None:
    document = make_document("Drug\tDose\tUse\nTofacitinib\t5 mg\tAA\n\t10 mg\tGA\n")
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == ["", "10 mg", "GA"]


@pytest.mark.parametrize(
    ("heading", "is_list"),
    [
        ("REFERENCES", True),
        ("7. References", True),
        ("References and recommended reading", True),
        ("Selected references (2020-2024)", True),
        ("Literature cited", True),
        ("Further reading", True),
        ("Literature search", False),
        ("Reference intervals", False),
        ("References to earlier treatment", False),
    ],
)
def test_only_a_heading_that_names_a_reference_list_makes_one(heading: str, is_list: bool) -> None:
    document = make_document(f"# Trial\n\n## {heading}\n\n### A-M\n\nWe searched for all trials of zorlitinib.\n")
    (passage,) = passages(document)
    assert (passage.kind is PassageKind.REFERENCE) == is_list


def test_plain_text_headings_are_told_from_table_cells() -> None:
    text = (
        "SAFETY\n\nAll patients in this long study were followed for one whole year.\n\n"
        "Drug Name\n\n0.5\n\nDigging Into the Details\n\nThe eleven patients of the series comprised ten women.\n"
    )
    document = make_document(text)
    assert [section.title for section in document.sections] == ["SAFETY", "Digging Into the Details"]


def test_a_sentence_cut_by_a_page_break_is_one_passage_again() -> None:
    document = make_document("# T\n\nThe ability of these newer JAK\n\ninhibitors to modulate immunity helps.\n")
    (passage,) = passages(document)
    assert document.text[passage.start : passage.end].startswith("The ability")
    assert document.text[passage.start : passage.end].endswith("helps.")


def test_page_numbers_and_line_numbers_are_no_passages() -> None:
    document = make_document("# T\n\n14\n\n15\n\nTofacitinib was given to all of the patients.\n\n- 16 -\n")
    assert len(passages(document)) == 1


def test_a_header_that_holds_a_dose_marks_the_table_as_damaged() -> None:
    text = "Drug\tRoute\t5-10 mg twice daily\nAlpha\tOral\t2 mg daily\nBeta\tOral\t\n"
    assert "5-10 mg twice daily" in (make_document(text).tables[0].damage or "")


def test_cells_that_break_off_mark_the_table_as_damaged() -> None:
    text = "Case\tTherapy\tResult\n1\tcorticos-\tgood\n2\tmethotrexate,\tgood\n"
    assert "break off" in (make_document(text).tables[0].damage or "")


def test_a_sound_table_is_not_marked() -> None:
    text = "Drug\tDose\tUse\nAlpha\t2 mg daily\tAA\nBeta\t1%-2% twice daily\tGA\n"
    assert make_document(text).tables[0].damage is None


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.md", b"  \n", "is empty"),
        ("scan.txt", b"%PDF-1.7 ...", "is a damaged PDF"),
        ("blob.txt", b"abc\x00def", "binary file"),
        ("old.txt", "dose 5 µg".encode("latin-1"), "not valid UTF-8 (byte 7)"),
        ("meta.md", b"---\nid: [unclosed\n---\nText.\n", "malformed front matter"),
        ("id.md", b"---\nid: Has Spaces\n---\nText.\n", "lower-case letters"),
    ],
)
def test_an_unreadable_file_is_named_with_the_next_step(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError) as caught:
        read_file(path)
    assert says in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="check the spelling"):
        list(find_files(tmp_path / "nowhere"))
    with pytest.raises(UnreadableFileError, match="holds no file"):
        list(find_files(tmp_path))


def test_utf16_with_its_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "w.txt"
    path.write_bytes("Dose:\r\n5 µg daily was given to all.".encode("utf-16"))
    assert "5 µg daily" in read_file(path).text


def test_folders_are_searched_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", ".hidden.md", "c.png"):
        (tmp_path / name).write_text("Text.")
    assert [path.name for path in find_files(tmp_path)] == ["a.txt", "b.md", "c.png"]
