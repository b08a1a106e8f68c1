"""What a cold start pays: imports, and the first vector, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from evals.engines.timing import Table, in_turns, middle, ratio

_IMPORTS = {
    "(Python alone)": "pass",
    "sentence_transformers": "import sentence_transformers",
    "onnxruntime + tokenizers": "import onnxruntime, tokenizers",
    "faiss": "import faiss",
    "tantivy": "import tantivy",
    "bm25s + Stemmer": "import bm25s, Stemmer",
}


def measure(model: str, cache: Path, repeats: int) -> list[Table]:
    """Return the table of start-up times, in seconds: medians of fresh processes started in turns."""
    place = f"{model!r}, Path({str(cache)!r})"
    reference = "sentence_transformers"
    first = "first vector, sentence-transformers"
    programs = {
        **{f"import {name}": code for name, code in _IMPORTS.items()},
        first: f"{_IMPORT_EMBEDDER}; SentenceTransformerEmbedder({place}).embed(['dose'])",
        "first vector, ONNX export": f"{_IMPORT_EMBEDDER}; load_embedder({place}).embed(['dose'])",
    }
    for code in programs.values():
        _run(code)()  # warms the disk
    times = {name: middle(taken, 1) for name, taken in in_turns(_runs(programs), repeats).items()}
    rows = [
        (name, f"{value:.2f}", ratio(times[first if name.startswith("first") else f"import {reference}"], value))
        for name, value in times.items()
    ]
    note = (
        f"Seconds from start to exit of a fresh process, median of {repeats}. The ratio says how many times as long "
        "sentence-transformers takes. A first vector is import, loading the model and one text."
    )
    return [Table("Start-up", note, ("process", "seconds", "sentence-transformers takes"), tuple(rows))]


_IMPORT_EMBEDDER = "from pathlib import Path; from index.embedder import SentenceTransformerEmbedder, load_embedder"


def _runs(programs: dict[str, str]) -> dict[str, Callable[[], object]]:
    return {name: _run(code) for name, code in programs.items()}


def _run(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
