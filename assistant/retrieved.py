"""What a question retrieves, and why: each passage with its scores by words, by meaning, and blended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.interpret import interpret
from corpus.text import one_line
from index.library import Library
from index.search import Filters, HybridSearcher

if TYPE_CHECKING:
    from index.ranking import ScoreParts

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found: where it stands, its text on one line, and its scores."""

    document_id: str
    section: str
    locator: str
    start: int
    end: int
    text: str
    scores: ScoreParts


def retrieved(question: str, library: Library, documents: tuple[str, ...] | None) -> tuple[Retrieved, ...]:
    """Return the passages that `question` finds, best first."""
    searcher = HybridSearcher(library)
    read = interpret(question, library.vocabulary, searcher)
    hits = searcher.search(read.read, SHOWN, Filters(documents), read.expansions)
    return tuple(
        Retrieved(
            document_id=hit.passage.document_id,
            section=hit.passage.section.rsplit(" > ", 1)[-1],
            locator=hit.passage.locator,
            start=hit.passage.start,
            end=hit.passage.end,
            text=one_line(library.document(hit.passage.document_id).text[hit.passage.start : hit.passage.end]),
            scores=hit.parts,
        )
        for hit in hits
    )
