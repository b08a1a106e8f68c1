"""An import that is killed at any moment: what was there stays, the library verifies, and it goes on where it was.

POSOLOGY_KILLS says how often it is killed (3 unless it is set; 50 take some minutes). The program that dies is this
file: `python -m tests.assistant.test_kills LIBRARY FOLDER`. The moments are random; what holds, holds at each of them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import importing
from assistant.commands.upkeep import library_faults
from assistant.importing import import_files
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer
from tests.conftest import WordEmbedder

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("POSOLOGY_KILLS", "3"))
SEED = 20_311


def papers(folder: Path, count: int, first: int) -> Path:
    folder.mkdir()
    for number in range(first, first + count):
        lines = [f"Person {n} of cohort {number} took oral zorlitinib {n} mg once daily." for n in range(1, 12)]
        (folder / f"cohort-{number:03}.md").write_text(
            f"# Cohort {number} of adults with morphea\n\n" + "\n\n".join(lines)
        )
    return folder


@dataclass(frozen=True)
class State:
    texts: dict[str, str]
    passages: dict[str, int]
    facts: dict[str, int]


def state(path: Path, embedder: Embedder) -> State:
    with Library.open(path, embedder) as library:
        assert list(library_faults(library)) == []
        ids = [entry.id for entry in library.catalogue.entries()]
        return State(
            {i: library.document(i).text for i in ids},
            {i: len(library.catalogue.passage_ids(i)) for i in ids},
            {i: library.catalogue.fact_store.count_extracted(i) for i in ids},
        )


def part_of(found: State, whole: State) -> bool:
    """Return whether every document that is there is there as a whole."""
    pairs = ((found.texts, whole.texts), (found.passages, whole.passages), (found.facts, whole.facts))
    return all(part.items() <= every.items() for part, every in pairs)


def main(library: str, folder: str) -> None:
    importing._FIRST_COMMIT = importing._LARGEST_COMMIT = 4_000  # many commits, and little to embed for each
    with open_writer(Path(library), WordEmbedder()) as writer:
        print("begun", flush=True)
        import_files(writer, [Path(folder)], elsewhere=True)
        print("done", flush=True)


def started(library: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.assistant.test_kills", str(library), str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout is not None and child.stdout.readline() == "begun\n"
    return child


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, State, State, float]:
    """Return a library, a folder to be added, the state before and after an import that nobody kills, its seconds."""
    folder = tmp_path_factory.mktemp("kills")
    embedder = WordEmbedder()
    with open_writer(folder / "library", embedder) as writer:
        import_files(writer, [papers(folder / "old", 4, 0)])
    new = papers(folder / "new", 30, 100)
    shutil.copytree(folder / "library", folder / "whole")
    child, begun = started(folder / "whole", new), time.monotonic()
    child.wait()
    seconds = time.monotonic() - begun
    assert child.stdout is not None
    child.stdout.close()
    return folder / "library", new, state(folder / "library", embedder), state(folder / "whole", embedder), seconds


def test_an_import_killed_at_random_moments_loses_nothing_and_goes_on(
    tmp_path: Path, word_embedder: Embedder, shelf: tuple[Path, Path, State, State, float]
) -> None:
    library, new, before, whole, seconds = shelf
    assert len(whole.texts) == 34 and part_of(before, whole)
    moments = random.Random(SEED)
    path = tmp_path / "library"
    killed, finished, kept = 0, 0, before
    shutil.copytree(library, path)
    while killed < KILLS:
        child = started(path, new)
        time.sleep(moments.uniform(0, seconds / 2))
        (os.killpg if moments.random() < 0.5 else os.kill)(child.pid, signal.SIGKILL)
        child.wait()
        assert child.stdout is not None
        is_done = child.stdout.read() == "done\n"
        child.stdout.close()
        found = state(path, word_embedder)
        assert part_of(kept, found) and part_of(found, whole)
        killed, finished, kept = killed + 1, finished + is_done, found
        if found.texts == whole.texts:  # nothing is left to be killed at: from the beginning again
            shutil.rmtree(path)
            shutil.copytree(library, path)
            kept = before
    with open_writer(path, word_embedder) as writer:
        import_files(writer, [new])
    assert state(path, word_embedder) == whole
    print(f"{killed} kills, {finished} of them after the end; the import takes {seconds:.1f} s when nobody kills it")


if __name__ == "__main__":
    main(*sys.argv[1:])
