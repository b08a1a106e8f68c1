"""Editions: the original that a bundled digest describes, and where it says what the digest says.

The digest's sentences are ours and checked by hand; the original's print is what a reader can check. So in a library
that holds the original, a sentence or row of the digest is stated with the original's own words as its citations.
The anchors of the facts lead there, and a sentence that the found places do not bear out in every figure and name is
left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.anchoring import parts_of, places
from corpus.facts import Anchor, Fact, Finding
from corpus.figures import figures, measured
from corpus.passages import labelled_row, without_references
from corpus.printed import Print, Run, runs_with, units_of
from corpus.terms import Vocabulary
from corpus.text import without_markup, words
from corpus.types import Document, Passage, PassageKind, Span

ENOUGH_ANCHORS = 0.5
"""Share of a digest's anchored sides that a document has to hold to be taken for what the digest describes."""

_FRONT_MATTER = 12_000  # characters at the beginning among which a document gives its title or DOI
_MOST_PLACES = 4
_MOST_CONTEXT = 2  # places beyond those of the anchors that may say what the others are about
_TELLING = 5  # letters from which a word tells what a text is about
_BORNE_OUT = ("drug", "disease", "route", "event", "population")


@dataclass(frozen=True, slots=True)
class Printed:
    """A span of an original, with what is wrong with the print there: then it is to be read as the digest says it."""

    span: Span
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where an original says what a sentence or row of its digest says.

    `start` is the digest's offset, `said` its text without the digest's references, `printed` the original's places:
    those that say it in reading order, then what names the table, study or section that they are about.
    """

    start: int
    said: str
    printed: tuple[Printed, ...]


class Claim:
    """What has to be borne out: the figures of a text, and the concepts that it names, any one meaning of each."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        mentions = vocabulary.find(text)
        self.figures = figures(text)
        self.units = measured(text)
        self.names = {
            vocabulary.terms[mention.ids[0]].name: frozenset(mention.ids)
            for mention in mentions
            if vocabulary.terms[mention.ids[0]].category in _BORNE_OUT
        }
        self.ids = frozenset(i for mention in mentions for i in mention.ids)
        self.words = frozenset(word for word in words(text).split() if len(word) >= _TELLING)

    def lacking(self, runs: Iterable[Run]) -> frozenset[str]:
        """Return the figures and names that none of the places holds; "2%" is not held by "twice" or "2 months"."""
        runs = list(runs)
        there = frozenset[str]().union(*(run.names for run in runs))
        loose = {name for name, ids in self.names.items() if not ids & there}
        held = {figure for figure in self.figures if any(self._holds(run, figure) for run in runs)}
        return (self.figures - held) | loose

    def _holds(self, run: Run, figure: str) -> bool:
        wanted = self.units.get(figure, frozenset()) - {""}
        there = run.units.get(figure, frozenset())
        return figure in run.figures and (not wanted or "" in there or bool(wanted & there))


def describes(digest: Document, document: Document) -> bool:
    """Return whether a document gives the digest's DOI or title where a document gives its own."""
    front = without_markup(document.text[:_FRONT_MATTER])
    if doi := (digest.source.doi or "").lower():
        if doi in front.lower() or doi == (document.source.doi or "").lower():
            return True
    return f" {words(digest.source.title)} " in f" {words(front)} "


def is_edition(facts: Iterable[Fact], digest: Document, document: Document) -> bool:
    """Return whether a document is what the digest describes: its title or DOI, and half of the anchors."""
    if not describes(digest, document):
        return False
    units = tuple(units_of(document))
    sides = [anchor for fact in facts for anchor in fact.where if anchor.document == digest.id]
    found = sum(any(True for _ in runs_with(anchor, units)) for anchor in sides)
    return bool(sides) and found >= ENOUGH_ANCHORS * len(sides)


def attachments(
    facts: Sequence[Fact], digest: Document, parts: Sequence[Passage], original: Document, vocabulary: Vocabulary
) -> Iterator[Attachment]:
    """Yield where `original` bears out what the digest's sentences and rows say, as far as the facts lead there."""
    print_ = Print(original, vocabulary)
    for said, start, sides in anchored(facts, digest, parts):
        led_to = [(fact, run) for fact, anchor in sides if (run := print_.run(anchor))]
        # What a finding leads to was chosen for this very sentence; what other facts lead to fills in.
        own = [run for fact, run in led_to if isinstance(fact, Finding)]
        claim = Claim(said, vocabulary)
        if chosen := _borne_out(claim, own, [run for _, run in led_to], print_):
            chosen = [_without_damage(run, claim, chosen, print_) for run in chosen]
            yield Attachment(start, said, tuple(Printed(run.span, run.damage) for run in chosen))


