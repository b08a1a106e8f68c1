"""What a cold start pays: imports, and the first vector, each in a fresh process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from evals.engines.timing import Table, ratio

_IMPORTS = {  # the first of each group is what the others are compared with
    "import sentence_transformers": "import sentence_transformers",
    "import onnxruntime, tokenizers": "import onnxruntime, tokenizers",
    "import faiss": "import faiss",
    "import tantivy": "import tantivy",
    "import bm25s, Stemmer": "import bm25s, Stemmer",
    "Python alone": "pass",
}
_IMPORT_EMBEDDER = "from pathlib import Path; from index.embedder import SentenceTransformerEmbedder, load_embedder"


def measure(model: str, cache: Path, repeats: int) -> list[Table]:
    """Return the table of start-up times in seconds: medians of fresh processes started in turns."""
    place = f"{model!r}, Path({str(cache)!r})"
    first_vectors = {
        "first vector, sentence-transformers": f"{_IMPORT_EMBEDDER}; SentenceTransformerEmbedder({place}).embed(['x'])",
        "first vector, ONNX export": f"{_IMPORT_EMBEDDER}; load_embedder({place}).embed(['x'])",
    }
    programs = {**_IMPORTS, **first_vectors}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for turn in range(1 + repeats):
        for name, code in programs.items():
            times = _child(code)
            if turn:  # the first only warms the disk
                taken[name].append(times)
    rows = [*_rows(_IMPORTS, taken), *_rows(first_vectors, taken)]
    note = (
        f"Start to exit of a fresh process, median of {repeats}, in turns. The ratio is of processor time: how many "
        "times as much sentence-transformers takes. A first vector is import, loading the model and one text."
    )
    return [Table("Start-up", note, ("process", "clock s", "processor s", "ratio"), tuple(rows))]


def _child(code: str) -> tuple[float, float]:
    """Run a program and return its seconds by the clock and of processor time."""
    began = perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{code!r} failed with exit code {child.returncode}; run it by hand to see why.")
    return perf_counter() - began, usage.ru_utime + usage.ru_stime


def _rows(group: dict[str, str], taken: dict[str, list[tuple[float, float]]]) -> list[tuple[str, ...]]:
    clock = {name: statistics.median(each for each, _ in taken[name]) for name in group}
    processor = {name: statistics.median(each for _, each in taken[name]) for name in group}
    reference = processor[next(iter(group))]
    return [(name, f"{clock[name]:.2f}", f"{processor[name]:.2f}", ratio(reference, processor[name])) for name in group]
