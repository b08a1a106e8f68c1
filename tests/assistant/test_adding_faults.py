"""Hostile and broken files among good ones: the good ones come in, nothing is lost, and the library verifies."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.commands.upkeep import library_faults
from assistant.importing import import_files
from assistant.summary import Summary
from corpus.errors import LibraryBusyError
from index.embedder import Embedder, Vectors
from index.library import Library
from index.writing import open_writer
from tests.assistant.test_kills import State, papers, part_of, state
from tests.corpus import made, pdfs

ROOT = Path(__file__).parents[2]
LINES = int(os.environ.get("POSOLOGY_LINES", "100000"))  # a million pass too, and take ten times as long
ENTITIES = '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


class OneDirection:
    """A model to which every text is the same: quick enough for a million lines."""

    name, weights_hash, dimensions = "one direction", "fedcba9876543210", 8

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), self.dimensions), self.dimensions**-0.5, dtype=np.float32)


@pytest.fixture
def embedder() -> Embedder:
    return OneDirection()


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 100_000_000)
    return buffer.getvalue()


def hostile(folder: Path) -> dict[str, str]:
    """Fill a folder with files that nobody should send, and return what is to be said of each that is refused."""
    folder.mkdir()
    sound = pdfs.made(pdfs.two_columns)
    files = {
        "corrupt.pdf": (sound[:400] + b"\xff" * 200 + sound[600:900], "damaged PDF"),
        "cut.pdf": (sound[: len(sound) // 3], "damaged PDF"),
        "bomb.zip": (zip_bomb(), "unpack it"),
        "bomb.docx": (made.docx(media=b"0" * 50_000_000), "expand"),
        "entities.xml": (
            f'<?xml version="1.0"?>{ENTITIES}<article><body><p>&b;</p></body></article>'.encode(),
            "entities",
        ),
        "nothing.txt": (b"", "is empty"),
    }
    for name, (data, _) in files.items():
        (folder / name).write_bytes(data)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200_000_000)
    (folder / "circle").symlink_to(folder)
    (folder / "itself").symlink_to(folder / "itself")
    return {name: says for name, (_, says) in files.items()} | {"huge.txt": "larger than 50 MB"}


def added(library: Path, embedder: Embedder, *paths: Path) -> Summary:
    with open_writer(library, embedder) as writer:
        return import_files(writer, paths, elsewhere=True)


def test_hostile_files_are_refused_one_by_one_and_the_rest_comes_in(tmp_path: Path, embedder: Embedder) -> None:
    library = tmp_path / "library"
    added(library, embedder, papers(tmp_path / "old", 2, 0))
    before = state(library, embedder)
    folder = tmp_path / "mixed"
    expected = hostile(folder)
    for number, name in enumerate(("a-good.txt", "m-good.txt", "z-good.txt")):
        (folder / name).write_text(f"Oral zorlitinib {number + 3} mg once daily softened plaques.\n")
    summary = added(library, embedder, folder)
    assert summary.added == ["a-good", "m-good", "z-good"]
    reasons = {path.name: str(error) for path, error in summary.skipped}
    assert set(reasons) == set(expected)
    for name, says in expected.items():
        assert says in reasons[name] and name in reasons[name]
    assert [found.path.name for found in summary.files] == sorted([*expected, "a-good.txt", "m-good.txt", "z-good.txt"])
    assert part_of(before, state(library, embedder))


def test_a_text_of_very_many_lines_comes_in(tmp_path: Path, embedder: Embedder) -> None:
    library = tmp_path / "library"
    added(library, embedder, papers(tmp_path / "old", 2, 0))
    before = state(library, embedder)
    long = tmp_path / "log.txt"
    long.write_text("a line\n" * LINES)
    summary = added(library, embedder, long)
    assert [found.fate for found in summary.files] == ["added"]
    assert part_of(before, state(library, embedder))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_file_and_a_closed_folder_are_named(tmp_path: Path, embedder: Embedder) -> None:
    folder = papers(tmp_path / "mixed", 2, 0)
    (folder / "closed.txt").write_text("Take 5 mg.")
    (folder / "closed.txt").chmod(0)
    (folder / "shut").mkdir(mode=0)
    summary = added(tmp_path / "library", embedder, folder)
    assert {path.name for path, _ in summary.skipped} == {"closed.txt", "shut"}
    assert len(state(tmp_path / "library", embedder).texts) == 2


def test_what_the_system_closes_is_named_and_the_rest_comes_in(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above, for root: there the system's refusal is real."""
    folder = papers(tmp_path / "mixed", 2, 0)
    (folder / "closed.txt").write_text("Take 5 mg.")
    really_open = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == "closed.txt":
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    with open_writer(tmp_path / "library", embedder) as writer:
        summary = import_files(writer, [folder])
    ((path, error),) = summary.skipped
    assert path.name == "closed.txt" and "permission denied" in str(error)
    assert len(state(tmp_path / "library", embedder).texts) == 2


def test_a_second_writer_is_refused_and_the_first_is_not_disturbed(tmp_path: Path, embedder: Embedder) -> None:
    library = tmp_path / "library"
    with open_writer(library, embedder) as writer:
        with pytest.raises(LibraryBusyError):
            added(library, embedder, papers(tmp_path / "second", 1, 50))
        import_files(writer, [papers(tmp_path / "first", 2, 0)], elsewhere=True)
    assert set(state(library, embedder).texts) == {"cohort-000", "cohort-001"}


FULL = """
import resource, sys
from pathlib import Path
from assistant import importing
from corpus.errors import StorageError
from index.writing import open_writer
from tests.assistant.test_adding_faults import OneDirection

importing._FIRST_COMMIT = importing._LARGEST_COMMIT = 2_000
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    with open_writer(Path(sys.argv[1]), OneDirection()) as writer:
        importing.import_files(writer, [Path(sys.argv[2])], elsewhere=True)
except StorageError as error:
    print(error)
"""


def test_a_disk_that_fills_up_during_an_import_keeps_what_was_committed(tmp_path: Path, embedder: Embedder) -> None:
    library = tmp_path / "library"
    added(library, embedder, papers(tmp_path / "old", 2, 0))
    before = state(library, embedder)
    new = papers(tmp_path / "new", 40, 100)
    largest = max(file.stat().st_size for file in library.rglob("*") if file.is_file())
    command = [sys.executable, "-c", FULL, str(library), str(new), str(largest + 60_000)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "cannot be written" in child.stdout and "free some disk space" in child.stdout, child.stderr
    between = state(library, embedder)
    assert part_of(before, between) and len(between.texts) < 42
    added(library, embedder, new)
    after = state(library, embedder)
    assert len(after.texts) == 42 and part_of(between, after)
    with Library.open(library, embedder) as opened:
        assert list(library_faults(opened)) == []


def test_a_state_is_part_of_another_only_as_a_whole() -> None:
    whole = State({"a": "text", "b": "more"}, {"a": 2, "b": 3}, {"a": 0, "b": 1})
    assert part_of(State({"a": "text"}, {"a": 2}, {"a": 0}), whole)
    assert not part_of(State({"a": "text"}, {"a": 1}, {"a": 0}), whole)
    assert not part_of(State({"c": "text"}, {"c": 2}, {"c": 0}), whole)
