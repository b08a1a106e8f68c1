"""What a sentence shows by its words: an aim, a denial, a direction; and whether two sentences point the same way."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_suffix(".toml")  # read with every question, so by the quick parser that Python brings


class Stance(StrEnum):
    """How a sentence stands to a statement: it may point the same way, the opposite way, or neither can be told."""

    SAME = "same"
    OPPOSITE = "opposite"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one sentence shows. `direction` is 1 for more, -1 for less, 0 where it names neither or both alike."""

    aim: bool
    denies: bool
    direction: int
    has_direction: bool


class _CueWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    aim: tuple[str, ...]
    negation: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues as compiled patterns."""

    aim: re.Pattern[str]
    negation: re.Pattern[str]
    more: re.Pattern[str]
    less: re.Pattern[str]

    def shown(self, text: str) -> Shown:
        """Return what `text` shows."""
        more, less = len(self.more.findall(text)), len(self.less.findall(text))
        return Shown(
            bool(self.aim.search(text)),
            bool(self.negation.search(text)),
            (more > less) - (less > more),
            more + less > 0,
        )

    def stance(self, statement: str, text: str) -> Stance:
        """Return whether `text` points the way of `statement`: direction and denial, taken together, are compared.

        Two sentences that name no direction are told apart by denial alone.
        """
        one, other = self.shown(statement), self.shown(text)
        if one.has_direction != other.has_direction or (one.has_direction and not one.direction * other.direction):
            return Stance.UNCLEAR
        turned = (one.direction != other.direction) != (one.denies != other.denies)
        return Stance.OPPOSITE if turned else Stance.SAME


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Return the program's cues."""
    words = _CueWords.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
    return Cues(*(_any_of(found) for found in (words.aim, words.negation, words.more, words.less)))


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)
