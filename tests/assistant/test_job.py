"""Work in a process of its own: what it reports, and that it says what went wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.job import Job, main, run
from assistant.tui.jobs import Step
from corpus.errors import PosologyError
from tests.conftest import CACHE


@pytest.fixture(autouse=True)
def same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))


def reports(job: Job) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    run(job, found.append)
    return found


def test_adding_rebuilding_and_removing_are_reported(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nOral zorbicitinib 30 mg once daily cleared granuloma annulare.\n")
    library = tmp_path / "library"
    added = reports(Job(job="add", library=library, paths=(note, tmp_path / "missing.md")))
    assert added[0] == {"event": "stage", "text": "Adding documents"}
    assert any(event["event"] == "progress" for event in added)
    assert added[-1]["lines"][0].startswith("1 added, 0 replaced, 0 unchanged, 1 skipped")
    assert any("missing.md" in line for line in added[-1]["lines"])
    again = reports(Job(job="add", library=library, paths=(note,)))
    assert any("is in the library as note" in line for line in again[-1]["lines"])
    rebuilt = reports(Job(job="rebuild", library=library))
    assert "Rebuilt" in rebuilt[-1]["lines"][0]
    assert reports(Job(job="prepare", library=library))[-1]["lines"] == ["The library holds 1 documents."]
    assert "Removed note" in reports(Job(job="remove", library=library, ids=("note",)))[-1]["lines"][0]


def test_an_unknown_document_removes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PosologyError):
        run(Job(job="remove", library=tmp_path / "library", ids=("nobody",)), lambda event: None)


def test_what_cannot_be_done_is_reported_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([json.dumps({"job": "prepare", "library": str(tmp_path / "none")})]) == 3
    failed = json.loads(capsys.readouterr().out)
    assert failed["event"] == "failed" and "There is no library" in failed["text"]
    assert main(["nonsense"]) == 2
    assert json.loads(capsys.readouterr().out)["event"] == "failed"


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Step("Adding"), "Adding …"),
        (Step("Adding", 3, 10), "Adding: 3 of 10"),
        (Step("Adding", 3, 10, 2.0), "Adding: 3 of 10, 2 a second, 3 s left"),
        (Step("Adding", 0, 300, 2.0), "Adding: 0 of 300, 2 a second, 2 min 30 s left"),
    ],
)
def test_progress_has_rate_and_time_left(step: Step, line: str) -> None:
    assert step.line == line
