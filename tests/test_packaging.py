"""The wheel: it holds what the repository holds, and what is installed from it answers without the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from index.embedder import Embedder

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "index", "assistant", "evals")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Return what a command printed; fail with what it complained about."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--no-deps", "--no-index", "--target", folder, wheel, cwd=folder)
    return folder


def test_the_wheel_holds_the_files_of_the_four_packages_and_no_others(wheel: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is missing, so nothing says which files the wheel should hold")
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z", "--", *PACKAGES, cwd=ROOT).split("\0")
    expected = {name for name in listed if name and (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    assert held == expected
    assert {name.partition("/")[0] for name in held} == set(PACKAGES)
    assert any(name.startswith("corpus/library/") for name in held)
    assert any(name.startswith("corpus/vocabulary/") for name in held)


def test_what_was_installed_answers_far_from_the_checkout(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_embedder: Embedder
) -> None:
    monkeypatch.delenv("POSOLOGY_LIBRARY", raising=False)
    folders = {name: str(tmp_path / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    environment = {"PYTHONPATH": str(installed), **folders}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for package in PACKAGES:
        file = run(sys.executable, "-c", f"import {package}; print({package}.__file__)", cwd=elsewhere, **environment)
        assert Path(file.strip()) == installed / package / "__init__.py"
    script = installed / "bin" / "posology"
    found = json.loads(run(script, "ask", "tofacitinib dose in vitiligo?", "--json", cwd=elsewhere, **environment))
    assert found["status"] == "answered" and found["citations"]
    assert (tmp_path / "xdg_data_home" / "posology" / "library").is_dir()
    assert run(script, "eval", "--help", cwd=elsewhere, **environment)
