"""Vectors in FAISS: exact inner product over unit vectors, which is the cosine.

A vector file is written once under a new number and never changed; the catalogue says which number counts. Exact
search of 50,000 passages takes a few milliseconds (docs/adr/0003). All vectors of most libraries lie here, and of large
ones those that came last, until they settle (docs/adr/0018).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.embedder import Vectors
from index.files import complete_file, damaged

_SMALL = 20_000  # vectors


class VectorIndex:
    """Passage ids and their vectors."""

    def __init__(self, dimensions: int, index: Any = None) -> None:
        self._index: Any = index if index is not None else faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
        self.dimensions = dimensions

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def read(cls, path: Path) -> VectorIndex:
        """Return the index in a file, mapped into memory rather than read.

        Raises:
            LibraryError: the file is missing or damaged.
        """
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise damaged(path) from error
        return cls(index.d, index)

    def write(self, path: Path) -> None:
        """Write the index to a new file that is complete and on the disk before it has its name.

        Raises:
            OSError: the disk is full or not writable; no file is left under `path`.
        """
        with complete_file(path) as stream:
            stream.write(faiss.serialize_index(self._index).data)

    def add(self, ids: Iterable[int], vectors: Vectors) -> None:
        """Add unit vectors of shape (n, dimensions) under new ids."""
        keys = np.fromiter(ids, dtype=np.int64)
        if len(keys):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)

    def without(self, ids: set[int]) -> VectorIndex:
        """Return a copy in memory that lacks the vectors with these ids."""
        keys = self.ids()
        kept = ~np.isin(keys, np.fromiter(ids, dtype=np.int64))
        copy = VectorIndex(self.dimensions)
        if kept.any():
            flat = faiss.downcast_index(self._index.index)
            everything = flat.reconstruct_n(0, len(self))
            copy.add(keys[kept].tolist(), everything[kept])
        return copy

    def ids(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the ids, in the order in which they were added."""
        return np.array(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors with these ids, in their order, of shape (n, dimensions).

        Raises:
            RuntimeError: an id is unknown.
        """
        if not len(ids):
            return np.zeros((0, self.dimensions), dtype=np.float32)
        found: Vectors = self._index.reconstruct_batch(np.array(ids, dtype=np.int64))
        return found

    def search(self, vector: Vectors, k: int, allowed: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine) pairs, best first; with `allowed`, only among those ids."""
        k = min(k, len(self))
        if k <= 0:
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.fromiter(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        if len(self) < _SMALL:
            faiss.omp_set_num_threads(1)  # waking a second thread takes longer than searching so few vectors
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scores, ids = self._index.search(query, k, params=parameters)
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
