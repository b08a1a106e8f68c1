"""A question read against a table: which rows it means, which column it asks for, what is to be worked out.

Nothing here knows a particular table. A part of the question that stands in a column's name points at that
column; one that stands in cells selects rows, in the column where it is most at home; what it does in neither
must be said by the caption or heading, or the table does not answer the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from assistant.coverage import Cover, Reader, Unit
from assistant.evidence import WIDE_TABLE
from assistant.interpret import Question
from corpus.figures import figures
from corpus.text import words
from corpus.types import Document, Table
from corpus.vocabulary_files import OperationsFile
from corpus.words import fold_name, words_of

_PLAIN_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:%|days?|weeks?|months?|years?|points?)?\s*(?:\([^)]*\))?")
_UNIT_IN_HEADER = re.compile(r"\(([^)]{1,20})\)\s*$")
_TREATED = {"treated", "treating"}
_JOINS_DENIED = {"or", "nor"}
_EXCEPTS = {"except", "excluding", "leaving", "apart", "besides", "counting"}
_JOINS = {"and", "or", "vs", "versus", "to", "than", "with", "between"}
_NEGATION_REACH = 4  # words between a negation and what it denies


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
        found = _UNIT_IN_HEADER.search(self.table.columns[column])
        return found.group(1) if found else ""

    def value(self, row: int, column: int) -> Decimal | None:
        """Return the number that a cell is, or None."""
        return number_in(self.cell(row, column))

    def is_numeric(self, column: int) -> bool:
        """Return whether most cells of a column are plain numbers; doses and ranges are not."""
        cells = [self.cell(row, column) for row in range(len(self.table.rows))]
        return 2 * sum(number_in(cell) is not None for cell in cells) > len(cells)


def number_in(text: str) -> Decimal | None:
    """Return the number that a cell is, perhaps with a unit or a remark in brackets; None for a range or a dose."""
    found = _PLAIN_NUMBER.fullmatch(text.strip())
    return Decimal(found.group(1)) if found else None


@dataclass
class _Placement:
    filters: list[Filter] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    unexplained: list[Unit] = field(default_factory=list)
    loose_cues: list[Unit] = field(default_factory=list)


class TableReader:
    """Reads one question against tables."""

    def __init__(self, question: Question, reader: Reader, operations: OperationsFile) -> None:
        self._question = question
        self._reader = reader
        self._operations = operations
        self._words = [word.folded for word in words_of(question.read)]
        cues = {fold_name(cue) for record in operations.operations for cue in record.cues}
        self._asked = [
            (i, unit)
            for i, unit in enumerate(reader.units)
            if unit.category not in ("shape", "shows", "named") and fold_name(unit.surface) not in cues
        ]
        self._denied = self._denied_units()

    def read(self, document: Document, number: int, heading: str) -> Reading:
        """Return the question's reading in a table; `heading` is what stands over the table."""
        table = document.tables[number]
        headers = [self._reader.cover(name) for name in table.columns]
        cells = [[self._reader.cover(cell.text).units for cell in row.cells] for row in table.rows]
        caption = self._reader.cover(f"{table.caption}. {heading}").units
        placed = _Placement()
        # Columns that the question names come first: a name is then looked for in them before it is elsewhere.
        asked = sorted(self._asked, key=lambda pair: not any(pair[0] in header.units for header in headers))
        for i, unit in asked:
            if not self._place(i, unit, table, headers, cells, placed) and i not in caption:
                (placed.loose_cues if unit.category == "cue" else placed.unexplained).append(unit)
        total = sum(unit.weight for _, unit in self._asked if unit.category != "cue") or 1.0
        missing = sum(unit.weight for unit in placed.unexplained)
        return Reading(
            document,
            number,
            tuple(sorted(_merged(placed.filters, self._words), key=lambda chosen: chosen.position)),
            tuple(dict.fromkeys(placed.targets)),
            1 - missing / total,
            tuple(placed.unexplained),
            tuple(unit.label for unit in placed.loose_cues if unit.label not in self._question.vocabulary.stopwords),
        )

    def only_named(self, reading: Reading, category: str) -> Reading:
        """Return the reading without the rows whose first cell names nothing of a category, if some rows do."""
        cells = [reading.cell(row, 0) for row in range(len(reading.table.rows))]
        naming = frozenset(row for row, cell in enumerate(cells) if category in self._reader.cover(cell).categories)
        if not 0 < len(naming) < len(cells):
            return reading
        return replace(reading, filters=(*reading.filters, Filter(0, (f"a {category}",), naming)))

    def _place(
        self,
        i: int,
        unit: Unit,
        table: Table,
        headers: list[Cover],
        cells: list[list[frozenset[int]]],
        placed: _Placement,
    ) -> bool:
        """Make of a unit a target column or a filter; False if the table's names and cells don't hold it."""
        if unit.category == "row":
            rows = frozenset(row for row, line in enumerate(table.rows) if line.cells[0].text.strip() == unit.label)
            placed.filters.append(Filter(0, (unit.label,), rows, position=self._position(unit)))
            return bool(rows)
        columns = [column for column, cover in enumerate(headers) if i in cover.direct]
        columns = columns or [column for column, cover in enumerate(headers) if i in cover.units]
        nothing = i in self._denied
        if columns:
            if nothing:
                placed.filters.append(self._nothing_in(columns, unit, table))
            else:
                shortest = min(len(words(table.columns[column]).split()) for column in columns)
                placed.targets.extend(c for c in columns if len(words(table.columns[c]).split()) == shortest)
            return True
        by_column = {
            column: frozenset(row for row, covers in enumerate(cells) if column < len(covers) and i in covers[column])
            for column in range(len(table.columns))
        }
        by_column = {
            column: rows for column, rows in by_column.items() if rows and self._may_select(unit, column, table)
        }
        if meant := [column for column in placed.targets if column and self._holds(unit.category, column, table)]:
            by_column = {column: by_column.get(column, frozenset()) for column in meant}
        if not by_column:
            return unit.category == "number" and self._counts_rows(unit)
        column = max(by_column, key=lambda c: (self._at_home(c, by_column[c], table), -c))
        absent = self._nothing_in([column], unit, table) if nothing else None
        if absent and absent.rows and unit.category in ("word", "general", "cue"):
            placed.filters.append(absent)
        elif unit.category != "cue":
            placed.filters.append(Filter(column, (unit.label,), by_column[column], nothing, self._position(unit)))
        return True

    def _holds(self, category: str, column: int, table: Table) -> bool:
        """Return whether a column's cells name concepts of a category, as a column of diseases or drugs does."""
        if category not in ("drug", "disease", "event"):
            return False
        cells = [line.cells[column].text for line in table.rows if column < len(line.cells)]
        holding = sum(category in self._reader.cover(cell).categories for cell in cells)
        return 2 * holding > len([cell for cell in cells if cell.strip("- ")])

    def _may_select(self, unit: Unit, column: int, table: Table) -> bool:
        """A bare number selects rows only next to its column's name, or with its unit as the cell has it."""
        if unit.category in ("drug", "disease", "event") and self._words_before(unit) & _TREATED:
            return not self._reader.is_background(table.columns[column])
        if unit.category != "number":
            return True
        if self._counts_rows(unit):
            return False
        header = {fold_name(word.text)[:4] for word in words_of(table.columns[column])}
        return any(word[:4] in header for word in self._neighbours(unit.label)) or any(
            f"{unit.label} {after}" in words(cell.text)
            for after in self._after(unit.label)
            if after.isalpha()
            for row in table.rows
            for cell in row.cells[column : column + 1]
        )

    def _at_home(self, column: int, rows: frozenset[int], table: Table) -> float:
        """Return how likely a name that stands in several columns is meant in this one."""
        header = set(words(table.columns[column]).split())
        asked = sum(1 for word in header if word in self._words and len(word) > 2)
        captioned = bool(
            {word[:6] for word in header} & {word[:6] for word in words(table.caption).split() if len(word) > 3}
        )
        background = bool(header & set(self._operations.background_columns) - set(self._words))
        return asked + 0.5 * captioned + 0.5 * len(rows) / len(table.rows) - 3 * background

    def _nothing_in(self, columns: list[int], unit: Unit, table: Table) -> Filter:
        """Return the filter for rows that say that there is nothing of the sort, in the likeliest column."""

        def empty(column: int) -> frozenset[int]:
            return frozenset(
                row
                for row, line in enumerate(table.rows)
                if column < len(line.cells) and line.cells[column].text.lower().strip(". ") in self._operations.nothing
            )

        column = max(columns, key=lambda c: (self._at_home(c, empty(c), table), -c))
        return Filter(column, (f"no {unit.label}",), empty(column), position=self._position(unit), nothing=True)

    def _denied_units(self) -> frozenset[int]:
        """Return the units that a negation denies: the first one after it, and those joined to that one by "or"."""
        negations = self._question.vocabulary.negations
        denied: set[int] = set()
        last = -1  # the word where the last unit begins
        for i, unit in sorted(enumerate(self._reader.units), key=lambda pair: pair[1].start):
            if not unit.surface:
                continue
            at = self._position(unit)
            between = self._words[last + 1 : at] if last >= 0 else self._words[:at]
            near = between[-_NEGATION_REACH:]
            joins = _JOINS_DENIED | ({"and"} if _EXCEPTS & set(self._words) else set())
            joined = bool(joins & set(between)) and bool(denied) and len(between) <= 2
            if joined or any(word in negations for word in [*near, *map(" ".join, pairwise(near))]):
                denied.add(i)
            last = at
        return frozenset(denied) | self._excepted()

    def _excepted(self) -> frozenset[int]:
        """Return the unit that all rows "except one" have: whoever asks for the exception wants a row without it."""
        for at, (word, after) in enumerate(pairwise([word for word in self._words if word != "for"])):
            if word in _EXCEPTS | {"but"} and figures(after):
                before = [
                    (self._position(unit), i) for i, unit in self._asked if unit.surface and unit.category != "cue"
                ]
                return frozenset(i for _, i in sorted(pair for pair in before if pair[0] < at)[-1:])
        return frozenset()

    def _position(self, unit: Unit) -> int:
        """Return which word of the question the unit begins at."""
        offset = unit.start
        return sum(1 for word in words_of(self._question.read[:offset]))

    def _words_before(self, unit: Unit) -> set[str]:
        return set(self._words[: self._position(unit)])

    def _counts_rows(self, unit: Unit) -> bool:
        return any(word in (*self._operations.row_nouns, *self._operations.people) for word in self._after(unit.label))

    def _after(self, number: str) -> list[str]:
        return [self._words[i + 1] for i, word in enumerate(self._words[:-1]) if word == number]

    def _neighbours(self, number: str) -> Iterator[str]:
        for i, word in enumerate(self._words):
            if word == number:
                yield from self._words[max(0, i - 1) : i] + self._words[i + 1 : i + 2]


