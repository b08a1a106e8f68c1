"""What must hold of any table: its answers follow the cell's names and nothing else, and the gate holds them to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.ground import Gate
from assistant.interpret import interpret
from assistant.lookup.finding import Finder
from assistant.lookup.headed import Headed
from assistant.lookup.matching import Matcher
from assistant.lookup.terms import terms_of
from assistant.lookup.tokens import figures_in
from assistant.lookup.values import is_count, value_of
from corpus.readers import document_from_text
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import shelve

ARMS = ["Placebo", "Velucitinib 3 mg", "Velucitinib 6 mg", "Velucitinib 12 mg"]
OUTCOMES = ["Headache", "Nausea", "Acne", "Clear skin at week 12", "Clear skin at week 24"]
CELLS = {(outcome, arm): f"{10 * o + a}.{a + 1}" for o, outcome in enumerate(OUTCOMES) for a, arm in enumerate(ARMS)}
ASKED = [
    ("Headache with velucitinib 6 mg?", "Headache", "Velucitinib 6 mg"),
    ("Clear skin at week 24 on placebo in the velucitinib trial?", "Clear skin at week 24", "Placebo"),
    ("What percentage had acne on velucitinib 12 mg?", "Acne", "Velucitinib 12 mg"),
    ("Nausea with 3 mg of velucitinib?", "Nausea", "Velucitinib 3 mg"),
]
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paper(cells: dict[tuple[str, str], str], rows: list[str], columns: list[str]) -> str:
    """Return a paper with one table of percentages."""
    lines = ["# Velucitinib in psoriasis", "", "Table 1. Events and skin by arm (%)", ""]
    lines += [f"| | {' | '.join(columns)} |", "|" + "---|" * (len(columns) + 1)]
    lines += [f"| {row} | {' | '.join(cells.get((row, c)) or cells[c, row] for c in columns)} |" for row in rows]
    return "\n".join([*lines, ""])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = shelve(tmp_path_factory.mktemp("cells"), real_embedder, paper(CELLS, OUTCOMES, ARMS))
    with Library.open(path, real_embedder) as library:
        yield library


def cell_told(text: str, asked: str, library: Library) -> str | None:
    """Return the cell of a paper's table that a question determines, or None if it determines none."""
    question = interpret(asked, library.vocabulary, HybridSearcher(library))
    terms = terms_of(question, library)
    document = document_from_text(text, fallback_id="velu")
    table = Headed(document, 0, question.vocabulary.operations.lookup.key_columns)
    finders = (
        Finder(Matcher(question, terms, library), table, document.source.title, apart=apart) for apart in (False, True)
    )
    found = next((found for finder in finders if (found := finder.single())), None)
    return table.cell(*found.cells[0]) if found and len(found.cells) == 1 else None


@quick
@given(data=st.data())
def test_the_order_of_rows_and_columns_and_which_are_which_change_nothing(
    data: st.DataObject, library: Library
) -> None:
    rows, columns = data.draw(st.permutations(OUTCOMES)), data.draw(st.permutations(ARMS))
    if data.draw(st.booleans()):
        rows, columns = columns, rows
    question, outcome, arm = data.draw(st.sampled_from(ASKED))
    assert cell_told(paper(CELLS, rows, columns), question, library) == CELLS[outcome, arm]


@quick
@given(case=st.sampled_from(ASKED), number=st.integers(100, 999))
def test_another_cell_gives_another_answer(case: tuple[str, str, str], number: int, library: Library) -> None:
    question, outcome, arm = case
    text = paper({**CELLS, (outcome, arm): f"{number}.5"}, OUTCOMES, ARMS)
    assert cell_told(text, question, library) == f"{number}.5"


@quick
@given(case=st.sampled_from(ASKED), transposed=st.booleans())
def test_without_its_row_or_its_column_no_cell_is_told(
    case: tuple[str, str, str], transposed: bool, library: Library
) -> None:
    question, outcome, arm = case
    rows, columns = [o for o in OUTCOMES if o != outcome], [a for a in ARMS if a != arm]
    for names in ((rows, ARMS), (OUTCOMES, columns)):
        one, other = names[::-1] if transposed else names
        assert cell_told(paper(CELLS, one, other), question, library) is None


@pytest.mark.parametrize(
    "question",
    [
        ASKED[0][0],
        "Which arm had the highest rate of nausea?",
        "What is the difference in acne between velucitinib 12 mg and placebo?",
        "What is the ratio of acne between velucitinib 12 mg and velucitinib 3 mg?",
    ],
)
def test_the_gate_stops_another_figure_name_or_working(question: str, library: Library) -> None:
    found = answer(question, library)
    statement = found.statements[0]
    gate = Gate(library, question, library.vocabulary)
    assert "“" in statement.text and not gate.faults(statement, found.citations)
    mutants = [
        statement.text[: m.start()] + str(int(m[0]) + 1) + statement.text[m.end() :]
        for m in re.finditer(r"\d+", statement.text)
    ]
    mutants += [statement.text.replace(one, other) for one in ARMS + OUTCOMES for other in ARMS + OUTCOMES]
    mutants += [statement.text.replace("highest", "lowest"), statement.text.replace("”: ", "”: −")]
    for text in {mutant for mutant in mutants if mutant != statement.text}:
        assert gate.faults(statement.model_copy(update={"text": text}), found.citations), text
    for number in statement.citations:
        fewer = tuple(other for other in statement.citations if other != number)
        assert gate.faults(statement.model_copy(update={"citations": fewer}), found.citations), number
    if statement.working:
        other = statement.model_copy(update={"working": statement.working.replace(".", ".9", 1)})
        assert gate.faults(other, found.citations)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("32.4* (29.5 to 35.4)", "32.4"),
        ("−1.9 ± 5.2", "-1.9"),
        ("53,5", "53.5"),
        ("1,927 (133)", "1927"),
        ("137 853 (42 944)", "137853"),
        ("n=35", "35"),
        ("46%*", "46"),
        ("43.4 [14.0][a]", "43.4"),
        ("14/14", None),
        ("5–10", None),
        ("<0.001", None),
        ("41 vs. 23", None),
        ("NA", None),
        ("", None),
    ],
)
def test_a_cell_is_a_number_only_where_it_is_one(cell: str, value: str | None) -> None:
    found = value_of(cell)
    assert (None if found is None else str(found)) == value


@pytest.mark.parametrize(
    ("cell", "counts"), [("5 (21.7)", True), ("7/13", True), ("0", True), ("8%", False), ("12.2", False)]
)
def test_shares_and_rates_count_nobody(cell: str, counts: bool) -> None:
    assert is_count(cell) is counts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("week 16", "16 weeks", True),
        ("week 16", "Wk 16", True),
        ("7 mg", "7mg", True),
        ("160/80 mg", "160/80 mg", True),
        ("ACR20", "ACR 20", True),
        ("PASI 75", "PASI75", True),
        ("study CD-II", "CD-II", True),
        ("7 mg", "week 7", False),
        ("7 mg", "70 mg", False),
        ("week 16", "month 16", False),
        ("PASI 75", "EASI 75", False),
        ("CDAI ≤10", "CDAI ≤2.8", False),
        ("CD-I", "CD-II", False),
    ],
)
def test_figures_are_the_same_only_with_their_unit_or_word(one: str, other: str, same: bool) -> None:
    first, second = list(figures_in(one))[-1], list(figures_in(other))[-1]
    assert first.is_same(second) is same
