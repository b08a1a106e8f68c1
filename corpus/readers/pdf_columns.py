"""The order in which a page is read: columns from left to right, each from top to bottom, what spans them in between.

A region is cut at a gutter that no word crosses (an XY cut). Where a title or a table spans the columns, the longest
runs of lines that share a gutter are found first, so that two columns are never read across.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Protocol, TypeVar

_NARROWEST_GUTTER = 7.0  # points
_NARROWEST_COLUMN = 0.2  # of the region's width
_FEWEST_LINES = 3  # on each side of a gutter
_SHORTEST_LINE = 11.0  # times the size: columns of a table are narrower
_BROKEN = 1.2  # of the size: from which gap on a line is not running text, but stands in columns of its own
_MOST_BROKEN = 0.34
_FULL = 0.6  # of its column's width: how wide a line of running text is at least
_SAME_LINE = 0.35  # of the size: how far the baselines of one line are apart at most


class Box(Protocol):
    """Something with a place on the page."""

    @property
    def left(self) -> float:
        """Return its left edge."""

    @property
    def top(self) -> float:
        """Return its upper edge."""

    @property
    def right(self) -> float:
        """Return its right edge."""

    @property
    def bottom(self) -> float:
        """Return its lower edge."""

    @property
    def base(self) -> float:
        """Return the line it stands on."""

    @property
    def size(self) -> float:
        """Return the size of its print."""


Some = TypeVar("Some", bound=Box)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch from left to right that no word covers."""

    left: float
    right: float

    @property
    def width(self) -> float:
        """Return its width in points."""
        return self.right - self.left


def regions(boxes: Sequence[Some]) -> Iterator[list[Some]]:
    """Yield the words of a page in groups, one for each column or spanning part, in reading order."""
    if not boxes:
        return
    if gutter := _gutter(boxes, _gaps(boxes)):
        middle = (gutter.left + gutter.right) / 2
        yield from regions([box for box in boxes if box.left < middle])
        yield from regions([box for box in boxes if box.left >= middle])
        return
    waiting: list[Some] = []
    bands = [list(band) for band in _bands(boxes)]
    at = 0
    while at < len(bands):
        end = _columned(bands, at) if len(bands) > 1 else at
        if end == at:
            waiting += bands[at]
            at += 1
            continue
        if waiting:
            yield waiting
            waiting = []
        yield from regions([box for band in bands[at:end] for box in band])
        at = end
    if waiting:
        yield waiting


def lines_of(boxes: Sequence[Some]) -> list[list[Some]]:
    """Return the words of one region line by line, from top to bottom and each from left to right."""
    lines: list[list[Some]] = []
    for box in sorted(boxes, key=lambda box: box.base):
        if lines and abs(box.base - median(other.base for other in lines[-1])) <= _SAME_LINE * max(
            box.size, lines[-1][0].size
        ):
            lines[-1].append(box)
        else:
            lines.append([box])
    return [sorted(line, key=lambda box: box.left) for line in lines]


def gaps_between(spans: Sequence[tuple[float, float]], width: float) -> list[Gap]:
    """Return the gaps of at least a width that lie between spans and are covered by none."""
    gaps, reach = [], None
    for left, right in sorted(spans):
        if reach is not None and left - reach >= width:
            gaps.append(Gap(reach, left))
        reach = right if reach is None else max(reach, right)
    return gaps


def _gaps(boxes: Sequence[Box]) -> list[Gap]:
    return gaps_between([(box.left, box.right) for box in boxes], _NARROWEST_GUTTER)


def _bands(boxes: Sequence[Some]) -> Iterator[list[Some]]:
    """Yield the words between horizontal gaps, from top to bottom."""
    band: list[Some] = []
    reach = 0.0
    for box in sorted(boxes, key=lambda box: box.top):
        # Loose boxes of neighbouring lines may touch: what overlaps by less than a third is another line.
        if band and box.top > reach - 0.3 * box.size:
            yield band
            band = []
        reach = max(reach, box.bottom) if band else box.bottom
        band.append(box)
    if band:
        yield band


def _columned(bands: Sequence[Sequence[Box]], at: int) -> int:
    """Return after which band from `at` on the longest run ends that has a gutter, or `at` if there is none."""
    best = at
    left = min(box.left for band in bands for box in band)
    right = max(box.right for band in bands for box in band)
    gaps = [Gap(left, right)]
    taken: list[Box] = []
    for end in range(at, len(bands)):
        taken += bands[end]
        gaps = _narrowed(gaps, bands[end])
        if not gaps:
            break
        if _gutter(taken, gaps):
            best = end + 1
    return best


def _narrowed(gaps: Sequence[Gap], band: Sequence[Box]) -> list[Gap]:
    """Return what is left of gaps when the words of a band are laid over them."""
    for box in band:
        left = [Gap(gap.left, min(gap.right, box.left)) for gap in gaps]
        right = [Gap(max(gap.left, box.right), gap.right) for gap in gaps]
        gaps = [gap for gap in dict.fromkeys((*left, *right)) if gap.width >= _NARROWEST_GUTTER]
    return list(gaps)


def _gutter(boxes: Sequence[Box], gaps: Sequence[Gap]) -> Gap | None:
    """Return the widest gap with a column of running text on both sides, or None."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    for gap in sorted(gaps, key=lambda gap: -gap.width):
        if gap.left <= left or gap.right >= right:
            continue
        sides = [box for box in boxes if box.right <= gap.left + 1], [box for box in boxes if box.left >= gap.right - 1]
        if all(_is_column(side, right - left) for side in sides):
            return gap
    return None


def _is_column(boxes: Sequence[Box], whole: float) -> bool:
    """Return whether words make a column of running text: several lines, most of them as wide as the column."""
    if not boxes:
        return False
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    if width < _NARROWEST_COLUMN * whole:
        return False
    lines = lines_of(boxes)
    if len(lines) < _FEWEST_LINES:
        return False
    full = sum(line[-1].right - line[0].left >= _FULL * width for line in lines)
    wide = median((line[-1].right - line[0].left) / line[0].size for line in lines)
    if 2 * full < len(lines) or wide < _SHORTEST_LINE:
        return False
    broken = sum(
        any(after.left - before.right > _BROKEN * after.size for before, after in pairwise(line)) for line in lines
    )
    return broken <= _MOST_BROKEN * len(lines) or _gutter(boxes, _gaps(boxes)) is not None
