"""Full vectors on disk, read by passage id.

A row file is written once and never changed: the ids in ascending order, then their vectors, each a NumPy array. The
ids are mapped into memory; vectors are read row by row, not mapped, so that serving a million passages keeps none of
them resident (a mapped page counts, and drags its neighbours in).
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from index.embedder import Vectors
from index.files import complete_file, damaged

Ids = npt.NDArray[np.int64]

_AT_ONCE = 16_384
"""Rows read together when a whole file is read: 25 MB at 384 dimensions."""


class Rows:
    """One open row file."""

    def __init__(self, path: Path, ids: Ids, dimensions: int, offset: int) -> None:
        self.path = path
        self.ids = ids
        self.dimensions = dimensions
        self._offset = offset  # bytes before the first vector
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self.close = weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def read(cls, path: Path) -> Rows:
        """Open a row file.

        Raises:
            LibraryError: the file is missing or damaged.
        """
        try:
            with path.open("rb") as stream:
                (count,) = _header(stream)
                ids_at = stream.tell()
                stream.seek(8 * count, os.SEEK_CUR)
                rows, dimensions = _header(stream)
                offset = stream.tell()
            if rows != count or path.stat().st_size != offset + 4 * rows * dimensions:
                raise ValueError("its size is not that of its rows")
            ids = np.asarray(np.memmap(path, np.int64, "r", ids_at, (count,)))
            return cls(path, ids, dimensions, offset)
        except (OSError, ValueError) as error:
            raise damaged(path) from error

    def places(self, ids: Ids) -> npt.NDArray[np.intp]:
        """Return at which rows ids of this file stand.

        Raises:
            RuntimeError: an id is not in this file.
        """
        at = np.searchsorted(self.ids, ids)
        if len(ids) and (at[-1] >= len(self.ids) or not np.array_equal(self.ids[at], ids)):
            raise RuntimeError(f"{self.path.name} does not hold every passage that was asked for")
        return at

    def vectors(self, places: npt.NDArray[np.intp]) -> Vectors:
        """Return the vectors of ascending rows, of shape (n, dimensions); rows that follow each other in one read."""
        found = np.empty((len(places), self.dimensions), dtype=np.float32)
        width = 4 * self.dimensions
        starts = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist()] if len(places) else []
        for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
            size = os.preadv(self._file, [found[start:end].data], self._offset + width * int(places[start]))
            if size != width * (end - start):
                raise damaged(self.path)
        return found

    def blocks(self, kept: npt.NDArray[np.bool_] | None = None) -> Iterator[Vectors]:
        """Yield all vectors in order, some at a time, or those of the rows that are `kept`."""
        wanted = np.arange(len(self)) if kept is None else np.flatnonzero(kept)
        for at in range(0, len(wanted), _AT_ONCE):
            yield self.vectors(wanted[at : at + _AT_ONCE])


def write_rows(path: Path, ids: Ids, dimensions: int, blocks: Iterable[Vectors]) -> None:
    """Write a row file: ascending ids, and their vectors in blocks that follow each other.

    Raises:
        OSError: the disk is full or not writable; no file is left under `path`.
    """
    with complete_file(path) as stream:
        npy.write_array(stream, np.ascontiguousarray(ids, dtype=np.int64), version=(1, 0))
        shape = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), dimensions)}
        npy.write_array_header_1_0(stream, shape)
        for block in blocks:
            stream.write(np.ascontiguousarray(block, dtype="<f4").data)


def _header(stream: BinaryIO) -> tuple[int, ...]:
    if npy.read_magic(stream) != (1, 0):
        raise ValueError("not a row file")
    shape: tuple[int, ...] = npy.read_array_header_1_0(stream)[0]
    return shape
