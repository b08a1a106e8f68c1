"""CSV and TSV → structure: one table, recognised by rows of equal width and not by the file's name."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from corpus.errors import UnreadableFileError
from corpus.readers.composer import Composer
from corpus.readers.structure import Structure

MOST_ROWS = 50_000
"""Rows above which a table is refused: each becomes a passage of its own."""

_SEPARATORS = ("\t", ",", ";", "|")
_SAMPLE = 50  # rows that are looked at
_FEWEST_ROWS = 2
_LONGEST_CELL = 2_000
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s|```|\|?\s*:?-{3,})|^---\s*$", re.MULTILINE)


def separator_of(text: str) -> str | None:
    """Return the character that separates the cells of `text`, or None if it is no table.

    It separates at least two columns in nearly every row; a comma that prose has between its clauses is followed by
    a space, and a pipe table in Markdown has a line of dashes.
    """
    head = text[:100_000]
    if _MARKUP.search(head[:5_000]):
        return None
    for separator in _SEPARATORS:
        rows = _rows(head, separator, _SAMPLE)
        if len(text) > len(head) and len(rows) < _SAMPLE:
            rows = rows[:-1]
        if _is_table(rows, separator):
            return separator
    return None


def read_sheet(text: str, separator: str, name: str) -> list[Structure]:
    """Return the structure of a table; lines over the header that fill one cell are its caption.

    Raises:
        UnreadableFileError: it has more rows than a library can cite one by one, or a quotation mark is never closed.
    """
    rows = _rows(text, separator, MOST_ROWS + 2)
    if not rows:
        raise UnreadableFileError(f"{name} has a cell that never ends; mend its quotation marks and add it again.")
    if len(rows) > MOST_ROWS:
        raise UnreadableFileError(f"{name} has more than {MOST_ROWS:,} rows; add the rows that matter as a file.")
    caption: list[str] = []
    while len(rows) > 1 and sum(bool(cell) for cell in rows[0]) == 1:
        caption.append(next(cell for cell in rows.pop(0) if cell))
    width = max(len(row) for row in rows)
    while width > 1 and not any(row[width - 1] for row in rows if len(row) >= width):
        width -= 1
    composer = Composer()
    title = " ".join(caption)
    composer.caption(title)
    composer.table(title, rows[0][:width], [row[:width] for row in rows[1:]])
    composer.metadata = {"title": title or None}
    return [composer.finish()]


def _rows(text: str, separator: str, most: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        rows = [[cell.strip() for cell in row] for row in islice(reader, most)]
    except csv.Error:  # a cell beyond the module's limit: no table that anybody reads
        return []
    return [row for row in rows if any(row)]


def _is_table(rows: list[list[str]], separator: str) -> bool:
    widths = Counter(len(row) for row in rows)
    if len(rows) < _FEWEST_ROWS or not widths:
        return False
    width, count = widths.most_common(1)[0]
    if width < 2 or count < 0.9 * len(rows) or any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return False
    if separator == "\t":
        return True
    # A file of few columns is told from lines of prose by its cells: none is a clause that goes on.
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell.split()) <= 12 for cell in cells)
    return short >= 0.7 * len(cells) and (width > 2 or not any(_ends_a_sentence(row[-1]) for row in rows))


def _ends_a_sentence(cell: str) -> bool:
    return len(cell.split()) > 3 and cell.endswith((".", "?", "!"))
