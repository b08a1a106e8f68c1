"""Question → the facts that match what it names, whatever words it uses.

Facts make sure that a dose, rate or approval that the library holds is found even where retrieval would miss its
sentence; the sentence still has to cover the question like any other candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assistant.by_rule import preferred
from assistant.question import Question
from corpus.fact_store import PlacedFact
from corpus.terms import Vocabulary
from corpus.words import fold_name, words_of
from index.library import Library

FactAtPlaces = PlacedFact
"""A fact as plain data, with the places that say it."""

_KINDS = {
    "dose": ("dose",),
    "time": ("dose", "trial"),
    "outcome": ("dose", "trial", "outcome"),
    "share": ("dose", "trial", "outcome"),
    "count": ("dose", "trial"),
    "comparison": ("dose", "trial", "safety"),
    "rate": ("rate", "safety"),
    "safety": ("safety", "rate"),
    "occurrence": ("safety", "rate"),
    "indication": ("approval",),
    "mechanism": ("mechanism",),
    "study": ("trial",),
    "source": ("trial",),
    "definition": ("definition",),
}
_CONCEPTS = {
    "drug": ("drug", "drugs"),
    "disease": ("indication",),
    "route": ("route",),
    "event": ("event",),
    "trial": ("name",),
}
MOST_FACTS = 40


def recall(question: Question, library: Library) -> list[FactAtPlaces]:
    """Return the facts of the question's kinds that agree with every concept that it names and they have.

    Those that were found by rule only where none that a person checked agrees.
    """
    kinds = dict.fromkeys(kind for asked in question.kinds for kind in _KINDS.get(asked.kind, ()))
    asked = {category: _ids(question, category) for category in _CONCEPTS}
    found: list[FactAtPlaces] = []
    for kind in kinds:
        for body, places in library.facts(kind):
            agrees = _defines(body, question) if kind == "definition" else _agrees(body, asked, question.vocabulary)
            if agrees and not _other_status(body, question):
                found.append((body, places))
    return preferred(found)[:MOST_FACTS]


def drugs_agree(body: dict[str, Any], question: Question) -> bool:
    """Return whether a fact is about a drug that the question names, or about a class of it, or a member of one."""
    vocabulary, asked = question.vocabulary, _ids(question, "drug")
    own = frozenset(_values(body, _CONCEPTS["drug"]))
    wide = own.union(*(vocabulary.widen(i) for i in own if i in vocabulary.terms))
    return bool(asked & wide or own & asked.union(*(vocabulary.widen(i) for i in asked)))


def _agrees(body: dict[str, Any], asked: dict[str, frozenset[str]], vocabulary: Vocabulary) -> bool:
    """True if the fact names one of the drugs or diseases asked about, and contradicts no category of the question."""
    shared = False
    for category, ids in asked.items():
        if not ids:
            continue
        own = frozenset(_values(body, _CONCEPTS[category]))
        if category == "trial":
            own = frozenset(i for name in own for i in vocabulary.names.get(fold_name(name), ()))
        wide = own.union(*(vocabulary.widen(i) for i in own if i in vocabulary.terms))
        if own and not ids & wide:
            return False
        shared = shared or bool(own)
    return shared


def _other_status(body: dict[str, Any], question: Question) -> bool:
    """True for an off-label use where approvals are asked for, and the other way round."""
    if body["kind"] != "approval":
        return False
    off_label = "label" in question.words and "off" in question.words
    approved = not off_label and bool({"approved", "approval", "licensed", "indicated"} & set(question.words))
    return (off_label and body["status"] == "approved") or (approved and body["status"] == "off-label")


def _defines(body: dict[str, Any], question: Question) -> bool:
    """True if the question holds the term that the fact defines."""
    term = fold_name(str(body["term"]))
    return bool(term) and f" {term} " in f" {' '.join(word.folded for word in words_of(question.read))} "


def _values(body: dict[str, Any], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        value = body.get(key)
        if isinstance(value, str):
            yield value
        elif value:
            yield from value


def _ids(question: Question, category: str) -> frozenset[str]:
    terms = question.vocabulary.terms
    return frozenset(i for mention in question.mentions for i in mention.ids if terms[i].category == category)
