"""What becomes of each file: new, unchanged, a replacement, or skipped with the reason; one never stops another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.importing import Summary, import_files
from corpus.errors import PosologyError, UnreadableFileError
from index.build import Writer
from index.embedder import Embedder, Vectors
from index.library import Library
from index.writing import open_writer

TEXT = "Oral zorlitinib {} mg once daily softened plaques in most of the adults with morphea.\n"


def write(folder: Path, name: str, text: str = TEXT.format(7), identity: str | None = None) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"---\nid: {identity}\ntitle: A trial\n---\n\n" if identity else ""
    path.write_text(head + text)
    return path


class Shelf:
    """A library under test, opened anew for each import, as separate runs of the program would."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self.path = path
        self.embedder = embedder

    def add(self, *paths: Path, origin: str = "added") -> Summary:
        with self.writer() as writer:
            return import_files(writer, paths, origin=origin)

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        with open_writer(self.path, self.embedder) as writer:
            yield writer

    def texts(self) -> dict[str, str]:
        """Return the stored text of every document by its id."""
        with Library.open(self.path, self.embedder) as library:
            return {entry.id: library.document(entry.id).text for entry in library.catalogue.entries()}


@pytest.fixture
def shelf(tmp_path: Path, word_embedder: Embedder) -> Shelf:
    return Shelf(tmp_path / "library", word_embedder)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def test_a_new_file_is_added_under_its_name(shelf: Shelf, papers: Path) -> None:
    summary = shelf.add(write(papers, "Morphea Trial (2031).txt"))
    assert summary.added == ["morphea-trial-2031"]
    assert (summary.replaced, summary.unchanged, summary.skipped) == ([], [], [])
    assert shelf.texts() == {"morphea-trial-2031": TEXT.format(7)}


def test_a_file_that_gives_its_id_is_added_under_it(shelf: Shelf, papers: Path) -> None:
    assert shelf.add(write(papers, "x.md", identity="zorlitinib-trial")).added == ["zorlitinib-trial"]


def test_the_number_of_passages_is_what_the_library_then_holds(shelf: Shelf, papers: Path) -> None:
    for number in range(3):
        write(papers, f"{number}.txt", TEXT.format(number) + "\n" + TEXT.format(number + 10))
    summary = shelf.add(papers)
    with Library.open(shelf.path, shelf.embedder) as library:
        assert library.catalogue.counts() == (3, summary.passages) == (3, 6)
        assert len(library.vectors) == len(library.lexical) == 6


def test_the_same_content_again_changes_nothing(shelf: Shelf, papers: Path) -> None:
    path = write(papers, "a.txt")
    shelf.add(path)
    copy = write(papers, "copy.txt")
    summary = shelf.add(path, copy)
    assert summary.unchanged == [(path, "a"), (copy, "a")]
    assert (summary.added, summary.replaced, summary.passages) == ([], [], 0)
    assert list(shelf.texts()) == ["a"]


def test_the_same_content_twice_in_one_import_is_added_once(shelf: Shelf, papers: Path) -> None:
    first, second = write(papers, "a.txt"), write(papers, "b.txt")
    summary = shelf.add(papers, first)
    assert summary.added == ["a"]
    assert summary.unchanged == [(second, "a"), (first, "a")]


def test_a_file_that_changed_replaces_its_document(shelf: Shelf, papers: Path) -> None:
    path = write(papers, "a.txt")
    shelf.add(path)
    write(papers, "a.txt", TEXT.format(8))
    summary = shelf.add(path)
    assert (summary.added, summary.replaced) == ([], ["a"])
    assert shelf.texts() == {"a": TEXT.format(8)}


def test_an_id_given_again_replaces_its_document_wherever_the_file_lies(shelf: Shelf, papers: Path) -> None:
    shelf.add(write(papers, "old.md", identity="trial"))
    summary = shelf.add(write(papers, "elsewhere/new.md", TEXT.format(8), identity="trial"))
    assert (summary.added, summary.replaced) == ([], ["trial"])
    assert "8 mg" in shelf.texts()["trial"]


@pytest.mark.parametrize("line", ["id: 'trial'", 'id: "trial"', "id:  trial", "id: trial  # the first"])
def test_an_id_may_be_written_in_every_way_that_yaml_allows(shelf: Shelf, papers: Path, line: str) -> None:
    shelf.add(write(papers, "old.md", f"---\n{line}\n---\n\n{TEXT.format(7)}"))
    summary = shelf.add(write(papers, "new.md", f"---\n{line}\n---\n\n{TEXT.format(8)}"))
    assert (summary.added, summary.replaced) == ([], ["trial"])


def test_an_id_that_only_begins_alike_replaces_nothing(shelf: Shelf, papers: Path) -> None:
    shelf.add(write(papers, "a.md", identity="trial"))
    summary = shelf.add(write(papers, "b.md", TEXT.format(8), identity="trial-2"))
    assert (summary.added, summary.replaced) == (["trial-2"], [])


def test_a_file_saved_on_windows_keeps_its_front_matter(shelf: Shelf, papers: Path) -> None:
    path = papers / "a.md"
    path.write_bytes(f"---\r\nid: trial\r\ntitle: A trial\r\n---\r\n\r\n{TEXT.format(7)}".encode())
    assert shelf.add(path).added == ["trial"]
    with Library.open(shelf.path, shelf.embedder) as library:
        assert library.document("trial").source.title == "A trial"


