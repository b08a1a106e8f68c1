"""How long answers took: bins for a histogram, and the two figures that matter."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from evals.metrics import percentile
from evals.records import Result

_MOST_BINS = 14


def milliseconds(results: Sequence[Result], share: float) -> float:
    """Return the milliseconds that a share of the answers did not exceed."""
    return 1000 * percentile([result.seconds for result in results], share)


def latency_bins(results: Sequence[Result]) -> list[tuple[str, int]]:
    """Return the counts of answers by time: (lower edge in ms, count), the last bin holding all that took longer.

    The bins are of one width, 1, 2 or 5 times a power of ten, chosen so that 99 of 100 answers lie within them.
    """
    if not results:
        return []
    width = _nice(max(milliseconds(results, 0.99), 0.001) / (_MOST_BINS - 2))
    at = [min(floor(1000 * result.seconds / width), _MOST_BINS - 1) for result in results]
    return [(_edge(bin_ * width, bin_), at.count(bin_)) for bin_ in range(max(at) + 1)]


def _nice(least: float) -> float:
    power: float = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _edge(value: float, bin_: int) -> str:
    return f"{value:.4g}" + ("+" if bin_ == _MOST_BINS - 1 else "")
