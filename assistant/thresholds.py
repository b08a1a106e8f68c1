"""Numbers that a question sets as a limit, "under 40", "at least 20 months", and the column of a table that they limit.

How limits are worded, and which words point at a column, is data (`corpus/vocabulary/operations.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.question import Question
from assistant.readings import Filter, Reading
from corpus.figures import figures
from corpus.vocabulary_files import OperationsFile
from corpus.words import words_of

LIMIT = re.compile(r"(above|below|at least|at most) (-?\d+(?:\.\d+)?)")
"""How a limit is said of a column."""

_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[a-z]{3,9}(?:-[a-z]{3,5})?)"
_TENS = {word: str(10 * n) for n, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}
_UNIT = r"(?:[\s-]*(?P<unit>%|(?:year|month|week|day|hour)s?(?: old| of age)?|y/?o?\b|yrs?\b|mg\b))?"
_REACH = 2  # words before and after a limit among which its column is named
_LASTING = frozenset({"for", "after", "within", "lasting", "lasted"})  # before a limit that is of a time, not an age
_BETWEEN = re.compile(rf"(?<!\w)between (?P<low>\d+)(?= ?(?:and|to|-) ?(?P<high>\d+){_UNIT}(?!\w))")
_TIMES = ("year", "month", "week", "day", "hour")


@dataclass(frozen=True)
class Threshold:
    """A limit: what it asks of a number, its unit as written, and where it stands in the question as read."""

    sign: str
    number: Decimal
    unit: str
    start: int
    end: int

    @property
    def label(self) -> str:
        """Return the limit as it is said of a column: "at least 20"."""
        return f"{self.sign} {self.number}"

    def holds(self, surface: str, start: int) -> bool:
        """Return whether a part of the question is part of the limit: its number, or words that stand in it."""
        return surface == str(self.number) or self.start <= start < self.end


def thresholds_in(question: Question) -> tuple[Threshold, ...]:
    """Return the limits that a question sets, in its order."""
    text, operations = question.read.lower(), question.vocabulary.operations
    found = sorted(_found(text, operations), key=lambda limit: (limit.start, -limit.end))
    apart: list[Threshold] = []
    for limit in found:
        if not apart or limit.start >= apart[-1].end:
            apart.append(limit)
    return tuple(apart)


def passes(label: str, value: Decimal | None) -> bool | None:
    """Return whether a number keeps within the limit that a label names, or None if the label names none."""
    found = LIMIT.fullmatch(label)
    if found is None:
        return None
    if value is None:
        return False
    limit = Decimal(found[2])
    return {"above": value > limit, "below": value < limit, "at least": value >= limit, "at most": value <= limit}[
        found[1]
    ]


def is_asked(label: str, text: str) -> bool:
    """Return whether the limit that a label names, if any, has a number of a question's text."""
    found = LIMIT.fullmatch(label)
    known = figures(text) | {_TENS[word.folded] for word in words_of(text) if word.folded in _TENS}
    return found is None or found[2] in known


def told_within(limits: Sequence[Threshold], text: str) -> bool:
    """Return whether a sentence gives the numbers of all limits: what lacks one tells nothing of those within it."""
    return {str(limit.number) for limit in limits} <= figures(text)


def filter_of(limit: Threshold, question: Question, reading: Reading) -> Filter | None:
    """Return the rows of a table that keep within a limit, or None if it isn't clear which column it is about.

    `reading` names the columns that the question asks for as its targets.
    """
    names = reading.table.columns
    numeric = [column for column in range(len(names)) if reading.is_numeric(column)]
    column = _limited_column(limit, question, names, numeric, [c for c in numeric if c in reading.targets])
    if column is None:
        return None
    rows = frozenset(r for r in range(len(reading.table.rows)) if passes(limit.label, reading.value(r, column)))
    position = sum(1 for _ in words_of(question.read[: limit.start]))
    return Filter(column, (limit.label,), rows, position=position, limit=True)


