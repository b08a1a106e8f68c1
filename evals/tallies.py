"""A run's results counted the way that a report shows them, and how its numbers are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from evals.records import Estimate, Result, Run

PASS = "pass"
ALL = "all"
_Z = 1.959964  # the normal deviate of a 95 % interval
_NAMES = {"ndcg": "nDCG", "mrr": "MRR", "aurc": "AURC", "auroc": "AUROC", "f1": "F1", "bm25": "BM25", "rrf": "RRF"}
_SHORT = re.compile(rf"\b({'|'.join(_NAMES)})\b")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions passed of those asked, with a 95 % interval of the share.

    The interval is the run's own, by bootstrap; where it has none or one without width, it is Wilson's.
    """

    name: str
    passed: int
    asked: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share that passed."""
        return self.passed / self.asked


def asked(run: Run) -> str:
    """Return in words what a run asked."""
    split = "both splits" if run.split == "all" else f"{run.split} split"
    subset = ", the fast subset" if run.scope == "fast" else ""
    return f"{len(run.results)} questions of {len(run.suites)} suites, {split}{subset}"


def moment(run: Run) -> str:
    """Return when a run was started, as a person reads it."""
    return run.started.replace("T", " ", 1)


def kind_tallies(run: Run) -> list[Tally]:
    """Return what passed by kind, in alphabetical order, then by split if the run asked both, then of all."""
    kinds = sorted({result.kind for result in run.results})
    tallies = [
        tally(kind, [r for r in run.results if r.kind == kind], run.kinds.get(kind, {}).get(PASS)) for kind in kinds
    ]
    splits = sorted({result.split for result in run.results})
    if len(splits) > 1:
        tallies += [tally(f"{split} split", [r for r in run.results if r.split == split]) for split in splits]
    if run.results:
        tallies.append(tally(ALL, run.results, run.totals.get(PASS)))
    return tallies


def misses_by_kind(run: Run) -> dict[str, list[Result]]:
    """Return the results that did not pass or hold a critical error, by kind and then by id."""
    missed = sorted((r for r in run.results if not r.passed or r.critical), key=lambda r: (r.kind, r.id))
    return {kind: [r for r in missed if r.kind == kind] for kind in sorted({r.kind for r in missed})}


def metric_names(run: Run) -> list[str]:
    """Return the names of all metrics of a run, in its own order."""
    return list(dict.fromkeys([*run.totals, *(name for _, held in sorted(run.kinds.items()) for name in held)]))


def metric_table(run: Run, before: Run | None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heads and the rows of a table of a run's totals, beside those of the run before if there is one."""
    heads = ("Metric", "n", "Value", "95 % interval", *(["Before"] if before else []))
    rows: list[tuple[str, ...]] = []
    for name, found in run.totals.items():
        row = (label(name), str(found.n), number(found.value), interval(found))
        earlier = before.totals.get(name) if before else None
        rows.append((*row, number(earlier.value) if earlier else "–") if before else row)
    return heads, rows


def wilson(passed: int, of: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927), which stays within 0 and 1 where bootstrap collapses."""
    share, square = passed / of, _Z**2 / of
    middle = (share + square / 2) / (1 + square)
    spread = _Z / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - spread), min(1.0, middle + spread)


def label(name: str) -> str:
    """Return a metric's or system's name as a person reads it: `ndcg@10` is nDCG@10."""
    return _SHORT.sub(lambda found: _NAMES[found.group()], name.replace("_", " "))


def number(value: float) -> str:
    """Return a metric's value: three decimals for shares, one for what exceeds 1."""
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}"


def interval(estimate: Estimate) -> str:
    """Return an estimate's interval as a person reads it."""
    return f"{number(estimate.low)}–{number(estimate.high)}"


def share_interval(tally: Tally) -> str:
    """Return the interval of a share in per cent."""
    return f"{100 * tally.low:.0f}–{tally.high:.0%}"


def tally(name: str, results: Sequence[Result], estimate: Estimate | None = None) -> Tally:
    """Return how many of some results passed, with the interval of the estimate or else Wilson's."""
    passed = sum(result.passed for result in results)
    if estimate is None or estimate.low == estimate.high:  # a resample of passes alone never holds a miss
        low, high = wilson(passed, len(results))
    else:
        low, high = estimate.low, estimate.high
    return Tally(name, passed, len(results), low, high)
