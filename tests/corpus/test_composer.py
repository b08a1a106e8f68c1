from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import labelled_row, passages
from corpus.readers.composer import Composer
from corpus.readers.structure import Structure
from corpus.text import clean, one_line
from corpus.types import BlockKind, Document, PassageKind, Span

ANY = st.text(max_size=60)


def document_of(structure: Structure) -> Document:
    return Document(
        id="composed",
        source=structure.source("composed"),
        text=structure.text,
        format="test",
        sha256="",
        sections=tuple(structure.sections),
        tables=tuple(structure.tables),
        blocks=tuple(structure.blocks),
        pages=tuple(structure.pages),
    )


def composed() -> Document:
    composer = Composer()
    composer.metadata = {"title": "Zorlitinib\x1b in morphea", "authors": ["A. Author"], "year": 2031}
    composer.page("311")
    composer.heading(1, "Zorlitinib in morphea")
    composer.heading(2, "Results")
    composer.paragraph("Nine of the twelve adults who took zorlitinib had softer plaques after")
    composer.page("312")
    composer.paragraph("five weeks of treatment.")
    composer.caption("Table 1. Response by arm of the trial.")
    composer.table("Table 1. Response by arm of the trial.", ["Arm", "Dose"], [["Zorlitinib", "7 mg"], ["Placebo"]])
    composer.heading(2, "References")
    composer.item("Author A. A paper. J Test. 2030;1:2-3.", "1.")
    return document_of(composer.finish())


def test_pieces_become_sections_blocks_and_tables_at_exact_offsets() -> None:
    document = composed()
    assert [section.path[-1] for section in document.sections] == ["Zorlitinib in morphea", "Results", "References"]
    (table,) = document.tables
    assert [document.text[cell.start : cell.end] for cell in table.header.cells] == ["Arm", "Dose"]
    assert labelled_row(table, 0) == "Arm: Zorlitinib; Dose: 7 mg"
    assert document.text[table.rows[1].start : table.rows[1].end] == "| Placebo |  |"
    assert document.source.title == "Zorlitinib in morphea"


def test_pages_are_the_locators_and_a_sentence_over_a_page_end_is_one_passage() -> None:
    found = passages(composed())
    assert [(passage.kind, passage.locator) for passage in found] == [
        (PassageKind.PROSE, "page 311"),
        (PassageKind.FRAGMENT, "page 312"),
        (PassageKind.ROW, "Table 1, row 1 (Zorlitinib)"),
        (PassageKind.ROW, "Table 1, row 2 (Placebo)"),
        (PassageKind.REFERENCE, "page 312"),
    ]


def test_a_dose_in_the_header_of_a_sound_table_is_an_arm() -> None:
    tables = []
    for sound in (True, False):
        composer = Composer()
        composer.table("", ["Drug", "5 mg daily"], [["Alpha", "2 mg daily"]], sound=sound)
        tables += composer.finish().tables
    assert [table.damage is None for table in tables] == [True, False]


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "caption", "page", "table"]), ANY)))
def test_every_piece_stands_where_the_composer_says(pieces: list[tuple[str, str]]) -> None:
    composer = Composer()
    spans: list[tuple[Span, str]] = []
    for method, text in pieces:
        match method:
            case "heading":
                spans.append((composer.heading(2, text), text))
            case "page":
                composer.page(text)
            case "table":
                composer.table(text, [text, "b"], [[text], [text, text, text]])
            case _:
                spans.append((getattr(composer, method)(text), text))
    structure = composer.finish()
    assert all(span.of(structure.text) == one_line(clean(text)) for span, text in spans)
    assert clean(structure.text) == structure.text
    for table in structure.tables:
        for row in (table.header, *table.rows):
            assert all(row.start <= cell.start <= cell.end <= row.end for cell in row.cells)
    for block in structure.blocks:
        assert block.kind is BlockKind.TABLE or structure.text[block.start : block.end].strip()
    found = passages(document_of(structure))
    assert all(0 <= p.start < p.end <= len(structure.text) for p in found)
