"""Learning how sure an answer is: a logistic regression over three shares, and a threshold for a stated risk.

The regression maximises the log likelihood of whether a question has its answer in the library, given the candidate
that covers most of it, less an L2 penalty. Each set counts half for its answerable questions and half for the others,
whatever their numbers. It is convex and solved by Newton's method: the same questions give the same weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.calibration_data import BUNDLED, Asked, Shares
from evals.metrics import auroc
from index.calibration import Calibration

RISK = 0.06
"""The share of questions without an answer in the library that may pass the threshold, unless another is stated."""

BUNDLED_SHARE = 0.15
"""What the bundled questions count beside a public set: few of them lack an answer, and they were written here."""

PENALTY = 0.1
_QUESTIONS = 300.0  # what the questions of a set weigh together, against the penalty
_STEP = 0.05  # between the thresholds that are tried: the risk of a finer one would not travel
_FOLDS = 10
_ROUNDS = 30

_FILE = """\
# How sure an answer is, from what its best sentence covers of the question: a logistic regression over three shares.
# Written by `posology eval calibration DIR --train FILE` (docs/adr/0016); each library keeps its own in its manifest.
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
    """Return the calibration learned from sets of questions, with the least threshold that keeps to the risk.

    The threshold is chosen on the public sets: of all their questions without an answer at most the share `risk`
    passes.
    """
    weights = _fitted(sets)
    public = [asked for name, of_set in sets.items() if name != BUNDLED for asked in of_set]
    missing = np.array([score(asked, weights) for asked in public if not asked.answerable])
    tried = np.arange(_STEP, 1, _STEP)
    threshold = next((float(at) for at in tried if (missing >= at).mean() <= risk), float(tried[-1]))
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
    weights = np.array([calibration.coverage, calibration.cosine, calibration.names, calibration.intercept])
    return _standing(asked, [weights] * len(asked), [calibration.threshold] * len(asked))


def cross_validated(sets: Sets, risk: float = RISK) -> dict[str, Standing]:
    """Return how questions of every set fare under weights and thresholds learned without their fold."""
    learned = []
    for fold in range(_FOLDS):
        kept = {name: [a for n, a in enumerate(of_set) if n % _FOLDS != fold] for name, of_set in sets.items()}
        one = learn(kept, risk)
        learned.append((np.array([one.coverage, one.cosine, one.names, one.intercept]), one.threshold))
    found = {}
    for name, of_set in sets.items():
        own = [learned[n % _FOLDS] for n in range(len(of_set))]
        found[name] = _standing(of_set, [weights for weights, _ in own], [at for _, at in own])
    return found


def score(asked: Asked, weights: Shares) -> float:
    """Return the greatest probability among the candidates that may answer, or 0 if none may."""
    found = asked.shares[asked.may_answer]
    return float(_probability(found, weights).max(initial=0.0))


def as_yaml(calibration: Calibration) -> str:
    """Return a calibration as the program reads it."""
    return _FILE.format(**calibration.model_dump())


def _fitted(sets: Sets) -> Shares:
    """Return the weights of coverage, cosine and names, and the intercept."""
    rows, answers, counts = [], [], []
    for name, of_set in sets.items():
        held = np.array([asked.answerable for asked in of_set], dtype=bool)
        rows.append(np.array([_best(asked) for asked in of_set]).reshape(-1, 3))
        answers.append(held)
        share = _QUESTIONS * (BUNDLED_SHARE if name == BUNDLED else 1.0) / 2
        counts.append(np.where(held, share / max(held.sum(), 1), share / max((~held).sum(), 1)))
    everything, wanted, count = np.concatenate(rows), np.concatenate(answers).astype(float), np.concatenate(counts)
    design = np.c_[everything, np.ones(len(everything))]
    penalty = 2 * PENALTY * np.diag([1.0, 1.0, 1.0, 0.0])
    weights = np.zeros(4)
    for _ in range(_ROUNDS):
        likely = _probability(everything, weights)
        slope = design.T @ (count * (wanted - likely)) - penalty @ weights
        curvature = (design * (count * likely * (1 - likely))[:, None]).T @ design + penalty
        weights = weights + np.linalg.solve(curvature + 1e-9 * np.eye(4), slope)
    return weights


def _best(asked: Asked) -> Shares:
    """Return the shares of the candidate that covers most: which that is must not hang on what is being learned."""
    best: Shares = asked.shares[0] if len(asked.shares) else np.zeros(3)
    return best


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
