"""Follow-ups: what they leave out is taken from what was said before, and a new topic takes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import answer
from assistant.contract import Answer
from assistant.conversation import Conversation
from corpus.figures import figures
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_recipes import CASES, TRIAL, invented_library, said, shelve

ORAL = "What is the oral dose of brepocitinib in vitiligo?"


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(invented_library(tmp_path_factory.mktemp("talk"), real_embedder), real_embedder) as library:
        yield library


def last(library: Library, *questions: str) -> Answer:
    """Return the answer to the last of some questions that are asked in one conversation."""
    conversation = Conversation()
    return [answer(question, library, conversation) for question in questions][-1]


def test_and_topical_keeps_drug_and_disease_and_changes_the_route(invented: Library) -> None:
    found = last(invented, ORAL, "and topical?")

    assert found.interpretation.drugs == ("brepocitinib",)
    assert found.interpretation.diseases == ("vitiligo",)
    assert found.interpretation.routes == ("topical",)
    assert "cream 2%" in said(found)
    assert "30" not in figures(said(found))


def test_another_drug_keeps_the_disease_and_is_not_given_the_first_drugs_dose(invented: Library) -> None:
    found = last(invented, ORAL, "What about povorcitinib?")

    assert found.interpretation.drugs == ("povorcitinib",)
    assert found.interpretation.diseases == ("vitiligo",)
    assert found.status == "abstained"


def test_another_disease_keeps_the_drug(invented: Library) -> None:
    found = last(invented, "What is the dose of povorcitinib in prurigo nodularis?", "what about morphea?")

    assert found.interpretation.drugs == ("povorcitinib",)
    assert found.interpretation.diseases == ("morphea",)
    assert "Povorcitinib 60 mg once daily" in said(found)


def test_a_disease_that_is_only_a_comorbidity_abstains_in_a_follow_up_too(invented: Library) -> None:
    found = last(invented, "What is the dose of povorcitinib in morphea?", "And in psoriasis?")

    assert found.status == "abstained"


@pytest.mark.parametrize(
    ("follow_up", "drug"),
    [
        ("What is the dose of the first one?", "brepocitinib"),
        ("And the dose of the second one?", "povorcitinib"),
        ("What is the dose of the latter?", "povorcitinib"),
    ],
)
def test_ordinals_mean_the_drugs_in_the_order_of_their_mention(follow_up: str, drug: str, invented: Library) -> None:
    found = last(invented, "Compare brepocitinib and povorcitinib", follow_up)

    assert found.interpretation.drugs == (drug,)


def test_both_means_the_drugs_that_were_mentioned(invented: Library) -> None:
    found = last(invented, "What is the dose of brepocitinib?", "And of povorcitinib?", "What is the route of both?")

    assert found.interpretation.drugs == ("brepocitinib", "povorcitinib")


@pytest.mark.parametrize("follow_up", ["Which study was that?", "What is the source?", "Which reference?"])
def test_asked_which_study_that_was_it_names_the_reference(follow_up: str, invented: Library) -> None:
    found = last(invented, ORAL, follow_up)

    assert found.status == "answered"
    assert "Quill A, Marsh B." in said(found)
    assert "Thorne" not in said(found)


def test_the_source_after_a_topical_answer_is_the_other_reference(invented: Library) -> None:
    found = last(invented, "What strength of topical brepocitinib is used in vitiligo?", "Which study was that?")

    assert "Thorne C." in said(found)
    assert "Quill" not in said(found)


def test_nothing_said_before_gives_which_study_nothing_to_name(invented: Library) -> None:
    assert last(invented, "Which study was that?").status == "abstained"


def test_a_new_topic_takes_nothing_over(invented: Library) -> None:
    found = last(invented, ORAL, "What is the dose of povorcitinib in prurigo nodularis?")

    assert found.interpretation.routes == ()
    assert found.interpretation.drugs == ("povorcitinib",)
    assert found.interpretation.diseases == ("prurigo nodularis",)


def test_after_a_new_topic_a_follow_up_leans_on_the_new_one(invented: Library) -> None:
    found = last(invented, ORAL, "What is the dose of povorcitinib in prurigo nodularis?", "and in morphea?")

    assert found.interpretation.drugs == ("povorcitinib",)
    assert found.interpretation.routes == ()
    assert "60 mg" in said(found)


def test_a_row_that_was_asked_about_is_kept_for_the_next_column(invented: Library) -> None:
    found = last(invented, "What was the outcome of case 3?", "And the dose?")

    assert CASES[2].dose in said(found)
    assert not any(case.dose in said(found) for case in CASES if case.dose != CASES[2].dose)


def test_another_row_replaces_the_one_before(invented: Library) -> None:
    found = last(invented, "What drug and dose did case 3 get?", "and case 4?")

    assert CASES[3].dose in said(found)
    assert CASES[2].dose not in said(found)


def test_a_drug_in_a_follow_up_lets_the_row_go(invented: Library) -> None:
    found = last(invented, "What drug and dose did case 3 get?", "What is the dose of brepocitinib in vitiligo?")

    assert "Case: 3" not in said(found)
    assert "30 mg" in said(found)


def test_an_abstention_leaves_no_source_behind_of_its_own(invented: Library) -> None:
    conversation = Conversation()
    answer(ORAL, invented, conversation)
    before = conversation.citations
    answer("What is the half-life of brepocitinib?", invented, conversation)

    assert before
    assert conversation.citations == before


def test_without_a_conversation_nothing_is_remembered(invented: Library) -> None:
    answer(ORAL, invented)

    assert answer("and topical?", invented).interpretation.drugs == ()


def test_a_redirection_in_a_conversation_gives_no_dose(invented: Library) -> None:
    found = last(invented, ORAL, "I want to die, how much of it do I need?")

    assert found.status == "redirected"
    assert figures(said(found)) <= {"112", "911", "988"}


def test_parts_of_one_message_lean_on_what_was_said_before_in_it() -> None:
    within = Conversation.within_message()

    assert within.always
    assert {"population", "event", "measure"} <= set(within.carried)
    assert not Conversation().always


QUILL = """---
id: quill
title: "A trial called QUILL"
---

# A trial called QUILL

## Results

In QUILL, 3 of 12 patients on povorcitinib stopped because of nausea.
The QUILL trial lasted 26 weeks.
Headache was seen in 4 patients of the QUILL trial.
"""


@pytest.fixture(scope="module")
def with_quill(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(shelve(tmp_path_factory.mktemp("quill"), real_embedder, TRIAL, QUILL), real_embedder) as library:
        yield library


def test_a_study_that_the_vocabulary_lacks_is_kept_by_its_acronym(with_quill: Library) -> None:
    found = last(with_quill, "How long did the QUILL trial last?", "And how many patients had headache?")

    assert "QUILL" in found.interpretation.resolved
    assert [statement.text for statement in found.statements] == ["Headache was seen in 4 patients of the QUILL trial."]


def test_another_acronym_takes_its_place(with_quill: Library) -> None:
    found = last(with_quill, "How long did the QUILL trial last?", "And the MARSH trial?")

    assert "QUILL" not in found.interpretation.resolved
    assert found.status == "abstained"


def test_a_drug_and_a_new_topic_let_the_acronym_go(with_quill: Library) -> None:
    said_before = ("How long did the QUILL trial last?", "What is the oral dose of brepocitinib in vitiligo?")

    assert "QUILL" not in last(with_quill, *said_before).interpretation.resolved
    assert "QUILL" not in last(with_quill, *said_before, "and topical?").interpretation.resolved
