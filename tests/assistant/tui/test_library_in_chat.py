"""The library from inside the chat: made on first use, filtered, added to, removed from, rebuilt, verified."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.keeping.store import PrivateStore
from assistant.tui.app import PosologyApp
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.dialogs import AskText, Choose, Confirm, Notice
from assistant.tui.jobs import Outcome, RunningJob
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.prompt import Prompt
from tests.assistant.tui.conftest import Reader
from tests.conftest import CACHE

Chat = Callable[..., None]
NOTE = """---
title: Note on zorbicitinib
---
# Note on zorbicitinib

Oral zorbicitinib 30 mg once daily cleared granuloma annulare in 4 of 7 patients.
"""


@pytest.fixture
def own_library(bundled_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundled library that may be changed; a job's process finds the same model."""
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))
    copied = tmp_path / "library"
    shutil.copytree(bundled_path, copied)
    return copied


def test_the_header_says_what_is_open(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        header = reader.text("#header")
        assert "library" in header and "4 documents" in header and "passages" in header and "as of 20" in header

    chat(session)


def test_the_first_run_makes_the_bundled_library_while_the_screen_is_there(
    chat: Chat, quiet_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))
    seen: list[str] = []

    async def session(reader: Reader) -> None:
        assert "4 documents" in reader.text("#header")
        await reader.enter("oral tofacitinib dose in alopecia areata?")
        assert "5 mg twice daily" in reader.last

    set_status = ChatScreen.set_status
    monkeypatch.setattr(ChatScreen, "set_status", lambda self, text: (seen.append(text), set_status(self, text))[1])
    chat(session, library=None)
    assert any(text.startswith("Preparing the bundled library") for text in seen)
    assert any(" of " in text and "ctrl+t stops it" in text for text in seen)
    assert (quiet_settings / "data" / "posology" / "library").is_dir()


def test_a_question_asked_before_the_library_is_open_waits_for_it(bundled_path: Path, quiet_settings: Path) -> None:
    async def live() -> None:
        app = PosologyApp(bundled_path, PrivateStore)
        async with app.run_test(size=(140, 40)) as pilot:
            await pilot.pause()
            reader = Reader(app, pilot)
            await reader.enter("oral tofacitinib dose in alopecia areata?")
            assert "5 mg twice daily" in reader.last

    asyncio.run(live())


def test_a_library_that_is_not_there_is_said_with_what_to_do(chat: Chat, tmp_path: Path) -> None:
    async def session(reader: Reader) -> None:
        assert "There is no library" in reader.text("#status")
        await reader.enter("any question")
        assert "✗ There is no library" in reader.last
        await reader.press("f5")
        assert isinstance(reader.app.screen, Confirm)
        await reader.press("n")

    chat(session, library=tmp_path / "none")


