"""The one entry point: a question and a library in, an Answer out, whatever the question is.

The path: `interpret` reads the question, `evidence` finds what might answer it, `recipes` state it, `ground` lets
through what is supported, and what is left is an answer or an honest no.
"""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

from assistant import ground, parts
from assistant.by_rule import say_so
from assistant.candidates import Candidate
from assistant.contract import Answer, Conflict, Statement, Status, joined
from assistant.conversation import Conversation
from assistant.drafting import Draft
from assistant.evidence import Evidence, gather
from assistant.interpret import interpret
from assistant.question import Question
from assistant.recipes import (
    abstain,
    approvals,
    beside_dose,
    cells,
    conflict,
    missing,
    prose_sums,
    quote,
    redirect,
    rows_meant,
    source,
    tables,
    totals,
    warning,
)
from assistant.studies import Study, study_at
from assistant.thresholds import thresholds_in, told_within
from assistant.told import facts_told, interpretation, numbered, study_told
from assistant.units import HARD
from index.library import Library
from index.search import HybridSearcher

_BARE = 3  # words up to which a part asks only by its question word: "how often", "at which dose"
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
    before = replace(conversation) if conversation is not None else None
    found = _answer(text, library, conversation, documents, id)
    if before is None or conversation is None or found.status != "abstained" or not before.stands_alone(text):
        return found
    # A question that names its drug may begin another topic: what is held of that is no reason to say no.
    anew = Conversation()
    alone = _answer(text, library, anew, documents, id)
    both = {"seconds": round(found.seconds + alone.seconds, 4)}
    if alone.status != "answered" or not alone.interpretation.drugs:
        return found.model_copy(update=both)
    conversation.become(anew)
    return alone.model_copy(update=both)


def _answer(
    text: str,
    library: Library,
    conversation: Conversation | None,
    documents: tuple[str, ...] | None,
    identity: str | None,
) -> Answer:
    began = perf_counter()
    text = _SURROGATES.sub("\ufffd", text)
    question = _read(text, library, conversation)
    documents = library.editions.with_digests(documents)
    library = library.only(documents)
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
        conflicts = conflict.compose(found, question, evidence, library, draft)
        beside_dose.add(question, library, documents, draft)
        say_so(
            evidence.facts,
            (asked.kind for asked in question.kinds),
            draft,
            route_asked=bool(question.names("route")),
        )
        warning.add(question, library, documents, draft)
        missing.add(evidence, draft)
    statements = _grounded(draft, question, library)
    if status == "answered" and all(statement.kind == "note" for statement in statements):
        status, draft = "abstained", Draft(library)
        statements = _grounded(draft, question, library)
    if not statements:
        abstain.compose(question, evidence, draft, only=documents is not None)
        statements = _grounded(draft, question, library)
    parts_told = numbered(statements, conflicts, draft.citations, facts_told(evidence, library, draft))
    told = next((study_at(*place, library) for place in draft.told), None) if status == "answered" else None
    if conversation is not None and status == "answered":
        conversation.citations = parts_told.citations
        conversation.study = told
    return Answer(
        id=identity,
        question=text,
        status=status,
        answer=joined(parts_told.statements),
        statements=parts_told.statements,
        citations=parts_told.citations,
        facts=parts_told.facts,
        conflicts=parts_told.conflicts,
        related=abstain.related(evidence, library) if status == "abstained" else (),
        interpretation=interpretation(question, evidence),
        study=study_told(told, library),
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
    now = map(library.current_id, study.documents) if study else ()
    return study and replace(study, documents=frozenset(library.editions.with_digests(now) or ()))


def _compose_source(
    text: str, question: Question, conversation: Conversation | None, library: Library, draft: Draft
) -> Status | None:
    """Name the references behind the last answer, for a follow-up that asks for them and names nothing itself."""
    if conversation is None or not conversation.citations or question.kind != "source":
        return None
    asked_alone = interpret(text, library.vocabulary, HybridSearcher(library))
    if any(asked_alone.names(category) for category in HARD):
        return None
    citations = [citation for citation in conversation.citations if library.may_use(citation.document_id)]
    return "answered" if source.compose(citations, library, draft) else None


def _says_what(text: str, library: Library) -> bool:
    """Return whether a part of a message says by itself what it asks about, be it only by a verb."""
    alone = interpret(text, library.vocabulary, HybridSearcher(library))
    return len(text.split()) > _BARE or bool(alone.focus) or any(alone.names(category) for category in HARD)


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
    evidence = rows_meant.fitting(question, evidence, library)
    chosen = quote.choose(evidence, question.vocabulary.planned)
    if warning.compose(question, evidence.reader, library, documents, draft):
        return "answered"
    if totals.compose(question, chosen, evidence, library, draft):
        return "answered"
    if approvals.compose(question, evidence.reader, library, documents, draft):
        return "answered"
    if cells.compose(question, evidence, library, draft):
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
    missing = leaned_on_is_missing = False
    for text in texts:
        part = _read(text, library, said_before)
        if not any(part.names(category) for category in HARD):
            missing = missing or text.endswith("?")
            continue
        if leaned_on_is_missing and not _says_what(text, library):
            continue  # "… and how often?" asks about what the library doesn't hold
        if _compose(part, gather(part, library, documents), library, documents, draft) == "abstained":
            missing, leaned_on_is_missing = True, not text.endswith((".", "!", ";"))
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
