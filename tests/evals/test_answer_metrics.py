"""Metrics of one answer: what they count, and where they don't apply."""

from __future__ import annotations

import pytest

from assistant.answer import answer as ask
from evals.answer_metrics import (
    ANSWER_METRICS,
    CitationPrecision,
    CitationRecall,
    FollowUp,
    NumberGrounding,
    Pass,
    QuoteValidity,
    RequiredFacts,
    Strict,
    missing,
)
from evals.suite import Gold, State, Turn
from index.library import Library
from tests.evals.made import answer, citation

REVIEW = "off-label-review"
GOLD = Gold(document=REVIEW, quote="Oral tofacitinib 5 mg twice to three times daily was successful")
OTHER = Gold(document=REVIEW, quote="Oral ruxolitinib 15 to 25 mg twice daily brought significant hair regrowth")
TURN = Turn(
    id="t",
    question="tofacitinib in lichen planopilaris?",
    must=(("5 mg",), ("80 ?%", "four fifths")),
    must_not=("cured",),
    states=(State(value=80, unit="%"),),
    gold=(GOLD, OTHER),
)


def test_pass_and_strict_correctness_differ_in_the_typed_facts(bundled: Library) -> None:
    told = answer("Tofacitinib 5 mg helped four fifths.")

    assert Pass().score(TURN, told, bundled) == 1
    assert Strict().score(TURN, told, bundled) == 0
    assert Strict().score(TURN, answer("Tofacitinib 5 mg helped 80%."), bundled) == 1


def test_required_facts_are_patterns_and_typed_facts_together(bundled: Library) -> None:
    assert RequiredFacts().score(TURN, answer("Tofacitinib 5 mg."), bundled) == pytest.approx(1 / 3)
    assert missing(TURN, answer("Tofacitinib 5 mg."), bundled) == ["80 ?%", "80%"]
    assert RequiredFacts().score(TURN, answer("No.", status="abstained"), bundled) == 0
    assert RequiredFacts().score(Turn(id="n", question="?"), answer("x"), bundled) is None


@pytest.mark.parametrize(("text", "status"), [("Tofacitinib 5 mg cured 80%.", "answered"), ("5 mg, 80%.", "abstained")])
def test_what_is_forbidden_and_the_wrong_status_are_never_strictly_right(
    text: str, status: str, bundled: Library
) -> None:
    told = answer(text).model_copy(update={"status": status})

    assert (Strict().score(TURN, told, bundled), Pass().score(TURN, told, bundled)) == (0, 0)


def test_a_quote_is_valid_only_as_it_is_stored(bundled: Library) -> None:
    good = citation(bundled, REVIEW, GOLD.quote)
    moved = good.model_copy(update={"number": 2, "start": good.start + 1})
    foreign = good.model_copy(update={"number": 3, "document_id": "nowhere"})

    assert QuoteValidity().score(TURN, answer("x", citations=(good,)), bundled) == 1
    assert QuoteValidity().score(TURN, answer("x", citations=(good, moved, foreign)), bundled) == pytest.approx(1 / 3)
    assert QuoteValidity().score(TURN, answer("x"), bundled) is None


def test_figures_are_grounded_in_what_is_cited(bundled: Library) -> None:
    cited = (citation(bundled, REVIEW, GOLD.quote),)

    assert NumberGrounding().score(TURN, answer("5 mg twice daily.", citations=cited), bundled) == 1
    assert NumberGrounding().score(TURN, answer("5 mg, or 11 mg.", citations=cited), bundled) == 0.5
    assert NumberGrounding().score(TURN, answer("Daily.", citations=cited), bundled) is None


def test_the_figures_of_a_note_are_those_of_the_question_and_of_telephones(bundled: Library) -> None:
    note = answer("The library does not cover 30 mg; call 112.", kind="note", question="30 mg?")

    assert NumberGrounding().score(TURN, note, bundled) == 1
    assert NumberGrounding().score(TURN, note.model_copy(update={"question": "?"}), bundled) == 0


def test_citations_are_held_against_the_places_of_the_gold(bundled: Library) -> None:
    right = citation(bundled, REVIEW, "mg twice to three times daily was successful in 80%")
    beside = citation(bundled, "class-monograph", "Tofacitinib", number=2)
    told = answer("x", citations=(right, beside))

    assert CitationRecall().score(TURN, told, bundled) == 0.5
    assert CitationPrecision().score(TURN, told, bundled) == 0.5
    assert CitationRecall().score(TURN, answer("x"), bundled) == 0
    assert CitationPrecision().score(TURN, answer("x"), bundled) is None


def test_the_header_of_a_cited_row_does_not_count_against_precision(bundled: Library) -> None:
    document = bundled.document("class-monograph")
    table = document.tables[0]
    row, header = (document.text[part.start : part.end] for part in (table.rows[0], table.header))
    turn = Turn(id="t", question="?", gold=(Gold(document=document.id, quote=row),))
    cited = (citation(bundled, document.id, row), citation(bundled, document.id, header, number=2))

    assert CitationPrecision().score(turn, answer("x", citations=cited), bundled) == 1


def test_refusals_and_gold_that_the_library_lacks_are_not_scored(bundled: Library) -> None:
    refused = Turn(id="n", question="?", expect="abstained", gold=(GOLD,))
    elsewhere = Turn(id="n", question="?", gold=(Gold(document="nowhere", quote="x"),))
    told = answer("x", citations=(citation(bundled, REVIEW, GOLD.quote),))

    for turn in (refused, elsewhere):
        assert CitationRecall().score(turn, told, bundled) is None
        assert CitationPrecision().score(turn, told, bundled) is None


def test_a_follow_up_has_to_name_what_it_leaves_out(bundled: Library) -> None:
    before = ("How well does tofacitinib do in lichen planopilaris?",)
    turn = Turn(id="f", question="at what dose?", gold=(GOLD,), after=before)
    score = FollowUp().score

    assert score(turn, answer("x", resolved="at what dose (tofacitinib lichen planopilaris)?"), bundled) == 1
    assert score(turn, answer("x", resolved="at what dose (Xeljanz)?"), bundled) == 0.5
    assert score(turn, answer("x", resolved="at what dose?"), bundled) == 0
    assert score(turn.model_copy(update={"after": ()}), answer("x"), bundled) is None


def test_a_follow_up_that_names_its_own_subject_needs_no_other(bundled: Library) -> None:
    turn = Turn(id="f", question="and ruxolitinib in alopecia areata?", gold=(OTHER,), after=("tofacitinib in LPP?",))

    assert FollowUp().score(turn, answer("x", resolved=turn.question), bundled) is None


def test_every_metric_is_a_share_of_a_real_answer(bundled: Library) -> None:
    told = ask(TURN.question, bundled)
    scores = [metric.score(TURN, told, bundled) for metric in ANSWER_METRICS]

    assert all(score is None or 0 <= score <= 1 for score in scores)
    assert len({metric.name for metric in ANSWER_METRICS}) == len(ANSWER_METRICS)
