"""The program run in this process, as its tests call it: arguments in; exit code, standard output and errors out."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.front_door import main


@dataclass(frozen=True)
class Ran:
    """What a run of the program left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


Posology = Callable[..., Ran]


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *first: str) -> Posology:
    """Return a function that runs `posology`, with the arguments `first` before each call's own.

    It takes `stdin`, the bytes of standard input, and `columns`, the width of the terminal.
    """

    def run(*arguments: str | Path, stdin: bytes = b"", columns: int = 80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["posology", *first, *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return run


def leave_the_users_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the program find empty folders of its own, and none of the caller's settings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("POSOLOGY_DEBUG", raising=False)
    monkeypatch.delenv("POSOLOGY_LIBRARY", raising=False)


def assert_one_sentence(ran: Ran, code: int, *parts: str) -> None:
    """Assert that a run wrote nothing but one sentence on standard error, which holds `parts`, and its exit code."""
    assert (ran.code, ran.out) == (code, ""), ran
    (line,) = ran.err.strip().split("\n")
    assert line.startswith("posology: ") and line.endswith(".")
    assert "Something went wrong" not in line
    for part in parts:
        assert part in line
