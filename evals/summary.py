"""A run in print: what passed by kind, every metric with its interval, the misses, the changes, the gates."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from evals.changes import Changes
from evals.gate import Gate
from evals.records import Estimate, Result, Run
from evals.totals import LATENCIES

_WIDTH = 100
_METRICS_ABREAST = 6  # columns of the table of every metric by kind
_NAME = 22
_INDENT = "     "


def as_data(run: Run, found: Sequence[Gate], changes: Changes | None) -> dict[str, Any]:
    """Return a run for machines, without its results: those are in its file, and the misses are named."""
    data = run.model_dump(mode="json", exclude={"results"})
    data["questions"] = len(run.results)
    data["misses"] = [result.id for result in run.results if not result.passed]
    data["gates"] = {gate.name: list(gate.faults) for gate in found}
    if changes:
        data["compared"] = {
            "with": changes.before.id,
            "shared": changes.shared,
            "better": [now.id for _, now in changes.better],
            "worse": [now.id for _, now in changes.worse],
            "p": changes.p,
        }
    return data


def kind_table(run: Run) -> Iterator[str]:
    """Yield a line a kind, and one for all: how many were asked, the share that passed, its 95 % interval."""
    yield f"{'kind':{_NAME}} {'n':>5} {'passed':>7} {'95 % interval':>17}"
    for kind, found in {**run.kinds, "all": run.totals}.items():
        if passed := found.get("pass"):
            yield f"{kind:{_NAME}} {passed.n:5} {passed.value:7.1%}    {passed.low:6.1%} to {passed.high:6.1%}"


def metric_table(run: Run) -> Iterator[str]:
    """Yield a line a metric, over all questions that it applies to."""
    yield f"{'metric':{_NAME}} {'n':>5} {'value':>9} {'95 % interval':>20}"
    for name, found in run.totals.items():
        yield f"{name:{_NAME}} {found.n:5} {_figure(name, found.value)} {_interval(name, found)}"


def metrics_by_kind(run: Run) -> Iterator[str]:
    """Yield tables of every metric by kind, a few metrics abreast; a dot where a metric applies to no question."""
    names = list(run.totals)
    for at in range(0, len(names), _METRICS_ABREAST):
        some = names[at : at + _METRICS_ABREAST]
        if at:
            yield ""
        yield " ".join([f"{'kind':15}", *(f"{name:>21}" for name in some)])
        for kind, found in {**run.kinds, "all": run.totals}.items():
            cells = (f"{_cell(name, found.get(name)):>21}" for name in some)
            yield " ".join([f"{kind:15}", *cells])


def misses(results: Sequence[Result]) -> Iterator[str]:
    """Yield every question that failed, with its answer and what was missing."""
    for result in results:
        if not (result.passed and not result.missing and not result.critical):
            yield f"MISS {result.id}: {result.question}"
            if result.resolved not in ("", result.question):
                yield f"{_INDENT}read as: {result.resolved}"
            for what in _wrong(result):
                yield f"{_INDENT}{what}"
            yield textwrap.fill(result.answer, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)


def change_lines(changes: Changes) -> Iterator[str]:
    """Yield what got better and worse since another run, by name, and whether that may be chance."""
    better, worse = len(changes.better), len(changes.worse)
    yield (
        f"against {changes.before.id}: {changes.shared} shared questions, {better} better, {worse} worse, "
        f"p = {changes.p:.3g} (McNemar, exact)"
    )
    for name, pairs in (("better", changes.better), ("worse", changes.worse)):
        for _, now in pairs:
            yield f"{name:7} {now.id}: {now.question}" + (f" ({now.fault})" if now.fault else "")


def gate_lines(found: Sequence[Gate]) -> Iterator[str]:
    """Yield a line a gate, and one for everything that shuts it."""
    for gate in found:
        yield f"gate: {gate.name}: {'FAILED' if gate.faults else 'ok'}"
        yield from (f"{_INDENT}{fault}" for fault in gate.faults)


def _wrong(result: Result) -> Iterator[str]:
    if result.fault:
        yield result.fault
    for what in result.missing:
        if result.fault != f"lacks {what!r}":
            yield f"lacks {what}"
    yield from (f"CRITICAL {error}" for error in result.critical)


def _figure(name: str, value: float) -> str:
    return f"{value:9.1f}" if _is_amount(name) else f"{value:9.3f}"


def _interval(name: str, found: Estimate) -> str:
    return f"{_figure(name, found.low)} to{_figure(name, found.high)}"


def _cell(name: str, found: Estimate | None) -> str:
    if found is None:
        return "."
    low, high = (_figure(name, value).strip() for value in (found.low, found.high))
    return f"{_figure(name, found.value).strip()} [{low}, {high}]"


def _is_amount(name: str) -> bool:
    return name in LATENCIES or name.startswith("words")
