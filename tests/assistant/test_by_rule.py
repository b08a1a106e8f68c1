"""Extracted facts in answers and on the command line: after checked ones, said to be unchecked, decided on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import answer
from assistant.by_rule import NOTE, may_answer, preferred
from assistant.contract import Answer
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_facts_command import Posology, posology
from tests.invented_edition import put, shelf

__all__ = ["posology"]

NOTE_ON_MORPHEA = """# Invented uses

## Morphea

Oral povorcitinib 45 mg once daily cleared morphea in most adults.

## Vitiligo

Topical povorcitinib 1.5% and delgocitinib 2%, both applied twice daily, helped in vitiligo.

The label of povorcitinib carries a boxed warning for thrombosis.
"""
SHIFTED = """# Uses

| Drug | Route | 3 mg once daily | Indication |
|---|---|---|---|
| Povorcitinib | Oral | 60-90 mg once daily | Morphea |
| Brepocitinib | Oral | 5 mg once daily | Vitiligo |
| Itacitinib 7 mg once daily | Oral | 2% twice daily | Sarcoidosis |
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("by-rule")
    with shelf(folder, real_embedder) as writer:
        put(folder, writer, NOTE_ON_MORPHEA, "morphea")
        put(folder, writer, SHIFTED, "shifted")
    return folder / "library"


def asked(question: str, path: Path, embedder: Embedder) -> Answer:
    with Library.open(path, embedder) as library:
        return answer(question, library)


def test_an_answer_from_an_extracted_dose_says_so(path: Path, real_embedder: Embedder) -> None:
    found = asked("What dose of oral povorcitinib is given in morphea?", path, real_embedder)
    assert found.status == "answered" and "45 mg once daily" in found.answer
    assert [fact["origin"] for fact in found.facts if fact["kind"] == "dose"] == ["extracted"]
    assert [statement.text for statement in found.statements if statement.kind == "note"] == [NOTE]


def test_the_boxed_warning_that_rules_found_stands_beside_the_dose(path: Path, real_embedder: Embedder) -> None:
    found = asked("What dose of oral povorcitinib is given in morphea?", path, real_embedder)
    assert "boxed warning" in found.answer


def test_a_sentence_counts_what_the_rules_read_together(path: Path, real_embedder: Embedder) -> None:
    found = asked("topical povorcitinib strength and frequency in vitiligo?", path, real_embedder)
    assert found.status == "answered" and "1.5%" in found.answer


@pytest.mark.parametrize("drug", ["povorcitinib", "brepocitinib", "itacitinib"])
def test_no_dose_of_a_shifted_table_is_given(drug: str, path: Path, real_embedder: Embedder) -> None:
    found = asked(f"{drug} oral dose once daily in sarcoidosis?", path, real_embedder)
    assert not any(figure in found.answer for figure in ("60-90", "5 mg", "7 mg", "2%"))


def test_a_question_that_bundled_facts_answer_gets_no_extracted_ones(
    tmp_path: Path, bundled_path: Path, real_embedder: Embedder
) -> None:
    import shutil

    shutil.copytree(bundled_path, tmp_path / "library")
    with shelf(tmp_path, real_embedder) as writer:
        put(tmp_path, writer, "# Mine\n\nTofacitinib 7 mg once daily was used in granuloma annulare.", "mine")
    found = asked("tofacitinib dose in granuloma annulare?", tmp_path / "library", real_embedder)
    assert {fact["origin"] for fact in found.facts} == {"curated"}
    assert NOTE not in found.answer


def fact(**fields: Any) -> tuple[dict[str, Any], tuple[()]]:
    return {"origin": "extracted", "confidence": 0.9, **fields}, ()


def test_checked_facts_come_first_and_unsure_or_damaged_ones_not_at_all() -> None:
    curated, reviewed = fact(origin="curated"), fact(reviewed="accepted", damage="shifted")
    sure, unsure, damaged = fact(), fact(confidence=0.4), fact(damage="shifted")
    assert preferred([sure, curated, reviewed]) == [curated, reviewed]
    assert preferred([damaged, sure, unsure]) == [sure]
    assert not may_answer(damaged) and not may_answer(unsure)


# --- the command line ---


@pytest.fixture
def own(tmp_path: Path, path: Path) -> Path:
    import shutil

    shutil.copytree(path, tmp_path / "own")
    return tmp_path / "own"


