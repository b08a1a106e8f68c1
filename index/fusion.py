"""Two ranked lists → one. Each score is divided by its list's best, then the two are blended by fixed weights.

Measured against reciprocal-rank fusion on public sets in docs/adr/0004; the weights were chosen on development
data and hold for every set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DENSE_WEIGHT = 0.7
LEXICAL_WEIGHT = 0.3
RRF_K = 60

Ranked = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """How a hit got its score. Ranks count from 1; a part is None where that retriever did not find the passage."""

    score: float
    cosine: float | None
    bm25: float | None
    dense_rank: int | None
    lexical_rank: int | None

    @property
    def explanation(self) -> str:
        """Return the parts in words."""
        dense = "not found by meaning" if self.cosine is None else f"cosine {self.cosine:.3f} (rank {self.dense_rank})"
        lexical = "not found by words" if self.bm25 is None else f"BM25 {self.bm25:.2f} (rank {self.lexical_rank})"
        return f"{self.score:.3f} = {DENSE_WEIGHT} × meaning + {LEXICAL_WEIGHT} × words; {dense}; {lexical}"


def blend(dense: Ranked, lexical: Ranked, dense_weight: float = DENSE_WEIGHT) -> list[tuple[int, ScoreParts]]:
    """Return the union of two lists (best first) with blended scores in 0..1, best first; ties go by id."""
    best_dense = max((score for _, score in dense), default=0.0)
    best_lexical = max((score for _, score in lexical), default=0.0)
    by_dense = {i: (rank, score) for rank, (i, score) in enumerate(dense, start=1)}
    by_lexical = {i: (rank, score) for rank, (i, score) in enumerate(lexical, start=1)}
    fused = []
    for identity in by_dense.keys() | by_lexical.keys():
        dense_rank, cosine = by_dense.get(identity, (None, None))
        lexical_rank, bm25 = by_lexical.get(identity, (None, None))
        score = dense_weight * _share(cosine, best_dense) + (1 - dense_weight) * _share(bm25, best_lexical)
        fused.append((identity, ScoreParts(score, cosine, bm25, dense_rank, lexical_rank)))
    return sorted(fused, key=lambda pair: (-pair[1].score, pair[0]))


def reciprocal_rank(dense: Ranked, lexical: Ranked, k: int = RRF_K) -> list[tuple[int, float]]:
    """Return the reciprocal-rank fusion of two lists (Cormack et al. 2009), kept to be measured against."""
    scores: dict[int, float] = {}
    for ranked in (dense, lexical):
        for rank, (identity, _) in enumerate(ranked, start=1):
            scores[identity] = scores.get(identity, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _share(score: float | None, best: float) -> float:
    return max(score, 0.0) / best if score is not None and best > 0 else 0.0
