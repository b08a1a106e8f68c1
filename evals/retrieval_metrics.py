"""Metrics of the retrieval behind an answer: whether the passages that were read hold the gold, and how high.

The hits are those of `assistant.evidence` for the question as it was resolved. What is relevant is a place of the
gold: two quotes of one passage are one, and a digest's place in an original counts as that of the digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.contract import Answer
from assistant.evidence import gather
from assistant.interpret import interpret
from corpus.types import Passage
from evals import metrics
from evals.answer_metrics import Metric
from evals.gold import documents_of_gold, merged, passages_of_gold
from evals.suite import Gold, Turn
from index.library import Library
from index.search import HybridSearcher

CUTS = (1, 5, 10, 20)
_REMEMBERED = 2  # questions; all metrics of an answer ask for the same hits


class Finder:
    """Finds the passages that were read for a question; asked again, it remembers the last ones."""

    def __init__(self) -> None:
        self.passages = lru_cache(maxsize=_REMEMBERED)(self._passages)

    def _passages(self, resolved: str, library: Library) -> tuple[Passage, ...]:
        question = interpret(resolved, library.vocabulary, HybridSearcher(library))
        return tuple(hit.passage for hit in gather(question, library).hits) if question.text else ()


def _passage_ranks(found: Sequence[Passage], gold: Sequence[Gold], library: Library) -> tuple[list[str], int]:
    units = merged([passages_of_gold(one, library) for one in gold])
    return _ranks([passage.id for passage in found], units), len(units)


def _document_ranks(found: Sequence[Passage], gold: Sequence[Gold], library: Library) -> tuple[list[str], int]:
    units = merged([documents_of_gold(one, library) for one in gold])
    return _ranks([passage.document_id for passage in found], units), len(units)


def _ranks(found: Sequence[int | str], units: Sequence[frozenset[int | str]]) -> list[str]:
    """Return a name for each rank: that of the gold where it is first met, one of no relevance otherwise."""
    ranked: list[str] = []
    for rank, identity in enumerate(found):
        gold = next((f"gold {number}" for number, unit in enumerate(units) if identity in unit), None)
        ranked.append(gold if gold and gold not in ranked else f"other {rank}")
    return ranked


@dataclass(frozen=True)
class Found:
    """A ranking metric (Manning, Raghavan and Schütze 2008, chapter 8) over the first k passages.

    Recall@k is the share of the gold's passages, or of its documents, that the first k passages hold; MRR@10 and
    nDCG@10 rank them. Nothing where no answer is expected or the library holds no gold.
    """

    name: str
    rank: Callable[[Sequence[Passage], Sequence[Gold], Library], tuple[list[str], int]]
    measure: Callable[[Sequence[str], dict[str, int], int], float]
    k: int
    finder: Finder

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the metric's value."""
        if turn.expect != "answered" or not turn.gold:
            return None
        found = self.finder.passages(answer.interpretation.resolved, library)
        ranked, units = self.rank(found, turn.gold, library)
        judgements = {f"gold {number}": 1 for number in range(units)}
        return self.measure(ranked, judgements, self.k) if units else None


def retrieval_metrics() -> tuple[Metric, ...]:
    """Return the metrics for passages and documents, which share the search behind them."""
    finder = Finder()
    return tuple(
        Found(f"{what} {name}@{k}", rank, measure, k, finder)
        for what, rank in (("passage", _passage_ranks), ("document", _document_ranks))
        for name, measure, cuts in (
            ("recall", metrics.recall, CUTS),
            ("MRR", metrics.reciprocal_rank, (10,)),
            ("nDCG", metrics.ndcg, (10,)),
        )
        for k in cuts
    )