def _limited_column(
    limit: Threshold, question: Question, names: Sequence[str], numeric: Sequence[int], named: Sequence[int]
) -> int | None:
    """Return the numeric column that a limit is about: told by a word near it, named, or of its unit; or of people."""
    operations = question.vocabulary.operations
    near = _near(limit, question)
    if limit.unit.startswith(_TIMES) and _word_before(limit, question) in _LASTING:
        numeric = [c for c in numeric if not _is_age(names[c])]
    hinted = [key for key, words in operations.limited.items() if any(f" {word} " in near for word in words)]
    told = [c for c in numeric if any(key in names[c].lower() for key in hinted)]
    for columns in (told, named, _of_unit(limit, names, numeric)):
        fitting = [c for c in dict.fromkeys(columns) if _unit_agrees(limit, names[c])]
        if len(fitting) == 1:
            return fitting[0]
    people = set(near.split()) & {"case", "cases", *operations.people, *question.vocabulary.one_person}
    ages = [c for c in numeric if _is_age(names[c])]
    return ages[0] if people and not named and len(ages) == 1 and limit.unit[:4] in ("", "year") else None


def _found(text: str, operations: OperationsFile) -> Iterator[Threshold]:
    for both in _BETWEEN.finditer(text):
        end = both.end("high") if both["high"] else both.end()
        yield Threshold("at least", Decimal(both["low"]), _unit_of(both), both.start(), both.end())
        yield Threshold("at most", Decimal(both["high"]), _unit_of(both), both.end(), end)
    for record in operations.limits:
        before = "|".join(re.escape(phrase) for phrase in sorted(record.before, key=len, reverse=True))
        after = "|".join(re.escape(phrase) for phrase in sorted(record.after, key=len, reverse=True))
        forms = [rf"(?<!\w)(?:{before})\s*(?:(?:the )?age (?:of )?)?{_NUMBER}{_UNIT}(?!\w)"] if before else []
        forms += [rf"(?<!\w)(?:aged? )?{_NUMBER}{_UNIT}\s*(?:{after})(?!\w)"] if after else []
        for match in (match for form in forms for match in re.finditer(form, text)):
            value = _TENS.get(match["number"]) or next(iter(figures(match["number"])), "")
            if re.fullmatch(r"\d+(?:\.\d+)?", value):
                yield Threshold(record.sign, Decimal(value), _unit_of(match), match.start(), match.end())


def _unit_of(match: re.Match[str]) -> str:
    return re.sub(r"^y(?:/?o?|rs?)$", "years", match["unit"] or "")


def _near(limit: Threshold, question: Question) -> str:
    words = list(words_of(question.read))
    before = [word.folded for word in words if word.end <= limit.start][-_REACH:]
    inside = [word.folded for word in words if limit.start <= word.start < limit.end]
    after = [word.folded for word in words if word.start >= limit.end][:_REACH]
    return f" {' '.join((*before, *inside, *after))} "


def _of_unit(limit: Threshold, names: Sequence[str], numeric: Sequence[int]) -> list[int]:
    unit = limit.unit.split(" ")[0].rstrip("s")
    of_unit = [c for c in numeric if unit and re.search(rf"\({re.escape(unit)}s?\)", names[c].lower())]
    return [c for c in of_unit if not _is_age(names[c])]


def _is_age(name: str) -> bool:
    return "age" in name.lower().split()


def _word_before(limit: Threshold, question: Question) -> str:
    return next((word.folded for word in reversed(list(words_of(question.read[: limit.start])))), "")


def _unit_agrees(limit: Threshold, name: str) -> bool:
    """Return whether a column's unit of time, if it has one, is the limit's: two years are no two months."""
    wanted = next((time for time in _TIMES if limit.unit.startswith(time)), None)
    there = next((time for time in _TIMES if re.search(rf"\({time}s?\)", name.lower())), None)
    return wanted is None or there is None or wanted == there
