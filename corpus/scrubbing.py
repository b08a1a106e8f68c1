"""Leaving no copy of what was deleted in a catalogue: it is written anew once what was deleted is gone for good.

Overwriting alone leaves copies where SQLite once moved a row from page to page; the new pages hold none. What is owed
is noted in the transaction that deletes, so that a writer which dies leaves it to the next one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from corpus.migrations import forget_copies

_KEY = "scrub"
_REWRITTEN_IN_MEMORY = 256_000_000  # bytes; what is larger is put together in a temporary file that has no name


class Scrubbing:
    """What one catalogue still owes, over its connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def is_owed(self) -> bool:
        """Return whether copies of what was deleted may still lie in the file."""
        return bool(self._connection.execute("SELECT EXISTS (SELECT 1 FROM meta WHERE key = ?)", (_KEY,)).fetchone()[0])

    def owe(self) -> None:
        """Note that something is deleted for good; within a transaction of the caller's."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 'owed')", (_KEY,))

    def run(self) -> bool:
        """Write the file anew without anything that was deleted, empty its log and delete copies from migrations.

        Returns False if it can't be done now: a reader still needs what was deleted, or the disk is too full.
        """
        try:
            return self._empty_log() and self._written_anew()
        except sqlite3.OperationalError:
            return False

    def _written_anew(self) -> bool:
        pages, size = (self._connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
        store = "MEMORY" if pages * size <= _REWRITTEN_IN_MEMORY else "DEFAULT"
        self._connection.execute(f"PRAGMA temp_store = {store}")
        self._connection.execute("VACUUM")
        if not self._empty_log():
            return False
        (file,) = [row[2] for row in self._connection.execute("PRAGMA database_list")]
        forget_copies(Path(file))
        self._connection.execute("DELETE FROM meta WHERE key = ?", (_KEY,))
        return True

    def _empty_log(self) -> bool:
        """Move the write-ahead log into the file and empty it; False if a reader needs it."""
        (patience,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute("PRAGMA busy_timeout = 0")
        (busy, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.execute(f"PRAGMA busy_timeout = {patience}")
        return not busy
