"""A table by its headings: what each row and each column is called, heading rows and spanning headers included.

A row is called by its first cells; a row of which only the first cell says something heads those below it. A name that
is left out because it stands above holds on. Rows and columns are alike here: a table turned round says the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.damaged import is_usable
from assistant.lookup.values import value_of
from corpus.damage import GRAVE, within
from corpus.passages import row_locator
from corpus.text import one_line, without_markup
from corpus.types import BlockKind, Document, Span, Table
from corpus.words import words_of

LONGEST_CAPTION = 240
"""Characters of a caption that a statement repeats."""

_MOST_KEYS = 4
_LONGEST_KEY = 14  # words: more is a remark and names no row
_NOTHING = re.compile(r"[\s–—−-]*|NA|N/A|ND|NR|NS|n\.?[adr]\.?", re.IGNORECASE)
_STATISTIC = re.compile(r"(?i),\s*(?:n|no|mean|median)\b|\bn \(%\)|\((?:years?|kg|cm)\)|[±%]")
_SHARES = re.compile(r"(?i)\bn[ ,]*[(\[]?%|%")
_UNIT = re.compile(r"[(\[,_]\s*(mg|mcg|g|weeks?|months?|days?|hours?|years?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Headed:
    """A table of a document, read by its headings; `key_words` name columns whose numbers tell rows apart."""

    document: Document
    number: int
    key_words: frozenset[str]

    @property
    def table(self) -> Table:
        """Return the table."""
        return self.document.tables[self.number]

    @property
    def rows(self) -> range:
        """Return the numbers of all rows."""
        return range(len(self.table.rows))

    @property
    def columns(self) -> range:
        """Return the numbers of all columns."""
        return range(len(self.table.columns))

    def cell(self, row: int, column: int) -> str:
        """Return a cell's text, empty where the row is too short."""
        cells = self.table.rows[row].cells
        return one_line(cells[column].text) if column < len(cells) else ""

    def holds(self, row: int, column: int) -> bool:
        """Return whether a cell says something: a dash or "NA" doesn't."""
        return not _NOTHING.fullmatch(self.cell(row, column))

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """Return the columns that name the rows: the first, and those beside it that hold words and no values."""
        if len(self.columns) < 3:
            return (0,)
        named = [column for column in self.columns if column == 0 or self._names_rows(column)]
        leading = [column for at, column in enumerate(named) if column == at]
        return tuple(leading[:_MOST_KEYS]) if len(leading) < len(self.columns) else (0,)

    def _names_rows(self, column: int) -> bool:
        cells = [self.cell(row, column) for row in self.rows if self.holds(row, column)]
        name = {word.folded for word in words_of(self.table.columns[column].replace("_", " "))}
        numeric = sum(value_of(cell) is not None for cell in cells)
        if 2 * numeric > len(cells) or not cells:
            return bool(name) and name <= self.key_words
        figures = sum(any(char.isdigit() for char in cell) for cell in cells)
        short = all(len(cell.split()) <= _LONGEST_KEY for cell in cells)
        return short and (2 * figures < len(cells) or (bool(name) and name <= self.key_words))

    def is_heading(self, row: int) -> bool:
        """Return whether a row only heads those below it."""
        return bool(self.cell(row, 0)) and not any(self.cell(row, column) for column in self.columns[1:])

    @cached_property
    def _headings(self) -> tuple[tuple[int, ...], ...]:
        """Return for each row the heading rows above it that may hold for it, the outermost first."""
        found: list[tuple[int, ...]] = []
        stack: list[int] = []
        for row in self.rows:
            if self.is_heading(row):
                if row and self.is_heading(row - 1):
                    stack = [*stack, row]
                else:
                    stack = [*stack[:-1], row] if len(stack) > 1 else [row]
                found.append(tuple(stack[:-1]))
            else:
                found.append(tuple(stack))
        return tuple(found)

    def headings(self, row: int) -> tuple[int, ...]:
        """Return the heading rows above a row that may hold for it, the outermost first."""
        return self._headings[row]

    def key_rows(self, row: int) -> dict[int, int]:
        """Return for each key column the row in which the name stands that holds for `row`: above, where left out."""
        found = {}
        for at, column in enumerate(self.keys):
            there = row
            inherits = not self.cell(row, column) and any(self.cell(row, other) for other in self.keys[at + 1 :])
            while inherits and there > 0 and not self.cell(there, column):
                there -= 1
            if self.cell(there, column) and not self.is_heading(there):
                found[column] = there
        return found

    def key_text(self, row: int, column: int) -> str:
        """Return what a key cell says, with the unit or the word that its column's name gives to a bare number."""
        text, name = self.cell(row, column), self.table.columns[column]
        if value_of(text) is None:
            return text
        unit = _UNIT.search(name)
        return f"{text} {unit[1]}" if unit else f"{name} {text}"

    def row_name(self, row: int, headings: tuple[int, ...]) -> str:
        """Return what a row is called in full, with those of its headings that are to be told."""
        over = [self.cell(heading, 0) for heading in self.headings(row) if heading in headings]
        parts = []
        for column, there in self.key_rows(row).items():
            name = self.table.columns[column]
            said = [name] if name else []
            said += over if column == 0 else []
            parts.append(": ".join([*said, self.cell(there, column)]))
        return "; ".join(parts)

    @cached_property
    def caption_span(self) -> Span | None:
        """Return where the caption stands, or None if the document doesn't hold it as a caption of its own."""
        if not self.table.caption:
            return None
        wanted = one_line(self.table.caption)
        for block in self.document.blocks:
            if block.kind is BlockKind.CAPTION:
                text = without_markup(self.document.text[block.start : block.end])
                if one_line(text).startswith(wanted):
                    return Span(block.start, block.end)
        return None

    @cached_property
    def place(self) -> str:
        """Return how the table is told: its caption where that can be cited, else its number."""
        if self.caption_span is None:
            return row_locator(self.table, 0).split(",")[0].replace("table", "The table", 1)
        caption = one_line(self.table.caption).rstrip(" .:")
        if len(caption) <= LONGEST_CAPTION:
            return caption
        return caption[:LONGEST_CAPTION].rsplit(" ", 1)[0].rstrip(" .,:;") + " …"

    @cached_property
    def _slipped(self) -> frozenset[int]:
        """Return the rows of groups whose figures may stand a row too high.

        The group's own name ("Education, n (%)") has figures, and its last row has none before another name follows.
        """
        found: set[int] = set()
        for last in (row for row in self.rows if self.is_heading(row)):
            after = last + 1 < len(self.rows) and _STATISTIC.search(self.cell(last + 1, 0))
            first = last - 1
            while first > 0 and not _STATISTIC.search(self.cell(first, 0)) and not self.is_heading(first):
                first -= 1
            if after and 0 <= first < last - 1 and _SHARES.search(self.cell(first, 0)) and not self.is_heading(first):
                found |= set(range(first, last + 1))
        return frozenset(found)

    def is_sound(self, row: int) -> bool:
        """Return whether it is certain what a row's cells say and where they belong."""
        if row in self._slipped:
            return False
        span = self.table.rows[row]
        repairs = within(self.document.repairs, span.start, span.end)
        return is_usable(self.document, Span(span.start, span.end)) and not any(
            repair.kind in GRAVE and repair.reading is not None for repair in repairs
        )
