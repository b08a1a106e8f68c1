"""Opening the chat with its settings and the store that keeps what is asked."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.configured import is_configured
from assistant.tui.app import PosologyApp
from assistant.tui.themes import DARK
from corpus.errors import PosologyError

if TYPE_CHECKING:
    from assistant.keeping.kept import Store


class ChatError(PosologyError):
    """The chat cannot be opened here."""

    exit_code = 2


def open_chat(library: Path | None, *, private: bool = False, resume: str | None = None, last: bool = False) -> None:
    """Run the chat until it is left.

    Raises:
        ChatError: there is no terminal, or nothing to go on with.
    """
    served = "TEXTUAL_DRIVER" in os.environ  # by `posology serve`, to a browser
    if not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ChatError('The chat needs a terminal; ask in the shell: posology ask "QUESTION"')
    theme, keys = _looks() if is_configured() else (DARK.name, {})
    if resume is not None or last:
        resume = _to_resume(resume)

    def open_store() -> Store:
        return _store(private)

    PosologyApp(library, open_store, private=private, resume=resume, theme=theme, keys=keys).run()


def _looks() -> tuple[str, dict[str, str]]:
    from assistant.settings import load_settings

    settings = load_settings()
    return settings.theme, settings.keys


def _store(private: bool) -> Store:
    from assistant.keeping.store import ConversationStore, PrivateStore, default_path

    return PrivateStore() if private else ConversationStore(default_path())


def _to_resume(identity: str | None) -> str:
    """Return the id of the conversation to go on with, of the last one if none is named."""
    store = _store(private=False)
    try:
        if identity is None:
            kept = store.conversations()
            if not kept:
                raise ChatError("No conversation is kept yet; run `posology` to begin one.")
            return kept[0].id
        store.exchanges(identity)  # raises for an unknown id
        return identity
    finally:
        store.close()
