"""A text → the lines of a window: spans of the text, each no wider than the window, broken between words if possible.

Made for whole documents and lines of any length: nothing is copied, and only what is on screen is ever drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from corpus.types import Span

_AHEAD = 4  # characters looked at for each cell of the window, so that those of no width can't run without end


def wrapped(text: str, width: int) -> tuple[Span, ...]:
    """Return the lines of `text` in a window `width` cells wide; together they hold every character but line ends."""
    return tuple(_lines(text, max(width, 2)))


def _lines(text: str, width: int) -> Iterator[Span]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield from _broken(text, start, end, width)
        start = end + 1


def _broken(text: str, start: int, end: int, width: int) -> Iterator[Span]:
    """Yield the parts of one line of a text."""
    while True:
        cut = _fitting(text, start, end, width)
        if cut >= end:
            yield Span(start, end)
            return
        space = text.rfind(" ", start + 1, cut + 1)
        cut = space + 1 if space > start and space + 1 - start > width // 4 else cut
        yield Span(start, cut)
        start = cut


def _fitting(text: str, start: int, end: int, width: int) -> int:
    """Return where the characters that fit into the width end; at least one fits."""
    near = text[start : min(end, start + width * _AHEAD)]
    if near.isascii():
        return min(start + width, end)
    cells = 0
    for number, char in enumerate(near):
        cells += cell_len(char)
        if cells > width:
            return start + max(number, 1)
    return start + len(near)
