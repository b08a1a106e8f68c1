"""Conversations kept, listed, found, renamed, deleted with undo, and purged for good; or kept in memory only.

A store may be used by several threads, and one file by several processes. What `append` has returned survives the
death of the process; what `purge` has removed is in no byte of the file any more.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from assistant.contract import Answer
from assistant.keeping.database import Database, File, Memory, scrub, transaction
from assistant.keeping.errors import ConversationsBusyError, UnknownConversationError
from assistant.keeping.kept import UNDO_TIME, Exchange, KeptConversation, Store
from assistant.keeping.stored import from_json, storable, to_json
from assistant.settings import load_settings
from corpus.text import clean, one_line

__all__ = ["ConversationStore", "Exchange", "KeptConversation", "PrivateStore", "Store", "default_path"]

LONGEST_TITLE = 120  # characters

_LISTED = """
    SELECT c.id, c.title, c.started, max(e.asked), c.library, count(*)
    FROM conversations c JOIN exchanges e ON e.conversation = c.id
    WHERE (c.deleted IS NOT NULL) = :deleted AND NOT EXISTS (
        SELECT 1 FROM json_each(:words) AS word
        WHERE instr(c.sought, word.value) = 0 AND NOT EXISTS (
            SELECT 1 FROM exchanges WHERE conversation = c.id AND instr(sought, word.value) > 0))
    GROUP BY c.id ORDER BY max(e.number) DESC"""
_FIRST_QUESTION = "SELECT question FROM exchanges WHERE conversation = ? ORDER BY position LIMIT 1"
_LAPSED = "deleted IS NOT NULL AND (deleted <= :lapsed OR :now)"
_ABANDONED = "started <= :lapsed AND NOT EXISTS (SELECT 1 FROM exchanges WHERE conversation = conversations.id)"


def default_path() -> Path:
    """Return the file in which conversations are kept, as the settings name it."""
    return load_settings().conversations


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _SqlStore:
    """The one implementation of `Store`, over whichever database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def begin(self, library: str, title: str = "") -> str:
        identity = secrets.token_hex(6)
        title = _titled(title)
        with transaction(self._database) as connection:
            values = (identity, storable(library), title, folded(title), _written(self._clock()))
            connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, NULL)", values)
        return identity

    def append(self, conversation_id: str, question: str, answer: Answer) -> Exchange:
        question, asked = storable(question), self._clock()
        sought = folded(f"{question}\n{answer.answer}")
        with transaction(self._database) as connection:
            _check(connection, conversation_id)
            query = "SELECT coalesce(max(position), 0) + 1 FROM exchanges WHERE conversation = ?"
            (position,) = connection.execute(query, (conversation_id,)).fetchone()
            connection.execute(
                "INSERT INTO exchanges (conversation, position, question, answer, sought, asked)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    position,
                    question,
                    to_json(answer),
                    sought,
                    _written(asked),
                ),
            )
            _set_title(connection, conversation_id, question, "AND title = ''")
        return Exchange(position, question, answer, asked)

    def conversations(self, search: str = "", *, deleted: bool = False) -> list[KeptConversation]:
        values = {"words": json.dumps(folded(search).split()), "deleted": deleted}
        with self._database.connection() as connection:
            rows = connection.execute(_LISTED, values).fetchall()
        return [
            KeptConversation(identity, title, _read(started), _read(updated), library, count)
            for identity, title, started, updated, library, count in rows
        ]

    def exchanges(self, conversation_id: str) -> list[Exchange]:
        query = "SELECT position, question, answer, asked FROM exchanges WHERE conversation = ? ORDER BY position"
        with self._database.connection() as connection:
            _check(connection, conversation_id)
            rows = connection.execute(query, (conversation_id,)).fetchall()
        return [Exchange(at, asked, from_json(answer, asked), _read(when)) for at, asked, answer, when in rows]

    def questions(self, most: int) -> list[str]:
        query = """SELECT e.question FROM exchanges e JOIN conversations c ON c.id = e.conversation
                   WHERE c.deleted IS NULL GROUP BY e.question ORDER BY max(e.number) DESC LIMIT ?"""
        with self._database.connection() as connection:
            return [question for (question,) in connection.execute(query, (most,))]

    def rename(self, conversation_id: str, title: str) -> None:
        with transaction(self._database) as connection:
            _check(connection, conversation_id)
            first = connection.execute(_FIRST_QUESTION, (conversation_id,)).fetchone() or ("",)
            _set_title(connection, conversation_id, _titled(title) or first[0])

    def delete(self, conversation_id: str) -> None:
        with transaction(self._database) as connection:
            _check(connection, conversation_id)
            values = (_written(self._clock()), conversation_id)
            connection.execute("UPDATE conversations SET deleted = ? WHERE id = ?", values)

    def restore(self, conversation_id: str) -> None:
        with transaction(self._database) as connection:
            _check(connection, conversation_id, or_deleted=True)
            connection.execute("UPDATE conversations SET deleted = NULL WHERE id = ?", (conversation_id,))

    def purge(self, *, now: bool = False) -> int:
        values = {"lapsed": _written(self._clock() - UNDO_TIME), "now": now}
        due = f"SELECT EXISTS (SELECT 1 FROM conversations WHERE ({_LAPSED}) OR ({_ABANDONED}))"
        count = 0
        with self._database.connection() as connection:
            (is_due,) = connection.execute(due, values).fetchone()
        if is_due:
            with transaction(self._database) as connection:
                count = connection.execute(f"DELETE FROM conversations WHERE {_LAPSED}", values).rowcount
                connection.execute(f"DELETE FROM conversations WHERE {_ABANDONED}", values)
                connection.execute("INSERT OR IGNORE INTO owed VALUES ('scrub')")
        with self._database.connection() as connection:
            owes = connection.execute("SELECT EXISTS (SELECT 1 FROM owed)").fetchone() == (1,)
        if owes:
            scrub(self._database)
            with transaction(self._database) as connection:
                connection.execute("DELETE FROM owed")
        return count

    def close(self) -> None:
        self._database.close()


