"""Folders that are looked at again and again: which files came or changed and are complete, and which are gone.

Looking is done by size and time of change, not by events of the file system: those don't come from network drives and
shared folders, and that a file is complete no event says. A file counts as complete when two looks find it the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.summary import FileReport
from corpus.errors import UnreadableFileError
from corpus.readers import find_files

INTERVAL = 2.0
"""Seconds between two looks."""

_UNFINISHED = frozenset({".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock"})

State = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found: files to be added, and those gone since, each with the documents that came from it."""

    complete: tuple[Path, ...]
    gone: tuple[tuple[Path, tuple[str, ...]], ...]


class Eye:
    """Looks at folders, and remembers what was seen there and what was made of it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise UnreadableFileError(f"{folder} is no folder; name the folder that is to be watched.")
        self._folders = folders
        self._last: dict[Path, State] = {}
        self._done: dict[Path, State] = {}
        self._documents: dict[Path, tuple[str, ...]] = {}

    def look(self) -> Look:
        """Return what is complete and not yet done, and what was done and is gone; a gone file is told once."""
        now = {path: state for folder in self._folders for path, state in _states(folder)}
        complete = tuple(p for p, state in now.items() if self._last.get(p) == state != self._done.get(p))
        gone = [p for p in self._done if p not in now and any(f.is_dir() and f in p.parents for f in self._folders)]
        told = tuple((path, self._documents.pop(path, ())) for path in gone)
        for path in gone:
            del self._done[path]
        self._last = now
        return Look(complete, told)

    def note(self, paths: Iterable[Path], reports: Iterable[FileReport]) -> None:
        """Remember that files were done as the last look saw them, and what came of them."""
        self._done.update((path, self._last[path]) for path in paths)
        found: dict[Path, list[str]] = {}
        for report in reports:
            if report.document is not None and report.fate != "same":
                found.setdefault(report.path, []).append(report.document)
        self._documents.update((path, tuple(ids)) for path, ids in found.items())


def _states(folder: Path) -> Iterator[tuple[Path, State]]:
    if not folder.is_dir():
        return
    try:
        for path in find_files(folder):
            if path.suffix.lower() not in _UNFINISHED and not path.name.endswith("~"):
                status = path.stat()
                yield path, (status.st_size, status.st_mtime_ns)
    except (UnreadableFileError, FileNotFoundError):
        return  # an empty folder, or a file that went while it was looked at: the next look sees the rest
