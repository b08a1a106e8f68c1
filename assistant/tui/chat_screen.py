"""The chat on screen: the conversation, the prompt, and the panes that show where each sentence comes from."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import Worker, WorkerState

from assistant.tui import doing_library
from assistant.tui.actions import BY_SLASH, NEEDS_ANSWER, bindings, slash_completions
from assistant.tui.asking import Asker
from assistant.tui.doing import DOING, WITH_ARGUMENT
from assistant.tui.panes import Panes
from assistant.tui.paths import completions
from assistant.tui.prompt import Prompt
from assistant.tui.side import Side
from assistant.tui.transcript import ExchangeView, Transcript

if TYPE_CHECKING:
    from assistant.tui.app import PosologyApp

TOO_SMALL = 'This window is smaller than 60×16. Make it larger, or ask in the shell: posology ask "QUESTION"'
_TAKES_PATH = ("/add ", "/export ")


class ChatScreen(Screen[None]):
    """Everything that is seen at first; what is done on it lives in `asking`, `panes` and the rooms named doing_…."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings())
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual's
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (16, "-tall")]  # noqa: RUF012 - Textual's

    def __init__(self) -> None:
        super().__init__()
        self.asker: Asker = Asker(self)
        self.panes: Panes = Panes(self)

    def compose(self) -> ComposeResult:
        """Make the layout."""
        yield Static("Posology", id="header", markup=False)
        with Horizontal(id="workspace"):
            with Vertical(id="chat"):
                yield Transcript(id="transcript")
                yield Static("", id="completions", markup=False)
                yield Static("", id="status", markup=False)
                yield Prompt(self.completions, id="prompt")
            yield Side(id="side")
        yield Static(TOO_SMALL, id="too-small", markup=False)
        yield Footer(show_command_palette=True)

    def on_mount(self) -> None:
        """Begin to load the library once the first frame is out."""
        self.query_one(Prompt).focus()
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.run_worker(doing_library.start(self), name="start", exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong in the background: this is the front door, behind it nothing is caught."""
        if event.state is WorkerState.ERROR:
            self.say(self.posology.explain(event.worker.error), "error")

    @property
    def posology(self) -> PosologyApp:
        """Return the program."""
        return cast("PosologyApp", self.app)

    def say(self, text: str, severity: str = "information") -> None:
        """Tell the reader something that needs no answer."""
        self.notify(text, severity="error" if severity == "error" else "information", markup=False)

    def set_status(self, text: str) -> None:
        """Show what is going on in the background above the prompt; "" for nothing."""
        status = self.query_one("#status", Static)
        status.update(text)
        status.display = bool(text)

    def suggest(self, questions: tuple[str, ...]) -> None:
        """Show questions that may be asked next."""
        self.query_one(Prompt).suggested = questions
        self.query_one(Transcript).suggest(questions)

    # What is typed

    def completions(self, text: str) -> tuple[str, ...]:
        """Return what a slash command that was begun may become, with the paths that it may be about."""
        for command in _TAKES_PATH:
            if text.startswith(command):
                return tuple(command + path for path in completions(text.removeprefix(command)))
        return slash_completions(text)

    def on_prompt_asked(self, event: Prompt.Asked) -> None:
        """Ask a question, or run a command."""
        event.stop()
        if event.text.startswith("/"):
            self._command(event.text)
        else:
            self.asker.ask(event.text)

    def on_text_area_changed(self) -> None:
        """Show the commands that fit what is typed."""
        text = self.query_one(Prompt).text
        found = slash_completions(text) if text.startswith("/") and " " not in text else ()
        lines = [f"{name.strip():16}{BY_SLASH[name.strip('/ ')].help}" for name in found]
        shown = self.query_one("#completions", Static)
        shown.update("\n".join(lines))
        shown.display = bool(lines)

    def _command(self, text: str) -> None:
        name, _, rest = text.removeprefix("/").partition(" ")
        action = BY_SLASH.get(name.casefold())
        if action is None:
            self.say(f"There is no command /{name}; /help lists them all.", "error")
        elif not self.can_do(action.name):
            self.say(f"/{name} can't be done now: there is no answer yet, or nothing to stop.", "error")
        elif action.name in WITH_ARGUMENT and rest.strip():
            self._see_to(WITH_ARGUMENT[action.name](self, rest.strip()))
        else:
            self.action_do(action.name)

    # What happens on screen

    def can_do(self, name: str) -> bool:
        """Return whether an action can be done now; the footer and the palette offer only that."""
        if name == "stop":
            return self.posology.job is not None
        return name not in NEEDS_ANSWER or self.panes.answer is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a binding applies now; in a window that is too small only leaving does."""
        if (self.has_class("-tiny") or self.has_class("-short")) and parameters[:1] != ("quit",):
            return False
        return self.can_do(str(parameters[0])) if action == "do" else True

    def on_exchange_view_chosen(self, event: ExchangeView.Chosen) -> None:
        """Show the answer that was clicked in the panes."""
        self.panes.choose(event.exchange)

    def on_side_citation_chosen(self, event: Side.CitationChosen) -> None:
        """Show a citation's source; go there if it was entered."""
        self.panes.open_place(event.place, go=event.opened)

    def on_side_fact_chosen(self, event: Side.FactChosen) -> None:
        """Open what says a dose."""
        self.panes.cite(event.citation)

    def action_cite(self, number: int) -> None:
        """Open a citation by its number."""
        self.panes.cite(number)

    def action_suggested(self, number: int) -> None:
        """Ask one of the suggested questions."""
        suggested = self.query_one(Prompt).suggested
        if number < len(suggested):
            self.asker.ask(suggested[number])

    def action_do(self, name: str) -> None:
        """Do what a key, the palette or a slash command named; while a dialog is coming up, nothing else."""
        if not self._is_asking_something:
            self._see_to(DOING[name](self))

    @property
    def _is_asking_something(self) -> bool:
        return any(worker.group == "doing" and not worker.is_finished for worker in self.workers)

    def on_key(self, event: Key) -> None:
        """Let a letter that means nothing else begin a question."""
        prompt, too_small = self.query_one(Prompt), self.has_class("-tiny") or self.has_class("-short")
        means_nothing = event.is_printable and event.key not in self.active_bindings
        if means_nothing and event.character and self.focused is not prompt and not too_small:
            event.stop()
            self.panes.back()
            prompt.focus()
            prompt.insert(event.character)

    def _see_to(self, result: Awaitable[None] | None) -> None:
        """Let what takes its time run beside the screen."""
        if result is not None:
            self.run_worker(result, group="doing", exit_on_error=False)
