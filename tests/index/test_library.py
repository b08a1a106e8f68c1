import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

import index.library
import index.vocabulary
from corpus.errors import LibraryError
from index.embedder import Embedder
from index.incoming import Incoming
from index.lexical import LexicalIndex
from index.library import Library, is_library
from index.search import HybridSearcher
from index.vectors import VectorIndex
from index.writing import open_writer
from tests.conftest import make_document
from tests.index.test_build import REPORT, ROOT, TRIAL, answers, filled, note, seen

WATCHED = 1.2
"""Seconds; tantivy's own look-out for commits comes round every half second."""


@pytest.fixture
def library_path(tmp_path: Path, word_embedder: Embedder) -> Path:
    return filled(tmp_path / "library", word_embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))


def change(path: Path, embedder: Embedder) -> None:
    with open_writer(path, embedder) as writer:
        writer.remove("report")
        edition = make_document(note("Tofacitinib took its place in all patients."), "trial")
        writer.add([Incoming(edition, "added", replaces="trial")])


def test_a_folder_without_a_library_says_how_to_make_one(tmp_path: Path, word_embedder: Embedder) -> None:
    assert not is_library(tmp_path)
    with pytest.raises(LibraryError, match=r"There is no library in .*; run `posology add"):
        Library.open(tmp_path, word_embedder)


def test_a_library_that_nothing_was_ever_added_to_says_so(tmp_path: Path, word_embedder: Embedder) -> None:
    with open_writer(tmp_path / "library", word_embedder):
        pass
    with pytest.raises(LibraryError, match="never completed; add documents"):
        Library.open(tmp_path / "library", word_embedder)


def test_an_open_library_stays_as_it_was_when_a_writer_commits(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as reader:
        old_vectors = library_path / (reader.manifest.vector_file or "")
        before = seen(reader)
        change(library_path, word_embedder)
        assert not old_vectors.exists()
        end = monotonic() + WATCHED
        while monotonic() < end:
            assert seen(reader) == before
            sleep(0.2)
        after = answers(library_path, word_embedder)
    assert set(before.texts) == {"trial", "report"}
    assert set(after.texts) == {"trial"}
    assert after.first["tofacitinib"] == ("trial", 0)
    assert (before.known["tofacitinib"], after.known["tofacitinib"]) == (False, True)


def test_a_document_of_an_open_library_is_read_as_it_was(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as reader:
        found = HybridSearcher(reader).search("zorlitinib plaques")[0].passage
        change(library_path, word_embedder)
        assert reader.document("trial").text[found.start : found.end] == TRIAL


@pytest.mark.parametrize(("owner", "step"), [(VectorIndex, "read"), (LexicalIndex, "__init__"), (Library, "__init__")])
def test_a_reader_that_a_writer_overtakes_sees_one_state(
    library_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    """A writer commits while a reader is opening, just before the reader takes this step."""
    real, overtaken = getattr(owner, step), []

    def late(*arguments: Any) -> Any:
        if not overtaken:
            overtaken.append(step)
            change(library_path, word_embedder)
        return real(*arguments)

    before = answers(library_path, word_embedder)
    monkeypatch.setattr(owner, step, late)
    with Library.open(library_path, word_embedder) as reader:
        found = seen(reader)
        assert sorted(reader.vectors.ids().tolist()) == reader.catalogue.passage_ids()
        assert reader.manifest.passages == len(reader.vectors)
    assert overtaken
    assert found in (before, answers(library_path, word_embedder))


def test_closing_one_reader_disturbs_no_other(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as reader:
        Library.open(library_path, word_embedder).close()
        assert HybridSearcher(reader).search("zorlitinib")[0].passage.document_id == "trial"


def test_the_vocabulary_comes_from_the_catalogue_when_it_is_fresh_and_from_its_source_when_not(
    library_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_now(more: object) -> str:
        raise AssertionError("compiled although the catalogue's copy is fresh")

    with Library.open(library_path, word_embedder) as library:
        with monkeypatch.context() as patch:
            patch.setattr(index.vocabulary, "compile_vocabulary", not_now)
            fresh = library.vocabulary
    with Library.open(library_path, word_embedder) as library:
        monkeypatch.setattr(index.vocabulary, "source_hash", lambda: "another version's")
        assert library.vocabulary.equivalents == fresh.equivalents
        monkeypatch.setattr(index.vocabulary, "compile_vocabulary", not_now)
    with Library.open(library_path, word_embedder) as library, pytest.raises(AssertionError, match="compiled"):
        _ = library.vocabulary


def test_words_of_one_family_share_a_mark(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as library:
        families: dict[str, list[str]] = {}
        for word, family in library.vocabulary.equivalents.items():
            if " " not in word:
                families.setdefault(family, []).append(library.lexical.words(word)[0])
        one, other = next(stems[:2] for stems in families.values() if len(set(stems[:2])) == 2)
        shared = library.with_families([one]) & library.with_families([other])
        assert len(shared) == 1
        assert one in library.with_families([one])
        assert library.with_families(["zorlitinib"]) == {"zorlitinib"}


def test_sentence_cosines_are_those_of_the_sentences(tmp_path: Path, word_embedder: Embedder) -> None:
    first, second = "Zorlitinib softened the plaques.", "Nobody died of it."
    path = filled(tmp_path / "library", word_embedder, trial=note(f"{first} {second}", "- A fragment only"))
    with Library.open(path, word_embedder) as library:
        text, ids = library.document("trial").text, library.catalogue.passage_ids()
        query, *sentences = word_embedder.embed(["zorlitinib plaques", first, second])
        found = library.sentence_cosines("zorlitinib plaques", ids)
        assert found == {
            (ids[0], text.index(sentence)): pytest.approx(float(vector @ query), abs=1e-3)  # kept in 16 bits
            for sentence, vector in zip((first, second), sentences, strict=True)
        }
        assert library.sentence_cosines("zorlitinib plaques", []) == {}


# --- folders that can't be written ---

READ = """
import contextlib, os, sys
from pathlib import Path
from index.library import Library
from index.search import HybridSearcher
from tests.conftest import WordEmbedder

if os.geteuid() == 0:
    with contextlib.suppress(OSError):  # a container may have no second user; then this tests less
        os.setuid(65534)
with Library.open(Path(sys.argv[1]), WordEmbedder()) as library:
    print(HybridSearcher(library).search("zorlitinib plaques")[0].passage.document_id, len(library.lexical))
"""


@pytest.fixture
def read_only_path(word_embedder: Embedder) -> Iterator[Path]:
    """A library that no one may write, in a folder that every user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = filled(Path(folder) / "library", word_embedder, trial=note(TRIAL), report=note(REPORT))
        Path(folder).chmod(0o755)
        for file in [path, *path.rglob("*")]:
            file.chmod(0o555 if file.is_dir() else 0o444)
        yield path
        for file in [path, *path.rglob("*")]:
            with contextlib.suppress(FileNotFoundError):
                file.chmod(0o755 if file.is_dir() else 0o644)


def test_a_library_in_a_folder_that_cannot_be_written_answers(read_only_path: Path) -> None:
    before = sorted(read_only_path.rglob("*"))
    command = [sys.executable, "-c", READ, str(read_only_path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (child.stdout, child.stderr) == ("trial 2\n", "")
    assert sorted(read_only_path.rglob("*")) == before
