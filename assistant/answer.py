"""The one entry point: a question and a library in, an Answer out, whatever the question is.

The path: `interpret` reads the question, `evidence` finds what might answer it, `recipes` state it, `ground` lets
through what is supported, and what is left is an answer or an honest no.
"""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter
from typing import Any

from assistant import ground, parts
from assistant.by_rule import say_so
from assistant.candidates import Candidate
from assistant.contract import Answer, Conflict, Interpretation, Statement, Status, StudyTold, Support, joined
from assistant.conversation import Conversation
from assistant.drafting import Draft
from assistant.evidence import Evidence, gather
from assistant.interpret import interpret
from assistant.question import Question
from assistant.recipes import (
    abstain,
    approvals,
    beside_dose,
    conflict,
    prose_sums,
    quote,
    redirect,
    source,
    tables,
    totals,
    warning,
)
from assistant.studies import Study, study_at
from assistant.thresholds import thresholds_in, told_within
from assistant.units import HARD
from index.library import Library
from index.search import HybridSearcher

_SURROGATES = re.compile("[\ud800-\udfff]")


def answer(
    text: str,
    library: Library,
    conversation: Conversation | None = None,
    *,
    documents: tuple[str, ...] | None = None,
    id: str | None = None,  # noqa: A002 - the contract's name
) -> Answer:
    """Return the answer to a question; never raises for any string.

    `conversation` supplies what a follow-up leaves out and is updated; `documents` limits the evidence to those
    ids; `id` is passed through to the Answer.
    """
    began = perf_counter()
    text = _SURROGATES.sub("\ufffd", text)
    question = _read(text, library, conversation)
    documents = library.editions.with_digests(documents)
    study = _leaned_on(text, question, conversation, library)
    evidence = gather(question, library, documents, study) if re.search(r"[^\W\d_]{2}", question.text) else Evidence()
    draft = Draft(library)
    status = _compose_source(text, question, conversation, library, draft) or _compose(
        question, evidence, library, documents, draft
    )
    if status == "abstained" and not draft.statements and not (study and study.only):
        status = _compose_parts(question, library, documents, draft) or status
    elif status == "answered":
        _add_parts(question, library, documents, draft)
    conflicts: tuple[Conflict, ...] = ()
    if status == "answered":
        found = conflict.concerning(question, evidence, library, documents, draft)
        conflicts = conflict.compose(found, evidence, library, draft)
        beside_dose.add(question, library, documents, draft)
        say_so(evidence.facts, (asked.kind for asked in question.kinds), draft)
        warning.add(question, library, documents, draft)
    statements = _grounded(draft, question, library)
    if status == "answered" and all(statement.kind == "note" for statement in statements):
        status, draft = "abstained", Draft(library)
        statements = _grounded(draft, question, library)
    if not statements:
        abstain.compose(question, evidence, draft)
        statements = _grounded(draft, question, library)
    cited = {number for statement in statements for number in statement.citations}
    cited |= {number for disagreement in conflicts for number in disagreement.citations}
    citations = tuple(citation for citation in draft.citations if citation.number in cited)
    told = next((study_at(*place, library) for place in draft.told), None) if status == "answered" else None
    if conversation is not None and status == "answered":
        conversation.citations = citations
        conversation.study = told
    return Answer(
        id=id,
        question=text,
        status=status,
        answer=joined(statements),
        statements=statements,
        citations=citations,
        facts=_facts_told(evidence, library, draft),
        conflicts=conflicts,
        related=abstain.related(evidence, library) if status == "abstained" else (),
        interpretation=_interpretation(question, evidence),
        study=_study_told(told, library),
        seconds=round(perf_counter() - began, 4),
    )


def _read(text: str, library: Library, conversation: Conversation | None) -> Question:
    """Return the question, completed from the conversation where it leans on it."""
    searcher = HybridSearcher(library)
    question = interpret(text, library.vocabulary, searcher)
    if conversation is None:
        return question
    resolved = conversation.resolve(question)
    if resolved != question.text:
        question = interpret(resolved, library.vocabulary, searcher)
    conversation.remember(question)
    return question


def _leaned_on(text: str, question: Question, conversation: Conversation | None, library: Library) -> Study | None:
    """Return the study that a follow-up leans on, by its document and the digest that tells of it."""
    study = conversation.leaned_on(text, question) if conversation is not None else None
    return study and replace(study, documents=frozenset(library.editions.with_digests(study.documents) or ()))


def _study_told(study: Study | None, library: Library) -> StudyTold | None:
    """Return a study as an answer names it: by the original, where its digest told of it."""
    if study is None:
        return None
    (document,) = study.documents
    return StudyTold(document_id=library.editions.original_of(document) or document, refs=tuple(sorted(study.refs)))


