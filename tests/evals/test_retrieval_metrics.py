"""The retrieval behind an answer: our ranking metrics against ir_measures, and what counts as relevant."""

from __future__ import annotations

import random

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from corpus.types import Passage
from evals import metrics
from evals.gold import passages_of_gold
from evals.retrieval_metrics import CUTS, Finder, Found, retrieval_metrics
from evals.suite import Gold, Turn
from index.library import Library
from tests.evals.made import answer

DOCUMENTS = [f"d{number:02}" for number in range(60)]
OURS = {
    **{str(R @ k): (metrics.recall, k) for k in CUTS},
    str(RR @ 10): (metrics.reciprocal_rank, 10),
    str(nDCG @ 10): (metrics.ndcg, 10),
}


@pytest.mark.parametrize("seed", range(40))
def test_our_metrics_are_those_of_ir_measures(seed: int) -> None:
    random_ = random.Random(seed)
    grades = {document: random_.choice((0, 1, 1, 2, 3)) for document in random_.sample(DOCUMENTS, 12)}
    grades[random_.choice(DOCUMENTS)] = 1
    ranked = random_.sample(DOCUMENTS, random_.randint(1, 40))
    scores = {"q": {document: float(-rank) for rank, document in enumerate(ranked)}}
    theirs = ir_measures.calc_aggregate([*(R @ k for k in CUTS), RR @ 10, nDCG @ 10], {"q": grades}, scores)
    assert len(theirs) == len(OURS)
    for measure, value in theirs.items():
        metric, k = OURS[str(measure)]
        assert metric(ranked, grades, k) == pytest.approx(value), measure


class Told(Finder):
    """A finder that is told what it finds."""

    def __init__(self, *found: Passage) -> None:
        super().__init__()
        self.passages = lambda resolved, library: found  # type: ignore[assignment]


GOLD = Gold(document="off-label-review", quote="Oral tofacitinib 5 mg twice to three times daily was successful")
SAME = Gold(document="off-label-review", quote="was successful in 80% of patients with lichen planopilaris (LPP)")
TURN = Turn(id="t", question="tofacitinib in LPP?", gold=(GOLD, SAME))


def scores(turn: Turn, library: Library, *found: Passage) -> dict[str, float | None]:
    """Return every retrieval metric of a ranking."""
    finder = Told(*found)
    fixed = (metric for metric in retrieval_metrics() if isinstance(metric, Found))
    told = (Found(one.name, one.rank, one.measure, one.k, finder) for one in fixed)
    return {metric.name: metric.score(turn, answer("x"), library) for metric in told}


def test_two_quotes_of_one_passage_are_found_together(bundled: Library) -> None:
    (identity,) = passages_of_gold(GOLD, bundled)
    right = bundled.catalogue.passages([identity])[identity]
    beside = next(passage for passage in bundled.passages_of("off-label-review") if passage.id != identity)
    foreign = bundled.passages_of("class-monograph")[0]

    found = scores(TURN, bundled, foreign, beside, right)

    assert found["passage recall@1"] == 0
    assert found["passage recall@5"] == found["passage recall@20"] == 1
    assert found["passage MRR@10"] == pytest.approx(1 / 3)
    assert found["passage nDCG@10"] == pytest.approx(0.5)
    assert (found["document recall@1"], found["document recall@5"]) == (0, 1)
    assert found["document MRR@10"] == 0.5
    assert len(found) == 12


def test_a_document_counts_once_however_many_of_its_passages_are_found(bundled: Library) -> None:
    found = scores(TURN, bundled, *bundled.passages_of("off-label-review")[:9])

    assert found["document nDCG@10"] == 1


def test_nothing_is_scored_without_gold_or_where_no_answer_is_expected(bundled: Library) -> None:
    lacking = Turn(id="t", question="?", gold=(Gold(document="nowhere", quote="x"),))
    for turn in (Turn(id="t", question="?"), lacking, TURN.model_copy(update={"expect": "abstained"})):
        assert set(scores(turn, bundled).values()) == {None}


def test_the_passages_are_those_that_the_answer_was_read_from(bundled: Library) -> None:
    found = Finder().passages("tofacitinib in lichen planopilaris?", bundled)

    assert 0 < len(found) <= 24
    assert passages_of_gold(GOLD, bundled) & {passage.id for passage in found}
    assert Finder().passages("", bundled) == ()
