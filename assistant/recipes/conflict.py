"""Where sources disagree on what was asked: both sides, each in its own words, and why they differ if known."""

from __future__ import annotations

from typing import Any

from assistant.candidates import ENOUGH_COVERAGE
from assistant.columns import asked_columns
from assistant.contract import Conflict, Statement
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.recall import FactAtPlaces
from assistant.units import HARD
from corpus.anchoring import Place
from corpus.figures import Shape, figures, has_shape
from corpus.types import Span
from corpus.words import fold_name
from index.library import Library
from index.sentence_cues import load_cues

MOST_CONFLICTS = 1
MOST_WORDS = 150
_DIFFER = Statement(text="The sources differ on this point.", kind="note")
_DIFFERS = Statement(text="The source contradicts itself on this point.", kind="note")
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
        and all(_is_on_disease(place, evidence, library) for place in places)
        and not any(_gives_another_drugs_dose(place, evidence, library) for place in places)
        and any(draft.tells([place]) or _answers(place, evidence, library) for place in places)
    ]
    return sorted(found, key=lambda pair: (_SEVERITIES.index(pair[0]["severity"]), -len(pair[0]["about"])))


def compose(
    found: list[FactAtPlaces], question: Question, evidence: Evidence, library: Library, draft: Draft
) -> tuple[Conflict, ...]:
    """State the sides that the draft does not cite yet, as far as an answer's length allows.

    Returns the conflicts, each with the citations of all its sides.
    """
    told = []
    for body, places in found[:MOST_CONFLICTS]:
        trial = draft.copy()
        numbers = tuple(dict.fromkeys(n for place in places for n in _state(place, evidence, library, trial)))
        if len(trial.statements) > len(draft.statements):
            cited = {c.document_id for c in trial.citations if c.number in numbers}
            trial.statements.insert(len(draft.statements), _DIFFER if len(cited) > 1 else _DIFFERS)
            if any(kind.kind == "safety" for kind in question.kinds):
                trial.statements = _harm_first(trial.statements, len(draft.statements))
        if sum(len(statement.text.split()) for statement in trial.statements) <= MOST_WORDS:
            draft.take(trial)
        draft.citations = trial.citations
        if len(numbers) > 1 and _is_held(body["summary"], numbers, draft):
            told.append(Conflict(summary=body["summary"], citations=numbers))
    return tuple(told)


def _harm_first(statements: list[Statement], at: int) -> list[Statement]:
    """Return the statements with those first that tell a higher risk, where the first one denies it.

    `at` is where the note stands that the sources differ; the other sides follow it.
    """
    cues = load_cues()
    if not at or not cues.shown(statements[0].text).denies:
        return statements
    shown = [(statement, cues.shown(statement.text)) for statement in statements[at + 1 :]]
    harm = [statement for statement, cue in shown if cue.direction >= 0 and cue.has_direction and not cue.denies]
    if not harm:
        return statements
    return [*harm, statements[at], *statements[:at], *(s for s in statements[at + 1 :] if s not in harm)]


def _state(place: Place, evidence: Evidence, library: Library, draft: Draft) -> tuple[int, ...]:
    """State a side unless the draft tells it already, and return the numbers of its citations."""
    passage = library.passage_at(place.document_id, place.start)
    document = library.document(place.document_id)
    assert passage is not None, "a place lies inside a passage"
    span = Span(place.start, place.end)
    if not draft.tells([place]) and passage.table is None:
        draft.state_sentence(document, passage, span)
    elif not draft.tells([place]) and passage.row is not None and evidence.reader is not None:
        assert passage.table is not None, "a row lies in a table"
        columns = asked_columns(evidence.reader, document.tables[passage.table], passage.row)
        draft.state_row(document, passage, columns)
    return draft.cite(document, passage, span)


def _is_held(summary: str, numbers: tuple[int, ...], draft: Draft) -> bool:
    """True if every figure of a summary stands in the sides that it sums up."""
    cited = "\n".join(f"{c.quote} {c.reading} {c.locator}" for c in draft.citations if c.number in numbers)
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


def _is_on_disease(place: Place, evidence: Evidence, library: Library) -> bool:
    """True unless a sentence is about a disease and the question about others: their doses and figures may well differ.

    A table row may be a side because it leaves the disease out.
    """
    reader, passage = evidence.reader, library.passage_at(place.document_id, place.start)
    if reader is None or passage is None or passage.table is not None:
        return True
    asked = {i for i, unit in enumerate(reader.units) if unit.category == "disease"}
    text = library.document(place.document_id).text[place.start : place.end]
    around = reader.cover(text).units | reader.cover(place.section).units
    return not asked or bool(asked & around) or not reader.named(text, "disease")


def _gives_another_drugs_dose(place: Place, evidence: Evidence, library: Library) -> bool:
    """True if a sentence with a dose names drugs and none that was asked about: beside them its dose misleads."""
    reader, passage = evidence.reader, library.passage_at(place.document_id, place.start)
    if reader is None or passage is None or passage.table is not None:
        return False
    text = library.document(place.document_id).text[place.start : place.end]
    asked = {i for i, unit in enumerate(reader.units) if unit.category == "drug"}
    named = reader.named(text, "drug")
    return bool(asked and named and has_shape(text, Shape.DOSE)) and not asked & reader.cover(text).units


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
