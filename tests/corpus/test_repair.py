from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.damage import Damage, Repair, as_read, within
from corpus.errors import UnreadableFileError
from corpus.repair import repairs
from corpus.terms import Vocabulary, load_vocabulary
from corpus.types import Document
from corpus.vocabulary_files import compile_vocabulary
from tests.conftest import make_document


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(compile_vocabulary())


def found(text: str, vocabulary: Vocabulary) -> tuple[Document, list[Repair]]:
    document = make_document(text)
    return document, list(repairs(document, vocabulary))


def kinds(text: str, vocabulary: Vocabulary) -> set[Damage]:
    return {repair.kind for repair in found(text, vocabulary)[1]}


@pytest.mark.parametrize(
    ("text", "kind", "printed"),
    [
        ("Means fell to 0.60.40.2 in the three arms of the trial.", Damage.NUMBERS, "0.60.40.2"),
        ("They took 5 mg10 mg of zorlitinib in the second year.", Damage.NUMBERS, "5 mg10 mg"),
        ("Zorlitinib 1O mg once daily was given to all of them.", Damage.DIGITS, "1O"),
        ("Zorlitinib l5 mg once daily was given to all of them.", Damage.DIGITS, "l5"),
        ("Zorlitinib O.5 mg once daily was given to all of them.", Damage.DIGITS, "O.5"),
        ("Zorlitinib 15 smg/day was given to all of the adults.", Damage.UNIT, "smg"),
        ("Zorlitinib 4 rng daily was given to all of the adults.", Damage.UNIT, "rng"),
        ("The zorlitinib dose was \ufffd\ufffd mg daily in all of them.", Damage.LOST, "\ufffd\ufffd"),
        ("These were di!cult to treat with zorlitinib alone.", Damage.LOST, "!"),
    ],
)
def test_what_is_not_certain_is_marked_and_left_as_it_is(
    text: str, kind: Damage, printed: str, vocabulary: Vocabulary
) -> None:
    _, damage = found(text, vocabulary)
    assert [(repair.kind, repair.printed, repair.reading, repair.certain) for repair in damage] == [
        (kind, printed, None, False)
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "No thrombosis was seen in the trial.3-5 Later it was.",
            "No thrombosis was seen in the trial. [3-5] Later it was.",
        ),
        ("It was first used in morphea (MO).1 All improved.", "It was first used in morphea (MO). [1] All improved."),
        ("Platelets stayed above 150 × 109/L in all of them.", "Platelets stayed above 150 × 10⁹/L in all of them."),
        ("Neutrophils fell to 810 cells/109/L in one of them.", "Neutrophils fell to 810 cells/10⁹/L in one of them."),
        (
            "They had taken methotrex- ate before; methotrexate failed.",
            "They had taken methotrexate before; methotrexate failed.",
        ),
        ("Tofacitnib failed, so tofacitinib was stopped.", "Tofacitinib failed, so tofacitinib was stopped."),
        ("Baracitinib (Olumiant) was given to three of them.", "Baricitinib (Olumiant) was given to three of them."),
    ],
)
def test_what_is_certain_gets_a_reading_beside_the_stored_print(text: str, read: str, vocabulary: Vocabulary) -> None:
    document, damage = found(text, vocabulary)
    assert document.text == text
    assert all(repair.certain and repair.reason for repair in damage)
    assert as_read(document.text, 0, len(text), damage) == read


@pytest.mark.parametrize(
    "text",
    [
        "Version 1.12.14 of the program was released on 12.03.2020 at 10.1000/zorli.",
        "As Section 2.10.1 says, zorlitinib 2.5 mg daily was given for 1.5 years.",
        "IL-6, JAK1, CD4 and PASI75 were measured in week 12 vs. 24, cf. Fig.2 and Table 3.",
        "Pre- and post-treatment values, and short- or long-term ones, were alike.",
        "Prednisone and prednisolone, hydroxyzine and hydralazine are different drugs.",
        "The rate was 3.5 per 100 patient-years (95% CI 1.2-7.9; p<0.05) with 5 mg/m2 weekly.",
        "It weighs 109 kg and holds 1,234 mg/L; 103 patients, of whom 12 had 5 or more.",
        "Deuruxolitinib is a drug of its own and not ruxolitinib.",
    ],
)
def test_sound_print_raises_no_alarm(text: str, vocabulary: Vocabulary) -> None:
    assert found(text, vocabulary)[1] == []


