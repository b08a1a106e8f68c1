"""Changing a library: one writer at a time, and at every moment either the old state or the new one.

The order makes that so. New passages go to tantivy and to a new vector file under ids that the catalogue doesn't
know yet, so searches ignore them; the SQLite transaction makes them count; removals from tantivy and the old
vector file follow. Whatever a killed writer left is cleared by the next one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.anchoring import places
from corpus.bundled import bundled_hash
from corpus.catalogue import Catalogue
from corpus.errors import LibraryBusyError, StorageError, UnknownDocumentError
from corpus.facts import load_facts
from corpus.passages import passages
from corpus.types import Document, Passage
from corpus.vocabulary_files import compile_vocabulary, source_hash
from index.embedder import BATCH, Embedder
from index.lexical import LexicalEntry, LexicalIndex
from index.library import CATALOGUE, LEXICAL, MANIFEST_KEY, VOCABULARY_KEY, open_vectors
from index.manifest import Manifest, checksum
from index.texts import embedding_text, passage_text, prose_sentences
from index.vectors import VectorIndex

PASSAGES_A_COMMIT = 2_000
"""Passages after which an import commits: bounds memory, and what is lost when it is killed."""

Progress = Callable[[int, int], None]
"""Called with the passages embedded so far and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document on its way in; `replaces` is the id of the one that it takes the place of."""

    document: Document
    origin: str
    replaces: str | None = None


class Writer:
    """The one writer of a library. Make it with `open_writer`."""

    def __init__(self, path: Path, catalogue: Catalogue, lexical: LexicalIndex, embedder: Embedder) -> None:
        self._path = path
        self.catalogue = catalogue
        self._lexical = lexical
        self._embedder = embedder
        self._facts = load_facts()
        stored = catalogue.get(MANIFEST_KEY)
        self.manifest = (
            Manifest.model_validate_json(stored)
            if stored
            else Manifest(model=embedder.name, model_hash=embedder.weights_hash, dimensions=embedder.dimensions)
        )

    def recover(self) -> None:
        """Clear what a killed writer left: passages that were never committed, files that nobody names."""
        owed = self.catalogue.owed_removals()
        if owed:
            self._lexical.change(owed, ())
        with self.catalogue.transaction():
            self.catalogue.settle()
        for file in [*self._path.glob("vectors-*.faiss"), *self._path.glob(".*.part")]:
            if file.name != self.manifest.vector_file:
                file.unlink(missing_ok=True)

    def add(self, incoming: Sequence[Incoming], progress: Progress = lambda done, total: None) -> int:
        """Add documents, replacing those that they name, and return how many passages were added.

        Raises:
            StorageError: the disk is full; documents committed before that stay, the rest is as it was.
        """
        cut = [(item, passages(item.document)) for item in incoming]
        total = sum(len(parts) for _, parts in cut)
        done = 0
        for batch in _batches(cut):
            before = done
            done += self._commit(batch, (), partial(_shifted, progress, before, total))
        return total

    def remove(self, document_id: str) -> int:
        """Remove a document and return how many passages went with it.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        if self.catalogue.find_id(document_id) is None:
            raise UnknownDocumentError(
                f"The library holds no document {document_id!r}; `posology list` shows the ids that it holds."
            )
        before = self.manifest.passages
        self._commit((), (document_id,), lambda _: None)
        return before - self.manifest.passages

    def rebuild(self, progress: Progress = lambda done, total: None) -> int:
        """Cut every document anew and make both indexes from the catalogue; return the number of passages."""
        documents = [(entry, self.catalogue.document(entry.id)) for entry in self.catalogue.entries()]
        self.manifest = Manifest(
            model=self._embedder.name,
            model_hash=self._embedder.weights_hash,
            dimensions=self._embedder.dimensions,
            generation=self.manifest.generation,
            bundled_hash=self.manifest.bundled_hash,
        )
        cut = [(Incoming(document, entry.origin, document.id), passages(document)) for entry, document in documents]
        total = sum(len(parts) for _, parts in cut)
        self._commit(cut, (), lambda n: progress(n, total), from_nothing=True)
        return total

    def mark_bundled(self) -> None:
        """Bring facts and vocabulary up to date, and note that this version's bundle is in.

        What is noted here is not put in again, so bundled documents that were removed stay away.
        """
        anchored = {anchor.document for fact in self._facts for anchor in fact.where}
        with _disk_errors(self._path), self.catalogue.transaction():
            self.catalogue.set_facts(self._facts)
            for document_id in anchored:
                if self.catalogue.find_id(document_id) is not None:
                    parts = self.catalogue.passages_of(document_id)
                    self.catalogue.add_places(places(self._facts, self.catalogue.document(document_id), parts))
            self.catalogue.set_compiled(VOCABULARY_KEY, source_hash(), compile_vocabulary())
        self._save(self.manifest.model_copy(update={"bundled_hash": bundled_hash()}))

    def _commit(
        self,
        batch: Sequence[tuple[Incoming, tuple[Passage, ...]]],
        removed: Sequence[str],
        progress: Callable[[int], None],
        from_nothing: bool = False,
    ) -> int:
        """Bring in a batch and take documents out, in one step that a crash can't split."""
        texts = [embedding_text(item.document, part) for item, parts in batch for part in parts]
        vectors = VectorIndex(self._embedder.dimensions)
        gone = [*removed, *(item.replaces for item, _ in batch if item.replaces)]
        with _disk_errors(self._path):
            with self.catalogue.transaction():
                next_id = self.catalogue.reserve_ids(len(texts))
            numbered = _numbered(batch, next_id)
            gone_ids = {i for document_id in gone for i in self.catalogue.passage_ids(document_id)}
            if not from_nothing:
                vectors = open_vectors(self._path, self.manifest).without(gone_ids)
            for at in range(0, len(texts), BATCH):
                some = texts[at : at + BATCH]
                vectors.add(range(next_id + at, next_id + at + len(some)), self._embedder.embed(some))
                progress(at + len(some))
            sentence_vectors = self._sentence_vectors(numbered)
            self._lexical.change((), (_entry(item.document, part) for item, parts in numbered for part in parts))
            generation = self.manifest.generation + 1
            file = self._path / f"vectors-{generation}.faiss"
            vectors.write(file)
            with self.catalogue.transaction():
                for document_id in gone:
                    self.catalogue.delete(document_id)
                for item, parts in numbered:
                    self.catalogue.insert(item.document, parts, item.origin)
                    self.catalogue.add_places(places(self._facts, item.document, parts))
                self.catalogue.add_sentence_vectors(sentence_vectors)
                self.catalogue.set_facts(self._facts)
                documents, count = self.catalogue.counts()
                update = {"generation": generation, "documents": documents, "passages": count}
                manifest = self.manifest.model_copy(update={**update, "checksums": {file.name: checksum(file)}})
                self.catalogue.set(MANIFEST_KEY, manifest.model_dump_json())
                self.catalogue.set_compiled(VOCABULARY_KEY, source_hash(), compile_vocabulary())
            self.manifest = manifest
            self.recover()
            manifest.mirror(self._path)
        return len(texts)

    def _sentence_vectors(self, numbered: Sequence[tuple[Incoming, Sequence[Passage]]]) -> list[tuple[int, int, bytes]]:
        """Return a vector for each sentence of prose, as the catalogue keeps it."""
        found = [
            (part.id, span.start, text)
            for item, parts in numbered
            for part in parts
            for span, text in prose_sentences(item.document, part)
        ]
        vectors = self._embedder.embed([text for _, _, text in found]).astype("<f2")
        return [(i, start, vector.tobytes()) for (i, start, _), vector in zip(found, vectors, strict=True)]

    def _save(self, manifest: Manifest) -> None:
        with _disk_errors(self._path), self.catalogue.transaction():
            self.catalogue.set(MANIFEST_KEY, manifest.model_dump_json())
        self.manifest = manifest
        manifest.mirror(self._path)


