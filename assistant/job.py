"""Long work in a process of its own: `python -m assistant.job '{"job": "add", …}'`, reporting as JSON lines.

The terminal interface starts it so that neither adding documents nor rebuilding an index ever holds up a key press.
Killed at any moment it leaves the library as it was or as it was to be (see `index.build`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.amending import changes, differences
from assistant.importing import import_files
from assistant.session import Session
from assistant.summary import Summary
from corpus.errors import PosologyError
from index.amending import edit, rename

if TYPE_CHECKING:
    from index.build import Progress, Writer

Report = Callable[[dict[str, Any]], None]


class Job(BaseModel):
    """What to do: make the library ready, add `paths`, remove the documents `ids`, rebuild both indexes, or amend.

    To amend is to change the `fields` of the one document in `ids`, its id among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: Literal["prepare", "add", "remove", "rebuild", "amend"]
    library: Path | None = None
    paths: tuple[Path, ...] = ()
    ids: tuple[str, ...] = ()
    fields: dict[str, str] = {}


def run(job: Job, report: Report) -> None:
    """Do a job; each report is `{"event": "stage" | "progress" | "done", …}`.

    Raises:
        PosologyError: it can't be done; the library is as it was.
    """
    session = Session(job.library, lambda message: report({"event": "stage", "text": message}), _bar(report))
    if job.job == "prepare":
        with session.library() as library:
            report({"event": "done", "lines": [f"The library holds {library.manifest.documents} documents."]})
        return
    with session.writer(any_model=job.job == "rebuild") as writer:
        if job.job == "remove":
            lines = [f"Removed {identity} ({writer.remove(identity)} passages)." for identity in job.ids]
        elif job.job == "amend":
            lines = _amended(writer, job.ids[0], dict(job.fields))
        elif job.job == "rebuild":
            with session.bar("Rebuilding the indexes") as progress:
                lines = [f"Rebuilt from the catalogue: {writer.rebuild(progress)} passages."]
        else:
            with session.bar("Adding documents") as progress:
                lines = list(told(import_files(writer, job.paths, progress=progress, elsewhere=True)))
    report({"event": "done", "lines": lines})


def _amended(writer: Writer, document_id: str, fields: dict[str, str]) -> list[str]:
    new = fields.pop("id", document_id)
    wanted = changes(fields)
    lines = []
    if fields:
        said = differences(*edit(writer, document_id, wanted))
        lines = [f"{document_id}: {name} {old or 'none'} → {now or 'none'}." for name, old, now in said]
    if new != document_id:
        rename(writer, document_id, new)
        lines.append(f"Renamed {document_id} to {new}; what cites it finds it by either name.")
    return lines or [f"{document_id} says so already; nothing was changed."]


def told(summary: Summary) -> Iterator[str]:
    """Yield what an import did: a line of counts, then a line for each file that needs one."""
    yield f"{summary.counts}."
    for identity, digest, attached in summary.originals:
        yield f"{identity} is what {digest} describes: {attached} checked statements attached."
    yield from (f"Unchanged: {path} is in the library as {same}." for path, same in summary.unchanged)
    yield from (f"The same paper: {other.path} is {other.kept} (same {other.sign})." for other in summary.same)
    for path, error in summary.skipped:
        yield f"Skipped: {error}" if str(path) in str(error) else f"Skipped: {path}: {error}"


def _bar(report: Report) -> Any:
    @contextmanager
    def bar(title: str) -> Iterator[Progress]:
        report({"event": "stage", "text": title})
        yield lambda done, total: report({"event": "progress", "done": done, "total": total})

    return bar


def main(arguments: list[str]) -> int:
    """Run the job that the one argument describes; return the exit code."""

    def report(event: dict[str, Any]) -> None:
        print(json.dumps(event), flush=True)

    try:
        run(Job.model_validate_json(arguments[0]), report)
    except PosologyError as error:
        report({"event": "failed", "text": str(error)})
        return error.exit_code
    except (ValidationError, IndexError) as error:
        report({"event": "failed", "text": f"This is no job ({error}); it is described in assistant/job.py."})
        return 2
    except BrokenPipeError:  # whoever started it has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
