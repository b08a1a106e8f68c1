"""Where sources disagree on what was asked: both sides, each in its own words, and why they differ if known."""

from __future__ import annotations

from typing import Any

from assistant.contract import Conflict
from assistant.coverage import HARD
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.interpret import Question
from assistant.recall import FactAtPlaces
from corpus.anchoring import Place
from corpus.figures import figures
from corpus.terms import fold_name
from corpus.types import Span
from index.library import Library

MOST_CONFLICTS = 1
_SEVERITIES = ("high", "medium", "low")


def concerning(
    question: Question, evidence: Evidence, library: Library, documents: tuple[str, ...] | None
) -> list[FactAtPlaces]:
    """Return the conflicts that the question touches and whose sides are all in the library, gravest first.

    One side at least has to be about every drug, disease and other name in the question.
    """
    found = [
        (body, places)
        for body, places in library.facts("conflict")
        if _all_sides(body, places, documents)
        and _touches(body, question, library)
        and any(_is_about(place, evidence, library) for place in places)
    ]
    return sorted(found, key=lambda pair: (_SEVERITIES.index(pair[0]["severity"]), -len(pair[0]["about"])))


def compose(found: list[FactAtPlaces], library: Library, draft: Draft) -> tuple[Conflict, ...]:
    """State the sides that the draft does not cite yet, and return the conflicts with their citations."""
    told = []
    for body, places in found[:MOST_CONFLICTS]:
        missing = [place for place in places if not _cited(place, draft)]
        if missing:
            draft.state("The sources differ on this point.", "note")
        numbers = []
        for place in places:
            passage = library.passage_at(place.document_id, place.start)
            if passage is None:
                continue
            document = library.document(place.document_id)
            span = Span(place.start, place.end)
            numbers.append(draft.cite(document, passage, span))
            if place in missing and passage.table is None:
                draft.state(draft.text_of(numbers[-1]), "quote", (numbers[-1],))
            elif place in missing:
                draft.state_row(document, passage, None)
        told.append((body["summary"], tuple(dict.fromkeys(numbers))))
    return tuple(
        Conflict(summary=summary, citations=numbers) for summary, numbers in told if _is_held(summary, numbers, draft)
    )


def _is_held(summary: str, numbers: tuple[int, ...], draft: Draft) -> bool:
    """True if every figure of a summary stands in the sides that it sums up."""
    cited = "\n".join(f"{c.quote} {c.locator}" for c in draft.citations if c.number in numbers)
    return figures(summary) <= figures(cited)


def _is_about(place: Place, evidence: Evidence, library: Library) -> bool:
    if evidence.reader is None:
        return False
    document = library.document(place.document_id)
    cover = evidence.reader.cover(document.text[place.start : place.end]).joined(evidence.reader.cover(place.section))
    return all(unit.category not in HARD or i in cover.units for i, unit in enumerate(evidence.units))


def _all_sides(body: dict[str, Any], places: tuple[Place, ...], documents: tuple[str, ...] | None) -> bool:
    sides = {place.side for place in places if documents is None or place.document_id in documents}
    return len(sides) == len(body["where"])


def _touches(body: dict[str, Any], question: Question, library: Library) -> bool:
    vocabulary = question.vocabulary
    asked = frozenset(w for mention in question.mentions for i in mention.ids for w in vocabulary.widen(i))
    stems = library.stems(question.read)
    for group in body["about"]:
        for member in group:
            ids = vocabulary.names.get(fold_name(member))
            if ids and asked & frozenset(ids):
                break
            if not ids and all(library.stems(word) & stems for word in member.split()):
                break
        else:
            return False
    return True


def _cited(place: Place, draft: Draft) -> bool:
    return any(
        citation.document_id == place.document_id and citation.start <= place.start and place.end <= citation.end
        for citation in draft.citations
    )
