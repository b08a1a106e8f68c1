"""Where questions are written: Enter asks, history and suggestions by the arrow keys, commands after a slash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

PLACEHOLDER = "Ask a question"
Completions = Callable[[str], Sequence[str]]


class Prompt(TextArea):
    """A text of one or more lines. What was asked before comes back with the up key, what is suggested with down."""

    HELP = (
        "Write a question and press Enter. ctrl+j makes a new line; up brings back earlier questions, ctrl+r searches "
        "them; down takes a suggested question; Tab completes a command after a slash; Esc cancels the running "
        "question and gives it back, or leaves the prompt."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter", "new_line", "New line", id="prompt.new_line", show=False),
    ]

    class Asked(Message):
        """A question or a command was entered."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, completions: Completions, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=PLACEHOLDER, id=id, soft_wrap=True, compact=True, highlight_cursor_line=False)
        self.asked: list[str] = []
        self.suggested: tuple[str, ...] = ()
        self._completions = completions
        self._at = 0  # 0 is what is being written; below it lies the history, above it the suggestions
        self._draft = ""

    def write(self, text: str) -> None:
        """Put a text into the prompt, the cursor behind it."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def remember(self, question: str) -> None:
        """Add a question to the history."""
        if not self.asked or self.asked[-1] != question:
            self.asked.append(question)

    async def _on_key(self, event: Key) -> None:
        takes = {"enter": self._enter, "up": self._up, "down": self._down, "tab": self._complete}.get(event.key)
        if takes is not None and takes():
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def action_new_line(self) -> None:
        """Make a new line."""
        self.insert("\n")

    def _enter(self) -> bool:
        text = self.text.strip()
        if text:
            self._at = 0
            self.clear()
            self.post_message(self.Asked(text))
        return True

    def _up(self) -> bool:
        return self.cursor_at_first_line and self._turn(-1)

    def _down(self) -> bool:
        return self.cursor_at_last_line and self._turn(+1)

    def _turn(self, step: int) -> bool:
        """Go one further into the history or the suggestions, as far as there is more."""
        to = self._at + step
        if not -len(self.asked) <= to <= len(self.suggested) or (to > 0 and self._at == 0 and self.text):
            return False
        if self._at == 0:
            self._draft = self.text
        self._at = to
        self.write(self._draft if to == 0 else self.asked[to] if to < 0 else self.suggested[to - 1])
        return True

    def _complete(self) -> bool:
        """Complete a command as far as its completions agree; Tab moves on where there is none to complete."""
        if not self.text.startswith("/"):
            return False
        found = self._completions(self.text)
        if found:
            first, last = min(found), max(found)
            same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(map(len, found)))
            self.write(found[0] if len(found) == 1 else first[:same])
        return True
