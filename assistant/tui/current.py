"""The conversation that is open: what its follow-ups lean on, and where it is kept as it grows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.keeping.errors import UnknownConversationError

if TYPE_CHECKING:  # loaded when there is something to resume or to ask: the first frame doesn't wait for it
    from assistant.contract import Answer
    from assistant.conversation import Conversation
    from assistant.keeping.kept import Exchange, Store


@dataclass
class Current:
    """One conversation of a store. `identity` is None until its first answer is kept."""

    store: Store
    library: str
    identity: str | None = None
    state: Conversation | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    @classmethod
    def reopened(cls, store: Store, library: str, identity: str) -> Current:
        """Return a conversation that was kept, ready to be gone on with."""
        from assistant.keeping.resuming import resumed

        exchanges = store.exchanges(identity)
        return cls(store, library, identity, resumed(exchanges), exchanges)

    def branch(self) -> Conversation:
        """Return a copy of the state for a question to change; a cancelled question changes nothing."""
        from assistant.conversation import Conversation

        return replace(self.state) if self.state else Conversation()

    async def keep(self, question: str, answer: Answer, state: Conversation) -> None:
        """Keep an exchange; once this returns it survives whatever happens to the program."""
        self.state = state
        self.exchanges.append(await asyncio.to_thread(self._append, question, answer))

    def _append(self, question: str, answer: Answer) -> Exchange:
        if self.identity is not None:
            try:
                return self.store.append(self.identity, question, answer)
            except UnknownConversationError:
                pass  # deleted meanwhile, perhaps by another window: what follows is kept as a conversation of its own
        self.identity = self.store.begin(self.library)
        return self.store.append(self.identity, question, answer)

    @property
    def title(self) -> str:
        """Return the title: the one that it was given, or its first question; "" before that."""
        for kept in self.store.conversations():
            if kept.id == self.identity:
                return kept.title
        return ""
