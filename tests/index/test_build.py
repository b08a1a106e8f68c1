import errno
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import index.incoming
import index.knowledge
import index.lexical
from corpus.bundled import bundled_hash
from corpus.catalogue import Catalogue
from corpus.errors import LibraryBusyError, LibraryError, StorageError, UnknownDocumentError
from corpus.facts import Anchor, Definition
from corpus.types import Passage
from index.build import Writer
from index.embedder import Embedder
from index.incoming import Incoming
from index.lexical import LexicalIndex
from index.library import CATALOGUE, LEXICAL, MANIFEST_KEY, Library, read_manifest
from index.manifest import Manifest, checksum
from index.search import HybridSearcher
from index.vectors import VectorIndex
from index.writing import open_writer
from tests.conftest import WordEmbedder, make_document

ROOT = Path(__file__).parents[2]
TRIAL = "Zorlitinib 7 mg once daily softened the plaques of nine patients."
REPORT = "One woman took baricitinib for alopecia and was well after a year."


def note(*paragraphs: str) -> str:
    return "# Note\n\n" + "\n\n".join(paragraphs) + "\n"


def filled(path: Path, embedder: Embedder, **texts: str) -> Path:
    """Make or extend the library in `path`; each keyword is a document's id, its value the text."""
    with open_writer(path, embedder) as writer:
        writer.add([Incoming(make_document(text, name), "added") for name, text in texts.items()])
    return path


def without_bundled_knowledge(patch: pytest.MonkeyPatch) -> None:
    """Leave out what every commit brings along; these tests are about passages, and take half the time so."""
    patch.setattr(index.knowledge, "load_facts", lambda: (), raising=False)
    patch.setattr(index.build, "compile_vocabulary", lambda: "{}", raising=False)


@pytest.fixture(autouse=True)
def passages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    without_bundled_knowledge(monkeypatch)


@pytest.fixture
def library_path(tmp_path: Path, word_embedder: Embedder) -> Path:
    return filled(tmp_path / "library", word_embedder, trial=note(TRIAL, "Nobody died."), report=note(REPORT))


@dataclass(frozen=True)
class Answers:
    """All that a reader can see of a library, but for ids and scores."""

    texts: dict[str, str]
    passages: list[Passage]
    found: dict[str, set[tuple[str, int, bool]]]  # document, ordinal, whether by words
    first: dict[str, tuple[str, int]]
    known: dict[str, bool]


QUESTIONS = ("zorlitinib plaques", "baricitinib alopecia woman", "tofacitinib")


def answers(path: Path, embedder: Embedder) -> Answers:
    with Library.open(path, embedder) as library:
        return seen(library)


def seen(library: Library) -> Answers:
    searcher, names = HybridSearcher(library), sorted(entry.id for entry in library.catalogue.entries())
    hits = {question: searcher.search(question, k=200) for question in QUESTIONS}
    return Answers(
        texts={name: library.catalogue.document(name).text for name in names},
        passages=[passage for name in names for passage in library.catalogue.passages_of(name)],
        found={
            question: {(hit.passage.document_id, hit.passage.ordinal, hit.parts.bm25 is not None) for hit in found}
            for question, found in hits.items()
        },
        first={
            question: (found[0].passage.document_id, found[0].passage.ordinal)
            for question, found in hits.items()
            if found
        },
        known={word: searcher.knows(word) for question in QUESTIONS for word in question.split()},
    )


def agrees(path: Path, embedder: Embedder) -> None:
    """Catalogue, both indexes and manifest hold the same passages, and no file is there that nobody names."""
    with Library.open(path, embedder) as library:
        ids = library.catalogue.passage_ids()
        assert sorted(library.vectors.ids().tolist()) == ids
        assert len(library.lexical) == len(ids)
        manifest = library.manifest
    assert (manifest.documents, manifest.passages) == (len({*_documents(path)}), len(ids))
    names = {file.name for file in path.iterdir()} - {".lock", "catalogue.sqlite-shm", "catalogue.sqlite-wal"}
    assert names == {CATALOGUE, LEXICAL, "manifest.json", *manifest.files}
    assert set(manifest.checksums) == set(manifest.files)
    assert Manifest.model_validate_json((path / "manifest.json").read_text(encoding="utf-8")) == manifest


