"""`make bench-add CORPUS=corpus.jsonl`: what adding costs beside what the embedder alone costs for the same texts.

A machine that does other things at the same time makes seconds worthless, and spoils even their ratio when its load
changes; so the embedder is measured before and after, and processor time, which others hardly touch, is told as well.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from assistant.importing import import_files
from assistant.session import Session
from corpus.passages import passages
from corpus.readers import read_file
from index.embedder import BATCH, Embedder
from index.texts import embedding_text, prose_sentences

TARGET = 1.15


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of processors in all threads and ended processes."""

    clock: float
    processors: float

    def over(self, other: Cost) -> str:
        """Return this cost as a multiple of another."""
        return f"{self.clock / other.clock:6.3f} by the clock, {self.processors / other.processors:6.3f} of processors"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="JSON Lines with title and text, as in BEIR")
    parser.add_argument("--count", type=int, default=2_000, help="how many of its documents to add")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        papers = _papers(asked.corpus, asked.count, Path(folder) / "papers")
        session = Session(Path(folder) / "library")
        session.embedder.embed(["Loading the model is no part of it."])
        whole, parts = _texts(papers)
        before, passages_only = _embedding(session.embedder, whole, parts)
        begun = _now()
        with session.writer() as writer:
            summary = import_files(writer, [Path(folder) / "papers"], elsewhere=True)
        adding = _since(begun)
        after, again = _embedding(session.embedder, whole, parts)
    alone = Cost((before.clock + after.clock) / 2, (before.processors + after.processors) / 2)
    only = Cost((passages_only.clock + again.clock) / 2, (passages_only.processors + again.processors) / 2)
    print(f"{summary.counts}; {len(whole)} passages and {len(parts)} sentences embedded")
    print(f"adding:        {adding.clock:8.1f} s, {adding.processors:8.1f} s of processors")
    print(f"embedder alone:{alone.clock:8.1f} s, {alone.processors:8.1f} s of processors (mean of before and after)")
    print(f"adding / embedder, same texts:     {adding.over(alone)}; at most {TARGET}")
    print(f"adding / embedder, passages alone: {adding.over(only)}")


def _papers(corpus: Path, count: int, folder: Path) -> list[Path]:
    """Write each document as a text file of its own and return the files."""
    folder.mkdir()
    files = []
    with corpus.open(encoding="utf-8") as lines:
        for number, line in zip(range(count), lines, strict=False):
            record = json.loads(line)
            file = folder / f"{number:06}.txt"
            file.write_text(f"{record['title']}\n\n{record['text']}\n", encoding="utf-8")
            files.append(file)
    return files


def _texts(files: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Return the texts that adding embeds: passages with their titles, and sentences."""
    whole, parts = [], []
    for file in files:
        document = read_file(file)
        for passage in passages(document):
            whole.append(embedding_text(document, passage))
            parts += [text for _, text in prose_sentences(document, passage)]
    return whole, parts


def _embedding(embedder: Embedder, whole: list[str], parts: list[str]) -> tuple[Cost, Cost]:
    """Return what embedding costs: of all texts, and of the passages among them."""
    begun = _now()
    for at in range(0, len(whole), BATCH):
        embedder.embed(whole[at : at + BATCH])
    passages_only = _since(begun)
    embedder.embed(parts)
    return _since(begun), passages_only


def _now() -> Cost:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Cost(perf_counter(), sum(each.ru_utime + each.ru_stime for each in used))


def _since(begun: Cost) -> Cost:
    now = _now()
    return Cost(now.clock - begun.clock, now.processors - begun.processors)


if __name__ == "__main__":
    main()
