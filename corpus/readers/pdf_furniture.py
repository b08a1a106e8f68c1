"""What a page carries that is no text of the document: running heads and feet, page numbers, margin line numbers.

A line goes only if it stands at the page's edge and comes back on other pages, or is nothing but a page's number;
a column of numbers goes only if it stands outside the text and counts its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_columns import lines_of
from corpus.readers.pdf_glyphs import Page
from corpus.readers.pdf_words import Word

_EDGE = 0.12  # of the page's height
_MOST_LINES = 3  # at each edge
_SHARE = 0.3  # of the pages that carry a running line at least; left and right pages may differ
_FEWEST_LETTERS = 4
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|p\.|s\.)?\s*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,4}")
_FEWEST_NUMBERS = 10
_REGULAR = 0.8  # share of neighbours that count on
_HEIGHT = 0.5  # of the text's height that line numbers go along at least


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without what belongs to the paper and not to the text."""
    pages = [_without_line_numbers(page) for page in pages]
    running = _running(pages)
    return [_without_edges(page, running) for page in pages]


def _running(pages: Sequence[Page]) -> frozenset[str]:
    """Return the lines that come back at the edge of several pages, their figures masked."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edge_lines(page)})
    needed = max(2, _SHARE * len(pages))
    return frozenset(
        key for key, count in counts.items() if count >= needed and sum(map(str.isalpha, key)) >= _FEWEST_LETTERS
    )


def _key(line: Sequence[Word]) -> str:
    return re.sub(r"\d+", "#", " ".join(word.text for word in line).lower())


def _edge_lines(page: Page) -> Iterator[list[Word]]:
    lines = lines_of(page.words)
    yield from (line for line in lines[:_MOST_LINES] if line[0].base < _EDGE * page.height)
    yield from (line for line in lines[-_MOST_LINES:] if line[0].base > (1 - _EDGE) * page.height)


def _without_edges(page: Page, running: frozenset[str]) -> Page:
    lines = lines_of(page.words)
    dropped: set[Word] = set()
    for ordered in (lines, lines[::-1]):
        for line in ordered[:_MOST_LINES]:
            near = line[0].base < _EDGE * page.height or line[0].base > (1 - _EDGE) * page.height
            text = " ".join(word.text for word in line)
            known = _key(line) in running or _PAGE_NUMBER.match(text)
            if not near or not known or _is_in_table(line, page):
                break
            dropped.update(line)
    return replace(page, words=tuple(word for word in page.words if word not in dropped))


def _is_in_table(line: Sequence[Word], page: Page) -> bool:
    """Return whether a line stands between two near rules, as a table's header does that comes back on each page."""
    base, size = line[0].base, line[0].size
    level = [
        rule for rule in page.rules if rule.is_level and rule.left <= line[0].left + 6 and rule.right > line[0].right
    ]
    above = any(base - 3 * size < rule.top < base for rule in level)
    below = any(base < rule.top < base + 2 * size for rule in level)
    return above and below


def _without_line_numbers(page: Page) -> Page:
    numbers = [word for word in page.words if _NUMBER.fullmatch(word.text)]
    for column in _columns(numbers):
        if _counts_lines(column, page):
            dropped = set(column)
            return replace(page, words=tuple(word for word in page.words if word not in dropped))
    return page


def _columns(numbers: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the numbers that stand under each other, by their left or by their right edges."""
    for edge in ("left", "right"):
        groups: dict[int, list[Word]] = {}
        for word in numbers:
            groups.setdefault(round(getattr(word, edge) / 4), []).append(word)
        for group in sorted(groups.values(), key=len, reverse=True):
            if len(group) >= _FEWEST_NUMBERS:
                yield sorted(group, key=lambda word: word.base)


def _counts_lines(column: Sequence[Word], page: Page) -> bool:
    """Return whether numbers count the lines of a page from outside its text."""
    chosen = set(column)
    others = [word for word in page.words if word not in chosen]
    if not others:
        return False
    left, right = min(word.left for word in column), max(word.right for word in column)
    outside = sum(word.left > right or word.right < left for word in others) >= 0.99 * len(others)
    beside = sum(word.left > right for word in others), sum(word.right < left for word in others)
    if not outside or min(beside) > 0.02 * len(others):
        return False
    values = [int(word.text) for word in column]
    differences = Counter(b - a for a, b in pairwise(values))
    step, count = differences.most_common(1)[0]
    if step not in (1, 5, 10) or count < _REGULAR * (len(values) - 1):
        return False
    distances = [b.base - a.base for a, b in pairwise(column)]
    even = sum(abs(d - median(distances)) < 0.25 * median(distances) for d in distances)
    height = max(word.base for word in others) - min(word.base for word in others)
    return even >= _REGULAR * len(distances) - 1 and column[-1].base - column[0].base >= _HEIGHT * height
