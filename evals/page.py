"""The report as one HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from evals.changes_page import changes_section
from evals.latency import latency_bins, milliseconds
from evals.markup import document, element, folded, table
from evals.misses_page import misses_section
from evals.plots import curve, figure, histogram, pass_bars
from evals.records import Run
from evals.report import Report
from evals.retrieval_page import retrieval_section
from evals.risk_coverage import risk_coverage
from evals.tallies import (
    ALL,
    asked,
    interval,
    kind_tallies,
    label,
    metric_names,
    metric_table,
    moment,
    number,
    share_interval,
)

_STYLE = Path(__file__).with_name("report.css")


def page(report: Report) -> str:
    """Return the report as a self-contained HTML page."""
    run = report.run
    sections = {
        "Results by kind": _kinds(run),
        "Changes": changes_section(report),
        "Misses": misses_section(run),
        "All metrics": _metrics(report),
        "Risk and coverage": _risk(run),
        "Answer time": _latency(run),
        "Retrieval": retrieval_section(report),
        "This run": _provenance(run),
    }
    places = {title: title.lower().replace(" ", "-") for title in sections}
    links = (element("li", element("a", title, href=f"#{place}")) for title, place in places.items())
    body = element(
        "body",
        element("header", element("h1", "Posology: evaluation"), _about(run), _headline(report)),
        element("nav", element("ul", *links), aria_label="Contents"),
        element("main", *(_section(title, places[title], parts) for title, parts in sections.items())),
    )
    return document(element("html", _head(run), body, lang="en"))


def _head(run: Run) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"Posology evaluation, run {run.id}"),
        element("style", _STYLE.read_text(encoding="utf-8")),
    )


def _section(title: str, place: str, parts: list[Element]) -> Element:
    return element("section", element("h2", title, id=f"{place}-h"), *parts, id=place, aria_labelledby=f"{place}-h")


def _about(run: Run) -> Element:
    time = element("time", moment(run), datetime=run.started)
    return element("p", f"Run {run.id}, started ", time, f", version {run.version}: {asked(run)}.")


def _headline(report: Report) -> Element:
    run = report.run
    tallies = kind_tallies(run)
    cards: list[tuple[str, str, str]] = []
    if tallies:
        total = tallies[-1]
        cards.append(("Passed", f"{total.share:.1%}", f"{total.passed} of {total.asked}, {share_interval(total)}"))
    critical = sum(bool(result.critical) for result in run.results)
    cards.append(("Critical errors", str(critical), "✓ none" if not critical else "⚠ must be none"))
    if valid := run.totals.get("quote validity"):
        cards.append(("Quote validity", number(valid.value), "✓ all verbatim" if valid.value == 1 else "⚠ must be 1"))
    if run.results:
        p95 = milliseconds(run.results, 0.95)
        cards.append(("Answer time", f"{milliseconds(run.results, 0.5):.0f} ms", f"median; 95 % within {p95:.0f} ms"))
    if changes := report.changes:
        what = f"+{len(changes.better)} −{len(changes.worse)}"
        cards.append(("Better, worse", what, f"of {changes.shared} shared questions"))
    shown = (
        element("div", element("dt", name), element("dd", value, class_="big"), element("dd", more))
        for name, value, more in cards
    )
    return element("dl", *shown, class_="cards")


def _kinds(run: Run) -> list[Element]:
    tallies = kind_tallies(run)
    if not tallies:
        return [element("p", "The run asked no question.")]
    rows = [(t.name, f"{t.passed} of {t.asked}", f"{t.share:.1%}", share_interval(t)) for t in tallies]
    shown = table("Questions that passed, by kind", ("Kind", "Passed", "Share", "95 % interval"), rows)
    if len(tallies) > 1:
        shown[2][-1].set("class", "total")
    note = "Intervals are by bootstrap over the questions; by Wilson's score for splits and where all or none passed."
    return [_beside(shown, pass_bars("kinds", "Share passed, by kind", tallies)), element("p", note, class_="aside")]


def _metrics(report: Report) -> list[Element]:
    run = report.run
    if not (names := metric_names(run)):
        return [element("p", "The run holds no metrics.")]
    totals = table("All questions to which a metric applies", *metric_table(run, report.before))
    totals.set("class", "narrow")
    folds = element("div", *(_metric(run, name) for name in names), class_="columns")
    return [totals, element("h3", "By kind"), folds]


def _metric(run: Run, name: str) -> Element:
    total = run.totals.get(name)
    summary = element("span", label(name), element("span", number(total.value), class_="aside") if total else None)
    return folded(summary, table(label(name), ("Kind", "n", "Value", "95 % interval"), _by_kind(run, name)))


def _by_kind(run: Run, name: str) -> list[tuple[str, ...]]:
    estimates = [(kind, held[name]) for kind, held in sorted(run.kinds.items()) if name in held]
    if name in run.totals:
        estimates.append((ALL, run.totals[name]))
    return [(kind, str(found.n), number(found.value), interval(found)) for kind, found in estimates]


def _risk(run: Run) -> list[Element]:
    found = risk_coverage(run.results)
    if found is None:
        return [element("p", "The run asked no question that confidence is about.")]
    coverage, risk = found.chosen
    told = (
        f"If the program answered the most confident questions only, this is the share of wrong answers among them. "
        f"A question without an answer in the library counts as wrong when it is covered. AURC {found.area:.4f}, "
        f"less is better. The program itself answered {coverage:.1%} of the questions, {risk:.1%} of those wrongly (◇)."
    )
    mark = f"◇ answered: {coverage:.0%}, wrong {risk:.1%}"
    plot = curve("risk", "Risk at every coverage", found.points, found.chosen, mark)
    wanted = [next(p for p in found.points if p[0] >= share / 10 - 1e-9) for share in range(1, 11)]
    rows = [(f"{point[0]:.1%}", f"{point[1]:.1%}") for point in dict.fromkeys(wanted)]
    return [element("p", told), _beside(table("Risk, by coverage", ("Coverage", "Risk"), rows), plot)]


def _latency(run: Run) -> list[Element]:
    if not (bins := latency_bins(run.results)):
        return [element("p", "The run asked no question.")]
    p50, p95 = milliseconds(run.results, 0.5), milliseconds(run.results, 0.95)
    footing = f"milliseconds; p50 {p50:.1f}, p95 {p95:.1f}"
    shown = table("Answers, by time", ("From, in ms", "Answers"), [(edge, str(count)) for edge, count in bins])
    return [_beside(shown, histogram("latency", "How long answers took", bins, footing))]


def _provenance(run: Run) -> list[Element]:
    rows = [(name, element("code", value)) for name, value in sorted(run.hashes.items())]
    suites = element("p", f"Suites: {', '.join(run.suites) or 'none'}.")
    return [suites, *([table("Hashes of what the run was made from", ("What", "Hash"), rows)] if rows else [])]


def _beside(shown: Element, plot: Element) -> Element:
    return element("div", shown, figure(plot), class_="beside")
