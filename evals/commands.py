"""`posology eval …`: mounted by the command line from the entry point that this package registers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.commands.options import LibraryOption
from evals.collection_commands import abstention, calibration, collection_library, ranking, retrieval, sentences

SuitesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[SUITE]...", help="Suites; all if none is named.", show_default=False)
]
SplitOption = Annotated[
    Literal["development", "test", "all"], typer.Option("--split", help="Which part of the questions to ask.")
]
QuestionsOption = Annotated[
    Path | None,
    typer.Option("--questions", metavar="DIR", help="Suites of your own, not the bundled ones.", show_default=False),
]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, metavar="N", help="Ask by so many processes.")]

app = typer.Typer(help="Measure retrieval and answers.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def group() -> None:
    """Measure retrieval and answers."""


def write_lines(*parts: Iterable[str]) -> None:
    """Print lines to standard output, an empty one between parts."""
    from assistant.commands.terminal import write

    filled = [text for part in parts if (text := "\n".join(part))]
    if filled:
        write("\n\n".join(filled))


for measured in (retrieval, ranking, sentences, abstention, calibration):
    app.command()(measured)
app.command("library")(collection_library)


@app.command()
def extraction(
    gold: Annotated[Path, typer.Argument(help="A JSON list of the doses that a person read off the documents.")],
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the doses that were extracted from a library's documents: precision, recall, and what to judge by hand.

    Example: posology add PAPERS --no-curated --library DIR; posology eval extraction GOLD.json --library DIR
    """
    from assistant.commands.terminal import open_session
    from evals.extraction import as_data, lines, measure
    from evals.gold_doses import read_gold

    doses = read_gold(gold)
    with open_session(library).library() as opened:
        report = measure(opened, doses)
    write_lines([json.dumps(as_data(report))] if as_json else lines(report))


@app.command()
def run(
    suites: SuitesArgument = None,
    split: SplitOption = "all",
    questions: QuestionsOption = None,
    library: LibraryOption = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="RUN", help="A run by file or id, or `last`.", show_default=False)
    ] = None,
    workers: WorkersOption = 1,
    fast: Annotated[bool, typer.Option("--fast", help="Ask the subset that gates every change.")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="Print every question that failed, and why.")] = False,
    by_kind: Annotated[bool, typer.Option("--by-kind", help="Print every metric by kind.")] = False,
    set_baseline: Annotated[bool, typer.Option("--set-baseline", help="Take this run for the base line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask the question suites, print what passed and every metric, keep the run, and hold it against the gates.

    The base line is of the bundled questions; others are held against the other gates only.

    Example: posology eval run dose safety --compare last --misses
    """
    if set_baseline and questions:
        raise typer.BadParameter("The base line is of the bundled questions; leave --questions or --set-baseline out.")
    from assistant.commands.terminal import note
    from evals import changes, runs, summary
    from evals.gate import check, gates, read_baseline, write_baseline
    from evals.instrument import Choice, measure
    from evals.suite import FOLDER

    before = runs.find_run(compare) if compare else None
    choice = Choice(tuple(suites or ()), split, "fast" if fast else "full", questions or FOLDER)
    found = measure(choice, library, workers)
    note(f"run {found.id} is kept in {runs.store(found)}")
    if set_baseline:
        note(f"base line written to {write_baseline(found)}")
    shut = gates(found, {} if questions else read_baseline())
    changed = changes.compare(before, found) if before else None
    if as_json:
        write_lines([json.dumps(summary.as_data(found, shut, changed))])
    else:
        tables = [summary.kind_table(found), summary.metric_table(found)]
        tables += [summary.metrics_by_kind(found)] if by_kind else []
        told = [summary.misses(found.results)] if misses else []
        write_lines(*told, *tables, summary.change_lines(changed) if changed else (), summary.gate_lines(shut))
    check(shut)


@app.command()
def gate(
    library: LibraryOption = None,
    workers: WorkersOption = 1,
) -> None:
    """Ask the fast subset of the development questions and hold it against the gates. For continuous integration."""
    from evals import summary
    from evals.gate import check, gates, read_baseline
    from evals.instrument import Choice, measure

    found = measure(Choice(split="development", scope="fast"), library, workers)
    shut = gates(found, read_baseline())
    asked, passed = len(found.results), sum(result.passed for result in found.results)
    write_lines([f"{passed} of {asked} questions pass"], summary.gate_lines(shut))
    check(shut)


@app.command()
def lint(
    suites: SuitesArgument = None,
    questions: QuestionsOption = None,
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find questions that contradict or repeat each other, and gold that does not bear out what is expected."""
    from assistant.commands.terminal import open_session
    from corpus.errors import VerificationError
    from evals.lint import lint as lint_items
    from evals.lint import read_all
    from evals.lint_gold import lint_gold
    from evals.suite import FOLDER, suite_files

    items, found = read_all(suite_files(tuple(suites or ()), questions or FOLDER))
    with open_session(library).library() as opened:
        found += [*lint_items(items), *lint_gold(items, opened)]
    errors = sum(finding.severity == "error" for finding in found)
    if as_json:
        write_lines([json.dumps([asdict(finding) for finding in found])])
    else:
        write_lines(f"{one.severity:7} {one.rule:14} {one.id}: {one.message}" for one in found)
        write_lines([f"{len(items)} items, {errors} errors, {len(found) - errors} warnings"])
    if errors:
        raise VerificationError(f"The question suites have {errors} errors; correct the items named above.")


@app.command()
def report(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="A run's id or file; `last` is the newest.")] = "last",
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="RUN", help="Compare with this run, not the one before.", show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write an HTML page.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write a summary.")] = None,
    readme: Annotated[
        Path | None, typer.Option("--readme", metavar="FILE", help="Write the tables between FILE's marks.")
    ] = None,
    retrieval: Annotated[
        list[Path] | None,
        typer.Option("--retrieval", metavar="FILE", help="What `eval retrieval --json` printed (repeatable)."),
    ] = None,
) -> None:
    """Report on a stored run: an HTML page, a Markdown summary, or the summary on standard output.

    Example: posology eval report --out report.html
    """
    from assistant.commands.terminal import note, write
    from evals.page import page
    from evals.readme_table import read, within
    from evals.report import gather, save
    from evals.report_markdown import summary

    gathered = gather(run, against, retrieval or ())
    if readme is not None:
        save(within(read(readme), gathered.run, str(readme)), readme)
        note(f"Tables of run {gathered.run.id} written into {readme}")
    elif out is None and markdown is None:
        write(summary(gathered).rstrip("\n"))
    for file, form in ((out, page), (markdown, summary)):
        if file is not None:
            save(form(gathered), file)
            note(f"Report on run {gathered.run.id} written to {file}")
