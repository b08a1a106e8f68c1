"""Retrieval on a public collection through the real indexes: words, meaning, and both, side by side."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from evals import metrics
from evals.beir import RetrievalSet
from index.embedder import BATCH, Embedder, Vectors
from index.fusion import blend, reciprocal_rank
from index.lexical import LexicalEntry, LexicalIndex
from index.search import POOL
from index.vectors import VectorIndex

Ranking = dict[str, list[str]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Mean metrics by system over all queries, and how long a hybrid search takes, embedding included."""

    documents: int
    queries: int
    systems: dict[str, dict[str, float]]
    milliseconds: dict[str, float]


def measure(collection: RetrievalSet, embedder: Embedder, cache: Path, progress: Progress) -> Report:
    """Index a collection, one passage a document, run every query, and return the means."""
    ids = list(collection.documents)
    number = {document: at for at, document in enumerate(ids)}
    texts = [". ".join(part for part in collection.documents[document] if part) for document in ids]
    vectors = VectorIndex(embedder.dimensions)
    vectors.add(range(len(ids)), cached_vectors(texts, embedder, cache, progress))
    with tempfile.TemporaryDirectory() as folder:
        lexical = LexicalIndex.create(Path(folder))
        lexical.change(
            (),
            (
                LexicalEntry(number[document], document, title, "", f"{title}. {text}")
                for document, (title, text) in collection.documents.items()
            ),
        )
        rankings, seconds = _run(collection, ids, embedder, vectors, lexical)
    systems = {
        name: {
            "ndcg@10": _mean(metrics.ndcg, ranking, collection),
            "recall@10": _mean(metrics.recall, ranking, collection),
            "mrr@10": _mean(metrics.reciprocal_rank, ranking, collection),
        }
        for name, ranking in rankings.items()
    }
    spread = {f"p{share}": round(1000 * metrics.percentile(seconds, share / 100), 2) for share in (50, 95)}
    return Report(len(ids), len(collection.queries), systems, spread)


def cached_vectors(texts: Sequence[str], embedder: Embedder, cache: Path, progress: Progress) -> Vectors:
    """Return the texts' vectors, from a file named by their content if these texts were embedded before."""
    digest = hashlib.sha256(embedder.weights_hash.encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    file = cache / "embeddings" / f"{digest.hexdigest()[:32]}.npy"
    if file.is_file():
        return np.asarray(np.load(file), dtype=np.float32)
    vectors = np.zeros((len(texts), embedder.dimensions), dtype=np.float32)
    step = 8 * BATCH
    for at in range(0, len(texts), step):
        vectors[at : at + step] = embedder.embed(texts[at : at + step])
        progress(min(at + step, len(texts)), len(texts))
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".part.npy")
    np.save(temporary, vectors)
    temporary.replace(file)
    return vectors


def _run(
    collection: RetrievalSet,
    ids: Sequence[str],
    embedder: Embedder,
    vectors: VectorIndex,
    lexical: LexicalIndex,
) -> tuple[dict[str, Ranking], list[float]]:
    rankings: dict[str, Ranking] = {"bm25": {}, "dense": {}, "rrf": {}, "hybrid": {}}
    seconds = []
    for query, text in collection.queries.items():
        began = perf_counter()
        dense = vectors.search(embedder.embed([text]), POOL)
        found = lexical.search([(word, 1.0) for word in lexical.words(text)], POOL)
        hybrid = blend(dense, found)
        seconds.append(perf_counter() - began)
        rankings["bm25"][query] = [ids[i] for i, _ in found]
        rankings["dense"][query] = [ids[i] for i, _ in dense]
        rankings["rrf"][query] = [ids[i] for i, _ in reciprocal_rank(dense, found)]
        rankings["hybrid"][query] = [ids[i] for i, _ in hybrid]
    return rankings, seconds


def _mean(
    metric: Callable[[Sequence[str], dict[str, int]], float], ranking: Ranking, collection: RetrievalSet
) -> float:
    values = [metric(ranking[query], collection.judgements[query]) for query in collection.queries]
    return round(sum(values) / len(values), 4) if values else 0.0
