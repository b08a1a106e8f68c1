"""Retrieval metrics, each by its textbook definition. Judgements map a document id to its grade; 0 is irrelevant."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], judgements: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG@k with linear gain and log2 discount (Järvelin and Kekäläinen 2002, as in trec_eval)."""
    gains = [judgements.get(document, 0) for document in ranked[:k]]
    ideal = sorted((grade for grade in judgements.values() if grade > 0), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def recall(ranked: Sequence[str], judgements: Mapping[str, int], k: int = 10) -> float:
    """Return the share of the relevant documents that are among the first k."""
    relevant = {document for document, grade in judgements.items() if grade > 0}
    return len(relevant & set(ranked[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], judgements: Mapping[str, int], k: int = 10) -> float:
    """Return 1 / the rank of the first relevant document among the first k, or 0."""
    ranks = (rank for rank, document in enumerate(ranked[:k], start=1) if judgements.get(document, 0) > 0)
    return 1 / next(ranks, math.inf)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not positive or not negative:
        return 0.0
    ordered = sorted(negative)
    wins = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in positive)
    return wins / (2 * len(positive) * len(negative))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the sorted values do not exceed (nearest rank); 0 of no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
