"""What a run of the question suites leaves behind: every verdict with its scores, and what they add up to.

A run is one JSON file. Two runs of the same program over the same library differ in `started`, `id` and the times only
(`seconds` of a result, and the estimates named `latency …`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.contract import Citation, Statement
from evals.suite import Gold, Split


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Result(_Frozen):
    """One question, its answer, and how that was judged. `item` is the conversation that a turn belongs to.

    `scores` holds a value between 0 and 1 for every metric that applies to the question, and nothing for the others;
    `critical` names the errors that hurt people (a wrong dose, drug, population, a missed warning), `missing` the facts
    that the answer had to state and doesn't.
    """

    id: str
    kind: str
    split: Split
    question: str
    resolved: str
    expect: str
    status: str
    passed: bool
    fault: str | None
    critical: tuple[str, ...] = ()
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    gold: tuple[Gold, ...]
    scores: dict[str, float]
    confidence: float
    seconds: float
    item: str = ""
    missing: tuple[str, ...] = ()


class Estimate(_Frozen):
    """A mean over `n` questions with its bootstrap 95 % interval."""

    n: int
    value: float
    low: float
    high: float


class Run(_Frozen):
    """All results of one run, what was asked of which library, and the estimates over all and by kind.

    `hashes` tell the corpus, the index, the question files and the program's own files apart: two runs compare only
    over the same questions. `scope` is "fast" for the subset that the gate of `make check` asks.
    """

    id: str
    started: str
    version: str
    hashes: dict[str, str]
    suites: tuple[str, ...]
    split: Split | Literal["all"]
    results: tuple[Result, ...]
    totals: dict[str, Estimate]
    kinds: dict[str, dict[str, Estimate]]
    scope: Literal["full", "fast"] = "full"
