"""The part of the report that shows what changed since another run, question by question."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from evals.changes import Changes
from evals.markup import Child, element, folded
from evals.misses_page import anchors, fault_in_short
from evals.records import Result
from evals.report import Report
from evals.tallies import moment


def changes_section(report: Report) -> list[Element]:
    """Return the counts with their test, and every question that got worse or better."""
    changes = report.changes
    if changes is None:
        return [element("p", "No earlier run of the same suites is stored: nothing to compare with.")]
    before = changes.before
    counts = f"{len(changes.better)} got better, {len(changes.worse)} got worse"
    told = f"Against run {before.id} of {moment(before)}: of {changes.shared} shared questions {counts}; "
    chance = f"McNemar's exact test: p = {changes.p:.3g}."
    warning = f"Between the two, these changed: {', '.join(changes.differ)}." if changes.differ else None
    return [
        element("p", told, chance),
        *([element("p", warning)] if warning else []),
        *_became("Worse", "✗ passed before, now", [(new, new) for _, new in changes.worse], report),
        *_became("Better", "✓ passes; before", [(new, old) for old, new in changes.better], report),
        *_unshared(changes),
    ]


def _became(title: str, words: str, pairs: list[tuple[Result, Result]], report: Report) -> list[Element]:
    if not pairs:
        return []
    places = anchors(report.run)
    return [
        element("h3", f"{title}: {len(pairs)}"),
        element("ul", *(_change(new, words, failed, places.get(new.id)) for new, failed in pairs), class_="changes"),
    ]


def _change(new: Result, words: str, failed: Result, place: str | None) -> Element:
    name: Child = element("a", new.id, href=f"#{place}") if place else element("span", new.id)
    fault = element("span", f"{words}: {fault_in_short(failed)}", class_="fault")
    head = element("span", name, class_="id")
    return element("li", head, " ", element("span", new.question, class_="question"), fault)


def _unshared(changes: Changes) -> list[Element]:
    lists = (("Only in this run", changes.added), ("Only in the run before", changes.gone))
    return [folded(f"{title}: {len(ids)}", element("p", ", ".join(ids))) for title, ids in lists if ids]
