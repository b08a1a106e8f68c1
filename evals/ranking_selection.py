"""Choosing the weights of the ranking on development collections, and what that choice is worth on an unseen one.

Every setting of a small grid ranks every query of every collection. The best by mean nDCG@10 over the collections is
what tuning would take; leaving out each collection in turn tells what a choice made without it gets there. The shipped
weights stand beside both: equal parts, kept unless the grid holds something that is better beyond chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import UnreadableFileError
from evals import metrics
from evals.beir import RetrievalSet
from evals.embedded import Progress
from evals.paired import Difference, compare
from evals.proposals import Proposed, proposals
from evals.retrieval import DEEPEST
from index.embedder import Embedder
from index.ranking import WEIGHTS, Lookups, Weights, rank

GRID: Mapping[str, tuple[float, ...]] = {
    "words": (0.75, 1.0, 1.5, 2.0),
    "sentence": (0.5, 1.0, 1.5),
    "feedback": (0.0, 0.15, 0.3, 0.5),
    "feedback_passages": (2, 3, 5),
}
"""The values that are tried of each hyper-parameter; the weight of the passage is the unit, the rest stays as it is."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting, by what it changes of the shipped one, with its nDCG@10 on every collection."""

    changes: dict[str, float]
    ndcg: dict[str, float]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a grid of settings came to.

    `left_out` holds for each collection the setting that is best on the mean of the others; `ahead` compares the
    shipped one with the best of all, over the queries of all collections.
    """

    settings: int
    shipped: Standing
    best: Standing
    left_out: dict[str, Standing]
    ahead: Difference


def grid() -> list[Weights]:
    """Return every setting, the shipped one among them; without feedback the number of its passages says nothing."""
    found = [_changed(dict(zip(GRID, values, strict=True))) for values in product(*GRID.values())]
    distinct = {w if w.feedback else replace(w, feedback_passages=WEIGHTS.feedback_passages): None for w in found}
    return list(distinct | {WEIGHTS: None})


def select(values: Mapping[str, Values], settings: Sequence[Weights]) -> Selection:
    """Return the selection from nDCG@10 by collection, each of shape (settings, queries)."""
    means = {name: held.mean(axis=1) for name, held in values.items()}
    shipped, best = settings.index(WEIGHTS), _best(list(means.values()))

    def standing(at: int) -> Standing:
        return Standing(_changes(settings[at]), {name: round(float(of[at]), 4) for name, of in means.items()})

    left_out = {name: _best([of for other, of in means.items() if other != name]) for name in means}
    together = np.concatenate(list(values.values()), axis=1)
    return Selection(
        len(settings),
        standing(shipped),
        standing(best),
        {name: standing(at) for name, at in left_out.items()} if len(means) > 1 else {},
        compare(together[shipped].tolist(), together[best].tolist()),
    )


def values_of(
    collection: RetrievalSet, settings: Sequence[Weights], embedder: Embedder, cache: Path, progress: Progress
) -> Values:
    """Return the nDCG@10 of every setting on every query of a collection, of shape (settings, queries)."""
    ids = list(collection.documents)
    with proposals(collection, embedder, cache, progress) as proposed:
        found = []
        for query, one in proposed.items():
            lookups = _looked_up(one)
            rankings = (rank(one.vector, one.dense, one.lexical, lookups, DEEPEST, weights) for weights in settings)
            named = ([ids[i] for i, _ in ranking] for ranking in rankings)
            found.append([metrics.ndcg(ranking, collection.judgements[query]) for ranking in named])
            progress(len(found), len(proposed))
    return np.array(found).reshape(-1, len(settings)).T


def split_of(named: str) -> tuple[Path, str]:
    """Return the folder and the split of FOLDER:SPLIT.

    Raises:
        UnreadableFileError: there is no split.
    """
    folder, _, split = named.rpartition(":")
    if not folder or not split:
        raise UnreadableFileError(f"{named!r} names no split; write it as FOLDER:SPLIT.")
    return Path(folder), split


def _looked_up(one: Proposed) -> Lookups:
    """Return the lookups of a query's pool, done once for all settings."""
    ids = sorted({i for i, _ in (*one.dense, *one.lexical)})
    vectors = dict(zip(ids, one.lookups.vectors(ids), strict=True))
    bm25, nearest = one.lookups.bm25(ids) if ids else {}, one.lookups.sentences(ids)
    return Lookups(
        lambda wanted: np.stack([vectors[i] for i in wanted]),
        lambda wanted: {i: bm25[i] for i in wanted if i in bm25},
        lambda wanted: {i: nearest[i] for i in wanted if i in nearest},
    )


def _changed(values: Mapping[str, Any]) -> Weights:
    return replace(WEIGHTS, **values)


def _best(means: Sequence[Values]) -> int:
    return int(np.argmax(np.sum(means, axis=0))) if means else 0


def _changes(weights: Weights) -> dict[str, float]:
    return {name: getattr(weights, name) for name in GRID if getattr(weights, name) != getattr(WEIGHTS, name)}
