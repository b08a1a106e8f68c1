"""Damage of the print as a value: where it stands, what is printed, how it reads if that is certain, and why.

A repair is a layer over the stored text and never changes it. What is not certain has no reading: it is told as it is
printed, with the reason why it can't be relied on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


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
    OCR = "read by OCR"


READ_BY_OCR = "read by OCR from a picture of the page, so figures may be misread"
"""The reason that what stands on a recognised page is given with."""

GRAVE = frozenset(
    {
        Damage.NUMBERS,
        Damage.DIGITS,
        Damage.UNIT,
        Damage.DRUG,
        Damage.CELLS,
        Damage.SENTENCE,
        Damage.LOST,
        Damage.OCR,
    }
)
"""What can change a figure, a unit, a name or what is denied: an answer that quotes it says so."""


UNUSABLE = frozenset({Damage.CELLS, Damage.FLATTENED})
"""What leaves open which row or column a figure belongs to: nothing is answered from there."""


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


def found_at(text: str, start: int, end: int, kind: Damage, reason: str, reading: str | None = None) -> Repair:
    """Return a repair of a place; it is certain if it has a reading."""
    return Repair(start, end, kind, reason, text[start:end], reading, reading is not None)


def within(repairs: Iterable[Repair], start: int, end: int) -> tuple[Repair, ...]:
    """Return the repairs that touch the characters from `start` to `end`."""
    return tuple(repair for repair in repairs if repair.start < end and repair.end > start)


def as_read(text: str, start: int, end: int, repairs: Sequence[Repair]) -> str:
    """Return `text[start:end]` with the certain repairs in it made; one that overlaps another is left."""
    read, at = "", start
    for repair in sorted(within(repairs, start, end), key=lambda repair: repair.start):
        if repair.reading is None or repair.start < at or repair.end > end:
            continue
        read += text[at : repair.start] + repair.reading
        at = repair.end
    return read + text[at:end]


def reasons(repairs: Iterable[Repair]) -> str:
    """Return why the print was repaired or can't be relied on, each reason once."""
    return "; ".join(dict.fromkeys(repair.reason for repair in repairs))
