"""A fact that was found by rule, with its place and with what a person's decision on it is remembered by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from corpus.anchoring import Place
from corpus.extraction.said import Said
from corpus.facts import Anchor, AnyFact
from corpus.text import words

_ID_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Extracted:
    """A fact, where it stands, and its fingerprint: the same whenever the same words are read as the same statement.

    The fingerprint knows neither offsets nor the document's id, nor what may be read better some day (the disease, the
    route): so a decision on it outlives rebuilding, renaming and adding the document again.
    """

    fact: AnyFact
    place: Place
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where a statement stands, before it is a fact."""

    where: Anchor
    place: Place
    fingerprint: str

    @property
    def id(self) -> str:
        """Return the id that the fact gets."""
        return self.place.fact_id

    def as_fact(self, fact: AnyFact) -> Extracted:
        """Return a fact made of the statement, at its place."""
        return Extracted(fact, self.place, self.fingerprint)


def found_at(said: Said, statement: tuple[str, ...], anchors: tuple[str, ...], refs: tuple[str, ...]) -> Found:
    """Return where a statement stands: its anchor, its place, and its fingerprint."""
    fingerprint = _digest(*statement, words(said.text))
    identity = fact_id(said.document.id, fingerprint)
    passage = said.passage
    place = Place(identity, 0, said.document.id, passage.section, passage.locator, said.span.start, said.span.end)
    return Found(
        Anchor(document=said.document.id, section=passage.section, refs=refs, anchors=anchors), place, fingerprint
    )


def fact_id(document_id: str, fingerprint: str) -> str:
    """Return the id of a fact that was found in a document."""
    return f"x-{_digest(document_id, fingerprint)[:_ID_DIGITS]}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
