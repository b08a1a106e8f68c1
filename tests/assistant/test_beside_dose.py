"""What a drug is approved for, by source, and what is said beside a dose: on invented sentences and their facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.answer import answer
from assistant.by_rule import NOTE
from assistant.interpret import interpret
from assistant.recall import recall
from corpus.facts import AnyFact, DoseFact, SafetyFact, Trial
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.invented_edition import DIGEST_ID, approval, knowing, put, put_digest, shelf, where

FDA = "As of 2022, the FDA has approved povorcitinib for morphea (ref 1)."
EMA = "As of 2021, the EMA has approved povorcitinib for prurigo nodularis (ref 2)."
OTHER = "The FDA has approved brepocitinib for alopecia areata, as of 2022 (ref 3)."
OFF_LABEL = "Povorcitinib is used off-label for lichen planus (ref 4)."
DOSE = "Oral povorcitinib 45 mg once daily was given for morphea (ref 7)."
CREAM = "Povorcitinib 1.5% cream was applied once daily to prurigo nodularis (ref 8)."
OTHER_DOSE = "Oral brepocitinib 30 mg once daily was given for alopecia areata (ref 9)."
WARNING = "The label of povorcitinib carries a boxed warning for thrombosis."
MORE_FIGURES = "A boxed warning for infection stands on povorcitinib 45 mg and 90 mg since 2019."
STUDY = "The double-blind study of povorcitinib enrolled 64 adults with morphea (ref 7)."
OTHER_STUDY = "An open-label study of povorcitinib enrolled 12 adults (ref 8)."
VITILIGO = "TRuE-V enrolled 330 people with vitiligo."
ALOPECIA = "BRAVE-AA1 enrolled 654 people with alopecia areata."

TEXT = f"""---
id: {DIGEST_ID}
title: "A monograph of invented uses"
kind: review
---

# A monograph of invented uses

## Approvals

{FDA} {EMA} {OTHER}
{OFF_LABEL}

## Doses

{DOSE}
{CREAM}
{OTHER_DOSE}

## Harm

{MORE_FIGURES}
{WARNING}

## Studies

