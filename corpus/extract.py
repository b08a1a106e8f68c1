"""Passages → facts, by rule: the door to `corpus.extraction`.

Doses first, then harm, approvals, event rates and outcomes. Nothing is invented: each fact is read off one sentence or
table row, which is its place, and says how sure it is. What is denied, planned, supposed or told of animals gives none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from corpus.damage import GRAVE, UNUSABLE, reasons, within
from corpus.extraction.approvals import approval_facts
from corpus.extraction.cues import Cues, load_cues
from corpus.extraction.dose_facts import dose_facts
from corpus.extraction.found import Extracted
from corpus.extraction.harms import safety_facts
from corpus.extraction.results import outcome_facts, rate_facts
from corpus.extraction.routes import routes_told, with_routes
from corpus.extraction.said import Lexicon, Said, read
from corpus.terms import Vocabulary
from corpus.types import Document, Passage

EXTRACTOR_VERSION = 2
"""Raised whenever the same document would give other facts."""

_RULES = (dose_facts, safety_facts, approval_facts, rate_facts, outcome_facts)

__all__ = ["EXTRACTOR_VERSION", "Extracted", "Extractor"]


class Extractor:
    """Reads facts off documents with one vocabulary; its cues are read when the first document comes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lexicon = Lexicon(vocabulary)

    @cached_property
    def _cues(self) -> Cues:
        return load_cues()

    def facts(self, document: Document, passages: Sequence[Passage]) -> Iterator[Extracted]:
        """Yield the facts that a document's sentences and rows give, in its order; none of its reference list."""
        everything = tuple(read(document, passages, self._lexicon))
        found = [fact for said in everything for fact in self._facts_of(said)]
        yield from with_routes(found, routes_told(everything))

    def _facts_of(self, said: Said) -> Iterator[Extracted]:
        """Yield the facts of one sentence or row, each once."""
        seen: set[str] = set()
        for rule in _RULES:
            for found in rule(said, self._cues):
                if found.fingerprint not in seen:
                    seen.add(found.fingerprint)
                    yield _with_damage(found, said)


def _with_damage(found: Extracted, said: Said) -> Extracted:
    """Return a fact that says what is wrong with the print that it was read off, if anything is."""
    touched = within(said.document.repairs, said.span.start, said.span.end)
    if not (why := reasons(repair for repair in touched if repair.kind in GRAVE | UNUSABLE)):
        return found
    return replace(found, fact=found.fact.model_copy(update={"damage": found.fact.damage or why}))
