import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.figures import Shape, figures, has_shape, without_ages


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("twice daily", "2 daily"),
        ("8,700 patients", "8700 patients"),
        ("0.50", ".5"),
        ("5.0 mg", "five mg"),
        ("02", "2"),
    ],
)
def test_one_number_has_one_spelling(one: str, other: str) -> None:
    assert figures(one) == figures(other)


def test_numbers_inside_names_are_names() -> None:
    assert figures("JAK1 and IL-4 with TYK2") == frozenset()


def test_different_numbers_stay_different() -> None:
    assert figures("5 mg") != figures("50 mg")
    assert figures("0.4") != figures("4")
    assert figures("10 20") == {"10", "20"}


@given(st.decimals(min_value=0, max_value=100000, places=2))
def test_a_number_is_found_again_whatever_its_zeros(value: object) -> None:
    assert figures(f"{value}") == figures(f"0{value}0")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("5 mg twice daily", Shape.DOSE),
        ("a 1%-2% cream twice daily", Shape.DOSE),
        ("15 to 25 mg", Shape.DOSE),
        ("within 3 to 6 months", Shape.DURATION),
        ("after twelve weeks", Shape.DURATION),
        ("80% of patients", Shape.SHARE),
        ("3 of 5 patients", Shape.SHARE),
    ],
)
def test_the_shape_of_a_figure_is_seen(text: str, shape: Shape) -> None:
    assert has_shape(text, shape)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("in 40% of patients", Shape.DOSE),
        ("for a long time", Shape.DURATION),
        ("a good response", Shape.SHARE),
    ],
)
def test_another_figure_or_none_is_not_taken_for_it(text: str, shape: Shape) -> None:
    assert not has_shape(text, shape)


def test_number_words_above_twenty_are_numbers() -> None:
    assert figures("Fifty-seven of eighty patients") == {"57", "80"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patients (n = 531) were randomized.", True),
        ("41 adults took part.", True),
        ("Patients were randomised (2:2:1) to two arms.", False),
        ("It ran in 74 centres of 11 countries in phase 3.", False),
    ],
)
def test_people_are_counted_only_where_a_number_is_theirs(text: str, expected: bool) -> None:
    assert has_shape(text, Shape.PEOPLE) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mean age was 48.8 years.", True),
        ("Those between 2 and 30 years of age came.", True),
        ("They were followed for 3 years.", False),
    ],
)
def test_ages_are_told_from_spans_of_time(text: str, expected: bool) -> None:
    assert has_shape(text, Shape.AGE) is expected


def test_years_of_age_are_no_duration() -> None:
    assert not has_shape(without_ages("Their mean age was 38 years."), Shape.DURATION)
    assert has_shape(without_ages("They were followed for 3 years."), Shape.DURATION)
