"""Exact search by inner product against FAISS's two approximate families, at three sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from evals.engines.material import NOISE, made_vectors
from evals.engines.timing import Table, cpu_seconds, in_turns, middle, ratio, tail
from index.embedder import Vectors

K = 10
WANTED_RECALL = 0.98
ROUNDS = 3
_LINKS = 32  # neighbours of a node in HNSW; its own default and the usual choice
_CARE = 80  # candidates considered when HNSW links a node: twice its default, at which recall falls short
_TRAINING = 100_000  # vectors, at most, from which IVF learns its cells
_LEAST_A_CELL = 39  # vectors for each cell that it learns, the least that FAISS accepts without a warning

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contender:
    """A built index and the setting at which it is searched."""

    name: str
    index: Any
    build: float  # seconds of processor time
    setting: str = ""


def measure(real: Vectors, questions: Vectors, sizes: Sequence[int]) -> list[Table]:
    """Return a table a size: seconds to build, milliseconds a query, recall@10 against exact search.

    `real` are the vectors from which the collection is made, `questions` those that are searched for. Half of the
    questions choose the setting of an approximate index, the other half measure it.
    """
    with _one_thread():
        return [_measure(made_vectors(real, size), questions[::2], questions[1::2]) for size in sizes]


def recall(found: Ids, exact: Ids) -> float:
    """Return the mean share of the exact neighbours that were found; both of shape (questions, k)."""
    return float(np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(found, exact, strict=True)]))


def _measure(vectors: Vectors, tuning: Vectors, testing: Vectors) -> Table:
    exact = _built("exact", faiss.IndexFlatIP(vectors.shape[1]), vectors)
    truth = exact.index.search(tuning, K)[1]
    ivf = _tuned(_ivf(vectors), "nprobe", tuning, truth)
    hnsw = _tuned(_hnsw(vectors), "efSearch", tuning, truth)
    return _table([exact, ivf, hnsw], testing, len(vectors))


def _built(name: str, index: Any, vectors: Vectors) -> Contender:
    return Contender(name, index, cpu_seconds(partial(index.add, vectors)))


def _ivf(vectors: Vectors) -> Contender:
    cells = min(int(4 * np.sqrt(len(vectors))), len(vectors) // _LEAST_A_CELL)
    index = faiss.index_factory(vectors.shape[1], f"IVF{cells},Flat", faiss.METRIC_INNER_PRODUCT)
    training = cpu_seconds(partial(index.train, vectors[:_TRAINING]))
    built = _built(f"IVF, {cells} cells", index, vectors)
    return Contender(built.name, index, training + built.build)


def _hnsw(vectors: Vectors) -> Contender:
    index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _CARE
    return _built(f"HNSW, {_LINKS} links", index, vectors)


def _tuned(contender: Contender, parameter: str, questions: Vectors, truth: Ids) -> Contender:
    """Return the contender at the least setting, in steps of a quarter, at which it finds enough."""
    ivf = parameter == "nprobe"
    value, most = (1, contender.index.nlist) if ivf else (16, 4096)
    while True:
        setattr(contender.index if ivf else contender.index.hnsw, parameter, value)
        found = recall(contender.index.search(questions, K)[1], truth)
        if found >= WANTED_RECALL or value >= most:
            return Contender(contender.name, contender.index, contender.build, f"{parameter} {value}")
        value = min(max(value + 1, value * 5 // 4), most)


def _table(contenders: Sequence[Contender], questions: Vectors, size: int) -> Table:
    truth = contenders[0].index.search(questions, K)[1]
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for row in range(len(questions)):
        question = questions[row : row + 1]
        searches = {c.name: partial(c.index.search, question, K) for c in contenders}
        for name, taken in in_turns(searches, ROUNDS).items():
            times[name].extend(taken)
    reference = middle(times[contenders[0].name])
    rows = tuple(
        (
            " ".join((contender.name, contender.setting)).strip(),
            f"{contender.build:.2f}",
            f"{middle(times[contender.name]):.2f}",
            f"{tail(times[contender.name]):.2f}",
            ratio(reference, middle(times[contender.name])),
            f"{recall(contender.index.search(questions, K)[1], truth):.3f}",
        )
        for contender in contenders
    )
    note = (
        f"Vectors of the bundled passages moved by noise (seeded, of their own covariance, {NOISE} times as long) and "
        "made unit length again; questions are vectors of real sentences. Processor time of one thread; "
        f"{len(questions)} questions x {ROUNDS}, in turns; settings chosen on as many other questions for recall@{K} "
        f"of at least {WANTED_RECALL}."
    )
    heads = ("index", "build s", "query ms p50", "p95", "faster than exact", f"recall@{K}")
    return Table(f"Vectors: {size:,}", note, heads, rows)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
