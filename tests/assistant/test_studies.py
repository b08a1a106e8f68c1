"""Figures of one study are no answer about another: by its year, and in follow-ups that point back at one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import answer
from assistant.contract import Answer
from assistant.conversation import Conversation
from assistant.studies import points_back, references_in
from corpus.figures import figures
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_recipes import said, shelve

REVIEW = """---
id: povorcitinib-review
title: "Povorcitinib in morphea: a review"
kind: review
---

# Povorcitinib in morphea: a review

## First report

In the 2017 Lund report, all 4 of 4 patients with morphea responded to povorcitinib (ref 1).

## Later series

In the 2021 Lund series, 17 patients with morphea took oral povorcitinib 45 mg once daily (ref 2).
Softening of the plaques came within 9 weeks of povorcitinib in morphea (ref 2).
Headache was an adverse event of povorcitinib in 3 of the 17 patients with morphea (ref 2).

## Pooled trials

Pooled in morphea, the rate of venous thromboembolism was 0.21 per 100 patient-years with povorcitinib (ref 3).
Per 100 patient-years, povorcitinib in lichen planus had malignancy 0.37 and death 0.04 (ref 4).
Per 100 patient-years, povorcitinib in morphea had malignancy 0.52 (ref 4).

## References

1. Quill A. Povorcitinib for morphea. J Invented Dermatol. 2017;4:11-19.
2. Marsh B. A series of povorcitinib in morphea. J Invented Dermatol. 2021;8:101-108.
3. Thorne C. Pooled trials of povorcitinib. Ann Made Up Med. 2023;9:1-8.
4. Vale D. Registry of povorcitinib. Ann Made Up Med. 2024;1:9-18.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(shelve(tmp_path_factory.mktemp("studies"), real_embedder, REVIEW), real_embedder) as library:
        yield library


def last(library: Library, *questions: str) -> Answer:
    conversation = Conversation()
    return [answer(question, library, conversation) for question in questions][-1]


def test_the_dose_of_another_years_study_is_not_given(library: Library) -> None:
    found = answer("2017 Lund report of morphea: which dose of povorcitinib?", library)

    assert found.status == "abstained"
    assert "45" not in figures(said(found))


def test_the_years_own_dose_is_given(library: Library) -> None:
    assert "45 mg once daily" in said(answer("2021 Lund series of morphea: which dose of povorcitinib?", library))


def test_a_year_that_no_study_of_the_matter_has_changes_nothing(library: Library) -> None:
    asked = "As of 2019, how many weeks until softening of the plaques with povorcitinib in morphea?"

    assert "9 weeks" in said(answer(asked, library))


def test_a_follow_up_that_points_at_a_study_gets_no_figure_of_another(library: Library) -> None:
    found = last(library, "Rate of VTE with povorcitinib in morphea?", "and the malignancy rate there?")

    assert found.status == "abstained"
    assert not {"0.37", "0.52"} & figures(said(found))


def test_a_follow_up_that_points_at_a_study_gets_its_own_figure(library: Library) -> None:
    first = "Which dose of povorcitinib did the 2021 Lund series of morphea use?"

    assert "9 weeks" in said(last(library, first, "how many weeks until softening in that series?"))
    assert {"3", "17"} <= figures(said(last(library, first, "how many of those patients had headache?")))


def test_who_does_not_point_back_is_told_of_other_studies(library: Library) -> None:
    found = last(library, "Rate of VTE with povorcitinib in morphea?", "What is the malignancy rate in lichen planus?")

    assert "0.37" in figures(said(found))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("and the rate there?", True),
        ("in that trial, how many?", True),
        ("age of those patients", True),
        ("the same study: dose?", True),
        ("is there a dose in morphea?", False),
        ("what about that drug?", False),
        ("which patients?", False),
    ],
)
def test_what_points_back_at_a_study(text: str, points: bool, library: Library) -> None:
    assert points_back(text, library.vocabulary) is points


def test_references_are_read_out_of_a_sentence() -> None:
    assert references_in("It worked (refs 7-9).") == {"7", "8", "9"}
    assert references_in("It worked (PMID 36001310).") == {"36001310"}
    assert references_in("It worked in 7 of 9 patients.") == frozenset()


def test_a_question_about_another_drug_keeps_the_event(library: Library) -> None:
    conversation = Conversation()
    answer("Rate of VTE with povorcitinib?", library, conversation)
    found = answer("and brepocitinib?", library, conversation)

    assert found.interpretation.events == ("venous thromboembolism",)
    assert found.interpretation.drugs == ("brepocitinib",)
    assert found.status == "abstained"
