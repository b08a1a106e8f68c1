"""An original as it is printed: its smallest quotable stretches, and what runs of them hold.

A place is found by strings that stand together in neighbouring sentences, rows or lines; what it holds is figures and
the concepts that it and the headings over it name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.facts import Anchor
from corpus.figures import figures, measured
from corpus.sentences import sentences
from corpus.terms import Vocabulary
from corpus.text import fold, joined_hyphens, without_hyphens, without_markup, words
from corpus.types import BlockKind, Document, Span

SHORTEST_QUOTE = 12
"""Characters below which a quote shows nothing."""

_LONGEST_RUN = 1_200  # characters of neighbouring sentences, rows or lines that count as one place
_MOST_UNITS = 12
_FEWEST_WORDS = 4  # of a sentence; what is shorter is a cell or a label
_ABOVE = re.compile(r">\s?(?=\d)")  # ">65" names who is over 65
_CELLS = "the table is not printed row by row here, so its cells are read together with their row and column"


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, table row or line: the smallest stretch that is quoted whole."""

    span: Span
    text: str  # folded
    section: str
    damage: str | None = None
    loose: bool = False  # whether it is a line of its own and no sentence, such as a table's cell
    paragraph: int | None = None  # the paragraph of a sentence: sentences of two don't make one place


@dataclass(frozen=True, eq=False)
class Run:
    """Neighbouring units, or part of a row: a place that can be quoted, and what it holds."""

    span: Span
    section: str
    damage: str | None
    figures: frozenset[str]
    units: dict[str, frozenset[str]]  # what follows the figures in digits
    names: frozenset[str]  # ids of the concepts named there or in a heading, wider ones included


class Print:
    """One original, cut into units."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document = document
        self.units = tuple(units_of(document))
        self._vocabulary = vocabulary
        self._title = self.names(document.source.title)
        self.lone = tuple(self._read(unit.span, unit.section, unit.damage) for unit in self.units)

    def names(self, text: str) -> frozenset[str]:
        """Return the ids of the concepts that a text names, wider ones included."""
        ids = (i for mention in self._vocabulary.find(joined_hyphens(text)) for i in mention.ids)
        return frozenset(wide for i in ids for wide in self._vocabulary.widen(i))

    def shared(self, run: Run, some_words: frozenset[str]) -> int:
        """Return how many of some words a place holds."""
        return len(some_words & set(words(run.span.of(self.document.text)).split()))

    def run(self, anchor: Anchor) -> Run | None:
        """Return the shortest run of units that holds all anchors, in the anchor's section if one there does."""
        found = list(runs_with(anchor, self.units))
        at_home = [some for some in found if words(anchor.section) in words(some[0].section)]
        best = min(at_home or found, key=lambda some: some[-1].span.end - some[0].span.start, default=None)
        if best is None:
            return None
        damage = next((unit.damage for unit in best if unit.damage), None)
        # Short pieces of one paragraph are abbreviations and numbers; those of several are a table's cells.
        if damage is None and any(unit.loose for unit in best) and len({unit.paragraph for unit in best}) > 1:
            damage = _CELLS
        return self._read(Span(best[0].span.start, best[-1].span.end), best[0].section, damage)

    def beginnings(self, run: Run) -> Iterator[Run]:
        """Yield the parts of a row that end with one of its cells, shortest first, as places that read well."""
        text = run.span.of(self.document.text)
        for end in (found.start() for found in re.finditer(r"\t", text)):
            if end >= SHORTEST_QUOTE:
                yield self._read(Span(run.span.start, run.span.start + end), run.section, None)

    def _read(self, span: Span, section: str, damage: str | None) -> Run:
        text = joined_hyphens(without_markup(span.of(self.document.text)))
        text = _ABOVE.sub(" over ", text)
        names = self._title | self.names(section) | self.names(text) | self.names(without_hyphens(text))
        return Run(span, section, damage, figures(text) | figures(section), measured(text), names)


def runs_with(anchor: Anchor, units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """Yield, for each place of an anchor's first string, the shortest run of units that holds all of its strings."""
    wanted = [_pattern(fold(part)) for part in anchor.original or anchor.anchors]
    for at in (i for i, unit in enumerate(units) if wanted[0].search(unit.text)):
        if some := _around(at, wanted, units):
            yield some


def _around(at: int, wanted: Sequence[re.Pattern[str]], units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the shortest run with unit `at` in it that holds everything wanted, or nothing."""
    for size in range(1, _MOST_UNITS + 1):
        for first in range(max(0, at - size + 1), at + 1):
            some = units[first : first + size]
            if len(some) < size or some[-1].span.end - some[0].span.start > _LONGEST_RUN or not _belong(some):
                continue
            text = " ".join(unit.text for unit in some)
            if all(part.search(text) for part in wanted):
                return some
    return ()


def _belong(units: Sequence[Unit]) -> bool:
    """True for units of one section, and of one paragraph where they are sentences."""
    paragraphs = {unit.paragraph for unit in units if not unit.loose}
    return len({unit.section for unit in units}) == 1 and len(paragraphs) < 2


def _pattern(part: str) -> re.Pattern[str]:
    """Return a pattern for an anchor that matches no part of a longer number or word."""
    before = r"(?<![\d.])" if part[:1].isdigit() else r"(?<!\w)" if part[:1].isalnum() else ""
    after = r"(?!\d|\.\d)" if part[-1:].isdigit() else ""
    return re.compile(before + re.escape(part) + after)


def units_of(document: Document) -> Iterator[Unit]:
    """Yield the sentences, table rows and lines of a document in reading order."""
    sections = iter([*document.sections, None])
    section = next(sections)
    for block in document.blocks:
        while section is not None and section.end <= block.start:
            section = next(sections)
        path = " > ".join(section.path) if section and section.start <= block.start else ""
        if block.kind is BlockKind.TABLE and block.table is not None:
            table = document.tables[block.table]
            for row in (table.header, *table.rows):
                span = Span(row.start, row.end)
                yield Unit(span, _folded(span, document), path, table.damage)
            continue
        for span in _not_too_short(sentences(document.text, block.start, block.end)):
            text = span.of(document.text)
            loose = not _ends(text) or len(words(text).split()) < _FEWEST_WORDS
            yield Unit(span, _folded(span, document), path, None, loose, block.start)


def _not_too_short(spans: Iterable[Span]) -> Iterator[Span]:
    """Join what is too short to be quoted ("2024.") to the sentence before it."""
    last: Span | None = None
    for span in spans:
        if last is not None and span.end - span.start < SHORTEST_QUOTE:
            last = replace(last, end=span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _folded(span: Span, document: Document) -> str:
    return fold(without_markup(span.of(document.text)))


def _ends(text: str) -> bool:
    return bool(re.search(r"[.!?][\"'”’)\]]*(?:<sup>[^<]*</sup>|[\d,–-]*|\s*\(\))\s*$", text.rstrip("*_ ")))
