"""What a report is made from: a run, the run that it is compared with, and outputs of `posology eval retrieval`.

`page` writes it as HTML and `report_markdown` as Markdown; the same values give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import StorageError, UnreadableFileError
from evals.changes import Changes, compare
from evals.paired import Difference
from evals.records import Run
from evals.runs import find_run, run_before
from evals.tallies import label, number


class RetrievalOutput(BaseModel):
    """What `posology eval retrieval --json` prints; `systems` holds the mean of every metric by system.

    `ablation` holds the same for ours without one of its parts, `differences` ours against all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    documents: int
    queries: int
    systems: dict[str, dict[str, float]]
    milliseconds: dict[str, float]
    ablation: dict[str, dict[str, float]] = {}
    differences: dict[str, Difference] = {}

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return the names of the metrics, in the order in which they come."""
        return tuple(dict.fromkeys(metric for held in self.systems.values() for metric in held))

    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows of a table: a system with its values, in the order of `metrics`."""
        return [
            (label(system), *(number(held[metric]) if metric in held else "–" for metric in self.metrics))
            for system, held in self.systems.items()
        ]


@dataclass(frozen=True, slots=True)
class Report:
    """All that the pages show; `retrieval` is by the name of the collection."""

    run: Run
    changes: Changes | None
    retrieval: tuple[tuple[str, RetrievalOutput], ...]

    @property
    def before(self) -> Run | None:
        """Return the run that this one is compared with."""
        return self.changes.before if self.changes else None


def gather(run: str, against: str | None = None, retrieval: Sequence[Path] = ()) -> Report:
    """Return the report on a run, compared with the one named or else with the stored one before it.

    Raises:
        UnreadableFileError: a run or an output is missing or malformed.
    """
    now = find_run(run)
    before = find_run(against) if against else run_before(now)
    outputs = tuple((path.stem, _read_output(path)) for path in retrieval)
    return Report(now, compare(before, now) if before else None, outputs)


def save(text: str, path: Path) -> None:
    """Write a page to a file, all of it or nothing.

    Raises:
        StorageError: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageError(f"{path} cannot be written ({error.strerror}); name another file.") from error


def _read_output(path: Path) -> RetrievalOutput:
    try:
        return RetrievalOutput.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UnreadableFileError(
            f"{path} is no retrieval output; make one with `posology eval retrieval DIR --json > {path}`."
        ) from error
