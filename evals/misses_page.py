"""The part of the report that shows every miss: what was asked, what was said, what was missing, and the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from assistant.contract import Citation, Statement
from corpus.text import fold
from evals.markup import Child, element, folded
from evals.records import Result, Run
from evals.suite import Gold
from evals.tallies import label, misses_by_kind, number

Found = Literal["cited", "document cited, but not this place", "document not cited"]

_LONGEST_FAULT = 100  # characters


def anchors(run: Run) -> dict[str, str]:
    """Return the place on the page of every miss, by the id of its question."""
    missed = [result for results in misses_by_kind(run).values() for result in results]
    return {result.id: f"miss-{at}" for at, result in enumerate(missed, start=1)}


def misses_section(run: Run) -> list[Element]:
    """Return a heading a kind, and below it every miss, folded."""
    places = anchors(run)
    parts: list[Element] = []
    for kind, results in misses_by_kind(run).items():
        parts.append(element("h3", f"{kind}: {len(results)}"))
        parts += [_miss(result, places[result.id]) for result in results]
    return parts or [element("p", "Every question passed.")]


def found_in(gold: Gold, citations: Sequence[Citation]) -> Found:
    """Return whether an answer cites a piece of evidence: a quote that holds it or stands within it."""
    there = [fold(citation.quote) for citation in citations if citation.document_id == gold.document]
    wanted = fold(gold.quote)
    if any(wanted in quote or quote in wanted for quote in there):
        return "cited"
    return "document cited, but not this place" if there else "document not cited"


def _miss(result: Result, place: str) -> Element:
    summary = element(
        "span",
        element("span", result.id, class_="id"),
        " ",
        element("strong", "⚠ CRITICAL ", class_="critical") if result.critical else None,
        element("span", result.question, class_="question"),
        element("span", f"✗ {fault_in_short(result)}", class_="fault"),
    )
    shown: list[tuple[str, list[Child]]] = [
        ("Question", [result.question]),
        ("Understood as", [result.resolved if result.resolved != result.question else None]),
        ("Expected", [f"{result.expect}, on the evidence below" if result.gold else result.expect]),
        ("Fault", [fault_of(result)]),
        ("Not stated", ["; ".join(result.missing)]),
        ("Critical", ["; ".join(result.critical)]),
        (f"Answer ({result.status})", _answer(result)),
        ("Citations", [element("ol", *map(_citation, result.citations)) if result.citations else "none"]),
        ("Gold", [element("ul", *(_gold(gold, result.citations) for gold in result.gold)) if result.gold else None]),
        ("Scores", [", ".join(f"{label(name)} {number(value)}" for name, value in sorted(result.scores.items()))]),
        ("Confidence", [f"{result.confidence:.3f}, {1000 * result.seconds:.1f} ms, {result.split} split"]),
    ]
    pairs = [part for name, body in shown if any(body) for part in (element("dt", name), element("dd", *body))]
    return folded(summary, element("dl", *pairs, id=place), class_="miss")


def fault_of(result: Result) -> str:
    """Return in words why a result is a miss."""
    return result.fault or "; ".join(result.critical)


def fault_in_short(result: Result) -> str:
    """Return the fault, cut to a line or two: a pattern that an answer lacks can be long."""
    fault = fault_of(result)
    return fault if len(fault) <= _LONGEST_FAULT else fault[:_LONGEST_FAULT].rstrip() + "…"


def _answer(result: Result) -> list[Child]:
    if not result.statements:
        return [result.answer or "(empty)"]
    return [part for statement in result.statements for part in _statement(statement)]


def _statement(statement: Statement) -> list[Child]:
    working = element("p", f"Working: {statement.working}", class_="aside") if statement.working else None
    return [element("p", statement.marked, element("span", f" ({statement.kind})", class_="aside")), working]


def _citation(citation: Citation) -> Element:
    year = f" ({citation.year})" if citation.year else ""
    where = ", ".join(part for part in (citation.section, citation.locator) if part)
    reading = f"Read as: {citation.reading} ({citation.reading_reason})" if citation.reading else None
    return element(
        "li",
        f"{citation.title}{year}: {where}, {citation.document_id} {citation.start}:{citation.end}",
        element("blockquote", citation.quote),
        element("p", reading) if reading else None,
        value=citation.number,
    )


def _gold(gold: Gold, citations: Sequence[Citation]) -> Element:
    return element("li", f"{gold.document}: {found_in(gold, citations)}", element("blockquote", gold.quote))
