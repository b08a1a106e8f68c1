"""Opening the chat: where there is no terminal, what to go on with, and which settings it takes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.contract import Answer
from assistant.keeping.errors import UnknownConversationError
from assistant.keeping.store import ConversationStore, PrivateStore, default_path
from assistant.tui import opening
from assistant.tui.app import PosologyApp
from assistant.tui.opening import ChatError, open_chat


@pytest.fixture
def opened(quiet_settings: Path, monkeypatch: pytest.MonkeyPatch) -> list[PosologyApp]:
    """The chats that were opened, on what looks like a terminal."""
    found: list[PosologyApp] = []
    monkeypatch.delenv("POSOLOGY_CACHE", raising=False)
    monkeypatch.setenv("TEXTUAL_DRIVER", "served")
    monkeypatch.setattr(PosologyApp, "run", lambda self: found.append(self))
    return found


def test_without_a_terminal_the_command_line_is_named(quiet_settings: Path) -> None:
    with pytest.raises(ChatError, match="posology ask"):
        open_chat(None)


def test_the_last_conversation_or_a_named_one_is_gone_on_with(opened: list[PosologyApp]) -> None:
    with pytest.raises(ChatError, match="No conversation is kept yet"):
        open_chat(None, last=True)
    store = ConversationStore(default_path())
    identity = store.begin("library")
    store.append(identity, "Dose?", Answer(question="Dose?", status="abstained", answer=""))
    open_chat(None, last=True)
    open_chat(None, resume=identity)
    assert [app.resume for app in opened] == [identity, identity]
    with pytest.raises(UnknownConversationError):
        open_chat(None, resume="nobody")
    assert datetime.now(UTC) >= store.conversations()[0].updated


def test_the_store_is_opened_when_it_is_needed_and_a_private_one_is_no_file(
    opened: list[PosologyApp], quiet_settings: Path
) -> None:
    open_chat(None)
    open_chat(None, private=True)
    assert not list(quiet_settings.rglob("*.sqlite"))
    kept, private = (app.store for app in opened)
    assert isinstance(kept, ConversationStore) and isinstance(private, PrivateStore)
    assert len(list(quiet_settings.rglob("*.sqlite"))) == 1


def test_the_settings_files_theme_and_keys_are_taken(opened: list[PosologyApp], quiet_settings: Path) -> None:
    file = quiet_settings / "config" / "posology" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text('theme = "posology-light"\n[keys]\nhelp = "f12"\n')
    open_chat(None)
    assert (opened[0].theme, opened[0].keys) == ("posology-light", {"help": "f12"})
    assert opening.is_configured()
