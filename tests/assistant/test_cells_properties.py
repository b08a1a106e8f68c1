"""What must hold of any table: its answers follow the cell's names and nothing else, and the gate holds them to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.contract import Answer
from assistant.ground import Gate
from assistant.lookup.tokens import figures_in
from assistant.lookup.values import is_count, value_of
from corpus.readers import document_from_text
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer

ARMS = ["Placebo", "Velucitinib 3 mg", "Velucitinib 6 mg", "Velucitinib 12 mg"]
OUTCOMES = ["Headache", "Nausea", "Acne", "Clear skin at week 12", "Clear skin at week 24"]
CELLS = {(outcome, arm): f"{10 * o + a}.{a + 1}" for o, outcome in enumerate(OUTCOMES) for a, arm in enumerate(ARMS)}
ASKED = [
    ("Headache with velucitinib 6 mg?", "Headache", "Velucitinib 6 mg"),
    ("Clear skin at week 24 on placebo in the velucitinib trial?", "Clear skin at week 24", "Placebo"),
    ("What percentage had acne on velucitinib 12 mg?", "Acne", "Velucitinib 12 mg"),
    ("Nausea with 3 mg of velucitinib?", "Nausea", "Velucitinib 3 mg"),
]
quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paper(cells: dict[tuple[str, str], str], rows: list[str], columns: list[str]) -> str:
    """Return a paper with one table of percentages."""
    lines = ["# Velucitinib in psoriasis", "", "Table 1. Events and skin by arm (%)", ""]
    lines += [f"| | {' | '.join(columns)} |", "|" + "---|" * (len(columns) + 1)]
    lines += [f"| {row} | {' | '.join(cells.get((row, c)) or cells[c, row] for c in columns)} |" for row in rows]
    return "\n".join([*lines, ""])


def asked(text: str, question: str, path: Path, embedder: Embedder) -> Answer:
    """Return the answer out of a library of one paper."""
    with open_writer(path, embedder) as writer:
        writer.add([document_from_text(text, fallback_id="velu")])
    with Library.open(path, embedder) as library:
        return answer(question, library)


def figure_of(found: Answer) -> str | None:
    """Return the cell that an answer tells."""
    told = re.search(r"”: ([\d.]+)\.$", found.statements[0].text) if found.status == "answered" else None
    return told[1] if told else None


@quick
@given(data=st.data())
def test_the_order_of_rows_and_columns_and_which_are_which_change_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, word_embedder: Embedder
) -> None:
    rows, columns = data.draw(st.permutations(OUTCOMES)), data.draw(st.permutations(ARMS))
    if data.draw(st.booleans()):
        rows, columns = columns, rows
    question, outcome, arm = data.draw(st.sampled_from(ASKED))
    found = asked(paper(CELLS, rows, columns), question, tmp_path_factory.mktemp("p") / "library", word_embedder)
    assert figure_of(found) == CELLS[outcome, arm]


@quick
@given(case=st.sampled_from(ASKED), number=st.integers(100, 999))
def test_another_cell_gives_another_answer(
    case: tuple[str, str, str], number: int, tmp_path_factory: pytest.TempPathFactory, word_embedder: Embedder
) -> None:
    question, outcome, arm = case
    text = paper({**CELLS, (outcome, arm): f"{number}.5"}, OUTCOMES, ARMS)
    found = asked(text, question, tmp_path_factory.mktemp("p") / "library", word_embedder)
    assert figure_of(found) == f"{number}.5"


@pytest.mark.parametrize(("question", "outcome", "arm"), ASKED)
def test_without_its_row_or_its_column_a_cell_is_not_answered(
    question: str, outcome: str, arm: str, tmp_path: Path, word_embedder: Embedder
) -> None:
    rows, columns = [o for o in OUTCOMES if o != outcome], [a for a in ARMS if a != arm]
    for name, text in (("row", paper(CELLS, rows, ARMS)), ("column", paper(CELLS, OUTCOMES, columns))):
        assert asked(text, question, tmp_path / name, word_embedder).status == "abstained"


@pytest.mark.parametrize(
    "question",
    [
        ASKED[0][0],
        "Which arm had the highest rate of nausea?",
        "What is the difference in acne between velucitinib 12 mg and placebo?",
        "What is the ratio of acne between velucitinib 12 mg and velucitinib 3 mg?",
    ],
)
def test_the_gate_stops_another_figure_name_or_working(question: str, tmp_path: Path, word_embedder: Embedder) -> None:
    found = asked(paper(CELLS, OUTCOMES, ARMS), question, tmp_path / "library", word_embedder)
    statement = found.statements[0]
    with Library.open(tmp_path / "library", word_embedder) as library:
        gate = Gate(library, question, library.vocabulary)
        assert not gate.faults(statement, found.citations)
        mutants = [statement.text[: m.start()] + str(int(m[0]) + 1) + statement.text[m.end() :] for m in DIGITS(statement.text)]
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


DIGITS = re.compile(r"\d+").finditer


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


@pytest.mark.parametrize(("cell", "counts"), [("5 (21.7)", True), ("7/13", True), ("0", True), ("8%", False), ("12.2", False)])
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