def _documents(path: Path) -> list[str]:
    catalogue = Catalogue.open(path / CATALOGUE)
    try:
        return [entry.id for entry in catalogue.entries()]
    finally:
        catalogue.close()


def stamp(path: Path, **changes: object) -> None:
    """Change the manifest in the catalogue, as another version of the program would have written it."""
    with sqlite3.connect(path / CATALOGUE) as connection:
        (stored,) = connection.execute("SELECT value FROM meta WHERE key = ?", (MANIFEST_KEY,)).fetchone()
        changed = json.dumps({**json.loads(stored), **changes})
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (changed, MANIFEST_KEY))
    connection.close()


# --- adding, replacing, removing ---


def test_what_was_added_is_found(library_path: Path, word_embedder: Embedder) -> None:
    now = answers(library_path, word_embedder)
    assert set(now.texts) == {"trial", "report"}
    assert now.first["zorlitinib plaques"] == ("trial", 0)
    assert now.first["baricitinib alopecia woman"] == ("report", 0)
    agrees(library_path, word_embedder)


def test_adding_to_a_library_keeps_what_was_there(library_path: Path, word_embedder: Embedder) -> None:
    filled(library_path, word_embedder, third=note("Tofacitinib was tried in one of the patients."))
    now = answers(library_path, word_embedder)
    assert set(now.texts) == {"trial", "report", "third"}
    assert now.first["tofacitinib"] == ("third", 0)
    assert now.first["zorlitinib plaques"] == ("trial", 0)
    agrees(library_path, word_embedder)


def test_add_tells_how_many_passages_came_and_how_far_it_is(tmp_path: Path, word_embedder: Embedder) -> None:
    told: list[tuple[int, int]] = []
    text = note(*[f"Patient {n} took the medicine every day." for n in range(75)])
    with open_writer(tmp_path / "library", word_embedder) as writer:
        count = writer.add([Incoming(make_document(text), "added")], lambda done, total: told.append((done, total)))
    assert count == 75
    assert told == [(32, 75), (64, 75), (75, 75)]


def test_a_replaced_document_leaves_no_trace(library_path: Path, word_embedder: Embedder) -> None:
    with Library.open(library_path, word_embedder) as library:
        old = library.catalogue.passage_ids("trial")
    with open_writer(library_path, word_embedder) as writer:
        writer.add([Incoming(make_document(note("Tofacitinib replaced it."), "trial"), "added", replaces="trial")])
    agrees(library_path, word_embedder)
    with Library.open(library_path, word_embedder) as library:
        assert library.catalogue.passages(old) == {}
        assert not set(old) & set(library.vectors.ids().tolist())
        assert library.lexical.search([(library.lexical.words("zorlitinib")[0], 1.0)], 5) == []
        assert not HybridSearcher(library).knows("zorlitinib")
        assert HybridSearcher(library).search("tofacitinib")[0].passage.document_id == "trial"
    assert b"softened" not in (library_path / CATALOGUE).read_bytes()


