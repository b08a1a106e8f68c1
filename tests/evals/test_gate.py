"""The gates: what shuts them, and that a recipe broken on purpose is caught and its questions named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.recipes import quote
from corpus.errors import StorageError, UnreadableFileError
from evals.changes import compare
from evals.gate import Gate, GateError, check, gates, pass_rates, read_baseline, write_baseline
from evals.records import Run
from evals.run import fast, record, results_of
from evals.suite import load_suites
from evals.summary import change_lines, gate_lines
from index.library import Library
from tests.evals.made import result, run_of

GOOD = run_of(result("a"), result("b"), result("s", kind="safety", split="test"))


def shut(found: list[Gate]) -> list[str]:
    return [fault for gate in found for fault in gate.faults]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "baseline.json"


def test_a_run_as_good_as_its_base_line_passes(file: Path) -> None:
    write_baseline(GOOD, file)
    found = gates(GOOD, read_baseline(file))

    assert shut(found) == []
    check(found)


def test_a_fall_in_one_suite_is_named_and_a_rise_in_another_does_not_make_up_for_it(file: Path) -> None:
    write_baseline(run_of(result("a"), result("b"), result("s", kind="safety", passed=False)), file)
    worse = run_of(result("a"), result("b", passed=False), result("s", kind="safety"))
    found = gates(worse, read_baseline(file))

    assert shut(found) == ["dose/development: 1 of 2 (50.0%) passed, base line 2 of 2 (100.0%)"]
    with pytest.raises(GateError, match="base line") as caught:
        check(found)
    assert caught.value.exit_code == 8


def test_a_critical_error_and_a_false_quote_shut_their_gates_without_any_base_line() -> None:
    bad = run_of(result("a", critical=("wrong dose: says '7 mg'",)), result("b", scores={"quote validity": 0.5}))

    assert shut(gates(bad, {})) == [
        "b: a citation is not what the document holds",
        "a: wrong dose: says '7 mg'",
    ]


def test_a_base_line_is_kept_by_scope_suite_and_split(file: Path) -> None:
    write_baseline(GOOD, file)
    write_baseline(run_of(result("a", passed=False), scope="fast"), file)
    write_baseline(run_of(result("c"), result("d", passed=False)), file)

    stored = json.loads(file.read_text(encoding="utf-8"))
    assert stored["fast"] == {"dose/development": {"passed": 0, "questions": 1}}
    assert stored["full"] == {
        "dose/development": {"passed": 1, "questions": 2},
        "safety/test": {"passed": 1, "questions": 1},
    }
    assert shut(gates(run_of(result("a", passed=False), scope="fast"), read_baseline(file))) == []


def test_a_rate_is_compared_whatever_the_number_of_questions(file: Path) -> None:
    write_baseline(run_of(result("a"), result("b"), result("c", passed=False)), file)
    more = run_of(*(result(str(n), passed=n % 3 < 2) for n in range(9)))
    less = run_of(*(result(str(n), passed=n % 3 < 2) for n in range(8)), result("x", passed=False))

    assert shut(gates(more, read_baseline(file))) == []
    assert shut(gates(less, read_baseline(file))) == []
    assert shut(gates(run_of(result("a"), result("b", passed=False)), read_baseline(file)))


def test_a_broken_base_line_and_one_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[]", encoding="utf-8")

    assert read_baseline(tmp_path / "none.json") == {}
    with pytest.raises(UnreadableFileError, match="--set-baseline"):
        read_baseline(broken)
    with pytest.raises(StorageError, match="checkout"):
        write_baseline(GOOD, tmp_path / "no such folder" / "baseline.json")


def asked(library: Library) -> Run:
    """Return a run of two suites of the program as it is now."""
    items = fast(load_suites(("dose", "unanswerable"), split="development"))
    return record(items, results_of(items, library), library, datetime.now(UTC), scope="fast")


def test_a_recipe_broken_on_purpose_is_caught_by_the_gate_and_named_by_the_comparison(
    bundled: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked(bundled)
    write_baseline(before, file)
    assert shut(gates(asked(bundled), read_baseline(file))) == []

    def worst_first(evidence: Any, planned: tuple[str, ...] = ()) -> list[Any]:
        return sorted(chosen(evidence, planned), key=lambda candidate: candidate.score)[:1] or evidence.candidates[-1:]

    chosen = quote.choose
    monkeypatch.setattr(quote, "choose", worst_first)
    after = asked(bundled)

    found = gates(after, read_baseline(file))
    fallen = next(gate for gate in found if gate.name.startswith("pass rates")).faults
    assert [fault.split(":")[0] for fault in fallen] == ["dose/development", "unanswerable/development"]
    with pytest.raises(GateError):
        check(found)
    changes = compare(before, after)
    worse = [now.id for _, now in changes.worse]
    assert worse and set(worse) >= {
        now.id for then, now in zip(before.results, after.results, strict=True) if then.passed and not now.passed
    }
    assert changes.p < 0.05
    told = "\n".join([*change_lines(changes), *gate_lines(found)])
    assert all(f"worse   {name}: " in told for name in worse)
    assert "gate: pass rates are not below the base line: FAILED" in told


def test_the_stored_base_line_is_of_suites_that_there_are() -> None:
    known = {f"{item.kind}/{item.split}" for item in load_suites()}
    stored = read_baseline()

    assert set(stored) == {"fast", "full"}
    assert all(set(rates) <= known for rates in stored.values())
    assert set(stored["fast"]) == {name for name in stored["full"] if name.endswith("/development")}


def test_pass_rates_are_counted_by_suite_and_split() -> None:
    assert {key: str(passed) for key, passed in pass_rates(GOOD.results).items()} == {
        "dose/development": "2 of 2 (100.0%)",
        "safety/test": "1 of 1 (100.0%)",
    }
