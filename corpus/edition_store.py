"""How a library remembers its editions: which original a digest describes, and what of the digest is attached to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.editions import Attachment, Printed
from corpus.types import Span

NOT_HIDDEN = "d.id NOT IN (SELECT digest_id FROM editions WHERE hidden)"
"""Part of a query over documents d: those that the user or the bundle put in."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest with its original; `hidden` where the digest is no document of the library itself."""

    digest_id: str
    original_id: str
    hidden: bool


class EditionStore:
    """The editions of one catalogue, over its connection and within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> list[Edition]:
        """Return every edition, by the digest's id."""
        query = "SELECT digest_id, original_id, hidden FROM editions ORDER BY digest_id"
        return [Edition(digest, original, bool(hidden)) for digest, original, hidden in self._connection.execute(query)]

    def put(self, edition: Edition, attached: Iterable[Attachment]) -> None:
        """Keep an edition and what of the digest is attached, in place of what was known of that digest."""
        self._connection.execute("DELETE FROM editions WHERE digest_id = ?", (edition.digest_id,))
        row = (edition.digest_id, edition.original_id, int(edition.hidden))
        self._connection.execute("INSERT INTO editions VALUES (?, ?, ?)", row)
        rows = [(edition.digest_id, found.start, found.said, _as_json(found)) for found in attached]
        self._connection.executemany("INSERT INTO attachments VALUES (?, ?, ?, ?)", rows)

    def set_hidden(self, digest_id: str, hidden: bool) -> None:
        """Note whether a digest is a document of the library itself."""
        self._connection.execute("UPDATE editions SET hidden = ? WHERE digest_id = ?", (int(hidden), digest_id))

    def attached(self, digest_id: str) -> list[Attachment]:
        """Return what of a digest is attached to its original, in the digest's order."""
        query = "SELECT start, said, printed FROM attachments WHERE digest_id = ? ORDER BY start"
        return [
            Attachment(start, said, tuple(Printed(Span(a, b), damage) for a, b, damage in json.loads(printed)))
            for start, said, printed in self._connection.execute(query, (digest_id,))
        ]


def _as_json(attached: Attachment) -> str:
    return json.dumps([(place.span.start, place.span.end, place.damage) for place in attached.printed])
