"""The stages of the benchmark of size: build on, add one document, serve. Each runs in a process of its own.

A process for each, so that its peak memory is its own; what it measured it prints as one line of JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import faiss
import numpy as np

from assistant.importing import import_files
from corpus.types import Document
from evals.metrics import percentile
from evals.scale_material import PASSAGES_A_DOCUMENT, MadeEmbedder, Material, made_document, made_documents
from index.embedder import Embedder, Vectors
from index.incoming import PASSAGES_A_COMMIT, Incoming
from index.library import Library
from index.rows import Ids
from index.search import POOL, Filters, HybridSearcher
from index.writing import open_writer

K = 10
WARMING = 50  # questions asked before any is timed

_TIMED = {
    "hybrid": "hybrid search",
    "vectors": "our vectors alone, best 100",
    "words": "tantivy alone, best 100",
    "exact": "exact FAISS, best 100",
    "year": "hybrid among every 36th document, question embedded before",
}
_RECALLS = (
    "recall@10 against exact",
    "recall@100 against exact",
    "recall@10 of neighbours with real vectors",
    "recall@10 among every 36th document",
    "recall@10 among forty documents",
)
_YEARS = 36  # every so many documents are of one year
_FEW = 40  # documents
_AT_ONCE = 16_384

T = TypeVar("T")
Spread = dict[str, float]


def build(path: Path, size: int, material: Material, model: Embedder) -> dict[str, float]:
    """Bring a library to `size` made passages from wherever it is, in commits as an import makes them.

    Documents come as the program's own would: neither facts by rule nor damage of print are looked for in them.
    """
    began, spent = perf_counter(), process_time()
    with open_writer(path, MadeEmbedder(material, model)) as writer:
        there = int(writer.catalogue.get("made passages") or 0)
        documents = made_documents(material, there, size - there)
        for some in _some(documents):
            new = [document for document in some if writer.catalogue.find_id(document.id) is None]
            writer.add([Incoming(document, "bundled") for document in new], curated=False)
            there += sum(len(document.blocks) for document in some)
            with writer.catalogue.transaction():
                writer.catalogue.set("made passages", str(there))
    return {"seconds": perf_counter() - began, "processor": process_time() - spent}


def _some(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while some := list(islice(documents, PASSAGES_A_COMMIT // PASSAGES_A_DOCUMENT)):
        yield some


def add_one(path: Path, material: Material, model: Embedder) -> dict[str, float]:
    """Add a document the whole way, from its file to the commit, and return the seconds; its vectors are given."""
    number = 10**9 + int(perf_counter())  # another one each time, on a library that is kept too
    file = path.with_name(f"added-{number}.md")
    document = made_document(material, number, 12)
    file.write_text(re.sub(r"(?m)^(Record \d+)$", r"# \1", document.text), encoding="utf-8")
    began, spent = perf_counter(), process_time()
    with open_writer(path, MadeEmbedder(material, model)) as writer:
        summary = import_files(writer, [file])
    taken = {"seconds": perf_counter() - began, "processor": process_time() - spent}
    if len(summary.added) != 1:
        raise SystemExit(f"The document was not added: {summary.counts}")
    return taken | {"passages": summary.passages}


def serve(path: Path, questions: Sequence[str], model: Embedder, real: int) -> dict[str, object]:
    """Open a library and ask it: first alone, for its memory, then in turns with the engines that it is made of.

    The first `real` passages have real vectors. Times are p50 and p95 of processor time, and p95 by the clock.
    """
    began = perf_counter()
    with Library.open(path, model) as library:
        opened = 1000 * (perf_counter() - began)
        searcher = HybridSearcher(library)
        for question in questions:
            searcher.search(question, K)
        resident, own = _resident()
        library.query_vector.cache_clear()
        asking = _Asking(library, searcher, real)
        for question in questions[WARMING:]:
            asking.ask(question)
        recalls = np.nanmean(np.array(asking.recalls), axis=0).tolist()
        return {
            "passages": len(library.vectors),
            "that have not settled": len(library.vectors.fresh),
            "questions": len(asking.recalls),
            **{f"{_TIMED[name]}, ms": times.spread for name, times in asking.times.items()},
            **dict(zip(_RECALLS, recalls, strict=True)),
            "opening, ms": opened,
            "resident while serving, MB": resident,
            "of it not mapped files, MB": own,
        }


class _Asking:
    """Asks one question after another in every way, and keeps times and recalls."""

    def __init__(self, library: Library, searcher: HybridSearcher, real: int) -> None:
        self.times = {name: _Times() for name in _TIMED}
        self.recalls: list[tuple[float, ...]] = []
        self._library, self._searcher = library, searcher
        self._ids = library.vectors.ids()
        self._exact = faiss.IndexFlatIP(library.vectors.dimensions)
        for at in range(0, len(self._ids), _AT_ONCE):
            self._exact.add(library.vectors.vectors(self._ids[at : at + _AT_ONCE].tolist()))
        entries = [entry.id for entry in library.catalogue.entries()]
        self._year = Filters(tuple(entries[::_YEARS]))
        self._of_year = library.passages_in(tuple(entries[::_YEARS]))
        self._of_few = library.passages_in(tuple(entries[:_FEW]))
        self._real = self._ids[:real]

    def ask(self, question: str) -> None:
        library = self._library
        self.times["hybrid"].take(lambda: self._searcher.search(question, K))
        vector = library.query_vector(question)
        words = [(word, 1.0) for word in library.lexical.words(question)]
        found = self.times["vectors"].take(lambda: library.vectors.search(vector, POOL))
        self.times["words"].take(lambda: library.lexical.search(words, POOL))
        exact = self.times["exact"].take(lambda: self._exact.search(vector.reshape(1, -1), POOL))
        self.times["year"].take(lambda: self._searcher.search(question, K, self._year))
        best = self._ids[exact[1][0]]
        ours = np.array([i for i, _ in found])
        real = best[:K][np.isin(best[:K], self._real)]
        self.recalls.append(
            (
                _share(best[:K], ours[:K]),
                _share(best, ours),
                _share(real, ours[:K]) if len(real) else float("nan"),
                *(self._recall_among(vector, allowed) for allowed in (self._of_year, self._of_few)),
            )
        )

    def _recall_among(self, vector: Vectors, allowed: Ids) -> float:
        places = np.searchsorted(self._ids, allowed)
        selected = faiss.SearchParameters(sel=faiss.IDSelectorBatch(places))  # type: ignore[call-arg]
        exact = self._exact.search(vector.reshape(1, -1), K, params=selected)[1][0]
        return _share(self._ids[exact], np.array([i for i, _ in self._library.vectors.search(vector, K, allowed)]))


class _Times:
    def __init__(self) -> None:
        self._processor: list[float] = []
        self._clock: list[float] = []

    def take(self, action: Callable[[], T]) -> T:
        began, spent = perf_counter(), process_time()
        found = action()
        self._processor.append(1000 * (process_time() - spent))
        self._clock.append(1000 * (perf_counter() - began))
        return found

    @property
    def spread(self) -> Spread:
        return {
            "p50": percentile(self._processor, 0.5),
            "p95": percentile(self._processor, 0.95),
            "clock_p95": percentile(self._clock, 0.95),
        }


def _share(exact: Ids, found: Ids) -> float:
    return float(np.isin(exact, found).mean())


def _resident() -> tuple[float, float]:
    """Return the megabytes of this process in memory, mapped files included, and without them."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    resident, own = (int(status[key].split()[0]) / 1000 for key in ("VmRSS", "RssAnon"))
    return resident, own
