"""Asking the question suites: every item a conversation of its own, judged by every metric, in one process or several.

Results are in the order of the items whatever answered them, so a run by several workers is the same run.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from assistant.answer import answer
from assistant.contract import Answer
from assistant.conversation import Conversation
from evals.answer_metrics import ANSWER_METRICS, Metric, missing
from evals.critical import critical_errors
from evals.provenance import hashes, program_version
from evals.records import Result, Run
from evals.retrieval_metrics import retrieval_metrics
from evals.suite import Item, Split, Verdict, judge
from evals.totals import by_kind, totals
from index.embedder import load_embedder
from index.library import Library

ALWAYS_ASKED = ("redirect", "unanswerable", "out_of_scope")
"""Suites that the fast subset holds whole: what must not be answered is never sampled."""

_SAMPLE = 3  # the fast subset asks one item in so many of the other suites
_FEWEST = 3  # and so many of a suite at least, of each split
_DIGITS = 6

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What a worker needs to open the library that its parent has open."""

    path: Path
    model: str
    cache: Path
    threads: int = 0


def metrics_of_answers() -> tuple[Metric, ...]:
    """Return every metric of one answer."""
    return (*ANSWER_METRICS, *retrieval_metrics())


def run(items: Sequence[Item], library: Library, progress: Progress = lambda done, total: None) -> list[Verdict]:
    """Ask every question, each item as a conversation of its own, and return the verdicts in order."""
    verdicts = []
    for number, item in enumerate(items, start=1):
        verdicts += ask_item(item, library)
        progress(number, len(items))
    return verdicts


def ask_item(item: Item, library: Library) -> list[Verdict]:
    """Ask the turns of an item and return their verdicts."""
    conversation = Conversation() if len(item.turns) > 1 else None
    return [judge(item.kind, turn, answer(turn.question, library, conversation)) for turn in item.turns]


def results_of(
    items: Sequence[Item], library: Library, progress: Progress = lambda done, total: None
) -> list[list[Result]]:
    """Ask every question and return the results of each item, in order."""
    metrics = metrics_of_answers()
    found = []
    for number, item in enumerate(items, start=1):
        found.append([_result(item, verdict, library, metrics) for verdict in ask_item(item, library)])
        progress(number, len(items))
    return found


def results_by_workers(
    items: Sequence[Item], source: Source, workers: int, progress: Progress = lambda done, total: None
) -> list[list[Result]]:
    """Return the same as `results_of`, asked by so many processes, each with the library opened for itself."""
    shares = [list(range(first, len(items), workers)) for first in range(min(workers, len(items)))]
    found: dict[int, list[Result]] = {}
    # Spawned, not forked: the embedder's threads do not survive a fork.
    with ProcessPoolExecutor(max(1, len(shares)), mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = {pool.submit(_share, [items[i] for i in share], source): share for share in shares}
        for future in as_completed(asked):
            found.update(zip(asked[future], future.result(), strict=True))
            progress(len(found), len(items))
    return [found[i] for i in range(len(items))]


def fast(items: Sequence[Item]) -> list[Item]:
    """Return the subset that gates every change: all that must not be answered, and a fixed sample of the rest.

    The sample is drawn by a hash of the id, so that a new question changes nothing about the others, and it holds
    every kind and split.
    """
    groups: dict[tuple[str, Split], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.kind, item.split].append(item)
    chosen: set[str] = set()
    for (kind, _), group in groups.items():
        ordered = sorted(group, key=lambda item: hashlib.sha256(item.id.encode()).digest())
        most = len(group) if kind in ALWAYS_ASKED else max(_FEWEST, len(group) // _SAMPLE)
        chosen.update(item.id for item in ordered[:most])
    return [item for item in items if item.id in chosen]


def record(
    items: Sequence[Item],
    results: Sequence[Sequence[Result]],
    library: Library,
    started: datetime,
    split: Split | Literal["all"] = "all",
    scope: Literal["full", "fast"] = "full",
) -> Run:
    """Return the record of a run, its figures reckoned."""
    every = tuple(result for of_item in results for result in of_item)
    names = [metric.name for metric in metrics_of_answers()]
    stamps = hashes(items, library)
    return Run(
        id=f"{started:%Y%m%dT%H%M%S%f}-{stamps['program'][:8]}",
        started=started.isoformat(timespec="seconds"),
        version=program_version(),
        hashes=stamps,
        suites=tuple(sorted({item.kind for item in items})),
        split=split,
        scope=scope,
        results=every,
        totals=totals(every, names),
        kinds=by_kind(every, names),
    )


def _share(items: Sequence[Item], source: Source) -> list[list[Result]]:
    """Answer a worker's share of the items."""
    with Library.open(source.path, load_embedder(source.model, source.cache, source.threads)) as library:
        return results_of(items, library)


def _result(item: Item, verdict: Verdict, library: Library, metrics: Sequence[Metric]) -> Result:
    turn, told = verdict.turn, verdict.answer
    return Result(
        id=turn.id,
        kind=item.kind,
        split=turn.split,
        question=turn.question,
        resolved=told.interpretation.resolved,
        expect=turn.expect,
        status=told.status,
        passed=verdict.fault is None,
        fault=verdict.fault,
        critical=critical_errors(item.kind, turn, told, library),
        answer=told.answer,
        statements=told.statements,
        citations=told.citations,
        gold=turn.gold,
        scores=_scores(verdict, told, library, metrics),
        confidence=told.interpretation.confidence or 0.0,
        seconds=told.seconds,
        item=item.id,
        missing=tuple(missing(turn, told, library)),
    )


def _scores(verdict: Verdict, told: Answer, library: Library, metrics: Sequence[Metric]) -> dict[str, float]:
    scored = {metric.name: metric.score(verdict.turn, told, library) for metric in metrics}
    return {name: round(score, _DIGITS) for name, score in scored.items() if score is not None}
