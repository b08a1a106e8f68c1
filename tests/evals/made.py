"""Answers, results and runs made for tests of what measures them."""

from __future__ import annotations

from assistant.contract import Answer, Citation, Interpretation, Statement, StatementKind, Status, joined
from corpus.types import Span
from evals.gold import span_of
from evals.records import Result, Run
from evals.totals import by_kind, totals
from index.library import Library

NAMES = ("pass", "quote validity")


def citation(library: Library, document_id: str, quote: str, number: int = 1) -> Citation:
    """Return a citation of words of a document, as stored."""
    document = library.document(document_id)
    span = span_of(quote, document.text) or Span(0, 0)
    return Citation(
        number=number,
        document_id=document_id,
        title=document.source.title,
        section="",
        locator="",
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
    )


def answer(
    *texts: str,
    status: Status = "answered",
    question: str = "?",
    citations: tuple[Citation, ...] = (),
    kind: StatementKind = "fact",
    read_as: str = "other",
    resolved: str = "",
    confidence: float = 0.8,
) -> Answer:
    """Return an answer of these statements, each with every citation."""
    numbers = tuple(one.number for one in citations)
    statements = tuple(Statement(text=text, kind=kind, citations=numbers) for text in texts)
    read = Interpretation(kind=read_as, resolved=resolved or question, confidence=confidence)
    return Answer(
        question=question,
        status=status,
        answer=joined(statements),
        statements=statements,
        citations=citations,
        interpretation=read,
    )


def result(name: str, *, passed: bool = True, **changed: object) -> Result:
    """Return a result of one question, with these of its fields changed."""
    fields: dict[str, object] = {
        "id": name,
        "item": name,
        "kind": "dose",
        "split": "development",
        "question": f"{name}?",
        "resolved": f"{name}?",
        "expect": "answered",
        "status": "answered",
        "passed": passed,
        "fault": None if passed else "lacks '5 mg'",
        "answer": "Zorlitinib 5 mg. [1]",
        "statements": (),
        "citations": (),
        "gold": (),
        "scores": {"pass": float(passed), "quote validity": 1.0},
        "confidence": 0.8,
        "seconds": 0.01,
    }
    return Result.model_validate({**fields, **changed})


def run_of(*results: Result, name: str = "run-1", scope: str = "full") -> Run:
    """Return a run with these results."""
    return Run.model_validate(
        {
            "id": name,
            "started": "2026-11-21T00:00:00+00:00",
            "version": "0",
            "hashes": {},
            "suites": tuple(sorted({one.kind for one in results})),
            "split": "all",
            "scope": scope,
            "results": results,
            "totals": totals(results, NAMES),
            "kinds": by_kind(results, NAMES),
        }
    )
