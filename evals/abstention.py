"""How well an answer's confidence tells questions that the library holds from those that it doesn't."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import answer
from corpus.errors import UnreadableFileError
from evals.metrics import auroc
from evals.risk_coverage import curve
from index.library import Library


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """Counts, the area under the ROC curve of the confidence, and what the program decided at its threshold.

    `curve` gives, for tenths of all questions, the most confident first, which share of them the library does not hold;
    `area` is the mean of that risk over all coverages. `threshold` and `risk` are those that the library keeps.
    """

    questions: int
    answerable: int
    auroc: float
    answered_of_answerable: float
    answered_of_unanswerable: float
    threshold: float
    risk: float
    area: float
    curve: tuple[tuple[float, float], ...]


def measure(items: Iterable[tuple[str, bool]], library: Library) -> AbstentionReport:
    """Ask every question, each with whether the library holds its answer, and return the report."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    decided: dict[bool, list[bool]] = {True: [], False: []}
    for text, answerable in items:
        found = answer(text, library)
        scores[answerable].append(found.interpretation.confidence or 0.0)
        decided[answerable].append(found.status == "answered")
    points, area = curve([(score, not answerable) for answerable, held in scores.items() for score in held])
    return AbstentionReport(
        questions=len(scores[True]) + len(scores[False]),
        answerable=len(scores[True]),
        auroc=round(auroc(scores[True], scores[False]), 4),
        answered_of_answerable=_share(decided[True]),
        answered_of_unanswerable=_share(decided[False]),
        threshold=library.manifest.calibration.threshold,
        risk=library.manifest.calibration.risk,
        area=round(area, 4),
        curve=tuple(_at(points, tenth / 10) for tenth in range(1, 11)) if points else (),
    )


def read_items(path: Path) -> list[tuple[str, bool]]:
    """Return the questions of a JSON Lines file with the keys `text` (or `question`) and `answerable`.

    Raises:
        UnreadableFileError: the file is missing or malformed.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(str(item.get("text") or item["question"]), bool(item["answerable"])) for item in lines]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UnreadableFileError(f"{path} holds no questions; each line needs text and answerable.") from error


def _at(points: Sequence[tuple[float, float]], coverage: float) -> tuple[float, float]:
    """Return the first point that covers at least so much, rounded."""
    reached, risk = next((point for point in points if point[0] >= coverage - 1e-9), points[-1])
    return round(reached, 3), round(risk, 4)


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
