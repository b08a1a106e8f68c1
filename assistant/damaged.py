"""The print of what is cited: how it reads where it is damaged, and what an answer says where that is not certain.

A certain repair is shown as the citation's reading with its reason. What is not certain is cited as it is printed, and
the citation says what looks damaged; of a row whose cells may belong to its neighbour nothing is told at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.damage import GRAVE, UNUSABLE, as_read, reasons, within
from corpus.text import without_markup
from corpus.types import Document, Span
from index.library import Library

ROW_AS_PRINTED = "As printed; the row looks damaged."
PROSE_AS_PRINTED = "As printed; the print looks damaged there."
AS_RECOGNISED = "Read by OCR from a scan; compare it with the page."


@dataclass(frozen=True, slots=True)
class Layer:
    """What lies over a cited span: its reading and why, or what looks damaged in it; None where nothing does."""

    reading: str | None = None
    reason: str | None = None
    damage: str | None = None


def layer_over(document: Document, span: Span, library: Library) -> Layer:
    """Return the layer over a span; a place that a digest tells is read as the digest says, and has none."""
    found = within(document.repairs, span.start, span.end)
    if not found or library.editions.telling(document.id, span):
        return Layer()
    certain = [repair for repair in found if repair.reading is not None]
    doubtful = [repair for repair in found if repair.reading is None and repair.kind in GRAVE]
    reading = without_markup(as_read(document.text, span.start, span.end, certain)) if certain else None
    return Layer(reading, reasons(certain) or None, reasons(doubtful) or None)


def is_usable(document: Document, span: Span) -> bool:
    """Return whether it is certain which row and column the figures in a span belong to."""
    return not any(repair.kind in UNUSABLE for repair in within(document.repairs, span.start, span.end))
