"""What both retrievers propose for every query of a public collection, and what the ranking then asks of the indexes.

Each document is one passage, indexed by FAISS and tantivy and with its sentences embedded, as a library does it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.sentences import sentences
from evals.beir import RetrievalSet
from evals.embedded import Progress, cached_vectors
from index.embedder import Embedder, Vectors
from index.lexical import LexicalEntry, LexicalIndex
from index.ranking import Lookups
from index.search import POOL
from index.vectors import VectorIndex

Ranked = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What both retrievers proposed for a query, by the documents' numbers, and what else to look up of them."""

    vector: Vectors
    dense: Ranked
    lexical: Ranked
    seconds: float
    lookups: Lookups


@contextmanager
def proposals(
    collection: RetrievalSet, embedder: Embedder, cache: Path, progress: Progress
) -> Iterator[dict[str, Proposed]]:
    """Index a collection and give what was proposed for each query; the lookups hold while the block runs."""
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
        found = {query: _found(text, embedder, vectors, lexical) for query, text in collection.queries.items()}
        proposed = sorted({i for one in found.values() for i, _ in (*one.dense, *one.lexical)})
        nearest = _Sentences({i: collection.documents[ids[i]][1] for i in proposed}, embedder, cache, progress)
        yield {query: one.with_lookups(vectors, lexical, nearest) for query, one in found.items()}


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


@dataclass(frozen=True, slots=True)
class _Found:
    vector: Vectors
    words: list[tuple[str, float]]
    dense: Ranked
    lexical: Ranked
    seconds: float

    def with_lookups(self, vectors: VectorIndex, lexical: LexicalIndex, nearest: _Sentences) -> Proposed:
        lookups = Lookups(
            vectors.vectors,
            lambda wanted: dict(lexical.search(self.words, len(wanted), ids=wanted)),
            lambda wanted: nearest.nearest(self.vector, wanted),
        )
        return Proposed(self.vector, self.dense, self.lexical, self.seconds, lookups)


def _found(text: str, embedder: Embedder, vectors: VectorIndex, lexical: LexicalIndex) -> _Found:
    began = perf_counter()
    vector: Vectors = embedder.embed([text])[0]
    words = [(word, 1.0) for word in lexical.words(text)]
    dense, found = vectors.search(vector, POOL), lexical.search(words, POOL)
    return _Found(vector, words, dense, found, perf_counter() - began)
