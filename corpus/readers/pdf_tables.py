"""Where a page has tables, by its ruling or by the alignment of what stands on it, and what stands in their cells.

A wrong cell is worse than no cell: where the print leaves open which row a figure belongs to, the table says so in its
`damage`, and nothing is answered from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_cells import Grid, grid_of, segments_of
from corpus.readers.pdf_columns import lines_of
from corpus.readers.pdf_glyphs import Page, Rule
from corpus.readers.pdf_words import Word

_SAME = 6.0  # points by which the rules of one table may differ at their ends
_SHORTEST = 60.0  # points: what is shorter underlines a word or a heading's part
_FARTHEST_CAPTION = 45.0
_FEWEST_ALIGNED = 3  # lines in a row that stand in columns, where there is no ruling
CAPTION = re.compile(r"^\W*(?:(?i:supplementa\w+)\s+)?(?i:table|tab\.)\s*(?:[A-Z]?\d|[IVX]+\b)")


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of a page: where it stands, its cells, and why they can't be trusted, if so."""

    left: float
    top: float
    right: float
    bottom: float
    grid: Grid

    @property
    def base(self) -> float:
        """Return its lower edge, so that it is a box like a word."""
        return self.bottom

    @property
    def size(self) -> float:
        """Return the height that counts for what is on one line with it: none."""
        return 1.0


def ruled_tables(page: Page) -> Iterator[PrintedTable]:
    """Yield the tables that are set between horizontal rules of the same width."""
    taken: list[PrintedTable] = []
    for rules in _clusters(page.rules):
        for chain in _chains(rules, page):
            found = _ruled(chain, page)
            if found is not None and not any(_overlap(found, other) for other in taken):
                taken.append(found)
                yield found


def aligned_tables(lines: Sequence[Sequence[Word]], page: Page) -> Iterator[tuple[int, int, PrintedTable | None]]:
    """Yield the runs of lines in a region that stand in columns, with the numbers of their first and last line + 1.

    Such a run is a table if a caption above or below it says so. Otherwise None is given for it: it is no running
    text either, and what stands side by side in it must not be read as a sentence.
    """
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and (len(segments_of(lines[end])) > 1 or _is_wrapped(lines, end, at)):
            end += 1
        while end > at and len(segments_of(lines[end - 1])) < 2:
            end -= 1
        if sum(len(segments_of(line)) > 1 for line in lines[at:end]) >= _FEWEST_ALIGNED:
            words = [word for line in lines[at:end] for word in line]
            grid = grid_of(words, page.rules, ()) if _has_caption(lines, at, end) else None
            yield at, end, PrintedTable(*_extent(words), grid) if grid else None
        at = max(end, at + 1)


def _is_wrapped(lines: Sequence[Sequence[Word]], number: int, first: int) -> bool:
    """Return whether a line of one piece may be part of a cell: it is narrow and comes after a line in columns."""
    if number == first:
        return False
    width = max(word.right for line in lines[first:number] for word in line) - min(
        word.left for line in lines[first:number] for word in line
    )
    line = lines[number]
    return line[-1].right - line[0].left < 0.5 * width and line[0].base - lines[number - 1][0].base < 2 * line[0].size


def _has_caption(lines: Sequence[Sequence[Word]], at: int, end: int) -> bool:
    near = [*lines[max(0, at - 6) : at], *lines[end : end + 2]]
    return any(CAPTION.match(" ".join(word.text for word in line)) for line in near)


