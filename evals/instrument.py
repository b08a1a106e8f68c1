"""One measurement from beginning to end: suites chosen, library opened, questions asked, the run recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from assistant.commands import terminal
from corpus.errors import UnreadableFileError
from evals.records import Run
from evals.run import Source, fast, record, results_by_workers, results_of
from evals.suite import FOLDER, Split, load_suites


@dataclass(frozen=True, slots=True)
class Choice:
    """Which questions to ask: of which suites (none named means all) and split, all or the fast subset, of a folder."""

    suites: Sequence[str] = ()
    split: Split | Literal["all"] = "all"
    scope: Literal["full", "fast"] = "full"
    folder: Path = FOLDER


def measure(choice: Choice, library: Path | None, workers: int = 1) -> Run:
    """Ask the chosen questions of a library and return the record of the run.

    Raises:
        UnreadableFileError: there is no such suite, one is malformed, or no question fits the choice.
    """
    items = load_suites(choice.suites, choice.folder, choice.split)
    if choice.scope == "fast":
        items = fast(items)
    if not items:
        raise UnreadableFileError(f"No question is of the split {choice.split!r}; choose another, or all.")
    session = terminal.open_session(library)
    started = datetime.now(UTC)
    with session.library() as opened, session.bar(f"Asking {len(items)} items") as progress:
        if workers > 1:
            settings = session.settings
            source = Source(session.path, settings.model, settings.cache, settings.threads)
            results = results_by_workers(items, source, workers, progress)
        else:
            results = results_of(items, opened, progress)
        return record(items, results, opened, started, choice.split, choice.scope)
