"""The one search: by meaning and by words, ranked together, with each hit's score explained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.types import Passage
from index.library import Library
from index.ranking import Lookups, ScoreParts, rank

POOL = 100
"""How many passages each retriever proposes."""

_EXPANSION_WEIGHT = 0.5
"""Weight in BM25 of a word that the question doesn't hold but a synonym of it does."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found; None means everything."""

    documents: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why."""

    passage: Passage
    parts: ScoreParts

    @property
    def score(self) -> float:
        """Return the score, between 0 and 1."""
        return self.parts.score


class Searcher(Protocol):
    """What the assistant needs of a search engine; nothing above this package knows which one serves it."""

    def search(
        self, query: str, k: int = 10, filters: Filters | None = None, expansions: Sequence[str] = ()
    ) -> list[Hit]:
        """Return up to `k` passages for `query`, best first."""
        ...

    def weight(self, word: str) -> float:
        """Return the inverse document frequency of a word, in natural-log units; unknown words weigh most."""
        ...

    def knows(self, word: str) -> bool:
        """Return whether any passage holds the word, in any inflection."""
        ...


class HybridSearcher:
    """FAISS and tantivy over one open library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def search(
        self, query: str, k: int = 10, filters: Filters | None = None, expansions: Sequence[str] = ()
    ) -> list[Hit]:
        """Return up to `k` passages for `query`, best first.

        `expansions` are names for what the query names otherwise (a brand's generic, an abbreviation's long form);
        they count half in BM25 and are appended for the embedding.
        """
        library, pool = self._library, max(POOL, 2 * k)
        documents = filters.documents if filters else None
        allowed = library.passages_in(documents) if documents is not None else None
        text = " ".join([query, *expansions])
        embedded = library.query_vector(text)
        dense = library.vectors.search(embedded, pool, allowed)
        words = self._weighted_words(query, expansions)
        lexical = library.lexical.search(words, pool, documents)
        known = library.catalogue.known_passages([i for i, _ in (*dense, *lexical)])
        lookups = Lookups(
            library.vectors.vectors,
            lambda ids: dict(library.lexical.search(words, len(ids), ids=ids)),
            lambda ids: library.nearest_sentences(text, ids),
        )
        found = ([h for h in dense if h[0] in known], [h for h in lexical if h[0] in known])
        ranked = rank(embedded, *found, lookups, k)
        passages = library.catalogue.passages([identity for identity, _ in ranked])
        return [Hit(passages[identity], parts) for identity, parts in ranked]

    def _weighted_words(self, query: str, expansions: Sequence[str]) -> list[tuple[str, float]]:
        """Return the analysed words of a query, each with its weight; its own words count whole."""
        analysed = self._library.lexical.words
        weighted = {word: _EXPANSION_WEIGHT for text in expansions for word in analysed(text)}
        return list((weighted | dict.fromkeys(analysed(query), 1.0)).items())

    def weight(self, word: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)), BM25's inverse document frequency, for the stem of `word`."""
        total = max(self._library.manifest.passages, 1)
        found = min(max((self._frequency(stem) for stem in self._library.lexical.words(word)), default=0), total)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    def knows(self, word: str) -> bool:
        """Return whether every stem of `word` stands in some passage."""
        stems = self._library.lexical.words(word)
        return bool(stems) and all(self._frequency(stem) > 0 for stem in stems)

    def _frequency(self, stem: str) -> int:
        return self._library.frequency(stem)
