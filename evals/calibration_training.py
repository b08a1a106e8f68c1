"""Learning how sure an answer is: a logistic regression over three shares, and a threshold for a stated risk.

The regression maximises the log likelihood of whether a question has its answer in the library, given the candidate
that covers most of it, less an L2 penalty. Answerable questions count half and the others half, whatever their numbers.
It is convex and solved by Newton's method: the same questions give the same weights. Only public sets are learned from;
the bundled questions, which were written here, are there to check on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evals.calibration_data import BUNDLED, Asked, Shares
from evals.metrics import auroc
from index.calibration import Calibration

RISK = 0.06
"""The share of questions without an answer in the library that may pass the threshold, unless another is stated."""

PARTS = ("coverage", "cosine", "names")
PENALTY = 0.1
_QUESTIONS = 300.0  # what all questions weigh together, against the penalty
_STEP = 0.05  # between the thresholds that are tried: the risk of a finer one would not travel
_FOLDS = 10
_ROUNDS = 30
_RIDGE = 1e-9  # keeps a part that is the same for all questions from stopping the solver

_FILE = """\
# How sure an answer is, from what its best sentence covers of the question: a logistic regression over three shares.
# Learned by `posology eval calibration DIR --train FILE` (docs/adr/0016); each library keeps its own in its manifest.
version: {version}
intercept: {intercept}
coverage: {coverage}  # share of the question's weight that is covered
cosine: {cosine}  # nearness of question and sentence in meaning
names: {names}  # share of the weight of the question's names that is held; 1 where it names nothing
threshold: {threshold}  # an answer needs at least this confidence
risk: {risk}  # share of the questions without an answer in the library that may be answered all the same
"""

Sets = Mapping[str, Sequence[Asked]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a calibration does on one set of questions.

    `held` and `passed` are the shares of the answerable questions and of the others that reach the threshold.
    """

    questions: int
    answerable: int
    auroc: float
    held: float
    passed: float


def learn(sets: Sets, risk: float = RISK) -> Calibration:
    """Return the calibration learned from the public sets, with the least threshold that keeps to the risk.

    Of all their questions without an answer at most the share `risk` passes.
    """
    public = [asked for name, of_set in sets.items() if name != BUNDLED for asked in of_set]
    weights = _fitted(public)
    missing = np.array([score(asked, weights) for asked in public if not asked.answerable])
    tried = np.arange(_STEP, 1, _STEP)
    threshold = next((float(at) for at in tried if (missing >= at).sum() <= risk * len(missing)), float(tried[-1]))
    coverage, cosine, names, intercept = (round(float(weight), 3) for weight in weights)
    return Calibration(
        intercept=intercept,
        coverage=coverage,
        cosine=cosine,
        names=names,
        threshold=round(threshold, 2),
        risk=risk,
    )


def standing(asked: Sequence[Asked], calibration: Calibration) -> Standing:
    """Return how a calibration does on questions."""
    return _standing(asked, [_weights(calibration)] * len(asked), [calibration.threshold] * len(asked))


def decided_otherwise(sets: Sets, one: Calibration, other: Calibration) -> int:
    """Return how many questions one calibration lets pass and the other doesn't."""
    return sum(_passes(asked, one) != _passes(asked, other) for of_set in sets.values() for asked in of_set)


def cross_validated(sets: Sets, risk: float = RISK) -> dict[str, Standing]:
    """Return how questions of every set fare under weights and thresholds learned without their fold."""
    learned = []
    for fold in range(_FOLDS):
        kept = {name: [a for n, a in enumerate(of_set) if n % _FOLDS != fold] for name, of_set in sets.items()}
        one = learn(kept, risk)
        learned.append((_weights(one), one.threshold))
    found = {}
    for name, of_set in sets.items():
        own = [learned[n % _FOLDS] for n in range(len(of_set))]
        found[name] = _standing(of_set, [weights for weights, _ in own], [at for _, at in own])
    return found


def without(sets: Sets, part: str) -> dict[str, list[Asked]]:
    """Return the questions with one of `PARTS` taken out of what is learned from them."""
    kept = np.array([name != part for name in PARTS], dtype=np.float64)
    return {name: [replace(asked, shares=asked.shares * kept) for asked in of_set] for name, of_set in sets.items()}


def score(asked: Asked, weights: Shares) -> float:
    """Return the greatest probability among the candidates that may answer, or 0 if none may."""
    found = asked.shares[asked.may_answer]
    return float(_probability(found, weights).max(initial=0.0))


def as_yaml(calibration: Calibration) -> str:
    """Return a calibration as the program reads it."""
    return _FILE.format(**calibration.model_dump())


def _fitted(questions: Sequence[Asked]) -> Shares:
    """Return the weights of coverage, cosine and names, and the intercept."""
    shares = np.array([_best(asked) for asked in questions]).reshape(-1, 3)
    held = np.array([asked.answerable for asked in questions], dtype=bool)
    count = _QUESTIONS / 2 / np.where(held, max(held.sum(), 1), max((~held).sum(), 1))
    design = np.c_[shares, np.ones(len(shares))]
    penalty = 2 * PENALTY * np.diag([1.0, 1.0, 1.0, 0.0])
    weights = np.zeros(4)
    for _ in range(_ROUNDS):
        likely = _probability(shares, weights)
        slope = design.T @ (count * (held - likely)) - penalty @ weights
        curvature = (design * (count * likely * (1 - likely))[:, None]).T @ design + penalty
        weights = weights + np.linalg.solve(curvature + _RIDGE * np.eye(4), slope)
    return weights


def _best(asked: Asked) -> Shares:
    """Return the shares of the candidate that covers most, of those that may answer where there are any.

    Which that is does not hang on what is being learned.
    """
    if not len(asked.shares):
        return np.zeros(3)
    found = asked.shares[asked.may_answer] if asked.may_answer.any() else asked.shares
    best: Shares = found[0]
    return best


def _weights(calibration: Calibration) -> Shares:
    return np.array([calibration.coverage, calibration.cosine, calibration.names, calibration.intercept])


def _passes(asked: Asked, calibration: Calibration) -> bool:
    return score(asked, _weights(calibration)) >= calibration.threshold


def _probability(shares: Shares, weights: Shares) -> Shares:
    found: Shares = 1 / (1 + np.exp(-(shares @ weights[:3] + weights[3])))
    return found


def _standing(asked: Sequence[Asked], weights: Sequence[Shares], thresholds: Sequence[float]) -> Standing:
    sure: dict[bool, list[float]] = {True: [], False: []}
    reached: dict[bool, list[bool]] = {True: [], False: []}
    for one, own, threshold in zip(asked, weights, thresholds, strict=True):
        sure[one.answerable].append(float(_probability(one.shares, own).max(initial=0.0)))
        reached[one.answerable].append(score(one, own) >= threshold)
    return Standing(
        len(asked),
        len(sure[True]),
        round(auroc(sure[True], sure[False]), 4),
        _share(reached[True]),
        _share(reached[False]),
    )


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
