"""Which facts of a library match what is wanted, and where each of them stands in it.

A fact is about the concepts that its fields name; where none of them names one of that category (the disease of an
event rate, the drug of a definition), about those in the words that its kind has to have. What else it tells doesn't
count: prednisone for a transplant is no dose in alopecia areata, although its outcome is one of that disease.
Nothing is listed that stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from corpus.anchoring import Place
from corpus.editions import said_in
from corpus.facts import AnyFact, Fact
from corpus.terms import Mention, Vocabulary
from corpus.types import Span
from index.library import Library

_APART = " ; "  # what joins texts in which no name may run from one into the next


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fact has to match: one of each of these, where any are given.

    `concepts` holds a group of ids for each option; a fact about a narrower concept than one of them matches too.
    """

    kinds: tuple[str, ...]
    concepts: tuple[frozenset[str], ...] = ()
    documents: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """A place of the library that says a fact; `refs` are the source's own references for it."""

    document_id: str
    section: str
    locator: str
    refs: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A fact as plain data without its anchors, its places, and its sentence if it has no fields of its own."""

    body: dict[str, Any]
    standings: tuple[Standing, ...]
    sentence: str | None = None

    @property
    def kind(self) -> str:
        """Return the fact's kind."""
        return str(self.body["kind"])


def kinds() -> dict[str, type[Fact]]:
    """Return every kind of fact with its model, in the model's order."""
    models, *_ = get_args(AnyFact)
    return {str(model.model_fields["kind"].default): model for model in get_args(models)}


def own_fields(model: type[Fact]) -> tuple[str, ...]:
    """Return the fields that a kind of fact has beyond those of all facts."""
    return tuple(name for name in model.model_fields if name not in Fact.model_fields and name != "kind")


def select(library: Library, wanted: Wanted) -> Iterator[Listed]:
    """Yield the facts that match, kind by kind."""
    documents = wanted.documents | {library.editions.original_of(i) for i in wanted.documents}
    models = kinds()
    for kind in wanted.kinds:
        for body, places in library.facts(kind):
            if wanted.origins and body["origin"] not in wanted.origins:
                continue
            if kind == "conflict" and not _has_all_sides(body, places, library):
                continue
            standings = tuple(dict.fromkeys(s for place in places for s in _standings(body, place, library)))
            if not standings or (documents and not any(s.document_id in documents for s in standings)):
                continue
            sentence = None if own_fields(models[kind]) else _sentence(places, library)
            fact = Listed({key: value for key, value in body.items() if key != "where"}, standings, sentence)
            if all(_is_about(fact, group, library) for group in wanted.concepts):
                yield fact


def _has_all_sides(body: dict[str, Any], places: Iterable[Place], library: Library) -> bool:
    """True if a disagreement can be shown: a side that the library lacks would be told by the other one alone."""
    answering = {place.side for place in places if library.editions.answers(place.document_id, place.start)}
    return len(answering) == len(body["where"])


def _standings(body: dict[str, Any], place: Place, library: Library) -> Iterator[Standing]:
    """Yield where the library says a fact: in the digest, or in the original that says it in the digest's stead."""
    refs = tuple(body["where"][place.side]["refs"])
    attached = library.editions.attachment(place.document_id, place.start)
    original = library.editions.original_of(place.document_id)
    if attached is not None and original is not None:
        for printed in attached.printed:
            passage = library.passage_at(original, printed.span.start)
            section, locator = (passage.section, passage.locator) if passage else ("", "")
            yield Standing(original, section, locator, refs, printed.span.start, printed.span.end)
    elif library.editions.answers(place.document_id, place.start):
        yield Standing(place.document_id, place.section, place.locator, refs, place.start, place.end)


def _sentence(places: Iterable[Place], library: Library) -> str:
    """Return what the sentences or rows at a fact's places say."""
    said = []
    for place in dict.fromkeys((p.document_id, p.start, p.end) for p in places):
        document_id, start, end = place
        passage = library.passage_at(document_id, start)
        assert passage is not None, "a place lies inside a passage"
        said.append(said_in(library.document(document_id), passage, Span(start, end)))
    return " ".join(dict.fromkeys(said))


def _is_about(fact: Listed, group: frozenset[str], library: Library) -> bool:
    terms = library.vocabulary.terms
    return any(group & _concepts(fact, category, library) for category in {terms[i].category for i in group})


def _concepts(fact: Listed, category: str, library: Library) -> frozenset[str]:
    """Return the concepts of a category that a fact is about, wider ones included."""
    vocabulary = library.vocabulary
    own = {text for text in _texts(fact.body.values()) if text in vocabulary.terms}
    if not any(vocabulary.terms[i].category == category for i in own):
        own = _meant(library.mentions(_APART.join(_telling(fact))))
    return frozenset(_wide((i for i in own if vocabulary.terms[i].category == category), vocabulary))


def _telling(fact: Listed) -> Iterator[str]:
    """Yield the words that a fact can't be without; a sentence is read under its heading."""
    model = kinds()[fact.kind]
    yield from _texts(fact.body[field] for field in own_fields(model) if model.model_fields[field].is_required())
    if fact.sentence is not None:
        yield fact.sentence
        yield from (standing.section.rsplit(" > ", 1)[-1] for standing in fact.standings)


def _meant(mentions: Iterable[Mention]) -> set[str]:
    """Return the ids that are mentioned, of an ambiguous name those that are named in full as well, if any are."""
    found = tuple(mentions)
    sure = {mention.ids[0] for mention in found if len(mention.ids) == 1}
    return sure | {i for mention in found for i in (sure & set(mention.ids) or mention.ids)}


def _wide(ids: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    for i in ids:
        yield from vocabulary.widen(i)


def _texts(value: Any) -> Iterator[str]:
    """Yield the strings in a value, however deep its lists are."""
    if isinstance(value, str):
        yield value
    elif not isinstance(value, bool | int | float | None):
        for part in value:
            yield from _texts(part)
