"""Where facts stand: anchors → the one sentence or table row of a document that holds them all.

A fact counts only where it is found; nothing is cited that does not say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.sentences import sentences
from corpus.text import fold, without_markup
from corpus.types import Document, Passage, PassageKind, Span

if TYPE_CHECKING:
    from corpus.facts import Anchor, Fact


@dataclass(frozen=True, slots=True)
class Place:
    """A place that says a fact. `side` numbers the entries of the fact's `where`."""

    fact_id: str
    side: int
    document_id: str
    section: str
    locator: str
    start: int
    end: int


def places(facts: Iterable[Fact], document: Document, passages: Sequence[Passage]) -> Iterator[Place]:
    """Yield where `document` says which of the facts; a side whose anchors do not stand together is left out."""
    texts = [
        (fold(without_markup(span.of(document.text))), span, passage) for passage, span in parts_of(document, passages)
    ]
    for fact in facts:
        for side, anchor in enumerate(fact.where):
            if anchor.document == document.id and (found := _best(anchor, texts)):
                span, passage = found
                yield Place(fact.id, side, document.id, passage.section, passage.locator, span.start, span.end)


def _best(anchor: Anchor, texts: Sequence[tuple[str, Span, Passage]]) -> tuple[Span, Passage] | None:
    """Return the shortest sentence or row that holds all anchors, in the anchor's section if one there does."""
    wanted = [fold(part) for part in anchor.anchors]
    found = [(span, passage) for text, span, passage in texts if all(part in text for part in wanted)]
    at_home = [pair for pair in found if anchor.section.lower() in pair[1].section.lower()]
    return min(at_home or found, key=lambda pair: pair[0].end - pair[0].start, default=None)


def parts_of(document: Document, passages: Sequence[Passage]) -> Iterator[tuple[Passage, Span]]:
    """Yield the sentences of prose and the whole of every other passage: the smallest places that say something."""
    for passage in passages:
        if passage.kind is PassageKind.PROSE:
            for span in sentences(document.text, passage.start, passage.end):
                yield passage, span
        else:
            yield passage, Span(passage.start, passage.end)
