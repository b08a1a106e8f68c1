"""Doses that are read off invented documents: whose they are, and what is no dose at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.extract import Extracted, Extractor
from corpus.extraction.cues import load_cues
from corpus.facts import DoseFact
from corpus.passages import passages
from corpus.terms import load_vocabulary
from corpus.types import PassageKind
from corpus.vocabulary_files import compile_vocabulary
from tests.conftest import make_document

EXTRACTOR = Extractor(load_vocabulary(compile_vocabulary()))
SHIFTED = """# Uses

| Drug | Route | 3 mg once daily | Indication |
|---|---|---|---|
| Povorcitinib | Oral | 60-90 mg once daily | Morphea |
| Brepocitinib | Oral | 5 mg once daily | Vitiligo |
| Itacitinib 7 mg once daily | Oral | 2% twice daily | Sarcoidosis |
"""


def found(text: str) -> list[Extracted]:
    document = make_document(text)
    return list(EXTRACTOR.facts(document, passages(document)))


def doses(text: str) -> list[DoseFact]:
    return [one.fact for one in found(text) if isinstance(one.fact, DoseFact)]


def told(text: str) -> list[tuple[str, str | None]]:
    return [(dose.drug, dose.regimen) for dose in doses(text)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Povorcitinib 45 mg once daily cleared the plaques.", [("povorcitinib", "45 mg once daily")]),
        (
            "They took povorcitinib 45 mg daily, methotrexate 15 mg weekly, and prednisone 5 mg/day.",
            [
                ("povorcitinib", "45 mg once daily"),
                ("methotrexate", "15 mg once weekly"),
                ("prednisone", "5 mg once daily"),
            ],
        ),
        ("Eight adults received 45 mg of povorcitinib once daily.", [("povorcitinib", "45 mg once daily")]),
        (
            "Both the 15 mg and 30 mg povorcitinib arms improved.",
            [("povorcitinib", "15 mg"), ("povorcitinib", "30 mg")],
        ),
        (
            "With methotrexate and 45 mg povorcitinib daily the itch went.",
            [("povorcitinib", "45 mg once daily")],
        ),
        (
            "Adults with an inadequate response to methotrexate took povorcitinib, started at 45 mg daily.",
            [("povorcitinib", "45 mg once daily")],
        ),
        (
            "On povorcitinib half improved at 15 mg daily, as did most of those in the 45 mg daily group.",
            [("povorcitinib", "15 mg once daily"), ("povorcitinib", "45 mg once daily")],
        ),
        ("There was 1 fall in the placebo arm and 1 with brepocitinib in the 30 mg arm.", [("brepocitinib", "30 mg")]),
        (
            "Three were switched from brepocitinib 30 mg/day to povorcitinib 45 mg/day.",
            [("brepocitinib", "30 mg once daily"), ("povorcitinib", "45 mg once daily")],
        ),
    ],
)
def test_a_dose_is_of_the_drug_that_it_stands_with(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Povorcitinib 45 mg daily was not given to anyone.",
        "No patient received povorcitinib 45 mg daily.",
        "She took itacitinib instead of povorcitinib 45 mg daily.",
        "Povorcitinib 90 mg daily is not recommended in adults.",
        "Adults will receive povorcitinib 45 mg daily for a year.",
        "A trial of povorcitinib 45 mg daily is planned.",
        "Povorcitinib 45 mg daily would be the next step.",
        "People on prednisone above 10 mg daily were left out.",
        "Povorcitinib was raised by 15 mg every week.",
        "Mice were given povorcitinib 30 mg/kg daily.",
        "Systemic corticosteroids 10 mg daily were continued by five people.",
        "People took zorlitinib 10 mg daily and felt well.",
        "Adverse events: povorcitinib 12%, placebo 10%.",
        "On povorcitinib the urinary protein was 500 mg/day.",
        "Concomitant methotrexate was used by seven people on povorcitinib, in a comparable dose of 15 mg weekly.",
    ],
)
def test_what_was_not_given_or_is_no_dose_of_a_known_drug_gives_no_fact(sentence: str) -> None:
    assert told(f"# A study of itacitinib\n\n{sentence}\n") == []


def test_a_dose_that_did_no_good_was_still_given() -> None:
    sentence = "Those who did not respond to povorcitinib 15 mg daily did respond to 45 mg daily."
    assert told(sentence) == [("povorcitinib", "15 mg once daily"), ("povorcitinib", "45 mg once daily")]


def test_a_sentence_without_a_drug_takes_the_one_of_its_paragraph_and_then_of_its_heading() -> None:
    text = """# Invented uses

## Povorcitinib

The starting amount was 15 mg once daily.

