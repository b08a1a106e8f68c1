"""A question read against a table: which rows it means, which column it asks for, what is to be worked out.

Nothing here knows a particular table. A part of the question that stands in a column's name points at that
column; one that stands in cells selects rows, in the column where it is most at home; what it does in neither
must be said by the caption or heading, or the table does not answer the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from assistant.cover import Cover
from assistant.coverage import Reader
from assistant.question import Question
from assistant.readings import Filter, Reading, merged
from assistant.thresholds import filter_of, thresholds_in
from assistant.units import Unit
from corpus.figures import figures
from corpus.text import words
from corpus.types import Document, Table
from corpus.vocabulary_files import OperationsFile
from corpus.words import fold_name, words_of

_TREATED = {"treated", "treating"}
_JOINS_DENIED = {"or", "nor"}
_EXCEPTS = {"except", "excluding", "leaving", "apart", "besides", "counting"}
_NEGATION_REACH = 4  # words between a negation and what it denies


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
        self._limits = thresholds_in(question)
        cues = {fold_name(cue) for record in operations.operations for cue in record.cues}
        cues |= {word for words in operations.limited.values() for word in words} if self._limits else set()
        self._asked = [
            (i, unit)
            for i, unit in enumerate(reader.units)
            if unit.category not in ("shape", "shows", "named")
            and fold_name(unit.surface) not in cues
            and not (unit.surface and any(limit.holds(unit.surface, unit.start) for limit in self._limits))
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
        plain = Reading(document, number, (), tuple(placed.targets), 1.0, ())
        limits = [filter_of(limit, self._question, plain) for limit in self._limits]
        placed.filters += [limit for limit in limits if limit]
        total = sum(unit.weight for _, unit in self._asked if unit.category != "cue") or 1.0
        missing = sum(unit.weight for unit in placed.unexplained)
        return Reading(
            document,
            number,
            tuple(sorted(merged(placed.filters, self._words), key=lambda chosen: chosen.position)),
            tuple(dict.fromkeys(placed.targets)),
            1 - missing / total if all(limits) else 0.0,
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
        if unit.category == "drug" and (at_home := self._drug_columns(table)):
            by_column = {column: rows for column, rows in by_column.items() if column in at_home}
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

    def _drug_columns(self, table: Table) -> list[int]:
        """Return the columns whose cells name drugs for the most part: a drug elsewhere is only mentioned there."""
        return [column for column in range(len(table.columns)) if self._holds("drug", column, table)]

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
        """Return the unit that all rows "except one" have: whoever asks for the exception wants a row without it.

        It stands before the exception ("all were 15 mg but one") or, where nothing does, after it ("all but one had").
        """
        named = [(self._position(unit), i) for i, unit in self._asked if unit.surface and unit.category != "cue"]
        for at, word in enumerate(self._words):
            number = self._words[at + 1 : at + 3]
            number = number[1:] if number[:1] == ["for"] else number[:1]
            if word in _EXCEPTS | {"but"} and number and figures(number[0]):
                before = [pair for pair in sorted(named) if pair[0] < at]
                return frozenset(i for _, i in before[-1:] or sorted(named)[:1])
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
