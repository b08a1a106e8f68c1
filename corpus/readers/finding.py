"""What `add` was given → the files in it: files, folders, patterns, links; each file once, in a stable order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFileError

_PATTERN = frozenset("*?[")


def find_files(path: Path) -> Iterator[Path]:
    """Yield `path` itself if it is a file, else every file below it or that it matches as a pattern.

    Hidden files and folders are left out. Links are followed, each folder once, so a loop of links ends. A folder that
    can't be opened is yielded itself: reading it says why.

    Raises:
        UnreadableFileError: there is nothing at `path`, or no file below it.
    """
    if path.is_file():
        yield path
        return
    if path.is_dir():
        found = list(_below(path))
        if not found:
            raise UnreadableFileError(f"{path} holds no file; name a file or another folder.")
        yield from found
        return
    if path.is_symlink():
        raise UnreadableFileError(f"{path} is a link that leads nowhere; name the file itself.")
    if path.exists():
        raise UnreadableFileError(f"{path} is neither a file nor a folder; save what it holds as a file and add that.")
    matches = _matches(path) if _PATTERN & set(str(path)) else []
    if not matches:
        raise UnreadableFileError(f"There is no file or folder {path}; check the spelling and try again.")
    for match in matches:
        if match.is_file():
            yield match
        elif match.is_dir():
            yield from _below(match)


def _matches(pattern: Path) -> list[Path]:
    base = Path(pattern.anchor)
    return sorted(base.glob(str(pattern.relative_to(base))))


def _below(folder: Path) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    closed: list[Path] = []
    for name, folders, files in os.walk(
        folder, followlinks=True, onerror=lambda error: closed.append(Path(error.filename))
    ):
        where = Path(name)
        status = where.stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            if not each.startswith(".") and (where / each).is_file():
                yield where / each
    yield from closed
