"""The conversations that were kept: opened, searched, renamed, deleted and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from assistant.tui.dialogs import AskText, Choose
from corpus.text import clean

if TYPE_CHECKING:
    from assistant.keeping.kept import KeptConversation, Store

_HINT = "Enter opens · ctrl+e renames · ctrl+d deletes · ctrl+z takes the deletion back · Esc closes"


class ConversationsScreen(Choose):
    """A list of conversations, searched in titles, questions and answers; gives the id of the one to open.

    `deleted` are the ids that were deleted before, the last one at the end: they can be taken back for as long as the
    store keeps them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "rename", "Rename", priority=True),
        Binding("ctrl+d", "delete", "Delete", priority=True),
        Binding("ctrl+z", "restore", "Undo delete", priority=True),
    ]

    def __init__(self, store: Store, deleted: list[str], private: bool) -> None:
        title = "Conversations" if not private else "Conversations (private: nothing of this run is kept)"
        super().__init__(title, self._found, _HINT, "No conversation is kept that holds these words.")
        self._store = store
        self._deleted = deleted

    def _found(self, text: str) -> Sequence[tuple[str, Content]]:
        return [(kept.id, _line(kept)) for kept in self._store.conversations(text)]

    @work
    async def action_rename(self) -> None:
        """Ask for another title for the marked conversation."""
        if (identity := self.marked) is None:
            return
        now = next(kept.title for kept in self._store.conversations() if kept.id == identity)
        if title := await self.app.push_screen_wait(AskText("Title of the conversation", now)):
            self._store.rename(identity, title)
            self._again()

    def action_delete(self) -> None:
        """Delete the marked conversation; it can be taken back."""
        if (identity := self.marked) is not None:
            self._store.delete(identity)
            self._deleted.append(identity)
            self._again()
            self.notify("Deleted; ctrl+z takes it back.", markup=False)

    def action_restore(self) -> None:
        """Take back the last deletion."""
        if not self._deleted:
            self.notify("Nothing was deleted here.", severity="warning", markup=False)
            return
        self._store.restore(self._deleted.pop())
        self._again()

    def _again(self) -> None:
        self.search(self.query_one("#search", Input).value)


def _line(kept: KeptConversation) -> Content:
    when = kept.updated.astimezone().strftime("%Y-%m-%d %H:%M")
    count = f"{kept.exchanges} question{'' if kept.exchanges == 1 else 's'}"
    return Content.assemble((clean(kept.title), "bold"), "\n  ", (f"{when} · {count}", "$text-muted"))
