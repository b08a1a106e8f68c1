"""Where sources disagree on what was asked: both sides, each in its own words, and why they differ if known."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from assistant.contract import Conflict, Statement
from assistant.coverage import HARD
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.interpret import Question
from assistant.recall import FactAtPlaces
from assistant.recipes.quote import ENOUGH_COVERAGE
from assistant.tabular import asked_columns
from corpus.anchoring import Place
from corpus.figures import figures
from corpus.types import Span
from corpus.words import fold_name
from index.library import Library

MOST_CONFLICTS = 1
MOST_WORDS = 130
_DIFFER = Statement(text="The sources differ on this point.", kind="note")
_SEVERITIES = ("high", "medium", "low")


def concerning(
    question: Question, evidence: Evidence, library: Library, documents: tuple[str, ...] | None, draft: Draft
) -> list[FactAtPlaces]:
    """Return the conflicts that the question touches and whose sides are all in the library, gravest first.

    The answer has to cite one side already, or one side has to answer the question itself.
    """
    found = [
        (body, places)
        for body, places in library.facts("conflict")
        if _all_sides(body, places, documents)
        and _touches(body, question, library)
        and any(_cited(place, draft) or _answers(place, evidence, library) for place in places)
    ]
    return sorted(found, key=lambda pair: (_SEVERITIES.index(pair[0]["severity"]), -len(pair[0]["about"])))


def compose(found: list[FactAtPlaces], evidence: Evidence, library: Library, draft: Draft) -> tuple[Conflict, ...]:
    """State the sides that the draft does not cite yet, as far as an answer's length allows.

    Returns the conflicts, each with the citations of all its sides.
    """
    told = []
    for body, places in found[:MOST_CONFLICTS]:
        trial = deepcopy(draft)
        numbers = tuple(dict.fromkeys(_state(place, evidence, library, trial) for place in places))
        if len(trial.statements) > len(draft.statements):
            trial.statements.insert(len(draft.statements), _DIFFER)
        if sum(len(statement.text.split()) for statement in trial.statements) <= MOST_WORDS:
            draft.statements[:] = trial.statements
        draft.citations[:] = trial.citations
        if _is_held(body["summary"], numbers, draft):
            told.append(Conflict(summary=body["summary"], citations=numbers))
    return tuple(told)


def _state(place: Place, evidence: Evidence, library: Library, draft: Draft) -> int:
    """State a side unless the draft cites it already, and return the number of its citation."""
    passage = library.passage_at(place.document_id, place.start)
    document = library.document(place.document_id)
    assert passage is not None, "a place lies inside a passage"
    known = _cited(place, draft)
    number = draft.cite(document, passage, Span(place.start, place.end))
    if not known and passage.table is None:
        draft.state(draft.text_of(number), "quote", (number,))
    elif not known and passage.row is not None and evidence.reader is not None and passage.table is not None:
        columns = asked_columns(evidence.reader, document.tables[passage.table], passage.row)
        draft.state_row(document, passage, columns)
    return number


def _is_held(summary: str, numbers: tuple[int, ...], draft: Draft) -> bool:
    """True if every figure of a summary stands in the sides that it sums up."""
    cited = "\n".join(f"{c.quote} {c.locator}" for c in draft.citations if c.number in numbers)
    return figures(summary) <= figures(cited)


def _answers(place: Place, evidence: Evidence, library: Library) -> bool:
    """True if a side is about every name in the question and covers as much of it as an answer has to."""
    reader = evidence.reader
    if reader is None:
        return False
    document = library.document(place.document_id)
    cover = reader.cover(document.text[place.start : place.end]).joined(reader.cover(place.section))
    if any(unit.category in HARD and i not in cover.units for i, unit in enumerate(reader.units)):
        return False
    total = sum(unit.weight for unit in reader.units) or 1.0
    return sum(reader.units[i].weight for i in cover.units) >= ENOUGH_COVERAGE * total


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
