"""Learning the weights of sentence choice: a softmax over the sentences of each text, fitted to the gold ones.

The log likelihood that a drawn sentence is a gold one, less an L2 penalty, is maximised by gradient ascent on
standardised features. It has few parameters and no randomness: the same set gives the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import yaml

from index.sentence_choice import FEATURES, Features, SentenceWeights

_PENALTY = 1.0
_CONSTANT = 1e-3  # a feature that varies less than this is the same everywhere
_STEPS = 600
_RATE = 2.0


def learn(features: Sequence[Features], gold: Sequence[Features]) -> SentenceWeights:
    """Return the weights learned from texts: features of shape (n, len(FEATURES)) and 1 for each gold sentence."""
    everything, is_gold = np.concatenate(features), np.concatenate(gold)
    means, deviations = everything.mean(axis=0), everything.std(axis=0)
    deviations[deviations < _CONSTANT] = 1.0
    rows = (everything - means) / deviations
    owner = np.repeat(np.arange(len(features)), [len(one) for one in features])
    weights = np.zeros(len(FEATURES))
    for _ in range(_STEPS):
        scores = rows @ weights
        best = np.full(len(features), -np.inf)
        np.maximum.at(best, owner, scores)
        likely = np.exp(scores - best[owner])
        share = likely / np.bincount(owner, likely)[owner]
        held = np.bincount(owner, share * is_gold)[owner]
        wanted = share * is_gold / np.maximum(held, 1e-12)
        slope = rows.T @ (wanted - share) - 2 * _PENALTY * weights
        weights = weights + _RATE * slope / len(features)
    return SentenceWeights(weights=_named(weights), means=_named(means), deviations=_named(deviations))


def as_yaml(weights: SentenceWeights) -> str:
    """Return weights as the program reads them."""
    return yaml.safe_dump(weights.model_dump(), sort_keys=False)


def _named(values: Features) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(FEATURES, values, strict=True)}
