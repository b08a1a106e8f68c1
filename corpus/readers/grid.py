"""A marked-up table → a rectangle of texts: spans filled in, header rows told from the body and joined.

A cell that spans rows or columns holds for each of them, so its text is repeated: a row is cited by itself and has to
name its drug. A row of which only the first cell says something is a heading within the table, however wide it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from corpus.readers.parsed import tag_of
from corpus.text import one_line

Element = etree._Element
_WIDEST = 200  # columns
_MOST_CELLS = 400_000
_LONGEST_HEADING = 100  # characters of a row that heads those below it; more is a note
_COUNT = re.compile(r"\(?\[?\s*[Nn]\s*=\s*[\d,. ]+\]?\)?|[Nn]o?\.?\s*\(?%?\)?|\(?%\)?|[Mm]ean \(?(?:SD|SE|±\s*SD)\)?")
_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")
_AMOUNT = r"\d\s*(?:mg|g|kg|mcg|µg|μg|ml|mL|IU|units?|%)(?![a-z])"
_NOTE = re.compile(r"[*†‡§¶#]|\[\w{1,2}\]|\w\)? [A-Z=]|(?:notes?|abbreviations?|source)\b\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Laid:
    """One cell as the file gives it: its text (lines kept), how far it spans, and whether it is marked as a heading."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a rectangle.

    `title` is a first row that was one cell all across, "" without one; `notes` are such rows at its end; `marked` says
    whether the file itself says which cells are the header.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    marked: bool = False


def grid_of(table: Element, text_of: Callable[[Element], str]) -> Grid:
    """Return the rectangle of an HTML or JATS table; `text_of` gives a cell's text with a line feed between lines."""
    head: list[list[Laid]] = []
    body: list[list[Laid]] = []
    for row, in_head in rows_of(table):
        cells = [_laid(cell, text_of) for cell in row if tag_of(cell) in ("td", "th")]
        (head if in_head else body).append(cells)
    return rectangle(head, body)


def rectangle(head: Sequence[Sequence[Laid]], body: Sequence[Sequence[Laid]]) -> Grid:
    """Return the rectangle of rows whose header is known, or of rows (with no `head`) whose header is on top."""
    width = min(_WIDEST, max(_width(head), _width(body)))
    if not width or width * (len(head) + len(body)) > _MOST_CELLS:
        return Grid("", (), ())
    title = ""
    rows = list(head) or list(body)
    while len(rows) > 1 and _is_title(rows[0], width):
        title = one_line(f"{title} {rows[0][0].text}")
        rows = rows[1:]
    if head:
        depth = len(rows) if body else 1
        filled = [*_filled(rows, width, depth), *_filled(body, width)]
    else:
        depth = _header_depth(rows, width)
        filled = _filled(rows, width, depth)
    names = [tuple(map(one_line, row)) for row in filled[:depth]]
    lines = [line for row in filled[depth:] for line in _unstacked(row) if any(line)]
    while len(lines) > 1 and _counts(lines[0]):
        names.append(lines.pop(0))
    notes: list[str] = []
    while len(lines) > 1 and _is_note(lines[-1]):
        notes.insert(0, lines.pop()[0])
    header = tuple(_named(column) for column in zip(*names, strict=True))
    marked = bool(head) or all(cell.heading for cell in rows[0])
    return Grid(title, header or ("",) * width, tuple(lines), tuple(notes), marked)


def _named(parts: Sequence[str]) -> str:
    """Return a column's name from the header's rows; what goes on in small letters goes on with the same words."""
    name = ""
    for part in dict.fromkeys(parts):
        name += (" " if re.match("[a-z]{2}", part) else ": ") + part if name and part else part
    return name


