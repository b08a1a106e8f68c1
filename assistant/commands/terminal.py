"""What every command needs of the terminal: progress on standard error, and signs that it can show."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.render import ASCII, Marks
from assistant.session import Session
from corpus.text import clean

if TYPE_CHECKING:
    from index.build import Progress
    from index.embedder import Embedder


def note(message: str) -> None:
    """Print a line to standard error."""
    print(clean(message), file=sys.stderr, flush=True)


def open_session(library: Path | None, embedder: Embedder | None = None) -> Session:
    """Return a session that reports to this terminal."""
    return Session(library, note, progress_bar, embedder)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show a bar on standard error while the block runs; off a terminal, one line before it."""
    if not sys.stderr.isatty():
        note(f"{title} ...")
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    rate, left = TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, left)
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, rate="")

        def show(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.0f} a second" if speed else "")

        yield show


def width(most: int = 100) -> int:
    """Return how wide to wrap: the terminal's width, at most so many columns; prose reads badly in longer lines."""
    return min(shutil.get_terminal_size((80, 24)).columns, most)


def marks() -> Marks:
    """Return the signs that standard output can show."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Marks() if encoding.startswith("utf") else ASCII


def write(text: str) -> None:
    """Print to standard output; what its encoding lacks becomes a question mark, and a closed pipe ends the program."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        # The reader has gone: nothing to say, and nowhere to say it. Python would complain while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
