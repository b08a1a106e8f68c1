"""The figures of a question or of a name in a table, each with what it counts: "7 mg", "week 16", "PASI 75", "≤2.8".

A dose is no week: two figures are the same only if they have the same unit or, where neither has one, the same word
before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.figures import UNITS, figures
from corpus.text import fold

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[<>≤≥%/]")
_NUMERALS = frozenset({"I", "II", "III", "IV", "V", "VI", "A", "B", "C"})  # of studies: "PsA-II", "UNCOVER-A"
_HYPHENS = "-\u2010\u2011\u2013"
_SIGNS = frozenset("<>≤≥")
_PREFIX = 4  # letters that two forms of a word share at least: "month" and "months"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its number in one spelling, its unit or the word before it, a sign before it, and where it stands."""

    number: str
    unit: str
    word: str
    sign: str
    start: int
    end: int

    def is_same(self, other: Figure) -> bool:
        """Return whether two figures say the same thing."""
        if self.number != other.number or (self.sign and other.sign and self.sign != other.sign):
            return False
        if self.unit or other.unit:
            return self.unit == other.unit
        return bool(self.word) and self.word[:_PREFIX] == other.word[:_PREFIX]


def figures_in(text: str) -> Iterator[Figure]:
    """Yield the figures of a text in order; letters before one belong to it: "ACR20" is 20 after "acr", "CD-II" II."""
    text = text.replace("<=", "≤ ").replace(">=", "≥ ")
    tokens = [(found.group().lower(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    for at, (token, start, end) in enumerate(tokens):
        if not token[0].isdigit():
            if at and text[start - 1] in _HYPHENS and text[start:end] in _NUMERALS and tokens[at - 1][2] == start - 1:
                yield Figure(text[start:end], "", tokens[at - 1][0], "", tokens[at - 1][1], end)
            continue
        sign = tokens[at - 1][0] if at and tokens[at - 1][0] in _SIGNS else ""
        before = at - 1 - bool(sign)
        word = tokens[before][0] if before >= 0 and tokens[before][0].isalpha() else ""
        unit, last = _unit_after(tokens, at)
        if not unit and UNITS.get(word, "%") not in ("%", "mg", "g", "mcg", "ml"):
            unit, start = UNITS[word], tokens[before][1]
        number = next(iter(figures(fold(token.replace(",", ".")))), token)
        yield Figure(number, unit, word, sign, start, max(end, last))


def _unit_after(tokens: list[tuple[str, int, int]], at: int) -> tuple[str, int]:
    """Return the unit after a number and where it ends; "160/80 mg" gives both numbers theirs."""
    following = at + 1
    while following + 1 < len(tokens) and tokens[following][0] == "/" and tokens[following + 1][0][0].isdigit():
        following += 2
    if following < len(tokens) and tokens[following][0] in UNITS and tokens[following][0] != "h":
        return UNITS[tokens[following][0]], tokens[following][2]
    return "", 0
