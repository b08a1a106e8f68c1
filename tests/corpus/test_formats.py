"""What each format becomes: text, sections, tables, references kept apart, and the bibliographic description."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.passages import labelled_row, passages
from corpus.readers import read_documents, read_file
from corpus.types import Document, PassageKind
from tests.corpus import made


def read(folder: Path, data: str | bytes, name: str = "file") -> Document:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(path)


def quoted(document: Document, kind: PassageKind = PassageKind.PROSE) -> str:
    """Return the texts of all passages of a kind, one a line."""
    return "\n".join(document.text[p.start : p.end] for p in passages(document) if p.kind is kind)


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections]


# --- which reader ---


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (made.JATS, "jats"),
        (made.MEDLINE, "medline"),
        (made.SPL, "spl"),
        (made.HTML, "html"),
        (made.CSV, "table"),
        (made.docx(), "docx"),
        ("# A note\n\nZorlitinib was taken once daily.\n", "markdown"),
        ("Zorlitinib was taken once daily, and it helped.\nIt was stopped, and it did not.\n", "text"),
        ("Levels fell to <5 mg, then rose.\n\n<b>Not a page.</b>\n", "text"),
    ],
)
@pytest.mark.parametrize("name", ["file.txt", "file.pdf", "file"])
def test_a_format_is_told_by_what_the_file_holds(tmp_path: Path, data: str | bytes, form: str, name: str) -> None:
    assert read(tmp_path, data, name).format == form


def test_xml_in_utf16_and_a_page_in_latin1_are_read(tmp_path: Path) -> None:
    wide = made.JATS.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert read(tmp_path, wide).source.doi == "10.1000/zorli.1"
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Take 5 µg once daily.</p></body></html>'
    assert "5 µg" in read(tmp_path, page.encode("latin-1")).text


# --- JATS ---


@pytest.fixture
def article(tmp_path: Path) -> Document:
    return read(tmp_path, made.JATS, "article.nxml")


def test_an_article_tells_who_wrote_it_when_and_where(article: Document) -> None:
    source = article.source
    assert source.title == "Zorlitinib in adults with plaque morphea: a trial"
    assert source.authors == ("Ana Alvarez", "The Morphea Group")
    assert (source.year, source.journal, source.doi, source.pmid) == (
        2031,
        "J Invented Med",
        "10.1000/zorli.1",
        "90000001",
    )


def test_an_exponent_a_reference_mark_and_a_footnote_stay_apart(article: Document) -> None:
    assert "adults and children.<sup>1,2</sup> Others found less,<sup>2</sup> as in 0.05,<sup>1</sup>" in article.text
    assert "10⁹/L per m²" in article.text
    assert "[a] Three more at week 24." in article.text
    assert "109" not in article.text


def test_spanning_cells_hold_for_every_row_and_column(article: Document) -> None:
    (table,) = article.tables
    assert table.caption == "Table 1. Response by arm."
    assert table.columns == ("Outcome", "Week 12: Placebo (N=6)", "Week 12: Zorlitinib 7 mg once daily")
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [
        ("Skin", "", ""),
        ("Softer", "1", "9[a]"),
        ("Softer", "not assessed", "not assessed"),
    ]
    assert table.damage is None  # the dose in its header is an arm


def test_references_are_never_quoted_whatever_their_heading(article: Document) -> None:
    assert "20 mg daily cures all" in quoted(article, PassageKind.REFERENCE)
    assert "cures all" not in quoted(article) + quoted(article, PassageKind.FRAGMENT)
    assert "No competing interests." not in quoted(article, PassageKind.REFERENCE)


def test_emphasised_words_of_their_own_are_a_heading(article: Document) -> None:
    assert ("Zorlitinib in adults with plaque morphea: a trial", "Results", "Safety") in [
        section.path for section in article.sections
    ]


# --- PubMed ---


def test_every_record_of_a_bibliographic_file_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "pubmed.xml"
    path.write_text(made.MEDLINE)
    first, second = read_documents(path)
    assert (first.id, second.id) == ("pmid-90000001", "pmid-90000002")
    assert (first.source.year, first.source.kind) == (2031, "randomized controlled trial")
    assert titles(first)[-1] == "Results"
    assert second.source.title == "A letter on morphea"


# --- drug labels ---


def test_sections_of_a_label_are_named_by_their_code(tmp_path: Path) -> None:
    label = read(tmp_path, made.SPL)
    assert titles(label) == [
        "ZORLI (zorlitinib) tablets",
        "Boxed warning: WARNING: INFECTIONS",
        "2 DOSAGE AND ADMINISTRATION",
        "2.1 Adults",
        "Contraindications",
        "7 DRUG INTERACTIONS",
    ]
    assert (label.source.title, label.source.year, label.source.kind) == (
        "ZORLI (zorlitinib) tablets",
        2031,
        "drug label",
    )
    assert "See full text" not in label.text  # highlights repeat what is said in full elsewhere


def test_a_dose_table_of_a_label_keeps_its_weights(tmp_path: Path) -> None:
    (table,) = read(tmp_path, made.SPL).tables
    assert labelled_row(table, 0) == "Weight: 15 kg to <30 kg; Dose: 3.5 mg once daily"


# --- HTML ---


def test_only_the_content_of_a_page_is_read(tmp_path: Path) -> None:
    page = read(tmp_path, made.HTML)
    assert "99 mg" not in page.text
    assert "7 mg once daily with food, every day of the week.<sup>1</sup>" in page.text
    assert titles(page) == ["Zorlitinib in morphea", "Doses", "References"]
    assert (page.source.doi, page.source.year, page.source.authors) == ("10.1000/zorli.9", 2031, ("Ana Alvarez",))


def test_a_page_keeps_its_tables_and_its_references_apart(tmp_path: Path) -> None:
    page = read(tmp_path, made.HTML)
    (table,) = page.tables
    assert table.caption == "Table 1. Doses by age"
    assert labelled_row(table, 0) == "Age: Adults; Dose: 7 mg once daily"
    assert "20 mg daily" in quoted(page, PassageKind.REFERENCE)


@pytest.mark.parametrize(("cell", "is_sound"), [("th", True), ("td", False)])
def test_a_dose_in_a_header_is_an_arm_where_the_page_marks_the_header(
    tmp_path: Path, cell: str, is_sound: bool
) -> None:
    head = f"<tr><{cell}>Drug</{cell}><{cell}>5 mg twice daily</{cell}></tr>"
    page = (
        f"<html><body><table>{head}<tr><td>Placebo, then zorlitinib</td><td>7 mg daily</td></tr></table></body></html>"
    )
    (table,) = read(tmp_path, page).tables
    assert (table.damage is None) == is_sound


def test_a_page_laid_out_with_tables_is_read_once_and_in_order(tmp_path: Path) -> None:
    inner = "<table><tr><td>Age</td><td>Dose</td></tr><tr><td>Adults</td><td>7 mg</td></tr></table>"
    page = read(
        tmp_path, f"<html><body><table><tr><td><p>Before.</p>{inner}<p>After.</p></td></tr></table></body></html>"
    )
    assert page.text.index("Before.") < page.text.index("7 mg") < page.text.index("After.")
    assert page.text.count("7 mg") == len(page.tables) == 1


# --- DOCX ---


def test_a_word_file_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    word = read(tmp_path, made.docx(), "trial.docx")
    assert titles(word) == ["Results"]  # by a style that is based on a heading
    assert "Adults took 7 mg once daily, ≥10⁹/L platelets." in word.text
    assert "99 mg" not in word.text  # deleted with changes tracked
    assert "Take it with food." in word.text  # in a content control


def test_notes_of_a_word_file_have_the_numbers_that_are_printed(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:t>Take 7 mg.</w:t><w:footnoteReference w:id="5"/></w:r></w:p>'
        '<w:p><w:r><w:t>Not at night.</w:t><w:footnoteReference w:id="3"/></w:r></w:p>'
    )
    word = read(tmp_path, made.docx(body, footnotes=made.footnotes(_3="Or late.", _5="Adults only.")))
    assert "Take 7 mg.<sup>1</sup>" in word.text
    assert word.text.endswith("## Notes\n\n1. Adults only.\n2. Or late.\n")


def test_merged_cells_of_a_word_table_are_filled(tmp_path: Path) -> None:
    (table,) = read(tmp_path, made.docx()).tables
    assert [labelled_row(table, row) for row in range(2)] == [
        "Drug: Zorlitinib; Dose: 7 mg; Use: Adults",
        "Drug: Zorlitinib; Dose: not in children; Use: not in children",
    ]


# --- CSV and TSV ---


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_with_any_separator_is_a_table(tmp_path: Path, separator: str) -> None:
    rows = [["Arm", "Dose"], ["Zorlitinib", "7 mg once daily"], ["Placebo", "none"]]
    (table,) = read(tmp_path, "\n".join(separator.join(row) for row in rows)).tables
    assert labelled_row(table, 0) == "Arm: Zorlitinib; Dose: 7 mg once daily"


def test_a_table_keeps_quoted_separators_and_empty_cells(tmp_path: Path) -> None:
    (table,) = read(tmp_path, made.CSV).tables
    assert table.caption == "Doses of the invented trial"
    assert table.columns == ("Arm", "Dose", "Response, %")
    assert [cell.text for cell in table.rows[1].cells] == ["Placebo", "", "20"]


def test_prose_with_commas_is_no_table(tmp_path: Path) -> None:
    prose = "After a year, most of the adults had softer plaques.\nOn placebo, only two of them had.\n"
    assert read(tmp_path, prose * 3).tables == ()
