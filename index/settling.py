"""Settling: fresh vectors become rows on disk and codes in cells, once there are enough of them.

It is a commit of its own between those of an import, and writes new files beside those that readers have open; they go
on with what they opened. The cells grow by what came; they are learnt anew only when the library has grown fourfold, or
when a trial shows that they no longer fit what is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import numpy as np

from index.cells import LEARNT_A_CELL, SHARES, Cells, Only, cell_count
from index.embedder import Vectors
from index.rows import Ids, Rows, write_rows
from index.settled import LEAST_PROPOSED, Settled, SettledFiles, ranges_of
from index.vectors import VectorIndex

FIRST = 32_768
"""Passages at which a library's vectors settle for the first time; exact search of as many takes some 3 ms."""

LATER = 16_384
"""Fresh passages at which they join those that have settled: they cost 2 ms a search."""

ROWS_A_FILE = 131_072
"""A row file below this takes the next rows in: 200 MB at 384 dimensions."""

SLACK = 0.2
"""The share of removed rows from which a file is written anew without them."""

GROWTH = 4
"""How many times the passages that they were learnt from the cells serve."""

LEAST_GROWTH = 1.25
"""How many times those passages there must be before the cells may be learnt anew for not fitting."""

TRIAL_QUERIES = 64
TRIAL_RECALL = 0.98
"""Below this recall@10 among the passages that came last the cells do not fit, or too few of them are read."""

_TRIAL_K = 10
_LEAST_TO_TELL = 1_000
_AT_ONCE = 16_384
_NOBODY: Ids = np.zeros(0, dtype=np.int64)


def is_due(fresh: int, files: SettledFiles | None) -> bool:
    """Return whether a library with so many fresh vectors should settle them, or shed those that were removed."""
    if files is None:
        return fresh >= FIRST
    return fresh >= LATER or files.removed_count > SLACK * max(files.passages, FIRST)


def settle(folder: Path, number: int, fresh: VectorIndex, files: SettledFiles | None) -> SettledFiles:
    """Write the files in which `fresh` joins what has settled, under names with `number`, and return what they are.

    Raises:
        OSError: the disk is full or not writable.
        LibraryError: a file of those that settled before is missing or damaged.
    """
    with ExitStack() as opened:
        before = Settled.read(folder, files) if files else None
        if before is not None:
            opened.callback(before.close)
        ids = fresh.ids()
        vectors = fresh.vectors(ids.tolist())
        rows = [Rows.read(path) for path in _row_files(folder, number, before, ids, vectors)]
        for part in rows:
            opened.callback(part.close)
        cells, learnt_from, share = _grown_or_learnt(before, files, rows, ids, vectors)
        removed = before.removed if before is not None else _NOBODY
        name = f"cells-{number}.faiss"
        cells.write(folder / name)
        there = np.concatenate([_NOBODY, *(part.ids for part in rows)])
        return SettledFiles(
            cells=name,
            rows=tuple(part.path.name for part in rows),
            passages=sum(map(len, rows)),
            last_id=int(max(ids.max(initial=0), files.last_id if files else 0)),
            learnt_from=learnt_from,
            share=share,
            removed=ranges_of(removed[np.isin(removed, there)]),
        )


def _grown_or_learnt(
    before: Settled | None, files: SettledFiles | None, rows: Sequence[Rows], ids: Ids, vectors: Vectors
) -> tuple[Cells, int, float]:
    """Return cells that hold all rows, how many passages they were learnt from, and what share is to be read."""
    removed, total = before.removed if before is not None else _NOBODY, sum(map(len, rows))
    cells = before.cells if before is not None else None
    learnt_from, share, fits = (files.learnt_from, files.share, True) if files else (0, SHARES[0], False)
    if cells is not None:
        cells.remove(removed)
        cells.add(ids, vectors)
        fits = recall_among(cells, ids, vectors, share) >= TRIAL_RECALL
    if cells is None or total >= (GROWTH if fits else LEAST_GROWTH) * learnt_from:
        cells, learnt_from, fits = _learnt(rows, removed), total, False
    if not fits:
        tried = (one for one in SHARES if recall_among(cells, ids, vectors, one) >= TRIAL_RECALL)
        share = next(tried, SHARES[-1])
    return cells, learnt_from, share


def recall_among(cells: Cells, ids: Ids, vectors: Vectors, share: float) -> float:
    """Return recall@10 of some vectors' neighbours among all of `vectors` when a `share` of the cells is read.

    Where they are too few to tell, that is 1.
    """
    if len(ids) < _LEAST_TO_TELL:
        return 1.0
    asked = np.linspace(0, len(ids) - 1, TRIAL_QUERIES).astype(int)
    nearest = np.argpartition(-(vectors[asked] @ vectors.T), _TRIAL_K, axis=1)[:, :_TRIAL_K]
    found = [
        np.isin(ids[near], cells.search(vectors[at], LEAST_PROPOSED, Only(ids), share)).mean()
        for at, near in zip(asked.tolist(), nearest, strict=True)
    ]
    return float(np.mean(found))


def _row_files(folder: Path, number: int, before: Settled | None, ids: Ids, vectors: Vectors) -> list[Path]:
    """Write what has to be written of row files, and return all that count, in ascending order of ids."""
    files: list[Path] = []
    parts = list(before.rows) if before is not None else []
    removed = before.removed if before is not None else _NOBODY
    joined = parts.pop() if parts and len(ids) and len(parts[-1]) < ROWS_A_FILE else None
    for part in parts:
        kept = ~np.isin(part.ids, removed)
        if kept.mean() >= 1 - SLACK:
            files.append(part.path)
        elif kept.any():
            files.append(folder / f"rows-{number}-{len(files)}.npy")
            write_rows(files[-1], part.ids[kept], part.dimensions, part.blocks(kept))
    kept = ~np.isin(joined.ids, removed) if joined is not None else np.zeros(0, dtype=np.bool_)
    old = joined.ids[kept] if joined is not None else _NOBODY
    if len(old) + len(ids):
        files.append(folder / f"rows-{number}-{len(files)}.npy")
        blocks = joined.blocks(kept) if joined is not None else ()
        write_rows(files[-1], np.concatenate([old, ids]), vectors.shape[1], chain(blocks, [vectors]))
    return files


def _learnt(rows: Sequence[Rows], removed: Ids) -> Cells:
    """Return cells learnt from a sample of rows, with all of them in."""
    there = [np.flatnonzero(~np.isin(part.ids, removed)) for part in rows]
    total = sum(map(len, there))
    share = min(1.0, LEARNT_A_CELL * cell_count(total) / max(total, 1))
    draw = np.random.default_rng(total)
    samples = [np.sort(draw.permutation(places)[: round(share * len(places))]) for places in there]
    cells = Cells.learn(np.concatenate([part.vectors(some) for part, some in zip(rows, samples, strict=True)]), total)
    for part, places in zip(rows, there, strict=True):
        for at in range(0, len(places), _AT_ONCE):
            some = places[at : at + _AT_ONCE]
            cells.add(part.ids[some], part.vectors(some))
    return cells
