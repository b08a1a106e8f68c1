"""An answer in the making: statements and the citations that they share, numbered in the order of use.

What a digest says of an original that the library holds is said with the original's own words as its citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.contract import MARKUP, Citation, Statement, StatementKind
from assistant.damaged import AS_RECOGNISED, PROSE_AS_PRINTED, ROW_AS_PRINTED, Layer, layer_over
from corpus.anchoring import Place
from corpus.damage import READ_BY_OCR
from corpus.editions import Attachment, Printed
from corpus.passages import place_at, prose_locator, row_locator
from corpus.text import one_line, without_markup
from corpus.types import Document, Passage, PassageKind, Span, row_at
from index.library import Library

_LABELLED = re.compile(r"\d|\b[IVX]+\b")


@dataclass
class Draft:
    """Statements and citations that the gate has not seen yet.

    `told` are the places that they were made from, in order, as document ids and offsets, with the numbers of their
    citations: a digest's own places, where its original is cited for them.
    """

    library: Library
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    told: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)

    def copy(self) -> Draft:
        """Return a draft that can be added to without changing this one."""
        return Draft(self.library, list(self.statements), list(self.citations), dict(self.told))

    def take(self, other: Draft) -> None:
        """Become what `other` is."""
        self.statements, self.citations, self.told = other.statements, other.citations, other.told

    def state(
        self, text: str, kind: StatementKind, citations: tuple[int, ...] = (), working: str | None = None
    ) -> None:
        """Add a statement; what two parts of a message find alike is said once."""
        new = Statement(text=text, kind=kind, citations=tuple(dict.fromkeys(citations)), working=working)
        if new not in self.statements:
            self.statements.append(new)

    def tells(self, places: Iterable[Place]) -> bool:
        """Return whether the statements were made from one of the places."""
        return any((place.document_id, place.start) in self.told for place in places)

    def citing(self, places: Iterable[Place]) -> tuple[int, ...]:
        """Return the numbers of the citations of those of the places that the statements were made from."""
        numbers = (n for place in places for n in self.told.get((place.document_id, place.start), ()))
        return tuple(dict.fromkeys(numbers))

    def room_for(self, text: str, most_words: int) -> bool:
        """Return whether the statements with `text` added keep within a number of words."""
        return sum(len(part.split()) for part in (text, *(s.text for s in self.statements))) <= most_words

    def state_sentence(self, document: Document, passage: Passage, span: Span) -> None:
        """State a sentence of prose as a person reads it, or as the digest says it where its original is cited."""
        numbers = self.cite(document, passage, span)
        if attached := self.library.editions.attachment(document.id, span.start):
            self.state(attached.said, "fact", numbers)
        else:
            reading = layer_over(document, span, self.library).reading
            self.state(reading or without_markup(span.of(document.text)), "quote", numbers)
        self._tell_damage(numbers, PROSE_AS_PRINTED)

    def state_row(self, document: Document, passage: Passage, shown: frozenset[int] | None) -> None:
        """State a table row with its column names, cited with its header; `shown` are the columns, None means all."""
        assert passage.table is not None and passage.row is not None
        table = document.tables[passage.table]
        parts = []
        for number, (name, cell) in enumerate(zip_longest(table.columns, table.rows[passage.row].cells)):
            if cell and cell.text and (shown is None or number in shown):
                parts.append(f"{name}: {cell.text}" if name else cell.text)
        citations = self.cite_row(document, passage.section, passage.table, passage.row)
        label = row_locator(table, passage.row).split(",")[0]
        located = any(label in self.citations[number - 1].locator for number in citations)
        prefix = f"{label}: " if located and _LABELLED.search(label) else ""
        self.state(prefix + "; ".join(parts) + ".", "fact", citations)
        self._tell_damage(citations, ROW_AS_PRINTED)

    def _tell_damage(self, numbers: Iterable[int], note: str) -> None:
        """Say that what was just stated is as printed, or as OCR read it, if a citation of it looks damaged."""
        wrong = [self.citations[number - 1].damage or "" for number in numbers]
        if any(wrong):
            self.state(AS_RECOGNISED if any(READ_BY_OCR in each for each in wrong) else note, "note")

    def cite(self, document: Document, passage: Passage, span: Span) -> tuple[int, ...]:
        """Return the numbers of the citations of `span`, added if they are new."""
        if attached := self.library.editions.attachment(document.id, span.start):
            numbers = self._cite_original(document, attached)
        else:
            prose = passage.kind is PassageKind.PROSE
            locator = _prose_locator(document, span) if prose else passage.locator
            numbers = (self._cite(document, passage.section, span, locator),)
        self.told[document.id, span.start] = numbers
        return numbers

    def cite_row(self, document: Document, section: str, table: int, row: int) -> tuple[int, ...]:
        """Return the numbers of the citations of a table row and its header."""
        cited = document.tables[table].rows[row]
        if attached := self.library.editions.attachment(document.id, cited.start):
            numbers = self._cite_original(document, attached)
        else:
            locator = row_locator(document.tables[table], row)
            number = self._cite(document, section, Span(cited.start, cited.end), locator)
            numbers = (number, self._cite_header(document, section, table))
        self.told[document.id, cited.start] = numbers
        return numbers

    def _cite_original(self, digest: Document, attached: Attachment) -> tuple[int, ...]:
        """Return the numbers of the citations of an original for what its digest says."""
        original_id = self.library.editions.original_of(digest.id)
        assert original_id is not None, "only a digest with an original has attachments"
        original = self.library.document(original_id)
        row = row_at(digest, attached.start)
        locator = row_locator(digest.tables[row[0]], row[1]) if row else None  # the digest's tables are its original's
        numbers = []
        for place in attached.printed:
            numbers += self._cite_print(original, place, attached.said if place.damage else None, locator)
        return tuple(dict.fromkeys(numbers))

    def _cite_print(self, original: Document, place: Printed, reading: str | None, locator: str | None) -> list[int]:
        start = place.span.start
        section = next((" > ".join(s.path) for s in reversed(original.sections) if s.start <= start < s.end), "")
        found = row_at(original, start)
        header = next((t for t in original.tables if t.header.start <= start < t.header.end), None)
        if found is None and header is not None and locator:
            return [self._cite(original, section, place.span, locator, reading, place.damage)]
        if found is None:
            return [
                self._cite(original, section, place.span, _prose_locator(original, place.span), reading, place.damage)
            ]
        table, row = found
        locator = locator or self._digests_locator(original, place) or row_locator(original.tables[table], row)
        numbers = [self._cite(original, section, place.span, locator, reading, place.damage)]
        whole = original.tables[table].damage is None
        return [*numbers, self._cite_header(original, section, table)] if whole else numbers

    def _digests_locator(self, original: Document, place: Printed) -> str | None:
        """Return where the digest's own table has the row that stands at a place: a copy may have lost its name."""
        for digest_id, found in self.library.editions.telling(original.id, place.span):
            digest = self.library.document(digest_id)
            if row := row_at(digest, found.start):
                return row_locator(digest.tables[row[0]], row[1])
        return None

    def _cite_header(self, document: Document, section: str, table: int) -> int:
        """Return the number of the citation of a table's header row."""
        header = document.tables[table].header
        name = row_locator(document.tables[table], 0).split(",")[0]
        return self._cite(document, section, Span(header.start, header.end), f"{name}, header")

    def _cite(
        self,
        document: Document,
        section: str,
        span: Span,
        locator: str,
        reading: str | None = None,
        reason: str | None = None,
    ) -> int:
        quote = span.of(document.text)
        layer = layer_over(document, span, self.library) if reading is None else Layer()
        if layer.reading is not None:
            reading, reason = layer.reading, layer.reason
        if reading is None and (plain := without_markup(quote)) != one_line(quote):
            reading, reason = plain, MARKUP
        for known in self.citations:
            if (known.document_id, known.start, known.end, known.reading) == (
                document.id,
                span.start,
                span.end,
                reading,
            ):
                return known.number
        self.citations.append(
            Citation(
                number=len(self.citations) + 1,
                document_id=document.id,
                title=document.source.title,
                section=section,
                year=document.source.year,
                locator=locator,
                start=span.start,
                end=span.end,
                quote=quote,
                reading=reading,
                reading_reason=reason,
                damage=layer.damage,
            )
        )
        return len(self.citations)


def _prose_locator(document: Document, span: Span) -> str:
    return prose_locator(span.of(document.text), place_at(document, span.start))
