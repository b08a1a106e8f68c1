"""The README's table of what passes, written into it by command: nobody copies a figure by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFileError
from evals.records import Result, Run
from evals.tallies import label, moment, number, share_interval, tally
from evals.totals import totals

BEGIN = "<!-- eval run -->"
END = "<!-- /eval run -->"
_PLACE = re.compile(rf"(?<={BEGIN}\n).*?(?={END})", re.DOTALL)
_METRICS = (
    "quote validity",
    "number grounding",
    "citation recall",
    "abstention precision",
    "abstention recall",
    "words per answer",
)


def within(text: str, run: Run, name: str) -> str:
    """Return a text in which the run's tables stand between the two marks, in place of what stood there.

    Raises:
        UnreadableFileError: the text, of a file of this name, lacks one of the marks.
    """
    if not _PLACE.search(text):
        raise UnreadableFileError(f"{name} has no place for a run; put the lines {BEGIN} and {END} where it is to go.")
    table = "\n".join(_lines(run))
    return _PLACE.sub(lambda _: f"\n{table}\n\n", text, count=1)


def read(path: Path) -> str:
    """Return the text of a file.

    Raises:
        UnreadableFileError: it is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path} cannot be read; name a Markdown file in UTF-8.") from error


def _lines(run: Run) -> Iterator[str]:
    """Yield two tables: what passed by kind and part, and the metrics of each part."""
    parts = {split: [result for result in run.results if result.split == split] for split in ("development", "test")}
    parts = {split: results for split, results in parts.items() if results}
    yield f"Run of {moment(run).split()[0]}, version {run.version}, by `make eval`; 95 % intervals in brackets."
    yield ""
    yield f"| kind | {' | '.join(f'{split} part' for split in parts)} |"
    yield "|---|" + "---:|" * len(parts)
    for kind in sorted({result.kind for result in run.results}):
        cells = (_share([result for result in results if result.kind == kind]) for results in parts.values())
        yield f"| {kind.replace('_', ' ')} | {' | '.join(cells)} |"
    whole = (f"{_share(results)} ({share_interval(tally(split, results))})" for split, results in parts.items())
    yield f"| **all** | {' | '.join(whole)} |"
    yield ""
    yield f"| metric | {' | '.join(f'{split} part' for split in parts)} |"
    yield "|---|" + "---:|" * len(parts)
    found = {split: totals(results, _METRICS[:3]) for split, results in parts.items()}
    for metric in _METRICS:
        values = (number(held[metric].value) if metric in held else "–" for held in found.values())
        yield f"| {label(metric)} | {' | '.join(values)} |"
    critical = (str(sum(bool(result.critical) for result in results)) for results in parts.values())
    yield f"| answers with a critical error | {' | '.join(critical)} |"


def _share(results: list[Result]) -> str:
    if not results:
        return "–"
    found = tally("", results)
    return f"{found.passed} of {found.asked}, {found.share:.0%}"
