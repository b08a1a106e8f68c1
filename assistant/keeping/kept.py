"""What a store of conversations gives and takes; `store` has the two that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from assistant.contract import Answer

UNDO_TIME = timedelta(hours=24)
"""How long a deleted conversation can be restored; after that it is purged when the store is next opened."""


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A line of the list of conversations. `library` is what it was begun with, `updated` when it was last asked."""

    id: str
    title: str
    started: datetime
    updated: datetime
    library: str
    exchanges: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; `position` counts from 1 within the conversation."""

    position: int
    question: str
    answer: Answer
    asked: datetime


class Store(Protocol):
    """What keeps conversations. An id that is unknown, or of a deleted conversation, is an UnknownConversationError."""

    def begin(self, library: str, title: str = "") -> str:
        """Return the id of a new conversation.

        It is not listed before it has an exchange, and forgotten if it has none after `UNDO_TIME`.
        """
        ...

    def append(self, conversation_id: str, question: str, answer: Answer) -> Exchange:
        """Keep an exchange and return it; the first question becomes the title where there is none."""
        ...

    def conversations(self, search: str = "", *, deleted: bool = False) -> list[KeptConversation]:
        """Return the conversations in which every word of `search` occurs, the last used first.

        Words are parts of a title, question or answer, whatever their case and accents. With `deleted`, those that
        can be restored.
        """
        ...

    def exchanges(self, conversation_id: str) -> list[Exchange]:
        """Return a conversation's exchanges in order."""
        ...

    def questions(self, most: int) -> list[str]:
        """Return the questions that were asked last, newest first, each once."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title; a blank one stands for its first question."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Hide a conversation until it is restored or, after `UNDO_TIME`, purged."""
        ...

    def restore(self, conversation_id: str) -> None:
        """Show a deleted conversation again."""
        ...

    def purge(self, *, now: bool = False) -> int:
        """Remove for good what was deleted longer ago than `UNDO_TIME`, or `now` all of it; return how many."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
