"""What may be worth asking next: questions made from the facts that the library holds near the last answer.

They are candidates: whoever shows one asks it first, since a question that goes unanswered is no suggestion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import Any

from assistant.contract import Answer
from corpus.terms import Vocabulary
from index.library import Library

MOST = 12
"""Candidates that are returned: enough for three to be left when some go unanswered."""

_Body = dict[str, Any]


def candidates(answer: Answer | None, library: Library) -> tuple[str, ...]:
    """Return questions about what the answer was about, nearest first; about the library if there is no answer yet.

    None of them is the question that was just asked, as far as drug, disease and kind tell.
    """
    common = Counter(drug for kind in _QUESTIONS for body, _ in library.facts(kind) for drug in _drugs(body))
    by_kind = [list(_of_kind(kind, ask, answer, library, common)) for kind, ask in _QUESTIONS.items()]
    mixed = [question for row in zip_longest(*by_kind) for question in row if question]
    return tuple(dict.fromkeys(mixed))[:MOST]


def _of_kind(
    kind: str,
    ask: Callable[[_Body, Vocabulary], str | None],
    answer: Answer | None,
    library: Library,
    common: Counter[str],
) -> Iterator[str]:
    """Yield a kind's questions: about the same drug and disease first, then about one of them; else common drugs."""
    vocabulary = library.vocabulary
    told = {str(fact["id"]) for fact in answer.facts} if answer else set()
    near: list[list[str]] = [[], []]
    facts = sorted(
        (body for body, _ in library.facts(kind)), key=lambda b: -max((common[i] for i in _drugs(b)), default=0)
    )
    asked = set(answer.interpretation.drugs) if answer else set()
    for body in facts:
        if "drugs" in body:  # of several, the one that was asked about is named
            body = {**body, "drugs": sorted(body["drugs"], key=lambda i: _name(i, vocabulary) not in asked)}
        question = None if body["id"] in told else ask(body, vocabulary)
        if question is None:
            continue
        if answer is None:
            near[0].append(question)
        elif shared := _shared(body, answer, vocabulary):
            near[2 - shared].append(question)
    yield from chain(*near)


def _shared(body: _Body, answer: Answer, vocabulary: Vocabulary) -> int:
    """Return how many of drug and disease a fact has in common with what was asked."""
    read = answer.interpretation
    drugs = {_name(i, vocabulary) for i in _drugs(body)}
    diseases = {_name(i, vocabulary) for i in (body.get("indication"), body.get("event")) if i}
    return bool(drugs & set(read.drugs)) + bool(diseases & {*read.diseases, *read.events})


def _drugs(body: _Body) -> tuple[str, ...]:
    return tuple(i for i in (body.get("drug"), *body.get("drugs", ())) if i)


def _name(identity: str, vocabulary: Vocabulary) -> str:
    term = vocabulary.terms.get(identity)
    return term.name if term else ""


def _dose(body: _Body, vocabulary: Vocabulary) -> str | None:
    drug, disease = _name(body["drug"], vocabulary), _name(body["indication"] or "", vocabulary)
    route = f"{_name(body['route'] or '', vocabulary)} " if body["route"] else ""
    return f"Which dose of {route}{drug} is reported in {disease}?" if drug and disease and body["regimen"] else None


def _approval(body: _Body, vocabulary: Vocabulary) -> str | None:
    drug, disease = _name(body["drug"], vocabulary), _name(body["indication"], vocabulary)
    return f"Is {drug} approved for {disease}?" if drug and disease else None


def _safety(body: _Body, vocabulary: Vocabulary) -> str | None:
    named = vocabulary.terms.get(body["event"])
    event = named.name if named and named.broader else ""  # of harm as such there is too much to say
    drugs = [name for name in (_name(i, vocabulary) for i in body["drugs"]) if name]
    return f"What is said about {event} with {drugs[0]}?" if drugs and event else None


def _rate(body: _Body, vocabulary: Vocabulary) -> str | None:
    drug, event = _name(body["drug"] or "", vocabulary), _name(body["event"], vocabulary)
    return f"What is the rate of {event} with {drug}?" if drug and event and body["rate"] is not None else None


def _mechanism(body: _Body, vocabulary: Vocabulary) -> str | None:
    drug = _name(body["drug"] or "", vocabulary)
    return f"What does {drug} inhibit?" if drug and body["targets"] else None


_QUESTIONS: dict[str, Callable[[_Body, Vocabulary], str | None]] = {
    "dose": _dose,
    "safety": _safety,
    "approval": _approval,
    "rate": _rate,
    "mechanism": _mechanism,
}
