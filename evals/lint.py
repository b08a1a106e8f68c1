"""A linter for the question suites: items that contradict each other, repeat each other, or can't be right.

Errors are what no suite may have; warnings are for a person to look at. What only the library can tell (where gold
stands, whether a refused question has an answer after all) is in `evals.lint_gold`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from corpus.errors import UnreadableFileError
from corpus.figures import figures
from corpus.words import words_of
from evals.suite import Item, Turn, read_suite

ALIKE = 0.8
"""Share of two questions' words that both have, from which on they are near-duplicates; their figures are the same."""

_PLACEBOS = ("", "Lorem ipsum.")  # what a pattern that says something does not match

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with an item, or may be."""

    severity: Severity
    rule: str
    id: str
    message: str


def read_all(files: Sequence[Path]) -> tuple[list[Item], list[Finding]]:
    """Return the items of all files that can be read, and a finding for each that can't, bad patterns included."""
    items: list[Item] = []
    found = []
    for file in files:
        try:
            items += read_suite(file)
        except UnreadableFileError as error:
            found.append(Finding("error", "malformed", file.stem, str(error)))
    return items, found


def lint(items: Sequence[Item]) -> Iterator[Finding]:
    """Yield what the items alone show to be wrong."""
    yield from _ids(items)
    yield from _families(items)
    yield from _questions([item.turns[0] for item in items if len(item.turns) == 1])
    for item in items:
        for turn in item.turns:
            yield from _patterns(turn)
            yield from _expectation(turn)


def _ids(items: Sequence[Item]) -> Iterator[Finding]:
    used = Counter(turn.id for item in items for turn in item.turns)
    used += Counter(item.id for item in items if len(item.turns) > 1)
    for name, times in used.items():
        if times > 1:
            yield Finding("error", "id", name, f"the id is used {times} times")


def _families(items: Sequence[Item]) -> Iterator[Finding]:
    """Find families that stand in both splits: then the test part tells what was developed on."""
    splits: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for turn in item.turns:
            if turn.family:
                splits[turn.family].add(turn.split)
    for family, found in sorted(splits.items()):
        if len(found) > 1:
            yield Finding("error", "family", family, f"the family stands in {' and '.join(sorted(found))}")


def _questions(turns: Sequence[Turn]) -> Iterator[Finding]:
    """Find questions asked twice, and such of them as expect different answers."""
    read = [(turn, frozenset(word.folded for word in words_of(turn.question))) for turn in turns]
    for (one, words), (other, more) in combinations(read, 2):
        shared, every = len(words & more), len(words | more)
        if not every or shared < ALIKE * every or figures(one.question) != figures(other.question):
            continue
        names = f"{one.id} and {other.id}"
        if words == more and one.expect != other.expect:
            what = f"asks what {other.id} asks, and expects {one.expect} where that expects {other.expect}"
            yield Finding("error", "contradiction", one.id, what)
        elif words == more and (one.must, one.states) != (other.must, other.states):
            yield Finding("error", "contradiction", one.id, f"asks what {other.id} asks, and expects other words")
        elif one.family is None or one.family != other.family:
            leak = ", across splits" if one.split != other.split else ""
            yield Finding("warning", "near-duplicate", one.id, f"{names} ask nearly the same{leak}")


def _patterns(turn: Turn) -> Iterator[Finding]:
    for pattern in [*turn.must_not, *(one for group in turn.must for one in group)]:
        if any(re.search(pattern, text, re.IGNORECASE) for text in _PLACEBOS):
            yield Finding("error", "pattern", turn.id, f"{pattern!r} matches anything")


def _expectation(turn: Turn) -> Iterator[Finding]:
    if any(not group for group in turn.must):
        yield Finding("error", "pattern", turn.id, "a group of `must` holds no pattern")
    if not turn.question.strip() and turn.expect == "answered":
        yield Finding("error", "expectation", turn.id, "nothing is asked, and an answer is expected")
    if turn.expect == "answered" and not (turn.must or turn.states):
        yield Finding("error", "expectation", turn.id, "an answer is expected, and nothing is asked of it")
    if turn.expect == "answered" and not turn.gold:
        yield Finding("error", "expectation", turn.id, "an answer is expected, and no gold bears it out")
    if turn.expect != "answered" and turn.gold:
        yield Finding("error", "expectation", turn.id, f"{turn.expect} is expected, although there is gold")
