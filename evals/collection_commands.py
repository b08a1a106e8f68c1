"""The commands of `posology eval` that measure on public collections: retrieval, sentences, abstention, calibration."""

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
    ablation: Annotated[bool, typer.Option("--ablation", help="Leave out each feature in turn, too.")] = False,
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
        found = measure(items, session.embedder, session.settings.cache, progress, ablation=ablation)
    if as_json:
        write(json.dumps(asdict(found)))
        return
    write(f"{folder.name} ({split}): {found.items} questions, {found.candidates} sentences each")
    write(f"{'':24} {'first':>8} {'top 3':>8} {'MRR':>8} {'ours +':>8} {'p':>8}")
    for name, held in found.systems.items():
        ahead = found.differences.get(name)
        tested = f" {ahead.mean:8.3f} {ahead.p:8.5f}" if ahead else ""
        write(f"{name:24} {held['first']:8.3f} {held['top 3']:8.3f} {held['mrr']:8.3f}{tested}")
    write("direction and denial of the gold: " + ", ".join(f"{n} {name}" for name, n in found.stances.items()))


def calibration(
    folder: Annotated[
        Path, typer.Argument(help="Holds abstention/NAME.jsonl, abstention/NAME.removed_docs.txt, NAME/corpus.jsonl.")
    ],
    libraries: Annotated[
        Path, typer.Option("--libraries", metavar="DIR", help="Where the libraries are, or are made.")
    ],
    risk: Annotated[
        float, typer.Option("--risk", min=0, max=1, help="Share of questions without an answer that may pass.")
    ] = 0.06,
    train: Annotated[
        Path | None, typer.Option("--train", metavar="FILE", help="Write what was learned.", show_default=False)
    ] = None,
) -> None:
    """Learn how sure an answer is, with a threshold for a stated risk, and show it beside what the program ships.

    Each collection becomes a library that lacks the removed documents; the bundled development questions are asked too.
    """
    from assistant.commands.terminal import note, open_session, write
    from evals import calibration_training
    from evals.calibration_data import read_development
    from evals.report import save
    from index.calibration import load_calibration

    session = open_session(None)
    sets = read_development(folder, libraries, session.embedder, session.bar)
    learned, shipped = calibration_training.learn(sets, risk), load_calibration()
    rows = {
        "shipped": {name: calibration_training.standing(asked, shipped) for name, asked in sets.items()},
        "learned": {name: calibration_training.standing(asked, learned) for name, asked in sets.items()},
        "cross-validated": calibration_training.cross_validated(sets, risk),
    } | {
        f"without {part}": calibration_training.cross_validated(calibration_training.without(sets, part), risk)
        for part in calibration_training.PARTS
    }
    write(f"{'':28} {'questions':>9} {'held':>6} {'AUROC':>7} {'answered':>9} {'of the rest':>12}")
    for told, standings in rows.items():
        for name, one in standings.items():
            counts = f"{one.questions:9} {one.answerable:6} {one.auroc:7.3f} {one.held:9.1%} {one.passed:12.1%}"
            write(f"{f'{told}, {name}':28} {counts}")
    write("learned: " + ", ".join(f"{name} {value}" for name, value in learned.model_dump().items()))
    otherwise = calibration_training.decided_otherwise(sets, learned, shipped)
    write(
        f"of {sum(map(len, sets.values()))} questions {otherwise} are decided otherwise than by what the program ships"
    )
    if train is not None:
        save(calibration_training.as_yaml(learned), train)
        note(f"Calibration learned from {sum(map(len, sets.values()))} questions written to {train}")


def ranking(
    collections: Annotated[
        list[str], typer.Argument(metavar="FOLDER:SPLIT...", help="Folders in BEIR layout, each with its judgements.")
    ],
) -> None:
    """Try a grid of ranking weights on collections: the shipped ones, the best, and the best without each collection.

    Example: posology eval ranking nfcorpus:dev scifact:train
    """
    from assistant.commands.terminal import open_session, write
    from evals.beir import read_set
    from evals.ranking_selection import grid, select, split_of, values_of

    session, settings = open_session(None), grid()
    values = {}
    for folder, split in map(split_of, collections):
        with session.bar(f"Ranking {folder.name} in {len(settings)} ways") as progress:
            held = values_of(read_set(folder, split), settings, session.embedder, session.settings.cache, progress)
            values[folder.name] = held
    found = select(values, settings)
    rows = {"shipped": found.shipped, "best": found.best} | {f"without {n}": one for n, one in found.left_out.items()}
    write(f"{found.settings} settings, nDCG@10")
    write(f"{'':24}" + "".join(f" {name:>10}" for name in values) + "  what differs")
    for name, one in rows.items():
        differs = ", ".join(f"{what} {value:g}" for what, value in one.changes.items()) or "nothing"
        write(f"{name:24}" + "".join(f" {value:10.4f}" for value in one.ndcg.values()) + f"  {differs}")
    write(f"shipped against best, over all queries: {found.ahead.mean:+.4f} (p {found.ahead.p:.3f})")


def collection_library(
    folder: Annotated[Path, typer.Argument(help="A folder in BEIR layout.")],
    path: Annotated[Path, typer.Argument(metavar="LIBRARY", help="The folder of the library to make.")],
    without: Annotated[
        Path | None, typer.Option("--without", metavar="FILE", help="Ids to leave out, one a line.", show_default=False)
    ] = None,
) -> None:
    """Make a library of a test collection's documents, to ask questions whose answer it lacks or holds."""
    from assistant.commands.terminal import note, open_session
    from evals.collection_library import documents_of, make_library

    session, documents = open_session(None), documents_of(folder, without)
    with session.bar(f"Embedding {len(documents)} documents") as progress:
        passages = make_library(documents, path, session.embedder, progress)
    note(f"{len(documents)} documents, {passages} passages in {path}")