def _unstacked(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a row as the rows that are stacked in it line by line, or the row with its lines joined.

    Rows are stacked where every cell has as many lines, and those of a column look alike ("14%", "15%"); the first
    cell may have one line more, which heads the others.
    """
    cells = [cell.split("\n") for cell in row]
    depth = max((len(lines) for lines in cells[1:]), default=1)
    head, names = ("", cells[0]) if len(cells[0]) == depth else (cells[0][0], cells[0][1:])
    alike = all(len({_NUMBER.sub("0", line) for line in lines}) == 1 for lines in cells[1:])
    if depth < 2 or len(names) != depth or not alike or any(len(lines) != depth for lines in cells[1:]):
        return [tuple(map(one_line, row))]
    labels = [f"{head}: {name}" if head else name for name in names]
    return [(labels[at], *(lines[at] for lines in cells[1:])) for at in range(depth)]


def _counts(row: tuple[str, ...]) -> bool:
    """Return whether a row only says how many stand in each column and in what unit: it goes with the header."""
    cells = [cell for cell in row[1:] if cell]
    return not row[0] and bool(cells) and all(_COUNT.fullmatch(cell) for cell in cells)


def _is_note(row: tuple[str, ...]) -> bool:
    """Return whether a row at the end is one text all across that explains marks or abbreviations."""
    return not any(row[1:]) and bool(_NOTE.match(row[0]) or len(row[0]) > _LONGEST_HEADING)


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


def _width(rows: Sequence[Sequence[Laid]]) -> int:
    """Return how many columns rows take, those included into which spanning cells push others."""
    held: dict[int, int] = {}  # column → rows that a cell above still takes of it
    widest = 0
    for row in rows:
        left = {column: count - 1 for column, count in held.items() if count > 1}
        column = 0
        for cell in row:
            while column in held:
                column += 1
            if cell.rows > 1:
                left |= {at: cell.rows - 1 for at in range(column, column + cell.columns) if at not in held}
            column += cell.columns
        widest = max(widest, column, max(held, default=-1) + 1)
        held = left
    return widest


def _is_title(row: Sequence[Laid], width: int) -> bool:
    return len(row) == 1 and row[0].columns == width > 1 and bool(row[0].text)


def _header_depth(rows: Sequence[Sequence[Laid]], width: int) -> int:
    """Return how many rows the header takes that nothing marks.

    It goes on while rows are headings, while cells of it span rows, and while it is plain that a row names columns:
    those that share a heading have to be told apart, and a row without a name of its own can't hold values.
    """
    depth = 1
    while depth < len(rows) - 1 and rows[depth] and all(cell.heading for cell in rows[depth]):
        depth += 1
    if depth == 1 and any(cell.columns > 1 for cell in rows[0]):
        depth = max(cell.rows for cell in rows[0])
    lines = _filled(rows, width)
    while depth < len(rows) - 1 and _goes_on(rows[depth - 1], lines[depth], width):
        depth += 1
    return min(depth, max(len(rows) - 1, 1))


def _goes_on(above: Sequence[Laid], line: tuple[str, ...], width: int) -> bool:
    cells = [cell for cell in line[1:] if cell]
    if not cells or not all(re.search(r"[A-Za-z]{2}|[Nn]\s*=", cell) for cell in cells):
        return False
    if not line[0]:
        return True
    grouped = any(1 < cell.columns < width for cell in above)
    return grouped and not any(re.search(_AMOUNT, cell) for cell in line)


def _filled(rows: Sequence[Sequence[Laid]], width: int, headings: int = 0) -> list[tuple[str, ...]]:
    """Return rows of exactly `width` texts, every spanning cell repeated where it holds; the first are `headings`."""
    held: dict[int, tuple[str, int]] = {}  # column → text from above and the rows that it still holds for
    found = []
    for number, row in enumerate(rows):
        alone = number >= headings and 0 not in held and bool(row) and not any(cell.text for cell in row[1:])
        line = [held[at][0] if at in held else "" for at in range(width)]
        left = {at: (text, count - 1) for at, (text, count) in held.items() if count > 1}
        column = 0
        for cell in row:
            while column in held:
                column += 1
            for at in range(column, min(column + cell.columns, width)):
                if at not in held:
                    line[at] = "" if alone and at > column else cell.text
                    if cell.rows > 1:
                        left[at] = (line[at], cell.rows - 1)
            column += cell.columns
        held = left
        found.append(tuple(line))
    return found
