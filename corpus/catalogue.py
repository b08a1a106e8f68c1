"""The catalogue: one SQLite file that holds a library's documents and passages, and is the truth about them.

Both search indexes can be rebuilt from it, and its transaction is the commit point of every change. A catalogue
object belongs to the thread that opened it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus import migrations
from corpus.edit_store import EditStore
from corpus.edition_store import NOT_HIDDEN, EditionStore
from corpus.errors import LibraryError, OlderLibraryError, StorageError, UnknownDocumentError
from corpus.fact_store import FactStore
from corpus.scrubbing import Scrubbing
from corpus.storage import PASSAGE, STRUCTURE, connect, passage_of, source_of, structure_of, unreadable
from corpus.types import Document, Passage, Source

_MOST_VARIABLES = 500  # per statement, below every SQLite build's limit


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of documents."""

    id: str
    source: Source
    format: str
    origin: str
    sha256: str
    path: str | None
    added_at: str
    passages: int
    characters: int
    former_ids: tuple[str, ...] = ()
    former_titles: tuple[str, ...] = ()


class Catalogue:
    """Documents and passages of one library. Open it with `Catalogue.open`, close it when done."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.editions = EditionStore(connection)
        self.fact_store = FactStore(connection)
        self.edits = EditStore(connection)
        self.scrubbing = Scrubbing(connection)
        self.kept_copy: Path | None = None

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Catalogue:
        """Open the catalogue at `path`; with `write` it is created or migrated as needed.

        What is migrated is first copied to a file beside it, `kept_copy`, which goes with the next removal's scrub.

        Raises:
            LibraryError: there is none, it is damaged, or another version of the program made it.
        """
        try:
            connection = connect(path, write)
            if migrations.is_newer(connection):
                raise LibraryError(
                    f"{path.parent} was made by a newer version of Posology; upgrade Posology to open it."
                )
            copy = None
            if write:
                copy = migrations.keep_copy(connection, path)
                migrations.migrate(connection)
            elif migrations.is_older(connection):
                raise OlderLibraryError(
                    f"{path.parent} was made by an older version of Posology; "
                    f"run `posology doctor --migrate --library {path.parent}` to update it."
                )
        except sqlite3.OperationalError as error:
            if not write:
                raise unreadable(path, error) from error
            raise StorageError(
                f"The library {path.parent} cannot be written ({error}); free some disk space and try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise unreadable(path, error) from error
        catalogue = cls(connection)
        catalogue.kept_copy = copy
        return catalogue

    def close(self) -> None:
        """Close the connection; the write-ahead log is emptied when nobody else reads."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside the block at once, or nothing.

        Raises:
            StorageError: the disk is full or the file cannot be written; nothing was changed.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            raise StorageError(
                f"The library cannot be written ({error}); free some disk space and try again."
            ) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    # --- values by key ---

    def get(self, key: str) -> str | None:
        """Return the value kept under `key`, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def compiled(self, name: str, source_hash: str) -> str | None:
        """Return the compiled data `name` if it was made from the source with this hash, else None."""
        query = "SELECT body FROM compiled WHERE name = ? AND source_hash = ?"
        row = self._connection.execute(query, (name, source_hash)).fetchone()
        return None if row is None else str(row[0])

    def set_compiled(self, name: str, source_hash: str, body: str) -> None:
        """Keep compiled data."""
        self._connection.execute("INSERT OR REPLACE INTO compiled VALUES (?, ?, ?)", (name, source_hash, body))

    # --- documents ---

    def entries(self, *, hidden: bool = False) -> list[Entry]:
        """Return all documents, bundled ones first, without their texts; with `hidden` also the hidden digests."""
        query = f"""
            SELECT d.id, d.source, d.format, d.origin, d.sha256, d.path, d.added_at,
                   (SELECT count(*) FROM passages p WHERE p.document_id = d.id), length(d.text)
            FROM documents d WHERE {"TRUE" if hidden else NOT_HIDDEN} ORDER BY d.origin DESC, d.added_at, d.id"""
        former = self.edits.former()
        entries = [Entry(row[0], source_of(row[1]), *row[2:]) for row in self._connection.execute(query)]
        return [
            replace(entry, former_ids=former[entry.id].ids, former_titles=former[entry.id].titles)
            if entry.id in former
            else entry
            for entry in entries
        ]

    def sources(self, origin: str) -> list[tuple[str, Source]]:
        """Return the id and bibliographic description of each document of an origin; no text is read for it."""
        rows = self._connection.execute("SELECT id, source FROM documents WHERE origin = ?", (origin,))
        return [(row[0], source_of(row[1])) for row in rows]

    def length(self, document_id: str) -> int:
        """Return how many characters a document has, 0 if there is none of that id."""
        query = "SELECT length(text) FROM documents WHERE id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        return 0 if row is None else int(row[0])

    def document(self, document_id: str) -> Document:
        """Return a document with its text and structure, by its id or one that it had before.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        query = "SELECT id, source, text, format, sha256, structure, path FROM documents WHERE id = ?"
        row = self._connection.execute(query, (document_id,)).fetchone()
        if row is None and (renamed := self.edits.current_id(document_id)):
            return self.document(renamed)
        if row is None:
            raise UnknownDocumentError(
                f"The library holds no document {document_id!r}; `posology list` shows the ids that it holds."
            )
        identity, source, text, form, sha256, structure, path = row
        return Document(identity, source_of(source), text, form, sha256, **structure_of(structure), path=path)

    def find_content(self, sha256: str) -> str | None:
        """Return the id of the document whose stored text has this hash, or None."""
        row = self._connection.execute("SELECT id FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else str(row[0])

    def find_id(self, document_id: str) -> tuple[str | None, str] | None:
        """Return the path and origin of a document, or None if there is no such id."""
        query = "SELECT path, origin FROM documents WHERE id = ?"
        row: tuple[str | None, str] | None = self._connection.execute(query, (document_id,)).fetchone()
        return row

    def insert(self, document: Document, passages: Sequence[Passage], origin: str, added_at: str | None = None) -> None:
        """Store a document and its passages, which carry their ids already."""
        structure = {key: [asdict(part) for part in getattr(document, key)] for key in STRUCTURE}
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source.title,
                json.dumps(asdict(document.source), ensure_ascii=False),
                document.format,
                document.sha256,
                origin,
                document.path,
                added_at or datetime.now(UTC).isoformat(timespec="seconds"),
                json.dumps(structure, ensure_ascii=False),
                document.text,
            ),
        )
        self._connection.executemany(
            f"INSERT INTO passages ({PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    p.id,
                    p.document_id,
                    p.ordinal,
                    str(p.kind),
                    p.start,
                    p.end,
                    p.section,
                    p.locator,
                    p.table,
                    p.row,
                )
                for p in passages
            ],
        )

    def delete(self, document_id: str) -> list[int]:
        """Delete a document and return its passages' ids, which are noted as still to leave the lexical index."""
        ids = self.passage_ids(document_id)
        self._connection.executemany("INSERT OR IGNORE INTO removed_ids VALUES (?)", [(i,) for i in ids])
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))
        return ids

    # --- passages ---

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return the passages with these ids; ids that the catalogue doesn't know are left out."""
        found: dict[int, Passage] = {}
        for at in range(0, len(ids), _MOST_VARIABLES):
            some = [int(i) for i in ids[at : at + _MOST_VARIABLES]]
            marks = ",".join("?" * len(some))
            query = f"SELECT {PASSAGE} FROM passages WHERE id IN ({marks})"
            found.update((row[0], passage_of(row)) for row in self._connection.execute(query, some))
        return found

    def known_passages(self, ids: Sequence[int]) -> frozenset[int]:
        """Return those of the ids that are passages of the catalogue."""
        found: list[int] = []
        for at in range(0, len(ids), _MOST_VARIABLES):
            some = [int(i) for i in ids[at : at + _MOST_VARIABLES]]
            marks = ",".join("?" * len(some))
            found.extend(
                row[0] for row in self._connection.execute(f"SELECT id FROM passages WHERE id IN ({marks})", some)
            )
        return frozenset(found)

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return a document's passages in reading order."""
        query = f"SELECT {PASSAGE} FROM passages WHERE document_id = ? ORDER BY ordinal"
        return [passage_of(row) for row in self._connection.execute(query, (document_id,))]

    def passage_at(self, document_id: str, start: int) -> Passage | None:
        """Return the passage of a document that holds the offset `start`, or None."""
        query = f"""SELECT {PASSAGE} FROM passages WHERE document_id = ? AND start <= ? AND "end" > ? LIMIT 1"""
        row = self._connection.execute(query, (document_id, start, start)).fetchone()
        return None if row is None else passage_of(row)

    def first_rows(self, document_id: str) -> dict[int, Passage]:
        """Return the first row's passage of each table of a document, by the table's number."""
        query = f"""SELECT {PASSAGE} FROM passages WHERE document_id = ? AND table_no IS NOT NULL
                    ORDER BY ordinal DESC"""
        return {row[8]: passage_of(row) for row in self._connection.execute(query, (document_id,))}

    def passage_ids(self, document_id: str | None = None) -> list[int]:
        """Return the ids of all passages, or of one document's, in ascending order."""
        query, values = "SELECT id FROM passages ORDER BY id", ()
        if document_id is not None:
            query, values = "SELECT id FROM passages WHERE document_id = ? ORDER BY id", (document_id,)  # type: ignore[assignment]
        return [row[0] for row in self._connection.execute(query, values)]

    def passages_in(self, document_ids: Sequence[str]) -> list[int]:
        """Return the ids of the passages of any of these documents, in ascending order."""
        query = """SELECT p.id FROM (SELECT DISTINCT value AS id FROM json_each(?)) asked
                   CROSS JOIN passages p ON p.document_id = asked.id"""
        return sorted(row[0] for row in self._connection.execute(query, (json.dumps(list(document_ids)),)))

    def count_documents(self) -> int:
        """Return how many documents there are, hidden digests left out."""
        (count,) = self._connection.execute(f"SELECT count(*) FROM documents d WHERE {NOT_HIDDEN}").fetchone()
        return int(count)

    def holds_passages(self) -> bool:
        """Return whether there is any passage."""
        return self._connection.execute("SELECT 1 FROM passages LIMIT 1").fetchone() is not None

    def counts(self) -> tuple[int, int]:
        """Return how many documents there are, hidden digests left out, and how many passages in all, counted."""
        (passages,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        return self.count_documents(), int(passages)

    # --- sentence vectors ---

    def add_sentence_vectors(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        """Keep vectors as bytes, each with its passage's id and its sentence's offset."""
        self._connection.executemany("INSERT OR REPLACE INTO sentence_vectors VALUES (?, ?, ?)", rows)

    def sentence_vectors(self, passage_ids: Sequence[int]) -> list[tuple[int, int, bytes]]:
        """Return the passages' sentence vectors as (passage id, offset, bytes)."""
        found: list[tuple[int, int, bytes]] = []
        for at in range(0, len(passage_ids), _MOST_VARIABLES):
            some = [int(i) for i in passage_ids[at : at + _MOST_VARIABLES]]
            marks = ",".join("?" * len(some))
            query = f"SELECT passage_id, start, vector FROM sentence_vectors WHERE passage_id IN ({marks})"
            found.extend(self._connection.execute(query, some))
        return found

    # --- what the indexes still owe ---

    def reserve_ids(self, count: int) -> int:
        """Reserve `count` passage ids that were never used before and return the first."""
        first = int(self.get("next_passage_id") or 1)
        if count == 0:
            return first
        self.set("next_passage_id", str(first + count))
        self._connection.execute("INSERT INTO reserved_ids VALUES (?, ?)", (first, first + count - 1))
        return first

    def owed_removals(self) -> list[int]:
        """Return the ids to be taken out of the lexical index: removed ones, and those a dead writer left."""
        removed = [row[0] for row in self._connection.execute("SELECT id FROM removed_ids")]
        for first, last in self._connection.execute("SELECT first, last FROM reserved_ids").fetchall():
            known = self._connection.execute("SELECT id FROM passages WHERE id BETWEEN ? AND ?", (first, last))
            removed.extend(set(range(first, last + 1)) - {row[0] for row in known})
        return sorted(set(removed))

    def hold(self) -> None:
        """From now on read the state that is committed now, whatever others commit later."""
        self._roll_back()
        self._connection.execute("BEGIN")
        self.get("")

    def settle(self) -> None:
        """Note that the lexical index owes nothing any more."""
        self.edits.settle()
        self._connection.execute("DELETE FROM removed_ids")
        self._connection.execute("DELETE FROM reserved_ids")
