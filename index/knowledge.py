"""What the program knows beforehand, in one library: its facts, its vocabulary, and the editions of its digests.

Everything here is written within a transaction of the writer's; nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from corpus.anchoring import places
from corpus.bundled import bundled_files
from corpus.catalogue import Catalogue
from corpus.edition_store import Edition
from corpus.editions import attachments, is_edition
from corpus.facts import load_facts
from corpus.passages import passages
from corpus.readers import read_file
from corpus.terms import Vocabulary, load_vocabulary
from corpus.types import Document
from corpus.vocabulary_files import compile_vocabulary, source_hash
from index.incoming import Incoming
from index.library import VOCABULARY_KEY


class Knowledge:
    """The program's knowledge, to be brought into the library of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._facts = load_facts()

    @cached_property
    def _digests(self) -> tuple[Document, ...]:
        return tuple(read_file(path) for path in bundled_files())

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return load_vocabulary(compile_vocabulary())

    def refresh(self) -> None:
        """Bring facts and vocabulary in, each fact with the places that say it now."""
        self._catalogue.fact_store.put(self._facts)
        for document_id in {anchor.document for fact in self._facts for anchor in fact.where}:
            if self._catalogue.find_id(document_id) is not None:
                parts = self._catalogue.passages_of(document_id)
                self._catalogue.fact_store.place(places(self._facts, self._catalogue.document(document_id), parts))
        if self._catalogue.compiled(VOCABULARY_KEY, source_hash()) is None:
            self._catalogue.set_compiled(VOCABULARY_KEY, source_hash(), compile_vocabulary())

    def with_digests(self, incoming: Sequence[Incoming]) -> Iterator[Incoming]:
        """Yield the documents, each original with its digest's id and after that digest, if it is not there yet.

        Of two originals of one digest the first stays its original.
        """
        originals = {edition.digest_id: edition.original_id for edition in self._catalogue.editions.all()}
        known = {item.document.id for item in incoming}
        for item in incoming:
            digest = self._digest_of(item) if item.origin == "added" else None
            if digest is None or originals.get(digest.id, item.replaces) != item.replaces:
                yield item
                continue
            originals[digest.id] = item.document.id
            if digest.id not in known and self._catalogue.find_id(digest.id) is None:
                yield Incoming(digest, "bundled", hidden=True)
            # What a copy gives as its title may be a rubric ("Article in press"); the digest's was read by a person.
            yield replace(item, digest=digest.id, document=replace(item.document, source=digest.source))

    def _digest_of(self, item: Incoming) -> Document | None:
        digests = (digest for digest in self._digests if digest.sha256 != item.document.sha256)
        return next((digest for digest in digests if is_edition(self._facts, digest, item.document)), None)

    def keep_editions(self, before: Iterable[Edition], batch: Iterable[Incoming], gone: Iterable[str]) -> None:
        """Attach the digests to the originals that came in, and those anew of which either side was replaced.

        `before` are the editions as they were; an edition of which a side is gone for good is forgotten.
        """
        items = list(batch)
        changed = {*gone, *(item.document.id for item in items)}
        hidden = {item.document.id for item in items if item.hidden}
        wanted = {e.digest_id: e for e in before if e.digest_id in changed or e.original_id in changed}
        for item in items:
            if item.digest is not None:
                known = wanted.get(item.digest)
                is_hidden = known.hidden if known else item.digest in hidden
                wanted[item.digest] = Edition(item.digest, item.document.id, is_hidden)
        self.attach(wanted.values())

    def attach(self, editions: Iterable[Edition]) -> None:
        """Keep editions, with what of each digest its original bears out."""
        for edition in editions:
            if self._catalogue.find_id(edition.digest_id) and self._catalogue.find_id(edition.original_id):
                digest = self._catalogue.document(edition.digest_id)
                original = self._catalogue.document(edition.original_id)
                found = attachments(self._facts, digest, passages(digest), original, self._vocabulary)
                self._catalogue.editions.put(edition, found)
