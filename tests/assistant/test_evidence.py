"""What is gathered for a question: the right sentences and rows first, nothing that can't be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.candidates import Candidate
from assistant.evidence import Evidence, gather
from assistant.interpret import interpret
from assistant.recipes.quote import is_about
from corpus.types import PassageKind
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import CASES, invented_library, said, shelve

Gather = Callable[..., Evidence]

ROUTES = """---
id: routes
title: "Delgocitinib by two routes"
---

# Delgocitinib by two routes

## Doses

Delgocitinib ointment 0.5% was applied topically to morphea twice daily.
Oral delgocitinib 35 mg once daily was given for morphea.
Delgocitinib 90 mg was the dose at which five adults stopped.
"""

HEADED = """---
id: headed
title: "Two drugs"
---

# Two drugs

## Povorcitinib in morphea

The dose was 15 mg once daily.
Brepocitinib 80 mg twice daily was given to those who failed.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(invented_library(tmp_path_factory.mktemp("evidence"), real_embedder), real_embedder) as library:
        yield library


@pytest.fixture(scope="module")
def gathered(library: Library) -> Gather:
    return lambda text, documents=None: gather(
        interpret(text, library.vocabulary, HybridSearcher(library)), library, documents
    )


def labels(candidate: Candidate) -> set[str]:
    return {candidate.units[i].label for i in candidate.covered}


def row_of(evidence: Evidence, case: int) -> Candidate:
    return next(c for c in evidence.candidates if f"Case: {case};" in c.text)


def test_the_sentence_that_answers_comes_first(gathered: Gather) -> None:
    best = gathered("What strength of topical brepocitinib is used in vitiligo?").candidates[0]

    assert best.text.startswith("A topical brepocitinib cream 2%")
    assert best.span.of(best.document.text) == best.text


def test_candidates_are_ordered_and_their_measures_are_shares(gathered: Gather) -> None:
    candidates = gathered("What is the dose of povorcitinib in prurigo nodularis?").candidates

    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= candidate.coverage <= 1 for candidate in candidates)
    assert all(candidate.own.isdisjoint(candidate.context) for candidate in candidates)


def test_no_row_of_a_damaged_table_is_a_candidate(gathered: Gather) -> None:
    evidence = gathered("What is the dose of ritlecitinib in alopecia areata, 200 mg once daily?")

    assert any(hit.passage.document_id == "scan" for hit in evidence.hits)
    assert not any(c.passage.table is not None and c.document.id == "scan" for c in evidence.candidates)


def test_a_comorbidity_is_not_what_a_row_is_about(gathered: Gather) -> None:
    evidence = gathered("What dose of povorcitinib was used in psoriasis?")

    row = row_of(evidence, 5)
    assert "Psoriasis" in row.text
    assert "psoriasis" not in labels(row)
    assert not any(is_about(candidate) for candidate in evidence.candidates)


@pytest.mark.parametrize("disease", ["vitiligo", "psoriasis", "asthma", "hypertension"])
def test_a_dose_for_a_disease_that_is_only_a_comorbidity_abstains(disease: str, library: Library) -> None:
    found = answer(f"What dose of povorcitinib was used in {disease}?", library)

    assert found.status == "abstained"
    assert not any(case.dose in said(found) for case in CASES)


def test_a_comorbidity_counts_where_comorbidities_are_asked_for(gathered: Gather) -> None:
    row = row_of(gathered("Which comorbidities such as psoriasis did case 5 have?"), 5)

    assert "psoriasis" in labels(row)


@pytest.mark.parametrize(
    "question",
    [
        "povorcitinib in vitiligo?",
        "What is the dose of brepocitinib in prurigo nodularis?",
        "What is the dose of brepocitinib in hidradenitis suppurativa?",
        "What dose of topical povorcitinib was used in prurigo nodularis?",
        "What is the dose of intravenous brepocitinib in vitiligo?",
        "What is the dose of brepocitinib for vitiligo in a 6 year old?",
        "What is the dose of povorcitinib for prurigo nodularis in children?",
        "What is the dose of brepocitinib for vitiligo in pregnancy?",
        "What is the dose of abrocitinib in vitiligo?",
        "What is the dose of zorlitinib in vitiligo?",
        "What is the price of brepocitinib in vitiligo?",
    ],
)
def test_another_drug_disease_route_or_population_abstains(question: str, library: Library) -> None:
    found = answer(question, library)

    assert found.status == "abstained", found.answer
    assert found.citations == ()


def test_documents_limit_the_evidence(gathered: Gather, library: Library) -> None:
    question = "What is the dose of povorcitinib in prurigo nodularis?"

    assert {c.document.id for c in gathered(question, ("vitiligo-trial",)).candidates} == {"vitiligo-trial"}
    assert answer(question, library, documents=("vitiligo-trial",)).status == "abstained"
    assert answer(question, library, documents=("prurigo-series",)).status == "answered"


def test_rows_and_prose_are_both_gathered(gathered: Gather) -> None:
    kinds = {c.passage.kind for c in gathered("What is the dose of brepocitinib in vitiligo?").candidates}

    assert {PassageKind.ROW, PassageKind.PROSE} <= kinds


def test_reference_entries_answer_no_question_but_one_for_a_source(gathered: Gather) -> None:
    dose = gathered("Brepocitinib cream for the face: what dose?").candidates

    assert any(candidate.passage.kind is PassageKind.REFERENCE for candidate in dose)
    assert not any(is_about(candidate) for candidate in dose if candidate.passage.kind is PassageKind.REFERENCE)


def test_a_heading_lends_its_drug_to_a_sentence_without_one_only(tmp_path: Path, real_embedder: Embedder) -> None:
    with Library.open(shelve(tmp_path, real_embedder, HEADED), real_embedder) as library:
        asked = answer("What is the dose of povorcitinib in morphea?", library)
        other = answer("What is the dose of brepocitinib in morphea?", library)

    assert "15 mg once daily" in said(asked)
    assert "80 mg" not in said(asked)
    assert "15 mg once daily" not in said(other)


@pytest.mark.parametrize(("route", "wanted", "other"), [("topical", "0.5%", "35 mg"), ("oral", "35 mg", "0.5%")])
def test_of_two_routes_the_one_asked_for_is_answered(
    route: str, wanted: str, other: str, tmp_path: Path, real_embedder: Embedder
) -> None:
    with Library.open(shelve(tmp_path, real_embedder, ROUTES), real_embedder) as library:
        found = answer(f"What is the dose of {route} delgocitinib in morphea?", library)

    assert wanted in said(found)
    assert other not in said(found)


@pytest.mark.parametrize("route", ["topical", "oral"])
def test_a_dose_without_a_route_takes_none_from_the_sentence_beside_it(
    route: str, tmp_path: Path, real_embedder: Embedder
) -> None:
    with Library.open(shelve(tmp_path, real_embedder, ROUTES), real_embedder) as library:
        found = answer(f"What is the dose of {route} delgocitinib in morphea?", library)

    assert "90 mg" not in said(found)


def test_an_empty_question_gathers_no_answer(library: Library) -> None:
    assert answer("", library).status == "abstained"
    assert answer(" ?! ", library).citations == ()
