"""A sentence or table row that might answer, with what of the question it covers and how well.

A candidate covers a unit by its own words or, counting a little less, by what its surroundings lend it
(`assistant.surroundings`): the way a reader takes "5 mg twice daily" under the heading "Alopecia areata".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from assistant.units import HARD, Unit
from corpus.types import Document, Passage, Span
from index.calibration import Calibration, load_calibration

CONTEXT_SHARE = 0.8
"""What a unit counts that is covered by the surroundings and not by the sentence itself."""

REMOTE_SHARE = 0.5
"""What a plain word counts that stands only elsewhere in the document: it may say which document is meant."""

COVERAGE_WEIGHT, COSINE_WEIGHT, HIT_WEIGHT = 0.7, 0.25, 0.05
"""What coverage, the sentence's cosine and the passage's search score count in the order of candidates."""

ALL_NAMES = 0.9
"""Share of the weight of the question's names from which all of them count as held."""

ENOUGH_COVERAGE = 0.66
"""Share of a question's weight that a sentence has to cover which lacks a name, or follows a better one."""

LEAST_ROW_SIMILARITY = 0.46
"""What a row's cosine counts at least for how sure an answer is: the mean cosine of an abstract's sentences."""

_ASIDE_SHARE = 0.85
"""What the score of a digest's note about its source counts: it comments on an answer rather than being one."""

ASIDE = re.compile(r"note on the source:|the reference (?:cited|list)\b", re.IGNORECASE)


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
    no_finding: bool = False  # whether it only says what was to be found out, who could take part or what is shown
    continued: tuple[Passage, Span] | None = None  # where a sentence goes on that is cut in two
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
