"""A writer that is killed while vectors settle: the library then shows exactly the old state or exactly the new one.

The writer that dies is this file run as a program: `python -m tests.index.test_settling_crash MOMENT CHANGE FOLDER`.
"""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import index.settling
from corpus.catalogue import Catalogue
from index.build import Writer
from index.cells import Cells
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import Library
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
from tests.index.test_crash import die, die_at_the_second_change_of_words, die_in, die_when_the_manifest_is_stored

SETTLED_FROM = 200


def settle_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(index.settling, "FIRST", SETTLED_FROM)
    patch.setattr(index.settling, "LATER", 50)
    patch.setattr(index.settling, "ROWS_A_FILE", 150)
    patch.setattr(index.settling, "SHARES", (1.0,))  # there are four cells only


def series(name: str, count: int) -> Incoming:
    text = note(*[f"Patient {n} of the {name} series had {name}{n} and was well." for n in range(count)])
    return Incoming(make_document(text, name), "added")


def grow(writer: Writer) -> None:
    writer.add([series("second", 80)])


def replace(writer: Writer) -> None:
    long = note("Tofacitinib took its place.", *[f"Patient {n} had tofacitinib and was well." for n in range(90)])
    writer.add([Incoming(make_document(long, "trial"), "added", replaces="trial")])


def remove(writer: Writer) -> None:
    writer.remove("first")


def rebuild(writer: Writer) -> None:
    writer.rebuild()


CHANGES: dict[str, Callable[[Writer], None]] = {
    "grow": grow,
    "replace": replace,
    "remove": remove,
    "rebuild": rebuild,
}
MOMENTS: dict[str, Callable[[], None]] = {
    "before rows are written": die_in(index.settling, "write_rows"),
    "before cells are written": die_in(Cells, "write"),
    "after cells were written": die_in(VectorIndex, "write"),
    "before the catalogue is written": die_in(Catalogue, "insert"),
    "just before the commit": die_when_the_manifest_is_stored,
    "after the commit": die_at_the_second_change_of_words,
    "after the words were removed": die_in(Catalogue, "settle"),
}


def main(moment: str, change: str, folder: str) -> None:
    patch = pytest.MonkeyPatch()
    without_bundled_knowledge(patch)
    settle_early(patch)
    with open_writer(Path(folder), WordEmbedder()) as writer:
        MOMENTS[moment]()
        CHANGES[change](writer)
    die()


@pytest.fixture(autouse=True)
def passages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    without_bundled_knowledge(monkeypatch)
    settle_early(monkeypatch)


def made(path: Path, embedder: Embedder) -> Path:
    filled(path, embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))
    with open_writer(path, embedder) as writer:
        writer.add([series("first", 230)])
        assert writer.manifest.settled is not None
        assert writer.manifest.settled.passages == 233
    return path


def finds_all_its_passages(path: Path, embedder: Embedder) -> None:
    """What was found first by exact search of all is found first by this library."""
    with Library.open(path, embedder) as library:
        ids = library.vectors.ids()
        vectors = library.vectors.vectors(ids.tolist())
        for question in (*QUESTIONS, "first17", "second60", "patient 40 had tofacitinib"):
            query = library.query_vector(question)
            nearest = ids[(vectors @ query).argmax()]
            assert library.vectors.search(query, 1)[0][0] == nearest
            assert HybridSearcher(library).search(question)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", ["grow", "replace", "rebuild"])
def test_a_writer_killed_while_vectors_settle_leaves_the_old_state_or_the_new_one(
    tmp_path: Path, word_embedder: Embedder, moment: str, change: str
) -> None:
    path, twin = made(tmp_path / "library", word_embedder), made(tmp_path / "twin", word_embedder)
    with open_writer(twin, word_embedder) as writer:
        CHANGES[change](writer)
    old, new = answers(path, word_embedder), answers(twin, word_embedder)
    command = [sys.executable, "-m", "tests.index.test_settling_crash", moment, change, str(path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert child.returncode == -signal.SIGKILL, child.stderr
    committed = moment.startswith("after the")
    assert answers(path, word_embedder).texts == (new if committed else old).texts
    finds_all_its_passages(path, word_embedder)
    with open_writer(path, word_embedder):
        pass
    agrees(path, word_embedder)
    if not committed:
        with open_writer(path, word_embedder) as writer:
            CHANGES[change](writer)
    agrees(path, word_embedder)
    finds_all_its_passages(path, word_embedder)
    assert answers(path, word_embedder).passages == new.passages


def test_an_open_library_goes_on_with_what_it_opened(tmp_path: Path, word_embedder: Embedder) -> None:
    path = made(tmp_path / "library", word_embedder)
    with Library.open(path, word_embedder) as reader:
        before = HybridSearcher(reader).search("first17 patient", k=50)
        with open_writer(path, word_embedder) as writer:
            grow(writer)
            remove(writer)
            rebuild(writer)
        reader.query_vector.cache_clear()
        assert HybridSearcher(reader).search("first17 patient", k=50) == before
    agrees(path, word_embedder)


def test_a_library_that_settled_grows_shrinks_and_is_rebuilt(tmp_path: Path, word_embedder: Embedder) -> None:
    path = made(tmp_path / "library", word_embedder)
    for change in (grow, replace, remove, rebuild):
        with open_writer(path, word_embedder) as writer:
            change(writer)
        agrees(path, word_embedder)
        finds_all_its_passages(path, word_embedder)
    with Library.open(path, word_embedder) as library:
        assert library.manifest.settled is None  # too few are left
        assert "first17" not in {
            word for hit in HybridSearcher(library).search("first17") for word in hit.passage.section
        }


def test_rebuilding_a_large_library_settles_on_the_way(tmp_path: Path, word_embedder: Embedder) -> None:
    path = made(tmp_path / "library", word_embedder)
    before = answers(path, word_embedder)
    with open_writer(path, word_embedder) as writer:
        writer.rebuild()
        assert writer.manifest.settled is not None
    agrees(path, word_embedder)
    assert answers(path, word_embedder).passages == before.passages


if __name__ == "__main__":
    main(*sys.argv[1:])
