"""How well an answer's confidence tells questions that the library holds from those that it doesn't."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import answer
from corpus.errors import UnreadableFileError
from evals.metrics import auroc
from index.library import Library


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """Counts, the area under the ROC curve of the confidence, and what the program decided at its threshold."""

    questions: int
    answerable: int
    auroc: float
    answered_of_answerable: float
    answered_of_unanswerable: float


def measure(items: Iterable[tuple[str, bool]], library: Library) -> AbstentionReport:
    """Ask every question, each with whether the library holds its answer, and return the report."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    decided: dict[bool, list[bool]] = {True: [], False: []}
    for text, answerable in items:
        found = answer(text, library)
        scores[answerable].append(found.interpretation.confidence or 0.0)
        decided[answerable].append(found.status == "answered")
    return AbstentionReport(
        questions=len(scores[True]) + len(scores[False]),
        answerable=len(scores[True]),
        auroc=round(auroc(scores[True], scores[False]), 4),
        answered_of_answerable=_share(decided[True]),
        answered_of_unanswerable=_share(decided[False]),
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


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