def test_a_name_like_a_known_one_is_left_alone_where_nothing_says_that_it_is_meant(vocabulary: Vocabulary) -> None:
    (repair,) = found("Upadacitnob was given to three of the adults.".replace("ob", "ib"), vocabulary)[1]
    assert (repair.kind, repair.reading) == (Damage.DRUG, None)


def test_a_sentence_cut_by_a_table_is_marked_on_both_sides(vocabulary: Vocabulary) -> None:
    text = (
        "Oral zorlitinib 7 mg once daily in adults with morphea resulted in\n\n"
        "| Arm | Response (%) |\n|---|---|\n| Zorlitinib | 75 |\n| Placebo | 20 |\n\n"
        "significantly softer plaques after three months."
    )
    _, damage = found(text, vocabulary)
    assert [repair.kind for repair in damage] == [Damage.SENTENCE, Damage.SENTENCE]
    assert damage[0].printed.endswith("resulted in") and damage[1].printed.startswith("significantly")


def test_margin_numbers_are_recorded(vocabulary: Vocabulary) -> None:
    text = "\n\n".join(f"{n}\n\nLine {word} says something of zorlitinib." for n, word in enumerate("abcdefg", 13))
    _, damage = found(text, vocabulary)
    assert [repair.printed for repair in damage] == [str(n) for n in range(13, 20)]


def test_rows_that_lost_their_columns_are_not_running_text(vocabulary: Vocabulary) -> None:
    text = "Drug Route Dose Use\nZorlitinib Oral 1%-2% twice daily morphea\nQuenimod Topical 10-25 mg twice daily acne"
    assert kinds(text, vocabulary) == {Damage.FLATTENED}


DOSES = [
    ("Zorlitinib", "Oral", "7 mg once daily", "Morphea"),
    ("Zorlitinib", "Topical", "1% twice daily", "Vitiligo"),
    ("Quenimod", "Oral", "120 mg once weekly", "Acne"),
    ("Pelirast", "Topical", "2% once daily", "Rosacea"),
    ("Vosutinib", "Oral", "30 mg twice daily", "Lichen planus"),
]
HEADER = ("Drug", "Route", "Dose", "Use")


def markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (header, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(header), *lines[1:]])


def shifted(by: int, column: int = 2, *, into_header: bool) -> str:
    """Return the table with a column moved up (or, below zero, down) by some rows."""
    cells = [row[column] for row in DOSES]
    if by > 0 and into_header:
        head, cells = cells[by - 1], cells[by:] + [""] * by
        header = (*HEADER[:column], head, *HEADER[column + 1 :])
    else:
        cells = cells[by:] + [""] * by if by > 0 else [""] * -by + cells[:by]
        header = HEADER
    rows = [(*row[:column], cell, *row[column + 1 :]) for row, cell in zip(DOSES, cells, strict=True)]
    return markdown(header, rows)


@pytest.mark.parametrize("by", [1, 2, -1, -2])
@pytest.mark.parametrize("into_header", [True, False])
def test_a_column_of_doses_that_slipped_marks_its_table(by: int, into_header: bool) -> None:
    (table,) = make_document(shifted(by, into_header=into_header)).tables
    assert table.damage and "shifted" in table.damage


def test_a_column_of_names_that_slid_down_marks_its_table() -> None:
    names = ["", *(row[0] for row in DOSES)]
    rows = [(name, *(row[1:] if row else ("", "", ""))) for name, row in zip(names, [*DOSES, None], strict=True)]
    (table,) = make_document(markdown(HEADER, rows)).tables
    assert table.damage


