"""An answer in the making: statements and the citations that they share, numbered in the order of use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.contract import Citation, Statement, StatementKind
from corpus.passages import prose_locator, row_locator
from corpus.text import one_line, without_markup
from corpus.types import Document, Passage, PassageKind, Span

_LABELLED = re.compile(r"\d|\b[IVX]+\b")


@dataclass
class Draft:
    """Statements and citations that the gate has not seen yet."""

    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def state(
        self, text: str, kind: StatementKind, citations: tuple[int, ...] = (), working: str | None = None
    ) -> None:
        """Add a statement; what two parts of a message find alike is said once."""
        new = Statement(text=text, kind=kind, citations=tuple(dict.fromkeys(citations)), working=working)
        if new not in self.statements:
            self.statements.append(new)

    def room_for(self, text: str, most_words: int) -> bool:
        """Return whether the statements with `text` added keep within a number of words."""
        return sum(len(part.split()) for part in (text, *(s.text for s in self.statements))) <= most_words

    def text_of(self, number: int) -> str:
        """Return what a citation says, as it is to be read."""
        citation = self.citations[number - 1]
        return citation.reading or one_line(citation.quote)

    def state_row(self, document: Document, passage: Passage, shown: frozenset[int] | None) -> None:
        """State a table row with its column names, cited with its header; `shown` are the columns, None means all."""
        assert passage.table is not None and passage.row is not None
        table = document.tables[passage.table]
        parts = []
        for number, (name, cell) in enumerate(zip_longest(table.columns, table.rows[passage.row].cells)):
            if cell and cell.text and (shown is None or number in shown):
                parts.append(f"{name}: {cell.text}" if name else cell.text)
        citations = (
            self.cite(document, passage, Span(passage.start, passage.end)),
            self.cite_header(document, passage.section, passage.table),
        )
        label = row_locator(table, passage.row).split(",")[0]
        prefix = f"{label}: " if _LABELLED.search(label) else ""
        self.state(prefix + "; ".join(parts) + ".", "fact", citations)

    def cite(self, document: Document, passage: Passage, span: Span) -> int:
        """Return the number of the citation of `span`, added if it is new."""
        locator = passage.locator
        quote = span.of(document.text)
        if passage.kind is PassageKind.PROSE:
            locator = prose_locator(quote, document.text.count("\n", 0, span.start) + 1)
        return self._cite(document, passage.section, span, locator)

    def cite_row(self, document: Document, section: str, table: int, row: int) -> int:
        """Return the number of the citation of a table row."""
        cited = document.tables[table].rows[row]
        return self._cite(document, section, Span(cited.start, cited.end), row_locator(document.tables[table], row))

    def cite_header(self, document: Document, section: str, table: int) -> int:
        """Return the number of the citation of a table's header row."""
        header = document.tables[table].header
        name = row_locator(document.tables[table], 0).split(",")[0]
        return self._cite(document, section, Span(header.start, header.end), f"{name}, header")

    def _cite(self, document: Document, section: str, span: Span, locator: str) -> int:
        for known in self.citations:
            if (known.document_id, known.start, known.end) == (document.id, span.start, span.end):
                return known.number
        quote = span.of(document.text)
        reading = without_markup(quote)
        marked_up = reading != one_line(quote)
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
                reading=reading if marked_up else None,
                reading_reason="the document's markup is left out" if marked_up else None,
            )
        )
        return len(self.citations)