def test_another_file_of_the_same_name_gets_a_number(shelf: Shelf, papers: Path) -> None:
    shelf.add(write(papers, "one/trial.txt"))
    summary = shelf.add(write(papers, "two/trial.txt", TEXT.format(8)), write(papers, "3/trial.txt", TEXT.format(9)))
    assert (summary.added, summary.replaced) == (["trial-2", "trial-3"], [])
    assert shelf.texts()["trial"] == TEXT.format(7)


def test_two_files_that_give_one_id_in_one_import_both_stay(shelf: Shelf, papers: Path) -> None:
    write(papers, "a.md", TEXT.format(7), identity="trial")
    write(papers, "b.md", TEXT.format(8), identity="trial")
    assert shelf.add(papers).added == ["trial", "trial-2"]


def test_two_files_that_give_the_id_of_one_document_do_not_stop_the_import(shelf: Shelf, papers: Path) -> None:
    shelf.add(write(papers, "old.md", TEXT.format(6), identity="trial"))
    first = write(papers, "new/a.md", TEXT.format(7), identity="trial")
    second = write(papers, "new/b.md", TEXT.format(8), identity="trial")
    summary = shelf.add(first, second, write(papers, "new/c.txt", TEXT.format(9)))
    assert "c" in summary.added
    assert "trial" in summary.replaced
    texts = "".join(shelf.texts().values())
    assert "6 mg" not in texts and "9 mg" in texts


def test_bad_files_do_not_stop_good_ones(shelf: Shelf, papers: Path) -> None:
    write(papers, "good.txt")
    bad = {
        "empty.txt": b"",
        "blank.md": b" \n\t\n",
        "binary.txt": b"abc\x00def",
        "scan.txt": b"%PDF-1.7\n...",
        "latin.txt": "dose 5 µg".encode("latin-1"),
        "meta.md": b"---\nid: [unclosed\n---\nText.\n",
    }
    for name, data in bad.items():
        (papers / name).write_bytes(data)
    missing = papers / "missing.txt"
    summary = shelf.add(papers, missing)
    assert summary.added == ["good"]
    reasons = {path: str(error) for path, error in summary.skipped}
    assert set(reasons) == {missing, *(papers / name for name in bad)}
    for path, reason in reasons.items():
        assert path.name in reason and reason.endswith(".")
    assert all(isinstance(error, UnreadableFileError) for _, error in summary.skipped)
    assert list(shelf.texts()) == ["good"]


def test_a_file_name_that_is_not_utf8_does_not_stop_good_ones(shelf: Shelf, papers: Path) -> None:
    write(papers, "good.txt")
    odd = Path(os.fsdecode(os.fsencode(papers) + b"/\xff\xfe.txt"))
    odd.write_text(TEXT.format(8))
    summary = shelf.add(papers)
    assert "good" in summary.added
    assert len(summary.added) + len(summary.skipped) == 2


def test_a_file_name_with_terminal_commands_gets_a_plain_id_and_title(shelf: Shelf, papers: Path) -> None:
    summary = shelf.add(write(papers, "a\x1b[31m\u202eb.txt"))
    with Library.open(shelf.path, shelf.embedder) as library:
        (entry,) = library.catalogue.entries()
    assert summary.added == [entry.id]
    assert entry.id.isascii() and entry.id.isprintable()
    assert not set(entry.source.title) & {"\x1b", "\u202e"}


def test_where_a_document_came_from_is_kept(shelf: Shelf, papers: Path) -> None:
    path = write(papers, "a.txt")
    shelf.add(path, origin="bundled")
    shelf.add(write(papers, "b.txt", TEXT.format(8)))
    with Library.open(shelf.path, shelf.embedder) as library:
        origins = {entry.id: (entry.origin, entry.path) for entry in library.catalogue.entries()}
    assert origins == {"a": ("bundled", str(path)), "b": ("added", str(papers / "b.txt"))}


def test_progress_ends_when_all_passages_are_in(shelf: Shelf, papers: Path) -> None:
    for number in range(40):
        write(papers, f"{number:02}.txt", TEXT.format(number))
    seen: list[tuple[int, int]] = []
    with shelf.writer() as writer:
        import_files(writer, [papers], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40, 40)
    assert seen == sorted(seen) and len(seen) > 1


class Interrupted(PosologyError):
    """Stands for whatever stops an import half-way."""


def test_an_import_that_is_stopped_half_way_leaves_the_library_as_it_was(shelf: Shelf, papers: Path) -> None:
    shelf.add(write(papers, "old.md", TEXT.format(6), identity="trial"))
    before = shelf.texts()

    class Stopping:
        name, weights_hash, dimensions = shelf.embedder.name, shelf.embedder.weights_hash, shelf.embedder.dimensions

        def embed(self, texts: Sequence[str]) -> Vectors:
            raise Interrupted

    new = write(papers, "new.md", TEXT.format(7), identity="trial")
    with pytest.raises(Interrupted):
        Shelf(shelf.path, Stopping()).add(new)
    assert shelf.texts() == before
    assert shelf.add(new).replaced == ["trial"]
    assert "7 mg" in shelf.texts()["trial"]
    assert len(list(shelf.path.glob("vectors-*.faiss"))) == 1
