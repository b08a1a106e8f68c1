"""The report in short, as Markdown: what passed, the metrics, what changed, and a line for every miss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.text import clean, one_line
from evals.misses_page import fault_in_short
from evals.records import Result
from evals.report import Report
from evals.tallies import asked, kind_tallies, label, metric_table, misses_by_kind, moment, share_interval

_SIGNS = re.compile(r"([\\`*_<>\[\]~&|#!])")


def summary(report: Report) -> str:
    """Return the report as Markdown; what questions and answers hold of markup is escaped."""
    return "\n\n".join(part for part in _parts(report) if part) + "\n"


def _parts(report: Report) -> Iterator[str]:
    run = report.run
    yield f"# Posology: evaluation, run {_escaped(run.id)}"
    critical = sum(bool(result.critical) for result in run.results)
    stamp = f"Started {_escaped(moment(run))}, version {_escaped(run.version)}"
    yield f"{stamp}: {asked(run)}; critical errors: {critical}."
    rows = [(t.name, f"{t.passed} of {t.asked}", f"{t.share:.1%}", share_interval(t)) for t in kind_tallies(run)]
    yield _section("Results by kind", _table(("Kind", "Passed", "Share", "95 % interval"), rows))
    yield _section("Changes", *_changes(report))
    yield _section("Metrics", _table(*metric_table(run, report.before)))
    for name, output in report.retrieval:
        told = f"{output.documents:,} documents, {output.queries:,} queries."
        yield _section(
            f"Retrieval: {_escaped(name)}", told, _table(("System", *map(label, output.metrics)), output.rows())
        )
    missed = [result for results in misses_by_kind(run).values() for result in results]
    yield _section(f"Misses: {len(missed)}", "\n".join(_miss(result) for result in missed))
    yield _section("Made from", "\n".join(f"- {_escaped(k)}: {_escaped(v)}" for k, v in sorted(run.hashes.items())))


def _changes(report: Report) -> Iterator[str]:
    if (changes := report.changes) is None:
        return
    yield (
        f"Against run {_escaped(changes.before.id)}: of {changes.shared} shared questions {len(changes.better)} got "
        f"better, {len(changes.worse)} got worse; McNemar's exact test: p = {changes.p:.3g}."
    )
    if changes.differ:
        yield f"Between the two, these changed: {_escaped(', '.join(changes.differ))}."
    lines = [f"- worse: {_line(new, new)}" for _, new in changes.worse]
    yield "\n".join([*lines, *(f"- better: {_line(new, old)}" for old, new in changes.better)])
    if changes.added or changes.gone:
        yield f"Only in this run: {len(changes.added)}; only in the run before: {len(changes.gone)}."


def _miss(result: Result) -> str:
    return f"- {'**critical** ' if result.critical else ''}{_line(result, result)}"


def _line(result: Result, failed: Result) -> str:
    name = f"{_escaped(result.id)} ({_escaped(result.kind)})"
    return f"{name}: {_escaped(result.question)} — {_code(fault_in_short(failed))}"


def _code(text: str) -> str:
    """Return text as a code span: a fault holds a regular expression, which escapes would make unreadable."""
    inner = one_line(clean(text))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    return f"{fence} {inner} {fence}" if "`" in inner else f"{fence}{inner}{fence}"


def _section(title: str, *parts: str) -> str:
    held = [part for part in parts if part]
    return "\n\n".join([f"## {title}", *held]) if held else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    rule = "|---|" + "---:|" * (len(heads) - 1)
    return "\n".join(["| " + " | ".join(heads) + " |", rule, *body]) if body else ""


def _escaped(text: str) -> str:
    """Return text on one line with every sign that Markdown would take for markup escaped."""
    return _SIGNS.sub(r"\\\1", one_line(clean(text)))