def test_a_document_can_be_replaced_by_one_of_another_id(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer:
        writer.add([Incoming(make_document(note(TRIAL), "edition"), "added", replaces="trial")])
    assert set(answers(library_path, word_embedder).texts) == {"edition", "report"}
    agrees(library_path, word_embedder)


def test_a_removed_document_leaves_no_trace(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer:
        assert writer.remove("trial") == 2
    now = answers(library_path, word_embedder)
    assert set(now.texts) == {"report"}
    assert {document for hits in now.found.values() for document, *_ in hits} == {"report"}
    assert now.known["baricitinib"]
    assert not now.known["zorlitinib"]
    assert b"softened" not in (library_path / CATALOGUE).read_bytes()
    agrees(library_path, word_embedder)


def test_a_library_can_lose_everything_and_gain_something_again(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer:
        writer.remove("trial")
        writer.remove("report")
    assert answers(library_path, word_embedder).texts == {}
    agrees(library_path, word_embedder)
    filled(library_path, word_embedder, trial=note(TRIAL))
    assert answers(library_path, word_embedder).first["zorlitinib plaques"] == ("trial", 0)
    agrees(library_path, word_embedder)


def test_removing_an_unknown_document_is_refused(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer, pytest.raises(UnknownDocumentError, match="'nobody'"):
        writer.remove("nobody")
    agrees(library_path, word_embedder)


def test_a_document_without_passages_stops_nothing_that_comes_after(tmp_path: Path, word_embedder: Embedder) -> None:
    path = filled(tmp_path / "library", word_embedder, numbers="14\n")
    filled(path, word_embedder, more="15\n")
    filled(path, word_embedder, trial=note(TRIAL))
    with open_writer(path, word_embedder) as writer:
        assert writer.remove("numbers") == 0
        assert writer.remove("more") == 0
    assert set(answers(path, word_embedder).texts) == {"trial"}
    agrees(path, word_embedder)


def test_a_finished_write_owes_nothing(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer:
        writer.add([Incoming(make_document(note("Tofacitinib came third."), "third"), "added")])
        writer.remove("trial")
        writer.add([Incoming(make_document(note("Tofacitinib came fourth."), "fourth"), "added")])
    with sqlite3.connect(library_path / CATALOGUE) as connection:
        owed = connection.execute("SELECT (SELECT count(*) FROM reserved_ids), (SELECT count(*) FROM removed_ids)")
        assert owed.fetchone() == (0, 0)
    connection.close()


def test_a_large_import_commits_in_parts_and_keeps_those_that_fitted(
    library_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.incoming, "PASSAGES_A_COMMIT", 2)
    write = VectorIndex.write

    def full_at_the_second(self: VectorIndex, path: Path) -> None:
        if path.name == "vectors-3.faiss":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, path)

    texts = {f"part-{n}": note(f"Tofacitinib appears in part {n} of it.", "So it does.") for n in (1, 2, 3)}
    with monkeypatch.context() as patch:
        patch.setattr(VectorIndex, "write", full_at_the_second)
        with pytest.raises(StorageError):
            filled(library_path, word_embedder, **texts)
    assert set(answers(library_path, word_embedder).texts) == {"trial", "report", "part-1"}
    with open_writer(library_path, word_embedder):
        pass
    agrees(library_path, word_embedder)


# --- the manifest and the files ---


def test_the_manifest_in_the_folder_mirrors_the_catalogue(library_path: Path, word_embedder: Embedder) -> None:
    catalogue = Catalogue.open(library_path / CATALOGUE)
    manifest = read_manifest(catalogue, library_path)
    catalogue.close()
    assert json.loads((library_path / "manifest.json").read_text()) == json.loads(manifest.model_dump_json())
    assert (manifest.model, manifest.model_hash, manifest.dimensions) == ("words", word_embedder.weights_hash, 64)
    assert (manifest.documents, manifest.passages) == (2, 3)
    vectors = library_path / (manifest.vector_file or "")
    assert manifest.checksums == {vectors.name: checksum(vectors)}


def test_the_mark_of_the_bundle_is_kept_through_changes(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder) as writer:
        assert writer.manifest.bundled_hash is None
        writer.mark_bundled()
        writer.remove("report")
        writer.rebuild()
    with Library.open(library_path, word_embedder) as library:
        assert library.manifest.bundled_hash == bundled_hash()
    agrees(library_path, word_embedder)


@pytest.fixture
def lax_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("lax_umask")
def test_only_the_owner_may_read_a_library(tmp_path: Path, word_embedder: Embedder) -> None:
    path = tmp_path / "library"
    with open_writer(path, word_embedder) as writer:
        writer.add([Incoming(make_document(note(TRIAL), "trial"), "added")])
        modes = {file.relative_to(path).as_posix(): stat.S_IMODE(file.stat().st_mode) for file in path.rglob("*")}
    assert {"catalogue.sqlite", "catalogue.sqlite-wal", "vectors-1.faiss", "manifest.json", "lexical"} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert os.umask(0) == 0  # the writer put it back


# --- rebuilding ---


def break_nothing(path: Path) -> None:
    assert path.is_dir()


def lose_the_vectors(path: Path) -> None:
    next(path.glob("vectors-*.faiss")).unlink()


def cut_the_vectors_short(path: Path) -> None:
    os.truncate(next(path.glob("vectors-*.faiss")), 40)


def empty_the_word_index(path: Path) -> None:
    for file in (path / LEXICAL).iterdir():
        file.unlink()


def lose_the_word_index(path: Path) -> None:
    empty_the_word_index(path)
    (path / LEXICAL).rmdir()


def damage_the_word_index(path: Path) -> None:
    (path / LEXICAL / "meta.json").write_text("garbage")


def damage_a_segment(path: Path) -> None:
    next((path / LEXICAL).glob("*.term")).write_bytes(b"garbage" * 100)


DAMAGE = [
    break_nothing,
    lose_the_vectors,
    cut_the_vectors_short,
    empty_the_word_index,
    lose_the_word_index,
    damage_the_word_index,
    damage_a_segment,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_rebuilding_gives_the_same_library_again(library_path: Path, word_embedder: Embedder, damage) -> None:  # type: ignore[no-untyped-def]
    before = answers(library_path, word_embedder)
    damage(library_path)
    with open_writer(library_path, word_embedder, any_model=True) as writer:
        assert writer.rebuild() == len(before.passages)
    assert answers(library_path, word_embedder) == before
    agrees(library_path, word_embedder)


@pytest.mark.parametrize("damage", DAMAGE[1:])
def test_a_damaged_index_is_noticed_and_its_remedy_named(library_path: Path, word_embedder: Embedder, damage) -> None:  # type: ignore[no-untyped-def]
    damage(library_path)
    with pytest.raises(LibraryError, match="doctor --rebuild"):
        Library.open(library_path, word_embedder)


def test_rebuilding_clears_words_that_the_catalogue_knows_nothing_of(
    library_path: Path, word_embedder: Embedder
) -> None:
    before = answers(library_path, word_embedder)
    stray = index.lexical.LexicalEntry(9999, "nobody", "Stray", "Stray", "Tofacitinib strayed in.")
    LexicalIndex(library_path / LEXICAL).change((), [stray])
    with open_writer(library_path, word_embedder, any_model=True) as writer:
        writer.rebuild()
    assert answers(library_path, word_embedder) == before
    agrees(library_path, word_embedder)


class Clock(datetime):
    """A clock that a day passes on at every look."""

    looks = 0

    @classmethod
    def now(cls, tz=None) -> datetime:  # type: ignore[no-untyped-def, override]
        cls.looks += 1
        return datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=cls.looks)


def test_rebuilding_keeps_origins_order_and_the_day_of_adding(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.catalogue.datetime", Clock)
    path = tmp_path / "library"
    with open_writer(path, word_embedder) as writer:
        for name, origin in (("zeta", "added"), ("alpha", "added"), ("digest", "bundled")):
            writer.add([Incoming(make_document(note(f"This is {name}, a document."), name), origin)])
        before = writer.catalogue.entries()
        writer.rebuild()
        assert writer.catalogue.entries() == before
    assert [entry.id for entry in before] == ["digest", "zeta", "alpha"]


def test_rebuilding_cuts_documents_anew(library_path: Path, word_embedder: Embedder) -> None:
    before = answers(library_path, word_embedder)
    with sqlite3.connect(library_path / CATALOGUE) as connection:
        connection.execute("DELETE FROM passages WHERE document_id = 'trial' AND ordinal = 1")
        connection.execute("UPDATE passages SET section = 'as an older version cut it'")
    connection.close()
    stamp(library_path, chunker_version=0)
    with pytest.raises(LibraryError, match="another version of Posology; run `posology doctor --rebuild --library "):
        Library.open(library_path, word_embedder)
    with open_writer(library_path, word_embedder, any_model=True) as writer:
        writer.rebuild()
    assert answers(library_path, word_embedder) == before
    agrees(library_path, word_embedder)


class FineTuned(WordEmbedder):
    weights_hash = "00000000deadbeef"


def test_other_weights_under_the_same_name_are_another_model(library_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"words \(0123456789abcdef\), not with words \(00000000deadbeef\)"):
        Library.open(library_path, FineTuned())


class OtherEmbedder(WordEmbedder):
    name = "other-words"
    weights_hash = "fedcba9876543210"
    dimensions = 32


def test_a_library_of_another_model_is_refused_and_can_be_rebuilt(library_path: Path, word_embedder: Embedder) -> None:
    other = OtherEmbedder()
    remedy = r"words \(0123456789abcdef\).*other-words.*POSOLOGY_MODEL.*doctor --rebuild"
    with pytest.raises(LibraryError, match=remedy):
        Library.open(library_path, other)
    with pytest.raises(LibraryError, match=remedy), open_writer(library_path, other):
        pass
    with open_writer(library_path, other, any_model=True) as writer:
        writer.rebuild()
    with Library.open(library_path, other) as library:
        assert (library.manifest.model, library.manifest.model_hash) == (other.name, other.weights_hash)
        assert library.vectors.dimensions == 32
        assert HybridSearcher(library).search("zorlitinib plaques")[0].passage.document_id == "trial"
        assert library.sentence_cosines("zorlitinib", library.catalogue.passage_ids())
    agrees(library_path, other)
    with pytest.raises(LibraryError, match="POSOLOGY_MODEL"):
        Library.open(library_path, word_embedder)


def test_a_rebuild_for_another_model_that_fails_leaves_the_library_as_it_was(
    library_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(library_path, word_embedder)
    monkeypatch.setattr(VectorIndex, "write", disk_full)
    with open_writer(library_path, OtherEmbedder(), any_model=True) as writer:
        with pytest.raises(StorageError):
            writer.rebuild()
        writer.mark_bundled()
    assert answers(library_path, word_embedder).texts == before.texts


# --- facts ---


def zor(*anchors: str) -> Definition:
    where = (Anchor(document="trial", section="Note", anchors=anchors),)
    return Definition(id="zor", where=where, term="ZOR", meaning="zorlitinib")


def quotes(path: Path, embedder: Embedder) -> list[str]:
    """Return the sentences that the library's definitions stand in."""
    with Library.open(path, embedder) as library:
        found = [place for _, places in library.catalogue.fact_store.of_kind("definition") for place in places]
        return [library.document(place.document_id).text[place.start : place.end] for place in found]


def add_another(writer: Writer) -> None:
    writer.add([Incoming(make_document(note("Tofacitinib came last."), "last"), "added")])


@pytest.mark.parametrize("change", [add_another, Writer.mark_bundled, Writer.rebuild])
def test_facts_of_a_newer_version_stand_where_their_own_anchors_do(
    tmp_path: Path,
    word_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    change,  # type: ignore[no-untyped-def]
) -> None:
    """Neither a fact that was corrected nor one that is not found any more may cite its old sentence."""
    path = tmp_path / "library"
    monkeypatch.setattr(index.knowledge, "load_facts", lambda: (zor("7 mg"),))
    filled(path, word_embedder, trial=note(TRIAL, "Nobody died of zorlitinib."))
    assert quotes(path, word_embedder) == [TRIAL]
    for anchor, quoted in (("died", ["Nobody died of zorlitinib."]), ("not in it", [])):
        monkeypatch.setattr(index.knowledge, "load_facts", lambda anchor=anchor: (zor(anchor),))
        with open_writer(path, word_embedder) as writer:
            if change is add_another and "last" in _documents(path):
                writer.remove("last")
            change(writer)
        assert quotes(path, word_embedder) == quoted


# --- libraries that cannot be opened ---


@pytest.mark.parametrize("changes", [{"format_version": 2}, {"format_version": 2, "compression": "zstd"}])
def test_a_library_of_another_format_names_the_command_that_mends_it(
    library_path: Path, word_embedder: Embedder, changes: dict[str, object]
) -> None:
    stamp(library_path, **changes)
    with pytest.raises(LibraryError, match="format 2, not 1; run `posology doctor --rebuild --library "):
        Library.open(library_path, word_embedder)
    with pytest.raises(LibraryError, match="format 2, not 1"), open_writer(library_path, word_embedder):
        pass


def test_a_catalogue_of_a_newer_version_is_refused(library_path: Path, word_embedder: Embedder) -> None:
    with sqlite3.connect(library_path / CATALOGUE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for any_model in (False, True):
        with pytest.raises(LibraryError, match="newer version of Posology; upgrade"):
            with open_writer(library_path, word_embedder, any_model=any_model):
                pass
    with pytest.raises(LibraryError, match="newer version of Posology; upgrade"):
        Library.open(library_path, word_embedder)


def test_a_catalogue_of_garbage_is_refused_by_readers_and_writers(library_path: Path, word_embedder: Embedder) -> None:
    (library_path / CATALOGUE).write_bytes(b"garbage " * 1000)
    with pytest.raises(LibraryError, match="restore it from a backup"):
        Library.open(library_path, word_embedder)
    with pytest.raises(LibraryError, match="restore it from a backup"), open_writer(library_path, word_embedder):
        pass


def test_a_catalogue_damaged_behind_its_head_is_refused_by_readers_and_writers(
    library_path: Path, word_embedder: Embedder
) -> None:
    data = (library_path / CATALOGUE).read_bytes()
    (library_path / CATALOGUE).write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(LibraryError, match="restore it from a backup"):
        Library.open(library_path, word_embedder)
    with pytest.raises(LibraryError, match="restore it from a backup"), open_writer(library_path, word_embedder):
        pass


def test_a_writer_that_could_not_open_holds_nothing_up(library_path: Path, word_embedder: Embedder) -> None:
    mask = os.umask(0o027)
    try:
        with pytest.raises(LibraryError), open_writer(library_path, OtherEmbedder()):
            pass
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(mask)
    filled(library_path, word_embedder, third=note("Tofacitinib came third."))
    assert "third" in answers(library_path, word_embedder).texts


# --- one writer at a time ---

HOLD = """
import sys
from pathlib import Path
from index.writing import open_writer
from tests.conftest import WordEmbedder

with open_writer(Path(sys.argv[1]), WordEmbedder()):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_which_process_is_writing(library_path: Path, word_embedder: Embedder) -> None:
    command = [sys.executable, "-c", HOLD, str(library_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(LibraryBusyError, match=rf"Process {child.pid} \(since 20.*is writing.*try again"):
            filled(library_path, word_embedder, third=note("Tofacitinib came third."))
        assert set(answers(library_path, word_embedder).texts) == {"trial", "report"}  # reading goes on
        child.stdin.close()
        assert child.wait(timeout=30) == 0
    filled(library_path, word_embedder, third=note("Tofacitinib came third."))
    assert "third" in answers(library_path, word_embedder).texts


def test_a_second_writer_of_the_same_process_is_refused_too(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder):
        with pytest.raises(LibraryBusyError, match=f"Process {os.getpid()}"), open_writer(library_path, word_embedder):
            pass


def test_a_lock_whose_note_is_unreadable_still_refuses(library_path: Path, word_embedder: Embedder) -> None:
    with open_writer(library_path, word_embedder):
        (library_path / ".writer.json").write_text("{")
        with pytest.raises(LibraryBusyError, match="Another process is writing"):
            filled(library_path, word_embedder, third=note("Tofacitinib came third."))


# --- a full disk ---


def disk_full(self: VectorIndex, path: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def add_a_third(writer: Writer) -> None:
    writer.add([Incoming(make_document(note("Tofacitinib came third."), "third"), "added")])


def remove_the_trial(writer: Writer) -> None:
    writer.remove("trial")


def rebuild(writer: Writer) -> None:
    writer.rebuild()


@pytest.mark.parametrize("change", [add_a_third, remove_the_trial, rebuild])
def test_a_change_that_finds_the_disk_full_changes_nothing_and_can_be_made_later(
    library_path: Path,
    word_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    change,  # type: ignore[no-untyped-def]
) -> None:
    before = answers(library_path, word_embedder)
    with monkeypatch.context() as patch:
        patch.setattr(VectorIndex, "write", disk_full)
        with open_writer(library_path, word_embedder) as writer, pytest.raises(StorageError, match="No space left"):
            change(writer)
    now = answers(library_path, word_embedder)
    assert now == before
    with open_writer(library_path, word_embedder):
        pass  # the next writer clears what the failed one left
    assert answers(library_path, word_embedder) == before
    agrees(library_path, word_embedder)
    with open_writer(library_path, word_embedder) as writer:
        change(writer)
    agrees(library_path, word_embedder)


def test_a_change_can_be_made_again_by_the_writer_that_found_the_disk_full(
    library_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_writer(library_path, word_embedder) as writer:
        for change in (remove_the_trial, add_a_third):
            with monkeypatch.context() as patch:
                patch.setattr(VectorIndex, "write", disk_full)
                with pytest.raises(StorageError):
                    change(writer)
            change(writer)
    assert set(answers(library_path, word_embedder).texts) == {"report", "third"}
    agrees(library_path, word_embedder)


def test_what_a_failed_import_left_behind_crowds_nothing_out(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fillers = [f"Visit {n} of the cohort brought finding{n}." for n in range(150)]
    path = filled(tmp_path / "library", word_embedder, cohort=note(*fillers), trial=note(TRIAL))
    before = answers(path, word_embedder)
    monkeypatch.setattr(VectorIndex, "write", disk_full)
    with pytest.raises(StorageError):
        filled(path, word_embedder, many=note(*[f"Zorlitinib plaques {n} tofacitinib." for n in range(150)]))
    now = answers(path, word_embedder)
    assert now == before
    with Library.open(path, word_embedder) as library:
        best = HybridSearcher(library).search("zorlitinib plaques")[0]
    assert (best.passage.document_id, best.parts.lexical_rank) == ("trial", 1)


TOO_LARGE = """
import resource, sys
from pathlib import Path
from corpus.errors import StorageError
from index.incoming import Incoming
from index.writing import open_writer
from tests.conftest import WordEmbedder, make_document

text = "\\n\\n".join(f"Patient {n} of the cohort took medicine{n} and recovered." for n in range(300))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with open_writer(Path(sys.argv[1]), WordEmbedder()) as writer:
        writer.add([Incoming(make_document(text), "added")])
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("most", [1_000, 8_000, 60_000, 100_000])
def test_a_disk_that_is_really_full_is_said_so_and_leaves_the_library_as_it_was(
    library_path: Path, word_embedder: Embedder, most: int
) -> None:
    """Files may not grow beyond `most` bytes, so SQLite, tantivy or the vector file fails, wherever that is."""
    before = answers(library_path, word_embedder)
    command = [sys.executable, "-c", TOO_LARGE, str(library_path), str(most)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert child.stderr == ""
    assert "cannot be written" in child.stdout
    assert "free some disk space" in child.stdout
    with open_writer(library_path, word_embedder):
        pass
    assert answers(library_path, word_embedder) == before
    agrees(library_path, word_embedder)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path, word_embedder: Embedder) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"), open_writer(tmp_path / "file" / "l", word_embedder):
        pass


def test_what_goes_wrong_outside_the_library_is_not_blamed_on_it(library_path: Path, word_embedder: Embedder) -> None:
    with pytest.raises(FileNotFoundError), open_writer(library_path, word_embedder):
        (library_path.parent / "no-such-paper.md").read_text()
