"""Retrieval on a public collection through the real indexes: ours beside BM25, dense, RRF and a fixed blend.

The ablation leaves out of our ranking one part at a time; all systems are compared with ours query by query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from evals import metrics
from evals.beir import RetrievalSet
from evals.embedded import Progress
from evals.paired import Difference, compare
from evals.proposals import Proposed, proposals
from index.embedder import Embedder
from index.fusion import blend, reciprocal_rank
from index.ranking import WEIGHTS, Weights, rank

Ranking = dict[str, list[str]]

OURS = "hybrid"
DEEPEST = 10  # ranks that any metric reads
_TESTED = "ndcg@10"
_METRICS: dict[str, Callable[[Sequence[str], Mapping[str, int]], float]] = {
    "ndcg@10": metrics.ndcg,
    "recall@10": metrics.recall,
    "mrr@10": metrics.reciprocal_rank,
}
ABLATIONS: dict[str, Weights] = {
    "without words": replace(WEIGHTS, words=0.0),
    "without passages": replace(WEIGHTS, passage=0.0),
    "without sentences": replace(WEIGHTS, sentence=0.0),
    "without feedback": replace(WEIGHTS, feedback=0.0),
    "without completion": replace(WEIGHTS, complete=False),
}
"""What our ranking is without one of its parts: words, passages and sentences as scores, the feedback, and the scores
of passages that only the other retriever proposed."""


@dataclass(frozen=True, slots=True)
class Report:
    """Mean metrics by system over all queries, and how long a hybrid search takes, embedding included.

    `differences` holds ours against every other system and ablation by nDCG@10, with the paired test's p.
    """

    documents: int
    queries: int
    systems: dict[str, dict[str, float]]
    milliseconds: dict[str, float]
    ablation: dict[str, dict[str, float]] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)


def measure(collection: RetrievalSet, embedder: Embedder, cache: Path, progress: Progress) -> Report:
    """Index a collection, one passage a document, run every query, and return the means and the paired tests."""
    ids = list(collection.documents)
    with proposals(collection, embedder, cache, progress) as proposed:
        rankings, seconds = _rankings(proposed, ids)
    values = {name: _values(ranking, collection) for name, ranking in rankings.items()}
    means = {name: {metric: _mean(of) for metric, of in held.items()} for name, held in values.items()}
    spread = {f"p{share}": round(1000 * metrics.percentile(seconds, share / 100), 2) for share in (50, 95)}
    tested = {name: held[_TESTED] for name, held in values.items()}
    return Report(
        len(ids),
        len(collection.queries),
        {name: held for name, held in means.items() if name not in ABLATIONS},
        spread,
        {name: held for name, held in means.items() if name in ABLATIONS},
        {name: compare(tested[OURS], other) for name, other in tested.items() if name != OURS},
    )


def _rankings(proposed: Mapping[str, Proposed], ids: Sequence[str]) -> tuple[dict[str, Ranking], list[float]]:
    """Return every system's ranking of every query, and the seconds of ours."""
    rankings: dict[str, Ranking] = {name: {} for name in ("bm25", "dense", "rrf", "blend", OURS, *ABLATIONS)}
    seconds = []
    for query, one in proposed.items():
        for name, weights in ((OURS, WEIGHTS), *ABLATIONS.items()):
            began = perf_counter()
            ranked = rank(one.vector, one.dense, one.lexical, one.lookups, DEEPEST, weights)
            seconds += [one.seconds + perf_counter() - began] if name == OURS else []
            rankings[name][query] = [ids[i] for i, _ in ranked]
        others = {
            "bm25": one.lexical,
            "dense": one.dense,
            "rrf": reciprocal_rank(one.dense, one.lexical),
            "blend": blend(one.dense, one.lexical),
        }
        for name, scored in others.items():
            rankings[name][query] = [ids[i] for i, _ in scored]
    return rankings, seconds


def _values(ranking: Ranking, collection: RetrievalSet) -> dict[str, list[float]]:
    """Return every metric of every query."""
    return {
        name: [metric(ranking[query], collection.judgements[query]) for query in collection.queries]
        for name, metric in _METRICS.items()
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
