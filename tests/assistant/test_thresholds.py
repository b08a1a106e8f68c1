"""Limits that a question sets to numbers: how they are read, which column they are about, and the rows within them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.interpret import interpret
from assistant.thresholds import passes, thresholds_in
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import CASES, Case, computed, invented_library, said


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(invented_library(tmp_path_factory.mktemp("limits"), real_embedder), real_embedder) as library:
        yield library


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("cases under 40", ["below 40"]),
        ("cases older than 60", ["above 60"]),
        ("cases aged 45 or younger", ["at most 45"]),
        ("cases of 45 years and over", ["at least 45"]),
        ("courses of at least 12 months", ["at least 12"]),
        ("no more than 12 months", ["at most 12"]),
        ("women over fifty", ["above 50"]),
        ("cases between 30 and 50 years", ["at least 30", "at most 50"]),
        ("a rate above 0.5", ["above 0.5"]),
        ("age > 50", ["above 50"]),
        ("how many cases", []),
        ("more than one drug than before", ["above 1"]),
    ],
)
def test_limits_are_read(question: str, labels: list[str], invented: Library) -> None:
    asked = interpret(question, invented.vocabulary, HybridSearcher(invented))

    assert [limit.label for limit in thresholds_in(asked)] == labels


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_number_is_on_one_side_of_a_limit(number: int, limit: int) -> None:
    value = Decimal(number)

    assert passes(f"above {limit}", value) != passes(f"at most {limit}", value)
    assert passes(f"below {limit}", value) != passes(f"at least {limit}", value)
    assert passes(f"above {limit}", None) is False
    assert passes("acne", value) is None


def keys(cases: list[Case]) -> set[str]:
    return {str(CASES.index(case) + 1) for case in cases}


def listed(text: str) -> set[str]:
    """Return the numbers of the cases in the list that ends a statement."""
    return set(re.findall(r"\bCase (\d+)\b", text.split(": ", 1)[1]))


@pytest.mark.parametrize("limit", [30, 36, 50, 60])
def test_cases_above_an_age_are_listed(limit: int, invented: Library) -> None:
    wanted = [case for case in CASES if case.age > limit]

    assert listed(computed(f"Which cases were older than {limit}?", invented)) == keys(wanted)


@pytest.mark.parametrize("months", [3, 7, 9])
def test_cases_are_counted_by_a_limit_of_their_duration(months: int, invented: Library) -> None:
    wanted = [case for case in CASES if case.months >= months]

    text = computed(f"How many cases lasted at least {months} months?", invented)
    assert text.startswith(f"{len(wanted)} of the {len(CASES)} rows")


def test_a_limit_and_a_name_select_together(invented: Library) -> None:
    wanted = [case for case in CASES if case.age < 50 and "prurigo" in case.disease.lower()]

    text = computed("How many cases under 50 had prurigo nodularis?", invented)
    assert f"{len(wanted)} of the" in text


def test_nobody_within_a_limit_is_a_count_of_none(invented: Library) -> None:
    assert computed("How many cases were older than 95?", invented).startswith("0 of the")


def test_two_years_are_no_two_months(invented: Library) -> None:
    found = answer("Which cases were treated for more than 2 years?", invented)

    assert "above 2" not in said(found)