{STUDY}
{OTHER_STUDY}
{VITILIGO}
{ALOPECIA}
"""


def trial(identity: str, name: str, anchors: Sequence[str], ref: str | None = None) -> Trial:
    there = where("Studies", anchors).model_copy(update={"refs": (ref,) if ref else ()})
    drugs = ("povorcitinib",) if ref else ()
    return Trial(id=identity, name=name, design="randomized trial", drugs=drugs, summary="A study.", where=(there,))


def dose(identity: str, drug: str, indication: str, anchors: Sequence[str], ref: str) -> DoseFact:
    there = where("Doses", anchors).model_copy(update={"refs": (ref,)})
    return DoseFact(id=identity, drug=drug, indication=indication, where=(there,))


def warning(identity: str, anchors: Sequence[str]) -> SafetyFact:
    told = (where("Harm", anchors),)
    return SafetyFact(id=identity, drugs=("povorcitinib",), event="infection", boxed_warning=True, where=told)


KNOWN: tuple[AnyFact, ...] = (
    approval("fda", "povorcitinib", "morphea", "approved", ["FDA", "povorcitinib"]),
    approval("ema", "povorcitinib", "prurigo-nodularis", "approved", ["EMA", "povorcitinib"]),
    approval("other", "brepocitinib", "alopecia-areata", "approved", ["FDA", "brepocitinib"]),
    approval("off", "povorcitinib", "lichen-planus", "off-label", ["off-label", "lichen planus"]),
    dose("dose", "povorcitinib", "morphea", ["45 mg", "morphea"], "ref 7"),
    dose("dose-cream", "povorcitinib", "prurigo-nodularis", ["1.5% cream"], "ref 8"),
    dose("dose-other", "brepocitinib", "alopecia-areata", ["30 mg"], "ref 9"),
    warning("boxed-figures", ["boxed warning", "90 mg"]),
    warning("boxed", ["boxed warning", "thrombosis"]),
    trial("study", "the double-blind study", ["64 adults"], "ref 7"),
    trial("other-study", "the open-label study", ["12 adults"], "ref 8"),
    trial("vitiligo", "TRuE-V", ["330 people"]),
    trial("alopecia", "BRAVE-AA1", ["654 people"]),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("monograph")
    with knowing(folder, TEXT, KNOWN) as file, shelf(folder, real_embedder) as writer:
        put_digest(writer, file)
        (folder / "own").mkdir()
        put(folder / "own", writer, "# Diary\n\nOral povorcitinib 60 mg once daily was given for vitiligo.\n", "diary")
    with Library.open(folder / "library", real_embedder) as library:
        yield library


def told(question: str, library: Library, documents: tuple[str, ...] | None = None) -> list[str]:
    """Return the statements of an answer as their sentences stand in the document."""
    found = answer(question, library, documents=documents)
    return [statement.text for statement in found.statements]


# --- approvals ---


@pytest.mark.parametrize(
    "question", ["What is povorcitinib approved for?", "Which indications is povorcitinib approved for?"]
)
def test_every_approval_of_the_drug_is_told_by_its_source(question: str, library: Library) -> None:
    assert told(question, library) == [FDA, EMA]


def test_approvals_of_another_drug_and_off_label_uses_are_left_out(library: Library) -> None:
    assert told("What is brepocitinib approved for?", library) == [OTHER]
    assert OFF_LABEL not in told("What is povorcitinib approved for?", library)


def test_off_label_uses_are_no_approvals(library: Library) -> None:
    found = told("What is povorcitinib used for off label?", library)

    assert OFF_LABEL in found
    assert not {FDA, EMA} & set(found)


def test_a_disease_that_is_named_asks_for_its_own_approval(library: Library) -> None:
    assert told("Is povorcitinib approved for prurigo nodularis?", library)[0] == EMA
    assert FDA not in told("Is povorcitinib approved for prurigo nodularis?", library)


def test_a_disease_beside_which_others_are_wanted_asks_for_all(library: Library) -> None:
    assert EMA in told("What else is povorcitinib approved for besides morphea?", library)


def test_what_is_asked_besides_has_to_stand_there_too(library: Library) -> None:
    found = told("What is povorcitinib approved for in children?", library)

    assert not {FDA, EMA} & set(found)


def test_approvals_are_told_only_out_of_the_documents_that_are_wanted(library: Library) -> None:
    assert not {FDA, EMA} & set(told("What is povorcitinib approved for?", library, ("diary",)))
    assert told("What is povorcitinib approved for?", library, (DIGEST_ID,)) == [FDA, EMA]


# --- what stands beside a dose ---


def test_a_dose_comes_with_the_drugs_boxed_warning_and_what_study_it_rests_on(library: Library) -> None:
    found = told("What is the dose of povorcitinib in morphea?", library)

    assert found[0] == DOSE
    assert WARNING in found and STUDY in found
    assert OTHER_STUDY not in found


def test_of_several_warnings_the_one_with_the_fewest_figures_is_told(library: Library) -> None:
    assert MORE_FIGURES not in told("What is the dose of povorcitinib in morphea?", library)


def test_another_drug_gets_no_warning_of_this_one(library: Library) -> None:
    found = told("What is the dose of brepocitinib in alopecia areata?", library)

    assert OTHER_DOSE in found
    assert not {WARNING, MORE_FIGURES, STUDY} & set(found)


def test_a_dose_that_only_the_rules_found_gets_the_warning_too(library: Library) -> None:
    dose, *beside = told("What is the dose of povorcitinib in vitiligo?", library)
    assert dose.endswith("was given for vitiligo.") and beside == [WARNING, NOTE]


@pytest.mark.parametrize("question", ["How many adults were in the study of povorcitinib?", "Does it clear morphea?"])
def test_who_asks_for_no_dose_gets_no_warning(question: str, library: Library) -> None:
    assert WARNING not in told(question, library)


def test_an_answer_about_the_warning_itself_says_it_once(library: Library) -> None:
    found = told("Which boxed warning and what dose of povorcitinib in morphea?", library)

    assert found.count(WARNING) <= 1 and len(set(found)) == len(found)


def test_a_warning_is_told_only_out_of_the_documents_that_are_wanted(library: Library) -> None:
    assert WARNING not in told("What is the dose of povorcitinib in vitiligo?", library, ("diary",))


# --- recall by a study's name ---


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How many people were in TRuE-V?", "vitiligo"),
        ("How many people were in BRAVE-AA1?", "alopecia"),
        ("What was the outcome of TRuE-V?", "vitiligo"),
        ("Which study was TRuE-V?", "vitiligo"),
    ],
)
def test_a_study_that_is_named_recalls_its_own_facts(question: str, fact: str, library: Library) -> None:
    asked = interpret(question, library.vocabulary, HybridSearcher(library))

    assert [body["id"] for body, _ in recall(asked, library) if body["kind"] == "trial"] == [fact]


def test_a_study_that_is_named_is_answered_with_its_own_number(library: Library) -> None:
    assert told("How many people were in TRuE-V?", library) == [VITILIGO]
    assert told("How many people were in BRAVE-AA1?", library) == [ALOPECIA]
