"""Which columns of a row a question is about: of a wide table only those are told."""

from __future__ import annotations

from assistant.coverage import Reader
from assistant.passage_reading import WIDE_TABLE
from assistant.units import Unit
from corpus.types import Table


def asked_columns(reader: Reader, table: Table, row: int) -> frozenset[int] | None:
    """Return the columns of a row that a question is about, the first included; None means all of them."""
    if len(table.columns) <= WIDE_TABLE:
        return None
    shown = {0}
    for number, (name, cell) in enumerate(zip(table.columns, table.rows[row].cells, strict=False)):
        asked = reader.cover(name).direct | reader.cover(cell.text).units
        if any(_points_at_cell(reader.units[i]) for i in asked):
            shown.add(number)
    return frozenset(shown) if len(shown) > 1 else None  # its first cell alone tells nothing


def _points_at_cell(unit: Unit) -> bool:
    """A single digit stands in too many cells to point at one."""
    return unit.category != "number" or len(unit.label) > 1
