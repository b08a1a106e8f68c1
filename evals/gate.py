"""The gates: what no change may break. Every citation is verbatim, no error hurts, and no suite passes less often.

The base line is a file of the repository, so that lowering it is a change that a reviewer sees.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from corpus.errors import StorageError, UnreadableFileError, VerificationError
from evals.records import Result, Run

BASELINE = Path(__file__).parent / "baseline.json"


class GateError(VerificationError):
    """A gate is shut: the run is worse than it may be. Its exit code is that of a failed verification."""


class Passed(BaseModel):
    """How many questions passed of those asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passed: int
    questions: int

    @property
    def rate(self) -> Fraction:
        """Return the share that passed, exactly."""
        return Fraction(self.passed, self.questions or 1)

    def __str__(self) -> str:
        """Return both numbers and the share."""
        return f"{self.passed} of {self.questions} ({float(self.rate):.1%})"


Baseline = dict[str, dict[str, Passed]]
"""By scope ("full" or "fast"), then by suite and split ("dose/test")."""

_ADAPTER = TypeAdapter(Baseline)


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition on a run; `faults` say what breaks it, and no fault lets the run through."""

    name: str
    faults: tuple[str, ...]


def read_baseline(path: Path | None = None) -> Baseline:
    """Return the stored base line; empty if there is none yet.

    Raises:
        UnreadableFileError: the file is malformed.
    """
    file = path or BASELINE
    try:
        return _ADAPTER.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise UnreadableFileError(
            f"{file} is no base line; write it with `posology eval run --set-baseline`."
        ) from error


def write_baseline(run: Run, path: Path | None = None) -> Path:
    """Take a run for the base line of its scope, suites and splits, leaving the others as they are; return the file.

    Raises:
        StorageError: the file cannot be written.
    """
    file = path or BASELINE
    kept = read_baseline(file)
    kept[run.scope] = {**kept.get(run.scope, {}), **pass_rates(run.results)}
    data = {
        scope: {key: passed.model_dump() for key, passed in sorted(rates.items())}
        for scope, rates in sorted(kept.items())
    }
    try:
        file.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{file} cannot be written ({error.strerror}); run this in a checkout.") from error
    return file


def pass_rates(results: Sequence[Result]) -> dict[str, Passed]:
    """Return what passed, by suite and split."""
    keys = sorted({f"{result.kind}/{result.split}" for result in results})
    outcomes = {key: [r.passed for r in results if f"{r.kind}/{r.split}" == key] for key in keys}
    return {key: Passed(passed=sum(found), questions=len(found)) for key, found in outcomes.items()}


def gates(run: Run, baseline: Baseline) -> list[Gate]:
    """Return the gates of a run, each with what shuts it."""
    invalid = [r.id for r in run.results if r.scores.get("quote validity", 1.0) < 1]
    critical = [f"{result.id}: {error}" for result in run.results for error in result.critical]
    return [
        Gate("quote validity is 1", tuple(f"{name}: a citation is not what the document holds" for name in invalid)),
        Gate("no critical error", tuple(critical)),
        Gate("pass rates are not below the base line", tuple(_falls(run, baseline))),
    ]


def _falls(run: Run, baseline: Baseline) -> list[str]:
    known = baseline.get(run.scope, {})
    return [
        f"{key}: {now} passed, base line {known[key]}"
        for key, now in pass_rates(run.results).items()
        if key in known and now.rate < known[key].rate
    ]


def check(found: Sequence[Gate]) -> None:
    """Let a run through.

    Raises:
        GateError: a gate is shut; says which.
    """
    shut = [gate.name for gate in found if gate.faults]
    if shut:
        raise GateError(
            f"The run breaks what must hold ({'; '.join(shut)}); mend what is named above, or explain a new base line."
        )
