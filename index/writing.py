"""Who may write: one process at a time, named to the others, on a folder that only its owner can read.

Everything that the file system may refuse on the way becomes one sentence with the next action.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.catalogue import Catalogue
from corpus.errors import LibraryBusyError, LibraryError
from index.build import Writer
from index.embedder import Embedder
from index.files import disk_errors
from index.lexical import LexicalIndex
from index.library import CATALOGUE, LEXICAL


@contextmanager
def open_writer(path: Path, embedder: Embedder, *, any_model: bool = False) -> Iterator[Writer]:
    """Open the library in `path` for writing, made if there is none, and clear leftovers of a killed writer.

    Afterwards no copy is left of what was removed, unless a reader still needs it.

    `any_model` opens a library of another model or format, to rebuild it.

    Raises:
        LibraryBusyError: another process is writing; names it.
        LibraryError: another model or version made the library.
        StorageError: the folder can't be made or written.
    """
    old_mask = os.umask(0o077)
    try:
        with ExitStack() as stack:
            with disk_errors(path):
                path.mkdir(parents=True, exist_ok=True, mode=0o700)
                stack.enter_context(_only_writer(path))
                catalogue = Catalogue.open(path / CATALOGUE, write=True)
                stack.callback(catalogue.close)
                writer = Writer(path, catalogue, _words(path / LEXICAL, catalogue, any_model), embedder)
                if not any_model:
                    writer.manifest.check(embedder, path)
                writer.recover()
            yield writer
            with disk_errors(path):
                writer.scrub()
    finally:
        os.umask(old_mask)


def _words(folder: Path, catalogue: Catalogue, mend: bool) -> LexicalIndex:
    try:
        return LexicalIndex(folder) if catalogue.holds_passages() else LexicalIndex.create(folder)
    except LibraryError:
        if not mend:
            raise
        shutil.rmtree(folder, ignore_errors=True)
        return LexicalIndex.create(folder)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    holder = path / ".writer.json"
    lock = FileLock(path / ".lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusyError(
            f"{_who(holder)} is writing to the library {path}; wait until it has finished and try again."
        ) from error
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        data = json.loads(holder.read_text(encoding="utf-8"))
        return f"Process {int(data['pid'])} (since {data['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another process"
