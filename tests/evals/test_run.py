"""A run: the same whatever asks it, complete in its fast subset, and kept where only its owner reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.errors import StorageError
from evals.records import Run
from evals.run import ALWAYS_ASKED, Source, fast, record, results_by_workers, results_of
from evals.runs import load_run, store
from evals.suite import Item, load_suites
from evals.totals import LATENCIES
from index.library import Library
from index.model_export import DEFAULT_MODEL
from tests.conftest import CACHE
from tests.evals.made import result, run_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def timeless(run: Run) -> str:
    """Return a run without what differs from one time to the next."""
    data = run.model_dump(mode="json", exclude={"id", "started"})
    for told in data["results"]:
        del told["seconds"]
    for found in (data["totals"], *data["kinds"].values()):
        for name in LATENCIES:
            found.pop(name, None)
    return json.dumps(data)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return fast(load_suites(("conversation", "dose", "redirect")))


def test_two_runs_differ_in_their_times_only_and_workers_change_nothing(
    items: list[Item], bundled: Library, bundled_path: Path
) -> None:
    done: list[tuple[int, int]] = []
    first = record(items, results_of(items, bundled), bundled, NOW)
    source = Source(bundled_path, DEFAULT_MODEL, CACHE)
    by_two = results_by_workers(items, source, 2, lambda n, total: done.append((n, total)))
    second = record(items, by_two, bundled, datetime.now(UTC))

    assert timeless(first) == timeless(second)
    assert first.id != second.id
    assert done[-1] == (len(items), len(items))


def test_a_run_tells_what_it_was_made_with(items: list[Item], bundled: Library) -> None:
    found = record(items[:2], results_of(items[:2], bundled), bundled, NOW, "development", "fast")
    other = record(items[:1], results_of(items[:1], bundled), bundled, NOW)

    assert (found.split, found.scope, found.started) == ("development", "fast", "2026-11-21T00:00:00+00:00")
    assert set(found.hashes) == {"corpus", "index", "program", "questions"}
    assert {key for key in found.hashes if found.hashes[key] != other.hashes[key]} == {"questions"}


def test_a_result_holds_the_scores_that_apply_and_no_others(bundled: Library) -> None:
    ((refused,),) = results_of([item for item in load_suites(("unanswerable",)) if item.id == "una-101"], bundled)

    assert refused.passed and refused.status == "abstained"
    assert {"pass", "strict correctness"} <= set(refused.scores)
    assert not {"citation recall", "passage recall@5", "required facts", "follow-up resolution"} & set(refused.scores)


def test_the_fast_subset_holds_every_kind_and_all_that_must_not_be_answered() -> None:
    every = load_suites()
    some = fast(every)

    assert {item.kind for item in some} == {item.kind for item in every}
    whole = [item for item in every if item.kind in ALWAYS_ASKED]
    assert [item for item in some if item.kind in ALWAYS_ASKED] == whole
    assert len(some) < 0.7 * len(every)
    assert [item.id for item in some] == [item.id for item in fast(list(reversed(every)))][::-1]


def test_a_new_question_moves_few_others_in_or_out_of_the_fast_subset() -> None:
    every = [item for item in load_suites(("dose",))]
    one_less = {item.id for item in fast(every[1:])}

    assert len({item.id for item in fast(every)} ^ one_less) <= 2


def test_a_stored_run_is_for_its_owner_only_and_comes_back_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSOLOGY_RUNS", str(tmp_path / "runs"))
    run = run_of(result("a"), name="20261121-x")
    file = store(run)

    assert file == tmp_path / "runs" / "20261121-x.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert load_run(file) == run
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("POSOLOGY_RUNS", str(tmp_path / "file"))

    with pytest.raises(StorageError, match="POSOLOGY_RUNS"):
        store(run_of(result("a")))
