"""Ranking over a pool small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedder import Vectors
from index.ranking import WEIGHTS, Lookups, rank

PLAIN = replace(WEIGHTS, feedback=0.0)


def unit(*values: float) -> Vectors:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


QUERY = unit(1, 0, 0)
PASSAGES = {1: unit(1, 0, 0), 2: unit(1, 1, 0), 3: unit(0, 1, 0), 4: unit(0, 1, 0.2), 5: unit(0, 0, 1)}


def lookups(bm25: Mapping[int, float] | None = None, sentences: Mapping[int, float] | None = None) -> Lookups:
    def of(known: Mapping[int, float] | None, ids: Sequence[int]) -> dict[int, float]:
        return {i: score for i, score in (known or {}).items() if i in ids}

    return Lookups(
        lambda ids: np.stack([PASSAGES[i] for i in ids]), lambda ids: of(bm25, ids), lambda ids: of(sentences, ids)
    )


def test_a_passage_that_one_retriever_missed_gets_its_score_all_the_same() -> None:
    dense, lexical = [(1, 1.0)], [(2, 4.0), (3, 4.0)]
    parts = dict(rank(QUERY, dense, lexical, lookups(bm25={1: 2.0}), 10))
    assert parts[1].bm25 == 2.0 and parts[1].lexical_rank is None
    assert parts[2].cosine == pytest.approx(2**-0.5) and parts[2].dense_rank is None
    assert [i for i, _ in rank(QUERY, dense, lexical, lookups(), 10, PLAIN)] == [2, 1, 3]


def test_without_completion_a_missed_score_counts_nothing() -> None:
    parts = dict(rank(QUERY, [(1, 1.0)], [(2, 4.0)], lookups(bm25={1: 2.0}), 10, replace(PLAIN, complete=False)))
    assert (parts[1].bm25, parts[2].cosine) == (None, None)


def test_the_nearest_sentence_lifts_a_passage_whose_whole_is_about_much_else() -> None:
    dense = [(1, 1.0), (2, 0.7), (3, 0.0)]
    assert next(i for i, _ in rank(QUERY, dense, [], lookups(sentences={1: 0.4, 2: 0.9}), 10, PLAIN)) == 2


def test_a_passage_without_prose_is_neither_lifted_nor_lowered_by_sentences() -> None:
    parts = dict(rank(QUERY, [(1, 1.0), (2, 0.7)], [(2, 1.0)], lookups(sentences={2: 0.5}), 10, PLAIN))
    assert parts[1].sentence is None
    assert parts[1].score == pytest.approx((0 + 1 + 1) / 3)


def test_what_is_near_to_the_first_passages_comes_before_its_equals() -> None:
    dense, lexical = [(1, 1.0)], [(3, 9.0), (4, 1.0), (5, 1.0)]
    order = [i for i, _ in rank(QUERY, dense, lexical, lookups(), 10)]
    assert order.index(4) < order.index(5)


def test_only_as_many_as_are_wanted_come_back_and_more_than_the_depth_may_be() -> None:
    dense = [(i, 0.5) for i in PASSAGES]
    assert len(rank(QUERY, dense, [], lookups(), 2)) == 2
    assert len(rank(QUERY, dense, [], lookups(), 5, replace(WEIGHTS, depth=1))) == 5


def test_nothing_found_is_nothing_ranked() -> None:
    assert rank(QUERY, [], [], lookups(), 10) == []


def test_the_explanation_names_every_part() -> None:
    parts = dict(rank(QUERY, [(1, 1.0)], [(2, 9.0)], lookups(sentences={1: 0.5}), 10))
    assert "cosine 1.000 (rank 1); nearest sentence 0.500; no word of the question" in parts[1].explanation
    assert "no sentence of prose; BM25 9.000 (rank 1)" in parts[2].explanation


SCORES = st.dictionaries(st.sampled_from(sorted(PASSAGES)), st.floats(0, 50, width=32), max_size=5)


@given(SCORES, SCORES, SCORES, st.integers(1, 6))
def test_scores_lie_between_0_and_1_best_first_and_ties_go_by_id(
    dense: dict[int, float], lexical: dict[int, float], sentences: dict[int, float], k: int
) -> None:
    ranked = rank(QUERY, list(dense.items()), list(lexical.items()), lookups(sentences=sentences), k)
    order = [(-parts.score, i) for i, parts in ranked]
    assert order == sorted(order)
    assert all(0 <= -score <= 1 for score, _ in order)
    assert len(ranked) == min(k, len(dense.keys() | lexical.keys()))
