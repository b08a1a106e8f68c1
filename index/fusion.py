"""Two ranked lists → one, from nothing but their scores: what the search is measured against.

The search itself goes on from the same two lists in `index.ranking`.
"""

from __future__ import annotations

from collections.abc import Sequence

DENSE_WEIGHT = 0.7
RRF_K = 60

Ranked = Sequence[tuple[int, float]]


def blend(dense: Ranked, lexical: Ranked, dense_weight: float = DENSE_WEIGHT) -> list[tuple[int, float]]:
    """Return the union of two lists (best first) by the weighted sum of each score's share of its list's best.

    Scores lie in 0..1, best first; ties go by id. What a list doesn't hold counts 0 there.
    """
    best_dense = max((score for _, score in dense), default=0.0)
    best_lexical = max((score for _, score in lexical), default=0.0)
    scores = dict.fromkeys([i for i, _ in (*dense, *lexical)], 0.0)
    for identity, cosine in dense:
        scores[identity] += dense_weight * _share(cosine, best_dense)
    for identity, bm25 in lexical:
        scores[identity] += (1 - dense_weight) * _share(bm25, best_lexical)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def reciprocal_rank(dense: Ranked, lexical: Ranked, k: int = RRF_K) -> list[tuple[int, float]]:
    """Return the reciprocal-rank fusion of two lists (Cormack et al. 2009)."""
    scores: dict[int, float] = {}
    for ranked in (dense, lexical):
        for rank, (identity, _) in enumerate(ranked, start=1):
            scores[identity] = scores.get(identity, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _share(score: float, best: float) -> float:
    return max(score, 0.0) / best if best > 0 else 0.0
