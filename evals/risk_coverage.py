"""Risk and coverage: how wrong the answers would be if only the most confident questions were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from evals.records import Result


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The curve, the area under it, and where the program itself stands; all are shares between 0 and 1.

    `points` are (coverage, risk) at every distinct confidence, from the most confident on. `chosen` is the coverage
    and risk of the questions that the program did answer.
    """

    points: tuple[tuple[float, float], ...]
    area: float
    chosen: tuple[float, float]


def risk_coverage(results: Sequence[Result]) -> RiskCoverage | None:
    """Return the risk-coverage curve over all questions that are not to be redirected; None of no questions.

    Risk is the share of the covered questions that are not answered rightly, one that has no answer in the library
    counting as wrong whenever it is covered (El-Yaniv and Wiener 2010; for unanswerable questions Kamath et al. 2020).
    The area is the mean risk over all coverages (AURC, Geifman and El-Yaniv 2017), in expectation over the order of
    equally confident questions.
    """
    asked = [result for result in results if result.expect != "redirected"]
    if not asked:
        return None
    points, area = curve([(result.confidence, _loss(result)) for result in asked])
    answered = [_loss(result) for result in asked if result.status == "answered"]
    chosen = (len(answered) / len(asked), sum(answered) / len(answered) if answered else 0.0)
    return RiskCoverage(points, area, chosen)


def curve(answers: Sequence[tuple[float, bool]]) -> tuple[tuple[tuple[float, float], ...], float]:
    """Return the points (coverage, risk) and the area of answers, each with its confidence and whether it is wrong."""
    ordered = sorted(answers, key=lambda answer: -answer[0])
    covered, wrong, area = 0, 0.0, 0.0
    points = []
    for _, tied in groupby(ordered, key=lambda answer: answer[0]):
        losses = [loss for _, loss in tied]
        for _ in losses:
            covered += 1
            wrong += sum(losses) / len(losses)
            area += wrong / covered
        points.append((covered / len(ordered), wrong / covered))
    return tuple(points), area / len(ordered) if ordered else 0.0


def _loss(result: Result) -> bool:
    return not (result.passed and result.expect == "answered")
