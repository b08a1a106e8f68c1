"""The values that flow through the program: a document, its sections and tables, and its citable passages.

All offsets count code points of `Document.text` and are half-open, so `text[start:end]` is always the span.
Everything here is frozen: readers make these values, nothing changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.damage import Repair


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of offsets into a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document. `path` holds the titles from the outermost heading down to this one."""

    path: tuple[str, ...]
    level: int
    start: int
    end: int

    @property
    def title(self) -> str:
        """Return the section's own heading."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text with white space folded, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, citable as a whole."""

    cells: tuple[Cell, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. `damage` says why its cells can't be trusted, if a detector found a reason."""

    caption: str
    header: Row
    rows: tuple[Row, ...]
    damage: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the column names, in order."""
        return tuple(cell.text for cell in self.header.cells)


class BlockKind(StrEnum):
    """What a reader takes a stretch of text for."""

    PARAGRAPH = "paragraph"
    ITEM = "item"  # one entry of a list
    TABLE = "table"
    CAPTION = "caption"  # the title of a table or figure


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of body text between headings; `table` is the index of its table in `Document.tables`."""

    kind: BlockKind
    start: int
    end: int
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page of the original begins; `label` is its number as a reader of the original would look it up.

    A `recognised` page is a picture that was read by OCR.
    """

    label: str
    start: int
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The bibliographic description of a document, as far as the document itself gives it."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    kind: str | None = None
    types: tuple[str, ...] = ()  # all publication types that it gives, as it gives them
    design: str | None = None  # only where it is stated outright; else `corpus.describing` tells it


@dataclass(frozen=True, slots=True)
class Document:
    """Something added to a library: its text exactly as the reader found it, and the structure in it.

    `sections` are in order and tile the text after the first heading; `blocks` are in order and do not overlap;
    `pages` are in order, and there are none where the format has no pages. `repairs` is the damage of the print.
    `sha256` is of the stored text, so the same content gives the same value whatever file it came from.
    """

    id: str
    source: Source
    text: str
    format: str
    sha256: str
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    blocks: tuple[Block, ...] = ()
    path: str | None = None
    pages: tuple[Page, ...] = ()
    repairs: tuple[Repair, ...] = ()


def row_at(document: Document, offset: int) -> tuple[int, int] | None:
    """Return the numbers of the table and of its row that hold an offset, or None for prose and headers."""
    for number, table in enumerate(document.tables):
        for index, row in enumerate(table.rows):
            if row.start <= offset < row.end:
                return number, index
    return None


class PassageKind(StrEnum):
    """What a passage is made of, which decides how it may be quoted."""

    PROSE = "prose"  # whole sentences of one paragraph
    ROW = "row"  # one table row, read together with its header
    REFERENCE = "reference"  # one entry of a reference list
    FRAGMENT = "fragment"  # text that is no sentence: shown as related, never as an answer


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable span of a document. `id` is given by the catalogue and is 0 before that."""

    document_id: str
    ordinal: int
    kind: PassageKind
    start: int
    end: int
    section: str
    locator: str
    table: int | None = None
    row: int | None = None
    id: int = field(default=0, compare=False)
