"""Where conversations lie: a SQLite file that only its owner can read, or memory.

A file is opened anew for each call, so any thread and any process may use it; memory is one connection that the
threads share in turn. Every commit is on the disk before the call returns, and what is deleted is overwritten.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from assistant.keeping.errors import ConversationsBusyError, ConversationsError
from assistant.keeping.migrations import MIGRATIONS
from corpus.migrations import is_newer, migrate
from corpus.storage import make_durable

_PATIENCE = 10.0  # seconds that a call waits for another process


class Database(Protocol):
    """Something that lends connections, one call at a time."""

    def connection(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend a connection in autocommit mode."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class File:
    """A database in a file, made on the first use, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
        with self.connection() as connection:
            if is_newer(connection, MIGRATIONS):
                raise ConversationsError(
                    f"{path} was written by a newer version of Posology; upgrade Posology to open it."
                )
            migrate(connection, MIGRATIONS)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection of its own, closed afterwards."""
        with self._explained():
            # Opened, never made: SQLite would make a file that others can read.
            address = f"{self._path.as_uri()}?mode=rw"
            connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE)
            try:
                make_durable(connection)
                _settle(connection)
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the file system say into a sentence that helps."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ConversationsBusyError(
                    f"Another program has been using {self._path} for too long; close it and try again."
                ) from error
            raise self._unwritable(error) from error
        except sqlite3.DatabaseError as error:
            raise ConversationsError(
                f"{self._path} cannot be read as Posology's conversations ({error}); move it elsewhere to start anew."
            ) from error
        except OSError as error:
            raise self._unwritable(error.strerror or error) from error

    def _unwritable(self, why: object) -> ConversationsError:
        return ConversationsError(
            f"Conversations cannot be kept in {self._path} ({why}); free some disk space or name another file in "
            "POSOLOGY_CONVERSATIONS."
        )

    def close(self) -> None:
        """Do nothing: no connection outlives its call."""


class Memory:
    """A database that is nowhere but in memory, and gone when it is closed."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        _settle(self._connection)
        migrate(self._connection, MIGRATIONS)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend the one connection to one thread at a time."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._connection.close()


@contextmanager
def transaction(database: Database) -> Iterator[sqlite3.Connection]:
    """Lend a connection whose changes are committed together at the end of the block, or not at all."""
    with database.connection() as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def scrub(database: Database) -> None:
    """Write the database anew without anything that was deleted, and empty the write-ahead log.

    Overwriting alone leaves copies where SQLite once moved a row from page to page; the new pages hold none.

    Raises:
        ConversationsBusyError: another process reads what the log still holds.
    """
    with database.connection() as connection:
        connection.execute("VACUUM")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the write-ahead log is locked")


def _settle(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # no copy of a question in a temporary folder
