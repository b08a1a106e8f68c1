"""Damage of the print as a value: where it stands, what is printed, how it reads if that is certain, and why.

A repair is a layer over the stored text and never changes it. What is not certain has no reading: it is told as it is
printed, with the reason why it can't be relied on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Document, Span


class Damage(StrEnum):
    """A kind of damage that extraction, scanning or typing leaves."""

    NUMBERS = "numbers run together"
    DIGITS = "letters among digits"
    UNIT = "broken unit"
    DRUG = "misspelt drug name"
    CELLS = "cells out of their row"
    SENTENCE = "sentence cut"
    LOST = "characters lost"
    REFERENCE = "reference mark run into the text"
    HYPHEN = "word split by a hyphen"
    LINE_NUMBERS = "margin line number"
    BRACKET = "bracket left open"
    EMPTY = "reference lost"
    HEADER = "column name lost or cut"
    REPEATED = "header repeated among rows"
    NO_ENTRY = "cell empty where others say none"
    FLATTENED = "table printed one cell a line"
    STOPS = "stray full stops"


GRAVE = frozenset({Damage.NUMBERS, Damage.DIGITS, Damage.UNIT, Damage.DRUG, Damage.CELLS, Damage.SENTENCE, Damage.LOST})
"""What can change a figure, a unit, a name or what is denied: an answer that quotes it says so."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged place: `printed` is `document.text[start:end]`, `reading` what it says if that is `certain`."""

    start: int
    end: int
    kind: Damage
    reason: str
    printed: str
    reading: str | None = None
    certain: bool = False

    @property
    def span(self) -> Span:
        """Return where the damage stands."""
        return Span(self.start, self.end)


def found_at(text: str, start: int, end: int, kind: Damage, reason: str, reading: str | None = None) -> Repair:
    """Return a repair of a place; it is certain if it has a reading."""
    return Repair(start, end, kind, reason, text[start:end], reading, reading is not None)


def within(repairs: Iterable[Repair], span: Span) -> tuple[Repair, ...]:
    """Return the repairs that touch a span."""
    return tuple(repair for repair in repairs if repair.start < span.end and repair.end > span.start)


def as_read(document: Document, span: Span, repairs: Sequence[Repair]) -> str:
    """Return the text of a span with the certain repairs in it made; those that overlap another one are left."""
    text, at = "", span.start
    for repair in sorted(within(repairs, span), key=lambda repair: repair.start):
        if repair.reading is None or repair.start < at or repair.end > span.end:
            continue
        text += document.text[at : repair.start] + repair.reading
        at = repair.end
    return text + document.text[at : span.end]


def reasons(repairs: Iterable[Repair]) -> str:
    """Return why the print was repaired or can't be relied on, each reason once."""
    return "; ".join(dict.fromkeys(repair.reason for repair in repairs))
