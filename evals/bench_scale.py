"""`make bench-scale`: one library that grows to 10,000, 100,000 and 1,000,000 passages, measured at each size.

Texts and vectors are made from public collections in BEIR layout, as `evals.scale_material` says. Every stage is a
process of its own; the table gives its peak memory, which includes what the passages are made from.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.settings import load_settings
from evals.engines.timing import Table
from evals.scale_material import read_material
from evals.scale_stages import add_one, build, serve
from index.embedder import load_embedder

SIZES = (10_000, 100_000, 1_000_000)
ADDED_AT = 50_000
"""The size at which one document is added and timed."""

_QUESTIONS = 250
Figures = dict[str, Any]


def main() -> None:
    """Measure, or do the one stage that the command line names, and print it."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_scale", description="Measure how libraries grow.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER:SPLIT", help="collections in BEIR layout")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="passages, ascending")
    parser.add_argument("--work", type=Path, help="where the library is kept; an interrupted run goes on there")
    parser.add_argument("--stage", nargs=2, metavar=("NAME", "SIZE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.stage:
        print(json.dumps(_stage(chosen.stage[0], int(chosen.stage[1]), chosen.work, chosen.folders)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        _measure(chosen.folders, chosen.sizes, chosen.work or Path(temporary))


def _measure(folders: Sequence[Path], sizes: Sequence[int], work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    _child(folders, work, "questions", 0)  # embeds what was never embedded before, and is not timed
    seconds = 0.0
    for size in sorted({*sizes, ADDED_AT} if max(sizes) >= ADDED_AT else sizes):
        built = _child(folders, work, "build", size)
        seconds += built["seconds"]
        if size == ADDED_AT:
            print(_table(f"One document added to {size:,} passages", _child(folders, work, "add", size)), flush=True)
        if size in sizes:
            served = _child(folders, work, "serve", size)
            figures = {"build, all in all, s": seconds, "build of this stage": built, "disk, MB": _disk(work)} | served
            print(_table(f"{size:,} passages", figures), flush=True)


def _stage(name: str, size: int, work: Path, folders: Sequence[Path]) -> Mapping[str, object]:
    settings = load_settings()
    model, library, questions = load_embedder(settings.model, settings.cache), work / "library", work / "asked.json"
    if name == "serve":
        asked = json.loads(questions.read_text(encoding="utf-8"))
        return serve(library, asked["questions"], model, asked["real"])
    material = read_material(folders, model, settings.cache, lambda done, total: None)
    if name == "build":
        return build(library, size, material, model)
    if name == "add":
        return add_one(library, material, model)
    asked = {"questions": material.questions[:_QUESTIONS], "real": len(material.vectors)}
    questions.write_text(json.dumps(asked), encoding="utf-8")
    return {}


def _child(folders: Sequence[Path], work: Path, name: str, size: int) -> Figures:
    """Do a stage in a process of its own and return what it measured, with its peak memory in megabytes."""
    command = [sys.executable, "-m", "evals.bench_scale", *map(str, folders), "--work", str(work)]
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen([*command, "--stage", name, str(size)], stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"The stage {name} at {size} ended with {child.returncode}.")
        output.seek(0)
        found: Figures = json.loads(output.read())
    return {**found, "peak memory, MB": usage.ru_maxrss / 1000}


def _disk(work: Path) -> dict[str, float]:
    """Return the megabytes of a library's parts."""
    parts = {"catalogue": "catalogue.sqlite*", "words": "lexical/*", "codes": "cells-*", "vectors": "rows-*"}
    library = work / "library"
    found = {name: sum(file.stat().st_size for file in library.glob(glob)) for name, glob in parts.items()}
    found["fresh vectors"] = sum(file.stat().st_size for file in library.glob("vectors-*"))
    return {name: size / 1e6 for name, size in found.items()}


def _table(title: str, figures: Mapping[str, object]) -> Table:
    note = "Milliseconds, megabytes; processor time of one process, and p95 by the clock."
    return Table(title, note, ("what", "figure"), tuple((name, _shown(value)) for name, value in figures.items()))


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    if isinstance(value, float) and abs(value) < 1000:
        return f"{value:.4g}"
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    main()
