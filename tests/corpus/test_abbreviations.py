"""Abbreviations that a document spells out: found in its brackets, and standing for each other in its sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import abbreviations, counterparts

TEXT = "We asked for the quality of life (QoL) in plantar wart disease (PWD; n = 12). It rose (see Table 2) (OK)."


def test_short_forms_are_matched_with_the_words_before_their_bracket() -> None:
    assert dict(abbreviations(TEXT)) == {"QoL": "quality of life", "PWD": "plantar wart disease"}


def test_either_form_stands_for_the_other() -> None:
    known = abbreviations(TEXT)

    assert counterparts("QoL was unchanged.", known) == "quality of life"
    assert counterparts("Their quality of life was unchanged.", known) == "QoL"
    assert counterparts("Nothing was asked.", known) == ""


@given(st.text(alphabet="aBc (),.;x", max_size=200))
def test_any_text_has_its_long_forms_in_it(text: str) -> None:
    for short, long in abbreviations(text).items():
        assert short in text and long in text
