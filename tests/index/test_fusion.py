import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import Ranked, blend, reciprocal_rank

Pairs = list[tuple[int, float]]


def ranked(lowest: float, highest: float) -> st.SearchStrategy[Pairs]:
    scores = st.dictionaries(st.integers(1, 30), st.floats(lowest, highest, width=32), max_size=20)
    return scores.map(lambda found: sorted(found.items(), key=lambda pair: -pair[1]))


DENSE = ranked(-1.0, 1.0)
LEXICAL = ranked(0.0, 50.0)


def slow_blend(dense: Ranked, lexical: Ranked, weight: float) -> dict[int, float]:
    """Each list's scores as shares of its best; what one list lacks counts nothing there."""
    scores: dict[int, float] = {}
    for identity in [i for i, _ in dense] + [i for i, _ in lexical]:
        scores[identity] = 0.0
    for found, share in ((dense, weight), (lexical, 1 - weight)):
        for identity, score in found:
            best = max(s for _, s in found)
            if best > 0 and score > 0:
                scores[identity] += share * score / best
    return scores


@given(DENSE, LEXICAL, st.floats(0, 1))
def test_blending_agrees_with_the_obvious_way(dense: Pairs, lexical: Pairs, weight: float) -> None:
    fused = blend(dense, lexical, weight)
    expected = slow_blend(dense, lexical, weight)
    assert dict(fused) == pytest.approx(expected, abs=1e-9)
    assert len(fused) == len(expected)


@given(DENSE, LEXICAL, st.floats(0, 1))
def test_scores_lie_between_0_and_1_best_first_and_ties_go_by_id(dense: Pairs, lexical: Pairs, weight: float) -> None:
    order = [(-score, identity) for identity, score in blend(dense, lexical, weight)]
    assert order == sorted(order)
    assert all(0 <= -score <= 1 + 1e-9 for score, _ in order)


def test_what_both_lists_put_first_scores_1() -> None:
    ((identity, score), *_) = blend([(4, 0.6), (5, 0.5)], [(4, 12.0), (6, 3.0)])
    assert identity == 4
    assert score == pytest.approx(1.0)


def test_the_default_weights_are_those_of_the_record() -> None:
    assert dict(blend([(1, 0.8)], [(2, 9.0)])) == pytest.approx({1: 0.7, 2: 0.3})


@given(DENSE, LEXICAL, st.integers(1, 100))
def test_reciprocal_rank_is_the_formula(dense: Pairs, lexical: Pairs, k: int) -> None:
    fused = reciprocal_rank(dense, lexical, k)
    for identity, score in fused:
        places = [[i for i, _ in found].index(identity) + 1 for found in (dense, lexical) if identity in dict(found)]
        assert score == pytest.approx(sum(1 / (k + place) for place in places))
    assert {i for i, _ in fused} == {i for i, _ in [*dense, *lexical]}
    assert [(-score, i) for i, score in fused] == sorted((-score, i) for i, score in fused)
