"""Harm, approvals, event rates and outcomes that are read off invented sentences and rows."""

from __future__ import annotations

import pytest

from corpus.facts import Approval, EventRate, Outcome, SafetyFact
from tests.corpus.test_extract import found


def approvals(text: str) -> list[tuple[str, str, str, str | None]]:
    facts = [one.fact for one in found(text) if isinstance(one.fact, Approval)]
    return [(fact.drug, fact.indication, fact.status, fact.route) for fact in facts]


def harms(text: str) -> list[tuple[tuple[str, ...], str, str]]:
    facts = [one.fact for one in found(text) if isinstance(one.fact, SafetyFact)]
    return [(fact.drugs, fact.event, fact.direction) for fact in facts]


def rates(text: str) -> list[tuple[str | None, str, float | None]]:
    facts = [one.fact for one in found(text) if isinstance(one.fact, EventRate)]
    return [(fact.drug, fact.event, fact.rate) for fact in facts]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Povorcitinib is approved for morphea.", [("povorcitinib", "morphea", "approved", None)]),
        (
            "Topical delgocitinib was approved by the FDA for both morphea and vitiligo, and studied in GVHD.",
            [("delgocitinib", "morphea", "approved", "topical"), ("delgocitinib", "vitiligo", "approved", "topical")],
        ),
        (
            "Povorcitinib and brepocitinib are indicated for the treatment of adults with morphea.",
            [("povorcitinib", "morphea", "approved", None), ("brepocitinib", "morphea", "approved", None)],
        ),
        ("Povorcitinib was used off-label in morphea.", [("povorcitinib", "morphea", "off-label", None)]),
        ("Povorcitinib is not approved for morphea.", []),
        ("Povorcitinib has yet to be approved for morphea.", []),
        ("JAK inhibitors are approved for morphea.", []),
        ("Povorcitinib helped in morphea, for which nothing is approved.", []),
    ],
)
def test_approvals_are_read_with_their_drugs_and_diseases(
    sentence: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    assert approvals(sentence) == expected


def test_an_approval_names_its_regulator_and_the_date_of_its_document() -> None:
    (one,) = found("---\ntitle: T\nyear: 2021\n---\nThe EMA says that povorcitinib is approved for morphea.")
    assert isinstance(one.fact, Approval)
    assert (one.fact.regulator, one.fact.as_of) == ("EMA", "document of 2021")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Povorcitinib showed an increased risk of thrombosis and herpes zoster compared with placebo.",
            [(("povorcitinib",), "thrombosis", "higher"), (("povorcitinib",), "herpes-zoster", "higher")],
        ),
        ("There was no increased risk of stroke with povorcitinib.", [(("povorcitinib",), "stroke", "no difference")]),
        ("A lower rate of nausea was seen with povorcitinib.", [(("povorcitinib",), "nausea", "lower")]),
        (
            "With povorcitinib, no cases of tuberculosis were reported.",
            [(("povorcitinib",), "tuberculosis", "none reported")],
        ),
        ("The label of povorcitinib carries a boxed warning.", [(("povorcitinib",), "adverse-event", "higher")]),
        ("An increased risk of stroke has not been shown for povorcitinib.", []),
        ("Whether povorcitinib brings an increased risk of stroke is unknown.", []),
        ("Povorcitinib carries no boxed warning.", []),
        ("In mice povorcitinib showed an increased risk of lymphoma.", []),
        ("There was an increased risk of stroke.", []),
    ],
)
def test_harm_is_read_with_its_direction(sentence: str, expected: list[tuple[tuple[str, ...], str, str]]) -> None:
    assert harms(sentence) == expected


def test_a_rate_is_read_where_a_sentence_names_one_drug_and_one_event() -> None:
    assert rates("Herpes zoster occurred on povorcitinib at 2.5 per 100 patient-years.") == [
        ("povorcitinib", "herpes-zoster", 2.5)
    ]
    assert rates("Stroke and nausea occurred on povorcitinib at 2.5 per 100 patient-years.") == []


def test_rates_are_read_off_a_table_by_row_and_column_and_not_under_a_header_that_spans_columns() -> None:
    plain = """Rates per 100 patient-years

| Per 100 patient-years | Stroke | Nausea |
|---|---|---|
| Povorcitinib 45 mg | 0.4 (0.1 to 0.9) | 3 |
| Placebo | no data | 2.1 |
"""
    assert rates(plain) == [
        ("povorcitinib", "stroke", 0.4),
        ("povorcitinib", "nausea", 3.0),
        ("placebo", "stroke", None),
        ("placebo", "nausea", 2.1),
    ]
    assert rates(plain.replace("| Nausea |", "|  |")) == []


def test_a_share_who_reached_a_measure_is_read_with_its_drug_dose_and_time() -> None:
    text = "After 16 weeks, 43% of patients on povorcitinib 45 mg daily achieved a PASI 75, and 9% of those on placebo."
    (fact,) = [one.fact for one in found(text) if isinstance(one.fact, Outcome)]
    assert (fact.drug, fact.measure, fact.figure) == ("povorcitinib", "pasi-75", "43%")
    assert (fact.regimen, fact.at) == ("45 mg once daily", "16 weeks")


def test_a_share_of_another_group_is_not_the_drugs() -> None:
    text = "PASI 75 was reached by many; 9% of patients on placebo and others on povorcitinib did not achieve it."
    assert not any(isinstance(one.fact, Outcome) for one in found(text))
