"""The report's plots as inline SVG: bars with intervals, a curve, a histogram.

All are 360 units wide, so that their letters are as large as the text around them on a telephone; nothing in them is
told by colour alone. Each has a title and a description for those who can't see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from evals.markup import element
from evals.tallies import Tally

Ticks = tuple[str, str, str]

WIDTH = 360
_LEFT, _RIGHT = 112, 300  # where the bars begin and end
_ROW = 24
_LONGEST = 16  # letters of a bar's label


@dataclass(frozen=True, slots=True)
class Bar:
    """A value between 0 and 1, what is printed beside it, and its interval if it has one; a plain bar is hatched."""

    label: str
    value: float
    printed: str
    interval: tuple[float, float] | None = None
    plain: bool = False


def bars(identity: str, title: str, description: str, rows: Sequence[Bar], ticks: Ticks = ("0", "0.5", "1")) -> Element:
    """Return horizontal bars on a scale from 0 to 1, one under the other; `ticks` are its start, middle and end."""
    bottom = _ROW * len(rows) + 4
    scale = [_tick(_along(share), bottom, tick) for share, tick in zip((0, 0.5, 1), ticks, strict=True)]
    drawn = [part for at, row in enumerate(rows) for part in _bar(identity, row, 4 + at * _ROW)]
    return _plot(identity, title, description, bottom + 20, *scale, *drawn)


def pass_bars(identity: str, title: str, tallies: Sequence[Tally]) -> Element:
    """Return bars of the shares that passed, each with its interval."""
    rows = [Bar(tally.name, tally.share, f"{tally.share:.1%}", (tally.low, tally.high)) for tally in tallies]
    description = "; ".join(f"{row.label} {row.printed}" for row in rows)
    return bars(identity, title, f"Bars with 95 % intervals. {description}.", rows, ("0%", "50%", "100%"))


def curve(
    identity: str, title: str, points: Sequence[tuple[float, float]], marked: tuple[float, float], mark: str
) -> Element:
    """Return a curve of shares over shares, with one marked point that is named in words."""
    top, bottom, left, right = 22, 202, 46, 340
    highest = max([risk for _, risk in points] + [marked[1]])
    most = next(step for step in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if highest <= step + 1e-9)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return left + point[0] * (right - left), bottom - point[1] / most * (bottom - top)

    marks: list[Element] = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = place((share, share * most))
        marks += [_line(left, y, right, y, "grid"), _label(f"{100 * share * most:.3g}%", left - 6, y + 4, "end")]
        marks += [_line(x, bottom, x, bottom + 4, "axis"), _label(f"{share:.0%}", x, bottom + 18, "middle")]
    path = "M" + " L".join("{:.1f} {:.1f}".format(*place(point)) for point in points)
    x, y = place(marked)
    return _plot(
        identity,
        title,
        f"A curve from {points[0][1]:.1%} at {points[0][0]:.0%} to {points[-1][1]:.1%} at 100 %. Marked: {mark}.",
        bottom + 66,
        *marks,
        element("path", d=path, class_="curve"),
        element("path", d=f"M{x:.1f} {y - 6:.1f} l6 6 l-6 6 l-6 -6 z", class_="mark"),
        _label("coverage", (left + right) / 2, bottom + 36, "middle"),
        _label("risk", left, top - 10, "middle"),
        _label(mark, (left + right) / 2, bottom + 58, "middle"),
    )


def histogram(identity: str, title: str, counts: Sequence[tuple[str, int]], footing: str) -> Element:
    """Return upright bars of counts, each with its count above and, where there is room, its label below."""
    top, bottom, left, right = 24, 184, 8, 352
    step = (right - left) / len(counts)
    most = max(count for _, count in counts)
    every = max(1, round(len(counts) / 6))
    parts: list[Element] = []
    for at, (name, count) in enumerate(counts):
        x, height = left + at * step, count / most * (bottom - top)
        if count:
            parts.append(element("rect", x=x + 1, y=bottom - height, width=step - 2, height=height, class_="bar"))
            parts.append(_label(str(count), x + step / 2, bottom - height - 5, "middle"))
        if at % every == 0:
            parts += [
                _line(x, bottom, x, bottom + 4, "axis"),
                _label(name, x, bottom + 18, "middle" if at else "start"),
            ]
    base = _line(left, bottom, right, bottom, "axis")
    told = ", ".join(f"{name}: {count}" for name, count in counts if count)
    foot = _label(footing, (left + right) / 2, bottom + 38, "middle")
    return _plot(identity, title, f"Counts by the lower edge of each bin: {told}.", bottom + 46, base, foot, *parts)


def figure(plot: Element) -> Element:
    """Return a plot under its title."""
    title = plot.find("title")
    return element("figure", element("figcaption", title.text if title is not None else ""), plot)


def _plot(identity: str, title: str, description: str, height: float, *children: Element) -> Element:
    hatch = element(
        "pattern",
        element("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", class_="hatching"),
        id=f"{identity}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element(
        "svg",
        element("title", title, id=f"{identity}-title"),
        element("desc", description, id=f"{identity}-desc"),
        element("defs", hatch),
        *children,
        class_="plot",
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=f"{identity}-title {identity}-desc",
    )


def _bar(identity: str, row: Bar, y: float) -> list[Element]:
    name = row.label if len(row.label) <= _LONGEST else row.label[: _LONGEST - 1] + "…"
    fill = f"fill: url(#{identity}-hatch)" if row.plain else None
    width = _along(row.value) - _LEFT
    parts = [
        _label(name, _LEFT - 8, y + 14, "end"),
        element("rect", x=_LEFT, y=y + 2, width=_RIGHT - _LEFT, height=_ROW - 8, class_="track"),
        element("rect", x=_LEFT, y=y + 2, width=width, height=_ROW - 8, class_="bar", style=fill),
        _label(row.printed, _RIGHT + 8, y + 14, "start"),
    ]
    if row.interval:
        low, high, middle = _along(row.interval[0]), _along(row.interval[1]), y + 2 + (_ROW - 8) / 2
        whisker = f"M{low:.1f} {middle:g}H{high:.1f}M{low:.1f} {middle - 4:g}v8M{high:.1f} {middle - 4:g}v8"
        parts += [element("path", d=whisker, class_="whisker under"), element("path", d=whisker, class_="whisker")]
    return parts


def _along(share: float) -> float:
    return _LEFT + min(max(share, 0), 1) * (_RIGHT - _LEFT)


def _tick(x: float, bottom: float, text: str) -> Element:
    return element("g", _line(x, 2, x, bottom + 2, "grid"), _label(text, x, bottom + 16, "middle"))


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Element:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _label(text: str, x: float, y: float, anchor: str | None = None, kind: str | None = None) -> Element:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=kind)
