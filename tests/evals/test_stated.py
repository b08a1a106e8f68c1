"""Typed facts: a figure counts with its unit, in a sentence that names the entity."""

from __future__ import annotations

import pytest

from evals.stated import is_stated, states
from evals.suite import State
from index.library import Library
from tests.evals.made import answer


def fact(value: float | str, unit: str | None = None, entity: str | None = None) -> State:
    return State(value=value, unit=unit, entity=entity)


STATED = [
    (fact(5, "mg", "tofacitinib"), "Oral tofacitinib 5 mg twice daily was given."),
    (fact(5, "mg", "Xeljanz"), "Oral tofacitinib 5 to 10 mg was given."),
    (fact(10, "mg", "JAK inhibitors"), "Oral tofacitinib 5 to 10 mg was given."),
    (fact(15, "mg"), "Upadacitinib 15-30 mg daily."),
    (fact(5, "mg twice daily", "tofacitinib"), "Tofacitinib 5 mg every 12 hours."),
    (fact(5, "mg twice daily", "tofacitinib"), "Tofacitinib 5 to 10 mg twice daily."),
    (fact(80, "%"), "It worked in 80% of patients."),
    (fact(80, "percent"), "It worked in 80 % of patients."),
    (fact(61, "%"), "A 61%-70% reduction was seen."),
    (fact(6, "months"), "This took six to 12 months."),
    (fact(28, "points"), "The mean was 28 ± 15.4 points."),
    (fact(18, "patients"), "The series has 18 different patients."),
    (fact(3, "patients"), "It cleared in 3 of 5 patients."),
    (fact(3743, "patients"), "A meta-analysis of 3,743 patients."),
    (fact(0.0, "per 100 patient-years", "upadacitinib 30 mg"), "Per 100 patient-years, upadacitinib 30 mg had 0.0."),
    (fact(32, "months"), "Case: 17; Duration (months): 32; Efficacy: complete response."),
    (fact(12), "There were twelve of them."),
    (fact("psoriasis", entity="deucravacitinib"), "Sotyktu is approved for psoriasis."),
    (fact("George Washington University"), "They work at the George Washington University."),
    (fact("3 of 5"), "It cleared in 3 of 5."),
    (fact("5", "mg"), "Tofacitinib 5 mg."),
    (fact("granuloma annulare", entity="BIRDY-9"), "In BIRDY-9 it was GA."),
]
NOT_STATED = [
    (fact(5, "mg", "tofacitinib"), "Oral baricitinib 5 mg twice daily was given."),
    (fact(5, "mg"), "It was given for 5 days."),
    (fact(5, "mg"), "It was given in 5 of 15 mg."),
    (fact(5, "mg"), "Oral tofacitinib 15 mg, 0.5 mg or 5.5 mg was given."),
    (fact(5, "mg twice daily"), "Tofacitinib 5 mg once daily."),
    (fact(5, "mg twice daily"), "Tofacitinib 10 mg twice daily."),
    (fact(80, "%"), "It worked in 80 patients, or 8%."),
    (fact(1, "%"), "JAK1 was blocked by 10%."),
    (fact(6, "months"), "This took 6 weeks and 9 months."),
    (fact(0.1, "per 100 patient-years", "upadacitinib 30 mg"), "Per 100 patient-years, upadacitinib 15 mg had 0.1."),
    (fact(0.1, "per 100 patient-years"), "The share was 0.1."),
    (fact("psoriasis", entity="deucravacitinib"), "Sotyktu is approved for eczema."),
    (fact("3 of 5"), "It cleared in 3 of 6."),
]


@pytest.mark.parametrize(("state", "sentence"), STATED, ids=str)
def test_a_fact_is_stated_in_any_usual_wording(state: State, sentence: str, bundled: Library) -> None:
    assert states(sentence, state, bundled)


@pytest.mark.parametrize(("state", "sentence"), NOT_STATED, ids=str)
def test_another_figure_unit_or_entity_does_not_state_it(state: State, sentence: str, bundled: Library) -> None:
    assert not states(sentence, state, bundled)


def test_figure_and_entity_in_two_sentences_do_not_state_a_fact(bundled: Library) -> None:
    state = fact(5, "mg", "tofacitinib")

    assert not is_stated(state, answer("Tofacitinib was given. The dose was 5 mg."), bundled)
    assert not is_stated(state, answer("Tofacitinib was given.", "The dose was 5 mg."), bundled)
    assert is_stated(state, answer("It was short.", "The dose of tofacitinib was 5 mg."), bundled)
