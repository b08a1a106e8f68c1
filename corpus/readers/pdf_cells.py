"""Words of a table → its header and rows, cell by cell.

Columns are told by vertical rules or by the rivers of white between what stands in lines; rows by horizontal rules,
by the distance of lines, and by which columns a line fills.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_columns import lines_of
from corpus.readers.pdf_glyphs import HYPHEN, Rule, Word

_APART = 0.85  # of the size: from which gap on a line is broken into pieces
_CROSSED = 0.1  # share of the lines that may run across a river
_NARROWEST_RIVER = 2.0
_MOST_COLUMNS = 30
_UNFINISHED = re.compile(r"(?:[\w­-]-|­|,|\(|/|\b(?:and|or|of|to|the|with|in|for|per|by|vs\.?|plus))$", re.IGNORECASE)
_FIGURE = re.compile(r"^[<>≤≥=±~+−–-]*\s*\d")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells as text; `damage` says what the print leaves open."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    damage: str | None = None


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


_Line = list[list[Segment]]  # the pieces of one line in each column


def segments_of(line: Sequence[Word]) -> list[Segment]:
    """Return the pieces of a line that wide gaps part."""
    pieces: list[list[Word]] = []
    reach = 0.0
    for word in line:
        if pieces and word.left - reach <= _APART * word.size:
            pieces[-1].append(word)
        else:
            pieces.append([word])
        reach = max(reach, word.right)
    return [Segment(tuple(piece)) for piece in pieces]


def grid_of(words: Sequence[Word], rules: Sequence[Rule], levels: Sequence[float]) -> Grid | None:
    """Return the cells of a table, or None if its words stand in one column.

    `rules` are the upright rules inside it and the level ones that don't go all the way; `levels` are the heights of
    those that do, from the top to the bottom.
    """
    lines = [segments_of(line) for line in lines_of(words)]
    drawn = _drawn_edges(words, rules)
    edges = drawn or _open_edges(lines, levels)
    if not edges or len(edges) > _MOST_COLUMNS:
        return None
    headed = levels[1] if len(levels) > 2 else None
    top = [line for line in lines if headed is not None and line[0].base < headed + 1]
    body = [line for line in lines if line not in top]
    if not top and body:
        top, body = body[:1], body[1:]
    if not body:
        return None
    header = _header(top, edges, [rule for rule in rules if rule.is_level])
    crossing = any(_crosses(line, edges) for line in body)
    placed, bases = _spread([_placed(line, edges, bool(drawn)) for line in body], [line[0].base for line in body])
    rows, open_ = _rows(placed, bases, [level for level in levels if level > (headed or 0)])
    damage = None
    if crossing:
        damage = "text runs across its columns, so cells may be cut wrongly"
    elif open_:
        damage = "the print does not show where its rows end, so cells may stand in a neighbouring row"
    return Grid(header, tuple(rows), damage)


def _drawn_edges(words: Sequence[Word], rules: Sequence[Rule]) -> list[float]:
    """Return where upright rules end columns; none if words stand across them."""
    left, right = min(word.left for word in words), max(word.right for word in words)
    height = max(word.bottom for word in words) - min(word.top for word in words)
    drawn: dict[int, float] = {}
    for rule in rules:
        if not rule.is_level and left + 3 < rule.left < right - 3:
            drawn[round(rule.left / 3)] = drawn.get(round(rule.left / 3), 0.0) + rule.bottom - rule.top
    ruled = _merged(sorted(3.0 * at for at, length in drawn.items() if length > 0.5 * height))
    crossed = sum(any(word.left < at - 2 and word.right > at + 2 for at in ruled) for word in words)
    return ruled if crossed <= 0.03 * len(words) else []


def _open_edges(lines: Sequence[list[Segment]], levels: Sequence[float]) -> list[float]:
    """Return where columns end by the rivers of white between the pieces of lines."""
    headed = levels[1] if len(levels) > 2 else 0.0
    body = [line for line in lines if len(line) > 1 and line[0].base > headed] or [
        line for line in lines if len(line) > 1
    ]
    return [(a + b) / 2 for a, b in _rivers(body)]


def _merged(places: Sequence[float]) -> list[float]:
    merged: list[float] = []
    for at in places:
        if not merged or at - merged[-1] > 7:
            merged.append(at)
    return merged


def _rivers(lines: Sequence[list[Segment]]) -> list[tuple[float, float]]:
    """Return the stretches that hardly any line of several pieces covers."""
    ends = sorted(event for line in lines for piece in line for event in ((piece.left, 1), (piece.right, -1)))
    allowed = int(_CROSSED * len(lines))
    rivers, covering, begun = [], 0, None
    for (at, step), (after, _) in pairwise(ends):
        covering += step
        if covering <= allowed:
            begun = at if begun is None else begun
            end = after
            continue
        if begun is not None and end - begun >= _NARROWEST_RIVER:
            rivers.append((begun, end))
        begun = None
    return rivers


def _column(piece: Segment | Word, edges: Sequence[float]) -> int:
    middle = (piece.left + piece.right) / 2
    return sum(middle > edge for edge in edges)


def _placed(line: Sequence[Segment], edges: Sequence[float], drawn: bool) -> _Line:
    """Return a line's pieces by column; one that crosses an edge is cut there if a gap or a rule allows it."""
    columns: _Line = [[] for _ in range(len(edges) + 1)]
    for piece in line:
        groups: dict[int, list[Word]] = {}
        for word in piece.words:
            groups.setdefault(_column(word, edges), []).append(word)
        across = any(word.left < edge - 1.5 and word.right > edge + 1.5 for word in piece.words for edge in edges)
        if len(groups) > 1 and len(line) == 1 and (across or not drawn):
            columns[0].append(piece)  # a line across the table heads the rows below it
            continue
        for column, words in groups.items():
            columns[column].append(Segment(tuple(words)))
    return columns


def _spread(lines: Sequence[_Line], bases: Sequence[float]) -> tuple[list[_Line], list[float]]:
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


def _crosses(line: Sequence[Segment], edges: Sequence[float]) -> bool:
    """Return whether a word of a line in columns stands across an edge: then its cells can't be told apart."""
    return len(line) > 1 and any(
        word.left < edge - 1.5 and word.right > edge + 1.5 for piece in line for word in piece.words for edge in edges
    )


def _header(lines: Sequence[Sequence[Segment]], edges: Sequence[float], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the column names; a name that a rule underlines stands over all columns that the rule goes over."""
    names: list[list[str]] = [[] for _ in range(len(edges) + 1)]
    for line in lines:
        for piece in line:
            under = next(
                (
                    r
                    for r in rules
                    if 0 < r.top - piece.base < 9 and r.left - 3 <= piece.left and piece.right <= r.right + 3
                ),
                None,
            )
            left, right = (under.left + 4, under.right - 4) if under else (piece.left, piece.right)
            first, last = sum(left > edge for edge in edges), sum(right > edge for edge in edges)
            for column in range(first, last + 1):
                names[column].append(piece.text)
    return tuple(joined(parts) for parts in names)


def _rows(
    lines: Sequence[_Line], bases: Sequence[float], levels: Sequence[float]
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


def _has_rows(lines: Sequence[_Line]) -> bool:
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


def _starts(line: _Line, above: _Line, row: Sequence[Sequence[str]]) -> bool | None:
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
