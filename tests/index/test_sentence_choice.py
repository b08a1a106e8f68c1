"""The answering sentence of a text, and what sentences show by their words."""

from __future__ import annotations

import numpy as np
import pytest

from index.sentence_choice import FEATURES, load_weights, sentence_features
from index.sentence_cues import Stance, load_cues

TEXT = (
    "We sought to determine whether zorlitinib clears morphea plaques.",
    "Forty volunteers were enrolled in two towns.",
    "Zorlitinib cleared morphea plaques in more volunteers than placebo did.",
)
QUESTION = "Does zorlitinib clear more morphea plaques?"


def features(question: str = QUESTION) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    words = lambda text: text.lower().rstrip(".?").split()  # noqa: E731 - an analyser in one line
    return sentence_features(question, TEXT, np.array([0.8, 0.1, 0.7]), words, lambda word: 1.0)


def test_every_sentence_has_every_feature_the_weights_know() -> None:
    weights = load_weights()
    assert features().shape == (len(TEXT), len(FEATURES))
    assert set(weights.weights) == set(weights.means) == set(weights.deviations) == set(FEATURES)


def test_a_result_comes_before_the_aim_that_is_nearer_in_words_and_meaning() -> None:
    found = features()
    assert found[0, FEATURES.index("cosine")] > found[2, FEATURES.index("cosine")]
    assert int(np.argmax(load_weights().scores(found))) == 2


def test_a_question_without_words_has_scores_too() -> None:
    assert np.isfinite(load_weights().scores(features("?"))).all()


@pytest.mark.parametrize(
    ("statement", "text", "stance"),
    [
        ("Zorlitinib increases weight.", "Weight rose on zorlitinib.", Stance.SAME),
        ("Zorlitinib increases weight.", "Weight fell on zorlitinib.", Stance.OPPOSITE),
        ("Zorlitinib increases weight.", "Zorlitinib did not increase weight.", Stance.OPPOSITE),
        ("Zorlitinib does not increase weight.", "Zorlitinib did not raise weight.", Stance.SAME),
        ("Zorlitinib increases weight.", "Weight was measured weekly.", Stance.UNCLEAR),
        ("Zorlitinib is approved for morphea.", "Zorlitinib is not approved for morphea.", Stance.OPPOSITE),
        ("Zorlitinib increases weight.", "Weight rose first and fell later.", Stance.UNCLEAR),
    ],
)
def test_direction_and_denial_together_tell_the_stance(statement: str, text: str, stance: Stance) -> None:
    assert load_cues().stance(statement, text) is stance


def test_an_aim_is_not_a_finding() -> None:
    cues = load_cues()
    assert cues.shown(TEXT[0]).aim and not cues.shown(TEXT[2]).aim