Brepocitinib was tried as well. Most people stayed on 30 mg once daily.
"""
    first, second = doses(text)
    assert (first.drug, first.regimen) == ("povorcitinib", "15 mg once daily")
    assert (second.drug, second.regimen) == ("brepocitinib", "30 mg once daily")
    assert first.confidence and second.confidence and first.confidence < second.confidence < 0.85


def test_nothing_is_said_where_the_paragraph_names_two_drugs() -> None:
    assert told("Povorcitinib and brepocitinib were tried. Most people stayed on 30 mg once daily.") == []


def test_a_strength_and_frequency_said_once_for_two_drugs_hold_for_both() -> None:
    first, second = doses("Topical ruxolitinib 1.5% and delgocitinib 2%, both applied twice daily, helped.")
    assert (first.regimen, first.route) == ("1.5% twice daily", "topical")
    assert (second.regimen, second.route) == ("2% twice daily", "topical")


def test_route_form_and_release_are_told_apart_from_the_regimen() -> None:
    (dose,) = doses("Oral povorcitinib was taken at 45 mg extended release once daily by adults with morphea.")
    assert (dose.regimen, dose.route, dose.formulation) == ("45 mg once daily", "oral", "extended release")
    assert dose.indication == "morphea"


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("# Vitiligo\n\nPovorcitinib 45 mg daily helped.", "vitiligo"),
        ("# Vitiligo\n\nIn morphea povorcitinib 45 mg daily helped.", "morphea"),
        ("# Vitiligo and morphea\n\nPovorcitinib 45 mg daily helped.", None),
        ("# A study\n\nThe LS mean fell on povorcitinib 45 mg daily.", None),
    ],
)
def test_a_dose_is_for_the_disease_of_its_sentence_and_else_of_its_heading(text: str, disease: str | None) -> None:
    (dose,) = doses(text)
    assert dose.indication == disease


def test_what_the_text_leaves_open_is_noted_and_takes_from_the_confidence() -> None:
    (mean,) = doses("Methotrexate was given at a mean dose of 15 mg weekly.")
    (sure,) = doses("Methotrexate was given at a dose of 15 mg weekly.")
    assert mean.note and "average" in mean.note and not sure.note
    assert (mean.confidence or 0) < (sure.confidence or 0)


def test_a_reference_list_gives_no_facts_and_a_cited_sentence_names_its_reference() -> None:
    text = """# Uses

Povorcitinib 45 mg daily cleared morphea (ref 4).

# References

4. Povorcitinib 90 mg daily in morphea. J Invent Med. 2021.
"""
    (dose,) = doses(text)
    assert dose.where[0].refs == ("ref 4",) and dose.regimen == "45 mg once daily"


def test_a_row_is_read_with_its_headers_names() -> None:
    text = """# Uses

| Drug | Route | Dose (mg) | Frequency | Indication | Previous therapy |
|---|---|---|---|---|---|
| Povorcitinib | Oral | 45 | once daily | Morphea | methotrexate 15 mg weekly |
|  | Oral | 90 | once daily | Vitiligo |  |
| Nothing | Oral | 5 | daily | Morphea |  |
"""
    first, second = doses(text)
    assert (first.drug, first.regimen, first.route, first.indication) == ("povorcitinib", "45 mg", "oral", "morphea")
    assert (second.drug, second.regimen, second.indication) == ("povorcitinib", "90 mg", "vitiligo")


def test_of_a_shifted_table_only_what_one_cell_says_is_read_and_marked() -> None:
    (dose,) = doses(SHIFTED)
    assert (dose.drug, dose.regimen) == ("itacitinib", "7 mg once daily")
    assert dose.damage and dose.indication is None
    assert dose.confidence is not None and dose.confidence < 0.6


def test_a_fact_stands_where_its_anchors_do() -> None:
    text = "# Uses\n\nFirst this. Povorcitinib\n45 mg once daily cleared morphea. Then that."
    (one,) = found(text)
    document = make_document(text)
    place = document.text[one.place.start : one.place.end]
    assert place == "Povorcitinib\n45 mg once daily cleared morphea."
    assert all(anchor in " ".join(place.split()) for anchor in one.fact.where[0].anchors)


def test_a_fingerprint_knows_the_words_and_not_where_they_stand() -> None:
    (one,) = found("Povorcitinib 45 mg once daily cleared morphea.")
    (moved,) = found("# Something else\n\nBefore it. Povorcitinib 45 mg  once daily cleared morphea.")
    (other,) = found("Povorcitinib 45 mg once daily cleared vitiligo.")
    assert one.fingerprint == moved.fingerprint != other.fingerprint


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "povorcitinib;methotrexate;45 mg;2%;daily;not;given;and;,;.;\n\n;|;(;);morphea;topical;was;mice;placebo;# ;"
            "<sup>3</sup>;5-10 mg;per 100 patient-years;approved for;increased risk of;stroke;43% of patients".split(
                ";"
            )
        ),
        max_size=40,
    )
)
def test_any_text_gives_facts_that_stand_in_its_passages(parts: list[str]) -> None:
    document = make_document("x " + " ".join(parts))
    cut = passages(document)
    facts = list(EXTRACTOR.facts(document, cut))
    assert len({one.fact.id for one in facts}) == len(facts)
    for one in facts:
        assert one.fact.origin == "extracted" and 0 < (one.fact.confidence or 0) <= 1
        assert any(
            part.start <= one.place.start < one.place.end <= part.end and part.kind is not PassageKind.REFERENCE
            for part in cut
        )


def test_the_cues_are_sound() -> None:
    cues = load_cues()
    known = EXTRACTOR._lexicon.vocabulary.terms
    assert cues.doseless <= set(known) and cues.treated <= set(known)


def test_a_dose_takes_the_only_route_by_which_its_document_gives_the_drug() -> None:
    (dose,) = doses(
        "Oral or topical povorcitinib was given to few.\n\nPovorcitinib 45 mg once daily cleared the plaques."
    )

    assert (dose.route, dose.route_from_elsewhere) == ("oral", True)


def test_a_dose_takes_no_route_where_its_document_gives_the_drug_by_two() -> None:
    (dose,) = doses(
        "Oral methotrexate and subcutaneous methotrexate were given.\n\nMethotrexate 15 mg weekly cleared the plaques."
    )

    assert (dose.route, dose.route_from_elsewhere) == (None, False)


def test_the_route_of_one_drug_is_not_that_of_another() -> None:
    (dose,) = doses("Oral methotrexate was stopped.\n\nPovorcitinib 45 mg once daily cleared the plaques.")

    assert dose.route is None
