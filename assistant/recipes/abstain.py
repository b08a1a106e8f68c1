"""Saying no: what the library does not hold, in one sentence, with the nearest passages beside it."""

from __future__ import annotations

from assistant.candidates import Candidate
from assistant.contract import Related
from assistant.damaged import is_usable
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.units import HARD
from corpus.figures import figures
from corpus.types import Passage, Span
from corpus.words import fold_name
from index.library import Library

_RESULT_CUES = frozenset({"result", "results", "outcome", "outcomes", "improvement", "effective", "efficacy", "work"})
CHOSEN = "The chosen documents do not cover"
"""How an answer begins that was looked for in some of the library's documents only."""

MOST_RELATED = 3
DAMAGED = (
    "A table near this question looks damaged in print, so nothing is answered from it; `posology show` with the "
    "document's id shows it as printed."
)
_LONGEST_RELATED = 400  # characters of a related passage that are shown


def asks_results_of_plan(question: Question, library: Library) -> bool:
    """Return whether a question wants the results of a trial of which the library holds the plan only."""
    trials = {i for m in question.mentions for i in m.ids if question.vocabulary.terms[i].category == "trial"}
    if not trials or not set(question.cues) & _RESULT_CUES:
        return False
    told = [
        body
        for body, _ in library.facts("trial")
        if trials & set(question.vocabulary.names.get(fold_name(body["name"]), ()))
    ]
    return bool(told) and all(body["planned"] for body in told)


def compose(
    question: Question, evidence: Evidence, draft: Draft, *, plan_only: bool = False, only: bool = False
) -> None:
    """State that the library does not hold the answer, and which part of the question it lacks.

    With `only` some of its documents were to be used: of the others nothing is said.
    """
    if plan_only:
        draft.state("The library does not cover the results of this study: it describes the plan only.", "note")
        return
    if not question.text.strip(" ?!.,;:"):
        draft.state("There is no question here; write it in words.", "note")
        return
    holds = CHOSEN if only else "The library does not cover"
    missing = missing_parts(evidence)
    if missing and figures(" ".join(missing)) <= figures(question.text):
        holder = _holder(missing, evidence)
        draft.state(f"{holds} this question: {holder} covers {_listed(missing)}.", "note")
    else:
        draft.state(f"{holds} this question: no passage answers it.", "note")
    if any(_is_damaged(hit.passage, draft.library) for hit in evidence.hits[:MOST_RELATED]):
        draft.state(DAMAGED, "note")


def missing_parts(evidence: Evidence) -> list[str]:
    """Return what of the question is covered by no sentence that holds its names, at most four parts, weightiest first.

    When each part is covered somewhere but never together, all concepts are returned: their combination is missing.
    """
    covered = frozenset[int]().union(*(c.covered for c in _naming_all(evidence)))
    units = [
        (i, unit)
        for i, unit in enumerate(evidence.units)
        if unit.category not in ("shape", "number", "shows", "cue", "named")
    ]
    missing = [unit for i, unit in units if i not in covered and not (evidence.reader and evidence.reader.holds(unit))]
    if not missing:
        names = {i: unit.label for i, unit in units if unit.category in HARD}
        together = any(names.keys() <= candidate.covered for candidate in evidence.candidates)
        return [" together with ".join(names.values())] if len(names) > 1 and not together else []
    return [unit.label for unit in sorted(missing, key=lambda unit: -unit.weight)[:4]]


def _names(evidence: Evidence) -> frozenset[int]:
    return frozenset(i for i, unit in enumerate(evidence.units) if unit.category in HARD and unit.ids)


def _naming_all(evidence: Evidence) -> list[Candidate]:
    """Return the sentences and rows that hold all of the question's names themselves; all of them if none does."""
    names = _names(evidence)
    return [c for c in evidence.candidates if names <= c.own] or list(evidence.candidates)


def _holder(missing: list[str], evidence: Evidence) -> str:
    """Return what it is that does not cover the missing parts: a passage, or a sentence that holds the names."""
    elsewhere = any(evidence.units[i].label in missing for c in evidence.candidates for i in c.covered)
    names = [evidence.units[i].label for i in sorted(_names(evidence))]
    return f"no sentence that names {' and '.join(names)}" if elsewhere and names else "no passage"


def related(evidence: Evidence, library: Library) -> tuple[Related, ...]:
    """Return the passages nearest to the question, labelled as what they are."""
    found = []
    hits = [hit for hit in evidence.hits if not _is_damaged(hit.passage, library)]
    near = dict.fromkeys(_in_print(hit.passage, library) for hit in hits[:MOST_RELATED])
    for passage in (passage for passage in near if passage is not None):
        document = library.document(passage.document_id)
        end = min(passage.end, passage.start + _LONGEST_RELATED)
        found.append(
            Related(
                document_id=document.id,
                section=passage.section,
                locator=passage.locator,
                start=passage.start,
                end=end,
                quote=document.text[passage.start : end],
            )
        )
    return tuple(found)


def _is_damaged(passage: Passage, library: Library) -> bool:
    """Return whether a passage is of a table whose figures can't be told apart: as printed they would mislead."""
    document = library.document(passage.document_id)
    table = document.tables[passage.table] if passage.table is not None else None
    return bool(table and table.damage) or not is_usable(document, Span(passage.start, passage.end))


def _in_print(passage: Passage, library: Library) -> Passage | None:
    """Return the passage, or the original's that what a digest says rests on; None of a hidden digest without one."""
    original = library.editions.original_of(passage.document_id)
    for span, _ in library.parts(passage) if original else ():
        attached = library.editions.attachment(passage.document_id, span.start)
        for place in attached.printed if original and attached else ():
            if found := library.passage_at(original, place.span.start):
                return found
    return None if library.editions.is_hidden(passage.document_id) else passage


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
