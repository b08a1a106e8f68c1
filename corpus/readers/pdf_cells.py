"""Words of a table → its header and rows, cell by cell.

Columns are told by vertical rules or by the rivers of white between what stands in lines; rows by horizontal rules,
by the distance of lines, and by which columns a line fills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf_columns import lines_of
from corpus.readers.pdf_glyphs import Rule
from corpus.readers.pdf_rows import PlacedLine, Segment, joined, rows_of, spread
from corpus.readers.pdf_words import Word

_APART = 0.85  # of the size: from which gap on a line is broken into pieces
_CROSSED = 0.1  # share of the lines that may run across a river
_NARROWEST_RIVER = 2.0
_MOST_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells as text; `damage` says what the print leaves open."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    damage: str | None = None


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
    placed, bases = spread([_placed(line, edges, bool(drawn)) for line in body], [line[0].base for line in body])
    rows, open_ = rows_of(placed, bases, [level for level in levels if level > (headed or 0)])
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
    body = [line for line in lines if len(line) > 1 and line[0].base > headed]
    most = max(map(len, body), default=2)
    heads = [line for line in lines if line[0].base <= headed and len(line) >= most]
    return [(a + b) / 2 for a, b in _rivers([*heads, *body])]


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


def _placed(line: Sequence[Segment], edges: Sequence[float], drawn: bool) -> PlacedLine:
    """Return a line's pieces by column; one that crosses an edge is cut there if a gap or a rule allows it."""
    columns: PlacedLine = [[] for _ in range(len(edges) + 1)]
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


def _crosses(line: Sequence[Segment], edges: Sequence[float]) -> bool:
    """Return whether a word of a line in columns stands across an edge: then its cells can't be told apart."""
    return len(line) > 1 and any(
        word.left < edge - 1.5 and word.right > edge + 1.5 for piece in line for word in piece.words for edge in edges
    )


def _header(lines: Sequence[Sequence[Segment]], edges: Sequence[float], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the column names; a name that a rule underlines stands over all columns that the rule goes over."""
    names: list[list[str]] = [[] for _ in range(len(edges) + 1)]
    partial = [rule for rule in rules if rule.left > edges[0] or rule.right < edges[-1]]
    for line in lines:
        for piece in line:
            under = next(
                (
                    r
                    for r in partial
                    if 0 < r.top - piece.base < 9 and r.left - 3 <= piece.left and piece.right <= r.right + 3
                ),
                None,
            )
            left, right = (under.left + 4, under.right - 4) if under else (piece.left, piece.right)
            first, last = sum(left > edge for edge in edges), sum(right > edge for edge in edges)
            for column in range(first, last + 1):
                names[column].append(piece.text)
    return tuple(joined(parts) for parts in names)
