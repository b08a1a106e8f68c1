"""Everything that can be done in the chat: its key, its slash command, its line in the palette and the help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding

from corpus.errors import PosologyError


class KeymapError(PosologyError):
    """The settings file binds a key to something that can't be done."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do. `keys` are Textual's names; `slash` is the command after "/", `takes` what may follow it."""

    name: str
    title: str
    help: str
    keys: str = ""
    slash: str = ""
    takes: str = ""
    footer: bool = False


ACTIONS = (
    Action("help", "Help", "What the keys do, for the pane in use", "f1", "help", footer=True),
    Action("citations", "Citations", "The citations of the answer", "f2", "citations", footer=True),
    Action("facts", "Facts", "The structured doses and event rates behind the answer", "f3", "facts", footer=True),
    Action("source", "Source", "The document of the citation, with the quote marked", "f4", "source", footer=True),
    Action("library", "Library", "The documents: choose, add, remove, rebuild, verify", "f5", "library", footer=True),
    Action("sources", "Filter sources", "Choose the documents that answers may use", "", "sources", "[year=2019- …]"),
    Action("conversations", "Conversations", "Open, search, rename or delete what was kept", "f6", "conversations"),
    Action("why", "Why", "What was retrieved for the answer, with scores", "f7", "why"),
    Action("export", "Export", "Write the conversation to a file", "f8", "export", "FILE"),
    Action("copy", "Copy answer", "Send the answer with its references to the clipboard", "f9", "copy"),
    Action("report", "Last report", "What the last work on the library did, file by file", "", "report"),
    Action("new", "New conversation", "Begin anew; what was asked stays kept", "ctrl+n", "clear"),
    Action("add", "Add documents", "Add files or folders to the library", "ctrl+o", "add", "PATH"),
    Action("stop", "Stop the work", "Stop adding or rebuilding; nothing is lost", "ctrl+t", "stop", footer=True),
    Action("rename", "Rename conversation", "Give this conversation a title", "", "rename", "TITLE"),
    Action("search_history", "Search history", "Find an earlier question", "ctrl+r", "history"),
    Action("screenshot", "Screenshot", "Save the screen as an SVG file", "", "screenshot"),
    Action("prompt", "Prompt", "Go to the prompt; so does any letter but n", ""),
    Action("command", "Command", "Go to the prompt and begin a command", "slash"),
    Action("cancel", "Cancel", "Cancel the running question, close a pane, or leave the prompt", "escape"),
    Action("next_citation", "Next citation", "Open the next citation", "n"),
    Action("previous_citation", "Previous citation", "Open the citation before", "N"),
    Action("previous_answer", "Previous answer", "Choose the answer before", "left_square_bracket"),
    Action("next_answer", "Next answer", "Choose the next answer", "right_square_bracket"),
    Action("quit", "Quit", "Leave the chat", "ctrl+q", "quit", footer=True),
)
BY_SLASH: Mapping[str, Action] = {action.slash: action for action in ACTIONS if action.slash}
_FUNCTION_KEY = re.compile(r"f\d")
NEEDS_ANSWER = frozenset(
    {"citations", "facts", "source", "why", "export", "copy", "rename", "next_citation", "previous_citation"}
    | {"previous_answer", "next_answer"}
)
"""What can only be done once there is an answer."""


def bindings() -> Iterator[Binding]:
    """Yield the key bindings, each with an id by which the settings file can give it another key."""
    for action in ACTIONS:
        does = f"do('{action.name}')"
        if action.keys:
            first = bool(_FUNCTION_KEY.match(action.keys))  # the prompt has its own use for some of them
            keys, name, shown = action.keys, action.name, action.footer
            yield Binding(keys, does, action.title, id=name, show=shown, tooltip=action.help, priority=first)
    for number in range(1, 10):
        yield Binding(str(number), f"cite({number})", f"Citation {number}", id=f"cite_{number}", show=False)


def checked_keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of the settings file.

    Raises:
        KeymapError: one of them is for something that can't be done.
    """
    known = {str(binding.id) for binding in bindings()}
    for name in keys:
        if name not in known:
            raise KeymapError(
                f"There is nothing called {name!r} to bind a key to; name one of {', '.join(sorted(known))}."
            )
    return dict(keys)


def slash_completions(text: str) -> tuple[str, ...]:
    """Return what the beginning of a slash command may become, commands that take something with a space."""
    word = text.removeprefix("/").casefold()
    return tuple(f"/{a.slash}{' ' if a.takes else ''}" for a in BY_SLASH.values() if a.slash.startswith(word))
