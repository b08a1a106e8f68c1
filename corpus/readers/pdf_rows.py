"""Lines of a table, their pieces in columns → its rows: by rules, by the distance of lines, by what a line fills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_words import HYPHEN, Word

_UNFINISHED = re.compile(
    r"(?:[\w\u00ad-]-|\u00ad|,|\(|/|\b(?:and|or|of|to|the|with|in|for|per|by|vs\.?|plus))$", re.IGNORECASE
)
_FIGURE = re.compile(r"^[<>≤≥=±~+−–-]*\s*\d")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line between wide gaps."""

    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        """Return its left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Return its right edge."""
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        """Return the line it stands on."""
        return self.words[0].base

    @property
    def text(self) -> str:
        """Return its words."""
        return " ".join(word.text for word in self.words)


PlacedLine = list[list[Segment]]  # the pieces of one line in each column


def spread(lines: Sequence[PlacedLine], bases: Sequence[float]) -> tuple[list[PlacedLine], list[float]]:
    """Return the lines without those set between two others: such cells stand for both of their neighbours."""
    kept, heights = [list(line) for line in lines], list(bases)
    at = 1
    while at + 1 < len(kept):
        size = max(word.size for pieces in kept[at] for piece in pieces for word in piece.words)
        filled = [column for column, pieces in enumerate(kept[at]) if pieces]
        near = heights[at + 1] - heights[at - 1] < 1.7 * size and _has_rows([kept[at - 1], kept[at + 1]])
        if near and not any(kept[at - 1][column] or kept[at + 1][column] for column in filled):
            for column in filled:
                kept[at - 1][column] = kept[at + 1][column] = kept[at][column]
            del kept[at], heights[at]
        at += 1
    return kept, heights


def rows_of(
    lines: Sequence[PlacedLine], bases: Sequence[float], levels: Sequence[float]
) -> tuple[list[tuple[str, ...]], bool]:
    """Return the rows, and whether the print leaves open where one of them ends."""
    if not lines:
        return [], False
    steps = [b - a for a, b in pairwise(bases)]
    bands = [sum(level < base for level in levels) for base in bases]
    each = len(set(bands)) > 1  # whether rules part rows, or at least groups of rows
    tall = None if each else _row_step(steps)
    rows: list[list[list[str]]] = []
    open_ = False
    for number, line in enumerate(lines):
        starts: bool | None = True
        if number and bands[number] == bands[number - 1]:
            if each and not _has_rows([some for some, band in zip(lines, bands, strict=True) if band == bands[number]]):
                starts = False
            elif tall is not None:
                starts = steps[number - 1] > tall
            else:
                starts = _starts(line, lines[number - 1], rows[-1])
        if starts is None:
            open_, starts = True, False
        if starts:
            rows.append([[] for _ in line])
        for column, pieces in enumerate(line):
            rows[-1][column].extend(piece.text for piece in pieces)
    return [tuple(joined(cell) for cell in row) for row in rows], open_


def _has_rows(lines: Sequence[PlacedLine]) -> bool:
    """Return whether the lines between two rules are rows of their own: several columns have a figure in each."""
    figures = [
        sum(bool(pieces) and bool(_FIGURE.match(pieces[0].text)) for pieces in column)
        for column in zip(*lines, strict=True)
    ]
    return sum(count > 1 for count in figures) > 1 or sum(bool(line[0]) for line in lines) == len(lines) > 2


def _row_step(steps: Sequence[float]) -> float | None:
    """Return the distance of lines from which a new row begins, where there are clearly two distances."""
    if len(steps) < 3:
        return None
    ordered = sorted(steps)
    jumps = [(b / a, i) for i, (a, b) in enumerate(pairwise(ordered)) if a > 0]
    best, at = max(jumps, default=(0.0, 0))
    if best < 1.25 or at + 1 == len(ordered) - 0 or len(ordered) - at - 1 < 2 or at + 1 < 2:
        return None
    low, high = ordered[: at + 1], ordered[at + 1 :]
    return (low[-1] + high[0]) / 2 if max(low) / min(low) < 1.25 and median(high) else None


def _starts(line: PlacedLine, above: PlacedLine, row: Sequence[Sequence[str]]) -> bool | None:
    """Return whether a line begins a row, None where the print leaves it open."""
    filled = [column for column, pieces in enumerate(line) if pieces]
    texts = {column: " ".join(piece.text for piece in line[column]) for column in filled}
    figures = [column for column in filled if _FIGURE.match(texts[column])]
    goes_on = [column for column in filled if row[column] and _UNFINISHED.search(row[column][-1].strip())]
    lower = [column for column in filled if texts[column][:1].islower() or texts[column][:1] in ")]"]
    if 0 in filled and len(filled) > 1:
        if len(filled) == len(lower) + len([c for c in goes_on if c not in lower]):
            return False  # every cell goes on with what stands above it
        return True
    if filled == [0]:
        return not (0 in lower or 0 in goes_on)
    if all(column in lower or column in goes_on for column in filled):
        return False
    if len(figures) > 1 and all(above[column] for column in figures):
        return True  # a second line of figures under the first: the first cell stands for both
    return None if figures else False


def joined(parts: Sequence[str]) -> str:
    """Return the lines of a cell as one, words joined that a hyphen split at a line's end."""
    text = ""
    for part in parts:
        if text.endswith(HYPHEN):
            text = text[:-1] + ("" if part[:1].islower() else "-") + part
        else:
            text = f"{text} {part}" if text else part
    return text.replace(HYPHEN, "-")
