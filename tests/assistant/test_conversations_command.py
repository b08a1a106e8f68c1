"""`posology conversations` as people and scripts meet it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from assistant.commands.conversations import FormatName
from assistant.contract import Answer
from assistant.export.formats import FORMATS
from assistant.keeping.store import ConversationStore
from corpus.catalogue import Catalogue
from index.library import CATALOGUE
from tests.assistant.running import Posology, Ran, assert_one_sentence, runner
from tests.assistant.test_render import QUOTE, make_answer, make_citation
from tests.conftest import make_document

DOCUMENT = """---
title: "Zorlitinib in morphea"
authors: [Ada Quill]
doi: 10.1000/xyz
---

# Zorlitinib in morphea

Oral zorlitinib 7 mg once daily softened plaques.
"""


@pytest.fixture
def posology(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Posology:
    return runner(monkeypatch, capsys, "conversations")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the conversations of a test are kept."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("POSOLOGY_CONVERSATIONS", str(tmp_path / "kept" / "conversations.sqlite"))
    return tmp_path / "kept" / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> ConversationStore:
    return ConversationStore(path)


def keep(store: ConversationStore, *questions: str, library: str = "", answer: Answer | None = None) -> str:
    identity = store.begin(library)
    for question in questions:
        store.append(identity, question, answer or make_answer(question=question))
    return identity


# --- list and show ---


def test_the_list_has_a_line_a_conversation_the_last_used_first(store: ConversationStore, posology: Posology) -> None:
    first, second = keep(store, "first?"), keep(store, "second?", "and more?")
    ran = posology("list")
    assert [(line.split()[0], line.split()[3:]) for line in ran.out.strip().split("\n")] == [
        (second, ["2", "second?"]),
        (first, ["1", "first?"]),
    ]
    assert (ran.code, ran.err) == (0, "2 conversations\n")


def test_nothing_kept_is_an_empty_list(path: Path, posology: Posology) -> None:
    assert posology("list") == Ran(0, "", "0 conversations\n")
    assert json.loads(posology("list", "--json").out) == []


def test_a_search_narrows_the_list(store: ConversationStore, posology: Posology) -> None:
    identity = keep(store, "Which dose in Mörphea?")
    keep(store, "vitiligo?")
    assert [line.split()[0] for line in posology("list", "--search", "MORPHEA dose").out.splitlines()] == [identity]
    assert posology("list", "--search", "%").out == ""


def test_the_list_as_json_has_every_field(store: ConversationStore, posology: Posology) -> None:
    identity = keep(store, "first?", library="/srv/library")
    (kept,) = store.conversations()
    assert json.loads(posology("list", "--json").out) == [
        {
            "id": identity,
            "title": "first?",
            "started": kept.started.isoformat(),
            "updated": kept.updated.isoformat(),
            "library": "/srv/library",
            "exchanges": 1,
        }
    ]


def test_show_prints_questions_answers_and_references(store: ConversationStore, posology: Posology) -> None:
    ran = posology("show", keep(store, "first?", "second?"))
    assert (ran.code, ran.err) == (0, "")
    assert "1. first?" in ran.out and "2. second?" in ran.out
    assert "[2] Zorlitinib in morphea (2031) — Results, ref 4" in ran.out


# --- ids ---


def test_as_much_of_an_id_as_tells_it_apart_is_enough(
    store: ConversationStore, posology: Posology, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["aaa1", "aaa2", "bbb1"])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(ids))
    for question in ("one?", "two?", "three?"):
        keep(store, question)
    assert "three?" in posology("show", "B").out
    assert "two?" in posology("show", "aaa2").out
    assert_one_sentence(posology("show", "aa"), 4, "2 conversations", "aaa1, aaa2", "write more of the id")
    assert_one_sentence(posology("show", "c"), 4, "'c'", "conversations list")
    assert_one_sentence(posology("show", ""), 4, "conversations list")
    assert_one_sentence(posology("delete", "%"), 4, "conversations list")


# --- rename, delete, restore, purge ---


def test_a_conversation_gets_another_title_and_back(store: ConversationStore, posology: Posology) -> None:
    identity = keep(store, "first?")
    assert posology("rename", identity, "Morphea", "clinic").out == f"renamed    {identity}  Morphea clinic\n"
    assert [kept.title for kept in store.conversations()] == ["Morphea clinic"]
    assert posology("rename", identity, "").out.endswith("  first?\n")


def test_what_was_deleted_can_be_restored_until_it_is_purged(
    store: ConversationStore, path: Path, posology: Posology
) -> None:
    identity = keep(store, "secret-question?")
    ran = posology("delete", identity[:6])
    assert ran.out == f"deleted    {identity}  secret-question?\n" and f"restore {identity}" in ran.err
    assert posology("list").out == "" and identity in posology("list", "--deleted").out
    assert_one_sentence(posology("show", identity), 4)
    assert posology("restore", identity[:6]).code == 0
    assert identity in posology("list").out
    assert_one_sentence(posology("restore", identity), 4, "list --deleted")
    posology("delete", identity)
    assert posology("purge") == Ran(0, "purged     1 conversation\n", "")
    assert_one_sentence(posology("restore", identity), 4)
    assert all(b"secret-question" not in file.read_bytes() for file in path.parent.iterdir())


# --- export ---


def test_the_command_knows_the_formats_there_are() -> None:
    assert get_args(FormatName) == tuple(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_goes_to_standard_output_or_to_a_file_of_its_owners(
    name: str, store: ConversationStore, tmp_path: Path, posology: Posology
) -> None:
    identity = keep(store, "first?", "second?")
    out = tmp_path / "export"
    printed = posology("export", identity, "--format", name)
    written = posology("export", identity, "--format", name, "--out", out)
    assert printed.code == written.code == 0
    assert written.out == "" and str(out) in written.err
    assert out.read_text(encoding="utf-8") == printed.out
    assert "Zorlitinib in morphea" in printed.out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_form_follows_the_files_name_and_else_is_markdown(
    store: ConversationStore, tmp_path: Path, posology: Posology
) -> None:
    identity = keep(store, "first?")
    for name, form in FORMATS.items():
        out = tmp_path / f"named{form.suffix.upper()}"
        posology("export", identity, "--out", out)
        assert out.read_text() == posology("export", identity, "--format", name).out
    assert posology("export", identity).out == posology("export", identity, "--format", "markdown").out
    posology("export", identity, "--format", "json", "--out", tmp_path / "other.md")
    assert json.loads((tmp_path / "other.md").read_text())["title"] == "first?"


def test_a_file_that_is_there_is_replaced_only_by_force(
    store: ConversationStore, tmp_path: Path, posology: Posology
) -> None:
    identity = keep(store, "first?")
    out = tmp_path / "notes.md"
    out.write_text("my own notes")
    assert_one_sentence(posology("export", identity, "--out", out), 2, "--force", str(out))
    assert out.read_text() == "my own notes"
    assert posology("export", identity, "--out", out, "--force").code == 0
    assert out.read_text().startswith("# first?")
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["notes.md"]


def test_a_place_that_cannot_be_written_is_named(store: ConversationStore, tmp_path: Path, posology: Posology) -> None:
    identity = keep(store, "first?")
    (tmp_path / "folder").mkdir()
    assert_one_sentence(posology("export", identity, "--out", tmp_path / "none" / "x.md"), 5, "name another file")
    assert_one_sentence(posology("export", identity, "--out", tmp_path / "folder", "--force"), 5, "name another file")
    assert list((tmp_path / "folder").iterdir()) == [] and not (tmp_path / ".folder.part").exists()


def test_references_take_authors_and_dois_from_the_conversations_library(
    store: ConversationStore, tmp_path: Path, posology: Posology
) -> None:
    document = make_document(DOCUMENT, "zorlitinib-trial")
    for folder in ("library", "other"):
        (tmp_path / folder).mkdir()
        with closing(Catalogue.open(tmp_path / folder / CATALOGUE, write=True)) as catalogue:
            catalogue.insert(document, (), "added")
    answer = make_answer(QUOTE, make_citation(document_id=document.id, title=document.source.title))
    identity = keep(store, "first?", library=str(tmp_path / "library"), answer=answer)
    ran = posology("export", identity, "--format", "ris")
    assert ran.err == "" and "AU  - Quill, Ada\n" in ran.out and "DO  - 10.1000/xyz\n" in ran.out
    (tmp_path / "library" / CATALOGUE).unlink()
    ran = posology("export", identity, "--format", "bibtex")
    assert ran.code == 0 and "author" not in ran.out and "--library" in ran.err
    ran = posology("export", identity, "--format", "bibtex", "--library", tmp_path / "other")
    assert ran.err == "" and "author = {Quill, Ada}" in ran.out


# --- the group ---


def test_a_store_that_cannot_be_read_is_one_sentence(path: Path, posology: Posology) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all " * 100)
    assert_one_sentence(posology("list"), 7, str(path))


def test_an_unknown_format_is_an_error_of_usage(store: ConversationStore, posology: Posology) -> None:
    assert posology("export", keep(store, "first?"), "--format", "pdf").code == 2


def test_the_group_is_listed_and_loaded_only_when_it_is_named() -> None:
    code = (
        "import sys; from assistant import cli; from typer.main import get_command; command = get_command(cli.app);"
        "assert {'conversations', 'eval'} <= set(command.list_commands(None));"
        "assert not any('conversations' in name for name in sys.modules);"
        "assert command.get_command(None, 'conversations').name == 'conversations';"
        "assert not {'sqlite3', 'pydantic', 'numpy'} & set(sys.modules);"  # its help needs none of them
        "assert command.get_command(None, 'nothing') is None"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_taking_conversations_up_needs_no_model(store: ConversationStore) -> None:
    identity = keep(store, "first?")
    code = (
        "import sys; from assistant.front_door import main\n"
        f"sys.argv = ['posology', 'conversations', 'show', '{identity}']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "assert not {'torch', 'onnxruntime', 'tokenizers', 'sentence_transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
