"""`python -m evals.engines`: measure the engine choices again on this machine and print one table for each.

It needs the development dependencies (bm25s, PyStemmer), and about twenty minutes.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count

from assistant.settings import Settings, load_settings
from evals.engines import catalogue, embedding, imports, vectors, words
from evals.engines.material import Material, bundled_material, made_queries
from evals.engines.timing import Table
from index.embedder import load_embedder

_PACKAGES = ("sentence-transformers", "torch", "onnxruntime", "tokenizers", "faiss-cpu", "tantivy", "bm25s", "PyYAML")
_VECTOR_SIZES = (10_000, 50_000, 200_000)
_QUICK_VECTOR_SIZES = (2_000,)
_WORD_SIZES = (20_000, 200_000)
_QUICK_WORD_SIZES = (2_000,)


def main() -> None:
    """Measure what the command line names, everything unless told, and print each table as soon as it is there."""
    parts: dict[str, Callable[[Settings, Material, bool], list[Table]]] = {
        "imports": lambda settings, _, quick: imports.measure(settings.model, settings.cache, 1 if quick else 5),
        "embedding": _embedding,
        "vectors": _vectors,
        "words": lambda _, material, quick: words.measure(
            material, _QUICK_WORD_SIZES if quick else _WORD_SIZES, 1 if quick else 3
        ),
        "catalogue": lambda *_: catalogue.measure(),
    }
    parser = argparse.ArgumentParser(prog="python -m evals.engines", description="Measure the engine choices again.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one or more of {', '.join(parts)}; all unless told")
    parser.add_argument("--quick", action="store_true", help="small sizes: checks the benchmark, not the engines")
    chosen = parser.parse_args()
    if unknown := sorted(set(chosen.parts) - set(parts)):
        parser.error(f"there is no part {unknown[0]!r}; choose from {', '.join(parts)}")
    settings, material = load_settings(), bundled_material()
    load_embedder(settings.model, settings.cache)  # makes the export, once, before anything is timed
    print(_about(chosen.quick), flush=True)
    for name in chosen.parts or parts:
        for table in parts[name](settings, material, chosen.quick):
            print(table, flush=True)


def _embedding(settings: Settings, material: Material, quick: bool) -> list[Table]:
    texts = material.passages[:64] if quick else material.passages
    return embedding.measure(settings.model, settings.cache, texts, made_queries(material, 50), 1 if quick else 3)


def _vectors(settings: Settings, material: Material, quick: bool) -> list[Table]:
    embedder = load_embedder(settings.model, settings.cache)
    real, questions = embedder.embed(material.passages), embedder.embed(material.sentences)
    return vectors.measure(real, questions, _QUICK_VECTOR_SIZES if quick else _VECTOR_SIZES)


def _about(quick: bool) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    when = datetime.now(UTC).date().isoformat()
    size = "Small sizes: these figures say nothing about the engines.\n" if quick else ""
    machine = f"{cpu_count()} cores, Python {platform.python_version()}"
    return f"# Engines, {when}\n\n{size}{machine}; {packages}.\n"


if __name__ == "__main__":
    main()
