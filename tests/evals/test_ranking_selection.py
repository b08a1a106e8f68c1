"""Choosing the ranking's weights, on values that are known beforehand and on a collection small enough to see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UnreadableFileError
from evals.beir import RetrievalSet
from evals.ranking_selection import GRID, grid, select, split_of, values_of
from evals.retrieval import OURS, measure
from index.embedder import Embedder
from index.ranking import WEIGHTS

OTHER = replace(WEIGHTS, words=2.0)
SETTINGS = [OTHER, WEIGHTS]
COLLECTION = RetrievalSet(
    {
        "d1": ("Morphea", "zorlitinib softened plaques of morphea"),
        "d2": ("Vitiligo", "repigmentation of vitiligo began on the face"),
        "d3": ("", "headache was reported by nine volunteers"),
    },
    {"q1": "zorlitinib morphea", "q2": "vitiligo of the face"},
    {"q1": {"d1": 1}, "q2": {"d3": 1}},
)


def quiet(done: int, total: int) -> None:
    pass


def test_the_grid_holds_the_shipped_weights_once_and_only_changes_what_it_names() -> None:
    settings = grid()
    assert settings.count(WEIGHTS) == 1 and len(settings) == len(set(settings)) < 200
    fixed = {name: getattr(WEIGHTS, name) for name in ("passage", "depth", "complete")}
    assert all(getattr(one, name) == value for one in settings for name, value in fixed.items())
    assert {name: {getattr(one, name) for one in settings} for name in GRID} == {n: set(v) for n, v in GRID.items()}


def test_a_choice_that_leaves_a_collection_out_does_not_see_it() -> None:
    values = {"a": np.array([[0.2, 0.2], [0.9, 0.9]]), "b": np.array([[0.6, 0.6], [0.5, 0.5]])}
    found = select(values, SETTINGS)
    assert found.best == found.shipped and found.shipped.changes == {}
    assert found.left_out["a"].changes == {"words": 2.0} and found.left_out["a"].ndcg["a"] == 0.2
    assert found.left_out["b"].changes == {} and found.left_out["b"].ndcg["b"] == 0.5
    assert found.ahead.mean == 0.0 and found.settings == 2


def test_what_is_better_than_the_shipped_weights_is_told_with_its_significance() -> None:
    found = select({"a": np.array([[0.9] * 40, [0.5] * 40])}, SETTINGS)
    assert found.best.changes == {"words": 2.0} and found.left_out == {}
    assert found.ahead.mean == pytest.approx(-0.4) and found.ahead.p < 0.001


def test_the_shipped_weights_get_what_the_retrieval_report_gives_them(tmp_path: Path, word_embedder: Embedder) -> None:
    values = values_of(COLLECTION, SETTINGS, word_embedder, tmp_path, quiet)
    report = measure(COLLECTION, word_embedder, tmp_path, quiet)
    assert values.shape == (2, 2)
    assert values[1].mean() == pytest.approx(report.systems[OURS]["ndcg@10"], abs=1e-4)


def test_a_collection_is_named_with_its_split() -> None:
    assert split_of("some/folder:dev") == (Path("some/folder"), "dev")
    for named in ("folder", ":dev", "folder:"):
        with pytest.raises(UnreadableFileError, match="FOLDER:SPLIT"):
            split_of(named)