class ConversationStore(_SqlStore):
    """Conversations in a file that is readable by its owner only, made where there is none.

    Raises:
        ConversationsError: from every method, when the file cannot be read or written.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = _utc_now) -> None:
        super().__init__(File(path), clock)
        with suppress(ConversationsBusyError):  # then the next one to open it does so
            self.purge()


class PrivateStore(_SqlStore):
    """Conversations that are nowhere but in memory, and gone when the store is closed."""

    def __init__(self, *, clock: Callable[[], datetime] = _utc_now) -> None:
        super().__init__(Memory(), clock)


def folded(text: str) -> str:
    """Return `text` as searches compare it: without accents, case and control characters."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean(text)).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _titled(text: str) -> str:
    line = one_line(clean(text))
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _set_title(connection: sqlite3.Connection, identity: str, text: str, condition: str = "") -> None:
    title = _titled(text)
    query = f"UPDATE conversations SET title = ?, sought = ? WHERE id = ? {condition}"
    connection.execute(query, (title, folded(title), identity))


def _check(connection: sqlite3.Connection, identity: str, *, or_deleted: bool = False) -> None:
    row = connection.execute("SELECT deleted FROM conversations WHERE id = ?", (identity,)).fetchone()
    if row is None:
        raise UnknownConversationError(
            f"There is no conversation {identity!r}; `posology conversations list` shows those that are kept."
        )
    if row[0] is not None and not or_deleted:
        raise UnknownConversationError(
            f"The conversation {identity!r} was deleted; `posology conversations restore {identity}` brings it back."
        )


def _written(time: datetime) -> str:
    """Return a time as it is kept: texts of one length, so that they compare as the times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)
