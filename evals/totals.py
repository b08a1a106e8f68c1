"""What the results of a run add up to: a figure for each metric, with the number of questions and its interval.

A metric of a set of results is a share of sums (every mean is one) or a statistic of a sample of values, so that a
bootstrap sample of either is quickly reckoned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.bootstrap import interval_of_share, interval_of_statistic
from evals.metrics import percentile
from evals.records import Estimate, Result
from evals.risk_coverage import risk_coverage

Values = npt.NDArray[np.float64]
LATENCIES = ("latency p50 ms", "latency p95 ms")
"""The totals that differ between two runs of the same program over the same library."""

_DIGITS = 4


@dataclass(frozen=True)
class Share:
    """A sum over a sum: `parts` gives a result's share of both, or nothing where the metric does not apply."""

    name: str
    parts: Callable[[Result], tuple[float, float] | None]

    def estimate(self, results: Sequence[Result]) -> Estimate | None:
        """Return the share with its interval; `n` is the number of results that count in the denominator."""
        found = [(result.item or result.id, parts) for result in results if (parts := self.parts(result)) is not None]
        if not found or not sum(below for _, (_, below) in found):
            return None
        items, values = [item for item, _ in found], np.array([parts for _, parts in found], dtype=np.float64)
        above, below = values.sum(axis=0)
        n = int(np.count_nonzero(values[:, 1]))
        return _estimate(n, above / below, interval_of_share(items, values))


@dataclass(frozen=True)
class Statistic:
    """A function of a sample: `row` gives a result's values, or nothing where the metric does not apply."""

    name: str
    row: Callable[[Result], tuple[float, ...] | None]
    of: Callable[[Values], float]

    def estimate(self, results: Sequence[Result]) -> Estimate | None:
        """Return the statistic with its interval."""
        found = [(result.item or result.id, row) for result in results if (row := self.row(result)) is not None]
        if not found:
            return None
        items, values = [item for item, _ in found], np.array([row for _, row in found], dtype=np.float64)
        return _estimate(len(found), self.of(values), interval_of_statistic(items, values, self.of))


def totals(results: Sequence[Result], names: Sequence[str]) -> dict[str, Estimate]:
    """Return the estimates over results of the metrics of one answer, by their names, and then of those of a set."""
    every = (*(mean(name) for name in names), *SET_METRICS)
    return {metric.name: found for metric in every if (found := metric.estimate(results)) is not None}


def by_kind(results: Sequence[Result], names: Sequence[str]) -> dict[str, dict[str, Estimate]]:
    """Return the estimates of each kind of question."""
    kinds = sorted({result.kind for result in results})
    return {kind: totals([result for result in results if result.kind == kind], names) for kind in kinds}


def mean(name: str) -> Share:
    """Return the mean of a metric over the results that it applies to."""
    return Share(name, lambda result: (result.scores[name], 1.0) if name in result.scores else None)


def area_under_risk(values: Values) -> float:
    """Return AURC of rows of confidence and loss, as `evals.risk_coverage` defines it, reckoned at once."""
    _, group = np.unique(-values[:, 0], return_inverse=True)
    losses = np.bincount(group, weights=values[:, 1]) / np.bincount(group)
    expected = losses[np.sort(group)]
    return float(np.mean(np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def _estimate(n: int, value: float, interval: tuple[float, float]) -> Estimate:
    low, high = interval
    return Estimate(n=n, value=round(float(value), _DIGITS), low=round(low, _DIGITS), high=round(high, _DIGITS))


def _abstained(result: Result) -> bool:
    return result.status == "abstained"


def _should_abstain(result: Result) -> bool:
    return result.expect == "abstained"


def _both(result: Result) -> bool:
    return _abstained(result) and _should_abstain(result)


def _risk_row(result: Result) -> tuple[float, float] | None:
    curve = risk_coverage([result])  # of one question: its loss
    return (result.confidence, curve.area) if curve else None


def _latency(share: float) -> Callable[[Values], float]:
    return lambda values: percentile(list(values[:, 0]), share)


def _set_metrics() -> Iterator[Share | Statistic]:
    yield Share("critical errors", lambda result: (float(bool(result.critical)), 1.0))
    # Abstaining is the class that is looked for (precision, recall and F1 by van Rijsbergen 1979).
    yield Share("abstention precision", lambda r: (float(_both(r)), float(_abstained(r))))
    yield Share("abstention recall", lambda r: (float(_both(r)), float(_should_abstain(r))))
    yield Share("abstention F1", lambda r: (2.0 * _both(r), float(_abstained(r) + _should_abstain(r))))
    yield Statistic("AURC", _risk_row, area_under_risk)
    yield Share("words per answer", lambda r: (float(len(r.answer.split())), 1.0) if r.status == "answered" else None)
    for name, share in zip(LATENCIES, (0.5, 0.95), strict=True):
        yield Statistic(name, lambda result: (1000 * result.seconds,), _latency(share))


SET_METRICS = tuple(_set_metrics())
"""Metrics of a set of results: critical errors, abstention, AURC, length and latency."""
