"""Differences, ratios and shares of figures in sentences: what is worked out, and that nothing else may be said."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.pairs import difference, is_pair_result, quantities, ratio, share, shares
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_recipes import computed, said, shelve

TRIALS = """---
id: invented-trials
title: "Trials of brepocitinib"
kind: review
---

# Trials of brepocitinib

## Vitiligo

Brepocitinib cream 1.5% reduced lesion scores in vitiligo by 47%, compared with 18% for vehicle (ref 1).
At 16 weeks, 35% of patients with alopecia areata on oral brepocitinib 10 mg daily had regrowth (ref 2).
At 16 weeks, 61% of patients with alopecia areata on oral brepocitinib 30 mg daily had regrowth (ref 2).
In lichen planus, brepocitinib cleared itch in 7 of the 16 patients (ref 3).
Herpes zoster occurred at 3.6 per 100 patient-years on brepocitinib, against 1.2 per 100 patient-years on placebo.
Brepocitinib lowered the pain score in morphea from 62 at baseline to 20.5 (ref 4).
"""

numbers = st.decimals(min_value="0.01", max_value="999", places=2)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(shelve(tmp_path_factory.mktemp("pairs"), real_embedder, TRIALS), real_embedder) as library:
        yield library


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Difference in lesion scores between brepocitinib cream and vehicle in vitiligo?", "29 percentage points"),
        ("brepocitinib 30 mg minus 10 mg in alopecia areata: regrowth, percentage points?", "26 percentage points"),
        ("Ratio of the zoster rate with brepocitinib to placebo?", "is 3 times 1.2 per 100 patient-years"),
        ("What percentage of lichen planus patients had cleared itch on brepocitinib?", "7 of 16 is 43.8%"),
        ("Change in pain score on brepocitinib in morphea?", "is 41.5"),
    ],
)
def test_it_is_worked_out_from_the_figures_of_sentences(question: str, wanted: str, library: Library) -> None:
    assert wanted in computed(question, library)


def test_the_sentences_are_told_beside_it(library: Library) -> None:
    found = answer("brepocitinib 30 mg minus 10 mg in alopecia areata: regrowth, percentage points?", library)

    assert "35% of patients" in said(found) and "61% of patients" in said(found)


@pytest.mark.parametrize(
    "question",
    [
        "Difference in lesion scores between povorcitinib cream and vehicle in vitiligo?",
        "Difference in lesion scores between brepocitinib cream and vehicle in psoriasis?",
        "What percentage of women with lichen planus had cleared itch on brepocitinib?",
    ],
)
def test_nothing_is_worked_out_of_another_drug_disease_or_people(question: str, library: Library) -> None:
    assert not any(statement.kind == "computed" for statement in answer(question, library).statements)


def test_a_strength_and_a_deviation_are_no_results() -> None:
    assert [str(q) for q in quantities("Scores fell by 53%, with 32% for vehicle.")] == ["53%", "32%"]
    assert [q.value for q in quantities("from a mean ± SD of 28 ± 15.4 at baseline to 9.5 ± 8.5 at 12")] == [
        Decimal(28),
        Decimal("9.5"),
    ]
    assert shares("in 7 of the 16 patients, but not in 3 of 4%") == [(7, 16)]


@given(numbers, numbers)
def test_what_comes_out_passes_and_nothing_else_does(one: Decimal, two: Decimal) -> None:
    assume(one != two)
    text = f"It was {one}% with the cream and {two}% with vehicle."
    first, second = quantities(text)
    right = difference(first, second)

    assert is_pair_result(right.text, right.working, [text])
    assert not is_pair_result(right.text.replace("percentage points", "times"), right.working, [text])
    assert not is_pair_result(right.text, right.working, [f"It was {one}% with the cream."])
    assert not is_pair_result(right.text, "1 - 1 = 0", [text])
    divided = ratio(first, second)
    assert divided is not None and is_pair_result(divided.text, divided.working, [text])


def test_figures_of_different_units_are_never_set_against_each_other() -> None:
    said_of_points = difference(*quantities("It was 30% and 20%."))

    assert not is_pair_result(said_of_points.text, said_of_points.working, ["It was 30% after 20 weeks."])
    assert not is_pair_result(share(3, 4).text, share(3, 4).working, ["3 of 5 patients, 4 of 9 patients."])
