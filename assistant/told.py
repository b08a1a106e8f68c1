"""What an answer says besides its statements: how the question was read, the facts told, the study, the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from assistant.candidates import Candidate
from assistant.contract import Citation, Conflict, Interpretation, Statement, StudyTold, Support
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.recipes import quote
from assistant.studies import Study
from index.library import Library


class Numbered(NamedTuple):
    """The parts of an answer that name citations, numbered from 1 without a gap."""

    statements: tuple[Statement, ...]
    conflicts: tuple[Conflict, ...]
    citations: tuple[Citation, ...]
    facts: tuple[dict[str, Any], ...]


def numbered(
    statements: Sequence[Statement],
    conflicts: Sequence[Conflict],
    citations: Sequence[Citation],
    facts: Sequence[dict[str, Any]],
) -> Numbered:
    """Return the parts with only those citations that are cited, numbered anew in their order."""
    cited = {n for statement in statements for n in statement.citations}
    cited |= {n for conflict in conflicts for n in conflict.citations}
    kept = [citation for citation in citations if citation.number in cited]
    new = {citation.number: number for number, citation in enumerate(kept, 1)}
    return Numbered(
        tuple(part.model_copy(update={"citations": _renamed(part.citations, new)}) for part in statements),
        tuple(part.model_copy(update={"citations": _renamed(part.citations, new)}) for part in conflicts),
        tuple(citation.model_copy(update={"number": new[citation.number]}) for citation in kept),
        tuple({**fact, "citations": list(_renamed(fact["citations"], new))} for fact in facts),
    )


def _renamed(numbers: Sequence[int], new: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(new[number] for number in numbers if number in new)


def study_told(study: Study | None, library: Library) -> StudyTold | None:
    """Return a study as an answer names it: by the original, where its digest told of it."""
    if study is None:
        return None
    (document,) = study.documents
    return StudyTold(document_id=library.editions.original_of(document) or document, refs=tuple(sorted(study.refs)))


def facts_told(evidence: Evidence, library: Library, draft: Draft) -> tuple[dict[str, Any], ...]:
    """Return the structured facts that stand in the sentences and rows that were told, with their citations' numbers.

    Fields that are empty are left out. A boxed warning that was told is one of them, whatever was asked.
    """
    warnings = [fact for fact in library.facts("safety") if fact[0]["boxed_warning"]]
    told = [fact for fact in (*evidence.facts, *warnings) if draft.tells(fact[1])]
    once = {str(body["id"]): (body, places) for body, places in told}
    return tuple(
        {
            **{key: value for key, value in body.items() if value not in (None, [], "") and key != "where"},
            "citations": list(draft.citing(places)),
        }
        for body, places in once.values()
    )


def interpretation(question: Question, evidence: Evidence) -> Interpretation:
    """Return what the question was taken to ask, and how well the best sentence supports an answer."""
    best = max(evidence.candidates, key=lambda candidate: candidate.confidence, default=None)
    return Interpretation(
        kind=question.kind,
        resolved=question.read,
        drugs=question.names("drug"),
        diseases=question.names("disease"),
        events=question.names("event"),
        measures=question.names("measure"),
        routes=question.names("route"),
        populations=question.names("population"),
        trials=question.names("trial"),
        rows=question.row_keys,
        acronyms=question.acronyms,
        cues=question.cues,
        numbers=question.numbers,
        focus=question.focus,
        typos=question.typos,
        confidence=round(best.confidence, 4) if best else 0.0,
        support=_support(best, question) if best else None,
    )


def _support(best: Candidate, question: Question) -> Support:
    return Support(
        confidence=round(best.confidence, 4),
        coverage=round(best.coverage, 3),
        similarity=round(best.similarity, 3),
        names=round(best.names_held, 3),
        about=quote.is_about(best, question.vocabulary.planned),
        threshold=best.calibration.threshold,
        risk=best.calibration.risk,
    )
