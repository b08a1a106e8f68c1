"""Small screens over the chat that ask one thing: a line of text, a yes or no, or one of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

Candidates = Callable[[str], Sequence[tuple[str, Content]]]


class _Completing(Suggester):
    """Offers the first completion of what is typed."""

    def __init__(self, completions: Callable[[str], Sequence[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._completions = completions

    async def get_suggestion(self, value: str) -> str | None:
        found = self._completions(value)
        return found[0] if found else None


class AskText(ModalScreen[str | None]):
    """Asks for a line of text; None if it is left with Esc. `completions` complete what is typed with the right key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Close")]

    def __init__(
        self, title: str, value: str = "", completions: Callable[[str], Sequence[str]] | None = None, hint: str = ""
    ) -> None:
        super().__init__()
        self._title, self._value, self._hint = title, value, hint
        self._completions = completions

    def compose(self) -> ComposeResult:
        """Make the question and the line."""
        suggester = _Completing(self._completions) if self._completions else None
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Input(self._value, suggester=suggester, id="text")
            yield Static(self._hint or "Enter takes it, Esc leaves it.", classes="dialog-hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed."""
        self.dismiss(event.value.strip() or None)


class Confirm(ModalScreen[bool]):
    """Asks for a yes or a no; anything but y is a no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes"),
        Binding("n,escape", "dismiss(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Make the question."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="dialog-title", markup=False)
            yield Static("y does it, n or Esc doesn't.", classes="dialog-hint", markup=False)


class Notice(ModalScreen[None]):
    """Shows a longer text, which Esc, Enter or q closes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,f1", "dismiss(None)", "Close")]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title, self._body = title, body

    def compose(self) -> ComposeResult:
        """Make the text."""
        with Vertical(classes="dialog tall"):
            yield Static(self._title, classes="dialog-title", markup=False)
            with VerticalScroll(id="notice"):
                yield Static(self._body, markup=False)
            yield Static("Esc closes this.", classes="dialog-hint", markup=False)


class Choose(ModalScreen[str | None]):
    """Asks for one of a list that is searched while typing; gives the value of the chosen line, None for none.

    `candidates` returns the lines for a search text, each with the value that it stands for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, title: str, candidates: Candidates, hint: str = "", nothing: str = "Nothing found.") -> None:
        super().__init__()
        self._title, self._hint, self._nothing = title, hint, nothing
        self._candidates = candidates
        self._values: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the search line and the list."""
        with Vertical(classes="dialog tall"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Input(placeholder="Search", id="search")
            yield OptionList(id="found", markup=False)
            yield Static(self._hint or "Enter takes the marked line, Esc none.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Show the whole list at first."""
        self.search("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search."""
        self.search(event.value)

    def on_input_submitted(self) -> None:
        """Take the marked line."""
        self.dismiss(self.marked)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line that was clicked."""
        self.dismiss(self._values[event.option_index])

    @property
    def marked(self) -> str | None:
        """Return the value of the marked line; None if there is none."""
        at = self.query_one("#found", OptionList).highlighted
        return self._values[at] if at is not None and at < len(self._values) else None

    def search(self, text: str) -> None:
        """Show the lines for a search text."""
        if not self.query("#found"):
            return  # it is being closed
        found = self._candidates(text)
        self._values = [value for value, _ in found]
        lines = self.query_one("#found", OptionList)
        lines.clear_options()
        lines.add_options([Option(line) for _, line in found] or [Option(self._nothing, disabled=True)])
        lines.highlighted = 0 if found else None

    def action_move(self, step: int) -> None:
        """Mark the next line or the one before."""
        lines = self.query_one("#found", OptionList)
        (lines.action_cursor_down if step > 0 else lines.action_cursor_up)()
