"""Boxed warnings: which a drug carries, and what they rest on, told where they are asked for and beside other harms.

A class may carry the warning of one of its members. Whoever asks about another member is told both: that the warning
was extended, and the story of the drug that it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.coverage import Reader
from assistant.drafting import Draft
from assistant.question import Question
from assistant.recall import FactAtPlaces, drugs_agree
from assistant.recipes import boxed_sections
from assistant.units import HARD
from corpus.anchoring import Place
from corpus.figures import Shape, figures, has_shape
from corpus.types import Passage, Span
from index.library import Library

MOST_WORDS = 100
MOST_WORDS_BESIDE = 130
_KIND = "warning"
_ASIDE_KINDS = frozenset({"safety"})


def compose(
    question: Question, reader: Reader | None, library: Library, documents: tuple[str, ...] | None, draft: Draft
) -> bool:
    """State the boxed warnings that are asked for; False if none is, or the library's do not cover the question."""
    if reader is None or not any(kind.kind == _KIND for kind in question.kinds):
        return False
    own, origin = _telling(question, library, documents)
    if not own and (boxed := boxed_sections.sentences(question, library, documents)):
        for place in boxed:
            _state(place, library, draft, MOST_WORDS)
        return bool(draft.statements)
    exact = frozenset(_places(_of_asked(_boxed(library), question), library, documents))
    ranked = sorted((*own, *origin), key=lambda place: (place not in exact, -_weight(place, reader, library)))
    if not _cover(ranked, reader, library):
        return False
    for place in ranked:
        _state(place, library, draft, MOST_WORDS)
    return bool(draft.statements)


def add(question: Question, library: Library, documents: tuple[str, ...] | None, draft: Draft) -> None:
    """State the boxed warning beside an answer about the harm of a drug that carries one, as far as there is room."""
    if not any(kind.kind in _ASIDE_KINDS for kind in question.kinds) or not question.names("drug"):
        return
    if question.row_keys or not _asks_for_harm_of(question, library):
        return
    own, origin = _telling(question, library, documents)
    if draft.tells([*own, *origin]):
        return
    # Of several sentences the one with the fewest figures is taken: none may be read as another harm's.
    for places in (own, origin):
        for place in sorted(places, key=lambda place: _length(place, library))[:1]:
            _state(place, library, draft, MOST_WORDS_BESIDE)


def _telling(
    question: Question, library: Library, documents: tuple[str, ...] | None
) -> tuple[list[Place], list[Place]]:
    """Return where the warnings are told of the drugs asked about, or of all, and of those that they come from.

    What is told of another drug holds no dose: it would be read as one of the drug that was asked about.
    """
    boxed = _boxed(library)
    asked = [fact for fact in boxed if drugs_agree(fact[0], question)] if question.names("drug") else boxed
    told = _once(_places(asked, library, documents))
    origin = {i for place in told for m in library.mentions(_text(place, library)) for i in m.ids}
    others = [fact for fact in boxed if fact not in asked and origin & set(fact[0]["drugs"])]
    elsewhere = (place for place in _once(_places(others, library, documents)) if place not in told)
    return told, [place for place in elsewhere if not has_shape(_text(place, library), Shape.DOSE)]


def _boxed(library: Library) -> list[FactAtPlaces]:
    return [fact for fact in library.facts("safety") if fact[0]["boxed_warning"]]


def _of_asked(facts: Iterable[FactAtPlaces], question: Question) -> Iterator[FactAtPlaces]:
    """Yield the facts about a drug that the question names itself, not about its class."""
    terms = question.vocabulary.terms
    asked = {i for mention in question.mentions for i in mention.ids if terms[i].category == "drug"}
    yield from (fact for fact in facts if asked & set(fact[0]["drugs"]))


def _once(places: Iterable[Place]) -> list[Place]:
    return list({(place.document_id, place.start): place for place in places}.values())


def _places(facts: Iterable[FactAtPlaces], library: Library, documents: tuple[str, ...] | None) -> Iterator[Place]:
    for _, places in facts:
        for place in places:
            passage = library.passage_at(place.document_id, place.start)
            allowed = documents is None or place.document_id in documents
            if allowed and passage and passage.table is None:
                if library.editions.answers(place.document_id, place.start):
                    yield place


def _asks_for_harm_of(question: Question, library: Library) -> bool:
    """True for a question about harm in general, or about a harm of which some drug is warned in a box."""
    terms = question.vocabulary.terms
    events = {i for mention in question.mentions for i in mention.ids if terms[i].category == "event"}
    warned = {body["event"] for body, _ in library.facts("safety") if body["boxed_warning"]}
    wide = {w for event in events for w in question.vocabulary.widen(event)}
    narrow = {w for event in warned if event in terms for w in question.vocabulary.widen(event)}
    return not events or bool(wide & warned or events & narrow)


def _cover(places: list[Place], reader: Reader, library: Library) -> bool:
    """True if every name of the question but its drugs stands in what is told of the warnings."""
    if not places:
        return False
    covered = frozenset[int]()
    for place in places:
        covered |= reader.cover(_text(place, library)).units | reader.cover(place.section).units
    asked = (i for i, unit in enumerate(reader.units) if unit.category in HARD and unit.category != "drug")
    return all(i in covered for i in asked)


def _weight(place: Place, reader: Reader, library: Library) -> float:
    return sum(reader.units[i].weight for i in reader.cover(_text(place, library)).units)


def _state(place: Place, library: Library, draft: Draft, most_words: int) -> None:
    document = library.document(place.document_id)
    passage: Passage | None = library.passage_at(document.id, place.start)
    if passage is not None and draft.room_for(_text(place, library), most_words):
        draft.state_sentence(document, passage, Span(place.start, place.end))


def _length(place: Place, library: Library) -> tuple[int, int]:
    text = _text(place, library)
    return len(figures(text)), len(text)


def _text(place: Place, library: Library) -> str:
    return library.document(place.document_id).text[place.start : place.end]
