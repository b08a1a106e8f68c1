"""What the program knows beforehand, in one library: its facts, its vocabulary, and the editions of its digests.

Everything here is written within a transaction of the writer's; nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from corpus.anchoring import places
from corpus.bundled import bundled_files
from corpus.catalogue import Catalogue
from corpus.edition_store import Edition
from corpus.editions import attachments, is_edition
from corpus.extract import Extractor
from corpus.facts import load_facts
from corpus.passages import passages
from corpus.readers import read_file
from corpus.repair import repairs
from corpus.terms import Vocabulary, load_vocabulary
from corpus.types import Document
from corpus.user_terms import Terms
from corpus.vocabulary_files import compile_vocabulary
from index.incoming import Incoming, Numbered
from index.vocabulary import compiled_vocabulary, keep_label_terms, keep_terms, read_own_terms


class Knowledge:
    """The program's knowledge, to be brought into the library of one catalogue."""

    def __init__(self, catalogue: Catalogue, library: Path) -> None:
        self._catalogue = catalogue
        self._library = library
        self._facts = load_facts()
        self._extractor = lru_cache(maxsize=1)(lambda compiled: Extractor(load_vocabulary(compiled)))

    @cached_property
    def _digests(self) -> tuple[Document, ...]:
        return tuple(read_file(path) for path in bundled_files())

    @cached_property
    def _own_terms(self) -> Terms:
        return read_own_terms(self._library)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return load_vocabulary(compiled_vocabulary(self._catalogue))

    def check(self) -> None:
        """Read the library's own vocabulary files before anything is done.

        Raises:
            VocabularyError: one of them is malformed.
        """
        if any(self._own_terms.values()):
            compile_vocabulary(more=self._own_terms)

    def refresh(self) -> None:
        """Bring facts and vocabulary in, each fact with the places that say it now."""
        self._catalogue.fact_store.put(self._facts)
        for document_id in {anchor.document for fact in self._facts for anchor in fact.where}:
            if self._catalogue.find_id(document_id) is not None:
                parts = self._catalogue.passages_of(document_id)
                self._catalogue.fact_store.place(places(self._facts, self._catalogue.document(document_id), parts))
        keep_terms(self._catalogue, self._own_terms)

    def extract(self, arrived: Iterable[Numbered]) -> None:
        """Find facts by rule in the documents that came in, where no curated ones stand for them."""
        items = list(arrived)
        keep_label_terms(self._catalogue, (item.document for item, _ in items))
        keep_terms(self._catalogue, self._own_terms)
        extractor = self._extractor(compiled_vocabulary(self._catalogue))
        for item, parts in items:
            if item.origin == "added" and item.digest is None:
                found = extractor.facts(item.document, parts)
                self._catalogue.fact_store.put_extracted(item.document.id, found)

    def extract_again(self, document_ids: Iterable[str]) -> None:
        """Find facts by rule anew in documents that are here already, with the vocabulary as it is now."""
        originals = {edition.original_id for edition in self._catalogue.editions.all()}
        extractor = self._extractor(compiled_vocabulary(self._catalogue))
        for identity in document_ids:
            there = self._catalogue.find_id(identity)
            if there is not None and there[1] == "added" and identity not in originals:
                found = extractor.facts(self._catalogue.document(identity), self._catalogue.passages_of(identity))
                self._catalogue.fact_store.put_extracted(identity, found)

    def with_digests(self, incoming: Sequence[Incoming]) -> Iterator[Incoming]:
        """Yield the documents, each original with its digest's id and after that digest, if it is not there yet.

        Of two originals of one digest the first stays its original. A document of the user's own that has a digest's
        id keeps it, and then there is no edition.
        """
        originals = {edition.digest_id: edition.original_id for edition in self._catalogue.editions.all()}
        known = {item.document.id for item in incoming if item.origin == "bundled"}
        for item in incoming:
            digest = self.digest_of(item.document) if item.origin == "added" else None
            there = self._catalogue.find_id(digest.id) if digest else None
            is_others = there is not None and there[1] != "bundled"
            if digest is None or is_others or originals.get(digest.id, item.replaces) != item.replaces:
                yield item
                continue
            originals[digest.id] = item.document.id
            if digest.id not in known and there is None:
                yield Incoming(digest, "bundled", hidden=True)
            yield replace(item, digest=digest.id, document=_described_as(digest, item.document))

    def examined(self, item: Incoming) -> Incoming:
        """Return a document on its way in with the damage of its print; what ships with the program has none."""
        if item.origin == "bundled":
            return item
        return replace(item, document=replace(item.document, repairs=repairs(item.document, self._vocabulary)))

    def digest_of(self, document: Document) -> Document | None:
        """Return the bundled digest that describes a document, or None."""
        digests = (digest for digest in self._digests if digest.sha256 != document.sha256)
        return next((digest for digest in digests if is_edition(self._facts, digest, document)), None)

    def lost_with(self, gone: Iterable[str], batch: Iterable[Incoming]) -> list[str]:
        """Return the hidden digests that nothing needs any more once documents are gone and others came in."""
        items = list(batch)
        leaving = set(gone) - {item.document.id for item in items if item.digest is not None}
        kept = {item.digest for item in items}
        editions = self._catalogue.editions.all()
        return [e.digest_id for e in editions if e.hidden and e.original_id in leaving and e.digest_id not in kept]

    def keep_editions(self, before: Iterable[Edition], batch: Iterable[Incoming], gone: Iterable[str]) -> None:
        """Attach the digests to the originals that came in, and those anew that were themselves replaced.

        `before` are the editions as they were. One whose original was replaced by something else is forgotten.
        """
        items = list(batch)
        arrived = {item.document.id: item for item in items}
        wanted = {e.digest_id: e for e in before if e.digest_id in arrived and e.original_id not in arrived}
        for item in items:
            if item.digest is not None:
                known = next((e for e in before if e.digest_id == item.digest), None)
                wanted[item.digest] = Edition(item.digest, item.document.id, known.hidden if known else False)
        for digest_id, edition in wanted.items():
            if digest := arrived.get(digest_id):
                wanted[digest_id] = replace(edition, hidden=digest.hidden)
        self.attach(wanted.values())

    def attach(self, editions: Iterable[Edition]) -> None:
        """Keep editions, with what of each digest its original bears out."""
        for edition in editions:
            if self._catalogue.find_id(edition.digest_id) and self._catalogue.find_id(edition.original_id):
                digest = self._catalogue.document(edition.digest_id)
                original = self._catalogue.document(edition.original_id)
                found = attachments(self._facts, digest, passages(digest), original, self._vocabulary)
                self._catalogue.editions.put(edition, found)


def _described_as(digest: Document, original: Document) -> Document:
    """Return an original with its digest's bibliographic description, under an id of its own.

    What a copy gives as its title may be a rubric ("Article in press"); the digest's was read by a person.
    """
    identity = f"{original.id}-original" if original.id == digest.id else original.id
    return replace(original, id=identity, source=digest.source)
