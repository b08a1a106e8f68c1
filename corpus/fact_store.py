"""How a library remembers the facts: each as JSON, with the places of its documents that say it.

Curated facts come with the program and are put in anew with every change. Extracted ones belong to their document, and
what a person decided on them is kept apart, so that it holds again whenever the same words are found again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from corpus.anchoring import Place

if TYPE_CHECKING:
    from corpus.extraction.found import Extracted
    from corpus.facts import AnyFact

Decision = Literal["accepted", "corrected", "rejected"]
PlacedFact = tuple[dict[str, Any], tuple[Place, ...]]
_OWN = ("id", "kind", "where", "origin")
"""Fields that no decision touches."""


class FactStore:
    """The facts of one catalogue, over its connection and within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, facts: Iterable[AnyFact]) -> None:
        """Keep these curated facts and no others; where they stand is to be told anew."""
        self._connection.execute("DELETE FROM fact_places")
        self._connection.execute("DELETE FROM facts")
        rows = [(fact.id, fact.kind, fact.model_dump_json()) for fact in facts]
        self._connection.executemany("INSERT INTO facts VALUES (?, ?, ?)", rows)

    def place(self, places: Iterable[Place]) -> None:
        """Keep where facts stand; a place of the same fact and side in the same document is replaced."""
        rows = [(p.fact_id, p.side, p.document_id, p.section, p.locator, p.start, p.end) for p in places]
        self._connection.executemany("INSERT OR REPLACE INTO fact_places VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def put_extracted(self, document_id: str, found: Iterable[Extracted]) -> None:
        """Keep what was found by rule in a document, in place of what was found there before."""
        self._connection.execute("DELETE FROM extracted WHERE document_id = ?", (document_id,))
        rows = [
            (f.fact.id, f.fingerprint, f.fact.kind, f.fact.model_dump_json(), document_id, *_where(f.place))
            for f in found
        ]
        self._connection.executemany("INSERT OR REPLACE INTO extracted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def count_extracted(self, document_id: str) -> int:
        """Return how many facts were found by rule in a document."""
        query = "SELECT count(*) FROM extracted WHERE document_id = ?"
        (count,) = self._connection.execute(query, (document_id,)).fetchone()
        return int(count)

    def rename(self, old: str, new: str) -> None:
        """Note another id of a document in what was found by rule in it; its rows have the new id already."""
        from corpus.extraction.found import fact_id  # here, because answering renames nothing

        query = "SELECT id, fingerprint, body FROM extracted WHERE document_id = ?"
        for identity, fingerprint, text in self._connection.execute(query, (new,)).fetchall():
            body = json.loads(text)
            body["id"] = fact_id(new, fingerprint)
            body["where"] = [{**where, "document": new} for where in body["where"]]
            row = (body["id"], json.dumps(body, ensure_ascii=False), identity)
            self._connection.execute("UPDATE extracted SET id = ?, body = ? WHERE id = ?", row)

    def of_kind(self, kind: str) -> list[PlacedFact]:
        """Return the facts of a kind that stand somewhere in the library, as plain data, each with its places.

        Curated ones come first. Of the extracted ones those that a person rejected are left out, and those that a
        person accepted or corrected are as that person left them.
        """
        return [*self._curated(kind), *self._extracted(kind)]

    def _curated(self, kind: str) -> list[PlacedFact]:
        query = """SELECT f.body, p.fact_id, p.side, p.document_id, p.section, p.locator, p.start, p."end"
                   FROM facts f JOIN fact_places p ON p.fact_id = f.id WHERE f.kind = ? ORDER BY f.id, p.side"""
        found: dict[str, tuple[dict[str, Any], list[Place]]] = {}
        for body, *place in self._connection.execute(query, (kind,)):
            found.setdefault(place[0], (json.loads(body), []))[1].append(Place(*place))
        return [(body, tuple(places)) for body, places in found.values()]

    def _extracted(self, kind: str) -> list[PlacedFact]:
        query = """SELECT e.body, r.decision, r.changes, e.id, 0, e.document_id, e.section, e.locator, e.start, e."end"
                   FROM extracted e LEFT JOIN reviews r ON r.fingerprint = e.fingerprint
                   WHERE e.kind = ? AND r.decision IS NOT 'rejected' ORDER BY e.document_id, e.start, e.id"""
        return [
            (_decided(json.loads(body), decision, changes), (Place(*place),))
            for body, decision, changes, *place in self._connection.execute(query, (kind,))
        ]

    # --- what a person decided ---

    def find_extracted(self, beginning: str) -> list[tuple[dict[str, Any], str]]:
        """Return the extracted facts whose ids begin so, as they stand after a decision, each with its fingerprint."""
        query = """SELECT e.body, r.decision, r.changes, e.fingerprint
                   FROM extracted e LEFT JOIN reviews r ON r.fingerprint = e.fingerprint
                   WHERE substr(e.id, 1, ?) = ? ORDER BY e.id"""
        rows = self._connection.execute(query, (len(beginning), beginning))
        return [(_decided(json.loads(body), decision, changes), mark) for body, decision, changes, mark in rows]

    def decide(self, fingerprint: str, decision: Decision, body: dict[str, Any]) -> None:
        """Keep a decision on an extracted fact, in place of an earlier one; `body` is the fact as it is to stand."""
        changes = {key: value for key, value in body.items() if key not in _OWN}
        row = (fingerprint, decision, json.dumps(changes, ensure_ascii=False), _now())
        self._connection.execute("INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?)", row)

    def undecide(self, fingerprint: str) -> None:
        """Forget the decision on an extracted fact."""
        self._connection.execute("DELETE FROM reviews WHERE fingerprint = ?", (fingerprint,))

    def decisions(self) -> dict[str, int]:
        """Return how many decisions of each sort are kept."""
        return dict(self._connection.execute("SELECT decision, count(*) FROM reviews GROUP BY decision"))


def _decided(body: dict[str, Any], decision: Decision | None, changes: str | None) -> dict[str, Any]:
    """Return an extracted fact as a person left it; one that was rejected stays as it was found."""
    if decision is None or decision == "rejected" or changes is None:
        return body
    own = {key: body[key] for key in _OWN}
    return {**own, **json.loads(changes), "reviewed": decision}


def _where(place: Place) -> tuple[str, str, int, int]:
    return place.section, place.locator, place.start, place.end


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
