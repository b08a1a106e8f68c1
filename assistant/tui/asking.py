"""From the prompt to an answer on screen: one question after the other, each of which can be cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.worker import Worker

from assistant.tui.current import Current
from assistant.tui.engine import Holding
from assistant.tui.prompt import Prompt
from assistant.tui.transcript import ExchangeView, Transcript
from corpus.errors import LibraryError

if TYPE_CHECKING:
    from assistant.contract import Answer
    from assistant.tui.chat_screen import ChatScreen

SUGGESTED = 3
"""Questions that are suggested at most."""


class Asker:
    """The open conversation, the documents that may be used, and the questions that are being answered."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._in_turn = asyncio.Lock()
        self._opened = asyncio.Event()
        self._running: list[tuple[ExchangeView, Worker[None]]] = []
        self._current: Current | None = None
        self.holding: Holding | None = None
        self.used: tuple[str, ...] | None = None
        self.why_closed = ""

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names of the vocabulary's ids."""
        return self.holding.names if self.holding else {}

    @property
    def current(self) -> Current:
        """Return the open conversation, begun now if there is none."""
        if self._current is None:
            library = str(self.holding.path) if self.holding else ""
            self._current = Current(self._screen.posology.store, library)
        return self._current

    def opened(self, holding: Holding) -> None:
        """Let questions through: the library is open; documents that it no longer holds are used no more."""
        self.holding = holding
        if self.used is not None:
            held = {name: entry.id for entry in holding.documents for name in (*entry.former_ids, entry.id)}
            self.used = tuple(held[identity] for identity in self.used if identity in held) or None
        self._opened.set()

    def closed(self, why: str) -> None:
        """Let questions through to be told why they can't be answered."""
        self.why_closed = why
        self._opened.set()

    def ask(self, text: str) -> None:
        """Ask a question; it is answered when those before it are."""
        screen = self._screen
        screen.suggest(())
        screen.query_one(Prompt).remember(text)
        view = ExchangeView(text)
        worker = screen.run_worker(self._answer(view), group="ask", exit_on_error=False)
        self._running.append((view, worker))

    async def _answer(self, view: ExchangeView) -> None:
        screen, app = self._screen, self._screen.posology
        transcript = screen.query_one(Transcript)
        await transcript.add(view)
        try:
            async with self._in_turn:
                await self._opened.wait()
                if self.holding is None:
                    raise LibraryError(self.why_closed)
                current = self.current
                state = current.branch()
                answer = await app.engine.ask(view.question, state, self.used)
                await current.keep(view.question, answer, state)
        except Exception as error:  # noqa: BLE001 - the front door: whatever it was is said where the answer would be
            view.failed(app.explain(error))
            return
        finally:
            self._running = [(other, worker) for other, worker in self._running if other is not view]
        if transcript.follows:
            transcript.show_exchange(view)
        view.answered(answer)
        screen.panes.choose(view)
        screen.run_worker(self.suggest(answer), group="suggest", exclusive=True, exit_on_error=False)

    async def suggest(self, answer: Answer | None) -> None:
        """Show questions near an answer that the library answers; a question that is asked meanwhile comes first."""
        engine, found = self._screen.posology.engine, []
        for question in await engine.suggestions(answer):
            if self._running:
                return
            if await engine.is_answered(question, self.used):
                found.append(question)
            if len(found) == SUGGESTED:
                break
        if not self._running:
            self._screen.suggest(tuple(found))

    def cancel(self) -> bool:
        """Cancel the newest question that has no answer yet and give it back; False if there is none."""
        if not self._running:
            return False
        view, worker = self._running.pop()
        worker.cancel()
        view.remove()
        prompt = self._screen.query_one(Prompt)
        if not prompt.text:
            prompt.write(view.question)
        prompt.focus()
        return True

    async def begin(self, current: Current | None = None) -> None:
        """Show another conversation, a new one if none is given; what runs is cancelled."""
        while self._running:
            self._running.pop()[1].cancel()
        self._current = current
        transcript = self._screen.query_one(Transcript)
        await transcript.clear()
        views = [ExchangeView(kept.question, kept.answer) for kept in current.exchanges] if current else []
        if views:
            await transcript.add(*views)
        self._screen.panes.choose(views[-1] if views else None)
        self._screen.suggest(())
