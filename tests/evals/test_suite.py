"""Question suites: how they are read, how answers are judged, and that what the library lacks is never answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.contract import Answer, Status
from corpus.errors import UnreadableFileError
from evals.run import run
from evals.suite import Item, State, Turn, judge, load_suites
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


def test_a_conversation_hands_its_split_and_what_was_asked_before_to_its_turns() -> None:
    turns = [{"id": "c-1", "question": "tofacitinib dose?"}, {"id": "c-2", "question": "and in GA?"}]
    item = Item.model_validate({"kind": "conversation", "id": "c", "split": "test", "family": "ga", "turns": turns})

    assert item.split == "test"
    assert [(turn.split, turn.family) for turn in item.turns] == [("test", "ga")] * 2
    assert [turn.after for turn in item.turns] == [(), ("tofacitinib dose?",)]


def test_a_question_is_of_the_development_part_unless_it_says_otherwise() -> None:
    item = Item.model_validate({"kind": "dose", "id": "d-1", "question": "dose?"})

    assert (item.id, item.split, item.turns[0].after) == ("d-1", "development", ())


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "c", "turns": []},
        {"id": "c", "turns": [{"id": "c-1", "question": "a", "split": "test"}, {"id": "c-2", "question": "b"}]},
        {"id": "c", "wrong": 1, "turns": [{"id": "c-1", "question": "a"}]},
        {"id": "d", "question": "a", "must": [["("]]},
        {"id": "d", "question": "a", "must_not": ["[a"]},
        {"id": "d", "question": "a", "split": "dev"},
        {"id": "d", "question": "a", "states": [{"unit": "mg"}]},
        {"id": "d", "question": "a", "states": [{"value": 5, "unti": "mg"}]},
    ],
)
def test_an_item_that_is_no_item_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Item.model_validate({"kind": "dose", **broken})


def test_only_the_items_of_the_split_that_is_asked_for_are_loaded(tmp_path: Path) -> None:
    lines = ["- {id: a, question: a}", "- {id: b, question: b, split: test}"]
    (tmp_path / "own.yaml").write_text("\n".join(lines), encoding="utf-8")

    assert [item.id for item in load_suites(folder=tmp_path)] == ["a", "b"]
    assert [item.id for item in load_suites(folder=tmp_path, split="test")] == ["b"]
    assert [item.id for item in load_suites(folder=tmp_path, split="development")] == ["a"]


def test_a_fact_is_told_as_a_person_says_it() -> None:
    assert str(State(value=5, unit="mg", entity="tofacitinib")) == "5 mg (tofacitinib)"
    assert str(State(value=80, unit="%")) == "80%"
    assert str(State(value="psoriasis")) == "psoriasis"


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
    verdicts = run(load_suites([suite], split="development"), bundled)

    assert len(verdicts) >= 4
    assert [verdict.turn.id for verdict in verdicts if verdict.fault] == []


def test_the_turns_of_a_conversation_lean_on_each_other(bundled: Library) -> None:
    turns = (
        Turn(id="1", question="What is the dose of oral ruxolitinib in alopecia areata?", must=(("15",),)),
        Turn(id="2", question="and topical tofacitinib?", must=(("1%",),)),
    )

    verdicts = run([Item.model_validate({"kind": "conversation", "turns": [t.model_dump() for t in turns]})], bundled)

    assert [verdict.fault for verdict in verdicts] == [None, None]
