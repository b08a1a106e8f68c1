"""A writer that is killed while an edition changes: the library shows the old state or the new one, and no half.

The writer that dies is this file run as a program: `python -m tests.index.test_edition_crash MOMENT CHANGE FOLDER`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from corpus.edition_store import EditionStore
from index.build import Writer
from index.embedder import Embedder
from tests.conftest import WordEmbedder
from tests.index.test_build import ROOT, agrees
from tests.index.test_crash import die, die_in, die_when_the_manifest_is_stored
from tests.index.test_editions import OTHER, state
from tests.invented_edition import DIGEST_ID, ORIGINAL_ID, knowing, original, put, put_digest, shelf


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with knowing(tmp_path):
        yield tmp_path


def die_at_the_second_document() -> None:
    insert, calls = Catalogue.insert, []

    def dying(self: Catalogue, *arguments: object) -> None:
        calls.append(arguments)
        return die() if len(calls) == 2 else insert(self, *arguments)  # type: ignore[arg-type]

    Catalogue.insert = dying  # type: ignore[method-assign,assignment]


def add_the_original(folder: Path, writer: Writer) -> None:
    put(folder, writer, original())


def remove_the_original(folder: Path, writer: Writer) -> None:
    writer.remove(ORIGINAL_ID)


def show_the_digest(folder: Path, writer: Writer) -> None:
    put_digest(writer, folder / f"{DIGEST_ID}.md")


MOMENTS: dict[str, Callable[[], None]] = {
    "between digest and original": die_at_the_second_document,
    "before the edition is kept": die_in(EditionStore, "put"),
    "just before the commit": die_when_the_manifest_is_stored,
    "after the commit": die_in(Catalogue, "settle"),
}
CHANGES = {"add": add_the_original, "remove": remove_the_original, "show": show_the_digest}


def main(moment: str, change: str, folder: str) -> None:
    with knowing(Path(folder)), shelf(Path(folder), WordEmbedder()) as writer:
        MOMENTS[moment]()
        CHANGES[change](Path(folder), writer)


@pytest.mark.parametrize(
    ("moment", "change", "committed"),
    [
        ("between digest and original", "add", False),
        ("before the edition is kept", "add", False),
        ("just before the commit", "add", False),
        ("after the commit", "add", True),
        ("just before the commit", "remove", False),
        (*("just before the commit", "show", False),),
    ],
)
def test_a_killed_writer_leaves_no_half_of_an_edition(
    folder: Path, tmp_path: Path, word_embedder: Embedder, moment: str, change: str, committed: bool
) -> None:
    with shelf(folder, word_embedder) as writer:
        put(folder, writer, OTHER, "other")
        if change != "add":
            put(folder, writer, original())
    old = state(folder)
    command = [sys.executable, "-m", "tests.index.test_edition_crash", moment, change, str(folder)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr

    left = state(folder)
    with shelf(folder, word_embedder):
        pass  # the next writer clears what the dead one left
    agrees(folder / "library", word_embedder)
    assert state(folder) == left
    with shelf(folder, word_embedder) as writer:
        if not committed:
            CHANGES[change](folder, writer)
    agrees(folder / "library", word_embedder)
    new = state(folder)
    assert old != new
    assert left == (new if committed else old)


if __name__ == "__main__":
    main(*sys.argv[1:])
