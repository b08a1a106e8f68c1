"""Files → what reading each came to, in their order: here, or ahead in processes of their own.

A reader that hangs, dies or grows without bound in a process of its own takes one file with it and nothing else. What
is read ahead is bounded in number and size, so that memory does not grow with the folder that is added.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import Condition, Thread
from time import perf_counter

from corpus.errors import UnreadableFileError
from corpus.readers.files import longest_reading, read_documents
from corpus.types import Document

MOST_AHEAD = 64
"""Files that are read, or being read, before the first of them is taken."""

MOST_CHARACTERS = 20_000_000
"""Characters of documents that wait to be taken, above which no further file is begun."""

GRACE = 15.0
"""Seconds beyond a file's own time limit after which its process is ended."""

STARTING = 120.0
"""Seconds that a process gets to begin; on a machine that has nothing else to do it takes one."""

WORKER = "corpus.readers.worker"
"""The module that reads in a process of its own."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How files are read: the password of protected PDFs, the languages of Tesseract for scans (None: no OCR)."""

    password: str | None = None
    ocr: str | None = None

    @property
    def seconds(self) -> float:
        """Return how long reading one file may take."""
        return longest_reading(self.ocr)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file came to: its documents, or why there are none; and how many seconds it took."""

    path: Path
    documents: tuple[Document, ...] = ()
    error: UnreadableFileError | None = None
    seconds: float = 0.0


def read(path: Path, manner: Manner) -> Reading:
    """Return what reading a file comes to."""
    begun = perf_counter()
    try:
        documents, error = read_documents(path, manner.password, manner.ocr), None
    except UnreadableFileError as refused:
        documents, error = (), refused
    return Reading(path, documents, error, perf_counter() - begun)


@contextmanager
def in_turn(paths: Iterable[Path], manner: Manner) -> Iterator[Iterator[Reading]]:
    """Give the readings of files, each read when it is asked for, in this process."""
    yield (read(path, manner) for path in paths)


@contextmanager
def beside(
    paths: Iterable[Path],
    manner: Manner,
    processes: int | None = None,
    patience: float | None = None,
    worker: str = WORKER,
) -> Iterator[Iterator[Reading]]:
    """Give the readings of files in their order, read ahead in other processes; they end with the block.

    `processes` is one less than this process may use cores, and from one to four, unless it is given. A file whose
    process says nothing for `patience` seconds is given up.
    """
    patience = manner.seconds + GRACE if patience is None else patience
    queue = _Queue(paths)
    readers = [_Reader(queue, manner, patience, worker) for _ in range(processes or _processes())]
    for reader in readers:
        reader.start()
    try:
        yield queue.readings()
    finally:
        queue.close()
        for reader in readers:
            reader.stop()


def _processes() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(4, cores - 1))


class _Queue:
    """Files to be read, taken in order, and their readings, given out in the same order."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = list(paths)
        self._taken = 0
        self._given = 0
        self._held: dict[int, Reading] = {}
        self._characters = 0
        self._closed = False
        self._changed = Condition()

    def take(self) -> tuple[int, Path] | None:
        """Return the next file and its number once there is room for it, None where there is nothing left to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._taken == len(self._paths) or self._has_room())
            if self._closed or self._taken == len(self._paths):
                return None
            self._taken += 1
            return self._taken - 1, self._paths[self._taken - 1]

    def _has_room(self) -> bool:
        return self._taken - self._given < MOST_AHEAD and self._characters < MOST_CHARACTERS

    def put(self, number: int, reading: Reading) -> None:
        with self._changed:
            self._held[number] = reading
            self._characters += _characters(reading)
            self._changed.notify_all()

    def readings(self) -> Iterator[Reading]:
        for number in range(len(self._paths)):
            with self._changed:
                self._changed.wait_for(lambda number=number: number in self._held)  # type: ignore[misc]
                reading = self._held.pop(number)
                self._characters -= _characters(reading)
                self._given += 1
                self._changed.notify_all()
            yield reading

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _characters(reading: Reading) -> int:
    return sum(len(document.text) for document in reading.documents)


class _Reader(Thread):
    """One process that reads, and the thread that hands it files; a process that failed is followed by another."""

    def __init__(self, queue: _Queue, manner: Manner, patience: float, worker: str) -> None:
        super().__init__(name="reader", daemon=True)
        self._queue = queue
        self._manner = manner
        self._patience = patience
        self._worker = worker
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._stopped = False

    def run(self) -> None:
        while (task := self._queue.take()) is not None:
            number, path = task
            self._queue.put(number, self._reading(path))
        self._end()

    def stop(self) -> None:
        """End the process, whatever it does, and wait until the thread has noticed."""
        self._stopped = True
        if (process := self._process) is not None:
            process.kill()
        self.join()

    def _reading(self, path: Path) -> Reading:
        begun = perf_counter()
        try:
            line = self._line or self._begin()
        except (EOFError, OSError) as error:
            self._end()
            why = error.strerror if isinstance(error, OSError) and error.strerror else "its reader does not start"
            reason = f"{path} could not be read ({why}); close other programs and add it again."
            return Reading(path, error=UnreadableFileError(reason))
        try:
            line.send((path, self._manner))
            if line.poll(self._patience):
                reading: Reading = line.recv()
                return reading
            reason = f"{path} takes longer than {self._patience:g} s to read; split it and add the parts."
        except (EOFError, OSError):
            reason = f"{path} brings its reader down; save it anew, or as text, and add that."
        self._end()
        return Reading(path, error=UnreadableFileError(reason), seconds=perf_counter() - begun)

    def _begin(self) -> Connection:
        ours, theirs = Pipe()
        with theirs:
            code = str(Path(__file__).parents[2])  # what is imported there is what is imported here
            others = [other for other in (os.environ.get("PYTHONPATH"),) if other]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._worker, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([code, *others])},
            )
        self._line = ours
        if self._stopped:
            self._process.kill()
        if not ours.poll(STARTING):
            raise TimeoutError
        ours.recv()  # it says that it has begun
        return ours

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None
