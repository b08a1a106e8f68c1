"""Sentences and table rows that might answer, each with what of the question it covers.

A candidate covers a unit by its own words or, counting a little less, by those of its heading, its document's
title or its passage: the way a reader takes "5 mg twice daily" under the heading "Alopecia areata". A heading's
drug doesn't apply to a sentence that names a drug of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.coverage import Cover, Reader
from assistant.damaged import is_usable
from assistant.readings import unit_after
from assistant.units import HARD, Unit
from corpus.figures import Shape, has_shape
from corpus.types import Document, Passage, PassageKind, Span, Table
from index.calibration import Calibration, load_calibration
from index.library import Library

CONTEXT_SHARE = 0.8
"""What a unit counts that is covered by the surroundings and not by the sentence itself."""

REMOTE_SHARE = 0.5
"""What a plain word counts that stands only elsewhere in the document: it may say which document is meant."""

COVERAGE_WEIGHT, COSINE_WEIGHT, HIT_WEIGHT = 0.7, 0.25, 0.05
"""What coverage, the sentence's cosine and the passage's search score count in the order of candidates."""

WIDE_TABLE = 6
"""Columns above which a row is one case of many: it answers questions about cases, others where nothing else does."""

ALL_NAMES = 0.9
"""Share of the weight of the question's names from which all of them count as held."""

ENOUGH_COVERAGE = 0.66
"""Share of a question's weight that a sentence has to cover which lacks a name, or follows a better one."""

ROW_COSINE = 0.3
"""Cosine that is assumed of a table row that search did not find: rows have no sentence vector of their own."""

LEAST_ROW_SIMILARITY = 0.46
"""What a row's cosine counts at least for how sure an answer is: the mean cosine of an abstract's sentences."""

FACT_BONUS = 0.12
"""What it adds to a sentence's score that it tells a fact which matches the question."""

REGIMEN_BONUS = 0.06
"""What it adds for a question about a dose that a sentence gives an amount with its frequency."""

NAME_BONUS, MOST_NAMES = 0.02, 5
"""What each name that was asked for adds to a sentence's score, and up to how many count."""

COUNT_BONUS = 0.06
"""What each noun of "how many" that stands with its number adds to a sentence's score."""

FOREIGN_PENALTY, MOST_FOREIGN = 0.05, 3
"""What each drug that a dose question does not ask about takes from a sentence's score, and up to how many count."""

BROAD_PENALTY, MOST_DISEASES = 0.12, 3
"""What it takes from a dose's score that it is given for more diseases at once: one disease's own dose comes first."""

ROW_BONUS = 0.1
"""What it adds to a row's score that the question asks for a table's entry."""

_ASIDE_SHARE = 0.85
"""What the score of a digest's note about its source counts: it comments on an answer rather than being one."""

ASIDE = re.compile(r"note on the source:|the reference (?:cited|list)\b", re.IGNORECASE)
_OWN_LABEL = "of this digest"
_TREATED = {"drug": {"drug"}, "disease": {"disease", "event"}, "event": {"disease", "event"}}
_ONE_ONLY = ("drug", "route")
_NOT_FROM_CONTEXT = frozenset({"number", "shape", "shows", "cue", "named"})


@dataclass(frozen=True)
class Candidate:
    """A sentence or table row, with the passage that it was found in."""

    document: Document
    passage: Passage
    span: Span
    text: str
    hit_score: float
    cosine: float
    own: frozenset[int]  # indexes of the units that its own words cover
    context: frozenset[int]  # indexes of those that only its surroundings cover
    units: tuple[Unit, ...]
    remote: frozenset[int] = frozenset()  # indexes of the words that stand elsewhere in its document
    bonus: float = 0.0
    beside: bool = False  # whether it is first about another drug, or one case of many where no case was asked for
    calibration: Calibration = field(default_factory=load_calibration)

    @cached_property
    def coverage(self) -> float:
        """Return the share of the question's weight that is covered, between 0 and 1."""
        total = sum(unit.weight for unit in self.units) or 1.0
        told = (
            self._weight(self.own)
            + CONTEXT_SHARE * self._weight(self.context)
            + REMOTE_SHARE * self._weight(self.remote)
        )
        return told / total

    @property
    def names_held(self) -> float:
        """Return the share of the weight of the question's names that is covered; 1 where it names nothing."""
        hard = frozenset(i for i, unit in enumerate(self.units) if unit.category in HARD)
        return self._weight(hard & self.covered) / self._weight(hard) if hard else 1.0

    @property
    def confidence(self) -> float:
        """Return how likely it is, by words, meaning and names, that this answers."""
        return self.calibration.probability(self.coverage, self.similarity, self.names_held)

    @property
    def similarity(self) -> float:
        """Return the cosine, between 0 and 1; of a row at least a middling one, since its vector is of all columns."""
        return max(self.cosine, LEAST_ROW_SIMILARITY if self.passage.table is not None else 0.0)

    @property
    def is_enough(self) -> bool:
        """Return whether it covers enough of the question to be an answer.

        People say "quit" and "budge" where papers say "discontinue" and "respond": a sentence that is near in meaning
        and holds the names of the question may lack some of its plain words. One that lacks a name has to cover the
        more of the rest.
        """
        sure = self.confidence >= self.calibration.threshold
        return sure and (self.names_held >= ALL_NAMES or self.coverage >= ENOUGH_COVERAGE)

    def gain(self, covered: frozenset[int]) -> float:
        """Return the weight of what its own words cover beyond `covered`."""
        return self._weight(self.own - covered)

    def _weight(self, units: frozenset[int]) -> float:
        return sum(self.units[i].weight for i in units)

    @property
    def covered(self) -> frozenset[int]:
        """Return the indexes of all covered units."""
        return self.own | self.context

    @property
    def score(self) -> float:
        """Return the order in which candidates answer: coverage first, nearness in meaning to tell equals apart."""
        score = (
            COVERAGE_WEIGHT * self.coverage
            + COSINE_WEIGHT * max(self.cosine, 0.0)
            + HIT_WEIGHT * self.hit_score
            + self.bonus
        )
        return score * _ASIDE_SHARE if self.is_aside else score

    @property
    def is_aside(self) -> bool:
        """Return whether it is a document's note about its own source, print or references."""
        return bool(ASIDE.match(self.text))


