"""A writer that is killed: the library then shows exactly the old state or exactly the new one.

The writer that dies is this file run as a program: `python -m tests.index.test_crash MOMENT CHANGE FOLDER`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from corpus.catalogue import Catalogue
from corpus.errors import LibraryError
from index.build import Writer
from index.embedder import Embedder, Vectors
from index.incoming import Incoming
from index.lexical import LexicalIndex
from index.library import CATALOGUE, LEXICAL, MANIFEST_KEY, Library
from index.search import HybridSearcher
from index.vectors import VectorIndex
from index.writing import open_writer
from tests.conftest import WordEmbedder, make_document
from tests.index.test_build import (
    QUESTIONS,
    REPORT,
    ROOT,
    TRIAL,
    agrees,
    answers,
    filled,
    note,
    without_bundled_knowledge,
)

# --- the program that dies ---


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit("survived")


class DyingEmbedder(WordEmbedder):
    """Dies while the second batch is embedded."""

    calls = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return die() if self.calls == 2 else super().embed(texts)


def die_at_the_second_change_of_words() -> None:
    change, calls = LexicalIndex.change, []

    def dying(self: LexicalIndex, *arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            die()
        change(self, *arguments)

    LexicalIndex.change = dying  # type: ignore[method-assign]


def die_when_the_manifest_is_stored() -> None:
    store = Catalogue.set

    def dying(self: Catalogue, key: str, value: str) -> None:
        return die() if key == MANIFEST_KEY else store(self, key, value)

    Catalogue.set = dying  # type: ignore[method-assign]


def die_when_the_manifest_gets_its_name() -> None:
    rename = Path.replace

    def dying(self: Path, target: Path) -> Path:
        return die() if target.name == "manifest.json" else rename(self, target)

    Path.replace = dying  # type: ignore[method-assign]


def die_in(owner: Any, method: str) -> Callable[[], None]:
    return lambda: setattr(owner, method, die)


MOMENTS: dict[str, Callable[[], None]] = {
    "while embedding": lambda: None,  # the embedder sees to it
    "while words are written": die_in(LexicalIndex, "change"),
    "after the words were committed": die_in(VectorIndex, "write"),
    "while vectors are written": die_in(os, "fsync"),
    "after the vectors were written": die_in(Catalogue, "insert"),
    "after the vectors were written, deleting": die_in(Catalogue, "delete"),
    "just before the commit": die_when_the_manifest_is_stored,
    "after the commit": die_at_the_second_change_of_words,
    "after the words were removed": die_in(Catalogue, "settle"),
    "while the manifest is mirrored": die_when_the_manifest_gets_its_name,
}


def replace_and_add(writer: Writer) -> None:
    long = note("Tofacitinib took its place.", *[f"Patient {n} had tofacitinib and was well." for n in range(40)])
    edition, new = make_document(long, "trial"), make_document(note("Abrocitinib came new."), "new")
    writer.add([Incoming(edition, "added", replaces="trial"), Incoming(new, "added")])


def remove(writer: Writer) -> None:
    writer.remove("trial")


def rebuild(writer: Writer) -> None:
    writer.rebuild()


CHANGES: dict[str, Callable[[Writer], None]] = {
    "replace and add": replace_and_add,
    "remove": remove,
    "rebuild": rebuild,
}


def main(moment: str, change: str, folder: str) -> None:
    without_bundled_knowledge(pytest.MonkeyPatch())
    embedder = DyingEmbedder() if moment == "while embedding" else WordEmbedder()
    with open_writer(Path(folder), embedder) as writer:
        MOMENTS[moment]()
        CHANGES[change](writer)


# --- the tests ---


def killed(moment: str, change: str, path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.test_crash", moment, change, str(path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr


def finds_only_what_the_catalogue_knows(path: Path, embedder: Embedder) -> None:
    with Library.open(path, embedder) as library:
        known = {i: (library.catalogue.passages([i])[i], i) for i in library.catalogue.passage_ids()}
        for question in (*QUESTIONS, "abrocitinib", "tofacitinib took its place"):
            for hit in HybridSearcher(library).search(question, k=100):
                assert known[hit.passage.id] == (hit.passage, hit.passage.id)
                text = library.document(hit.passage.document_id).text
                assert text[hit.passage.start : hit.passage.end].strip()


@pytest.fixture(autouse=True)
def passages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    without_bundled_knowledge(monkeypatch)


@pytest.fixture
def library_path(tmp_path: Path, word_embedder: Embedder) -> Path:
    return filled(tmp_path / "library", word_embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))


@pytest.mark.parametrize(
    ("moment", "change", "committed"),
    [
        ("while embedding", "replace and add", False),
        ("while words are written", "replace and add", False),
        ("after the words were committed", "replace and add", False),
        ("while vectors are written", "replace and add", False),
        ("after the vectors were written", "replace and add", False),
        ("just before the commit", "replace and add", False),
        ("after the commit", "replace and add", True),
        ("after the words were removed", "replace and add", True),
        ("while the manifest is mirrored", "replace and add", True),
        ("after the words were committed", "remove", False),
        ("after the vectors were written, deleting", "remove", False),
        ("after the commit", "remove", True),
        ("after the words were committed", "rebuild", False),
        ("after the vectors were written", "rebuild", False),
        ("after the commit", "rebuild", True),
    ],
)
def test_a_killed_writer_leaves_the_old_state_or_the_new_one(
    library_path: Path, tmp_path: Path, word_embedder: Embedder, moment: str, change: str, committed: bool
) -> None:
    twin = filled(tmp_path / "twin", word_embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))
    with open_writer(twin, word_embedder) as writer:
        CHANGES[change](writer)
    old, new = answers(library_path, word_embedder), answers(twin, word_embedder)

    killed(moment, change, library_path)
    assert answers(library_path, word_embedder) == (new if committed else old)
    finds_only_what_the_catalogue_knows(library_path, word_embedder)

    with open_writer(library_path, word_embedder):
        pass  # the next writer clears what the dead one left
    agrees(library_path, word_embedder)
    assert answers(library_path, word_embedder) == (new if committed else old)

    if not committed:
        with open_writer(library_path, word_embedder) as writer:
            CHANGES[change](writer)
    agrees(library_path, word_embedder)
    assert answers(library_path, word_embedder) == new


@pytest.mark.parametrize("moment", ["while embedding", "after the vectors were written", "just before the commit"])
def test_a_first_import_that_is_killed_leaves_a_library_to_be_made(
    tmp_path: Path, word_embedder: Embedder, moment: str
) -> None:
    killed(moment, "replace and add", tmp_path / "library")
    with pytest.raises(LibraryError, match="never completed; add documents"):
        Library.open(tmp_path / "library", word_embedder)
    filled(tmp_path / "library", word_embedder, trial=note(TRIAL), report=note(REPORT))
    agrees(tmp_path / "library", word_embedder)
    assert answers(tmp_path / "library", word_embedder).first["zorlitinib plaques"] == ("trial", 0)


def test_a_writer_that_is_killed_again_and_again_repeats_no_id(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as library:
        (before,) = (set(library.catalogue.passage_ids()),)
    for moment in ("after the words were committed", "after the vectors were written, deleting"):
        killed(moment, "remove", library_path)
        killed(moment, "replace and add", library_path)
    with open_writer(library_path, word_embedder) as writer:
        replace_and_add(writer)
    agrees(library_path, word_embedder)
    with Library.open(library_path, word_embedder) as library:
        (kept,) = (set(library.catalogue.passage_ids("report")),)
        added = set(library.catalogue.passage_ids()) - kept
    assert kept < before
    assert min(added) > max(before) + 40  # the dead writers' ids lie between


def test_words_that_a_dead_writer_left_are_found_by_nobody(library_path: Path, word_embedder: Embedder) -> None:
    killed("after the words were committed", "replace and add", library_path)
    assert len(LexicalIndex(library_path / LEXICAL)) > 3  # they are there
    catalogue = Catalogue.open(library_path / CATALOGUE)
    assert len(catalogue.owed_removals()) == 42  # and known to be owed
    catalogue.close()
    with Library.open(library_path, word_embedder) as library:
        searcher = HybridSearcher(library)
        assert {hit.passage.document_id for hit in searcher.search("abrocitinib tofacitinib")} == {"trial", "report"}
        assert all(hit.parts.bm25 is None for hit in searcher.search("abrocitinib tofacitinib"))
        assert not searcher.knows("abrocitinib")


def test_a_passage_keeps_its_id_through_a_crash(library_path: Path, word_embedder: Embedder) -> None:
    def numbered() -> list[tuple[int, object]]:
        with Library.open(library_path, word_embedder) as library:
            return [(p.id, replace(p, id=0)) for p in library.catalogue.passages_of("report")]

    before = numbered()
    killed("after the commit", "replace and add", library_path)
    assert numbered() == before


if __name__ == "__main__":
    main(*sys.argv[1:])
