"""Which sentence of a passage, or of a whole abstract, answers: a linear score over a few features that can be read.

The weights, versioned beside this file, were learned by `posology eval sentences --train` (docs/adr/0016).
They order the sentences of one text; between texts their scores mean nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from corpus.vocabulary_files import load_yaml
from index.embedder import Vectors
from index.sentence_cues import load_cues

WEIGHTS_FILE = Path(__file__).with_name("sentence_weights.yaml")
FEATURES = (
    "cosine",
    "coverage",
    "density",
    "cosine_before",
    "cosine_after",
    "length",
    "position",
    "position_squared",
    "aim",
    "denial",
    "direction",
)
"""Nearness in meaning; the share of the question's weight that its words hold; the same for its length, against the
text's best; how near its neighbours are; words (logarithm); where it stands, 0 to 1; and what it shows."""

_TYPICAL_LENGTH = 26  # words, about the mean of sentences in abstracts
_SATURATION, _LENGTH_SHARE = 1.2, 0.75  # k1 and b of BM25

Features = npt.NDArray[np.float64]
WordWeight = Callable[[str], float]


class SentenceWeights(BaseModel):
    """What a feature of one standard deviation above the mean adds, with those means and deviations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    weights: dict[str, float]
    means: dict[str, float]
    deviations: dict[str, float]

    def scores(self, features: Features) -> Features:
        """Return the score of each row of features, of shape (n,)."""
        weight, mean, deviation = (
            np.array([held[name] for name in FEATURES]) for held in (self.weights, self.means, self.deviations)
        )
        scores: Features = ((features - mean) / deviation) @ weight
        return scores


@lru_cache(maxsize=1)
def load_weights() -> SentenceWeights:
    """Return the program's weights."""
    return SentenceWeights.model_validate(load_yaml(WEIGHTS_FILE))


def sentence_features(
    question: str,
    sentences: Sequence[str],
    cosines: Features | Vectors,
    words: Callable[[str], Sequence[str]],
    weight: WordWeight,
) -> Features:
    """Return the features of a text's sentences in order, of shape (n, len(FEATURES)).

    `cosines` are those of the question with each sentence; `words` analyses a text, `weight` is the inverse document
    frequency of an analysed word.
    """
    asked = {word: weight(word) for word in words(question)}
    total = sum(asked.values()) or 1.0
    held = [words(text) for text in sentences]
    covered = np.array([sum(asked[word] for word in asked.keys() & set(found)) for found in held])
    length = np.array([len(found) for found in held], dtype=np.float64)
    norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / _TYPICAL_LENGTH)
    near = _shares(np.asarray(cosines, dtype=np.float64))
    place = np.arange(len(sentences)) / max(len(sentences) - 1, 1)
    cues = load_cues()
    shown = [cues.shown(text) for text in sentences]
    directed = cues.shown(question).has_direction
    return np.stack(
        [
            np.asarray(cosines, dtype=np.float64),
            covered / total,
            _shares(covered / (1 + norm)),
            np.concatenate([[0.0], near[:-1]]),
            np.concatenate([near[1:], [0.0]]),
            np.array([math.log(1 + n) for n in length]),
            place,
            place**2,
            np.array([one.aim for one in shown], dtype=np.float64),
            np.array([one.denies for one in shown], dtype=np.float64),
            np.array([directed and one.has_direction for one in shown], dtype=np.float64),
        ],
        axis=1,
    )


def _shares(values: Features) -> Features:
    positive = np.maximum(values, 0.0)
    best = positive.max(initial=0.0)
    return positive / best if best > 0 else positive
