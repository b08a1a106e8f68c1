"""The confidence of an answer and its threshold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.calibration import load_calibration
from index.manifest import Manifest

SHARE = st.floats(0, 1)


@given(SHARE, SHARE, SHARE, st.floats(0, 0.5))
def test_more_of_anything_makes_an_answer_surer(coverage: float, cosine: float, names: float, more: float) -> None:
    probability = load_calibration().probability
    sure = probability(coverage, cosine, names)
    assert 0 < sure < 1
    assert probability(coverage + more, cosine, names) >= sure
    assert probability(coverage, cosine + more, names) >= sure
    assert probability(coverage, cosine, names + more) >= sure


def test_words_alone_and_nearness_alone_are_not_enough() -> None:
    calibration = load_calibration()
    assert calibration.probability(0.3, 0.9, 0.0) < calibration.threshold
    assert calibration.probability(0.5, 0.3, 1.0) < calibration.threshold
    assert calibration.probability(0.9, 0.7, 1.0) >= calibration.threshold


def test_a_library_keeps_its_own_calibration_and_an_older_one_gets_the_program_s() -> None:
    plain = Manifest(model="m", model_hash="h", dimensions=3)
    own = plain.model_copy(update={"calibration": load_calibration().model_copy(update={"threshold": 0.9})})
    assert Manifest.read(own.model_dump_json()).calibration.threshold == 0.9
    older = json.loads(plain.model_dump_json())
    del older["calibration"]
    assert Manifest.read(json.dumps(older)).calibration == load_calibration()


def test_a_threshold_is_a_probability() -> None:
    with pytest.raises(ValidationError):
        type(load_calibration()).model_validate({**load_calibration().model_dump(), "threshold": 1.2})
