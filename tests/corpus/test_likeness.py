"""Texts that are nearly the same are found, whatever their format; texts of one subject are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.likeness import alike, sample

WORDS = [f"word{n}" for n in range(4_000)]


def text(seed: int, length: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_the_same_text_in_another_format_is_found() -> None:
    plain = text(1)
    printed = "# A heading\n\n" + plain.replace("word1 ", "Word1, ").replace(" ", "\n", 40)
    (pair,) = alike({"plain": sample(plain), "printed": sample(printed), "other": sample(text(2))})
    assert {pair.shorter, pair.longer} == {"plain", "printed"} and pair.share > 0.9


def test_a_text_that_stands_in_a_longer_one_is_found() -> None:
    (pair,) = alike({"whole": sample(text(1) + " " + text(3)), "part": sample(text(1))})
    assert (pair.shorter, pair.longer) == ("part", "whole") and pair.share > 0.95


def test_texts_that_share_half_are_two() -> None:
    one, other = text(1, 300) + " " + text(5, 300), text(1, 300) + " " + text(6, 300)
    assert list(alike({"one": sample(one), "other": sample(other)})) == []


@pytest.mark.parametrize("short", ["", "a note", "one two three four five six"])
def test_what_is_too_short_is_like_nothing(short: str) -> None:
    assert list(alike({"a": sample(short), "b": sample(short)})) == []


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 50), st.integers(0, 50))
def test_a_share_is_what_all_runs_give_within_a_few_percent(seed: int, cut: int) -> None:
    words = text(seed, 1_000).split()
    changed = words[: 800 + cut] + text(seed + 1_000, 200 - cut).split()
    runs = [{tuple(found[n : n + 5]) for n in range(len(found) - 4)} for found in (words, changed)]
    exact = len(runs[0] & runs[1]) / min(map(len, runs))
    samples = {"a": sample(" ".join(words)), "b": sample(" ".join(changed))}
    pairs = list(alike(samples))
    assert all(abs(pair.share - exact) < 0.12 for pair in pairs)
    assert pairs or exact < 0.92


def test_a_run_that_is_everywhere_makes_no_pair() -> None:
    notice = " ".join(f"notice{n}" for n in range(60))
    texts = {f"t{n}": sample(notice + " " + text(n, 20)) for n in range(60)}
    assert list(alike(texts)) == []
