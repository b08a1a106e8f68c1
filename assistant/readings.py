"""What a question means in a table: which rows, which columns, and how well the table accounts for the question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.units import Unit
from corpus.types import Document, Table

_PLAIN_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:%|days?|weeks?|months?|years?|points?)?\s*(?:\([^)]*\))?")
_UNIT_IN_HEADER = re.compile(r"\(([^)]{1,20})\)\s*$")
_JOINS = {"and", "or", "vs", "versus", "to", "than", "with", "between"}


@dataclass(frozen=True)
class Filter:
    """Rows whose cell in `column` covers one of the units (or none of them, if negated)."""

    column: int
    labels: tuple[str, ...]
    rows: frozenset[int]
    negated: bool = False
    position: int = 0
    nothing: bool = False  # whether it keeps the rows that say that there is none
    groups: tuple[frozenset[int], ...] = ()  # the rows of each name that was joined in, in the question's order
    all_of: bool = False  # whether its rows hold all of the labels rather than one of them
    limit: bool = False  # whether it keeps the rows whose number lies within a limit


@dataclass(frozen=True)
class Reading:
    """What a question means in a table.

    `fit` is the share of its weight that the table accounts for, `loose_cues` the words that signal a kind of
    question and name nothing in the table.
    """

    document: Document
    number: int
    filters: tuple[Filter, ...]
    targets: tuple[int, ...]
    fit: float
    unexplained: tuple[Unit, ...]
    loose_cues: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """Return the table."""
        return self.document.tables[self.number]

    def rows(self, filters: Iterable[Filter] | None = None) -> list[int]:
        """Return the numbers of the rows that pass all filters, in order."""
        kept = set(range(len(self.table.rows)))
        for chosen in self.filters if filters is None else filters:
            kept = kept - chosen.rows if chosen.negated else kept & chosen.rows
        return sorted(kept)

    def rows_as_asked(self) -> list[int]:
        """Return the rows in the order in which the question names them, as far as it does."""
        groups = [group for chosen in self.filters for group in chosen.groups]
        return sorted(self.rows(), key=lambda row: next((i for i, group in enumerate(groups) if row in group), 0))

    def cell(self, row: int, column: int) -> str:
        """Return a cell's text, empty where the row is too short."""
        cells = self.table.rows[row].cells
        return cells[column].text if column < len(cells) else ""

    def name(self, row: int) -> str:
        """Return what a row is called: its first cell, with the column's name before a bare number."""
        key = self.cell(row, 0)
        return f"{self.table.columns[0]} {key}" if key.isdecimal() else key

    def unit(self, column: int) -> str:
        """Return the unit that a column's name gives in brackets, or an empty string."""
        return unit_in(self.table.columns[column])

    def value(self, row: int, column: int) -> Decimal | None:
        """Return the number that a cell is, or None."""
        return number_in(self.cell(row, column))

    def is_numeric(self, column: int) -> bool:
        """Return whether most cells of a column are plain numbers; doses and ranges are not."""
        cells = [self.cell(row, column) for row in range(len(self.table.rows))]
        return 2 * sum(number_in(cell) is not None for cell in cells) > len(cells)


def unit_in(column: str) -> str:
    """Return the unit that a column's name gives in brackets, or an empty string."""
    found = _UNIT_IN_HEADER.search(column)
    return found.group(1) if found else ""


def unit_after(cell: str, column: str) -> str:
    """Return what a bare number lacks: the unit that its column's name gives, "57" under "Response (%)"."""
    unit = unit_in(column)
    return f" {unit}" if unit and number_in(cell) is not None else ""


def number_in(text: str) -> Decimal | None:
    """Return the number that a cell is, perhaps with a unit or a remark in brackets; None for a range or a dose."""
    found = _PLAIN_NUMBER.fullmatch(text.strip())
    return Decimal(found.group(1)) if found else None


def merged(filters: list[Filter], asked: list[str]) -> list[Filter]:
    """Join filters on one column: first the words of one name, then the names.

    The words of one name select the rows that pass all of them. Of several names, the rows are those that pass all
    where some do, and those that pass one where none does. `asked` are the words of the question.
    """
    merged: dict[tuple[int, bool], list[Filter]] = {}
    for new in sorted(filters, key=lambda chosen: chosen.position):
        names = merged.setdefault((new.column, new.negated), [])
        if names and not _JOINS & set(asked[names[-1].position + 1 : new.position]):
            names[-1] = _joined(names[-1], new, one_name=True)
        else:
            names.append(new)
    return [_all_joined(names) for names in merged.values()]


def _all_joined(names: list[Filter]) -> Filter:
    joined = names[0]
    for new in names[1:]:
        joined = _joined(joined, new)
    return replace(joined, groups=tuple(name.rows for name in names))


def _joined(old: Filter, new: Filter, *, one_name: bool = False) -> Filter:
    both = old.rows & new.rows
    rows = both if (both or one_name) and not new.negated else old.rows | new.rows
    position = max(old.position, new.position)
    all_of = bool(both) and not new.negated
    return replace(old, labels=(*old.labels, *new.labels), rows=rows, position=position, all_of=all_of)
