"""Document → passages: the spans that are searched and cited.

A passage is made of whole sentences of one paragraph, or is one table row, a reference entry, or a fragment (text that
is no sentence and is never quoted as an answer). Its locator tells a reader where to look.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from corpus.sentences import sentences
from corpus.text import one_line, without_markup
from corpus.types import Block, BlockKind, Document, Passage, PassageKind, Section, Span, Table

CHUNKER_VERSION = 2
"""Raised whenever the same document would give other passages; stored in every library's manifest."""

LONGEST_PASSAGE = 700
"""Characters of prose in one passage: about 150 tokens, so the embedder's 256 never cut one short."""

_REFERENCES = re.compile(
    r"^\W*(?:(?:\d+|[ivx]+)\W+)?(?:(?:selected|key|additional|cited)\s+)?"
    r"(?:references?|bibliography|literature|works cited|citations|(?:further|suggested|recommended)\s+reading)"
    r"(?:\s+(?:cited|list|\([^)]*\)|(?:and|&)\s+(?:notes?|(?:recommended|further|suggested)\s+reading)))?\W*$",
    re.IGNORECASE,
)
_REFERENCE_NUMBERS = re.compile(r"\((refs? (?:[\d, –-]|and|refs?)+|PMID:? ?\d+)\)|<sup>(\d[\d,\s–-]*)</sup>")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?:<sup>[^<]*</sup>|\[\d[\d, –-]*\]|\d{1,3}(?:[,–-]\d{1,3})*)?$")
_ROW_KEY = re.compile(r"^(?:case|row|no\.?|nr\.?|number|patient|#|study|id)\b", re.IGNORECASE)


def passages(document: Document) -> tuple[Passage, ...]:
    """Return the passages of `document`, in reading order, numbered from 0."""
    places = _Places(document)
    found = (part for block in document.blocks for part in _passages_of(document, block, places))
    return tuple(replace(passage, ordinal=ordinal) for ordinal, passage in enumerate(found))


def row_locator(table: Table, row: int) -> str:
    """Return how to find row number `row` (from 0) in print, such as "Table 1, Case 13" or "row 3 (Methotrexate)"."""
    label = re.match(r"(?i)\W*(table\s+\w+)", table.caption)
    name = label.group(1).capitalize() if label else "table"
    cells = table.rows[row].cells
    key = one_line(cells[0].text)[:60] if cells else ""
    column = table.columns[0] if table.columns else ""
    if key and (_ROW_KEY.match(column) or key.isdigit()):
        return f"{name}, {column or 'row'} {key}"
    return f"{name}, row {row + 1}" + (f" ({key})" if key else "")


def labelled_row(table: Table, row: int) -> str:
    """Return a row as text in which each cell is named by its column: "Drug: x; Dose: y". Empty cells are left out."""
    columns = table.columns
    parts = []
    for number, cell in enumerate(table.rows[row].cells):
        name = columns[number] if number < len(columns) else ""
        if cell.text:
            parts.append(f"{name}: {cell.text}" if name else cell.text)
    return "; ".join(parts)


def prose_locator(text: str, place: str) -> str:
    """Return the reference numbers in a sentence if it carries any, else the `place` where it stands."""
    return ", ".join(reference_marks(text)) or place


def reference_marks(text: str) -> list[str]:
    """Return the reference numbers that a text carries, each once, such as "ref 3"."""
    marks = [without_markup(a) or f"ref {b.strip()}" for a, b in _REFERENCE_NUMBERS.findall(text)]
    return list(dict.fromkeys(marks))


def place_at(document: Document, offset: int) -> str:
    """Return the page that an offset stands on, or its line where the document has no pages."""
    return _page_at(document, offset) or f"line {document.text.count(chr(10), 0, offset) + 1}"


def _page_at(document: Document, offset: int) -> str | None:
    number = bisect_right(document.pages, offset, key=lambda page: page.start) - 1
    return f"page {document.pages[number].label}" if number >= 0 else None


def without_references(text: str) -> str:
    """Return `text` without the reference numbers and PMIDs that it gives in brackets or as superscripts."""
    return one_line(_REFERENCE_NUMBERS.sub("", text)).replace(" .", ".").replace(" ,", ",")


def is_sentence(text: str) -> bool:
    """Return whether `text` reads as prose rather than as the debris of a table or a heading."""
    tokens = re.findall(r"[A-Za-z][A-Za-z'’-]+", text)
    if len(tokens) < 3:
        return False
    return bool(_SENTENCE_END.search(text.rstrip())) or len(tokens) >= 12


def is_reference_list(section: Section) -> bool:
    """Return whether a section, or one around it, is headed as a list of references."""
    return any(_REFERENCES.match(heading) for heading in section.path)


class _Places:
    """Where an offset stands: its line and section, each by binary search."""

    def __init__(self, document: Document) -> None:
        self._line_ends = [found.start() for found in re.finditer("\n", document.text)]
        self._sections = document.sections
        self._starts = [section.start for section in document.sections]
        self._document = document

    def place(self, offset: int) -> str:
        return _page_at(self._document, offset) or f"line {bisect_left(self._line_ends, offset) + 1}"

    def section(self, offset: int) -> Section | None:
        number = bisect_right(self._starts, offset) - 1
        return self._sections[number] if number >= 0 else None


def _passages_of(document: Document, block: Block, places: _Places) -> Iterator[Passage]:
    section = places.section(block.start)
    title = " > ".join(section.path) if section else ""
    in_references = bool(section and is_reference_list(section))
    if block.kind is BlockKind.TABLE and block.table is not None:
        yield from _rows(document, block.table, title, in_references)
        return
    text = document.text[block.start : block.end]
    if not re.search(r"[^\W\d_]{2}", text):
        return  # page and line numbers, rules: nothing to say
    kind = PassageKind.PROSE
    if in_references:
        kind = PassageKind.REFERENCE
    elif block.kind is BlockKind.CAPTION or not is_sentence(text):
        kind = PassageKind.FRAGMENT
    for span in _windows(document.text, block):
        locator = places.place(span.start)
        if kind is PassageKind.PROSE:
            locator = prose_locator(span.of(document.text), locator)
        yield Passage(document.id, 0, kind, span.start, span.end, title, locator)


def _rows(document: Document, number: int, section: str, in_references: bool) -> Iterator[Passage]:
    table = document.tables[number]
    kind = PassageKind.REFERENCE if in_references else PassageKind.ROW
    for index, row in enumerate(table.rows):
        if any(cell.text for cell in row.cells):
            yield Passage(document.id, 0, kind, row.start, row.end, section, row_locator(table, index), number, index)


def _windows(text: str, block: Block) -> Iterator[Span]:
    """Group the block's sentences into spans of about LONGEST_PASSAGE characters, never cutting a sentence."""
    start = end = -1
    for sentence in sentences(text, block.start, block.end):
        if start >= 0 and sentence.end - start > LONGEST_PASSAGE:
            yield Span(start, end)
            start = -1
        if start < 0:
            start = sentence.start
        end = sentence.end
    if start >= 0:
        yield Span(start, end)
