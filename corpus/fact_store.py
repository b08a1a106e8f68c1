"""How a library remembers the facts: each as JSON, with the places of its documents that say it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from corpus.anchoring import Place

if TYPE_CHECKING:
    from corpus.facts import AnyFact


class FactStore:
    """The facts of one catalogue, over its connection and within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, facts: Iterable[AnyFact]) -> None:
        """Keep these facts and no others; where they stand is to be told anew."""
        self._connection.execute("DELETE FROM fact_places")
        self._connection.execute("DELETE FROM facts")
        rows = [(fact.id, fact.kind, fact.model_dump_json()) for fact in facts]
        self._connection.executemany("INSERT INTO facts VALUES (?, ?, ?)", rows)

    def place(self, places: Iterable[Place]) -> None:
        """Keep where facts stand; a place of the same fact and side in the same document is replaced."""
        rows = [(p.fact_id, p.side, p.document_id, p.section, p.locator, p.start, p.end) for p in places]
        self._connection.executemany("INSERT OR REPLACE INTO fact_places VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def of_kind(self, kind: str) -> list[tuple[dict[str, Any], tuple[Place, ...]]]:
        """Return the facts of a kind that stand somewhere in the library, as plain data, each with its places."""
        query = """SELECT f.body, p.fact_id, p.side, p.document_id, p.section, p.locator, p.start, p."end"
                   FROM facts f JOIN fact_places p ON p.fact_id = f.id WHERE f.kind = ? ORDER BY f.id, p.side"""
        found: dict[str, tuple[dict[str, Any], list[Place]]] = {}
        for body, *place in self._connection.execute(query, (kind,)):
            found.setdefault(place[0], (json.loads(body), []))[1].append(Place(*place))
        return [(body, tuple(places)) for body, places in found.values()]
