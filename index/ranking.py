"""The order of what two retrievers found: words, the whole passage, its best sentence, and what the first ones say.

Both retrievers only propose. Every proposed passage then gets the score that either would have given it, the best of
them also that of their nearest sentence (a passage's vector blurs what only one of its sentences says), and last the
nearness to the passages that came first (Rocchio 1971, as pseudo-relevance feedback within the pool). All parts are
shares of the query's best, so that no weight depends on a scale. Weights and what each part brings: docs/adr/0016.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embedder import Vectors
from index.fusion import Ranked

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a score counts, and how far the later parts look; not tuned to any one collection.

    `words`, `passage` and `sentence` are relative to each other, `feedback` is relative to their mean. With
    `complete` a passage that one retriever missed still gets that one's score.
    """

    words: float = 1.0
    passage: float = 1.0
    sentence: float = 1.0
    feedback: float = 0.3
    feedback_passages: int = 2
    depth: int = 50  # passages whose sentences are looked at
    complete: bool = True


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Lookups:
    """What an index knows of passages that were found, asked for by their ids.

    `vectors` gives unit vectors of shape (n, dimensions) in the order of the ids; `bm25` and `sentences` (the cosine of
    the nearest sentence) may lack ids: those that hold no word of the question, those that hold no prose.
    """

    vectors: Callable[[Sequence[int]], Vectors]
    bm25: Callable[[Sequence[int]], Mapping[int, float]]
    sentences: Callable[[Sequence[int]], Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """How a hit got its score. Ranks count from 1 and are None where that retriever did not propose the passage.

    `bm25` is None where the passage holds no word of the question. `feedback` is the cosine to the first passages.
    """

    score: float
    cosine: float | None
    bm25: float | None
    dense_rank: int | None
    lexical_rank: int | None
    sentence: float | None = None
    feedback: float | None = None

    @property
    def explanation(self) -> str:
        """Return the parts in words."""
        told = (
            _told("cosine", self.cosine, self.dense_rank),
            f"nearest sentence {self.sentence:.3f}" if self.sentence is not None else "no sentence of prose",
            _told("BM25", self.bm25, self.lexical_rank) if self.bm25 is not None else "no word of the question",
            f"nearness to the first passages {self.feedback:.3f}" if self.feedback is not None else "",
        )
        return f"{self.score:.3f}: " + "; ".join(part for part in told if part)


def rank(
    query: Vectors, dense: Ranked, lexical: Ranked, lookups: Lookups, k: int, weights: Weights = WEIGHTS
) -> list[tuple[int, ScoreParts]]:
    """Return up to `k` passages of two lists (best first), best first, with scores in 0..1; ties go by id.

    `query` is the question's unit vector, of shape (dimensions,).
    """
    ids = sorted({i for i, _ in (*dense, *lexical)})
    if not ids:
        return []
    vectors = lookups.vectors(ids)
    found = dict(lexical)
    if weights.complete:
        cosines = dict(zip(ids, (vectors @ query).tolist(), strict=True))
        missing = [i for i in ids if i not in found]
        found |= lookups.bm25(missing) if missing else {}
    else:
        cosines = dict(dense)
    words, passage = _shares(ids, found), _shares(ids, cosines)
    proposed = weights.words * words + weights.passage * passage
    order = np.argsort(-proposed, kind="stable")[: max(weights.depth, k)]
    kept = [ids[at] for at in order.tolist()]
    sentences = lookups.sentences(kept) if weights.sentence else {}
    nearest = np.array([sentences.get(i, -1.0) for i in kept])
    nearest = np.where(nearest >= 0, nearest / max(nearest.max(), 1e-9), passage[order])
    total = weights.words + weights.passage + weights.sentence
    scores = (proposed[order] + weights.sentence * nearest) / total
    agreed = np.clip(vectors[order] @ _centroid(vectors[order], scores, weights.feedback_passages), 0, 1)
    scores = (scores + weights.feedback * agreed / (agreed.max() or 1.0)) / (1 + weights.feedback)
    by_dense = {i: place for place, (i, _) in enumerate(dense, start=1)}
    by_lexical = {i: place for place, (i, _) in enumerate(lexical, start=1)}
    parts = {
        i: ScoreParts(
            min(max(score, 0.0), 1.0),
            cosines.get(i),
            found.get(i),
            by_dense.get(i),
            by_lexical.get(i),
            sentences.get(i),
            near,
        )
        for i, score, near in zip(kept, scores.tolist(), agreed.tolist(), strict=True)
    }
    return sorted(parts.items(), key=lambda pair: (-pair[1].score, pair[0]))[:k]


def _centroid(vectors: Vectors, scores: Scores, first: int) -> Vectors:
    """Return the direction of the best passages, each counting by its score."""
    best = np.argsort(-scores, kind="stable")[:first]
    centroid: Vectors = np.asarray(scores[best] @ vectors[best], dtype=np.float32)
    length = float(np.linalg.norm(centroid))
    return centroid / length if length else centroid


def _shares(ids: Sequence[int], scores: Mapping[int, float]) -> Scores:
    """Return each score as a share of the best of them, negative ones and missing ones as 0."""
    values = np.maximum([scores.get(i, 0.0) for i in ids], 0.0)
    best = values.max(initial=0.0)
    return values / best if best > 0 else values


def _told(name: str, score: float | None, place: int | None) -> str:
    if score is None:
        return f"no {name}"
    return f"{name} {score:.3f} (rank {place})" if place else f"{name} {score:.3f}"
