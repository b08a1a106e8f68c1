"""Event rates → a bar chart in text: a group for each event, a bar for each group of patients, its figure beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from corpus.text import clean, one_line

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST_BAR = 8
_MOST_LABEL = 32


@dataclass(frozen=True, slots=True)
class Bar:
    """One rate: the event that it counts, whose rate it is, its value, and the unit."""

    event: str
    label: str
    value: float
    unit: str


def bars(facts: Iterable[dict[str, Any]], names: dict[str, str]) -> tuple[Bar, ...]:
    """Return the rates among an answer's facts in their order; a group without data has no bar."""
    return tuple(
        Bar(names.get(fact["event"], fact["event"]), one_line(clean(fact["group"])), float(fact["rate"]), fact["unit"])
        for fact in facts
        if fact["kind"] == "rate" and fact.get("rate") is not None
    )


def chart(rates: Sequence[Bar], width: int) -> Content:
    """Return the chart, `width` cells wide; all bars of an event and unit are to one scale that begins at zero."""
    parts = []
    ordered = sorted(rates, key=lambda bar: (bar.event, bar.unit))
    for (event, unit), group in groupby(ordered, key=lambda bar: (bar.event, bar.unit)):
        parts.append(Content.styled(f"{event}, {unit}", "bold"))
        parts.extend(_lines(tuple(group), width))
    return Content("\n").join(parts)


def _lines(group: Sequence[Bar], width: int) -> Iterable[Content]:
    wide = min(_MOST_LABEL, max(cell_len(bar.label) for bar in group), max(width // 2, 1))
    figures = [f"{bar.value:g}" for bar in group]
    room = max(width - wide - max(map(len, figures)) - 2, _LEAST_BAR)
    most = max(bar.value for bar in group) or 1.0
    for bar, figure in zip(group, figures, strict=True):
        label = bar.label if cell_len(bar.label) <= wide else f"{set_cell_size(bar.label, wide - 1)}…"
        label = set_cell_size(label, wide)
        yield Content.assemble(label, " ", (_bar(bar.value / most * room), "$accent"), f" {figure}")


def _bar(length: float) -> str:
    """Return a bar of so many cells, to an eighth of a cell; a rate above zero is never invisible."""
    eighths = max(round(length * 8), 1 if length > 0 else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
