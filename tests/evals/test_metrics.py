"""The metrics against values worked out by hand and against slow, obvious formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import auroc, ndcg, percentile, recall, reciprocal_rank

DOCUMENTS = "abcdefghijklmno"
judgements_of = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3))
rankings = st.permutations(DOCUMENTS).flatmap(lambda p: st.integers(0, len(p)).map(lambda n: list(p)[:n]))
scores = st.lists(st.integers(0, 6).map(lambda n: n / 4), min_size=1, max_size=12)


def slow_ndcg(ranked: Sequence[str], judgements: dict[str, int], k: int) -> float:
    gained = best = 0.0
    for place in range(k):
        if place < len(ranked):
            gained += judgements.get(ranked[place], 0) / math.log2(place + 2)
    for place, grade in enumerate(sorted(judgements.values(), reverse=True)[:k]):
        best += grade / math.log2(place + 2)
    return gained / best if best else 0.0


def test_ndcg_of_graded_judgements_worked_out_by_hand() -> None:
    # gains 1, 0, 2 at discounts 1, log2 3, 2; at best 2 then 1
    found = ndcg(["a", "x", "b"], {"a": 1, "b": 2})
    assert found == pytest.approx((1 + 2 / 2) / (2 + 1 / math.log2(3)))
    assert found == pytest.approx(0.7602, abs=1e-4)


def test_ndcg_counts_the_first_k_only_in_the_ranking_and_in_the_ideal() -> None:
    assert ndcg(["x", "a"], {"a": 1}, k=1) == 0
    assert ndcg(["a"], {"a": 1, "b": 1}, k=1) == 1
    assert ndcg(["a"], {"a": 1, "b": 1}, k=2) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_the_ideal_order_of_grades_gives_1_and_swapping_two_grades_less() -> None:
    judgements = {"a": 3, "b": 2, "c": 1, "d": 0}
    assert ndcg(list("abcd"), judgements) == 1
    assert ndcg(list("bacd"), judgements) < 1


@given(rankings, judgements_of, st.integers(1, 12))
def test_ndcg_is_the_textbook_formula(ranked: list[str], judgements: dict[str, int], k: int) -> None:
    found = ndcg(ranked, judgements, k)
    assert found == pytest.approx(slow_ndcg(ranked, judgements, k))
    assert 0 <= found <= 1 + 1e-12


def test_recall_worked_out_by_hand() -> None:
    judgements = {"a": 2, "b": 1, "c": 1, "d": 0}
    assert recall(["a", "d", "b"], judgements) == pytest.approx(2 / 3)
    assert recall(["d", "a", "b"], judgements, k=2) == pytest.approx(1 / 3)
    assert recall(["a"], {"d": 0}) == 0


@given(rankings, judgements_of, st.integers(1, 12))
def test_recall_counts_relevant_documents_one_by_one(ranked: list[str], judgements: dict[str, int], k: int) -> None:
    relevant = [document for document in DOCUMENTS if judgements.get(document, 0) > 0]
    hits = sum(1 for document in relevant if document in ranked[:k])
    assert recall(ranked, judgements, k) == pytest.approx(hits / len(relevant) if relevant else 0)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_document() -> None:
    judgements = {"a": 1, "b": 3, "d": 0}
    assert reciprocal_rank(["d", "x", "a", "b"], judgements) == pytest.approx(1 / 3)
    assert reciprocal_rank(["b", "a"], judgements) == 1
    assert reciprocal_rank(["x", "d", "a"], judgements, k=2) == 0
    assert reciprocal_rank([], judgements) == 0


def test_no_judgement_gives_0_everywhere() -> None:
    assert [metric(["a"], {}) for metric in (ndcg, recall, reciprocal_rank)] == [0, 0, 0]


@given(scores, scores)
def test_auroc_is_the_share_of_pairs_with_ties_counting_half(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_worked_out_by_hand() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert auroc([0.1], [0.9]) == 0
    assert auroc([0.5, 0.5], [0.5]) == 0.5
    assert auroc([0.9, 0.4], [0.4, 0.2]) == pytest.approx(3.5 / 4)


def test_auroc_without_both_kinds_is_0() -> None:
    assert auroc([], [0.1]) == auroc([0.1], []) == 0


def test_percentiles_worked_out_by_hand() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0.0, 0.2, 0.21, 0.5, 0.95, 1.0)] == [1, 1, 2, 3, 5, 5]
    assert percentile([7.0], 0.5) == 7
    assert percentile([1.0, 2.0], 0.5) == 1


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_enough_values_do_not_exceed(values: list[int], percent: int) -> None:
    enough = [v for v in values if 100 * sum(other <= v for other in values) >= percent * len(values)]
    assert percentile(values, percent / 100) == min(enough)
