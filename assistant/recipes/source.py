"""Where it comes from: the reference-list entries behind the sentences of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.contract import Citation
from assistant.drafting import Draft
from corpus.types import Document, Passage, PassageKind, Span
from index.library import Library

_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_LONGEST_RANGE = 20
MOST_REFERENCES = 4


def compose(citations: Iterable[Citation], library: Library, draft: Draft) -> bool:
    """State the references that the cited sentences name; False if they name none that the documents list."""
    found = [
        (library.document(citation.document_id), entry)
        for citation in citations
        for entry in _entries(citation, library)
    ]
    for document, entry in dict.fromkeys(found):
        if len(draft.statements) >= MOST_REFERENCES:
            break
        span = Span(entry.start, entry.end)
        if entry.table is None or entry.row is None:
            draft.state(_plain(document, span), "quote", draft.cite(document, entry, span))
        else:
            row = document.tables[entry.table].rows[entry.row]
            text = ". ".join(cell.text for cell in row.cells if cell.text)
            draft.state(f"{text}.", "fact", draft.cite_row(document, entry.section, entry.table, entry.row))
    return bool(found)


def _entries(citation: Citation, library: Library) -> Iterator[Passage]:
    """Yield the reference entries whose number or PMID the citation's locator or quote names."""
    numbers = set(reference_numbers(f"{citation.locator}"))
    if not numbers:
        return
    document = library.document(citation.document_id)
    for passage in library.catalogue.passages_of(citation.document_id):
        if passage.kind is PassageKind.REFERENCE and _key(document, passage) in numbers:
            yield passage


def reference_numbers(locator: str) -> list[str]:
    """Return the reference numbers and PMIDs in a locator such as "refs 7-9" or "PMID 36001310"."""
    if not re.search(r"\bref|PMID", locator, re.IGNORECASE):
        return []
    numbers = re.findall(r"\d+", locator)
    for first, last in _RANGE.findall(locator):
        if 0 < int(last) - int(first) <= _LONGEST_RANGE:
            numbers.extend(str(number) for number in range(int(first), int(last) + 1))
    return list(dict.fromkeys(numbers))


def _key(document: Document, passage: Passage) -> str:
    """Return the number that a reference entry begins with."""
    found = re.search(r"\d+", document.text[passage.start : passage.start + 20])
    return found.group() if found else ""


def _plain(document: Document, span: Span) -> str:
    return " ".join(span.of(document.text).split())
