"""The commands of `posology eval` that measure on public collections: retrieval, sentences, abstention."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.options import LibraryOption


def retrieval(
    folder: Annotated[Path, typer.Argument(help="A folder in BEIR layout.")],
    split: Annotated[str, typer.Option("--split", metavar="NAME", help="Which judgements to use.")] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run a public test collection through the indexes: ours beside BM25, dense, RRF, a blend, and ours without parts.

    Behind each figure of another system: how much better ours is in nDCG@10, and the p of the paired test.
    """
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
    write(f"{'':18} {'nDCG@10':>8} {'recall@10':>10} {'MRR@10':>8} {'ours +':>8} {'p':>8}")
    for name, found in (report.systems | report.ablation).items():
        ahead = report.differences.get(name)
        tested = f" {ahead.mean:8.3f} {ahead.p:8.5f}" if ahead else ""
        write(f"{name:18} {found['ndcg@10']:8.3f} {found['recall@10']:10.3f} {found['mrr@10']:8.3f}{tested}")
    write(f"hybrid search: p50 {report.milliseconds['p50']} ms, p95 {report.milliseconds['p95']} ms")


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
    write("coverage → risk: " + ", ".join(f"{share:.0%} → {risk:.1%}" for share, risk in report.curve))
    write(
        f"mean risk over all coverages: {report.area:.3f}; threshold {report.threshold} for a risk of {report.risk:.0%}"
    )
    held, rest = report.answered_of_answerable, report.answered_of_unanswerable
    write(f"answered: {held:.1%} of the answerable, {rest:.1%} of the rest")


def sentences(
    folder: Annotated[Path, typer.Argument(help="A folder with NAME.jsonl: question, sentences, gold.")],
    split: Annotated[str, typer.Option("--split", metavar="NAME", help="Which file of the folder.")] = "test",
    train: Annotated[
        Path | None, typer.Option("--train", metavar="FILE", help="Learn weights and write them.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how well the answering sentence of a text is chosen, or learn the weights that choose it.

    A line of NAME.jsonl: {"question": …, "sentences": [in order], "gold": [indexes of those that answer]}.
    """
    from assistant.commands.terminal import note, open_session, write
    from evals import sentence_training
    from evals.report import save
    from evals.sentence_eval import features_of, measure, read_sentences

    session, items = open_session(None), read_sentences(folder, split)
    with session.bar(f"Embedding the sentences of {len(items)} texts") as progress:
        if train is not None:
            learned = sentence_training.learn(*features_of(items, session.embedder, session.settings.cache, progress))
            save(sentence_training.as_yaml(learned), train)
            note(f"Weights learned from {len(items)} questions written to {train}")
            return
        found = measure(items, session.embedder, session.settings.cache, progress)
    if as_json:
        write(json.dumps(asdict(found)))
        return
    write(f"{folder.name} ({split}): {found.items} questions, {found.candidates} sentences each")
    write(f"{'':16} {'first':>8} {'top 3':>8} {'MRR':>8} {'ours +':>8} {'p':>8}")
    for name, held in found.systems.items():
        ahead = found.differences.get(name)
        tested = f" {ahead.mean:8.3f} {ahead.p:8.5f}" if ahead else ""
        write(f"{name:16} {held['first']:8.3f} {held['top 3']:8.3f} {held['mrr']:8.3f}{tested}")
    write("direction and denial of the gold: " + ", ".join(f"{n} {name}" for name, n in found.stances.items()))
