"""Changing a library: one writer at a time, and at every moment either the old state or the new one.

The order makes that so. New passages go to tantivy and to new vector files under ids that the catalogue doesn't
know yet, so searches ignore them; the SQLite transaction makes them count; removals from tantivy and the old
vector files follow. Whatever a killed writer left is cleared by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

from corpus.bundled import bundled_hash
from corpus.catalogue import Catalogue
from corpus.edition_store import Edition
from corpus.errors import UnknownDocumentError
from corpus.passages import passages
from index.change import Arrived, Change, lexical_entry
from index.embedder import Embedder
from index.files import disk_errors
from index.incoming import Cut, Incoming, as_edited, batches
from index.knowledge import Knowledge
from index.lexical import LexicalEntry, LexicalIndex
from index.library import MANIFEST_KEY
from index.manifest import Manifest
from index.vocabulary import forget_label_terms, install

MOST_REINDEXED = 5_000
"""Passages of a library whose word index is made anew after a removal; that of a larger one sheds words as it grows."""

Progress = Callable[[int, int], None]
"""Called with the passages embedded so far and how many there are in all."""

_STRAYS = ("vectors-*.faiss", "cells-*.faiss", "rows-*.npy", ".*.part", ".manifest.*")
"""Files that count only if the manifest names them."""


class Writer:
    """The one writer of a library. Make it with `open_writer`."""

    def __init__(self, path: Path, catalogue: Catalogue, lexical: LexicalIndex, embedder: Embedder) -> None:
        self._path = path
        self.catalogue = catalogue
        self._lexical = lexical
        self._embedder = embedder
        self._knowledge = Knowledge(catalogue, path)
        stored = catalogue.get(MANIFEST_KEY)
        self.manifest = (
            Manifest.read(stored)
            if stored
            else Manifest(model=embedder.name, model_hash=embedder.weights_hash, dimensions=embedder.dimensions)
        )

    def recover(self) -> None:
        """Clear what a killed writer left: passages that were never committed, files that nobody names."""
        owed, stale = self.catalogue.owed_removals(), self.catalogue.edits.stale_passages()
        if owed or stale:
            self._lexical.change([*owed, *stale], self._entries(stale))
        with self.catalogue.transaction():
            self.catalogue.settle()
        for file in (file for pattern in _STRAYS for file in self._path.glob(pattern)):
            if file.name not in self.manifest.files:
                file.unlink(missing_ok=True)
        if self.manifest.generation:
            self.manifest.mirror(self._path)

    def _entries(self, passage_ids: Sequence[int]) -> Iterator[LexicalEntry]:
        """Yield what is indexed of stored passages."""
        document = lru_cache(maxsize=1)(self.catalogue.document)
        for part in self.catalogue.passages(passage_ids).values():
            yield lexical_entry(document(part.document_id), part)

    @property
    def path(self) -> Path:
        """Return the library's folder."""
        return self._path

    def known_id(self, document_id: str) -> str:
        """Return the id of the document of the library that has this id or had it before.

        Raises:
            UnknownDocumentError: there is none, or it is a digest that is here for its original's sake only.
        """
        found = self.catalogue.edits.current_id(document_id)
        if found is None:
            raise UnknownDocumentError(
                f"The library holds no document {document_id!r}; `posology list` shows the ids that it holds."
            )
        for edition in self.catalogue.editions.all():
            if edition.hidden and edition.digest_id == found:
                raise UnknownDocumentError(
                    f"{document_id!r} is here for {edition.original_id!r} only; name that one instead."
                )
        return found

    def add(
        self,
        incoming: Sequence[Incoming],
        progress: Progress = lambda done, total: None,
        *,
        curated: bool = True,
    ) -> int:
        """Add documents, replacing those that they name, and return how many passages were added.

        With `curated` a document that a bundled digest describes becomes that digest's original.

        Raises:
            StorageError: the disk is full; documents committed before that stay, the rest is as it was.
        """
        self._knowledge.check()
        items = self._knowledge.with_digests(incoming) if curated else incoming
        items = [self._knowledge.examined(as_edited(item, self.catalogue)) for item in items]
        cut = [(item, passages(item.document)) for item in items]
        total = sum(len(parts) for _, parts in cut)
        done = 0
        for batch in batches(cut):
            before = done
            done += self._commit(batch, (), partial(_shifted, progress, before, total))
        return total

    def remove(self, document_id: str) -> int:
        """Remove a document and return how many passages went with it.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        document_id = self.known_id(document_id)
        if any(edition.digest_id == document_id for edition in self.catalogue.editions.all()):
            self.hide(document_id, True)
            return len(self.catalogue.passage_ids(document_id))
        before = self.manifest.passages
        self._commit((), (document_id,), lambda _: None)
        return before - self.manifest.passages

    def scrub(self) -> bool:
        """Leave no copy of what was removed or replaced; False if a reader needs it yet: the next writer tries anew.

        The word index holds no sentences, but words: those of what was removed go too where that takes no longer than
        about a second.
        """
        if not self.catalogue.scrubbing.is_owed:
            return True
        passage_ids = self.catalogue.passage_ids()
        if len(passage_ids) <= MOST_REINDEXED:
            self._lexical.change(passage_ids, self._entries(passage_ids))
        return self.catalogue.scrubbing.run()

    def hide(self, digest_id: str, hidden: bool) -> None:
        """Take a digest out of the list of documents, where it stays for its original's sake, or put it back."""
        with disk_errors(self._path), self.catalogue.transaction():
            self.catalogue.editions.set_hidden(digest_id, hidden)
            self.manifest = self.manifest.model_copy(update={"documents": self.catalogue.count_documents()})
            self.catalogue.set(MANIFEST_KEY, self.manifest.model_dump_json())
        self.manifest.mirror(self._path)

    def is_unrecognised(self, document_id: str) -> bool:
        """Return whether a document of the library is the original of a digest and not known to be."""
        known = {edition.original_id for edition in self.catalogue.editions.all()}
        there = self.catalogue.find_id(document_id)
        if document_id in known or there is None or there[1] != "added":
            return False
        digest = self._knowledge.digest_of(self.catalogue.document(document_id))
        return digest is not None and digest.id not in {edition.digest_id for edition in self.catalogue.editions.all()}

    def rebuild(self, progress: Progress = lambda done, total: None) -> int:
        """Cut every document anew, find its facts, make both indexes from the catalogue; return how many passages.

        It is one transaction that takes in a batch at a time, so that memory does not grow with the library.
        """
        self._knowledge.check()
        base = Manifest(
            model=self._embedder.name,
            model_hash=self._embedder.weights_hash,
            dimensions=self._embedder.dimensions,
            generation=self.manifest.generation,
            bundled_hash=self.manifest.bundled_hash,
        )
        total = sum(len(parts) for _, parts in self._all_anew())
        with disk_errors(self._path):
            change = self._change(base, total)
            editions, done = self.catalogue.editions.all(), 0
            with self.catalogue.transaction():
                self._knowledge.refresh()
                for batch in batches(self._all_anew()):
                    arrived = change.take_in(batch, partial(_shifted, progress, done, total))
                    self._put(arrived, [item.document.id for item, _ in batch], editions)
                    change.settle_if_due()
                    done += sum(len(parts) for _, parts in batch)
                manifest = self._note(change.write())
            self.manifest = manifest
            self._lexical.keep(change.first_id, change.first_id + total - 1)
            self.recover()
        return total

    def _all_anew(self) -> Iterator[Cut]:
        """Yield every document as it is to come in again, in place of itself."""
        editions = self.catalogue.editions.all()
        digests = {edition.original_id: edition.digest_id for edition in editions}
        hidden = {edition.digest_id for edition in editions if edition.hidden}
        for entry in self.catalogue.entries(hidden=True):
            document = self.catalogue.document(entry.id)
            item = Incoming(
                document,
                entry.origin,
                document.id,
                entry.added_at,
                digest=digests.get(document.id),
                hidden=document.id in hidden,
            )
            yield self._knowledge.examined(item), passages(document)

    def learn(self, files: Sequence[Path]) -> None:
        """Take a user's vocabulary files into the library; facts are found by their names from then on.

        Raises:
            VocabularyError: a file is malformed; none of them is kept then.
        """
        install(files, self._path)
        self._knowledge = Knowledge(self.catalogue, self._path)
        with disk_errors(self._path), self.catalogue.transaction():
            self._knowledge.refresh()
        self._save(self.manifest)

    def find_facts(self, document_ids: Iterable[str]) -> None:
        """Find facts anew in documents of the library, for instance because names are known that were not before."""
        with disk_errors(self._path), self.catalogue.transaction():
            self._knowledge.extract_again(document_ids)

    def mark_bundled(self) -> None:
        """Bring facts and vocabulary up to date, and note that this version's bundle is in.

        What is noted here is not put in again, so bundled documents that were removed stay away.
        """
        with disk_errors(self._path), self.catalogue.transaction():
            self._knowledge.refresh()
            self._knowledge.attach(self.catalogue.editions.all())
        self._save(self.manifest.model_copy(update={"bundled_hash": bundled_hash()}))

    def _commit(self, batch: Sequence[Cut], removed: Sequence[str], progress: Callable[[int], None]) -> int:
        """Bring in a batch and take documents out, in one step that a crash can't split."""
        gone = [*removed, *(item.replaces for item, _ in batch if item.replaces)]
        gone += self._knowledge.lost_with(gone, (item for item, _ in batch))
        count = sum(len(parts) for _, parts in batch)
        with disk_errors(self._path):
            change = self._change(self.manifest, count)
            change.take_out({i for document_id in gone for i in self.catalogue.passage_ids(document_id)})
            arrived = change.take_in(batch, progress)
            change.settle_if_due()
            manifest, editions = change.write(), self.catalogue.editions.all()
            with self.catalogue.transaction():
                if gone:
                    self.catalogue.scrubbing.owe()
                self._put(arrived, gone, editions)
                manifest = self._note(manifest)
            self.manifest = manifest
            self.recover()
        return count

    def _change(self, base: Manifest, count: int) -> Change:
        with self.catalogue.transaction():
            first_id = self.catalogue.reserve_ids(count)
        return Change(self._path, self._lexical, self._embedder, base, first_id)

    def _put(self, arrived: Arrived, gone: Sequence[str], editions: Sequence[Edition]) -> None:
        """Let documents go and others take their place in the catalogue; `editions` are those of before."""
        arriving, sentence_vectors = arrived
        for document_id in gone:
            self.catalogue.delete(document_id)
        for item, parts in arriving:
            self.catalogue.insert(item.document, parts, item.origin, item.added_at)
            if item.replaces and item.own:
                self.catalogue.edits.carry_over(item.replaces, item.document.id, item.own)
        self.catalogue.edits.forget_gone()
        forget_label_terms(self.catalogue)
        self.catalogue.add_sentence_vectors(sentence_vectors)
        self._knowledge.refresh()
        self._knowledge.keep_editions(editions, (item for item, _ in arriving), gone)
        self._knowledge.extract(arriving)

    def _note(self, manifest: Manifest) -> Manifest:
        """Keep the manifest that names what now counts; within a transaction."""
        manifest = manifest.model_copy(update={"documents": self.catalogue.count_documents()})
        self.catalogue.set(MANIFEST_KEY, manifest.model_dump_json())
        return manifest

    def _save(self, manifest: Manifest) -> None:
        with disk_errors(self._path), self.catalogue.transaction():
            self.catalogue.set(MANIFEST_KEY, manifest.model_dump_json())
        self.manifest = manifest
        manifest.mirror(self._path)


def _shifted(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)