def test_the_same_table_unshifted_is_sound(vocabulary: Vocabulary) -> None:
    (table,) = make_document(markdown(HEADER, DOSES)).tables
    assert table.damage is None
    assert found(markdown(HEADER, DOSES), vocabulary)[1] == []


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (("Event", "5 mg twice daily", "10 mg twice daily", "Placebo"), [("Acne", "12%", "15%", "3%")] * 4),
        (("Week", "0", "4", "12"), [("Score", "12", "9", "3"), ("Area", "30", "20", "10"), ("Itch", "7", "5", "1")]),
        (("Country", "2019", "2020"), [("A", "11", "12"), ("B", "13", "14"), ("C", "15", "16")]),
        (("Group", "n", "Dose"), [("Adults", "", ""), ("Low", "12", "5 mg daily"), ("High", "13", "10 mg daily")]),
        (("Arm", "Dose"), [("Zorlitinib", "7 mg once daily"), ("Placebo", "--"), ("Quenimod", "120 mg weekly")]),
    ],
)
def test_headers_of_arms_weeks_and_years_are_no_data(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    (table,) = make_document(markdown(header, rows)).tables
    assert table.damage is None


def test_doses_that_the_text_gives_to_the_neighbours_mark_every_row(vocabulary: Vocabulary) -> None:
    oral = [
        ("Zorlitinib", "7 mg daily"),
        ("Quenimod", "120 mg daily"),
        ("Vosutinib", "30 mg daily"),
        ("Pelirast", "9 mg"),
    ]
    wrong = [(name, dose) for (name, _), (_, dose) in zip(oral, [*oral[1:], oral[0]], strict=True)]
    said = "Zorlitinib 7 mg daily helped. Quenimod 120 mg daily did not. Vosutinib 30 mg daily was stopped."
    for rows, expected in ((wrong, True), (oral, False)):
        document, damage = found(f"{said}\n\n{markdown(('Drug', 'Dose'), rows)}", vocabulary)
        (table,) = document.tables
        spans = [(row.start, row.end) for row in table.rows]
        assert all(any("neighbouring" in r.reason for r in within(damage, *span)) for span in spans) is expected


def test_a_cell_that_breaks_off_marks_its_row_and_the_one_that_goes_on(vocabulary: Vocabulary) -> None:
    rows = [
        ("1", "Prednisone, cyclosporin,", "7 mg daily"),
        ("2", "azathioprine Prednisone", "9 mg daily"),
        ("3", "None", "7 mg daily"),
    ]
    document, damage = found(markdown(("Case", "Earlier drugs", "Dose"), rows), vocabulary)
    hit = [any(r.kind is Damage.CELLS for r in within(damage, row.start, row.end)) for row in document.tables[0].rows]
    assert hit == [True, True, False]


def test_rows_with_other_numbers_of_cells_than_columns_are_marked(vocabulary: Vocabulary) -> None:
    text = "| Drug | Route | Dose |\n|---|---|---|\n| Zorlitinib | Oral | 7 mg | daily |\n| Quenimod | 120 mg |"
    document, damage = found(text, vocabulary)
    assert [any(r.kind is Damage.CELLS for r in within(damage, x.start, x.end)) for x in document.tables[0].rows] == [
        True,
        True,
    ]


def test_reference_lists_are_left_alone(vocabulary: Vocabulary) -> None:
    text = "# Paper\n\nZorlitinib softened plaques.\n\n# References\n\n1. Author A. Title.3 J. 2031;1.2.33:4- ten."
    assert found(text, vocabulary)[1] == []


_PARTS = st.sampled_from(
    ["10", "9", "/L", " ", ".", ",", "-", "mg", "tofacitnib", "(", ")", "|", "\n", "a", "3-5", "×", "O"]
)


Finder = Callable[[Document], tuple[Repair, ...]]


@pytest.fixture(scope="module")
def finder(vocabulary: Vocabulary) -> Finder:
    return lambda document: repairs(document, vocabulary)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=300), st.lists(_PARTS, max_size=80).map("".join)).filter(str.strip))
def test_any_text_gives_repairs_whose_print_is_the_stored_one(finder: Finder, text: str) -> None:
    try:
        document = make_document(text)
    except UnreadableFileError:
        return
    damage = finder(document)
    for repair in damage:
        assert document.text[repair.start : repair.end] == repair.printed
        assert repair.certain is (repair.reading is not None)
    assert as_read(document.text, 0, len(document.text), [replace(r, reading=None) for r in damage]) == document.text
