"""Choosing sentences, measured and learned on invented texts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UnreadableFileError
from evals.paired import compare
from evals.sentence_eval import features_of, measure, read_sentences
from evals.sentence_training import as_yaml, learn
from index.embedder import Embedder
from index.sentence_choice import SentenceWeights

DRUGS = ("zorlitinib", "brantizumab", "quellimod", "sartofen", "ubrafen", "meltacin")


def write_set(folder: Path, **changes: object) -> None:
    lines = [
        {
            "id": drug,
            "question": f"{drug} reduces itching in volunteers",
            "sentences": [
                f"We aimed to test whether {drug} reduces itching in volunteers.",
                "Volunteers were seen weekly.",
                f"Itching was reduced by {drug}.",
            ],
            "gold": [2],
            "label": "SUPPORT",
            **changes,
        }
        for drug in DRUGS
    ]
    (folder / "dev.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")


def quiet(done: int, total: int) -> None:
    pass


def test_words_and_meaning_take_the_aim_and_ours_the_finding(tmp_path: Path, word_embedder: Embedder) -> None:
    write_set(tmp_path)
    report = measure(read_sentences(tmp_path, "dev"), word_embedder, tmp_path, quiet)
    assert (report.items, report.candidates) == (len(DRUGS), 3.0)
    assert report.systems["words"]["first"] == report.systems["meaning"]["first"] == 0.0
    assert report.systems["ours"] == {"first": 1.0, "top 3": 1.0, "mrr": 1.0}
    assert report.differences["words"].mean == 1.0
    assert report.stances == {"right": len(DRUGS), "wrong": 0, "unclear": 0}


def test_a_contradicting_finding_is_told_by_its_denial(tmp_path: Path, word_embedder: Embedder) -> None:
    write_set(tmp_path, sentences=["Itching was not reduced."], gold=[0], label="CONTRADICT")
    report = measure(read_sentences(tmp_path, "dev"), word_embedder, tmp_path, quiet)
    assert report.stances == {"right": len(DRUGS), "wrong": 0, "unclear": 0}


def test_learning_finds_what_the_gold_sentences_share_and_is_repeatable(
    tmp_path: Path, word_embedder: Embedder
) -> None:
    write_set(tmp_path)
    items = read_sentences(tmp_path, "dev")
    features, gold = features_of(items, word_embedder, tmp_path, quiet)
    learned = learn(features, gold)
    assert all(int(np.argmax(learned.scores(one))) == 2 for one in features)
    assert learned.weights["aim"] < 0 < learned.weights["position"]
    assert learn(features, gold) == learned
    assert "version: 1" in as_yaml(learned)
    assert isinstance(learned, SentenceWeights)


@pytest.mark.parametrize("changes", [{"gold": [3]}, {"sentences": [], "gold": []}, {"gold": None}])
def test_a_malformed_line_is_refused_with_its_file(tmp_path: Path, changes: dict[str, object]) -> None:
    write_set(tmp_path, **changes)
    with pytest.raises(UnreadableFileError, match=r"dev\.jsonl"):
        read_sentences(tmp_path, "dev")


def test_a_folder_without_the_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"none\.jsonl"):
        read_sentences(tmp_path, "none")


def test_a_difference_on_every_query_is_significant_and_none_is_not() -> None:
    better = compare([1.0] * 30, [0.0] * 30)
    assert better.mean == 1.0 and better.p < 0.001
    assert compare([0.5] * 9, [0.5] * 9).p == 1.0
    mixed = compare([1.0, 0.0] * 15, [0.0, 1.0] * 15)
    assert mixed.mean == 0.0 and mixed.p > 0.5
