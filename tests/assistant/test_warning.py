"""Boxed warnings: told of a class by the story of the drug that they come from, and beside answers about harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import answer
from corpus.facts import AnyFact, SafetyFact
from corpus.figures import figures
from index.embedder import Embedder
from index.library import Library
from tests.invented_edition import DIGEST_ID, knowing, put_digest, shelf, where

ORIGIN = "A boxed warning was put on povorcitinib after the DELTA study found thrombosis."
EXTENDED = "The boxed warning was extended from povorcitinib to other JAK inhibitors."
WITH_DOSE = "The FDA boxed warning of povorcitinib in 2020 names death, above all at 90 mg twice daily."
ACNE = "Acne was an adverse event of brepocitinib in 6 of 37 patients (ref 5)."
OTHER = "Dupilumab was safe in 41 patients with morphea."

TEXT = f"""---
id: {DIGEST_ID}
title: "A monograph of invented harm"
kind: review
---

# A monograph of invented harm

## Warnings

{ORIGIN}

{EXTENDED}

{WITH_DOSE}

## Harm

{ACNE}

{OTHER}
"""


def boxed(identity: str, drug: str, event: str, anchors: list[str]) -> SafetyFact:
    told = (where("Warnings", anchors),)
    return SafetyFact(id=identity, drugs=(drug,), event=event, boxed_warning=True, where=told)


KNOWN: tuple[AnyFact, ...] = (
    boxed("origin", "povorcitinib", "thrombosis", ["DELTA study", "thrombosis"]),
    boxed("extended", "jak-inhibitor", "adverse-event", ["extended from povorcitinib"]),
    boxed("dose", "povorcitinib", "death", ["90 mg", "2020"]),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("warnings")
    with knowing(folder, TEXT, KNOWN) as file, shelf(folder, real_embedder) as writer:
        put_digest(writer, file)
    with Library.open(folder / "library", real_embedder) as library:
        yield library


def told(question: str, library: Library) -> list[str]:
    return [statement.text for statement in answer(question, library).statements]


@pytest.mark.parametrize(
    "question",
    [
        "Does brepocitinib carry a boxed warning?",
        "brepocitinib black box - what is it based on?",
        "Why do JAK inhibitors have a black box warning?",
    ],
)
def test_a_warning_of_the_class_is_told_with_the_drug_that_it_comes_from(question: str, library: Library) -> None:
    found = told(question, library)

    assert EXTENDED in found and ORIGIN in found


def test_another_drugs_dose_is_not_told_with_it(library: Library) -> None:
    assert "90" not in figures(" ".join(told("Does brepocitinib carry a boxed warning?", library)))


def test_the_drug_itself_is_told_its_own_warning_first(library: Library) -> None:
    found = told("Which boxed warning does povorcitinib have?", library)

    assert found[0] in (ORIGIN, WITH_DOSE)


def test_a_drug_of_no_class_with_a_warning_gets_none(library: Library) -> None:
    assert not {ORIGIN, EXTENDED, WITH_DOSE} & set(told("Does dupilumab carry a boxed warning?", library))


def test_a_warning_for_people_that_it_does_not_name_is_not_told(library: Library) -> None:
    assert answer("Boxed warning of povorcitinib in children?", library).status == "abstained"


def test_harm_of_a_drug_comes_with_the_warning_of_its_class(library: Library) -> None:
    found = told("What is the safety of brepocitinib?", library)

    assert not found or found[0].startswith("The library") or {EXTENDED, ORIGIN} <= set(found)


def test_one_other_harm_brings_no_warning(library: Library) -> None:
    found = told("How many patients had acne as an adverse event of brepocitinib?", library)

    assert ACNE in found
    assert not {ORIGIN, EXTENDED} & set(found)
