"""Three engines for BM25: tantivy as the program uses it, bm25s, and SQLite's FTS5."""

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
from evals.engines.timing import Table, Times, in_turns, middle, ratio, seconds, tail
from index.lexical import LexicalEntry, LexicalIndex
from index.search import POOL

QUERIES = 100
ROUNDS = 3


class WordEngine(ABC):
    """A contender: builds an index over all entries at once, and finds the best `POOL` for a query."""

    name: str

    @abstractmethod
    def build(self, entries: Sequence[LexicalEntry]) -> None:
        """Index the entries, replacing what was there."""

    @abstractmethod
    def find(self, query: str) -> int:
        """Search, and return how many passages came back."""


class Tantivy(WordEngine):
    """The program's own index, in a folder: three fields, English stemming, on disk."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._index = LexicalIndex.create(folder / "tantivy")

    def build(self, entries: Sequence[LexicalEntry]) -> None:
        """Index the entries in one commit."""
        self._index.clear()
        self._index.change((), entries)

    def find(self, query: str) -> int:
        """Search the three fields with the program's weights."""
        return len(self._index.search([(word, 1.0) for word in self._index.words(query)], POOL))


class Bm25s(WordEngine):
    """bm25s over one text a passage, in memory, with the same stemming; its numpy backend, one thread."""

    name = "bm25s"

    def __init__(self) -> None:
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._stemmer = Stemmer.Stemmer("english")

    def build(self, entries: Sequence[LexicalEntry]) -> None:
        """Tokenise and score everything; bm25s has no way to add to what it has."""
        self._index = bm25s.BM25()
        self._index.index(self._tokens([f"{e.title} {e.section} {e.body}" for e in entries]), show_progress=False)

    def find(self, query: str) -> int:
        """Search."""
        hits, _ = self._index.retrieve(self._tokens([query]), k=POOL, show_progress=False)
        return len(hits[0])

    def _tokens(self, texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords=None, stemmer=self._stemmer, show_progress=False)


class Fts5(WordEngine):
    """SQLite's own full-text index, in a file: the same three fields and weights, Porter stemming."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts.sqlite", isolation_level=None)
        self._connection.execute("PRAGMA cache_size = -64000")  # KB: as much memory as tantivy's writer has

    def build(self, entries: Sequence[LexicalEntry]) -> None:
        """Index the entries in one transaction."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS words")
        run("CREATE VIRTUAL TABLE words USING fts5(title, section, body, tokenize = 'porter unicode61', content = '')")
        run("INSERT INTO words (words, rank) VALUES ('rank', 'bm25(0.25, 0.5, 1.0)')")
        run("BEGIN")
        rows = ((e.id, e.title, e.section, e.body) for e in entries)
        self._connection.executemany("INSERT INTO words (rowid, title, section, body) VALUES (?, ?, ?, ?)", rows)
        run("COMMIT")

    def find(self, query: str) -> int:
        """Search for passages that hold any of the words."""
        any_word = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", query)))
        best = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return len(self._connection.execute(best, (any_word, POOL)).fetchall())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def measure(material: Material, sizes: Sequence[int], builds: int) -> list[Table]:
    """Return a table a size: seconds to build, milliseconds a query."""
    queries = made_queries(material, QUERIES)
    tables = []
    for size in sizes:
        entries = made_entries(material, size)
        with _engines() as engines:
            build = in_turns({engine.name: partial(engine.build, entries) for engine in engines}, builds)
            tables.append(_table(build, _searched(engines, queries), size, builds))
    return tables


@contextmanager
def _engines() -> Iterator[list[WordEngine]]:
    with tempfile.TemporaryDirectory() as name:
        fts5 = Fts5(Path(name))
        try:
            yield [Tantivy(Path(name)), Bm25s(), fts5]
        finally:
            fts5.close()


def _searched(engines: Sequence[WordEngine], queries: Sequence[str]) -> Times:
    times: Times = {engine.name: [] for engine in engines}
    for query in [*queries[:3], *queries]:  # the first three warm the engines and are dropped below
        for engine in engines:
            if not engine.find(query):
                raise SystemExit(f"{engine.name} found nothing for {query!r}: the engines were not asked the same.")
            times[engine.name] += [seconds(partial(engine.find, query)) for _ in range(ROUNDS)]
    return {name: taken[3 * ROUNDS :] for name, taken in times.items()}


def _table(build: Times, search: Times, size: int, builds: int) -> Table:
    reference = Tantivy.name
    rows = tuple(
        (
            name,
            f"{middle(build[name], 1):.1f}",
            ratio(middle(build[name]), middle(build[reference])),
            f"{middle(search[name]):.1f}",
            f"{tail(search[name]):.1f}",
            ratio(middle(search[name]), middle(search[reference])),
        )
        for name in build
    )
    note = (
        "Passages of two to five real sentences of the bundled documents, drawn anew (seeded), under real headings. "
        f"Build: median of {builds}, tokenising included. {QUERIES} queries of five to ten words that follow each "
        f"other in a sentence, each {ROUNDS} times in turns, best {POOL}, one thread."
    )
    heads = ("engine", "build s", "to tantivy", "query ms p50", "p95", "to tantivy ")
    return Table(f"Words: {size:,} passages", note, heads, rows)
