"""Facts that were found by rule: when they may help to answer, and what is said where they do.

A curated fact, or one that a person reviewed, always comes first. An extracted one helps only where no such fact
answers, where it is sure enough and its print undamaged; then the answer says how it was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.candidates import Candidate
from assistant.drafting import Draft
from corpus.fact_store import PlacedFact
from corpus.figures import Shape

NOTE = "Found by rule in the quoted text, not checked by a person."

ROUTE_NOTE = "The quoted sentence does not name the route; elsewhere its document gives the drug by this one only."

_ANSWER = {
    "dose": "dose",
    "rate": "rate",
    "safety": "safety",
    "occurrence": "rate",
    "indication": "approval",
    "outcome": "outcome",
}
"""What kind of fact answers a kind of question by itself; other facts only lead to a sentence."""

_DOSE_SHAPES = (Shape.DOSE, Shape.REGIMEN)

SURE_ENOUGH = 0.6
"""Confidence from which an extracted fact may help to answer: one whose drug stands in its paragraph or heading."""


def is_checked(fact: PlacedFact) -> bool:
    """Return whether a person wrote a fact or reviewed it."""
    body, _ = fact
    return body["origin"] == "curated" or body.get("reviewed") is not None


def may_answer(fact: PlacedFact) -> bool:
    """Return whether a fact is checked, or was found by rule surely enough and in undamaged print."""
    body, _ = fact
    return is_checked(fact) or ((body.get("confidence") or 0.0) >= SURE_ENOUGH and not body.get("damage"))


def preferred(facts: Iterable[PlacedFact]) -> list[PlacedFact]:
    """Return the checked ones of facts, or those that were found by rule and may answer where none is checked."""
    usable = [fact for fact in facts if may_answer(fact)]
    return [fact for fact in usable if is_checked(fact)] or usable


def read_with(candidate: Candidate, facts: Iterable[PlacedFact]) -> Candidate:
    """Return a candidate with what its unchecked dose facts say that it gives: whose dose, by what route, how often.

    A sentence may leave to its neighbour what the rules have read together: "topical X 1% and Y 2%, both twice daily".
    """
    ids: set[str] = set()
    for body, places in facts:
        here = any(
            (place.document_id, place.start) == (candidate.document.id, candidate.span.start) for place in places
        )
        if here and body["kind"] == "dose" and body["origin"] == "extracted" and not body.get("note"):
            ids |= {body["drug"], body["route"] or ""}
    if not ids:
        return candidate
    given = {i for i, unit in enumerate(candidate.units) if unit.shape in _DOSE_SHAPES or unit.ids & ids}
    own = candidate.own | given
    return replace(candidate, own=own, context=candidate.context - own, remote=candidate.remote - own)


def say_so(facts: Iterable[PlacedFact], asked: Iterable[str], draft: Draft, *, route_asked: bool) -> None:
    """Add a note if what was told answers one of the kinds of question by facts that no person checked.

    Where a route is asked for and a sentence does not give it itself, that is said too.
    """
    wanted = {_ANSWER[kind] for kind in asked if kind in _ANSWER}
    told = [fact for fact in facts if fact[0]["kind"] in wanted and draft.tells(fact[1])]
    if route_asked and any(body.get("route_from_elsewhere") for body, _ in told):
        draft.state(ROUTE_NOTE, "note")
    if told and not any(is_checked(fact) for fact in told):
        draft.state(NOTE, "note")
