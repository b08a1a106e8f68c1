"""How a question is read against a table: which rows it selects, which column it wants, what it leaves unexplained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.answer import answer
from assistant.columns import asked_columns
from assistant.coverage import Reader
from assistant.interpret import interpret
from assistant.readings import Reading, number_in
from assistant.tabular import TableReader
from corpus.types import Document
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import CASES, invented_library, said, series, shelve

Read = Callable[[str, str], Reading]
SERIES, TRIAL = "prurigo-series", "vitiligo-trial"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(invented_library(tmp_path_factory.mktemp("tabular"), real_embedder), real_embedder) as library:
        yield library


@pytest.fixture(scope="module")
def read(library: Library) -> Read:
    return lambda text, document_id: reading_in(library, text, document_id)


def reading_in(library: Library, text: str, document_id: str) -> Reading:
    """Return how a question is read in the first table of a document."""
    question = interpret(text, library.vocabulary, HybridSearcher(library))
    tables = TableReader(question, Reader(library, question), library.vocabulary.operations)
    return tables.read(library.document(document_id), 0, "")


def selected(reading: Reading) -> list[str]:
    """Return the first cells of the selected rows."""
    return [reading.cell(row, 0) for row in reading.rows()]


def targets(reading: Reading) -> list[str]:
    return [reading.table.columns[column] for column in reading.targets]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("cases with prurigo nodularis", ["1", "2", "4", "7"]),
        ("cases with lichen planus", ["3", "6"]),
        ("cases with lichen planus or morphea", ["3", "5", "6"]),
        ("cases with prurigo nodularis and acne", ["2", "7"]),
        ("outcome of case 4", ["4"]),
        ("all cases", ["1", "2", "3", "4", "5", "6", "7"]),
    ],
)
def test_names_select_the_rows_that_hold_them(question: str, rows: list[str], read: Read) -> None:
    assert selected(read(question, SERIES)) == rows


@pytest.mark.parametrize("question", ["cases without lichen planus", "cases not having lichen planus"])
def test_a_negation_takes_its_rows_out(question: str, read: Read) -> None:
    assert selected(read(question, SERIES)) == ["1", "2", "4", "5", "7"]


@pytest.mark.parametrize(
    "question",
    [
        "cases except lichen planus or morphea",
        "cases excluding lichen planus and morphea",
        "cases leaving out lichen planus and morphea",
    ],
)
def test_a_negation_reaches_all_that_it_lists(question: str, read: Read) -> None:
    assert selected(read(question, SERIES)) == ["1", "2", "4", "7"]


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("What was the age?", "Age (years)"),
        ("What was the duration?", "Duration (months)"),
        ("What was the outcome?", "Outcome"),
        ("Which comorbidities?", "Comorbidities"),
    ],
)
def test_a_word_of_a_columns_name_asks_for_the_column(question: str, column: str, read: Read) -> None:
    assert targets(read(question, SERIES)) == [column]


def test_a_bare_number_selects_rows_only_beside_its_column_or_with_its_unit(read: Read) -> None:
    assert selected(read("response with brepocitinib 30 mg", TRIAL)) == ["Brepocitinib middle"]
    assert len(selected(read("the 4 arms", TRIAL))) == 4
    assert len(selected(read("60 things about vitiligo", TRIAL))) == 4


def test_a_part_that_the_table_does_not_hold_lowers_the_fit(read: Read) -> None:
    known = read("response with placebo", TRIAL)
    unknown = read("response with methotrexate", TRIAL)

    assert known.fit == 1
    assert unknown.fit < known.fit
    assert [unit.label for unit in unknown.unexplained] == ["methotrexate"]


def test_the_order_of_names_does_not_change_the_rows(read: Read) -> None:
    one = read("difference in response between placebo and brepocitinib middle", TRIAL)
    other = read("difference in response between brepocitinib middle and placebo", TRIAL)

    assert selected(one) == selected(other) == ["Brepocitinib middle", "Placebo"]


def test_a_reading_gives_cells_values_names_and_units(read: Read) -> None:
    reading = read("response", TRIAL)

    assert reading.cell(0, 1) == "10 mg once daily"
    assert reading.cell(0, 99) == ""
    assert reading.value(0, 3) == Decimal(22)
    assert reading.value(3, 1) is None
    assert reading.unit(3) == "%" and reading.unit(0) == ""
    assert reading.name(3) == "Placebo"
    assert reading.is_numeric(2) and not reading.is_numeric(0)
    assert read("outcome", SERIES).name(3) == "Case 4"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("24", "24"),
        ("24 (ongoing)", "24"),
        ("0.5", "0.5"),
        ("-3", "-3"),
        ("none", None),
        ("", None),
        ("JAK1", None),
        ("12 to 30", None),
        ("30 mg once daily", None),
        ("48%", "48"),
        ("7 months", "7"),
    ],
)
def test_a_cell_that_is_one_number_is_a_value_and_a_range_or_dose_is_none(text: str, number: str | None) -> None:
    assert number_in(text) == (None if number is None else Decimal(number))


def columns_asked(library: Library, text: str, document: Document, row: int) -> list[str] | None:
    question = interpret(text, library.vocabulary, HybridSearcher(library))
    shown = asked_columns(Reader(library, question), document.tables[0], row)
    return None if shown is None else [document.tables[0].columns[column] for column in sorted(shown)]


def test_of_a_wide_row_the_columns_asked_about_are_shown_with_the_first(library: Library) -> None:
    wide, narrow = library.document(SERIES), library.document(TRIAL)

    assert columns_asked(library, "What was the age?", wide, 0) == ["Case", "Age (years)"]
    assert columns_asked(library, "What was the response?", narrow, 0) is None


def test_a_damaged_table_is_marked_and_a_sound_one_is_not(library: Library) -> None:
    damage = library.document("scan").tables[0].damage

    assert damage and "50 mg once daily" in damage
    assert library.document(SERIES).tables[0].damage is None
    assert library.document(TRIAL).tables[0].damage is None


@pytest.mark.parametrize(
    ("question", "arm", "response"),
    [
        ("What is the response at 10 mg once daily?", "Brepocitinib low", "22"),
        ("What is the response at 60 mg twice daily?", "Brepocitinib high", "57"),
        ("What is the response (%) with 60 mg twice daily?", "Brepocitinib high", "57"),
        ("What is the response with brepocitinib 30 mg?", "Brepocitinib middle", "48"),
    ],
)
def test_a_dose_in_the_question_answers_from_its_own_row(
    question: str, arm: str, response: str, library: Library
) -> None:
    told = said(answer(question, library))

    assert f"Arm: {arm};" in told and f"“Response (%)”: {response}" in told
    assert "Povorcitinib" not in told
    assert not any(f"Arm: {other}" in told for other in ("Brepocitinib low", "Brepocitinib middle") if other != arm)


def test_a_dose_that_differs_between_the_rows_of_a_disease_is_not_told_as_one(library: Library) -> None:
    told = said(answer("What is the dose of povorcitinib in lichen planus?", library))

    assert "15 mg twice daily" in told and "35 mg once daily" in told


@pytest.fixture(scope="module")
def all_but_one(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    cases = [replace(case, effects="None" if number == 3 else "Acne") for number, case in enumerate(CASES)]
    path = shelve(tmp_path_factory.mktemp("exception"), real_embedder, series(cases))
    with Library.open(path, real_embedder) as library:
        yield library


@pytest.mark.parametrize(
    "question",
    [
        "acne in all cases but one",
        "all cases except one had acne: which did not?",
        "acne in all cases except for one",
        "which case had no acne, in all except one",
        "all cases but one had acne, which is the other?",
    ],
)
def test_who_asks_for_the_exception_wants_the_row_without_it(question: str, all_but_one: Library) -> None:
    assert selected(reading_in(all_but_one, question, SERIES)) == ["4"]


def test_the_exception_is_told(all_but_one: Library) -> None:
    found = answer("All cases except one had acne: which one did not?", all_but_one)

    assert "1 row" in said(found) and "Case 4 (None)" in said(found)
