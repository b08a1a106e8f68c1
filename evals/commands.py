"""`posology eval …`: mounted by the command line from the entry point that this package registers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import LibraryOption

app = typer.Typer(help="Measure retrieval and answers.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def group() -> None:
    """Measure retrieval and answers."""


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(help="A folder in BEIR layout.")],
    split: Annotated[str, typer.Option("--split", metavar="NAME", help="Which judgements to use.")] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run a public test collection through the indexes: BM25, dense and hybrid side by side."""
    from assistant.commands.terminal import open_session, write
    from evals.beir import read_set
    from evals.retrieval import measure

    session = open_session(None)
    collection = read_set(folder, split)
    with session.bar(f"Embedding {len(collection.documents)} documents") as progress:
        report = measure(collection, session.embedder, session.settings.cache, progress)
    if as_json:
        write(json.dumps(asdict(report)))
        return
    write(f"{folder.name} ({split}): {report.documents} documents, {report.queries} queries")
    write(f"{'':8} {'nDCG@10':>8} {'recall@10':>10} {'MRR@10':>8}")
    for name, found in report.systems.items():
        write(f"{name:8} {found['ndcg@10']:8.3f} {found['recall@10']:10.3f} {found['mrr@10']:8.3f}")
    write(f"hybrid search: p50 {report.milliseconds['p50']} ms, p95 {report.milliseconds['p95']} ms")


@app.command()
def abstention(
    questions: Annotated[Path, typer.Argument(help="JSON Lines with text and answerable.")],
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how well the program tells questions that the library holds from those that it doesn't."""
    from assistant.commands.terminal import open_session, write
    from evals.abstention import measure, read_items

    items = read_items(questions)
    with open_session(library).library() as opened:
        report = measure(items, opened)
    if as_json:
        write(json.dumps(asdict(report)))
        return
    write(f"{report.questions} questions, {report.answerable} of them answerable")
    write(f"AUROC of the confidence: {report.auroc:.3f}")
    held, rest = report.answered_of_answerable, report.answered_of_unanswerable
    write(f"answered: {held:.1%} of the answerable, {rest:.1%} of the rest")


@app.command()
def run(
    suites: Annotated[list[str] | None, typer.Argument(help="Suites to ask; all if none is named.")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="Print every question that failed, and why.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    library: LibraryOption = None,
) -> None:
    """Ask the question suites and print what passed, by kind."""
    from assistant.commands.terminal import open_session, write
    from evals.run import run as ask_all
    from evals.run import summarise
    from evals.suite import load_suites

    items = load_suites(tuple(suites or ()))
    session = open_session(library)
    with session.library() as opened, session.bar(f"Asking {len(items)} items") as progress:
        verdicts = ask_all(items, opened, progress)
    summary = summarise(verdicts)
    if as_json:
        write(json.dumps(asdict(summary)))
        return
    for verdict in verdicts:
        if misses and verdict.fault is not None:
            write(f"MISS {verdict.turn.id}: {verdict.turn.question}")
            write(f"     {verdict.fault}\n     {verdict.answer.answer[:300]}")
    for kind, (passed, asked) in {**summary.kinds, "all": (summary.passed, summary.questions)}.items():
        write(f"{kind:16} {passed:4} of {asked:4}  {passed / asked:6.1%}")
    write(f"abstention: precision {summary.abstention_precision:.3f}, recall {summary.abstention_recall:.3f}")
    write(f"answers: p50 {summary.milliseconds['p50']} ms, p95 {summary.milliseconds['p95']} ms")
