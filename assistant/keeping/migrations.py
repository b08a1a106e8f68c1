"""The schema of kept conversations, as numbered migrations; `corpus.migrations` says how they are applied."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE conversations (
        id      TEXT PRIMARY KEY,
        library TEXT NOT NULL,
        title   TEXT NOT NULL,               -- '' until the first question gives one
        sought  TEXT NOT NULL,               -- the title as searches compare it
        started TEXT NOT NULL,               -- ISO 8601, UTC, as all times here
        deleted TEXT                         -- since when it is hidden; NULL while it is shown
    ) STRICT;

    CREATE TABLE exchanges (
        number       INTEGER PRIMARY KEY,    -- the order of all exchanges
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        position     INTEGER NOT NULL,       -- from 1, within the conversation
        question     TEXT NOT NULL,
        answer       TEXT NOT NULL,          -- JSON of assistant.contract.Answer
        sought       TEXT NOT NULL,          -- question and answer as searches compare them
        asked        TEXT NOT NULL,
        UNIQUE (conversation, position)
    ) STRICT;

    -- Work that a purge still owes: deleted rows are gone, their traces in the file may not be.
    CREATE TABLE owed (work TEXT PRIMARY KEY) STRICT;
    """,
)
