"""What is kept of a conversation, how it is taken up again, and how it leaves the program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from assistant.keeping.store import ConversationStore
from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.prompt import Prompt
from tests.assistant.tui.conftest import Reader

Chat = Callable[..., None]
DOSE = "oral tofacitinib dose in alopecia areata?"


def test_a_conversation_is_taken_up_again_where_it_ended(chat: Chat, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "conversations.sqlite"

    async def first(reader: Reader) -> None:
        await reader.enter(DOSE)

    async def second(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        assert prompt.asked == [DOSE]
        await reader.press("f6", "enter")
        assert [exchange.question for exchange in reader.exchanges] == [DOSE]
        assert "5 mg twice daily" in reader.last
        await reader.enter("and topical?")
        answer = reader.exchanges[-1].answer
        assert answer is not None and answer.interpretation.drugs == ("tofacitinib",)

    chat(first, store=ConversationStore(path))
    chat(second, store=ConversationStore(path))
    store = ConversationStore(path)
    (kept,) = store.conversations()
    assert [e.question for e in store.exchanges(kept.id)] == [DOSE, "and topical?"]
    store.close()


def test_a_conversation_named_at_the_start_is_opened(chat: Chat, tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"

    async def first(reader: Reader) -> None:
        await reader.enter(DOSE)

    async def again(reader: Reader) -> None:
        assert [exchange.question for exchange in reader.exchanges] == [DOSE]

    chat(first, store=ConversationStore(path))
    store = ConversationStore(path)
    identity = store.conversations()[0].id
    chat(again, store=store, resume=identity)


def test_each_answer_is_on_disk_before_it_is_on_screen(chat: Chat, tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"

    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        other = ConversationStore(path)  # as another process would see it if this one were killed now
        (kept,) = other.conversations()
        assert other.exchanges(kept.id)[0].answer == reader.exchanges[-1].answer
        other.close()

    chat(session, store=ConversationStore(path))


def test_conversations_are_searched_renamed_deleted_and_taken_back(chat: Chat, tmp_path: Path) -> None:
    async def session(reader: Reader) -> None:
        store = reader.app.store
        await reader.enter(DOSE)
        await reader.press("ctrl+n")
        assert not reader.exchanges and reader.app.chat.query_one("#welcome").display
        await reader.enter("MACE rate upadacitinib")
        await reader.press("f6")
        screen = reader.app.screen
        assert isinstance(screen, ConversationsScreen)
        await reader.press(*"alopecia")
        assert [kept.title for kept in store.conversations("alopecia")] == [DOSE]
        assert screen.marked == store.conversations("alopecia")[0].id
        await reader.press("ctrl+e", "ctrl+u", *"hair", "enter")
        assert [kept.title for kept in store.conversations("alopecia")] == ["hair"]
        await reader.press("ctrl+d")
        assert not store.conversations("alopecia")
        await reader.press("ctrl+z")
        assert [kept.title for kept in store.conversations("alopecia")] == ["hair"]
        await reader.press("ctrl+z")
        assert any("Nothing was deleted" in notice for notice in reader.notices)
        await reader.press("ctrl+d", "escape", "f6", "ctrl+z")
        assert len(store.conversations()) == 2

    chat(session, store=ConversationStore(tmp_path / "conversations.sqlite"))


def test_a_private_conversation_leaves_no_file_and_says_so(chat: Chat, quiet_settings: Path) -> None:
    before = set(quiet_settings.rglob("*"))

    async def session(reader: Reader) -> None:
        assert "PRIVATE: nothing is kept" in reader.text("#header")
        await reader.enter(DOSE)
        assert "5 mg twice daily" in reader.last

    chat(session, private=True)
    assert set(quiet_settings.rglob("*")) == before


def test_a_conversation_is_exported_by_its_files_ending(chat: Chat, quiet_settings: Path) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        for ending in ("md", "json", "txt", "bib", "ris"):
            await reader.enter(f"/export out.{ending}")
        await reader.enter("/export out.doc")
        await reader.enter("/export out.md")

    chat(session)
    assert "[^1]" in (quiet_settings / "out.md").read_text()
    assert json.loads((quiet_settings / "out.json").read_text())
    assert DOSE in (quiet_settings / "out.txt").read_text()
    assert "Off-Label Uses of JAK Inhibitors" in (quiet_settings / "out.bib").read_text()
    assert (quiet_settings / "out.ris").read_text().startswith("TY  - ")
    assert not (quiet_settings / "out.doc").exists()


def test_export_proposes_a_free_name_and_never_writes_over_a_file(chat: Chat, quiet_settings: Path) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        for _ in range(2):
            await reader.press("f8", "enter", "enter")
        await reader.enter("/export oral-tofacitinib-dose-in-alopecia-areata.md")
        assert any("exists already" in notice for notice in reader.notices)

    chat(session)
    written = sorted(path.name for path in quiet_settings.glob("*.md"))
    assert written == ["oral-tofacitinib-dose-in-alopecia-areata-2.md", "oral-tofacitinib-dose-in-alopecia-areata.md"]


def test_the_answer_is_copied_with_its_references(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.press("f9")
        copied = reader.app.clipboard
        assert "5 mg twice daily" in copied and "Off-Label Uses of JAK Inhibitors" in copied
        assert any("Sent to the clipboard" in notice for notice in reader.notices)

    chat(session)


def test_a_conversation_is_renamed_by_a_command(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.enter("/rename Hair loss")
        assert reader.app.chat.asker.current.title == "Hair loss"

    chat(session)


def test_going_on_after_the_conversation_was_deleted_elsewhere_loses_nothing(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        store = reader.app.store
        await reader.enter(DOSE)
        store.delete(store.conversations()[0].id)
        await reader.enter("and topical?")
        assert "topical" in reader.last.lower() and "✗" not in reader.last
        (kept,) = store.conversations()
        assert [e.question for e in store.exchanges(kept.id)] == ["and topical?"]

    chat(session)
