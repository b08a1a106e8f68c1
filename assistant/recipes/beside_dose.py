"""What a careful colleague adds to a dose: what sort of study it rests on, and that the drug carries a boxed warning.

Both are said in the words of a source, and only as far as there is room: the dose comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assistant.by_rule import preferred
from assistant.drafting import Draft
from assistant.question import Question
from assistant.recall import FactAtPlaces, drugs_agree
from corpus.anchoring import Place
from corpus.figures import Shape, figures
from corpus.types import Span
from index.library import Library

MOST_WORDS = 130


def add(question: Question, library: Library, documents: tuple[str, ...] | None, draft: Draft) -> None:
    """State the study and the warning beside a dose of a drug that was asked about."""
    if Shape.DOSE not in question.wants or not question.names("drug"):
        return
    told = [(body, places) for body, places in library.facts("dose") if drugs_agree(body, question)]
    told = preferred((body, places) for body, places in told if draft.tells(places))
    if not told:
        return
    warned = preferred(fact for fact in library.facts("safety") if fact[0]["boxed_warning"])
    warnings = [place for body, places in warned if drugs_agree(body, question) for place in places]
    # Of several sentences the one with the fewest figures is taken: none may be read as another dose.
    _state_one(sorted(warnings, key=lambda place: _length(place, library)), library, documents, draft)
    _state_one(_studies(told, library), library, documents, draft)


def _studies(told: Iterable[FactAtPlaces], library: Library) -> Iterator[Place]:
    """Yield where it is said what the one reference of the doses told is; nothing where they have several."""
    sources = {
        (where["document"], tuple(where["refs"])) for body, _ in told for where in body["where"] if where["refs"]
    }
    drugs = {body["drug"] for body, _ in told}
    if len(sources) != 1 or len(drugs) != 1:
        return
    ((document_id, refs),) = sources
    for body, places in library.facts("trial"):
        if body["design"] != "not stated" and drugs & set(body["drugs"]) and _rests_on(body, document_id, refs):
            yield from places


def _rests_on(body: dict[str, Any], document_id: str, refs: tuple[str, ...]) -> bool:
    return any(where["document"] == document_id and set(where["refs"]) & set(refs) for where in body["where"])


def _state_one(places: Iterable[Place], library: Library, documents: tuple[str, ...] | None, draft: Draft) -> None:
    """State the first place that may answer, unless one of them is told already or there is no room."""
    found = [place for place in places if documents is None or place.document_id in documents]
    if not found or draft.tells(found):
        return
    document = library.document(found[0].document_id)
    passage = library.passage_at(document.id, found[0].start)
    text = document.text[found[0].start : found[0].end]
    if passage is not None and passage.table is None and draft.room_for(text, MOST_WORDS):
        draft.state_sentence(document, passage, Span(found[0].start, found[0].end))


def _length(place: Place, library: Library) -> tuple[int, int]:
    text = library.document(place.document_id).text[place.start : place.end]
    return len(figures(text)), len(text)
