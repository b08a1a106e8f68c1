"""Learning the calibration, on questions whose answer is told by what was made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import yaml

from corpus.bundled import bundled_files
from corpus.errors import UnreadableFileError
from evals import calibration_data, calibration_training
from evals.calibration_data import BUNDLED, Asked, ask, bundled_questions, read_development
from evals.calibration_training import RISK, as_yaml, cross_validated, decided_otherwise, learn, standing, without
from index.build import Progress
from index.calibration import Calibration, load_calibration
from index.embedder import Embedder
from index.library import Library

DRAW = np.random.default_rng(20_261_121)


def asked(answerable: bool, coverage: float, cosine: float = 0.5, *, may_answer: bool = True) -> Asked:
    return Asked(answerable, np.array([[coverage, cosine, 1.0]]), np.array([may_answer]))


@pytest.fixture
def questions() -> list[Asked]:
    held = [asked(True, float(value), 0.6) for value in DRAW.uniform(0.5, 1.0, 60)]
    rest = [asked(False, float(value), 0.4) for value in DRAW.uniform(0.0, 0.6, 60)]
    return [one for pair in zip(held, rest, strict=True) for one in pair]


def test_what_tells_the_questions_apart_gets_weight_and_what_does_not_gets_none(questions: list[Asked]) -> None:
    learned = learn({"public": questions})
    assert learned.coverage > 1 and learned.cosine > 0
    assert learned.names == 0.0  # the same for all: its part is the intercept's
    assert learn({"public": questions}) == learned


@pytest.mark.parametrize("risk", [0.0, 0.05, 0.2, 0.5])
def test_the_threshold_keeps_to_the_stated_risk_and_is_the_least_that_does(questions: list[Asked], risk: float) -> None:
    learned = learn({"public": questions}, risk)
    assert learned.risk == risk
    assert standing(questions, learned).passed <= risk
    lower = learned.model_copy(update={"threshold": learned.threshold - 0.05})
    assert learned.threshold == 0.05 or standing(questions, lower).passed > risk


def test_a_smaller_risk_never_answers_more(questions: list[Asked]) -> None:
    answered = [standing(questions, learn({"public": questions}, risk)).held for risk in (0.0, 0.1, 0.3, 0.6)]
    assert answered == sorted(answered)


def test_a_candidate_that_is_not_about_the_question_lets_nothing_pass(questions: list[Asked]) -> None:
    learned = learn({"public": questions})
    assert standing([asked(False, 1.0, 1.0, may_answer=False)], learned).passed == 0.0
    assert standing([asked(False, 1.0, 1.0)], learned).passed == 1.0


def test_nothing_is_learned_from_the_bundled_questions(questions: list[Asked]) -> None:
    turned = [Asked(not one.answerable, one.shares, one.may_answer) for one in questions]
    assert learn({"public": questions, BUNDLED: turned}) == learn({"public": questions})


def test_a_question_without_candidates_is_unsure_and_does_not_stop_learning(questions: list[Asked]) -> None:
    nothing = Asked(False, np.zeros((0, 3)), np.zeros(0, dtype=bool))
    learned = learn({"public": [*questions, nothing]})
    assert standing([nothing], learned).passed == 0.0


def test_cross_validation_never_sees_the_fold_and_a_part_taken_out_costs(questions: list[Asked]) -> None:
    whole = cross_validated({"public": questions})["public"]
    assert (whole.questions, whole.answerable) == (120, 60) and whole.auroc > 0.9
    less = cross_validated(without({"public": questions}, "coverage"), RISK)["public"]
    only_names = cross_validated(without(without({"public": questions}, "coverage"), "cosine"))["public"]
    assert only_names.auroc <= less.auroc <= whole.auroc


def test_what_is_written_is_what_the_program_reads(questions: list[Asked]) -> None:
    learned = learn({"public": questions})
    assert Calibration.model_validate(yaml.safe_load(as_yaml(learned))) == learned


def test_two_calibrations_differ_by_what_only_one_of_them_lets_pass(questions: list[Asked]) -> None:
    learned = learn({"public": questions})
    strict = learned.model_copy(update={"threshold": 1.0})
    passed = sum(standing([one], learned).held + standing([one], learned).passed for one in questions)
    assert decided_otherwise({"public": questions}, learned, learned) == 0
    assert decided_otherwise({"public": questions}, learned, strict) == passed > 0


def test_bundled_questions_are_single_of_the_development_part_and_of_both_sorts() -> None:
    found = bundled_questions()
    assert len(found) == len(set(found)) and {answerable for _, answerable in found} == {True, False}


def test_a_question_is_asked_with_what_its_candidates_cover_the_best_first(bundled: Library) -> None:
    held = ask("tofacitinib dose in vitiligo?", True, bundled)
    assert held.shares.shape == (len(held.may_answer), 3) and held.may_answer.any()
    sums = held.shares[:, 0] + held.shares[:, 1]
    assert (np.diff(sums) <= 0).all()
    missing = ask("frobnication index of zorlitinib?", False, bundled)
    assert not len(missing.shares) or missing.shares[0, 0] < held.shares[0, 0]


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    yield lambda done, total: None


def test_libraries_are_made_from_the_folder_once_and_asked(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_data, "bundled_questions", lambda: [("tofacitinib dose in vitiligo?", True)])
    monkeypatch.setattr(calibration_data, "bundled_files", lambda: list(bundled_files())[:1])
    (tmp_path / "tiny").mkdir()
    (tmp_path / "abstention").mkdir()
    documents = [{"id": "d1", "text": "Zorlitinib softened plaques."}, {"id": "d2", "text": "Brantizumab failed."}]
    (tmp_path / "tiny" / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (tmp_path / "abstention" / "tiny.removed_docs.txt").write_text("d2\n", encoding="utf-8")
    (tmp_path / "abstention" / "tiny.jsonl").write_text(
        '{"text": "Did zorlitinib soften plaques?", "answerable": true}\n'
        '{"text": "Did brantizumab fail?", "answerable": false}\n',
        encoding="utf-8",
    )
    first = read_development(tmp_path, tmp_path / "libraries", word_embedder, bar)
    assert {name: [one.answerable for one in of_set] for name, of_set in first.items()} == {
        "tiny": [True, False],
        BUNDLED: [True],
    }
    again = read_development(tmp_path, tmp_path / "libraries", word_embedder, bar)
    assert (again["tiny"][0].shares == first["tiny"][0].shares).all()
    assert calibration_training.standing(first["tiny"], load_calibration()).questions == 2


def test_a_folder_without_questions_is_refused(tmp_path: Path, word_embedder: Embedder) -> None:
    with pytest.raises(UnreadableFileError, match="abstention"):
        read_development(tmp_path, tmp_path / "libraries", word_embedder, bar)