@contextmanager
def open_writer(path: Path, embedder: Embedder, *, any_model: bool = False) -> Iterator[Writer]:
    """Open the library in `path` for writing, made if there is none, and clear leftovers of a killed writer.

    `any_model` opens a library of another model or format, to rebuild it.

    Raises:
        LibraryBusyError: another process is writing; names it.
        LibraryError: another model or version made the library.
        StorageError: the folder can't be made or written.
    """
    with _disk_errors(path):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _only_writer(path):
            old_mask = os.umask(0o077)
            try:
                catalogue = Catalogue.open(path / CATALOGUE, write=True)
                try:
                    writer = Writer(path, catalogue, LexicalIndex.create(path / LEXICAL), embedder)
                    if not any_model:
                        writer.manifest.check(embedder, path)
                    writer.recover()
                    yield writer
                finally:
                    catalogue.close()
            finally:
                os.umask(old_mask)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    holder = path / ".writer.json"
    lock = FileLock(path / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusyError(
            f"{_who(holder)} is writing to the library {path}; wait until it has finished and try again."
        ) from error
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        data = json.loads(holder.read_text(encoding="utf-8"))
        return f"Process {int(data['pid'])} (since {data['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another process"


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"The library {path} cannot be written ({reason}); free some disk space or choose another folder, "
            "and try again."
        ) from error


def _shifted(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _batches(
    cut: Iterable[tuple[Incoming, tuple[Passage, ...]]],
) -> Iterator[list[tuple[Incoming, tuple[Passage, ...]]]]:
    batch: list[tuple[Incoming, tuple[Passage, ...]]] = []
    size = 0
    for item, parts in cut:
        batch.append((item, parts))
        size += len(parts)
        if size >= PASSAGES_A_COMMIT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _numbered(
    batch: Sequence[tuple[Incoming, tuple[Passage, ...]]], first: int
) -> list[tuple[Incoming, list[Passage]]]:
    numbered = []
    for item, parts in batch:
        numbered.append((item, [replace(part, id=first + n) for n, part in enumerate(parts)]))
        first += len(parts)
    return numbered


def _entry(document: Document, passage: Passage) -> LexicalEntry:
    return LexicalEntry(
        passage.id, document.id, document.source.title, passage.section, passage_text(document, passage)
    )
