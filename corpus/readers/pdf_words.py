"""Printed characters → words, superscripts written as what they are: a power, or a mark that refers to something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

HYPHEN = "\u00ad"
"""What stands for a hyphen at a line's end, until the line after it tells whether it goes."""

_RAISED = 0.15  # of the size: how far a superscript stands above the line
_SMALLER = 0.86  # of the size: how small a superscript is at most
_EXPONENTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character; `base` is the line that it stands on."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without white space between them, on one line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool


def words_of(glyphs: Iterable[Glyph]) -> Iterator[Word]:
    """Yield the words: characters that follow each other on one line without a gap; superscripts are marked."""
    run: list[Glyph] = []
    guessed = False  # whether PDFium put a space before the next character that the file doesn't print
    for glyph in glyphs:
        if not glyph.size:
            guessed = not glyph.char and bool(run)
            if guessed:
                continue
        if not glyph.size or (run and (_parts(run, glyph) or (guessed and not _is_next(run[-1], glyph)))):
            yield from _word(run)
            run = []
        if glyph.size:
            run.append(glyph)
            guessed = False
    yield from _word(run)


def _is_next(last: Glyph, glyph: Glyph) -> bool:
    """Return whether a raised character touches the one beside it: PDFium takes the change of height for a space."""
    size = max(last.size, glyph.size)
    return min(last.size, glyph.size) < _SMALLER * size and -0.2 * size < glyph.left - last.right < 0.1 * size


def _parts(run: Sequence[Glyph], glyph: Glyph) -> bool:
    """Return whether a character begins another word: on another line, after a gap, or to the left of the last one."""
    last = run[-1]
    size = max(last.size, glyph.size)
    gap = glyph.left - last.right
    return abs(glyph.base - last.base) > 0.6 * size or gap > 0.28 * size or gap < -1.2 * size


def _word(run: Sequence[Glyph]) -> Iterator[Word]:
    if not run:
        return
    size = max(glyph.size for glyph in run)
    base = max(glyph.base for glyph in run if glyph.size >= _SMALLER * size)
    text, raised = "", ""
    for glyph in run:
        if glyph.size < _SMALLER * size and base - glyph.base > _RAISED * size:
            raised += glyph.char
            continue
        text, raised = text + with_raised(text, raised) + glyph.char, ""
    text += with_raised(text, raised)
    left, right = min(g.left for g in run), max(g.right for g in run)
    top, bottom = min(g.top for g in run), max(g.bottom for g in run)
    yield Word(text, left, top, right, bottom, base, size, 2 * sum(g.bold for g in run) > len(run))


def with_raised(before: str, raised: str) -> str:
    """Return how superscript characters are written: an exponent as one, anything else between marks of its own.

    After "10" or a unit of length a number is an exponent; after anything else it refers to something.
    """
    if not raised:
        return ""
    stem = before.rstrip()
    number = raised.replace("−", "-").replace("–", "-").lstrip("+-").isdigit()
    power = stem.endswith("10") and not stem[:-2][-1:].isdigit() and not stem[:-2].endswith((".", ","))
    unit = stem.split("/")[-1] in ("m", "cm", "mm", "km", "µm", "μm", "kg", "s", "dm") or stem[-2:] in ("/m",)
    if number and (power or (unit and len(raised) <= 2)):
        return raised.translate(_EXPONENTS)
    return f"<sup>{raised}</sup>"
