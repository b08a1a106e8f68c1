"""Question suites: how they are read, how answers are judged, and that what the library lacks is never answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.contract import Answer, Status
from corpus.errors import UnreadableFileError
from evals.run import run, summarise
from evals.suite import Item, Turn, judge, load_suites
from index.library import Library

TURN = Turn(id="dose-1", question="zorlitinib dose?", must=(("7 ?mg",), ("once", "daily")), must_not=("70 ?mg",))


def told(text: str, status: Status = "answered") -> Answer:
    return Answer(question=TURN.question, status=status, answer=text, statements=())


def test_an_answer_with_all_that_it_must_say_passes() -> None:
    assert judge("dose", TURN, told("Zorlitinib 7 mg daily. [1]")).fault is None


@pytest.mark.parametrize(
    ("text", "status", "fault"),
    [
        ("Zorlitinib 7 mg.", "answered", "lacks 'once'"),
        ("Zorlitinib 7 mg or 70 mg once daily.", "answered", "says '70 mg', which it must not"),
        ("Zorlitinib 7 mg once daily.", "abstained", "abstained, where answered was expected"),
    ],
)
def test_a_fault_is_named(text: str, status: Status, fault: str) -> None:
    assert judge("dose", TURN, told(text, status)).fault == fault


def test_numbers_of_citations_are_no_figures_of_the_answer() -> None:
    turn = Turn(id="a", question="?", must_not=(r"\b7\b",))

    assert judge("dose", turn, told("It is given daily. [7]")).fault is None


def test_a_summary_counts_by_kind_and_by_abstention() -> None:
    absent = Turn(id="b", question="?", expect="abstained")
    verdicts = [
        judge("dose", TURN, told("7 mg once daily")),
        judge("dose", TURN, told("No.", "abstained")),
        judge("unanswerable", absent, told("No.", "abstained")),
    ]

    summary = summarise(verdicts)

    assert summary.kinds == {"dose": (1, 2), "unanswerable": (1, 1)}
    assert (summary.passed, summary.questions) == (2, 3)
    assert (summary.abstention_precision, summary.abstention_recall) == (0.5, 1.0)


@pytest.mark.parametrize("content", [b"- id: \xe9\n", b"", b"- id: a\n  question: b\n  wrong: c\n", b"a: [\n"])
def test_a_malformed_suite_is_refused_and_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes(content)

    with pytest.raises(UnreadableFileError, match=r"own\.yaml"):
        load_suites(folder=tmp_path)


def test_an_unknown_suite_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnreadableFileError, match="unanswerable"):
        load_suites(["no such suite"])


@pytest.mark.parametrize("suite", ["unanswerable", "out_of_scope", "redirect"])
def test_what_the_library_lacks_is_never_answered(suite: str, bundled: Library) -> None:
    verdicts = run(load_suites([suite]), bundled)

    assert len(verdicts) >= 4
    assert [verdict.turn.id for verdict in verdicts if verdict.fault] == []


def test_the_turns_of_a_conversation_lean_on_each_other(bundled: Library) -> None:
    turns = (
        Turn(id="1", question="What is the dose of oral ruxolitinib in alopecia areata?", must=(("15",),)),
        Turn(id="2", question="and topical tofacitinib?", must=(("1%",),)),
    )

    verdicts = run([Item.model_validate({"kind": "conversation", "turns": [t.model_dump() for t in turns]})], bundled)

    assert [verdict.fault for verdict in verdicts] == [None, None]
