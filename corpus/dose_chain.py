"""Figures that stand in a row, such as "10, 20 or 30 mg", and the amounts that they are.

A figure without a unit takes the next one's only where the two are joined; a change of dose is never read as a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from corpus import dose_patterns as patterns
from corpus import dose_words as words

_RANGE = ("to", "-")


@dataclass(frozen=True, slots=True)
class Piece:
    """One figure of a chain such as "10, 20 or 30 mg": how it is joined on, and the unit: its own or a later one's."""

    joiner: str
    start: int
    end: int
    figure: str
    own: str | None
    unit: str = ""
    closing: str = ""

    @property
    def value(self) -> Decimal:
        """Return what the figure is worth, in its unit."""
        return words.number(self.figure)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of a chain. `shares` says that the words after the chain belong to it too."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str
    shares: bool
    notes: tuple[str, ...]


def chain(text: str, at: int) -> list[Piece]:
    """Return the figures that stand in a row from `at`, joined by "to", "or", commas and the like."""
    pieces: list[Piece] = []
    joiner = ""
    while piece := patterns.PIECE.match(text, at):
        own = words.unit_of(piece["unit"]) if piece["unit"] else None
        pieces.append(Piece(joiner, piece.start(), piece.end(), piece["figure"], own))
        joined = patterns.JOINER.match(text, piece.end())
        if not joined:
            break
        joiner = re.sub(r"(?<=,)\s+", "", " ".join(joined[1].lower().split()))
        joiner, at = patterns.JOINERS.get(joiner, joiner), joined.end()
    return pieces


def groups(text: str, pieces: list[Piece]) -> list[list[Piece]]:
    """Return the chain parted where its figures don't share a unit, without figures that have none."""
    unit = closing = ""
    with_units: list[Piece] = []
    for piece in reversed(pieces):
        unit = piece.own or unit
        closing = closing if piece.joiner == "," else piece.joiner
        if unit:
            with_units.append(replace(piece, unit=unit, closing=closing))
    with_units.reverse()
    parted: list[list[Piece]] = [with_units[:1]]
    for before, piece in pairwise(with_units):
        if _joins(text, before, piece):
            parted[-1].append(piece)
        else:
            parted.append([piece])
    return [group for group in parted if group and group[-1].own]


def _joins(text: str, before: Piece, piece: Piece) -> bool:
    if before.unit != piece.unit:
        return bool(before.own in words.MASS and piece.unit in words.MASS and piece.joiner in _RANGE)
    if piece.joiner == "," and piece.closing not in ("or", "and"):
        return False
    if before.own:
        return True
    labelled = not before.joiner and patterns.LABEL.search(text, max(0, before.start - patterns.WINDOW), before.start)
    return not labelled and (before.value <= piece.value or piece.joiner == "to")


def amounts(group: list[Piece], before: str, released: bool) -> Iterator[Amount]:
    """Yield the amounts of a chain: a range is one, alternatives are several, a change of dose is never a range."""
    between = len(group) > 1 and group[1].joiner == "and" and bool(patterns.BETWEEN.search(before))
    spans = [piece.joiner in _RANGE or (between and piece is group[1]) for piece in group]
    change = _is_change(group, spans, before)
    joiners = {piece.joiner for piece in group[1 + between :]}
    notes = tuple(note for told, note in ((change, patterns.CHANGE), ("/" in joiners, patterns.PARTS)) if told)
    at = 0
    while at < len(group):
        first = last = group[at]
        if at + 1 < len(group) and spans[at + 1] and not change:
            at += 1
            last = group[at]
        at += 1
        # "5 mg or 11 mg extended release daily": neither the release nor the frequency is surely that of the 5 mg.
        shares = at == len(group) or not (change or (last.own and released))
        low, high = _in_unit(first, last.unit), _in_unit(last, last.unit)
        also = (patterns.EACH,) if "and" in joiners and at < len(group) else ()
        yield Amount(first.start, last.end, low, high, last.unit, shares, notes + also)


def _is_change(group: list[Piece], spans: list[bool], before: str) -> bool:
    if any(spans) and patterns.FROM.search(before) and not patterns.RANGING.search(before):
        return True
    if any(one and other for one, other in pairwise(spans)):
        return True
    steps = zip(pairwise(group), spans[1:], strict=True)
    return any(spanned and _in_unit(one, other.unit) > other.value for (one, other), spanned in steps)


def _in_unit(piece: Piece, unit: str) -> Decimal:
    if piece.unit == unit:
        return piece.value
    return words.decimal_of(Fraction(piece.value) * words.MASS[piece.unit] / words.MASS[unit])
