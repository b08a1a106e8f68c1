"""Where it comes from: the reference-list entries behind the sentences of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.contract import Citation
from assistant.drafting import Draft
from assistant.studies import reference_entries, reference_numbers
from corpus.types import Document, Passage, Span
from index.library import Library

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
    for key, entry in reference_entries(document, library):
        if key in numbers:
            yield entry


def _plain(document: Document, span: Span) -> str:
    return " ".join(span.of(document.text).split())
