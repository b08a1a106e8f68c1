"""The settled passages of a large library: codes in memory propose, full vectors on disk decide.

A search by codes proposes four times as many passages as are wanted; the full vectors of these are read and compared
exactly. A search among few passages reads the vectors of all of them and so is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.cells import SHARES, Cells, Only
from index.embedder import Vectors
from index.rows import Ids, Rows

EXACT = 20_000
"""Up to so many passages to choose from, all are compared: 30 MB of vectors at 384 dimensions."""

DEEPER = 4
"""How many times as many passages as are wanted the codes propose, and at least `LEAST_PROPOSED`."""

LEAST_PROPOSED = 400

Ranges = tuple[tuple[int, int], ...]


class SettledFiles(BaseModel):
    """What the manifest says of the settled passages: their files, in ascending order of ids, and who is gone.

    `passages` counts the rows, those of `removed` passages (first and last ids) included. `learnt_from` is how many
    passages there were when the cells were learnt, `share` what part of the cells a search reads.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cells: str
    rows: tuple[str, ...]
    passages: int
    last_id: int
    learnt_from: int
    share: float = SHARES[0]
    removed: Ranges = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the files."""
        return (self.cells, *self.rows)

    @property
    def removed_count(self) -> int:
        """Return how many of the rows belong to nobody any more."""
        return sum(last - first + 1 for first, last in self.removed)

    def without(self, ids: Iterable[int]) -> SettledFiles:
        """Return this with more passages removed; ids that are not settled are left out."""
        gone = [i for i in ids if i <= self.last_id]
        if not gone:
            return self
        every = np.union1d(ids_of(self.removed), np.array(gone, dtype=np.int64))
        return self.model_copy(update={"removed": ranges_of(every)})


class Settled:
    """The settled passages of one library, opened."""

    def __init__(self, files: SettledFiles, cells: Cells, rows: Sequence[Rows]) -> None:
        self.cells = cells
        self.rows = tuple(rows)
        self.last_id = files.last_id
        self.removed = ids_of(files.removed)
        self._share = files.share
        self._lasts = np.array([part.ids[-1] for part in self.rows], dtype=np.int64)

    @classmethod
    def read(cls, folder: Path, files: SettledFiles) -> Settled:
        """Open the files in a library's folder.

        Raises:
            LibraryError: one is missing or damaged.
        """
        return cls(files, Cells.read(folder / files.cells), [Rows.read(folder / name) for name in files.rows])

    def __len__(self) -> int:
        return sum(map(len, self.rows)) - len(self.removed)

    def close(self) -> None:
        """Close the files."""
        for part in self.rows:
            part.close()

    def ids(self) -> Ids:
        """Return the ids in ascending order."""
        every = np.concatenate([np.zeros(0, dtype=np.int64), *(part.ids for part in self.rows)])
        return np.setdiff1d(every, self.removed, assume_unique=True)

    def vectors(self, ids: Ids) -> Vectors:
        """Return the vectors of ascending ids, of shape (n, dimensions).

        Raises:
            RuntimeError: an id is unknown.
        """
        if not self.rows or (len(ids) and ids[-1] > self._lasts[-1]):
            raise RuntimeError("no such passage is settled")
        cuts = np.searchsorted(ids, self._lasts, side="right").tolist()
        parts = zip(self.rows, [0, *cuts[:-1]], cuts, strict=True)
        found = [part.vectors(part.places(ids[start:end])) for part, start, end in parts if end > start]
        return np.concatenate([np.zeros((0, self.rows[0].dimensions), dtype=np.float32), *found])

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine) pairs, best first; with `allowed`, only among those ascending ids."""
        if allowed is not None:
            allowed = self._held(allowed)
        if allowed is not None and len(allowed) <= EXACT:
            proposed = allowed
        else:
            share = self._share if allowed is None else 1.0  # passages of a few documents may lie in any cell
            depth = max(DEEPER * k, LEAST_PROPOSED)
            proposed = np.sort(self.cells.search(vector, depth, Only(allowed, self.removed), share))
        scores = self.vectors(proposed) @ vector if len(proposed) else np.zeros(0, dtype=np.float32)
        best = np.argsort(-scores, kind="stable")[:k]
        return list(zip(proposed[best].tolist(), scores[best].tolist(), strict=True))

    def _held(self, ids: Ids) -> Ids:
        """Return those of ascending ids that are settled and not removed."""
        cuts = np.searchsorted(ids, self._lasts, side="right").tolist()
        parts = zip(self.rows, [0, *cuts[:-1]], cuts, strict=True)
        there = [some[np.isin(some, part.ids)] for part, a, b in parts if len(some := ids[a:b])]
        held = np.concatenate([np.zeros(0, dtype=np.int64), *there])
        return np.setdiff1d(held, self.removed, assume_unique=True) if len(self.removed) else held


def ids_of(ranges: Ranges) -> Ids:
    """Return the ids in ranges, ascending as these are."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(a, b + 1, dtype=np.int64) for a, b in ranges)])


def ranges_of(ids: Ids) -> Ranges:
    """Return ascending ids as ranges of first and last."""
    breaks = np.flatnonzero(np.diff(ids) != 1)
    firsts, lasts = np.r_[ids[:1], ids[breaks + 1]], np.r_[ids[breaks], ids[-1:]]
    return tuple(zip(firsts.tolist(), lasts.tolist(), strict=True))
