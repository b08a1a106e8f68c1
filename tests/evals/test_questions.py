"""The suite of questions: valid, told apart by id, and resting on words that the digests hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

import evals
from corpus.bundled import bundled_files
from corpus.readers import read_file
from evals.gold import span_of

FILES = sorted((Path(evals.__file__).parent / "questions").glob("*.yaml"))
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Gold(BaseModel):
    model_config = ConfigDict(extra="forbid")

    document: Filled
    quote: Filled


class State(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: int | float | Filled
    unit: Filled | None = None
    entity: Filled | None = None


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Filled
    split: Literal["development", "test"] = "development"
    family: Filled | None = None
    question: Filled
    expect: Literal["answered", "abstained", "redirected"]
    must: list[Annotated[list[Filled], Field(min_length=1)]] = []
    must_not: list[Filled] = []
    states: list[State] = []
    gold: list[Gold]
    why: Filled


class Talk(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Filled
    split: Literal["development", "test"] = "development"
    family: Filled | None = None
    turns: Annotated[list[Item], Field(min_length=2)]


ADAPTER = TypeAdapter(list[Item | Talk])
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def entries(path: Path) -> list[Item | Talk]:
    return ADAPTER.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def items(path: Path) -> Iterator[Item]:
    for entry in entries(path):
        yield from entry.turns if isinstance(entry, Talk) else [entry]


def test_there_is_a_file_for_every_sort_of_question_and_many_questions() -> None:
    assert len(FILES) >= 17
    assert sum(1 for path in FILES for _ in items(path)) >= 200


@each_file
def test_a_file_holds_valid_records_only(path: Path) -> None:
    assert entries(path)


def test_every_id_is_used_once() -> None:
    used = Counter(entry.id for path in FILES for entry in entries(path))
    used += Counter(
        turn.id for path in FILES for entry in entries(path) if isinstance(entry, Talk) for turn in entry.turns
    )
    assert [name for name, times in used.items() if times > 1] == []


def test_no_question_is_asked_twice_outside_conversations() -> None:
    asked = Counter(entry.question.lower() for path in FILES for entry in entries(path) if isinstance(entry, Item))
    assert [question for question, times in asked.items() if times > 1] == []


@each_file
def test_turns_are_numbered_after_their_conversation(path: Path) -> None:
    for entry in entries(path):
        if isinstance(entry, Talk):
            assert [turn.id for turn in entry.turns] == [f"{entry.id}-{n}" for n in range(1, len(entry.turns) + 1)]


@each_file
def test_every_pattern_compiles_and_none_matches_just_anything(path: Path) -> None:
    for item in items(path):
        for pattern in [*item.must_not, *(p for group in item.must for p in group)]:
            compiled = re.compile(pattern, re.IGNORECASE)
            assert not compiled.search(""), (item.id, pattern)
            assert not compiled.search("Lorem ipsum."), (item.id, pattern)


@each_file
def test_an_answer_is_asked_for_words_and_rests_on_quotes_and_a_refusal_on_none(path: Path) -> None:
    for item in items(path):
        if item.expect == "answered":
            assert (item.must or item.states) and item.gold, item.id
        else:
            assert item.gold == [], item.id
            assert item.must or item.must_not, item.id


@pytest.fixture(scope="module")
def digests() -> dict[str, str]:
    return {document.id: document.text for document in map(read_file, bundled_files())}


@each_file
def test_gold_quotes_stand_in_the_digests_word_for_word(path: Path, digests: dict[str, str]) -> None:
    missing = [
        (item.id, gold.quote)
        for item in items(path)
        for gold in item.gold
        if span_of(gold.quote, digests[gold.document]) is None
    ]
    assert missing == []
