"""How sure an answer is: one probability from coverage, similarity and names, and the threshold for a stated risk.

Its parameters are data, and a library keeps in its manifest those that it was made with, so that they can be set for a
library of another sort.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpus.vocabulary_files import load_yaml

_FILE = Path(__file__).with_suffix(".yaml")


class Calibration(BaseModel):
    """A logistic regression over three shares between 0 and 1, with the threshold below which nothing is answered.

    `risk` is the share of questions without an answer in the library that pass the threshold, on development data.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    intercept: float
    coverage: float
    cosine: float
    names: float
    threshold: float = Field(ge=0, le=1)
    risk: float = Field(ge=0, le=1)

    def probability(self, coverage: float, cosine: float, names: float) -> float:
        """Return how likely it is that what covers this much of a question answers it."""
        score = self.intercept + self.coverage * coverage + self.cosine * cosine + self.names * names
        return 1 / (1 + math.exp(-score))


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """Return the program's calibration."""
    return Calibration.model_validate(load_yaml(_FILE))
