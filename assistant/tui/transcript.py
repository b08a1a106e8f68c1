"""The conversation so far: questions with their answers, one of which is the one that the panes beside it are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

if TYPE_CHECKING:
    from assistant.contract import Answer

WELCOME = "Ask about the documents of the library. Every sentence of an answer can be checked: [1] opens its source."
WORKING = "… looking it up (Esc gives the question back)"


class ExchangeView(Static):
    """A question and what became of it: being looked up, answered, or failed. Light: one block of text."""

    class Chosen(Message):
        """This exchange was clicked."""

        def __init__(self, exchange: ExchangeView) -> None:
            super().__init__()
            self.exchange = exchange

    def __init__(self, question: str, answer: Answer | None = None) -> None:
        super().__init__(markup=False)
        self.question = question
        self.answer = answer
        self._failure = ""

    def on_mount(self) -> None:
        """Draw what there is."""
        self._draw()

    def answered(self, answer: Answer) -> None:
        """Show the answer."""
        self.answer = answer
        self._draw()

    def failed(self, why: str) -> None:
        """Show why there is no answer."""
        self._failure = why
        self._draw()

    def on_click(self, event: Click) -> None:
        """Choose this exchange, unless the click is on a link in it."""
        if "@click" not in event.style.meta:
            self.post_message(self.Chosen(self))

    def _draw(self) -> None:
        from assistant.tui import drawn  # after the first frame: it needs the Answer's models

        if self.answer is not None:
            body = drawn.answer(self.answer)
        elif self._failure:
            body = Content.styled(f"✗ {self._failure}", "$error bold")
        else:
            body = Content.styled(WORKING, "$text-muted italic")
        self.update(Content("\n\n").join([drawn.question(self.question), body]))


class Transcript(VerticalScroll, can_focus=True):
    """The exchanges, oldest first, then what may be asked next. A new answer is shown from its question on."""

    HELP = (
        "The conversation. Arrow keys scroll it; [ and ] choose the answer that the panes show; "
        "1 to 9 open a citation, n and N the next and the one before; F9 copies the answer, F8 exports it. Any other "
        "letter begins a question."
    )

    def compose(self) -> ComposeResult:
        """Make the greeting and the place of the suggestions."""
        yield Static(WELCOME, id="welcome", markup=False)
        yield Static("", id="suggestions", markup=False)

    @property
    def exchanges(self) -> tuple[ExchangeView, ...]:
        """Return the exchanges, oldest first."""
        return tuple(self.query(ExchangeView))

    async def add(self, *exchanges: ExchangeView) -> None:
        """Add exchanges at the end and show the last one."""
        self.query_one("#welcome").display = False
        await self.mount_all(exchanges, before="#suggestions")
        if exchanges:
            self.show_exchange(exchanges[-1])

    def show_exchange(self, exchange: ExchangeView) -> None:
        """Bring an exchange into sight from its question on: what answers it stands first."""
        self.call_after_refresh(self.scroll_to_widget, exchange, animate=False, top=True)

    @property
    def follows(self) -> bool:
        """Return whether the reader is at the last exchange, and has not scrolled away from it."""
        exchanges = self.exchanges
        return not exchanges or self.is_vertical_scroll_end or exchanges[-1].region.overlaps(self.region)

    def choose(self, chosen: ExchangeView | None) -> None:
        """Mark the exchange that the panes are about."""
        for exchange in self.exchanges:
            exchange.set_class(exchange is chosen, "-chosen")

    def suggest(self, questions: tuple[str, ...]) -> None:
        """Show questions that may be asked next."""
        from assistant.tui import drawn

        shown = self.query_one("#suggestions", Static)
        shown.update(drawn.suggestions(questions) if questions else "")
        shown.display = bool(questions)

    async def clear(self) -> None:
        """Take all exchanges away."""
        await self.query(ExchangeView).remove()
        self.query_one("#welcome").display = True
