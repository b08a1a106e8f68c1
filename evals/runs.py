"""Where runs are kept, and how one is found again: by its file, by its id, or as the newest."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from assistant.settings import load_settings
from corpus.errors import StorageError, UnreadableFileError
from evals.records import Run

NEWEST = "last"


def runs_folder() -> Path:
    """Return the folder of stored runs that the settings name: one beside the default library, or POSOLOGY_RUNS."""
    return load_settings().runs


def store(run: Run) -> Path:
    """Keep a run as ID.json, readable by its owner only, since questions may be of patients; return the file.

    Raises:
        StorageError: the folder cannot be written.
    """
    file = runs_folder() / f"{run.id}.json"
    temporary = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(run.model_dump_json(indent=1) + "\n")
        temporary.replace(file)
    except OSError as error:
        raise StorageError(
            f"The run cannot be kept in {file.parent} ({error.strerror}); name another folder in POSOLOGY_RUNS."
        ) from error
    return file


def stored_runs() -> list[Path]:
    """Return the files of the stored runs, newest first."""
    dated = [(path.stat().st_mtime_ns, path.name, path) for path in runs_folder().glob("*.json")]
    return [path for _, _, path in sorted(dated, reverse=True)]


def load_run(path: Path) -> Run:
    """Return the run that a file holds.

    Raises:
        UnreadableFileError: the file is missing or holds no run.
    """
    try:
        return Run.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UnreadableFileError(f"{path} holds no eval run; make one with `posology eval run`.") from error


def find_run(name: str = NEWEST) -> Run:
    """Return a run by the path of its file or by its id; `last` is the newest.

    Raises:
        UnreadableFileError: there is no such run; says where it was looked for.
    """
    if name == NEWEST:
        files = stored_runs()
        if not files:
            raise UnreadableFileError(f"There is no run in {runs_folder()}; make one with `posology eval run`.")
        return load_run(files[0])
    if Path(name).is_file():
        return load_run(Path(name))
    stored = runs_folder() / f"{name}.json"
    if not stored.is_file():
        raise UnreadableFileError(f"There is no run {name!r} in {runs_folder()}; name one that is, or its file.")
    return load_run(stored)


def run_before(run: Run) -> Run | None:
    """Return the newest stored run that was started before this one and asked the same suites in the same way."""
    for path in stored_runs():
        other = load_run(path)
        if other.started < run.started and _asked(other) == _asked(run):
            return other
    return None


def _asked(run: Run) -> tuple[object, ...]:
    return run.suites, run.split, run.scope