def dose_of(drug: str, posology: Posology, library: Path) -> dict[str, Any]:
    (found,) = posology("facts", "--drug", drug, "--kind", "dose", "--json", "--library", library).facts
    return found


def test_extracted_facts_are_listed_with_what_a_decision_needs(posology: Posology, own: Path) -> None:
    listed = posology("facts", "--origin", "extracted", "--document", "morphea", "--library", own, columns=160).out
    identity = dose_of("delgocitinib", posology, own)["id"]
    assert identity in listed and "extracted by rule" in listed and "sure 0." in listed
    shifted = posology("facts", "--document", "shifted", "--library", own, columns=160).out
    assert "THE PRINT LOOKS DAMAGED" in shifted


def test_a_rejected_fact_is_gone_and_a_reopened_one_is_back(posology: Posology, own: Path) -> None:
    identity = dose_of("delgocitinib", posology, own)["id"]
    assert posology("facts", "reject", identity[:6], "--library", own).code == 0
    assert posology("facts", "--drug", "delgocitinib", "--json", "--library", own).facts == []
    assert posology("facts", "reopen", identity, "--library", own).code == 0
    assert dose_of("delgocitinib", posology, own)["id"] == identity


def test_an_accepted_fact_is_told_without_the_note(posology: Posology, own: Path) -> None:
    question = ("ask", "topical delgocitinib dose in vitiligo?", "--json", "--library", own)
    assert NOTE in json.loads(posology(*question).out)["answer"]
    posology("facts", "accept", dose_of("delgocitinib", posology, own)["id"], "--library", own)
    told = json.loads(posology(*question).out)
    assert NOTE not in told["answer"] and told["facts"][0]["reviewed"] == "accepted"


def test_a_fact_is_corrected_in_the_words_of_the_vocabulary(posology: Posology, own: Path) -> None:
    identity = dose_of("delgocitinib", posology, own)["id"]
    done = posology("facts", "correct", identity, "regimen=2% three times a day", "indication=AA", "--library", own)
    assert done.code == 0, done.err
    fixed = dose_of("delgocitinib", posology, own)
    assert (fixed["regimen"], fixed["indication"], fixed["reviewed"]) == (
        "2% 3 times daily",
        "alopecia-areata",
        "corrected",
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("approve", "x-1"), "no action"),
        (("accept",), "needs other words"),
        (("correct", "x-"), "needs other words"),
        (("accept", "x-", "drug=tofacitinib"), "needs other words"),
        (("accept", "y-1"), "No extracted fact"),
        (("accept", "x-"), "write more of it"),
    ],
)
def test_a_decision_that_cannot_be_kept_says_why(
    words: tuple[str, ...], fault: str, posology: Posology, own: Path
) -> None:
    ran = posology("facts", *words, "--library", own)
    assert ran.code == 2 and fault in ran.err


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("regimn=1", "has no field"),
        ("regimen=lots", "not read as one regimen"),
        ("drug=frob", "no name of one drug"),
        ("status=maybe", "can't be that"),
    ],
)
def test_a_correction_has_to_be_a_value_of_its_field(change: str, fault: str, posology: Posology, own: Path) -> None:
    identity = dose_of("delgocitinib", posology, own)["id"]
    ran = posology("facts", "correct", identity, change, "--library", own)
    assert ran.code == 2 and fault in ran.err


def test_a_vocabulary_file_is_learnt_and_a_malformed_one_refused(posology: Posology, tmp_path: Path) -> None:
    names, paper = tmp_path / "names.yaml", tmp_path / "paper.md"
    names.write_text("drugs:\n  - id: zorlitinib\n    name: zorlitinib\n    brands: [Zorlex]\n", encoding="utf-8")
    paper.write_text("# Uses\n\nZorlex 7 mg twice daily cleared morphea.\n", encoding="utf-8")
    library = tmp_path / "new"
    assert posology("add", paper, "--vocabulary", names, "--library", library).code == 0
    assert dose_of("zorlitinib", posology, library)["regimen"] == "7 mg twice daily"
    names.write_text("pills: []\n", encoding="utf-8")
    refused = posology("add", "--vocabulary", names, "--library", library)
    assert refused.code == 9 and "has the key 'pills'" in refused.err
    assert dose_of("zorlitinib", posology, library)