def test_answers_use_only_the_documents_that_were_chosen(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f5")
        assert isinstance(reader.app.screen, LibraryScreen)
        ids = [entry.id for entry in reader.app.chat.asker.holding.documents]  # type: ignore[union-attr]
        await reader.press(*("down",) * ids.index("off-label-review"), "space", "escape")
        assert "FILTER: 3 of 4" in reader.text("#header")
        await reader.enter("oral tofacitinib dose in alopecia areata?")
        answer = reader.exchanges[-1].answer
        assert answer is not None
        assert all(citation.document_id != "off-label-review" for citation in answer.citations)
        await reader.enter("topical ruxolitinib strength in psoriasis?")
        assert "∅ NOT IN THE CHOSEN DOCUMENTS" in reader.last
        await reader.press("f5", "u", "escape")
        assert "FILTER" not in reader.text("#header")

    chat(session)


def test_the_last_document_stays_in_use(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f5", "space", "down", "space", "down", "space", "down", "space", "escape")
        assert "FILTER: 1 of 4" in reader.text("#header")
        assert any("has to stay in use" in notice for notice in reader.notices)

    chat(session)


def test_a_document_is_added_asked_about_and_removed(chat: Chat, own_library: Path, tmp_path: Path) -> None:
    note = tmp_path / "my note.md"
    note.write_text(NOTE)

    async def session(reader: Reader) -> None:
        await reader.enter(f"/add {note}")
        assert any("1 added" in notice for notice in reader.notices)
        assert "5 documents" in reader.text("#header")
        await reader.enter("zorbicitinib dose in granuloma annulare?")
        assert "30 mg once daily" in reader.last
        await reader.press("f5")
        ids = [entry.id for entry in reader.app.chat.asker.holding.documents]  # type: ignore[union-attr]
        at = next(n for n, identity in enumerate(ids) if "zorbicitinib" in identity or "note" in identity)
        await reader.press(*("down",) * at, "d")
        assert isinstance(reader.app.screen, Confirm)
        await reader.press("n")
        assert "5 documents" in reader.text("#header")
        await reader.press("f5", *("down",) * at, "d", "y")
        assert "4 documents" in reader.text("#header")
        assert note.exists()
        await reader.press("escape", "1")
        assert any("no document" in notice for notice in reader.notices)

    chat(session, library=own_library)


def test_a_bad_file_is_told_with_its_reason_and_stops_nothing(chat: Chat, own_library: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.md").write_text(NOTE)
    (folder / "bad.md").write_bytes(b"\x00\x01\x02\xff")

    async def session(reader: Reader) -> None:
        await reader.enter(f"/add {folder}")
        assert any("1 added" in notice and "/report" in notice for notice in reader.notices)
        await reader.enter("/report")
        assert isinstance(reader.app.screen, Notice)
        told = str(reader.app.screen.query_one("#notice Static").visual)  # type: ignore[attr-defined]
        assert "1 added" in told and "1 skipped" in told and "bad.md" in told
        await reader.press("escape")
        assert "5 documents" in reader.text("#header")

    chat(session, library=own_library)


def test_adding_can_be_stopped_and_leaves_the_library_whole(
    chat: Chat, own_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number}.md").write_text(NOTE.replace("zorbicitinib", f"zorbi{number}tinib"))

    async def session(reader: Reader) -> None:
        reader.app.chat.query_one(Prompt).write(f"/add {folder}")
        await reader.pilot.press("enter")
        while reader.app.job is None or " of 400" not in reader.text("#status"):
            await reader.pilot.pause(0.01)
        assert "ctrl+t stops it" in reader.text("#status")
        await reader.pilot.press("ctrl+t")
        await reader.settle()
        assert any("Cancelled" in notice for notice in reader.notices)
        assert "4 documents" in reader.text("#header")
        await reader.press("f5", "v")
        assert isinstance(reader.app.screen, Notice)
        assert "agrees with its catalogue" in str(reader.app.screen.query_one("#notice Static").visual)  # type: ignore[attr-defined]

    chat(session, library=own_library)


def test_the_indexes_are_rebuilt_from_inside(chat: Chat, own_library: Path) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f5", "r")
        assert any("Rebuilt from the catalogue" in notice for notice in reader.notices)
        await reader.enter("oral tofacitinib dose in alopecia areata?")
        assert "5 mg twice daily" in reader.last

    chat(session, library=own_library)


def test_a_document_is_opened_from_the_list(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f5", "enter")
        assert reader.text("#source-heading") == "JAK-inhibitors"

    chat(session)


def test_what_a_process_complains_about_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_NONSENSE", "1")

    async def run() -> Outcome:
        job = RunningJob("rebuild", tmp_path / "library")
        async for _ in job.steps():
            pass
        return job.outcome

    outcome = asyncio.run(run())
    assert outcome.failed and "POSOLOGY_NONSENSE" in outcome.lines[0]


def test_a_filter_uses_only_what_is_all_of_it_and_says_what_is_left_out(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("/sources kind=review")
        assert "FILTER: 1 of 4" in reader.text("#header")
        assert any("3 of 4 documents are left out" in notice and "kind news" in notice for notice in reader.notices)
        await reader.enter("/sources year=1850")
        assert any("No document is all that is asked for" in notice for notice in reader.notices)
        assert "FILTER: 1 of 4" in reader.text("#header")
        await reader.press("f5", "f")
        assert isinstance(reader.app.screen, AskText)
        await reader.press(*"year=2025", "enter", "escape")
        assert reader.app.chat.asker.used == ("combination-letter",)

    chat(session)


def test_the_list_asks_for_a_new_id_and_for_a_field_and_its_value(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.press("f5", "n")
        assert isinstance(reader.app.screen, AskText)
        await reader.press("escape", "f5", "e")
        assert isinstance(reader.app.screen, Choose)
        await reader.press("escape")
        assert isinstance(reader.app.screen, ChatScreen)

    chat(session)
