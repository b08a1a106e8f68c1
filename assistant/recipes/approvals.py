"""What a drug is approved for, asked without a disease: every approval that the library's sources list, by source.

One sentence answers such a question only in part: a source lists the skin and the rest apart, and sources differ.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.by_rule import preferred
from assistant.candidates import ENOUGH_COVERAGE
from assistant.coverage import Reader
from assistant.drafting import Draft
from assistant.question import Question
from assistant.recall import drugs_agree
from assistant.units import HARD
from corpus.anchoring import Place
from corpus.types import Span
from index.library import Library

MOST_STATEMENTS = 5
MOST_WORDS = 130
_ORDER = frozenset({"first", "newest", "latest", "last", "recent", "next"})
_BESIDES = frozenset({"besides", "else", "other", "others", "apart", "except", "beyond"})


def compose(
    question: Question, reader: Reader | None, library: Library, documents: tuple[str, ...] | None, draft: Draft
) -> bool:
    """State the approvals of the drug that was asked about; False if the question asks for something else."""
    if reader is None or not _asks(question):
        return False
    places = [
        place for place in _places(question, library, documents) if library.passage_at(place.document_id, place.start)
    ]
    if not _account_for(places, question, reader, library):
        return False
    for place in places:
        passage = library.passage_at(place.document_id, place.start)
        document = library.document(place.document_id)
        text = document.text[place.start : place.end]
        if passage is None or passage.table is not None or len(draft.statements) >= MOST_STATEMENTS:
            continue
        if draft.room_for(text, MOST_WORDS):
            draft.state_sentence(document, passage, Span(place.start, place.end))
    return bool(draft.statements)


def _asks(question: Question) -> bool:
    """True for approvals of named drugs; a disease only beside which others are wanted."""
    if not any(kind.kind == "indication" for kind in question.kinds) or not question.names("drug"):
        return False
    if (
        _ORDER & set(question.words)
        or _names_class(question)
        or "drug" in question.to_name
        or "off" in question.words
        or question.names("trial")
        or question.row_keys
    ):
        return False
    return not question.names("disease") or bool(_BESIDES & set(question.words))


def _names_class(question: Question) -> bool:
    """True where a drug that is named stands for others: no source lists a class's approvals."""
    terms = question.vocabulary.terms
    asked = {i for mention in question.mentions for i in mention.ids if terms[i].category == "drug"}
    return any(asked & set(term.broader) for term in terms.values() if term.category == "drug")


def _places(question: Question, library: Library, documents: tuple[str, ...] | None) -> Iterator[Place]:
    """Yield the places of the approvals, each once, those of one document together."""
    facts = preferred(
        fact for fact in library.facts("approval") if fact[0]["status"] == "approved" and drugs_agree(fact[0], question)
    )
    found = {
        (place.document_id, place.start): place
        for _, places in facts
        for place in places
        if documents is None or place.document_id in documents
    }
    yield from (found[key] for key in sorted(found))


def _account_for(places: list[Place], question: Question, reader: Reader, library: Library) -> bool:
    """True if what is asked besides the drug and its approval stands in the places too."""
    covered = frozenset[int]()
    for place in places:
        text = library.document(place.document_id).text[place.start : place.end]
        covered |= reader.cover(text).units | reader.cover(place.section).units
    asked = [(i, unit) for i, unit in enumerate(reader.units) if unit.category != "cue"]
    if any(unit.category in HARD and unit.category != "disease" and i not in covered for i, unit in asked):
        return False
    total = sum(unit.weight for _, unit in asked) or 1.0
    return sum(unit.weight for i, unit in asked if i in covered) >= ENOUGH_COVERAGE * total
