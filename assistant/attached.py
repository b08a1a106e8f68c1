"""What the gate knows of editions: a statement that is a digest's, word for word, and the original's places for it.

That those places bear out every figure and name was checked when the original came in; here it is checked that the
statement is the one that was checked, and that it cites all of those places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.contract import Citation
from assistant.rows import is_row
from corpus.editions import Attachment
from corpus.types import Span, row_at
from index.library import Library


def is_attached(text: str, cited: Sequence[Citation], library: Library) -> bool:
    """Return whether `text` is what a digest says of the cited places: its sentence, or its row cell by cell."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for citation in cited:
        spans[citation.document_id].append(Span(citation.start, citation.end))
    labels = {f"{citation.locator.split(',')[0]}: " for citation in cited}
    plain = next((text.removeprefix(label) for label in labels if text.startswith(label)), text)
    return any(
        _says(digest_id, found, plain, library)
        for original_id, places in spans.items()
        for digest_id, found in library.editions.said_at(original_id, places)
    )


def reads_as_found(citation: Citation, library: Library) -> bool:
    """Return whether a citation's reading and its reason are what a digest gives for that very place's damage."""
    span = Span(citation.start, citation.end)
    return any(
        (citation.reading, citation.reading_reason) == (found.said, place.damage)
        for _, found in library.editions.telling(citation.document_id, span)
        for place in found.printed
        if place.span == span and place.damage
    )


def is_damaged(citation: Citation, library: Library) -> bool:
    """Return whether every digest that has to do with a cited place finds its print damaged."""
    span = Span(citation.start, citation.end)
    told = library.editions.telling(citation.document_id, span)
    return bool(told) and all(any(p.span == span and p.damage for p in found.printed) for _, found in told)


def _says(digest_id: str, found: Attachment, text: str, library: Library) -> bool:
    digest = library.document(digest_id)
    if row := row_at(digest, found.start):
        table = digest.tables[row[0]]
        return is_row(text, table, table.rows[row[1]])
    return text == found.said
