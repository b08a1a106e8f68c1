"""Retrieval on a public collection through the real indexes: ours beside BM25, dense, RRF and a fixed blend.

Each document is one passage, with its sentences embedded as a library embeds them. The ablation leaves out of our
ranking one part at a time; all systems are compared with ours query by query.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.sentences import sentences
from evals import metrics
from evals.beir import RetrievalSet
from evals.embedded import Progress, cached_vectors
from evals.paired import Difference, compare
from index.embedder import Embedder, Vectors
from index.fusion import blend, reciprocal_rank
from index.lexical import LexicalEntry, LexicalIndex
from index.ranking import WEIGHTS, Lookups, Weights, rank
from index.search import POOL
from index.vectors import VectorIndex

Ranking = dict[str, list[str]]
Ranked = list[tuple[int, float]]

OURS = "hybrid"
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What both retrievers proposed for a query, with its vector and words, and how long that took."""

    vector: Vectors
    words: list[tuple[str, float]]
    dense: Ranked
    lexical: Ranked
    seconds: float


def measure(collection: RetrievalSet, embedder: Embedder, cache: Path, progress: Progress) -> Report:
    """Index a collection, one passage a document, run every query, and return the means and the paired tests."""
    ids = list(collection.documents)
    texts = [". ".join(part for part in collection.documents[document] if part) for document in ids]
    vectors = VectorIndex(embedder.dimensions)
    vectors.add(range(len(ids)), cached_vectors(texts, embedder, cache, progress))
    with tempfile.TemporaryDirectory() as folder:
        lexical = LexicalIndex.create(Path(folder))
        lexical.change(
            (),
            (
                LexicalEntry(number, document, title, "", f"{title}. {text}")
                for number, (document, (title, text)) in enumerate(collection.documents.items())
            ),
        )
        found = {query: _proposed(text, embedder, vectors, lexical) for query, text in collection.queries.items()}
        proposed = sorted({i for one in found.values() for i, _ in (*one.dense, *one.lexical)})
        nearest = _Sentences({i: collection.documents[ids[i]][1] for i in proposed}, embedder, cache, progress)
        rankings, seconds = _rankings(found, ids, vectors, lexical, nearest)
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


class _Sentences:
    """The sentence vectors of documents, by the documents' numbers."""

    def __init__(self, texts: Mapping[int, str], embedder: Embedder, cache: Path, progress: Progress) -> None:
        spans = {i: list(sentences(text, 0, len(text))) for i, text in texts.items()}
        flat = [span.of(texts[i]) for i, found in spans.items() for span in found]
        self._vectors = cached_vectors(flat, embedder, cache, progress)
        ends = np.cumsum([len(found) for found in spans.values()]).tolist()
        self._places = {i: (end - len(spans[i]), end) for i, end in zip(spans, ends, strict=True)}

    def nearest(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of each document's nearest sentence, where it has any."""
        places = {i: self._places[i] for i in ids}
        return {i: float((self._vectors[a:b] @ query).max()) for i, (a, b) in places.items() if b > a}


def _proposed(text: str, embedder: Embedder, vectors: VectorIndex, lexical: LexicalIndex) -> _Found:
    began = perf_counter()
    vector: Vectors = embedder.embed([text])[0]
    words = [(word, 1.0) for word in lexical.words(text)]
    dense, found = vectors.search(vector, POOL), lexical.search(words, POOL)
    return _Found(vector, words, dense, found, perf_counter() - began)


def _rankings(
    found: Mapping[str, _Found], ids: Sequence[str], vectors: VectorIndex, lexical: LexicalIndex, nearest: _Sentences
) -> tuple[dict[str, Ranking], list[float]]:
    """Return every system's ranking of every query, and the seconds of ours."""
    rankings: dict[str, Ranking] = {name: {} for name in ("bm25", "dense", "rrf", "blend", OURS, *ABLATIONS)}
    seconds = []
    for query, one in found.items():
        lookups = Lookups(
            vectors.vectors,
            lambda wanted, words=one.words: dict(lexical.search(words, len(wanted), ids=wanted)),  # type: ignore[misc]
            lambda wanted, vector=one.vector: nearest.nearest(vector, wanted),  # type: ignore[misc]
        )
        for name, weights in ((OURS, WEIGHTS), *ABLATIONS.items()):
            began = perf_counter()
            ranked = rank(one.vector, one.dense, one.lexical, lookups, POOL, weights)
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
