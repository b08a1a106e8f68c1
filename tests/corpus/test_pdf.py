from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFileError
from corpus.passages import labelled_row, passages
from corpus.readers import read_file
from corpus.readers.pdf import MOST_PAGES, MOST_SECONDS, read_pdf
from corpus.types import Document, PassageKind
from tests.corpus import pdfs


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Document]:
    def reading(data: bytes) -> Document:
        path = tmp_path / "paper.pdf"
        path.write_bytes(data)
        return read_file(path)

    return reading


Read = Callable[[bytes], Document]


def test_two_columns_are_read_one_after_the_other(read: Read) -> None:
    text = read(pdfs.made(pdfs.two_columns, pdfs.goes_on)).text
    places = [text.index(part) for part in ("Zorlitinib for morphea", "Methods", "not raised", "Results", "herpes")]
    assert places == sorted(places)
    assert "The dose was 7 mg once daily for twelve weeks, and it was not raised in anyone." in text


def test_a_sentence_that_a_page_end_cuts_is_one_again_and_stands_on_its_first_page(read: Read) -> None:
    document = read(pdfs.made(pdfs.two_columns, pdfs.goes_on))
    whole = "found no benefit of the higher dose over the lower one."
    (passage,) = [p for p in passages(document) if whole in document.text[p.start : p.end]]
    assert passage.locator == "page 1"


def test_running_heads_and_page_numbers_are_left_out(read: Read) -> None:
    text = read(pdfs.made(pdfs.two_columns, pdfs.goes_on)).text
    assert "Invented Med" not in text
    assert "41" not in text and "42" not in text


def test_split_words_are_joined_and_ranges_keep_their_dash(read: Read) -> None:
    text = read(pdfs.made(pdfs.two_columns, pdfs.goes_on)).text
    assert "had taken methotrexate before" in text  # printed whole elsewhere
    assert "as the ultrasound showed" in text
    assert "gave 12-14 mg once daily" in text
    assert "long-standing" in text


def test_headings_and_metadata_come_from_the_print(read: Read) -> None:
    document = read(pdfs.made(pdfs.two_columns, pdfs.goes_on, title="Microsoft Word - draft.doc", author="A. Nobody"))
    assert document.source.title == "Zorlitinib for morphea in adults"
    assert [section.title for section in document.sections] == [
        "Zorlitinib for morphea in adults",
        "Methods",
        "Results",
    ]
    assert document.source.year == 2031
    assert document.source.authors == ()  # the page names nobody
    assert document.format == "pdf"


def test_fields_count_where_the_page_bears_them_out(read: Read) -> None:
    def front(canvas: Canvas) -> None:
        pdfs.two_columns(canvas)
        pdfs.lines(canvas, ["B. Author, C. Writer. https://doi.org/10.1000/zorli.7."], pdfs.LEFT, 735)

    fields = {"title": "Zorlitinib for morphea in adults", "author": "B. Author; C. Writer"}
    source = read(pdfs.made(front, **fields)).source
    assert source.authors == ("B. Author", "C. Writer")
    assert source.doi == "10.1000/zorli.7"


@pytest.mark.parametrize("ruled", [True, False])
def test_tables_are_read_cell_by_cell(read: Read, ruled: bool) -> None:
    document = read(pdfs.made(partial(pdfs.table, rows=pdfs.DOSES, ruled=ruled)))
    (table,) = document.tables
    assert table.columns == ("Drug", "Route", "Dose")
    assert labelled_row(table, 1) == "Drug: Zorlitinib; Route: Topical; Dose: 1% twice daily"
    assert table.caption.startswith("Table 1. Doses by route")
    assert table.damage is None
    for row in table.rows:
        for cell in row.cells:
            assert document.text[cell.start : cell.end] == cell.text


def test_a_table_without_a_rule_at_its_end_keeps_its_rows(read: Read) -> None:
    def open_ended(canvas: Canvas) -> None:
        pdfs.table(canvas, pdfs.DOSES, ruled=False)
        canvas.line(pdfs.LEFT, 514, pdfs.LEFT + 360, 514)
        canvas.line(pdfs.LEFT, 495, pdfs.LEFT + 360, 495)

    (table,) = read(pdfs.made(open_ended)).tables
    assert table.columns == ("Drug", "Route", "Dose")
    assert [row.cells[2].text for row in table.rows] == [row[2] for row in pdfs.DOSES[1:]]


def test_a_table_turned_by_a_quarter_is_read(read: Read) -> None:
    (table,) = read(pdfs.made(pdfs.sideways)).tables
    assert [cell.text for cell in table.rows[2].cells] == ["Quenimod", "Oral", "120 mg once weekly"]


def test_cells_of_several_lines_stay_in_their_row(read: Read) -> None:
    rows = (
        ("Drug", "Dose", "Remark"),
        ("Zorlitinib", "7 mg once daily\nfor twelve weeks", "in adults with\nactive disease"),
        ("Quenimod", "120 mg\nonce weekly", "not in pregnancy"),
        ("Placebo", "one tablet\nonce daily", "as the comparator"),
    )
    (table,) = read(pdfs.made(partial(pdfs.table, rows=rows, step=20))).tables
    assert labelled_row(table, 0) == (
        "Drug: Zorlitinib; Dose: 7 mg once daily for twelve weeks; Remark: in adults with active disease"
    )
    assert labelled_row(table, 1) == "Drug: Quenimod; Dose: 120 mg once weekly; Remark: not in pregnancy"


