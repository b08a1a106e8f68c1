"""How the catalogue's values lie in SQLite: the connection, and rows and JSON turned back into values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.damage import Damage, Repair
from corpus.errors import LibraryError
from corpus.types import Block, BlockKind, Cell, Page, Passage, PassageKind, Row, Section, Source, Table

STRUCTURE = ("sections", "tables", "blocks", "pages", "repairs")
"""What of a document is kept as JSON beside its text."""

PASSAGE = 'id, document_id, ordinal, kind, start, "end", section, locator, table_no, row_no'
"""The columns of a passage, in the order that `passage_of` reads."""


def unreadable(path: Path, error: Exception) -> LibraryError:
    """Return the error for a catalogue file that SQLite cannot make sense of."""
    return LibraryError(
        f"{path} cannot be read as a library catalogue ({error}); restore it from a backup, or delete the "
        "folder and add the documents again."
    )


class _Connection(sqlite3.Connection):
    """A connection whose error for a damaged file says what to do next."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*arguments)
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            (file,) = [row[2] for row in super().execute("PRAGMA database_list")]
            raise unreadable(Path(file), error) from error


def connect(path: Path, write: bool) -> sqlite3.Connection:
    """Return a connection to a catalogue file; reading never changes it, not even in a folder that can't be written."""
    if write:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10, factory=_Connection)
        make_durable(connection)
    else:
        address = path.resolve().as_uri()
        connection = sqlite3.connect(
            f"{address}?mode=ro", uri=True, isolation_level=None, timeout=10, factory=_Connection
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            # A folder that can't be written has no place for the shared-memory file that WAL readers use.
            connection.close()
            connection = sqlite3.connect(
                f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None, factory=_Connection
            )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def make_durable(connection: sqlite3.Connection) -> None:
    """Set a connection so that a commit survives a power cut and what is deleted is overwritten."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")


def source_of(text: str) -> Source:
    """Return a source from its JSON."""
    data: dict[str, Any] = json.loads(text)
    return Source(**{**data, "authors": tuple(data["authors"]), "types": tuple(data.get("types", ()))})


def _table_row(data: dict[str, Any]) -> Row:
    return Row(tuple(Cell(**cell) for cell in data["cells"]), data["start"], data["end"])


def structure_of(text: str) -> dict[str, Any]:
    """Return a document's sections, tables, blocks, pages and repairs from their JSON."""
    data: dict[str, Any] = json.loads(text)
    return {
        "sections": tuple(Section(tuple(s["path"]), s["level"], s["start"], s["end"]) for s in data["sections"]),
        "tables": tuple(
            Table(t["caption"], _table_row(t["header"]), tuple(_table_row(r) for r in t["rows"]), t["damage"])
            for t in data["tables"]
        ),
        "blocks": tuple(Block(BlockKind(b["kind"]), b["start"], b["end"], b["table"]) for b in data["blocks"]),
        "pages": tuple(Page(**page) for page in data.get("pages", ())),
        "repairs": tuple(Repair(**{**found, "kind": Damage(found["kind"])}) for found in data.get("repairs", ())),
    }


def passage_of(row: Iterable[Any]) -> Passage:
    """Return a passage from the columns of `PASSAGE`."""
    identity, document_id, ordinal, kind, start, end, section, locator, table, number = row
    return Passage(document_id, ordinal, PassageKind(kind), start, end, section, locator, table, number, id=identity)
