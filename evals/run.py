"""Asking the question suites and adding up the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer import answer
from assistant.conversation import Conversation
from evals.metrics import percentile
from evals.suite import Item, Verdict, judge
from index.library import Library

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Passes by kind, how abstention did, and how long answers took."""

    questions: int
    passed: int
    kinds: dict[str, tuple[int, int]]  # passed, asked
    abstention_precision: float
    abstention_recall: float
    milliseconds: dict[str, float]


def run(items: Sequence[Item], library: Library, progress: Progress = lambda done, total: None) -> list[Verdict]:
    """Ask every question, each item as a conversation of its own, and return the verdicts in order."""
    verdicts = []
    for number, item in enumerate(items, start=1):
        conversation = Conversation() if len(item.turns) > 1 else None
        verdicts += [judge(item.kind, turn, answer(turn.question, library, conversation)) for turn in item.turns]
        progress(number, len(items))
    return verdicts


def summarise(verdicts: Sequence[Verdict]) -> Summary:
    """Return the counts and shares over verdicts; shares of nothing are 0."""
    kinds: dict[str, tuple[int, int]] = {}
    for verdict in verdicts:
        passed, asked = kinds.get(verdict.kind, (0, 0))
        kinds[verdict.kind] = (passed + (verdict.fault is None), asked + 1)
    wanted = [verdict.turn.expect == "abstained" for verdict in verdicts]
    did = [verdict.answer.status == "abstained" for verdict in verdicts]
    both = sum(a and b for a, b in zip(wanted, did, strict=True))
    seconds = [verdict.answer.seconds for verdict in verdicts]
    return Summary(
        questions=len(verdicts),
        passed=sum(verdict.fault is None for verdict in verdicts),
        kinds=kinds,
        abstention_precision=round(both / sum(did), 3) if any(did) else 0.0,
        abstention_recall=round(both / sum(wanted), 3) if any(wanted) else 0.0,
        milliseconds={f"p{p}": round(1000 * percentile(seconds, p / 100), 1) for p in (50, 95)} if seconds else {},
    )
