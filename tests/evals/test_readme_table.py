"""The README's tables: written from a stored run, between two marks, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.errors import UnreadableFileError
from evals.commands import app
from evals.readme_table import BEGIN, END, within
from evals.records import Run
from tests.evals.made import result, run_of

README = f"# Title\n\n{BEGIN}\nold figures\n{END}\n\nwhat follows\n"


@pytest.fixture
def run() -> Run:
    return run_of(
        result("a", split="development"),
        result("b", split="test", passed=False, critical=("dose: 5 mg",)),
        result("c", split="test", kind="false_premise"),
    )


def test_figures_stand_by_kind_and_part(run: Run) -> None:
    told = within(README, run, "README.md")

    assert "| dose | 1 of 1, 100% | 0 of 1, 0% |" in told
    assert "| false premise | – | 1 of 1, 100% |" in told
    assert "| answers with a critical error | 0 | 1 |" in told
    assert "old figures" not in told


def test_what_stands_around_the_marks_is_kept_and_a_second_writing_changes_nothing(run: Run) -> None:
    told = within(README, run, "README.md")

    assert told.startswith(f"# Title\n\n{BEGIN}\n")
    assert told.endswith(f"{END}\n\nwhat follows\n")
    assert within(told, run, "README.md") == told


def test_a_file_without_marks_is_refused_and_left_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSOLOGY_RUNS", str(tmp_path))
    (tmp_path / "run-1.json").write_text(run.model_dump_json(), encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text("no marks", encoding="utf-8")

    ran = CliRunner().invoke(app, ["report", "run-1", "--readme", str(readme)])

    assert isinstance(ran.exception, UnreadableFileError)
    assert BEGIN in str(ran.exception)
    assert readme.read_text(encoding="utf-8") == "no marks"


def test_the_command_writes_the_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_RUNS", str(tmp_path))
    (tmp_path / "run-1.json").write_text(run.model_dump_json(), encoding="utf-8")
    readme = tmp_path / "README.md"
    readme.write_text(README, encoding="utf-8")

    ran = CliRunner().invoke(app, ["report", "run-1", "--readme", str(readme)])

    assert ran.exit_code == 0, ran.output
    assert readme.read_text(encoding="utf-8") == within(README, run, "README.md")
