"""What the gate knows of editions: a statement that is a digest's, word for word, and the original's places for it.

That those places bear out every figure and name was checked when the original came in; here it is checked that the
statement is the one that was checked, and that it cites all of those places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.contract import Citation
from corpus.editions import Attachment
from corpus.types import Span
from index.library import Library


def is_attached(text: str, cited: Sequence[Citation], library: Library) -> bool:
    """Return whether `text` is what a digest says of the cited places: its sentence, or cells of its row."""
    labels = {f"{citation.locator.split(',')[0]}: " for citation in cited}
    plain = next((text.removeprefix(label) for label in labels if text.startswith(label)), text)
    return any(_says(found.said, plain) for found in _attachments(cited, library))


def is_reading_of(citation: Citation, library: Library) -> bool:
    """Return whether the reading of a citation is what a digest says of that very place, found to be damaged."""
    span = Span(citation.start, citation.end)
    return any(
        found.said == citation.reading and any(p.span == span and p.damage for p in found.printed)
        for found in library.editions.telling(citation.document_id, span)
    )


def _attachments(cited: Sequence[Citation], library: Library) -> list[Attachment]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for citation in cited:
        spans[citation.document_id].append(Span(citation.start, citation.end))
    return [found for i, places in spans.items() for found in library.editions.said_at(i, places)]


def _says(said: str, text: str) -> bool:
    """True for the whole sentence, or for cells of the row in their order, under their columns' names."""
    if text == said:
        return True
    parts = text.removesuffix(".").split("; ")
    cells = iter(said.split("; "))
    return all(any(part == cell for cell in cells) for part in parts)
