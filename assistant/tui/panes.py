"""Which answer the panes beside the conversation show, which citation of it is open, and which pane is in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.widgets import TabbedContent

from assistant.tui.prompt import Prompt
from assistant.tui.side import Side
from assistant.tui.source_view import Shown, SourceView
from assistant.tui.transcript import ExchangeView, Transcript
from corpus.errors import PosologyError
from corpus.text import clean, one_line
from corpus.types import Span

if TYPE_CHECKING:
    from assistant.contract import Answer, Citation, Related
    from assistant.tui.chat_screen import ChatScreen

Pane = Literal["chat", "citations", "facts", "source"]
_FOCUSED: dict[Pane, str] = {"chat": "#prompt", "citations": "#citations", "facts": "#facts", "source": "#document"}


class Panes:
    """The state of the panes. Wide windows show all of them, narrow ones the one in front."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._chosen: ExchangeView | None = None
        self._place: int | None = None
        self.front: Pane = "chat"

    @property
    def answer(self) -> Answer | None:
        """Return the answer that the panes are about."""
        return self._chosen.answer if self._chosen else None

    @property
    def cited(self) -> tuple[Citation | Related, ...]:
        """Return what the list of citations holds, in its order."""
        return (*self.answer.citations, *self.answer.related) if self.answer else ()

    def choose(self, exchange: ExchangeView | None) -> None:
        """Show an exchange's answer, and its first citation in the source."""
        self._chosen = exchange if exchange and exchange.answer else None
        self._place = None
        self._screen.query_one(Transcript).choose(self._chosen)
        self._screen.query_one(Side).show(self.answer, self._screen.asker.names)
        self._screen.refresh_bindings()
        if self.cited:
            self.open_place(0, go=False)
        else:
            self._screen.query_one(SourceView).clear()

    def step_answer(self, step: int) -> None:
        """Choose the answer after or before the one that is shown."""
        answered = [exchange for exchange in self._screen.query_one(Transcript).exchanges if exchange.answer]
        at = answered.index(self._chosen) + step if self._chosen in answered else 0
        if 0 <= at < len(answered):
            self.choose(answered[at])
            answered[at].scroll_visible(animate=False)

    def cite(self, number: int) -> None:
        """Open the citation of a number, or the related passage where the answer has no citations."""
        numbers = [getattr(cited, "number", place) for place, cited in enumerate(self.cited, 1)]
        if number in numbers:
            self.open_place(numbers.index(number), go=True)
        else:
            self._screen.say(f"This answer has no citation [{number}].", "error")

    def step_citation(self, step: int) -> None:
        """Open the citation after or before the one that is open, round and round."""
        if self.cited:
            at = -1 if self._place is None and step > 0 else self._place or 0
            self.open_place((at + step) % len(self.cited), go=True)

    def open_place(self, place: int, *, go: bool) -> None:
        """Show the source of a line of the list of citations; with `go`, bring it to the front in a narrow window."""
        if 0 <= place < len(self.cited):
            self._place = place
            self._screen.query_one(Side).mark(place)
            if go and self.is_narrow:
                self._bring("source")
            opened = self._open(self.cited[place])
            self._screen.run_worker(opened, group="source", exclusive=True, exit_on_error=False)

    async def _open(self, cited: Citation | Related) -> None:
        answer = self.answer
        assert answer is not None, "only an answer has citations"
        try:
            document = await self._screen.posology.engine.document(cited.document_id)
        except PosologyError as error:
            self._screen.say(str(error), "error")
            return
        quote = Span(cited.start, cited.end)
        if quote.of(document.text) != cited.quote:
            self._screen.say("The document has changed since this answer: the quote is not at its place.", "error")
            quote = Span(0, 0)
        shown = Shown(_heading(cited, answer), document.text, quote)
        self._screen.query_one(SourceView).show(shown)

    async def open_document(self, identity: str) -> None:
        """Show a document from its beginning."""
        document = await self._screen.posology.engine.document(identity)
        shown = Shown(one_line(clean(document.source.title)), document.text, Span(0, 0))
        self._screen.query_one(SourceView).show(shown)
        self.show("source", toggle=False)

    @property
    def is_narrow(self) -> bool:
        """Return whether there is room for one pane only."""
        return not self._screen.has_class("-wide")

    def show(self, pane: Pane, *, toggle: bool = True) -> None:
        """Bring a pane to the front and give it the keys; if it has them already, go back to the conversation."""
        if toggle and self.front == pane:
            self.back()
            return
        self._bring(pane)
        target = self._screen.query_one(_FOCUSED[pane])
        shown = target if target.display else self._screen.query_one("#tabs ContentTabs")
        self._screen.call_after_refresh(shown.focus)  # a pane that is not on screen yet takes no keys

    def back(self) -> bool:
        """Go back to the conversation; False if it is in front already."""
        if self.front == "chat":
            return False
        self._bring("chat")
        self._screen.query_one(Prompt).focus()
        return True

    def _bring(self, pane: Pane) -> None:
        self.front = pane
        workspace = self._screen.query_one("#workspace")
        workspace.set_classes(f"front-{pane}")
        if pane in ("citations", "facts"):
            self._screen.query_one(TabbedContent).active = f"{pane}-tab"


def _heading(cited: Citation | Related, answer: Answer) -> str:
    """Return where a quote stands, and what is wrong with its print."""
    from assistant.contract import Related  # after the first frame, for which nobody waits for these
    from assistant.render import damage, where

    if isinstance(cited, Related):
        return one_line(clean(f"RELATED, NOT AN ANSWER: {cited.document_id} — {cited.section}, {cited.locator}"))
    wrong = damage(cited, answer)
    place = f"[{cited.number}] {one_line(clean(where(cited, '—')))}"
    return f"{place}\n⚠ {clean(wrong)}" if wrong else place
