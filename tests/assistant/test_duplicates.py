"""One paper in several formats is one document: the fuller text stays, and what became of the other is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.duplicates import Paper, Papers
from corpus.types import Source
from index.embedder import Embedder
from tests.assistant.test_importing import Shelf
from tests.corpus import made

TITLE = "Zorlitinib in adults with plaque morphea: a trial"


@pytest.fixture
def shelf(tmp_path: Path, word_embedder: Embedder) -> Shelf:
    return Shelf(tmp_path / "library", word_embedder)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def abstract(folder: Path) -> Path:
    return write(folder, "abstract.xml", made.MEDLINE)


def article(folder: Path) -> Path:
    return write(folder, "article.nxml", made.JATS)


def test_an_article_takes_the_place_of_its_abstract(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.add(abstract(tmp_path)).added == ["pmid-90000001", "pmid-90000002"]
    summary = shelf.add(article(tmp_path))
    assert (summary.added, summary.replaced) == ([], ["article"])
    assert [(d.kept, d.sign, d.gave_way) for d in summary.same] == [("article", "DOI", "pmid-90000001")]
    assert set(shelf.texts()) == {"article", "pmid-90000002"}


def test_an_abstract_is_left_out_where_its_article_is(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(article(tmp_path))
    summary = shelf.add(abstract(tmp_path))
    assert summary.added == ["pmid-90000002"]
    assert [(d.path.name, d.kept, d.gave_way) for d in summary.same] == [("abstract.xml", "article", None)]


@pytest.mark.parametrize("turned", [False, True])
def test_both_in_one_import_leave_the_article(shelf: Shelf, tmp_path: Path, turned: bool) -> None:
    paths = [abstract(tmp_path), article(tmp_path)]
    summary = shelf.add(*(reversed(paths) if turned else paths))
    assert sorted(summary.added) == ["article", "pmid-90000002"]
    assert summary.replaced == []
    assert [d.kept for d in summary.same] == ["article"]
    assert set(shelf.texts()) == {"article", "pmid-90000002"}


def test_a_note_with_an_id_of_its_own_is_no_copy_of_the_paper_that_it_is_about(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(article(tmp_path))
    note = f'---\nid: my-note\ntitle: "{TITLE}"\ndoi: 10.1000/zorli.1\n---\n\nWe use it in adults, at half the dose.\n'
    assert shelf.add(write(tmp_path, "note.md", note)).added == ["my-note"]
    assert set(shelf.texts()) == {"article", "my-note"}


def test_a_paper_added_again_after_it_changed_still_replaces_itself(shelf: Shelf, tmp_path: Path) -> None:
    path = article(tmp_path)
    shelf.add(path)
    path.write_text(made.JATS.replace("hardens", "thickens"))
    summary = shelf.add(path)
    assert (summary.replaced, summary.same) == (["article"], [])
    assert "thickens" in shelf.texts()["article"]


@pytest.mark.parametrize(
    ("other", "sign"),
    [
        (Source("Another title", doi="10.1000/ZORLI.1"), "DOI"),
        (Source("Another title", pmid="90000001"), "PMID"),
        (Source("Zorlitinib in adults with plaque morphea - a trial.", year=2030), "title"),
        (Source(TITLE), "title"),
        (Source(TITLE, year=2020), None),
        (Source(TITLE, doi="10.1000/other"), None),
        (Source("Another title", doi="10.1000/other", pmid="90000001"), None),
        (Source("Letter to the editor"), None),
    ],
)
def test_papers_are_known_by_what_identifies_them(other: Source, sign: str | None) -> None:
    known = Source(TITLE, year=2031, doi="10.1000/zorli.1", pmid="90000001")
    letter = Source("Letter to the editor", year=2031)
    match = Papers([Paper("a", known, 100), Paper("b", letter, 100)]).match(other)
    assert (match.sign if match else None) == sign


def test_adding_says_what_became_of_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word_embedder: Embedder
) -> None:
    monkeypatch.setattr("assistant.session.load_embedder", lambda *_, **__: word_embedder)
    folder = tmp_path / "papers"
    folder.mkdir()
    article(folder)
    abstract(folder)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    result = CliRunner().invoke(app, ["add", str(folder), "--library", str(tmp_path / "library")])
    assert result.exit_code == 0
    assert "article takes the place of pmid-90000001 (same DOI, fuller text)" in result.output
    assert "picture.png is a picture" in result.output
    assert "2 added, 0 replaced, 0 unchanged, 1 the same paper, 1 skipped" in result.output
