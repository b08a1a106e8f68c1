"""What a careful colleague adds to a dose: that the drug carries a boxed warning, in the words of a source."""

from __future__ import annotations

from assistant.drafting import Draft
from assistant.interpret import Question
from assistant.recall import drugs_agree
from corpus.anchoring import Place
from corpus.figures import Shape, figures
from corpus.types import Span
from index.library import Library

MOST_WORDS = 120


def add(question: Question, library: Library, documents: tuple[str, ...] | None, draft: Draft) -> None:
    """State the warning beside a dose, if the library holds one for a drug that was asked about and there is room.

    Of several sentences the one with the fewest figures is taken: none may be read as another dose.
    """
    if Shape.DOSE not in question.wants or not question.names("drug") or not draft.tells(library.facts("dose")):
        return
    places = [
        place
        for body, places in library.facts("safety")
        if body["boxed_warning"] and drugs_agree(body, question)
        for place in places
        if (documents is None or place.document_id in documents)
        and library.editions.answers(place.document_id, place.start)
    ]
    if not places or any((place.document_id, place.start) in draft.told for place in places):
        return
    place = min(places, key=lambda place: _length(place, library))
    document = library.document(place.document_id)
    passage = library.passage_at(place.document_id, place.start)
    if passage is not None and draft.room_for(document.text[place.start : place.end], MOST_WORDS):
        draft.state_sentence(document, passage, Span(place.start, place.end))


def _length(place: Place, library: Library) -> tuple[int, int]:
    text = library.document(place.document_id).text[place.start : place.end]
    return len(figures(text)), len(text)