def test_rows_that_the_print_does_not_part_are_marked(read: Read) -> None:
    def crowded(canvas: Canvas) -> None:
        rows = (
            ("Drug", "Dose", "Weeks"),
            ("Zorlitinib", "", ""),
            ("", "7 mg", ""),
            ("Quenimod", "", "12"),
            ("", "120 mg", ""),
        )
        pdfs.table(canvas, rows, step=11)

    (table,) = read(pdfs.made(crowded)).tables
    assert table.damage is not None


def test_columns_without_a_table_s_name_are_never_quoted_as_sentences(read: Read) -> None:
    rows = [
        ("Zorlitinib, in this study", "seven mg a day in all", "no infection at all"),
        ("Quenimod, its comparator", "no dose is given for it", "two herpes infections"),
        ("Placebo, for both of them", "one tablet a day in all", "no infection at all"),
    ]
    document = read(pdfs.made(partial(pdfs.table, rows=rows, caption="Overview", ruled=False, columns=140.0)))
    assert not document.tables
    assert all(passage.kind is not PassageKind.PROSE for passage in passages(document))


def test_margin_line_numbers_are_left_out(read: Read) -> None:
    text = read(pdfs.made(pdfs.numbered_manuscript)).text
    assert "says something new, part a." in text
    assert not any(str(number) in text for number in range(17, 33))


def test_row_numbers_of_a_table_stay(read: Read) -> None:
    rows = (("Case", "Drug", "Dose"), *((str(n), "Zorlitinib", f"{n} mg daily") for n in range(1, 16)))
    (table,) = read(pdfs.made(partial(pdfs.table, rows=rows))).tables
    assert [row.cells[0].text for row in table.rows] == [str(n) for n in range(1, 16)]


def test_reference_marks_and_powers_of_ten_are_told_apart(read: Read) -> None:
    text = read(pdfs.made(pdfs.raised)).text
    assert "trial of adults.<sup>3-5</sup>" in text
    assert "150 × 10⁹/L" in text


def test_a_protected_file_names_the_option_that_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(pdfs.made(pdfs.two_columns, password="1234"))
    with pytest.raises(UnreadableFileError, match="--password"):
        read_file(path)
    with pytest.raises(UnreadableFileError, match="does not open it"):
        read_file(path, "4321")
    assert "zorlitinib" in read_file(path, "1234").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdfs.made(pdfs.picture), "OCR"),
        (pdfs.made(pdfs.blank, pdfs.blank), "holds no text"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 500, "damaged PDF"),
        (pdfs.made(pdfs.two_columns)[:300], "damaged PDF"),
        (pdfs.made(*[pdfs.blank] * (MOST_PAGES + 1)), "split it"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(read: Read, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFileError, match=said) as error:
        read(data)
    assert "\n" not in str(error.value)


def test_a_file_that_takes_too_long_is_refused() -> None:
    ticks = iter([0.0, 1.0, MOST_SECONDS + 1])
    with pytest.raises(UnreadableFileError, match="page 2 of 3"):
        read_pdf(pdfs.made(*[pdfs.goes_on] * 3), "slow.pdf", clock=lambda: next(ticks))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 3_000), junk=st.binary(min_size=1, max_size=40), cut=st.booleans())
def test_any_damage_gives_a_document_or_one_sentence(read: Read, at: int, junk: bytes, cut: bool) -> None:
    data = pdfs.made(pdfs.two_columns, partial(pdfs.table, rows=pdfs.DOSES))
    data = data[: max(at, 8)] if cut else data[:at] + junk + data[at + len(junk) :]
    try:
        document = read(data)
    except UnreadableFileError as error:
        assert "\n" not in str(error)
    else:
        assert all(0 <= p.start < p.end <= len(document.text) for p in passages(document))


_PLACED = st.tuples(
    st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), min_size=1, max_size=60),
    st.floats(0, 590),
    st.floats(0, 840),
    st.integers(4, 40),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_PLACED, max_size=30), min_size=1, max_size=3))
def test_text_anywhere_on_any_page_is_read_with_offsets_that_hold(
    read: Read, pages: list[list[tuple[str, float, float, int]]]
) -> None:
    def drawn(canvas: Canvas, page: list[tuple[str, float, float, int]]) -> None:
        for text, x, y, size in page:
            pdfs.lines(canvas, [text], x, y, size)

    try:
        document = read(pdfs.made(*(partial(drawn, page=page) for page in pages)))
    except UnreadableFileError:
        return
    ends = [0, *(edge for block in document.blocks for edge in (block.start, block.end))]
    assert ends == sorted(ends)
    for passage in passages(document):
        assert document.text[passage.start : passage.end].strip()
    for table in document.tables:
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
