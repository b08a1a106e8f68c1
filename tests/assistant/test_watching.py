"""Watched folders: files come in when they are complete, changes replace, deletions are said and lose nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.commands.adding import Wish
from assistant.commands.watching import stay, watch
from assistant.session import Session
from assistant.watching import Eye
from corpus.errors import UnreadableFileError
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer

DOSE = "Oral zorlitinib {} mg once daily softened plaques in most of the adults with morphea.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    return path


def put(folder: Path, name: str, text: str, age: int = 0) -> Path:
    """Write a file; `age` sets its time apart from that of an earlier version."""
    path = folder / name
    path.write_text(text)
    os.utime(path, ns=(10**18 + age, 10**18 + age))
    return path


def test_a_file_is_complete_when_two_looks_find_it_the_same(folder: Path) -> None:
    eye = Eye([folder])
    path = put(folder, "a.txt", "Half of")
    assert eye.look().complete == ()
    put(folder, "a.txt", "Half of it, then the rest.", 1)
    assert eye.look().complete == ()
    assert eye.look().complete == (path,)
    assert eye.look().complete == (path,)  # nobody has dealt with it
    eye.note([path], [])
    assert eye.look().complete == ()
    put(folder, "a.txt", "A new edition of it, as long.", 2)
    assert eye.look().complete == ()
    assert eye.look().complete == (path,)


def test_what_is_still_being_downloaded_or_hidden_is_left_alone(folder: Path) -> None:
    eye = Eye([folder])
    for name in ("paper.pdf.part", "paper.crdownload", "notes.txt~", ".hidden.txt"):
        put(folder, name, "Text.")
    eye.look()
    assert eye.look().complete == ()


def test_a_folder_that_goes_for_a_while_is_no_deletion(folder: Path, tmp_path: Path) -> None:
    eye = Eye([folder])
    path = put(folder, "a.txt", "Text.")
    eye.look()
    eye.note(eye.look().complete, [])
    folder.rename(tmp_path / "away")
    assert eye.look() == eye.look() and eye.look().gone == ()
    (tmp_path / "away").rename(folder)
    path.unlink()
    assert [gone for gone, _ in eye.look().gone] == [path]
    assert eye.look().gone == ()


def test_only_a_folder_can_be_watched(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="is no folder"):
        watch(Wish((tmp_path / "nothing",)), tmp_path / "library")


class Days:
    """What happens between the looks, one thing at a time; watching ends after the last."""

    def __init__(self, *happenings: Callable[[], object]) -> None:
        self._left: Iterator[Callable[[], object]] = iter(happenings)

    def __call__(self) -> bool:
        happening = next(self._left, None)
        if happening is not None:
            happening()
        return happening is not None


def nothing() -> None:
    pass


def test_files_come_in_are_replaced_and_stay_when_they_are_deleted(
    folder: Path, tmp_path: Path, word_embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(tmp_path / "library", embedder=word_embedder)
    put(folder, "first.txt", DOSE.format(7))
    put(folder, "empty.txt", "")
    days = Days(
        nothing,
        lambda: put(folder, "second.txt", DOSE.format(8)),
        nothing,
        nothing,
        lambda: put(folder, "first.txt", DOSE.format(9), 1),
        nothing,
        nothing,
        lambda: (folder / "second.txt").unlink(),
        nothing,
        lambda: (folder / "empty.txt").unlink(),
    )
    wish = Wish((folder,))
    stay(session, wish, Eye([folder]), days)
    out, err = capsys.readouterr()
    fates = [line.split()[0] for line in out.splitlines() if "(" in line]
    assert fates == ["skipped", "added", "added", "replaced"]
    assert err.count("empty.txt is empty") == 1
    assert "second.txt; its document stays in the library: `posology remove second`" in err
    assert "empty.txt; no document came from it" in err
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert {entry.id for entry in library.catalogue.entries()} == {"first", "second"}
        assert "9 mg" in library.document("first").text


def test_files_wait_while_another_process_writes(
    folder: Path, tmp_path: Path, word_embedder: Embedder, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(tmp_path / "library", embedder=word_embedder)
    put(folder, "first.txt", DOSE.format(7))
    other = open_writer(tmp_path / "library", word_embedder)
    days = Days(lambda: other.__enter__(), nothing, nothing, lambda: other.__exit__(None, None, None), nothing)
    stay(session, Wish((folder,)), Eye([folder]), days)
    out, err = capsys.readouterr()
    assert err.count("is writing to the library") == 1 and "wait until then" in err
    assert "added " in out


def test_control_c_ends_it_with_a_word(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.commands.watching._wait", interrupt)
    watch(Wish((folder,)), tmp_path / "library")
    err = capsys.readouterr().err
    assert "Watching" in err and err.endswith("Stopped watching; what was added stays in the library.\n")
