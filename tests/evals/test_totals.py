"""What results add up to: shares, statistics, and their bootstrap intervals."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bootstrap import RESAMPLES, interval_of_share, interval_of_statistic
from evals.records import Result
from evals.risk_coverage import risk_coverage
from evals.totals import LATENCIES, area_under_risk, by_kind, totals
from tests.evals.made import NAMES, result


def figures(*results: Result) -> dict[str, float]:
    return {name: found.value for name, found in totals(results, NAMES).items()}


def test_means_are_over_the_results_that_a_metric_applies_to() -> None:
    found = totals([result("a"), result("b", passed=False, scores={"pass": 0.0})], NAMES)

    assert (found["pass"].n, found["pass"].value) == (2, 0.5)
    assert (found["quote validity"].n, found["quote validity"].value) == (1, 1)


def test_a_metric_that_applies_to_nothing_has_no_estimate() -> None:
    found = totals([result("a", scores={})], NAMES)

    assert not {"pass", "quote validity", "abstention precision", "abstention recall"} & set(found)
    assert totals([], NAMES) == {}


def test_abstention_is_counted_as_the_class_that_is_looked_for() -> None:
    found = figures(
        result("a", expect="abstained", status="abstained"),
        result("b", expect="abstained", status="answered"),
        result("c", expect="abstained", status="answered"),
        result("d", status="abstained"),
        result("e"),
    )

    assert found["abstention precision"] == 0.5
    assert found["abstention recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["abstention F1"] == 0.4


def test_length_is_of_answers_and_critical_errors_are_of_all() -> None:
    found = figures(result("a", answer="one two"), result("b", status="abstained"), result("c", critical=("x", "y")))

    assert found["words per answer"] == 3
    assert found["critical errors"] == pytest.approx(1 / 3, abs=1e-4)


def test_latencies_are_in_milliseconds() -> None:
    found = figures(*(result(str(n), seconds=n / 1000) for n in range(1, 101)))

    assert [found[name] for name in LATENCIES] == [50, 95]


outcomes = st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=25)


@given(outcomes)
def test_the_quick_area_is_that_of_the_risk_coverage_curve(found: list[tuple[int, bool]]) -> None:
    results = [result(str(n), confidence=c / 4, passed=p) for n, (c, p) in enumerate(found)]
    curve = risk_coverage(results)
    rows = np.array([(c / 4, float(not p)) for c, p in found])

    assert curve is not None
    assert area_under_risk(rows) == pytest.approx(curve.area)
    assert totals(results, NAMES)["AURC"].value == pytest.approx(curve.area, abs=1e-4)


def test_an_interval_holds_its_value_and_narrows_with_more_questions() -> None:
    few = totals([result(str(n), passed=n % 3 > 0) for n in range(12)], NAMES)["pass"]
    many = totals([result(str(n), passed=n % 3 > 0) for n in range(300)], NAMES)["pass"]

    assert few.low < few.value < few.high
    assert many.low < many.value < many.high
    assert many.high - many.low < few.high - few.low


def test_the_interval_of_a_mean_is_near_the_normal_one() -> None:
    random_ = random.Random(1)
    values = np.array([(float(random_.random() < 0.7), 1.0) for _ in range(400)])
    low, high = interval_of_share([str(n) for n in range(400)], values)
    mean = values[:, 0].mean()
    half = 1.96 * (mean * (1 - mean) / 400) ** 0.5

    assert (low, high) == pytest.approx((mean - half, mean + half), abs=0.01)


def test_turns_of_one_conversation_are_drawn_together() -> None:
    values = np.array([(float(n % 10 < 5), 1.0) for n in range(100)])
    alone = interval_of_share([str(n) for n in range(100)], values)
    together = interval_of_share([str(n // 5) for n in range(100)], values)

    assert together[1] - together[0] > 1.5 * (alone[1] - alone[0])


def test_both_ways_of_drawing_agree() -> None:
    items = [str(n // 3) for n in range(60)]
    values = np.array([(float(n % 7 < 3), 1.0) for n in range(60)])

    share = interval_of_share(items, values)
    assert share == pytest.approx(interval_of_statistic(items, values, lambda rows: float(rows[:, 0].mean())))
    assert RESAMPLES >= 1000


def test_figures_by_kind_are_those_of_the_kind_alone() -> None:
    results = [result("a", kind="dose"), result("b", kind="safety", passed=False, scores={"pass": 0.0})]
    found = by_kind(results, NAMES)

    assert list(found) == ["dose", "safety"]
    assert found["safety"] == totals(results[1:], NAMES)
    assert (found["dose"]["pass"].value, found["safety"]["pass"].value) == (1, 0)