def anchored(
    facts: Sequence[Fact], digest: Document, parts: Sequence[Passage]
) -> Iterator[tuple[str, int, list[tuple[Fact, Anchor]]]]:
    """Yield each sentence or row of a digest with facts in it: its text, its offset, the facts and their anchors."""
    by_id = {fact.id: fact for fact in facts}
    at: dict[int, list[tuple[Fact, Anchor]]] = defaultdict(list)
    for place in places(facts, digest, parts):
        fact = by_id[place.fact_id]
        at[place.start].append((fact, fact.where[place.side]))
    for passage, span in parts_of(digest, parts):
        if span.start in at:
            yield said_in(digest, passage, span), span.start, at[span.start]


def said_in(digest: Document, passage: Passage, span: Span) -> str:
    """Return what a sentence or row of a digest says, without the references to its source."""
    if passage.table is not None and passage.row is not None and passage.kind is PassageKind.ROW:
        return labelled_row(digest.tables[passage.table], passage.row)
    return without_references(without_markup(span.of(digest.text)))


def _borne_out(claim: Claim, own: Iterable[Run], runs: Iterable[Run], print_: Print) -> list[Run]:
    """Return the fewest places, all of `own` among them, that bear out all that is claimed; none if there are none.

    Every figure has to stand in places that anchors led to. A name or a year may stand elsewhere: what a table, a
    study or a section is about is often said only above it.
    """
    needed = list({run.span: run for run in own}.values())
    spans = {run.span for run in needed}
    others = [run for run in {run.span: run for run in runs}.values() if run.span not in spans]
    best: tuple[int, list[Run]] | None = None
    for size in range(0 if needed else 1, _MOST_PLACES + 1):
        full = []
        for some in combinations(others, size):
            chosen = [*needed, *some]
            lacking = claim.lacking(chosen)
            if not lacking:
                full.append(chosen)
            elif not any(_is_finding(item) for item in lacking) and (best is None or len(lacking) < best[0]):
                best = len(lacking), chosen
        if full:
            return _in_order(max(full, key=lambda chosen: sum(print_.shared(run, claim.words) for run in chosen)))
    return _with_context(claim, _in_order(best[1]), print_) if best else []


def _in_order(runs: Iterable[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: run.span.start)


def _with_context(claim: Claim, runs: list[Run], print_: Print) -> list[Run]:
    """Return the runs with the nearest units that name what they lack, none if there are no such units."""
    chosen = list(runs)
    for _ in range(_MOST_CONTEXT):
        lacking = claim.lacking(chosen)
        held = [(len(lacking) - len(claim.lacking([*chosen, unit])), unit) for unit in print_.lone]
        most = max((count for count, _ in held), default=0)
        if not most:
            return []
        best = max(
            (unit for count, unit in held if count == most), key=lambda unit: _nearness(unit, claim, runs[0], print_)
        )
        chosen.append(_narrowed(best, claim, chosen, print_))
        if not claim.lacking(chosen):
            return chosen
    return []


def _nearness(unit: Run, claim: Claim, home: Run, print_: Print) -> tuple[int, int, int]:
    """Return how well a unit tells what a claim is about: by the names and words that they share, then by distance."""
    return len(claim.ids & unit.names), print_.shared(unit, claim.words), -abs(unit.span.start - home.span.start)


def _narrowed(run: Run, claim: Claim, chosen: Sequence[Run], print_: Print) -> Run:
    """Return a damaged row cut down to the cells, from its first on, that name what is lacking."""
    if run.damage is None:
        return run
    lacking = claim.lacking([*chosen, run])
    parts = (part for part in print_.beginnings(run) if claim.lacking([*chosen, part]) <= lacking)
    return next(parts, run)


def _without_damage(run: Run, claim: Claim, chosen: Sequence[Run], print_: Print) -> Run:
    """Return a damaged row cut down to the cells that are needed, where these bear out names only and no figure."""
    others = [other for other in chosen if other is not run]
    part = _narrowed(run, claim, others, print_)
    return run if part.figures & claim.figures else part


def _is_finding(item: str) -> bool:
    """Return whether something lacking is a figure, and no year: that says which study or source is meant."""
    return item[:1].isdigit() and not re.fullmatch(r"(?:19|20)\d\d", item)
