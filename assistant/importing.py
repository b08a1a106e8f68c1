"""Files → library: what is new, unchanged, a replacement or the same paper again. One bad file never stops the rest.

Files are read in their order, elsewhere if that is wanted, while those before them are embedded and committed. What is
committed stays, so an import that is stopped goes on where it was when it is started again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter

from assistant.arrivals import Arrivals
from assistant.summary import Duplicate, FileReport, Summary
from corpus.errors import UnreadableFileError
from corpus.readers import find_files
from corpus.readers.reading import Manner, beside, in_turn
from index.build import Progress, Writer

__all__ = ["Duplicate", "FileReport", "Summary", "import_files"]

_FIRST_COMMIT, _LARGEST_COMMIT = 150_000, 600_000
"""Characters that are committed together: little at first, so that embedding begins early, then twice as many each
time, up to some 1,500 passages of prose: bounds memory, and what is lost when the import is killed."""


def import_files(
    writer: Writer,
    paths: Iterable[Path],
    *,
    origin: str = "added",
    progress: Progress = lambda done, total: None,
    curated: bool = True,
    password: str | None = None,
    ocr: str | None = None,
    elsewhere: bool = False,
) -> Summary:
    """Add files and folders to a library and return what happened to each.

    With `curated` the original of a bundled digest is recognised, and the curated facts attach themselves to it.
    `password` opens protected PDFs; `ocr` names the languages in which scanned pages are read. With `elsewhere` files
    are read in processes of their own beside the embedding, which changes nothing about the result.

    A file whose text is in the library already changes nothing. One that has the id of a document in the library
    replaces it when the id was given in its front matter or the file is the same; otherwise its id gets a number. A
    paper that is there in another format is left out, unless the file holds much more of it and so takes its place.
    """
    summary = Summary()
    files = _files(paths, summary)
    arrivals = Arrivals(writer, summary, origin, curated)
    meter = _Meter(files, progress)
    most = _FIRST_COMMIT
    with (beside if elsewhere else in_turn)(files, Manner(password, ocr)) as readings:
        for reading in readings:
            arrivals.take(reading)
            meter.read(reading.path)
            if arrivals.characters >= most:
                summary.passages += _commit(writer, arrivals, meter, curated)
                most = min(2 * most, _LARGEST_COMMIT)
    summary.passages += _commit(writer, arrivals, meter, curated)
    arrivals.find_facts_again()
    meter.finish()
    _tell_originals(writer, arrivals.finish())
    return summary


def _files(paths: Iterable[Path], summary: Summary) -> Sequence[Path]:
    files: list[Path] = []
    for path in paths:
        try:
            files.extend(find_files(path))
        except UnreadableFileError as error:
            summary.skip(path, error)
    return files


def _commit(writer: Writer, arrivals: Arrivals, meter: _Meter, curated: bool) -> int:
    """Put what is waiting into the library and return how many passages that were."""
    if not arrivals.waiting:
        return 0
    begun = perf_counter()
    count = writer.add(list(arrivals.waiting.values()), meter.embedded, curated=curated)
    meter.committed(count)
    arrivals.committed(perf_counter() - begun)
    return count


def _tell_originals(writer: Writer, summary: Summary) -> None:
    """Note which of the documents that came in are the originals of digests."""
    arrived = {*summary.added, *summary.replaced}
    for edition in writer.catalogue.editions.all():
        if edition.original_id in arrived:
            attached = len(writer.catalogue.editions.attached(edition.digest_id))
            summary.originals.append((edition.original_id, edition.digest_id, attached))


class _Meter:
    """How far an import is, in passages: those of files not yet read are guessed by their size from those that were."""

    def __init__(self, files: Sequence[Path], tell: Progress) -> None:
        self._sizes = {path: _size(path) for path in files}
        self._unread = sum(self._sizes[path] for path in files)
        self._seen = 0  # bytes of the files that the passages so far are from
        self._since = 0  # bytes read since the last commit
        self._before = 0  # passages that are committed
        self._done = 0
        self._tell = tell

    def read(self, path: Path) -> None:
        self._unread -= self._sizes[path]
        self._since += self._sizes[path]

    def embedded(self, done: int, total: int) -> None:
        """Tell how far it is when `done` of the `total` passages that are being committed are embedded."""
        known = self._before + total
        rest = round(self._unread * known / max(self._seen + self._since, 1))
        self._done = self._before + done
        self._tell(self._done, known + rest)

    def committed(self, count: int) -> None:
        self._before += count
        self._seen, self._since = self._seen + self._since, 0

    def finish(self) -> None:
        if self._unread or self._done < self._before:
            self._tell(self._before, self._before)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