def _merged(filters: list[Filter], asked: list[str]) -> list[Filter]:
    """Join filters on one column: first the words of one name, then the names.

    The rows are those that pass both where some do, and those that pass either where none does. `asked` are the
    words of the question.
    """
    merged: dict[tuple[int, bool], list[Filter]] = {}
    for new in sorted(filters, key=lambda chosen: chosen.position):
        names = merged.setdefault((new.column, new.negated), [])
        if names and not _JOINS & set(asked[names[-1].position + 1 : new.position]):
            names[-1] = _joined(names[-1], new)
        else:
            names.append(new)
    return [_all_joined(names) for names in merged.values()]


def _all_joined(names: list[Filter]) -> Filter:
    joined = names[0]
    for new in names[1:]:
        joined = _joined(joined, new)
    return replace(joined, groups=tuple(name.rows for name in names))


def _joined(old: Filter, new: Filter) -> Filter:
    both = old.rows & new.rows
    rows = both if both and not new.negated else old.rows | new.rows
    position = max(old.position, new.position)
    all_of = bool(both) and not new.negated
    return replace(old, labels=(*old.labels, *new.labels), rows=rows, position=position, all_of=all_of)


def asked_columns(reader: Reader, table: Table, row: int) -> frozenset[int] | None:
    """Return the columns of a row that a question is about, the first included; None means all of a narrow table."""
    if len(table.columns) <= WIDE_TABLE:
        return None
    shown = {0}
    for number, (name, cell) in enumerate(zip(table.columns, table.rows[row].cells, strict=False)):
        asked = reader.cover(name).direct | reader.cover(cell.text).units
        if any(_points_at_cell(reader.units[i]) for i in asked):
            shown.add(number)
    return frozenset(shown)


def _points_at_cell(unit: Unit) -> bool:
    """A single digit stands in too many cells to point at one."""
    return unit.category != "number" or len(unit.label) > 1
