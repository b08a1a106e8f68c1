"""Taking times in turns and printing them.

Turns let a slow moment of the machine hit every contender alike. Most times are processor time in one thread: what a
quiet machine's clock would show, whatever else runs; where the disk counts, the clock is read.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

from evals.metrics import percentile

Times = dict[str, list[float]]
"""Seconds by contender, in the order in which they were taken."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of results; the note says what was measured on what, and in which units where a column doesn't."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        """Return the table as Markdown, its columns padded so that it reads well in a terminal too."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        dashes = tuple("-" * width for width in widths)
        drawn = (
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
            for line in (self.columns, dashes, *self.rows)
        )
        return "\n".join([f"## {self.title}", "", self.note, "", *drawn, ""])


def cpu_seconds(action: Callable[[], object]) -> float:
    """Return how many seconds of processor time this process spends on one call."""
    began = process_time()
    action()
    return process_time() - began


def clock_seconds(action: Callable[[], object]) -> float:
    """Return how many seconds pass during one call."""
    began = perf_counter()
    action()
    return perf_counter() - began


def in_turns(
    contenders: Mapping[str, Callable[[], object]], repeats: int, take: Callable[..., float] = cpu_seconds
) -> Times:
    """Return the seconds of `repeats` calls of each contender, each called once a round and timed by `take`."""
    times: Times = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, action in contenders.items():
            times[name].append(take(action))
    return times


def middle(values: Sequence[float], unit: float = 1000) -> float:
    """Return the median of seconds in units of 1/`unit` second: milliseconds unless told."""
    return statistics.median(values) * unit


def tail(values: Sequence[float]) -> float:
    """Return the 95th percentile of seconds, in milliseconds."""
    return percentile(values, 0.95) * 1000


def ratio(value: float, reference: float) -> str:
    """Return how many times the reference a value is, such as "3.2 x"."""
    return f"{value / reference:.2g} x" if value < 9.95 * reference else f"{value / reference:.0f} x"
