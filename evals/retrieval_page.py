"""The part of the report that shows retrieval on public collections, system by system."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from evals.markup import element, table
from evals.plots import Bar, bars, figure
from evals.report import Report, RetrievalOutput
from evals.tallies import label, number

_OURS = "hybrid"


def retrieval_section(report: Report) -> list[Element]:
    """Return a table and a plot a metric for every collection; the program's own search has the solid bar."""
    if not report.retrieval:
        return [element("p", "None given: ", element("code", "posology eval retrieval DIR --json > FILE"), ".")]
    return [part for at, (name, output) in enumerate(report.retrieval) for part in _collection(f"r{at}", name, output)]


def _collection(identity: str, name: str, output: RetrievalOutput) -> list[Element]:
    times = ", ".join(f"{share} {value:g} ms" for share, value in output.milliseconds.items())
    caption = f"{output.documents:,} documents, {output.queries:,} queries; hybrid search {times}"
    shown = table(caption, ("System", *map(label, output.metrics)), output.rows())
    plots = [_compared(f"{identity}-{at}", name, metric, output) for at, metric in enumerate(output.metrics)]
    return [element("h3", name), shown, element("div", *plots, class_="plots")]


def _compared(identity: str, name: str, metric: str, output: RetrievalOutput) -> Element:
    held = {system: values[metric] for system, values in output.systems.items() if metric in values}
    rows = [Bar(label(s), value, number(value), plain=s != _OURS) for s, value in held.items()]
    told = "; ".join(f"{row.label} {row.printed}" for row in rows)
    return figure(bars(identity, f"{label(metric)}, {name}", f"Bars by system. {told}.", rows))
