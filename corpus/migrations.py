"""The catalogue's schema, as numbered migrations. `PRAGMA user_version` holds the number of the last one applied.

Other databases of the program hand their own scripts to the same functions. A migration is never edited after a
release; a change of the schema is a new one at the end of the list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE documents (
        id        TEXT PRIMARY KEY,
        title     TEXT NOT NULL,
        source    TEXT NOT NULL,              -- JSON of corpus.types.Source
        format    TEXT NOT NULL,
        sha256    TEXT NOT NULL,
        origin    TEXT NOT NULL CHECK (origin IN ('bundled', 'added')),
        path      TEXT,
        added_at  TEXT NOT NULL,              -- ISO 8601, UTC
        structure TEXT NOT NULL,              -- JSON: sections, tables, blocks
        text      TEXT NOT NULL
    ) STRICT;
    CREATE INDEX documents_by_content ON documents (sha256);

    CREATE TABLE passages (
        id          INTEGER PRIMARY KEY,      -- also the id in both indexes; never used twice
        document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        ordinal     INTEGER NOT NULL,
        kind        TEXT NOT NULL,
        start       INTEGER NOT NULL,
        "end"       INTEGER NOT NULL,
        section     TEXT NOT NULL,
        locator     TEXT NOT NULL,
        table_no    INTEGER,
        row_no      INTEGER
    ) STRICT;
    CREATE INDEX passages_by_document ON passages (document_id, ordinal);

    -- One vector a sentence of prose, 16-bit floats: which sentence of a passage answers is decided by meaning too.
    CREATE TABLE sentence_vectors (
        passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
        start      INTEGER NOT NULL,
        vector     BLOB NOT NULL,
        PRIMARY KEY (passage_id, start)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE facts (id TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX facts_by_kind ON facts (kind);

    -- The sentence or row that says a fact; a fact without any place does not count.
    CREATE TABLE fact_places (
        fact_id     TEXT NOT NULL,
        side        INTEGER NOT NULL,
        document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        section     TEXT NOT NULL,
        locator     TEXT NOT NULL,
        start       INTEGER NOT NULL,
        "end"       INTEGER NOT NULL,
        PRIMARY KEY (fact_id, side, document_id)
    ) STRICT, WITHOUT ROWID;

    -- Ids handed to the indexes before the commit that makes them known here; whatever of them stays unknown
    -- belongs to a writer that died, and the next one clears it.
    CREATE TABLE reserved_ids (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;

    -- Ids that are gone from here and still have to leave the lexical index.
    CREATE TABLE removed_ids (id INTEGER PRIMARY KEY) STRICT;

    -- Data compiled from the program's own YAML, kept with the hash of its source.
    CREATE TABLE compiled (name TEXT PRIMARY KEY, source_hash TEXT NOT NULL, body TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
    """,
    """
    -- Originals that bundled digests describe. A hidden digest is here for its original's sake only: it is no document
    -- of the library, and what of it is not attached answers nothing.
    CREATE TABLE editions (
        digest_id   TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
        original_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        hidden      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Where the original says what a sentence or row of the digest says.
    CREATE TABLE attachments (
        digest_id TEXT NOT NULL REFERENCES editions (digest_id) ON DELETE CASCADE,
        start     INTEGER NOT NULL,              -- offset into the digest
        said      TEXT NOT NULL,
        printed   TEXT NOT NULL,                 -- JSON: [[start, end, damage or null], ...] in the original
        PRIMARY KEY (digest_id, start)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- Facts found by rule, each at its one place. They go with their document, and rebuilding makes them anew.
    CREATE TABLE extracted (
        id          TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL,               -- what a decision on it is remembered by
        kind        TEXT NOT NULL,
        body        TEXT NOT NULL,
        document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        section     TEXT NOT NULL,
        locator     TEXT NOT NULL,
        start       INTEGER NOT NULL,
        "end"       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX extracted_by_kind ON extracted (kind);
    CREATE INDEX extracted_by_document ON extracted (document_id);

    -- What a person decided on extracted facts. It outlives them: the same words found again are decided already.
    CREATE TABLE reviews (
        fingerprint TEXT PRIMARY KEY,
        decision    TEXT NOT NULL CHECK (decision IN ('accepted', 'corrected', 'rejected')),
        changes     TEXT NOT NULL,               -- JSON: the fields as they were accepted or corrected
        decided_at  TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- What a person says of a document in place of what it says of itself. No reference to documents: a replacement
    -- takes the place of its document and keeps what was said.
    CREATE TABLE edits (
        document_id TEXT PRIMARY KEY,
        own         TEXT NOT NULL,               -- JSON of corpus.types.Source, as the document gives it
        changes     TEXT NOT NULL,               -- JSON: the fields that a person changed
        edited_at   TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What documents were called before: kept answers cite them so.
    CREATE TABLE former_names (
        document_id TEXT NOT NULL,
        field       TEXT NOT NULL CHECK (field IN ('id', 'title')),
        value       TEXT NOT NULL,
        PRIMARY KEY (field, value, document_id)
    ) STRICT, WITHOUT ROWID;

    -- Passages whose words are indexed under an id or a title that is no longer their document's.
    CREATE TABLE stale_ids (id INTEGER PRIMARY KEY) STRICT;
    """,
)


def migrate(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> None:
    """Apply the migrations that a database lacks, each in its own transaction, even if another process does so too."""
    while (version := _version(connection)) < len(scripts):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:  # else another process was quicker
                for statement in _statements(scripts[version]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _statements(script: str) -> Iterator[str]:
    """Yield a script's statements; each begins on a line of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def keep_copy(connection: sqlite3.Connection, path: Path, scripts: Sequence[str] = MIGRATIONS) -> Path | None:
    """Copy a database that is to be migrated to a file beside it, whole or not at all, and return where.

    None where nothing is to be migrated. A copy of the same schema from before is kept as it is.

    Raises:
        sqlite3.OperationalError: the disk is full; nothing was migrated.
    """
    version = _version(connection)
    if not 0 < version < len(scripts):
        return None
    copy = path.with_name(f"{path.stem}-schema-{version}{path.suffix}")
    if not copy.exists():
        temporary = path.with_name(f".{copy.name}.part")
        temporary.unlink(missing_ok=True)
        try:
            connection.execute("VACUUM INTO ?", (str(temporary),))
            temporary.chmod(0o600)
            temporary.replace(copy)
        finally:
            temporary.unlink(missing_ok=True)
    return copy


def forget_copies(path: Path) -> None:
    """Delete the copies that migrations of a database left: they hold what was removed since."""
    for copy in path.parent.glob(f"{path.stem}-schema-*{path.suffix}"):
        copy.unlink(missing_ok=True)


def is_newer(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> bool:
    """Return whether a database was made by a later version of the program than this one."""
    return _version(connection) > len(scripts)


def is_older(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> bool:
    """Return whether a database still lacks a migration."""
    return _version(connection) < len(scripts)


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