def _clusters(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Yield groups of long level rules with the same ends, each from top to bottom."""
    groups: list[list[Rule]] = []
    for rule in sorted(joined_rules(rules), key=lambda rule: rule.top):
        if rule.right - rule.left < _SHORTEST:
            continue
        for group in groups:
            if abs(group[0].left - rule.left) <= _SAME and abs(group[0].right - rule.right) <= _SAME:
                group.append(rule)
                break
        else:
            groups.append([rule])
    yield from sorted((group for group in groups if len(group) > 1), key=len, reverse=True)


def joined_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Return the level rules, those joined that continue each other: a rule is often drawn column by column."""
    joined: list[Rule] = []
    level = [rule for rule in rules if rule.is_level]
    for rule in sorted(level, key=lambda rule: (round(rule.top), rule.left)):
        last = joined[-1] if joined else None
        if last and abs(last.top - rule.top) <= 2 and rule.left <= last.right + 4:
            joined[-1] = Rule(last.left, min(last.top, rule.top), max(last.right, rule.right), last.bottom)
        else:
            joined.append(rule)
    return joined


def _chains(rules: Sequence[Rule], page: Page) -> Iterator[list[Rule]]:
    """Yield runs of rules with something in columns between each two of them: two tables may have the same width."""
    chain: list[Rule] = [rules[0]]
    for above, below in pairwise(rules):
        words = _between(above, below, page.words)
        if below.top - above.top < 2.5:
            continue
        if words and not _is_prose(words, above.right - above.left):
            chain.append(below)
            continue
        if len(chain) > 1:
            yield chain
        chain = [below]
    if len(chain) > 1:
        yield chain


def _between(above: Rule, below: Rule, words: Sequence[Word]) -> list[Word]:
    return [
        word
        for word in words
        if above.top - 1 < (word.top + word.bottom) / 2 < below.top + 1
        and above.left - _SAME < (word.left + word.right) / 2 < above.right + _SAME
    ]


def _is_prose(words: Sequence[Word], width: float) -> bool:
    """Return whether words between two rules are running text: most lines are one piece, and full."""
    lines = lines_of(words)
    full = sum(len(segments_of(line)) == 1 and line[-1].right - line[0].left > 0.6 * width for line in lines)
    return len(lines) > 2 and 2 * full > len(lines)


def _ruled(chain: Sequence[Rule], page: Page) -> PrintedTable | None:
    words = [word for above, below in pairwise(chain) for word in _between(above, below, page.words)]
    left, top, right, bottom = chain[0].left, chain[0].top, chain[-1].right, chain[-1].bottom
    levels = [rule.top for rule in chain]
    if len(chain) == 2 and (below := _rows_below(chain[1], page)):
        words += below
        bottom = max(word.bottom for word in below)
        levels.append(bottom)
    if len(words) < 4:
        return None
    inner = [rule for rule in page.rules if not rule.is_level and top - 3 < rule.top and rule.bottom < bottom + 3]
    captioned = any(
        CAPTION.match(" ".join(word.text for word in line))
        for line in lines_of(_near(page.words, left, right, top, bottom))
    )
    if len(chain) < 3 and not captioned and not inner:
        return None
    grid = grid_of(words, [*inner, *_partial(page.rules, chain)], levels)
    if grid is None or (_looks_like_text(grid) and not captioned):
        return None
    return PrintedTable(left, min(top, *(w.top for w in words)), right, max(bottom, *(w.bottom for w in words)), grid)


def _rows_below(rule: Rule, page: Page) -> list[Word]:
    """Return what stands in columns right under a rule: then it ends a header, and the table has no rule at its end."""
    under = [word for word in page.words if word.base > rule.top and rule.left - _SAME < word.left < rule.right + _SAME]
    found: list[Word] = []
    last = rule.top
    for line in lines_of(under):
        narrow = line[-1].right - line[0].left < 0.5 * (rule.right - rule.left)
        if line[0].base - last > 2.2 * line[0].size or not (len(segments_of(line)) > 1 or (found and narrow)):
            break
        found += line
        last = line[0].base
    return found


def _partial(rules: Sequence[Rule], chain: Sequence[Rule]) -> list[Rule]:
    """Return the level rules of a table that don't go all the way: they show what a heading stands over."""
    whole = chain[0].right - chain[0].left
    return [
        rule
        for rule in joined_rules(rules)
        if chain[0].top < rule.top < chain[-1].top and rule.right - rule.left < whole - 2 * _SAME
    ]


def _near(words: Sequence[Word], left: float, right: float, top: float, bottom: float) -> list[Word]:
    return [
        word
        for word in words
        if word.right > left - _SAME
        and word.left < right + _SAME
        and (top - _FARTHEST_CAPTION < word.top < top or bottom < word.bottom < bottom + _FARTHEST_CAPTION)
    ]


def _looks_like_text(grid: Grid) -> bool:
    """Return whether the cells are lines of two columns of running text."""
    sizes = [len(cell.split()) for row in grid.rows for cell in row if cell]
    return not sizes or median(sizes) > 7 or len(grid.rows) < 2


def _extent(words: Sequence[Word]) -> tuple[float, float, float, float]:
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def _overlap(a: PrintedTable, b: PrintedTable) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
