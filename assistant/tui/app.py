"""The program behind the screens: settings, themes, the palette, and what has to be opened and closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand
from textual.screen import Screen

from assistant.tui.actions import ACTIONS, checked_keymap
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.engine import Engine
from assistant.tui.jobs import RunningJob
from assistant.tui.themes import THEMES
from corpus.errors import PosologyError

if TYPE_CHECKING:
    from assistant.keeping.kept import Store


class PosologyApp(App[None]):
    """The chat. `library` is the one that was named, None the default one; `resume` a conversation to go on with.

    `open_store` opens what keeps conversations; it is called once, when the store is first needed.
    """

    CSS_PATH = "posology.tcss"
    TITLE = "Posology"

    def __init__(
        self,
        library: Path | None,
        open_store: Callable[[], Store],
        *,
        private: bool = False,
        resume: str | None = None,
        theme: str = "posology-dark",
        keys: dict[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.library, self.private, self.resume = library, private, resume
        self._open_store = open_store
        self.engine = Engine(library)
        self.job: RunningJob | None = None
        self.report: tuple[str, tuple[str, ...]] = ("Last report", ("Nothing was done to the library yet.",))
        self.deleted: list[str] = []
        self.keys = checked_keymap(keys or {})
        for known in THEMES:
            self.register_theme(known)
        if theme not in self.available_themes:
            raise PosologyError(f"There is no theme {theme!r}; use one of {', '.join(sorted(self.available_themes))}.")
        self.theme = theme

    @cached_property
    def store(self) -> Store:
        """Return what keeps conversations, opened when it is first needed: after the first frame."""
        return self._open_store()

    @property
    def chat(self) -> ChatScreen:
        """Return the main screen."""
        (found,) = (screen for screen in self.screen_stack if isinstance(screen, ChatScreen))
        return found

    def get_default_screen(self) -> ChatScreen:
        """Return the chat: the screen that all others lie upon."""
        return ChatScreen()

    def on_mount(self) -> None:
        """Take over the keys of the settings."""
        self.set_keymap(self.keys)

    async def on_unmount(self) -> None:
        """Close what is open; work that is under way stops, which leaves the library whole."""
        if self.job is not None:
            await self.job.cancel()
        await self.engine.close()
        if "store" in self.__dict__:
            self.store.close()

    async def asked_before(self) -> list[str]:
        """Return the questions of kept conversations, newest last."""

        def work() -> list[str]:
            from assistant.keeping.history import asked_before

            return asked_before(self.store)

        return await asyncio.to_thread(work)

    async def reopen(self, identity: str) -> None:
        """Go on with a kept conversation."""
        from assistant.tui.doing_keeping import reopened

        try:
            await self.chat.asker.begin(reopened(self.chat, identity))
        except PosologyError as error:
            self.chat.say(str(error), "error")

    def explain(self, error: BaseException | None) -> str:
        """Return one sentence for the reader about anything that went wrong."""
        if isinstance(error, PosologyError):
            return str(error)
        return f"Something went wrong inside Posology ({type(error).__name__}: {error}); ask it another way."

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the palette offers: everything that can be done now."""
        chat = self.chat
        for action in ACTIONS:
            if chat.can_do(action.name):
                yield SystemCommand(action.title, action.help, partial(chat.action_do, action.name))
        yield SystemCommand("Theme", "Choose the colours, one of them of high contrast", self.action_change_theme)

    def save_screenshot_file(self) -> str:
        """Save the screen as an SVG file in the working folder and return its path."""
        name = datetime.now().strftime("posology-%Y%m%d-%H%M%S.svg")
        return self.save_screenshot(name, str(Path.cwd()))
