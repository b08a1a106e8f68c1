"""Table rows in statements: which row a citation quotes, and whether a statement is that row, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from assistant.contract import Citation
from corpus.figures import figures
from corpus.passages import row_locator
from corpus.text import words
from corpus.types import Row, Table

if TYPE_CHECKING:
    from assistant.ground import Gate

_SMALL = frozenset(("a", "an", "the", "of", "in", "on", "with", "for"))
_POINT = re.compile(r"\d+(?:[.,]\d+)*|\.\d+")


def row_of(citation: Citation, gate: Gate) -> tuple[Table, Row] | None:
    """Return the table and row that a citation quotes from, or None if it quotes prose or a header."""
    for table in gate.library.document(citation.document_id).tables:
        for row in table.rows:
            if row.start <= citation.start < row.end:
                return table, row
    return None


def is_header_of(other: Citation, citation: Citation, gate: Gate) -> bool:
    """Return whether a citation quotes the header of the table from which another quotes a row."""
    row = row_of(citation, gate)
    if row is None or other.document_id != citation.document_id:
        return False
    return (row[0].header.start, row[0].header.end) == (other.start, other.end)


def is_header(citation: Citation, gate: Gate) -> bool:
    """Return whether a citation quotes the header of a table: column names say nothing by themselves."""
    tables = gate.library.document(citation.document_id).tables
    return any(table.header.start <= citation.start < table.header.end for table in tables)


def is_row(text: str, table: Table, row: Row) -> bool:
    """Return whether a statement is a row: its first cell, then others in their order, each after its column's name.

    Table and column names may stand as the table has them ("Table 1: Drug: Ruxolitinib; Dose: 10 mg."); a row of a
    reference list is its cells alone; "Ruxolitinib: dose 10 mg" names the row and then columns.
    """
    cells = [(name or "", cell.text) for name, cell in zip_longest(table.columns, row.cells) if cell and cell.text]
    if not cells:
        return False
    if text == ". ".join(cell for _, cell in cells) + ".":
        return True
    label = row_locator(table, 0).split(",")[0] + ": "
    body = text.removeprefix(label) if label.lower() != "table: " else text
    parts = [f"{name}: {cell}" if name else cell for name, cell in cells]
    return _in_order(body.removesuffix("."), parts, first_only=True) or _names_row(body, cells)


def _in_order(text: str, parts: Sequence[str], *, first_only: bool = False) -> bool:
    """Return whether a text is some of the parts in their order; with `first_only`, it begins with the first."""
    for number, part in enumerate(parts[:1] if first_only else parts):
        if text == part:
            return True
        if text.startswith(f"{part}; ") and _in_order(text[len(part) + 2 :], parts[number + 1 :]):
            return True
    return False


def _names_row(text: str, cells: Sequence[tuple[str, str]]) -> bool:
    """Return whether a text is the row's name, a colon, and columns each with its cell."""
    name, colon, rest = text.partition(": ")
    if not colon or _plain(name) != _plain(cells[0][1]):
        return False
    known = [_plain(f"{column} {cell}") for column, cell in cells[1:] if column]
    return all(_plain(part) in known for part in rest.split("; "))


@lru_cache(maxsize=1024)
def _plain(text: str) -> tuple[str, ...]:
    """Return the words, figures and signs of a part of a row, without the small words that may join them."""
    spelt = _POINT.sub(lambda found: " ".join(figures(found.group())).replace(".", "point"), text)
    signs = re.findall(r"[<>≤≥%+±-](?=\s*\d)|%", text)
    return (*(word for word in words(spelt).split() if word not in _SMALL), *signs)
