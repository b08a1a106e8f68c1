"""Short codes of many vectors in cells: what a large library is searched by before the best are compared exactly.

FAISS's inverted file with product quantisation in its fast-scan layout: each vector belongs to the cell of its nearest
centre and is kept as four bits for every four of its dimensions, 48 bytes at 384. Cells and code books are learnt from
a sample. A search reads more than half of the cells, a few milliseconds for a million passages. Why this family and
these figures: docs/adr/0018.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.embedder import Vectors
from index.files import complete_file, damaged
from index.rows import Ids

SHARES = (0.6, 0.8, 1.0)
"""What share of its cells a library may be searched by: the least that a trial finds to do."""

LEARNT_A_CELL = 48
"""Vectors for each cell from which it is learnt; FAISS asks for at least 39."""

_ROUNDS = 8  # of k-means
_BITS = 4  # of a code, which stands for so many dimensions


@dataclass(frozen=True, slots=True)
class Only:
    """What a search of cells is limited to: these ids, or all but those that were removed."""

    ids: Ids | None = None
    removed: Ids | None = None

    def selector(self) -> Any:
        """Return FAISS's form of this, or None where everything may be found."""
        if self.ids is not None:
            bits = np.zeros(int(self.ids.max(initial=0)) // 8 + 1, dtype=np.uint8)
            np.bitwise_or.at(bits, self.ids >> 3, (1 << (self.ids & 7)).astype(np.uint8))
            return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        if self.removed is not None and len(self.removed):
            return faiss.IDSelectorNot(faiss.IDSelectorBatch(self.removed))
        return None


class Cells:
    """Codes of passages' vectors under their ids."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def learn(cls, sample: Vectors, count: int) -> Cells:
        """Return empty cells for about `count` vectors, learnt from a sample of them of shape (n, dimensions)."""
        dimensions, cells = sample.shape[1], cell_count(count)
        codes = f"PQ{dimensions // _BITS}x{_BITS}fs" if dimensions % _BITS == 0 else "SQ8"
        index: Any = faiss.index_factory(dimensions, f"IVF{cells},{codes}", faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = _ROUNDS
        index.train(np.ascontiguousarray(sample, dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> Cells:
        """Return the cells in a file.

        Raises:
            LibraryError: the file is missing or damaged.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise damaged(path) from error

    def write(self, path: Path) -> None:
        """Write the cells to a new file.

        Raises:
            OSError: the disk is full or not writable; no file is left under `path`.
        """
        with complete_file(path) as stream:
            stream.write(faiss.serialize_index(self._index).data)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimensions) under new ids."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.ascontiguousarray(ids))

    def remove(self, ids: Ids) -> None:
        """Remove the codes under these ids."""
        if len(ids):
            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(ids)))

    def search(self, vector: Vectors, count: int, only: Only, share: float) -> Ids:
        """Return about the `count` nearest ids, in no order, from the nearest `share` of the cells."""
        faiss.omp_set_num_threads(1)  # one question; waking a second thread takes longer than it saves
        probed = max(1, round(share * self._index.nlist))
        parameters = faiss.SearchParametersIVF(nprobe=probed, sel=only.selector())  # type: ignore[call-arg]
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        _, found = self._index.search(query, min(count, max(len(self), 1)), params=parameters)
        ids: Ids = found[0][found[0] >= 0]
        return ids


def cell_count(count: int) -> int:
    """Return into how many cells `count` vectors go: twice the square root, as is usual; fewer for very few."""
    return max(1, min(round(2 * sqrt(count)), count // LEARNT_A_CELL))
