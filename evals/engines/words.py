"""Three engines for BM25: tantivy as the program uses it, bm25s, and SQLite's FTS5, each with its index on disk."""

from __future__ import annotations

import logging
import re
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import bm25s
import Stemmer

from evals.engines.material import Material, made_entries, made_queries
from evals.engines.timing import Table, Times, clock_seconds, cpu_seconds, in_turns, middle, ratio, tail
from index.lexical import LexicalEntry, LexicalIndex
from index.search import POOL

QUERIES = 100
ROUNDS = 3
ADDED = 100
"""Passages that are added to a full index: about one paper."""

Entries = Sequence[LexicalEntry]


class WordEngine(ABC):
    """A contender. Its index lies in one folder."""

    name: str

    @abstractmethod
    def build(self, entries: Entries) -> None:
        """Index the entries and write the index, replacing what was there."""

    @abstractmethod
    def add(self, before: Entries, more: Entries) -> None:
        """Bring more entries into the index that holds those before."""

    @abstractmethod
    def reopen(self) -> None:
        """Open the index from its folder, as a new process does."""

    @abstractmethod
    def find(self, query: str) -> int:
        """Search, and return how many of the best `POOL` passages came back."""


class Tantivy(WordEngine):
    """The program's own index: three fields with its weights, English stemming."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tantivy"
        self._index = LexicalIndex.create(self._folder)

    def build(self, entries: Entries) -> None:
        """Index the entries in one commit."""
        self._index.clear()
        self._index.change((), entries)

    def add(self, before: Entries, more: Entries) -> None:
        """Add entries in one commit."""
        self._index.change((), more)

    def reopen(self) -> None:
        """Open the folder."""
        self._index = LexicalIndex(self._folder)

    def find(self, query: str) -> int:
        """Search the three fields."""
        return len(self._index.search([(word, 1.0) for word in self._index.words(query)], POOL))


class Bm25s(WordEngine):
    """bm25s over one text a passage, with the same stemming; its numpy backend, one thread."""

    name = "bm25s"

    def __init__(self, folder: Path) -> None:
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._folder = folder / "bm25s"
        self._stemmer = Stemmer.Stemmer("english")

    def build(self, entries: Entries) -> None:
        """Tokenise and score everything, and save it."""
        self._index = bm25s.BM25()
        self._index.index(self._tokens([f"{e.title} {e.section} {e.body}" for e in entries]), show_progress=False)
        self._index.save(self._folder)

    def add(self, before: Entries, more: Entries) -> None:
        """Build everything anew: bm25s cannot add to what it has."""
        self.build([*before, *more])

    def reopen(self) -> None:
        """Map the saved arrays into memory and read the vocabulary."""
        self._index = bm25s.BM25.load(self._folder, mmap=True)

    def find(self, query: str) -> int:
        """Search."""
        hits, _ = self._index.retrieve(self._tokens([query]), k=POOL, show_progress=False)
        return len(hits[0])

    def _tokens(self, texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords=None, stemmer=self._stemmer, show_progress=False)


class Fts5(WordEngine):
    """SQLite's own full-text index: the same three fields and weights, Porter stemming."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._file = folder / "fts.sqlite"
        self._connection = self._connect()

    def build(self, entries: Entries) -> None:
        """Index the entries in one transaction."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS words")
        run("CREATE VIRTUAL TABLE words USING fts5(title, section, body, tokenize = 'porter unicode61', content = '')")
        run("INSERT INTO words (words, rank) VALUES ('rank', 'bm25(0.25, 0.5, 1.0)')")
        self.add((), entries)

    def add(self, before: Entries, more: Entries) -> None:
        """Add entries in one transaction."""
        rows = ((e.id, e.title, e.section, e.body) for e in more)
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO words (rowid, title, section, body) VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def reopen(self) -> None:
        """Open the file."""
        self._connection.close()
        self._connection = self._connect()

    def find(self, query: str) -> int:
        """Search for passages that hold any of the words."""
        any_word = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", query)))
        best = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return len(self._connection.execute(best, (any_word, POOL)).fetchall())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("PRAGMA cache_size = -64000")  # kilobytes: as much memory as tantivy's writer has
        return connection


def measure(material: Material, sizes: Sequence[int], rounds: int) -> list[Table]:
    """Return a table a size: seconds to build, milliseconds to open, to search and to add `ADDED` passages."""
    queries = made_queries(material, QUERIES)
    return [_measure(made_entries(material, size + rounds * ADDED), size, queries, rounds) for size in sizes]


def _measure(entries: Entries, size: int, queries: Sequence[str], rounds: int) -> Table:
    with _engines() as engines:
        build = in_turns({engine.name: partial(engine.build, entries[:size]) for engine in engines}, rounds)
        opening = in_turns(
            {engine.name: partial(_opened, engine, queries[0]) for engine in engines}, ROUNDS, clock_seconds
        )
        search = _searched(engines, queries)
        add: Times = {engine.name: [] for engine in engines}
        for at in range(size, len(entries), ADDED):
            for engine in engines:
                add[engine.name].append(clock_seconds(partial(engine.add, entries[:at], entries[at : at + ADDED])))
    return _table(size, build, opening, search, add)


@contextmanager
def _engines() -> Iterator[list[WordEngine]]:
    with tempfile.TemporaryDirectory() as name:
        fts5 = Fts5(Path(name))
        try:
            yield [Tantivy(Path(name)), Bm25s(Path(name)), fts5]
        finally:
            fts5.close()


def _opened(engine: WordEngine, query: str) -> None:
    engine.reopen()
    engine.find(query)


def _searched(engines: Sequence[WordEngine], queries: Sequence[str]) -> Times:
    times: Times = {engine.name: [] for engine in engines}
    for query in queries:
        for engine in engines:
            if not engine.find(query):  # also warms it
                raise SystemExit(f"{engine.name} found nothing for {query!r}: the engines were not asked the same.")
            times[engine.name] += [cpu_seconds(partial(engine.find, query)) for _ in range(ROUNDS)]
    return times


def _table(size: int, build: Times, opening: Times, search: Times, add: Times) -> Table:
    reference = middle(search[Tantivy.name])
    rows = tuple(
        (
            name,
            f"{middle(build[name], 1):.1f}",
            f"{middle(opening[name]):.1f}",
            f"{middle(search[name]):.2f}",
            f"{tail(search[name]):.2f}",
            ratio(middle(search[name]), reference),
            f"{middle(add[name]):.0f}",
        )
        for name in build
    )
    note = (
        "Passages of two to five real sentences of the bundled documents, drawn anew (seeded), under real section "
        f"titles. Build, on disk, tokenising included: processor time, median of {len(build[Tantivy.name])}. "
        f"{QUERIES} queries of five to ten words that follow each other in a sentence, each {ROUNDS} times, best "
        f"{POOL}: processor time, one thread. Opening, one search included, and adding {ADDED} passages: by the clock."
    )
    heads = ("engine", "build s", "open ms", "query ms p50", "p95", "to tantivy", f"add {ADDED}, ms")
    return Table(f"Words: {size:,} passages", note, heads, rows)