def _compose_source(
    text: str, question: Question, conversation: Conversation | None, library: Library, draft: Draft
) -> Status | None:
    """Name the references behind the last answer, for a follow-up that asks for them and names nothing itself."""
    if conversation is None or not conversation.citations or question.kind != "source":
        return None
    asked_alone = interpret(text, library.vocabulary, HybridSearcher(library))
    if any(asked_alone.names(category) for category in HARD):
        return None
    return "answered" if source.compose(conversation.citations, library, draft) else None


def _compose(
    question: Question, evidence: Evidence, library: Library, documents: tuple[str, ...] | None, draft: Draft
) -> Status:
    """Fill the draft in the first way that fits the question; most abstentions leave it empty."""
    if record := redirect.reason(question):
        redirect.compose(record, draft)
        return "redirected"
    if abstain.asks_results_of_plan(question, library):
        abstain.compose(question, evidence, draft, plan_only=True)
        return "abstained"
    chosen = quote.choose(evidence, question.vocabulary.planned)
    if warning.compose(question, evidence.reader, library, documents, draft):
        return "answered"
    if totals.compose(question, chosen, evidence, library, draft):
        return "answered"
    if approvals.compose(question, evidence.reader, library, documents, draft):
        return "answered"
    if tables.is_over_rows(question):
        chosen = quote.choose(evidence.prose, question.vocabulary.planned)
    computation = tables.choose(question, evidence, library)
    if computation and not (chosen and tables.prose_comes_first(question, computation, chosen[0])):
        tables.compose(computation, draft)
        return "answered"
    return _compose_prose(question, chosen, evidence, library, draft)


def _compose_prose(
    question: Question, chosen: list[Candidate], evidence: Evidence, library: Library, draft: Draft
) -> Status:
    """State the chosen sentences and rows, or what is worked out from their figures."""
    if not chosen or not told_within(thresholds_in(question), chosen[0].text):
        return "abstained"
    if prose_sums.compose(question, chosen, evidence, library, draft):
        return "answered"
    quote.compose(chosen, evidence, draft)
    if question.kind == "source":
        source.compose(tuple(draft.citations), library, draft)
    return "answered"


def _compose_parts(
    question: Question, library: Library, documents: tuple[str, ...] | None, draft: Draft
) -> Status | None:
    """Answer those parts of a message that can be, and say that the rest is not held; None if no part can."""
    texts = parts.split(question.read)
    if len(texts) < 2:
        return None
    said_before = Conversation.within_message()
    missing = False
    for text in texts:
        part = _read(text, library, said_before)
        if not any(part.names(category) for category in HARD):
            missing = missing or text.endswith("?")
            continue
        if _compose(part, gather(part, library, documents), library, documents, draft) == "abstained":
            missing = True
    if not draft.statements:
        return None
    if missing:
        draft.state("The library does not cover the rest of the question.", "note")
    return "answered"


def _add_parts(question: Question, library: Library, documents: tuple[str, ...] | None, draft: Draft) -> None:
    """Add the best sentence for each part of a message that the answer to the whole does not hold yet."""
    texts = parts.split(question.read)
    said_before = Conversation.within_message()
    for text in texts if len(texts) > 1 else ():
        part = _read(text, library, said_before)
        chosen = quote.choose(gather(part, library, documents), part.vocabulary.planned)
        if chosen and chosen[0].passage.table is None and draft.room_for(chosen[0].text, quote.MOST_WORDS):
            if (chosen[0].document.id, chosen[0].span.start) not in draft.told:
                draft.state_sentence(chosen[0].document, chosen[0].passage, chosen[0].span)


def _grounded(draft: Draft, question: Question, library: Library) -> tuple[Statement, ...]:
    gate = ground.Gate(library, question.text, question.vocabulary)
    return tuple(ground.passed(gate, draft.statements, draft.citations))


def _facts_told(evidence: Evidence, library: Library, draft: Draft) -> tuple[dict[str, Any], ...]:
    """Return the structured facts that stand in the sentences and rows that were told, with their citations' numbers.

    Fields that are empty are left out. A boxed warning that was told is one of them, whatever was asked.
    """
    warnings = (fact for fact in library.facts("safety") if fact[0]["boxed_warning"] and fact not in evidence.facts)
    return tuple(
        {
            **{key: value for key, value in body.items() if value not in (None, [], "") and key != "where"},
            "citations": list(draft.citing(places)),
        }
        for body, places in (*evidence.facts, *warnings)
        if draft.tells(places)
    )


def _interpretation(question: Question, evidence: Evidence) -> Interpretation:
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
