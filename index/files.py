"""Files of a library: each is complete and on the disk before it has its name, and only its owner may read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from corpus.errors import LibraryError, StorageError


@contextmanager
def complete_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream for what is to become the file `path`; it gets its name when the block ends.

    Raises:
        OSError: the disk is full or not writable; no file is left under `path`.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the file system refuses inside the block into a StorageError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"The library {path} cannot be written ({reason}); free some disk space or choose another folder, "
            "and try again."
        ) from error


def damaged(path: Path) -> LibraryError:
    """Return the error for an index file that is not what was written."""
    return LibraryError(f"{path.name} is missing or damaged; run `posology doctor --rebuild` to make it anew.")
