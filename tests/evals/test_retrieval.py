"""Retrieval measured on a collection small enough to know the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.beir import RetrievalSet
from evals.embedded import cached_vectors
from evals.retrieval import ABLATIONS, measure
from index.embedder import BATCH, Embedder, Vectors

TOPICS = {
    "d1": ("Morphea", "zorlitinib softened plaques of morphea"),
    "d2": ("Vitiligo", "repigmentation of vitiligo began on the face"),
    "d3": ("Uveitis", "inflammation of the eye settled quickly"),
    "d4": ("", "headache was reported by nine volunteers"),
}
PERFECT = RetrievalSet(
    TOPICS,
    {"q1": "zorlitinib morphea plaques", "q2": "vitiligo repigmentation face", "q4": "headache volunteers"},
    {"q1": {"d1": 1}, "q2": {"d2": 2}, "q4": {"d4": 1}},
)
METRICS = {"ndcg@10", "recall@10", "mrr@10"}


class Counting:
    """An embedder that notes what it was asked to embed."""

    def __init__(self, inner: Embedder, weights_hash: str | None = None) -> None:
        self._inner = inner
        self.name = inner.name
        self.weights_hash = weights_hash or inner.weights_hash
        self.dimensions = inner.dimensions
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(list(texts))
        return self._inner.embed(texts)


@pytest.fixture
def counting(word_embedder: Embedder) -> Counting:
    return Counting(word_embedder)


def no_progress(done: int, total: int) -> None:
    pass


def test_a_collection_that_is_easily_told_apart_is_ranked_perfectly(counting: Counting, tmp_path: Path) -> None:
    report = measure(PERFECT, counting, tmp_path, no_progress)
    assert (report.documents, report.queries) == (4, 3)
    assert set(report.systems) == {"bm25", "dense", "rrf", "blend", "hybrid"}
    assert set(report.ablation) == set(ABLATIONS)
    assert set(report.differences) == {*report.systems, *report.ablation} - {"hybrid"}
    assert all(report.systems[system] == dict.fromkeys(METRICS, 1.0) for system in report.systems)
    assert set(report.milliseconds) == {"p50", "p95"}
    assert 0 < report.milliseconds["p50"] <= report.milliseconds["p95"]


def test_a_judged_document_that_nothing_finds_lowers_the_mean_over_the_queries(
    counting: Counting, tmp_path: Path
) -> None:
    judgements = {**PERFECT.judgements, "q4": {"absent": 1}}
    report = measure(replace(PERFECT, judgements=judgements), counting, tmp_path, no_progress)
    for found in report.systems.values():
        assert found == dict.fromkeys(METRICS, pytest.approx(2 / 3, abs=1e-4))


def test_words_alone_find_nothing_where_no_word_is_shared(counting: Counting, tmp_path: Path) -> None:
    collection = RetrievalSet(TOPICS, {"q": "xylophone"}, {"q": {"d1": 1}})
    report = measure(collection, counting, tmp_path, no_progress)
    assert report.systems["bm25"] == dict.fromkeys(METRICS, 0.0)
    assert report.systems["dense"]["recall@10"] == 1


def test_documents_are_embedded_with_their_title_once_and_queries_every_time(
    counting: Counting, tmp_path: Path
) -> None:
    first = measure(PERFECT, counting, tmp_path, no_progress)
    documents, *queries, sentences = counting.asked
    assert documents[0] == "Morphea. zorlitinib softened plaques of morphea"
    assert documents[3] == "headache was reported by nine volunteers"
    assert queries == [[text] for text in PERFECT.queries.values()]
    assert sentences == [text for _, text in TOPICS.values()]
    counting.asked.clear()
    second = measure(PERFECT, counting, tmp_path, no_progress)
    assert counting.asked == queries
    assert second.systems == first.systems


def test_other_texts_or_another_model_are_embedded_anew(counting: Counting, tmp_path: Path) -> None:
    cached_vectors(["a", "b"], counting, tmp_path, no_progress)
    cached_vectors(["ab"], counting, tmp_path, no_progress)
    other = Counting(counting, weights_hash="another model")
    cached_vectors(["a", "b"], other, tmp_path, no_progress)
    assert (len(counting.asked), len(other.asked)) == (3, 1)
    assert len(list((tmp_path / "embeddings").iterdir())) == 3


def test_cached_vectors_are_those_of_the_embedder_in_the_order_of_the_texts(
    counting: Counting, word_embedder: Embedder, tmp_path: Path
) -> None:
    texts = [f"text number {n}" for n in range(8 * BATCH + 1)]
    told: list[tuple[int, int]] = []
    fresh = cached_vectors(texts, counting, tmp_path, lambda done, total: told.append((done, total)))
    assert told == [(8 * BATCH, len(texts)), (len(texts), len(texts))]
    assert np.array_equal(fresh[[0, -1]], word_embedder.embed([texts[0], texts[-1]]))
    assert np.array_equal(cached_vectors(texts, counting, tmp_path, no_progress), fresh)
    assert len(counting.asked) == 2


def test_a_collection_without_queries_gives_zeros(counting: Counting, tmp_path: Path) -> None:
    report = measure(RetrievalSet(TOPICS, {}, {}), counting, tmp_path, no_progress)
    assert report.queries == 0
    assert report.systems["hybrid"] == dict.fromkeys(METRICS, 0.0)
