"""How a library remembers what people changed about its documents: their description, and the ids they had before.

A document's own description is kept beside the changes, so that they can be taken back and hold again when the document
is replaced or rebuilt. Former ids and titles stay known: kept answers cite documents by them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from corpus.storage import source_of
from corpus.types import Source

FIELDS = ("title", "authors", "year", "journal", "doi", "pmid", "url", "kind", "design")
"""What of a description a person may change."""

Changes = Mapping[str, Any]
"""Fields of a description with the values that they are to have: authors as a list, years as numbers, None for none."""


@dataclass(frozen=True, slots=True)
class Former:
    """What a document was called before."""

    ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


NEVER = Former()


class EditStore:
    """The edits of one catalogue, over its connection and within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # --- names ---

    def current_id(self, document_id: str) -> str | None:
        """Return the id of the document that has this id or once had it, or None."""
        query = """SELECT id FROM documents WHERE id = :id
                   UNION ALL SELECT document_id FROM former_names WHERE field = 'id' AND value = :id LIMIT 1"""
        row = self._connection.execute(query, {"id": document_id}).fetchone()
        return None if row is None else str(row[0])

    def is_renamed(self, document_id: str) -> bool:
        """Return whether a document got its id from a person."""
        query = "SELECT EXISTS (SELECT 1 FROM former_names WHERE field = 'id' AND document_id = ?)"
        return bool(self._connection.execute(query, (document_id,)).fetchone()[0])

    def former(self) -> dict[str, Former]:
        """Return what documents were called before, by their present ids."""
        found: dict[str, Former] = {}
        query = "SELECT document_id, field, value FROM former_names ORDER BY document_id, value"
        for identity, field, value in self._connection.execute(query):
            known = found.get(identity, NEVER)
            ids = (*known.ids, value) if field == "id" else known.ids
            found[identity] = Former(ids, (*known.titles, value) if field == "title" else known.titles)
        return found

    def had_title(self, document_id: str, title: str) -> bool:
        """Return whether a document had this title before."""
        query = "SELECT EXISTS (SELECT 1 FROM former_names WHERE field = 'title' AND document_id = ? AND value = ?)"
        return bool(self._connection.execute(query, (document_id, title)).fetchone()[0])

    def rename(self, old: str, new: str) -> None:
        """Give a document another id wherever the catalogue names it; its passages' words are then indexed anew."""
        execute = self._connection.execute
        execute("PRAGMA defer_foreign_keys = ON")  # until the end of this transaction
        execute("UPDATE documents SET id = ? WHERE id = ?", (new, old))
        for table in ("passages", "fact_places", "extracted", "edits", "former_names"):
            execute(f"UPDATE {table} SET document_id = ? WHERE document_id = ?", (new, old))
        execute("UPDATE editions SET original_id = ? WHERE original_id = ?", (new, old))
        execute("DELETE FROM former_names WHERE field = 'id' AND value IN (?, ?)", (new, old))
        execute("INSERT INTO former_names VALUES (?, 'id', ?)", (new, old))
        self._words_are_stale(new)

    # --- description ---

    def changes(self, document_id: str) -> dict[str, Any]:
        """Return the fields of a document's description that a person changed."""
        row = self._connection.execute("SELECT changes FROM edits WHERE document_id = ?", (document_id,)).fetchone()
        found: dict[str, Any] = json.loads(row[0]) if row else {}
        return found

    def own(self, document_id: str) -> Source:
        """Return what a document says of itself, whatever a person changed."""
        query = """SELECT coalesce((SELECT own FROM edits WHERE document_id = d.id), d.source)
                   FROM documents d WHERE d.id = ?"""
        return source_of(self._connection.execute(query, (document_id,)).fetchone()[0])

    def put(self, document_id: str, before: Source, changes: Changes) -> Source:
        """Keep what a person says of a document in place of what was kept of it, and return its description now.

        `before` is the description up to now.
        """
        own = self.own(document_id)
        differing = {name: value for name, value in changes.items() if edited(own, {name: value}) != own}
        now = edited(own, differing)
        self._connection.execute("DELETE FROM edits WHERE document_id = ?", (document_id,))
        if differing:
            row = (document_id, _as_json(asdict(own)), _as_json(differing), _now())
            self._connection.execute("INSERT INTO edits VALUES (?, ?, ?, ?)", row)
        query = "UPDATE documents SET source = ?, title = ? WHERE id = ?"
        self._connection.execute(query, (_as_json(asdict(now)), now.title, document_id))
        if now.title != before.title:
            forget = "DELETE FROM former_names WHERE field = 'title' AND document_id = ? AND value IN (?, ?)"
            self._connection.execute(forget, (document_id, now.title, before.title))
            self._connection.execute("INSERT INTO former_names VALUES (?, 'title', ?)", (document_id, before.title))
            self._words_are_stale(document_id)
        return now

    def carry_over(self, replaced: str, document_id: str, own: Source) -> None:
        """Keep the changes of a replaced document for the one in its place, which says `own` of itself."""
        values = (document_id, _as_json(asdict(own)), replaced)
        self._connection.execute("UPDATE OR REPLACE edits SET document_id = ?, own = ? WHERE document_id = ?", values)

    def forget_gone(self) -> None:
        """Forget what was said of documents that are in the library no more."""
        for table in ("edits", "former_names"):
            self._connection.execute(f"DELETE FROM {table} WHERE document_id NOT IN (SELECT id FROM documents)")
        self._connection.execute("DELETE FROM former_names WHERE field = 'id' AND value IN (SELECT id FROM documents)")

    # --- what the word index still has to learn ---

    def stale_passages(self) -> list[int]:
        """Return the ids of the passages whose words are indexed under a former id or title."""
        return [row[0] for row in self._connection.execute("SELECT id FROM stale_ids ORDER BY id")]

    def settle(self) -> None:
        """Note that the word index knows all ids and titles."""
        self._connection.execute("DELETE FROM stale_ids")

    def _words_are_stale(self, document_id: str) -> None:
        query = "INSERT OR IGNORE INTO stale_ids SELECT id FROM passages WHERE document_id = ?"
        self._connection.execute(query, (document_id,))


def edited(own: Source, changes: Changes) -> Source:
    """Return a description with a person's changes made to it."""
    values: Any = {key: tuple(value) if isinstance(value, list) else value for key, value in changes.items()}
    return replace(own, **values)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
