"""What can go wrong with kept conversations; each error is one sentence that ends in what to do next."""

from __future__ import annotations

from corpus.errors import PosologyError


class ConversationsError(PosologyError):
    """The file of conversations cannot be read or written."""

    exit_code = 7


class ConversationsBusyError(ConversationsError):
    """Another process has held the file of conversations for too long."""

    exit_code = 6


class UnknownConversationError(PosologyError):
    """No conversation has the id that was asked for, or several begin with it."""

    exit_code = 4
