"""A table as the gate reads it: which of its rows are cited, and which rows a statement's own words mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.readings import number_in
from assistant.thresholds import is_asked, passes
from corpus.figures import figures
from corpus.passages import row_locator
from corpus.types import Table

if TYPE_CHECKING:
    from assistant.ground import Gate

_FILTER = re.compile(r"(not )?((?:(?! under “).)+) under “([^”]*)”(?: and |$)")
_UNIT = re.compile(r"\s*\(([^)]{1,20})\)\s*$")


@dataclass(frozen=True)
class Sheet:
    """A table with the numbers of its cited rows."""

    table: Table
    cited: frozenset[int]
    gate: Gate

    def cell(self, row: int, column: int) -> str:
        """Return a cell's text, empty where the row is too short."""
        cells = self.table.rows[row].cells
        return cells[column].text if column < len(cells) else ""

    def name(self, row: int) -> str:
        """Return what a row is called."""
        key = self.cell(row, 0)
        return f"{self.table.columns[0]} {key}" if key.isdecimal() else key

    def names(self, rows: Iterable[int]) -> str:
        """Return what rows are called, with the column's name once before bare numbers."""
        keys = [self.cell(row, 0) for row in sorted(rows)]
        bare = bool(keys) and all(key.isdecimal() for key in keys)
        return f"{self.table.columns[0]} {', '.join(keys)}" if bare else ", ".join(keys)

    def values(self, rows: Iterable[int], column: int) -> dict[int, Decimal]:
        """Return the numbers that a column's cells are, by row."""
        found = ((row, number_in(self.cell(row, column))) for row in sorted(rows))
        return {row: value for row, value in found if value is not None}

    def meant(self, described: str | None) -> set[frozenset[int]]:
        """Return the rows that a description selects, in each way in which it can be read; all if there is none."""
        everything = frozenset(range(len(self.table.rows)))
        if described is None:
            return {everything}
        if "".join(found.group() for found in _FILTER.finditer(described)) != described:
            return set()
        meant = {everything}
        for denied, labels, column in _FILTER.findall(described):
            chosen = self._selected(labels, column)
            meant = {rows & (everything - other if denied else other) for rows in meant for other in chosen}
        return meant

    def _selected(self, labels: str, column: str) -> set[frozenset[int]]:
        columns = [number for number, name in enumerate(self.table.columns) if name == column]
        found = set()
        for number in columns:
            found.add(self._holding(labels, number))
            found.add(frozenset[int]().union(*(self._holding(label, number) for label in labels.split(" or "))))
            each = [self._holding(label, number) for label in labels.split(" and ")]
            found.add(each[0].intersection(*each[1:]))
        return found

    def _holding(self, label: str, column: int) -> frozenset[int]:
        return frozenset(r for r in range(len(self.table.rows)) if _holds(label, self.cell(r, column), self.gate))

    @property
    def label(self) -> str:
        """Return what the table is called: "Table 1", or "the table" if it has no number."""
        return row_locator(self.table, 0).split(",")[0].replace("table", "the table", 1)

    def named(self, column: int) -> tuple[str, str]:
        """Return a column's name and its unit, which stands in brackets after it."""
        name = self.table.columns[column]
        found = _UNIT.search(name)
        return (name[: found.start()], found.group(1)) if found else (name, "")


def _holds(label: str, cell: str, gate: Gate) -> bool:
    """Return whether a cell holds what a label names: a concept or one within it, a figure, or a word."""
    library, terms = gate.library, gate.vocabulary.terms
    if (within := passes(label, number_in(cell))) is not None:
        return within and is_asked(label, gate.question)
    if label.startswith("no ") and cell.lower().strip(". ") in gate.vocabulary.operations.nothing:
        return True
    there = [terms[i] for mention in library.mentions(cell) for i in mention.ids]
    if label.startswith("a ") and any(term.category == label[2:] for term in there):
        return True
    rest, stems = label, library.stems(cell)
    for mention in reversed(library.mentions(label)):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
        if not any({term.id, *term.broader} & set(mention.ids) for term in there):
            return False
    return all(
        figures(word) <= figures(cell) if figures(word) else library.stems(word) & stems for word in rest.split()
    )
