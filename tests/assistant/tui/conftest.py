"""The chat under test: a pilot at the keyboard, a store in memory, the real bundled library or a small one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.keeping.kept import Store
from assistant.keeping.store import PrivateStore
from assistant.tui.app import PosologyApp
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.prompt import Prompt
from assistant.tui.transcript import ExchangeView, Transcript


@dataclass
class Reader:
    """Someone at the keyboard of the chat."""

    app: PosologyApp
    pilot: Pilot[None]

    async def settle(self) -> None:
        """Wait until nothing is under way any more but dialogs that wait for an answer."""
        for _ in range(50):
            await self.pilot.pause()
            modal = not isinstance(self.app.screen, ChatScreen)
            under_way = [w for w in self.app.workers if not w.is_finished and not (modal and w.group == "doing")]
            if not under_way:
                break
            await self.app.workers.wait_for_complete([w for w in under_way if w.group != "doing"] or under_way)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def enter(self, text: str) -> None:
        """Write a text into the prompt and enter it."""
        prompt = self.app.chat.query_one(Prompt)
        prompt.focus()
        prompt.write(text)
        await self.press("enter")

    @property
    def exchanges(self) -> tuple[ExchangeView, ...]:
        return self.app.chat.query_one(Transcript).exchanges

    @property
    def last(self) -> str:
        """What the last exchange shows."""
        return str(self.exchanges[-1].visual)

    def text(self, selector: str) -> str:
        """What a widget of the present screen shows."""
        return str(self.app.screen.query_one(selector, Static).visual)

    @property
    def notices(self) -> list[str]:
        return [notice.message for notice in self.app._notifications]


Session = Callable[[Reader], Awaitable[None]]


@pytest.fixture
def quiet_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that no settings or conversations of the person running the tests are touched."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@asynccontextmanager
async def reading(app: PosologyApp, size: tuple[int, int]) -> AsyncIterator[Reader]:
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot)
        while not (app.chat.asker.holding or app.chat.asker.why_closed):
            await pilot.pause(0.01)
        await reader.settle()
        yield reader


@pytest.fixture
def chat(bundled_path: Path, quiet_settings: Path) -> Callable[..., None]:
    """Run a session at the keyboard; everything but the session is keyword arguments of the app."""

    def run(session: Session, *, size: tuple[int, int] = (140, 40), store: Store | None = None, **options: Any) -> None:
        async def live() -> None:
            library = options.pop("library", bundled_path)
            app = PosologyApp(library, lambda: store or PrivateStore(), **options)
            async with reading(app, size) as reader:
                await session(reader)

        asyncio.run(live())

    return run