def candidates_in(
    passage: Passage,
    score: float,
    reader: Reader,
    library: Library,
    places: set[tuple[str, int]],
    near: dict[tuple[int, int], float],
) -> Iterator[Candidate]:
    """Yield the sentences of a passage, or its row, with what they cover; nothing of a damaged table or row.

    Of a digest whose original is in the library only what that one bears out is told, and of the original only what
    the digest doesn't say: nobody answers from both.
    """
    if passage.kind is PassageKind.FRAGMENT:
        return
    document = library.document(passage.document_id)
    if not is_usable(document, Span(passage.start, passage.end)):
        return
    if passage.table is not None and (
        document.tables[passage.table].damage or is_apparatus(document.tables[passage.table])
    ):
        return
    parts = library.parts(passage)
    wide = passage.table is not None and len(document.tables[passage.table].columns) > WIDE_TABLE
    if passage.table is not None and passage.row is not None:
        table = document.tables[passage.table]
        covers = [_row_cover(table, passage.row, reader)]
        around = reader.cover(f"{table.caption}. {heading(document, passage)}").units
    else:
        covers = [reader.cover(text) for _, text in parts]
        around = _around(reader.cover(heading(document, passage)), covers, [text for _, text in parts], reader)
    for (span, text), cover in zip(parts, covers, strict=True):
        if reader.speaks_to_machines(text) or library.editions.is_superseded(document.id, span):
            continue
        if not library.editions.answers(document.id, span.start):
            continue
        closed = cover.categories | _NOT_FROM_CONTEXT
        context = frozenset(i for i in around - cover.units if reader.units[i].category not in closed)
        remote = frozenset(
            i
            for i, unit in enumerate(reader.units)
            if unit.category == "word"
            and not unit.here
            and i not in cover.units | context
            and unit.stems & library.document_stems(document.id)
        )
        cosine = near.get((passage.id, span.start), ROW_COSINE)
        bonus = FACT_BONUS * ((document.id, span.start) in places)
        bonus += ROW_BONUS * (reader.prefers_rows and passage.kind is PassageKind.ROW)
        bonus += REGIMEN_BONUS * (reader.asks_for_dose and has_shape(text, Shape.REGIMEN))
        bonus -= FOREIGN_PENALTY * min(cover.foreign_drugs, MOST_FOREIGN)
        bonus -= BROAD_PENALTY * (reader.asks_for_dose and len(reader.named(text, "disease")) > MOST_DISEASES)
        bonus += NAME_BONUS * min(cover.names, MOST_NAMES) + COUNT_BONUS * cover.counts
        yield Candidate(
            document,
            passage,
            span,
            text,
            score,
            cosine,
            cover.units,
            context,
            reader.units,
            remote,
            bonus,
            cover.foreign_first or (wide and not reader.prefers_rows) or reader.is_rate_beside_dose(text),
            library.manifest.calibration,
        )


def _around(above: Cover, covers: Sequence[Cover], texts: Sequence[str], reader: Reader) -> frozenset[int]:
    """Return what the heading and the sentences of a passage lend each other.

    Sentences lend a drug or a route only where the heading names none and the passage no second one.
    """
    beside = frozenset[int]().union(*(cover.units for cover in covers))
    kept_apart = {
        category
        for category in _ONE_ONLY
        if category in above.categories or len({ids for text in texts for ids in reader.named(text, category)}) > 1
    }
    return above.units | frozenset(i for i in beside if reader.units[i].category not in kept_apart)


def _row_cover(table: Table, row: int, reader: Reader) -> Cover:
    """Return what a row covers. A comorbidity or an earlier drug is not what the row's patient was treated for or with.

    Drugs and diseases in columns of background count only beside another drug or disease of the question's that
    stands in the foreground. No cell covers the 1 of "Table 1".
    """
    foreground, background = Cover(), Cover()
    for number, cell in enumerate(table.rows[row].cells):
        name = table.columns[number] if number < len(table.columns) else ""
        cover = reader.cover(f"{name}: {cell.text}{unit_after(cell.text, name)}")
        if reader.is_background(name):
            background = background.joined(cover)
        else:
            foreground = foreground.joined(cover)
    told = {reader.units[i].category for i in foreground.units}
    counted = frozenset(
        i
        for i in background.units
        if reader.looks_up_person or (kin := _TREATED.get(reader.units[i].category)) is None or kin & told
    )
    return replace(
        foreground.joined(background),
        units=(foreground.units | counted) - reader.places,
        names=foreground.names,
        foreign_drugs=0,
    )


def is_apparatus(table: Table) -> bool:
    """Return whether a table is a digest's own, made to explain its source, and says nothing that this one prints."""
    return any(_OWN_LABEL in column for column in table.columns)


def heading(document: Document, passage: Passage) -> str:
    """Return what stands over a passage: its section path and the description of its document."""
    source = document.source
    described = (passage.section, source.title, source.kind, source.journal, *source.authors, source.year)
    return ". ".join(str(part) for part in described if part)
