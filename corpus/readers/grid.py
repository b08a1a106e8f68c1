"""A marked-up table → a rectangle of texts: spans filled in, header rows told from the body and joined.

A cell that spans rows or columns holds for each of them, so its text is repeated: a row is cited by itself and has to
name its drug. A row of which only the first cell says something is a heading within the table, however wide it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from corpus.readers.parsed import tag_of

Element = etree._Element
_WIDEST = 200  # columns
_MOST_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class Laid:
    """One cell as the file gives it: its text, how far it spans, and whether it is marked as a heading."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a rectangle. `title` is a first row that was one cell all across, "" without one."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grid_of(table: Element, text_of: Callable[[Element], str]) -> Grid:
    """Return the rectangle of an HTML or JATS table; nested tables are part of their cell's text."""
    head: list[list[Laid]] = []
    body: list[list[Laid]] = []
    for row, in_head in rows_of(table):
        cells = [_laid(cell, text_of) for cell in row if tag_of(cell) in ("td", "th")]
        (head if in_head else body).append(cells)
    return rectangle(head, body)


def rectangle(head: Sequence[Sequence[Laid]], body: Sequence[Sequence[Laid]]) -> Grid:
    """Return the rectangle of rows whose header is known, or of rows (with no `head`) whose header is on top."""
    width = min(_WIDEST, max((_width(row) for row in [*head, *body]), default=0))
    if not width or width * (len(head) + len(body)) > _MOST_CELLS:
        return Grid("", (), ())
    title = ""
    rows = list(head) or list(body)
    while len(rows) > 1 and _is_title(rows[0], width):
        title = f"{title} {rows[0][0].text}".strip()
        rows = rows[1:]
    if head:
        top, rest = rows, list(body)
        if not rest and len(top) > 1:
            top, rest = top[:1], top[1:]
    else:
        depth = _header_depth(rows)
        top, rest = rows[:depth], rows[depth:]
    names = _filled(top, width, heading=True)
    header = tuple(": ".join(dict.fromkeys(part for part in column if part)) for column in zip(*names, strict=True))
    return Grid(title, header or ("",) * width, tuple(row for row in _filled(rest, width) if any(row)))


def rows_of(table: Element) -> Iterator[tuple[Element, bool]]:
    """Yield a table's own rows, in order, and whether each is in its head; rows of the foot come last."""
    foot: list[Element] = []
    for part in table:
        tag = tag_of(part)
        if tag == "tr":
            yield part, False
        elif tag == "tfoot":
            foot += [row for row in part if tag_of(row) == "tr"]
        elif tag in ("thead", "tbody", "tgroup"):
            yield from ((row, tag == "thead") for row in part if tag_of(row) == "tr")
    yield from ((row, False) for row in foot)


def _laid(cell: Element, text_of: Callable[[Element], str]) -> Laid:
    return Laid(text_of(cell), _span(cell, "rowspan"), _span(cell, "colspan"), tag_of(cell) == "th")


def _span(cell: Element, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), _WIDEST) if value.isdecimal() and len(value) < 6 else 1


def _width(row: Sequence[Laid]) -> int:
    return sum(cell.columns for cell in row)


def _is_title(row: Sequence[Laid], width: int) -> bool:
    return len(row) == 1 and row[0].columns == width > 1 and bool(row[0].text)


def _header_depth(rows: Sequence[Sequence[Laid]]) -> int:
    """Return how many rows the header takes that nothing marks: while they are headings, or cells there span more."""
    depth = 1
    while depth < len(rows) - 1 and all(cell.heading for cell in rows[depth]) and rows[depth]:
        depth += 1
    reach = max((cell.rows for cell in rows[0]), default=1)
    if depth == 1 and reach > 1 and any(cell.columns > 1 for cell in rows[0]):
        depth = reach
    return min(depth, max(len(rows) - 1, 1))


def _filled(rows: Sequence[Sequence[Laid]], width: int, heading: bool = False) -> list[tuple[str, ...]]:
    """Return rows of exactly `width` texts, every spanning cell repeated where it holds."""
    held: dict[int, tuple[str, int]] = {}  # column → text and the rows that it still holds for
    found = []
    for row in rows:
        line, cells = [""] * width, iter(row)
        across = not heading and bool(row) and bool(row[0].text) and not any(cell.text for cell in row[1:])
        column = 0
        while column < width:
            if column in held:
                text, left = held.pop(column)
                line[column] = text
                if left > 1:
                    held[column] = (text, left - 1)
                column += 1
                continue
            cell = next(cells, None)
            if cell is None:
                column += 1
                continue
            for at in range(column, min(column + cell.columns, width)):
                line[at] = "" if across and at else cell.text
                if cell.rows > 1:
                    held[at] = (line[at], cell.rows - 1)
            column += cell.columns
        found.append(tuple(line))
    return found
