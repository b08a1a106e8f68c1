"""The embedding model run three ways: by sentence-transformers, as its ONNX export, and as an int8 copy of that."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import sleep

import numpy as np

from evals.engines.timing import Table, Times, cpu_seconds, in_turns, middle, ratio
from index.embedder import BATCH, Embedder, OnnxEmbedder, SentenceTransformerEmbedder, Vectors
from index.model_export import ExportedModel, exported

REFERENCE = "sentence-transformers"
EXPORT = "ONNX export"
INT8 = "ONNX export, int8"
QUERIES = 50
BLOCK = 10
BATCHES = (1, 4, 8, BATCH)
PAUSE = 0.1
"""Seconds between contenders: threads that still spin after one engine's call would slow the next engine."""


def measure(model: str, cache: Path, texts: Sequence[str], queries: Sequence[str], rounds: int) -> list[Table]:
    """Return the table of the three ways: milliseconds a query, documents a second, likeness to the reference.

    Each has one thread: with more, whatever else runs on the machine slows one engine's barriers more than the other's.
    """
    import torch

    original = exported(model, cache)
    torch.set_num_threads(1)
    with _quantised(original) as int8:
        contenders: dict[str, Embedder] = {
            REFERENCE: SentenceTransformerEmbedder(model, cache),
            EXPORT: OnnxEmbedder(original, threads=1),
            INT8: OnnxEmbedder(int8, threads=1),
        }
        vectors = {name: embedder.embed(texts) for name, embedder in contenders.items()}
        single = _single(contenders, queries)
        by_length = sorted(texts, key=len)
        batched = {
            size: in_turns({n: partial(_in_batches, e, by_length, size) for n, e in contenders.items()}, rounds)
            for size in BATCHES
        }
    return [_table(vectors, single), _batch_table(batched, len(texts))]


def cosines(left: Vectors, right: Vectors) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the cosine of each row of unit vectors with the same row of the other."""
    return np.asarray(np.einsum("ij,ij->i", left, right), dtype=np.float32)


def shared_neighbours(left: Vectors, right: Vectors, k: int = 10) -> float:
    """Return the mean share of a row's k nearest other rows that both sets of vectors agree on."""
    near = [np.argsort(-_without_self(vectors @ vectors.T), axis=1)[:, :k] for vectors in (left, right)]
    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(*near, strict=True)]))


def _without_self(likeness: Vectors) -> Vectors:
    np.fill_diagonal(likeness, -np.inf)
    return likeness


def _in_batches(embedder: Embedder, texts: Sequence[str], size: int) -> None:
    for at in range(0, len(texts), size):
        embedder.embed(texts[at : at + size])


def _rested(embedder: Embedder, texts: Sequence[str]) -> None:
    sleep(PAUSE)
    embedder.embed(texts)


def _single(contenders: Mapping[str, Embedder], queries: Sequence[str]) -> Times:
    """Time single queries in blocks that take turns, each after a pause and one query that doesn't count."""
    times: Times = {name: [] for name in contenders}
    for at in range(0, QUERIES, BLOCK):
        for name, embedder in contenders.items():
            _rested(embedder, queries[:1])
            for number in range(at, at + BLOCK):
                times[name].append(cpu_seconds(partial(embedder.embed, [queries[number % len(queries)]])))
    return times


@contextmanager
def _quantised(model: ExportedModel) -> Iterator[ExportedModel]:
    """Yield a copy of the export whose weights are int8, in a temporary folder."""
    from onnxruntime.quantization import quantize_dynamic

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logging.disable(logging.WARNING)  # it advises a preparation that changes nothing here
        try:
            quantize_dynamic(model.folder / "model.onnx", folder / "model.onnx")
        finally:
            logging.disable(logging.NOTSET)
        shutil.copyfile(model.folder / "tokenizer.json", folder / "tokenizer.json")
        yield replace(model, folder=folder)


def _table(vectors: Mapping[str, Vectors], single: Times) -> Table:
    reference = middle(single[REFERENCE])
    rows = []
    for name, own in vectors.items():
        likeness = cosines(own, vectors[REFERENCE])
        query = middle(single[name])
        same = shared_neighbours(own, vectors[REFERENCE])
        rows.append(
            (
                name,
                f"{query:.1f}",
                ratio(reference, query),
                f"{likeness.min():.5f}",
                f"{likeness.mean():.5f}",
                f"{100 * same:.1f} %",
            )
        )
    note = (
        f"Single queries of five to ten words, median of {QUERIES}, in blocks of {BLOCK} that take turns; processor "
        f"time of one thread. Cosines with {REFERENCE} over {len(vectors[REFERENCE])} bundled passages; the last "
        "column is how many of a passage's 10 nearest stay the same."
    )
    heads = ("engine", "query ms", "faster", "least cosine", "mean cosine", "same nearest 10")
    return Table("Embedding: one query", note, heads, tuple(rows))


def _batch_table(batched: Mapping[int, Times], documents: int) -> Table:
    rows = []
    for size, times in batched.items():
        rates = {name: documents / middle(taken, 1) for name, taken in times.items()}
        rows.append(
            (
                f"{size} (the program's)" if size == BATCH else str(size),
                *(f"{rate:.0f}" for rate in rates.values()),
                ratio(rates[EXPORT], rates[REFERENCE]),
            )
        )
    note = (
        f"Documents a second: {documents} bundled passages, shortest first so that little of a batch is padding; "
        f"processor time of one thread, median of {len(batched[BATCH][REFERENCE])}, in turns."
    )
    heads = ("batch", *batched[BATCH], "export to reference")
    return Table("Embedding: documents", note, heads, tuple(rows))
