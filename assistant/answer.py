"""The one entry point: a question and a library in, an Answer out, whatever the question is.

The path: `interpret` reads the question, `evidence` finds what might answer it, `recipes` state it, `ground` lets
through what is supported, and what is left is an answer or an honest no.
"""

from __future__ import annotations

import logging
from time import perf_counter

from assistant import ground
from assistant.contract import Answer, Interpretation, Statement, Status, joined
from assistant.conversation import Conversation
from assistant.drafting import Draft
from assistant.evidence import Evidence, gather
from assistant.interpret import Question, interpret
from assistant.recipes import abstain, quote, redirect
from index.library import Library
from index.search import HybridSearcher

_log = logging.getLogger(__name__)


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
    searcher = HybridSearcher(library)
    question = interpret(text, library.vocabulary, searcher)
    if conversation is not None:
        resolved = conversation.resolve(question)
        if resolved != question.text:
            question = interpret(resolved, library.vocabulary, searcher)
        conversation.remember(question)
    evidence = gather(question, library, documents) if question.text else Evidence((), (), ())
    status, draft = _compose(question, evidence)
    statements = _grounded(draft, question, library)
    if status == "answered" and all(statement.kind == "note" for statement in statements):
        status, draft = "abstained", Draft()
        abstain.compose(question, evidence, draft)
        statements = _grounded(draft, question, library)
    cited = {number for statement in statements for number in statement.citations}
    return Answer(
        id=id,
        question=text,
        status=status,
        answer=joined(statements),
        statements=statements,
        citations=tuple(citation for citation in draft.citations if citation.number in cited),
        related=abstain.related(evidence, library) if status == "abstained" else (),
        interpretation=_interpretation(question, evidence),
        seconds=round(perf_counter() - began, 4),
    )


def _compose(question: Question, evidence: Evidence) -> tuple[Status, Draft]:
    draft = Draft()
    if record := redirect.reason(question):
        redirect.compose(record, draft)
        return "redirected", draft
    if chosen := quote.choose(evidence):
        quote.compose(chosen, draft)
        return "answered", draft
    abstain.compose(question, evidence, draft)
    return "abstained", draft


def _grounded(draft: Draft, question: Question, library: Library) -> tuple[Statement, ...]:
    gate = ground.Gate(library, question.text, question.vocabulary)
    kept = []
    for statement in draft.statements:
        faults = gate.faults(statement, draft.citations)
        if faults:
            _log.warning("The gate stopped a statement that %s: %r", "; ".join(faults), statement.text)
        else:
            kept.append(statement)
    return tuple(kept)


def _interpretation(question: Question, evidence: Evidence) -> Interpretation:
    best = evidence.candidates[0].coverage if evidence.candidates else 0.0
    return Interpretation(
        kind=question.kind,
        resolved=question.read,
        drugs=question.names("drug"),
        diseases=question.names("disease"),
        events=question.names("event"),
        measures=question.names("measure"),
        routes=question.names("route"),
        populations=question.names("population"),
        numbers=question.numbers,
        focus=question.focus,
        typos=question.typos,
        confidence=round(best, 3),
    )
