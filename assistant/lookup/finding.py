"""The cells that a question means in a table: one, one for each arm, or two that it compares; none where it is open.

Every firm term of the question has to be held by the names of the cell's own row and column; only what no row and no
column of the table is called may be said by the caption or heading instead. So a dose, week, outcome or population
that the table tells apart selects, and one that it doesn't have makes it answer nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from assistant.lookup.headed import Headed
from assistant.lookup.matching import Matcher
from corpus.words import words_of

Cell = tuple[int, int]
"""The numbers of a row and a column."""

MOST_ARMS = 6
"""Cells of one row that are told side by side."""

MOST_ROWS = 4
"""Rows among which a question leaves open which is meant, and which are all told."""

_FEWEST_TERMS = 2


@dataclass(frozen=True)
class Found:
    """Cells that a question means, in the table's order or, compared, in the question's; `own` counts terms held."""

    table: Headed
    cells: tuple[Cell, ...]
    headings: tuple[int, ...]
    own: int

    @property
    def in_one_row(self) -> bool:
        """Return whether all cells stand in one row."""
        return len({row for row, _ in self.cells}) == 1


class Finder:
    """One question's terms laid over one table; `around` is what stands over the table.

    With `apart`, names of studies that stand over the table need not stand in it: "the placebo arm of the X trial".
    """

    def __init__(self, matcher: Matcher, table: Headed, around: str, *, apart: bool = False) -> None:
        self._matcher = matcher
        self._table = table
        self._apart = apart
        self._above = f"{table.table.caption}. {around}"
        keys = ". ".join(table.table.columns[key] for key in table.keys)
        self._around = matcher.said_around(f"{table.table.caption}. {around}. {keys}")

    @cached_property
    def _columns(self) -> dict[int, frozenset[int]]:
        names = self._table.table.columns
        return {c: self._matcher.held(names[c]) for c in self._table.columns if c not in self._table.keys and names[c]}

    @cached_property
    def _rows(self) -> dict[int, frozenset[int]]:
        table, held = self._table, self._matcher.held
        found = {}
        for row in table.rows:
            if not table.is_heading(row):
                terms = [held(table.key_text(there, column)) for column, there in table.key_rows(row).items()]
                terms += [held(table.cell(heading, 0)) for heading in table.headings(row)]
                found[row] = frozenset[int]().union(*terms)
        return found

    @cached_property
    def _told(self) -> frozenset[int]:
        """Return the terms that any row's or column's name holds."""
        return frozenset[int]().union(*self._columns.values(), *self._rows.values())

    @property
    def _known(self) -> frozenset[int]:
        """Return the terms that say which cell is meant: one alone may stand in any table."""
        return self._told | frozenset(i for i, term in enumerate(self._matcher.terms) if term.firm)

    @cached_property
    def needed(self) -> frozenset[int] | None:
        """Return the firm terms that a cell's own names have to hold, or None if the table lacks one altogether."""
        told, terms = self._told, self._matcher.terms
        firm = frozenset(i for i, term in enumerate(terms) if term.firm)
        if not firm or not firm <= told | self._around:
            return None
        study = frozenset(i for i in firm if self._apart and terms[i].names_study and i in self._around)
        return firm & told - study

    @cached_property
    def _names(self) -> str:
        """Return the names of all rows and columns."""
        table = self._table
        names = (table.row_name(row, table.headings(row)) for row in self._rows)
        return " ; ".join((*table.table.columns, *names))

    def single(self) -> Found | None:
        """Return the cell that the question determines, or the cells of one row or column that it leaves open."""
        cells = self._fitting() if self.needed and len(self._known) >= _FEWEST_TERMS else []
        rows, columns = {row for row, _ in cells}, {column for _, column in cells}
        if not cells or (len(rows) > 1 and len(columns) > 1):
            return None
        if len(rows) > 1 and (len(rows) > MOST_ROWS or not self._both_hold(cells)):
            return None
        if len(columns) > MOST_ARMS or not any(self._needed_in_row(row) for row in rows):
            if len(columns) > 1 or not self._both_hold(cells):
                return None
        return self._found(cells)

    def line(self) -> Found | None:
        """Return the cells of one row or column among which the question asks for the highest or lowest."""
        cells = [cell for cell in self._fitting() if self._is_compared(cell)]
        rows, columns = {row for row, _ in cells}, {column for _, column in cells}
        if len(cells) < 2 or (len(rows) > 1 and len(columns) > 1):
            return None
        return self._found(cells)

    def pair(self, joined: Callable[[frozenset[int], frozenset[int]], bool]) -> Found | None:
        """Return the two cells of one row or column that the question sets against each other.

        `joined` tells whether the terms of the one and of the other stand on two sides of a word that joins.
        """
        needed = self.needed
        if not needed or self._fitting():
            return None
        found: dict[tuple[Cell, Cell], int] = {}
        for one, two in self._pairs(needed):
            first, second = self._terms(one) & needed, self._terms(two) & needed
            if first | second == needed and first - second and second - first:
                if joined(first - second, second - first):
                    found[one, two] = len(first & second)
                elif joined(second - first, first - second):
                    found[two, one] = len(first & second)
        best = [pair for pair, shared in found.items() if shared == max(found.values())]
        best = self._narrowed_pairs(best)
        return self._found(best[0]) if len(best) == 1 else None

    def _pairs(self, needed: frozenset[int]) -> Iterable[tuple[Cell, Cell]]:
        every = frozenset[int]().union(*self._columns.values())
        for row in (row for row, held in self._rows.items() if needed - every <= held):
            yield from combinations([(row, c) for c in self._columns if self._may_be_told((row, c))], 2)
        inside = frozenset[int]().union(*self._rows.values())
        for column in (column for column, held in self._columns.items() if needed - inside <= held):
            yield from combinations([(r, column) for r in self._rows if self._may_be_told((r, column))], 2)

    def _narrowed_pairs(self, pairs: list[tuple[Cell, Cell]]) -> list[tuple[Cell, Cell]]:
        """Return those pairs whose rows, and then whose columns, are called by nothing that the question lacks."""
        for name in (self._row_label, self._column_label):
            if len(pairs) > 1:
                plain = [pair for pair in pairs if all(not self._matcher.extras(name(cell)) for cell in pair)]
                pairs = plain or pairs
        return pairs

    def _fitting(self) -> list[Cell]:
        """Return the cells whose names hold all that is needed, and of these those that the question means best."""
        needed = self.needed
        if needed is None or self._matcher.gainsays(self._table.table.caption, self._names):
            return []
        cells = [
            (row, column)
            for row, inside in self._rows.items()
            for column, above in self._columns.items()
            if needed <= inside | above and self._may_be_told((row, column))
        ]
        for number, term in enumerate(self._matcher.terms):
            if not term.firm and (kept := [cell for cell in cells if number in self._terms(cell)]):
                cells = kept
        return self._plainest(self._plainest(cells, 0, self._row_label), 1, self._column_label)

    def _plainest(self, cells: list[Cell], axis: int, name: Callable[[Cell], str]) -> list[Cell]:
        """Return of several rows (or columns) the one whose name says nothing but what the question says, if one is."""
        if len({cell[axis] for cell in cells}) < 2:
            return cells
        plain = [cell for cell in cells if self._matcher.held(name(cell)) and not self._matcher.extras(name(cell))]
        return plain if len({cell[axis] for cell in plain}) == 1 else cells

    def _may_be_told(self, cell: Cell) -> bool:
        row, column = cell
        table, matcher = self._table, self._matcher
        names = (self._row_label(cell), self._column_label(cell))
        return (
            table.holds(row, column)
            and table.is_sound(row)
            and not any(matcher.qualifiers(name) or matcher.gainsays(name) for name in names)
            and not any(matcher.is_narrower(name, self._above) for name in names)
        )

    def _is_compared(self, cell: Cell) -> bool:
        names = f"{self._row_label(cell)} {self._column_label(cell)}"
        said = {word.folded for word in words_of(names)}
        return not said & self._matcher.words.not_compared

    def _terms(self, cell: Cell) -> frozenset[int]:
        return self._rows[cell[0]] | self._columns[cell[1]]

    def _needed_in_row(self, row: int) -> bool:
        return bool((self.needed or frozenset()) & self._rows[row])

    def _both_hold(self, cells: Iterable[Cell]) -> bool:
        needed = self.needed or frozenset()
        return all(needed & self._rows[row] and needed & self._columns[column] for row, column in cells)

    def _row_label(self, cell: Cell) -> str:
        table = self._table
        return "; ".join(table.key_text(there, column) for column, there in table.key_rows(cell[0]).items())

    def _column_label(self, cell: Cell) -> str:
        return self._table.table.columns[cell[1]]

    def _found(self, cells: Iterable[Cell]) -> Found:
        """Return the cells with those headings that the question needs or that tell rows of one name apart."""
        cells = tuple(cells)
        table, held = self._table, self._matcher.held
        labels = [self._row_label((row, 0)) for row in self._rows]
        told = set()
        for row, _ in cells:
            own = frozenset[int]().union(*(held(table.key_text(r, c)) for c, r in table.key_rows(row).items()))
            alone = labels.count(self._row_label((row, 0))) == 1
            for heading in table.headings(row):
                if (
                    len(table.headings(row)) > 1
                    or not alone
                    or (held(table.cell(heading, 0)) - own) & (self.needed or frozenset())
                ):
                    told.add(heading)
        return Found(table, cells, tuple(sorted(told)), sum(len(self._terms(cell)) for cell in cells) // len(cells))
