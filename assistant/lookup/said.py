"""What is said of the cells that were found, and the working of what is computed; the gate's `checked` has to agree.

Every figure stands with its row's and its column's name in quotation marks, after the table's caption or number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.lookup.finding import Cell, Found
from assistant.lookup.values import is_share, plain, value_of

_DECIMALS = 2
_COUNTED = re.compile(r":? *[(\[]?\b[Nn]\s*=\s*[\d, ]+[)\]]?")  # how many an arm has tells nothing of its level


@dataclass(frozen=True)
class Said:
    """A statement, its working (None of what is only read off), and the rows that it needs cited."""

    text: str
    working: str | None
    rows: tuple[int, ...]


def read_off(found: Found) -> list[Said]:
    """Return a statement for each row of the cells found: its name, then each cell after its column's name."""
    statements = []
    for row in dict.fromkeys(row for row, _ in found.cells):
        cells = "; ".join(f"{_column(found, cell)}: {_text(found, cell)}" for cell in found.cells if cell[0] == row)
        text = f"{found.table.place}: {_row(found, row)}, {cells}."
        statements.append(Said(text, None, _rows(found, [row])))
    return statements


def extreme(found: Found, *, highest: bool) -> Said | None:
    """Return which cell of a row or column is the highest or lowest; None if a cell is no number, or one is below 0."""
    values = {cell: _value(found, cell) for cell in found.cells}
    numbers = [value for value in values.values() if value is not None and value >= 0]
    if len(numbers) < len(values) or not _of_one_sort(found):
        return None
    best = (max if highest else min)(numbers)
    chosen = [cell for cell, value in values.items() if value == best]
    if len(chosen) == len(values):
        return None
    way = "highest" if highest else "lowest"
    line, names = _line(found, chosen)
    items = " and ".join(f"{_text(found, cell)} for {name}" for cell, name in zip(chosen, names, strict=True))
    among = f"{len(values)} {'columns' if found.in_one_row else 'rows'}"
    every = zip(found.cells, _line(found, found.cells)[1], strict=True)
    working = "; ".join(f"{name}: {_text(found, cell)}" for cell, name in every)
    text = f"{found.table.place}: {line} is {way} of {among} with {items}."
    return Said(text, working, _rows(found, [row for row, _ in found.cells]))


def compared(found: Found, *, ratio: bool) -> Said | None:
    """Return two cells with their difference or ratio; None if one is no number or they are of two sorts."""
    first, second = (_value(found, cell) for cell in found.cells)
    if first is None or second is None or not _of_one_sort(found) or (ratio and (second <= 0 or first < 0)):
        return None
    if ratio:
        result = f"a ratio of {plain(round(first / second, _DECIMALS))}"
        working = f"{plain(first)} / {plain(second)} = {plain(round(first / second, _DECIMALS))}"
    else:
        apart = plain(abs(first - second))
        points = " percentage points" if is_share(_text(found, found.cells[0])) else ""
        result, working = f"a difference of {apart}{points}", f"|{plain(first)} - {_signed(second)}| = {apart}"
    line, names = _line(found, found.cells)
    one, two = (f"{_text(found, cell)} for {name}" for cell, name in zip(found.cells, names, strict=True))
    text = f"{found.table.place}: {line} is {one} and {two}, {result}."
    return Said(text, working, _rows(found, [row for row, _ in found.cells]))


def counted(found: Found) -> Said:
    """Return how many rows a table lists under its first column's name, with what they are called."""
    rows = [row for row, _ in found.cells]
    names = ", ".join(found.table.cell(row, 0) for row in rows)
    name = found.table.table.columns[0]
    text = f"{found.table.place} lists {len(rows)} {'row' if len(rows) == 1 else 'rows'} under “{name}”: {names}."
    return Said(text, f"{len(rows)} of {len(found.table.rows)} rows: {names}", tuple(rows))


def names_are_told_apart(found: Found) -> bool:
    """Return whether no other row or column of the table is called what the cells' own are, nor any by nothing."""
    table = found.table
    columns = list(table.table.columns)
    for row, column in found.cells:
        name = table.row_name(row, found.headings)
        others = (r for r in table.rows if r != row and not table.is_heading(r))
        if not name or any(table.row_name(other, found.headings) == name for other in others):
            return False
        if not columns[column] or columns.count(columns[column]) > 1 or {"“", "”"} & set(name + columns[column]):
            return False
    return True


def _of_one_sort(found: Found) -> bool:
    """Return whether cells may be compared: all shares or none, and their columns differ at one level."""
    if len({is_share(_text(found, cell)) for cell in found.cells}) > 1:
        return False
    columns = dict.fromkeys(column for _, column in found.cells)
    names = [_COUNTED.sub("", found.table.table.columns[column]).split(": ") for column in columns]
    deepest = max(map(len, names))
    if all(len(name) == deepest for name in names):
        return sum(len(set(level)) > 1 for level in zip(*names, strict=True)) <= 1
    return len({name[0] for name in names if len(name) == deepest}) == 1


def _line(found: Found, cells: Sequence[Cell]) -> tuple[str, list[str]]:
    """Return the name of the row or column in which all cells stand, and for each cell the other one's."""
    if found.in_one_row:
        return _row(found, found.cells[0][0]), [_column(found, cell) for cell in cells]
    return _column(found, found.cells[0]), [_row(found, row) for row, _ in cells]


def _row(found: Found, row: int) -> str:
    return f"“{found.table.row_name(row, found.headings)}”"


def _column(found: Found, cell: Cell) -> str:
    return f"“{found.table.table.columns[cell[1]]}”"


def _text(found: Found, cell: Cell) -> str:
    return found.table.cell(*cell)


def _value(found: Found, cell: Cell) -> Decimal | None:
    return value_of(_text(found, cell))


def _signed(value: Decimal) -> str:
    return f"({plain(value)})" if value < 0 else plain(value)


def _rows(found: Found, rows: Sequence[int]) -> tuple[int, ...]:
    """Return the rows to be cited: the cells' own, those that name them from above, and the headings that are told."""
    table = found.table
    named = [there for row in rows for there in table.key_rows(row).values()]
    heads = [heading for row in rows for heading in table.headings(row) if heading in found.headings]
    return tuple(dict.fromkeys((*rows, *named, *heads)))
