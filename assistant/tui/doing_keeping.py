"""What is done with conversations from inside the chat: reopening, renaming, exporting, copying."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.current import Current
from assistant.tui.dialogs import AskText, Choose
from assistant.tui.paths import completions, expanded, free_path
from corpus.errors import PosologyError

if TYPE_CHECKING:
    from assistant.tui.chat_screen import ChatScreen


async def choose_conversation(screen: ChatScreen) -> None:
    """Show what was kept, and go on with the one that is chosen."""
    app = screen.posology
    identity = await app.push_screen_wait(ConversationsScreen(app.store, app.deleted, app.private))
    if identity is not None:
        await app.reopen(identity)
    elif screen.asker.current.identity in app.deleted:
        await screen.asker.begin()


def reopened(screen: ChatScreen, identity: str) -> Current:
    """Return a kept conversation.

    Raises:
        UnknownConversationError: there is none of that id.
    """
    holding = screen.asker.holding
    return Current.reopened(screen.posology.store, str(holding.path) if holding else "", identity)


def rename(screen: ChatScreen, title: str) -> None:
    """Give the open conversation a title."""
    current = screen.asker.current
    if current.identity is not None:
        screen.posology.store.rename(current.identity, title)
        screen.say(f"Renamed to {title!r}.")


async def ask_and_rename(screen: ChatScreen) -> None:
    """Ask for a title, then rename."""
    if title := await screen.app.push_screen_wait(AskText("Title of the conversation", screen.asker.current.title)):
        rename(screen, title)


async def ask_and_export(screen: ChatScreen) -> None:
    """Ask for a format and a file, then write it."""
    from assistant.export.formats import FORMATS

    listed = [(name, Content(f"{form.label} ({form.suffix})")) for name, form in FORMATS.items()]
    choice = Choose("Export the conversation as", lambda text: [line for line in listed if text in line[0]])
    if (name := await screen.app.push_screen_wait(choice)) is None:
        return
    proposed = free_path(Path.cwd(), screen.asker.current.title, FORMATS[name].suffix)
    if typed := await screen.app.push_screen_wait(AskText("Write it to", str(proposed), completions)):
        await export_to(screen, typed, name)


async def export_to(screen: ChatScreen, typed: str, name: str | None = None) -> None:
    """Write the open conversation to a file; its ending tells the format where none is given."""
    from assistant.export.files import FileExistsAlreadyError, write_file
    from assistant.export.formats import FORMATS
    from assistant.export.references import sources_of

    path = expanded(typed)
    known = {form.suffix: name for name, form in FORMATS.items()}
    name = name or known.get(path.suffix.lower())
    if name is None:
        screen.say(f"The ending of the file tells the format: use one of {', '.join(known)}.", "error")
    else:
        current = screen.asker.current
        held = sources_of(screen.asker.holding.documents) if screen.asker.holding else {}
        text = FORMATS[name].write(current.exchanges, current.title, held)
        try:
            await asyncio.to_thread(write_file, path, text)
        except FileExistsAlreadyError:
            screen.say(f"{path} exists already; name another file.", "error")
        except PosologyError as error:
            screen.say(str(error), "error")
        else:
            screen.say(f"Written to {path}.")


def copy(screen: ChatScreen) -> None:
    """Send the chosen answer with its references to the clipboard of the terminal."""
    from assistant.export.transcript import with_references

    answer = screen.panes.answer
    if answer is not None:
        screen.app.copy_to_clipboard(with_references(answer))
        screen.say("Sent to the clipboard; if your terminal doesn't take it, F8 writes it to a file.")
