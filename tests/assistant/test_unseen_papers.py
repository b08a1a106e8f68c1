"""Answers from papers alone: what their own words say of a study that names itself once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import answer
from assistant.contract import Answer
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_recipes import shelve

PAPER = """---
id: paper
title: "Brepocitinib against vehicle in plantar morphea: the HERON study"
---

# Brepocitinib against vehicle in plantar morphea: the HERON study

## Objective

To compare brepocitinib with vehicle in plantar morphea and to see whether itch improves more on brepocitinib.

## Methods

HERON (NCT01234567) was a double-blind trial.
Exclusion criteria were pregnancy, heart failure and treatment with warfarin.
Patients received brepocitinib 35 mg once daily for 14 weeks, and those who failed took more of it later on.

## Results

Of the 90 patients who were screened, sixty-two patients were randomized and fifty-one completed the study.
At baseline the mean age was 44.6 years, with no difference between the arms in the length of the disease.
Itch improved more on brepocitinib than on vehicle (p = 0.004).
Quality of foot care (QFC) had been asked for as well. QFC was not affected by sex or by the season.
"""

LABEL = """---
id: label
title: "POVORCITINIB tablets"
kind: label
---

# POVORCITINIB tablets

## Boxed warning: infections and clots

Povorcitinib raises the risk of serious infection.
Stop it until the infection is under control.

## Warnings

Patients with heart failure were not studied at all [see Boxed warning].
"""

REVIEW = """---
id: review
title: "Deucravacitinib in cheilitis: two trials"
---

# Deucravacitinib in cheilitis: two trials

## Results

In ZORA Prime, 412 patients with cheilitis were randomized to deucravacitinib or vehicle.
ZORA Bridge followed the same patients with cheilitis for a year on deucravacitinib.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = shelve(tmp_path_factory.mktemp("unseen"), real_embedder, PAPER, LABEL, REVIEW)
    with Library.open(path, real_embedder) as library:
        yield library


def first(found: Answer) -> str:
    assert found.status == "answered", found.answer
    return found.statements[0].text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many patients were randomized in the HERON study?", "sixty-two"),
        ("What was the mean age in HERON?", "44.6"),
        ("Did itch improve more with brepocitinib than with vehicle?", "p = 0.004"),
        ("Was the quality of foot care affected by sex?", "QFC was not affected"),
        ("What is the boxed warning of povorcitinib?", "serious infection"),
    ],
)
def test_a_study_answers_by_its_own_sentences(library: Library, question: str, expected: str) -> None:
    assert expected in first(answer(question, library))


def test_another_study_by_name_is_not_answered_from_this_one(library: Library) -> None:
    assert answer("How many patients were randomized in the shampoo trial?", library).status == "abstained"
    assert answer("How many patients were randomized in PA-STORK?", library).status == "abstained"


def test_another_trial_of_the_same_programme_is_not_the_one_that_is_named(library: Library) -> None:
    assert "412" in first(answer("How many patients were randomized in ZORA Prime?", library))
    assert "412" not in answer("How many patients were randomized in ZORA Bridge?", library).answer


def test_of_two_drugs_the_one_that_nothing_tells_of_is_named(library: Library) -> None:
    found = answer("What is the dose of brepocitinib and of deucravacitinib in morphea?", library)

    assert found.status == "abstained" or "deucravacitinib" in found.answer
