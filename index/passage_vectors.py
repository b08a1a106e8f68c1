"""The vectors of all passages of a library: the fresh ones, searched exactly, and in a large one the settled ones.

A library of up to some 32,000 passages has fresh ones only, and is searched as `VectorIndex` searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedder import Vectors
from index.manifest import Manifest
from index.rows import Ids
from index.settled import Settled
from index.vectors import VectorIndex


class PassageVectors:
    """Passage ids and their vectors. Close it when done."""

    def __init__(self, fresh: VectorIndex, settled: Settled | None = None) -> None:
        self.fresh = fresh
        self._settled = settled
        self.dimensions = fresh.dimensions

    @classmethod
    def read(cls, folder: Path, manifest: Manifest) -> PassageVectors:
        """Return the vectors that a library's manifest names.

        Raises:
            LibraryError: a file is missing or damaged.
        """
        fresh = open_fresh(folder, manifest)
        return cls(fresh, Settled.read(folder, manifest.settled) if manifest.settled else None)

    def __len__(self) -> int:
        return len(self.fresh) + (len(self._settled) if self._settled is not None else 0)

    def close(self) -> None:
        """Close the files."""
        if self._settled is not None:
            self._settled.close()

    def ids(self) -> Ids:
        """Return all ids, ascending as they were given."""
        if self._settled is None:
            return self.fresh.ids()
        return np.concatenate([self._settled.ids(), self.fresh.ids()])

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors with these ids, in their order, of shape (n, dimensions).

        Raises:
            RuntimeError: an id is unknown.
        """
        if self._settled is None:
            return self.fresh.vectors(ids)
        wanted = np.asarray(ids, dtype=np.int64)
        order = np.argsort(wanted, kind="stable")
        old = int(np.searchsorted(wanted[order], self._settled.last_id, side="right"))
        found = np.empty((len(wanted), self.dimensions), dtype=np.float32)
        if old:
            found[order[:old]] = self._settled.vectors(wanted[order[:old]])
        found[order[old:]] = self.fresh.vectors(wanted[order[old:]].tolist())
        return found

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine) pairs, best first; with `allowed`, only among those ascending ids."""
        if self._settled is None:
            return self.fresh.search(vector, k, allowed)
        old = fresh = None
        if allowed is not None:
            cut = int(np.searchsorted(allowed, self._settled.last_id, side="right"))
            old, fresh = allowed[:cut], allowed[cut:]
        found = [*self._settled.search(vector, k, old), *self.fresh.search(vector, k, fresh)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]


def open_fresh(folder: Path, manifest: Manifest) -> VectorIndex:
    """Return the vectors that have not settled, as the manifest names them, or none yet.

    Raises:
        LibraryError: the file is missing or damaged.
    """
    if manifest.vector_file is None:
        return VectorIndex(manifest.dimensions)
    return VectorIndex.read(folder / manifest.vector_file)
