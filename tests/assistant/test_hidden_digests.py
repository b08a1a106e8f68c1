"""A digest that is there for its original's sake only: what of it the original does not bear out shows nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.selection import Wanted, kinds, select
from corpus.facts import Trial
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_editions import ACNE, HEADACHES, QUESTIONS, alone, both, library_of
from tests.assistant.test_recipes import said
from tests.invented_edition import (
    DIGEST_ID,
    ORIGINAL_ID,
    OTHER_ACNE,
    PRINTED_ACNE,
    PRINTED_HEADACHE,
    PRINTED_SUMMARY,
    facts,
    where,
)

__all__ = ["alone", "both"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_not_attached_is_shown_nowhere(question: str, alone: Library) -> None:
    shown = answer(question, alone).model_dump_json(exclude={"question", "interpretation"})

    assert "1.5" not in shown and "nodules of" not in shown  # of CREAM
    assert "8 of 37" not in shown  # of OTHER_ACNE
    assert DIGEST_ID not in shown


def test_no_fact_that_is_not_attached_is_listed(alone: Library, both: Library) -> None:
    listed, more = ({fact.body["id"]: fact for fact in select(lib, Wanted(tuple(kinds())))} for lib in (alone, both))

    assert set(more) - set(listed) == {"dose-cream", "other-acne", "conflict-acne"}
    assert {place.document_id for fact in listed.values() for place in fact.standings} == {ORIGINAL_ID}


def test_a_disagreement_is_told_with_the_originals_places_where_both_sides_are_attached(alone: Library) -> None:
    (conflict,) = answer(HEADACHES, alone).conflicts
    found = answer(HEADACHES, alone)

    assert "4 of 37" in conflict.summary and "5 of 37" in conflict.summary
    assert {c.quote for c in found.citations if c.number in conflict.citations} == {PRINTED_HEADACHE, PRINTED_SUMMARY}


def test_a_disagreement_with_a_side_that_is_not_attached_is_told_only_with_the_digest(
    alone: Library, both: Library
) -> None:
    assert answer(ACNE, alone).conflicts == ()
    assert answer(ACNE, alone).status == "answered"
    found = answer(ACNE, both)
    (conflict,) = found.conflicts
    cited = {(c.document_id, c.quote) for c in found.citations if c.number in conflict.citations}
    assert cited == {(ORIGINAL_ID, PRINTED_ACNE), (DIGEST_ID, OTHER_ACNE)}


def test_a_row_attached_to_a_place_with_the_header_is_related_as_the_originals(alone: Library) -> None:
    found = answer("What is the half-life of brepocitinib in vitiligo?", alone)

    assert found.status == "abstained" and found.related
    assert {item.document_id for item in found.related} == {ORIGINAL_ID}


def test_a_plan_that_is_not_attached_is_not_spoken_of(tmp_path: Path, real_embedder: Embedder) -> None:
    told = where("Harm", ["8 of 37"], ["nowhere at all"])
    plan = Trial(id="plan", name="TRuE-V", design="randomized trial", planned=True, summary="A plan.", where=(told,))
    with Library.open(library_of(tmp_path, real_embedder, known=[*facts(), plan]), real_embedder) as library:
        assert "plan" not in said(answer("What were the results of TRuE-V?", library))


def test_an_abstention_does_not_deny_what_a_passage_holds(alone: Library) -> None:
    found = answer("How often was acne seen on povorcitinib?", alone)

    assert found.status == "answered" or "acne together with povorcitinib" not in said(found)
