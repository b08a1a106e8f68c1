"""Bootstrap intervals: how far a figure would move with other questions of the same sort.

The percentile bootstrap (Efron and Tibshirani 1993, chapter 13), seeded, over items: the turns of a conversation are
drawn together, since they stand and fall together. Where all questions came out alike, every resample does too, and the
interval has no width: with few questions that says little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
_SEED = 20_261_121
_LOW, _HIGH = 2.5, 97.5  # percentiles of a 95 % interval
_REMEMBERED = 64  # sizes of samples

Values = npt.NDArray[np.float64]


def interval_of_share(items: Sequence[str], values: Values) -> tuple[float, float]:
    """Return the 95 % interval of a sum over a sum.

    `values` is of shape (n, 2): each row's part of the numerator and of the denominator; `items` names what each row
    belongs to. A resample whose denominator is 0 says nothing and is left out.
    """
    numbers = _numbers(items)
    sums = np.zeros((numbers.max() + 1, 2))
    np.add.at(sums, numbers, values)
    drawn = sums[_draws(len(sums))].sum(axis=1)
    drawn = drawn[drawn[:, 1] > 0]
    return _interval(drawn[:, 0] / drawn[:, 1])


def interval_of_statistic(items: Sequence[str], values: Values, of: Callable[[Values], float]) -> tuple[float, float]:
    """Return the 95 % interval of any statistic of the rows of `values`."""
    numbers = _numbers(items)
    rows = [np.flatnonzero(numbers == item) for item in range(numbers.max() + 1)]
    return _interval(np.array([of(values[np.concatenate([rows[i] for i in draw])]) for draw in _draws(len(rows))]))


def _numbers(items: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return the number of each row's item, in the order in which the items first come."""
    known = {item: number for number, item in enumerate(dict.fromkeys(items))}
    return np.array([known[item] for item in items], dtype=np.intp)


@lru_cache(maxsize=_REMEMBERED)
def _draws(size: int) -> npt.NDArray[np.intp]:
    """Return the numbers of the items of every resample, of shape (RESAMPLES, size); the same for the same size."""
    return np.random.default_rng((_SEED, size)).integers(0, size, (RESAMPLES, size), dtype=np.intp)


def _interval(drawn: Values) -> tuple[float, float]:
    low, high = np.percentile(drawn, (_LOW, _HIGH))
    return float(low), float(high)
