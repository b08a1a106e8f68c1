"""A library on disk, opened for reading: its catalogue, its two indexes, its vocabulary, its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.anchoring import Place
from corpus.catalogue import Catalogue
from corpus.errors import LibraryError
from corpus.passages import is_sentence
from corpus.terms import Mention, Vocabulary, load_vocabulary
from corpus.types import Document, Passage, PassageKind, Span
from index.editions import Editions
from index.embedder import Embedder, Vectors
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.passage_vectors import PassageVectors
from index.portrait import Portrait, portrait
from index.rows import Ids
from index.texts import passage_text, prose_sentences
from index.vocabulary import compiled_vocabulary

CATALOGUE = "catalogue.sqlite"
LEXICAL = "lexical"
MANIFEST_KEY = "manifest"
FAMILY = "family "
"""What the mark of a family of synonyms begins with; no stem holds a space."""

_CACHED_DOCUMENTS = 64
_CACHED_PLACES = 4096
_CACHED_TEXTS = 16384
_CACHED_CHOICES = 4


class Library:
    """An open library. It is a snapshot of what was committed when it was opened; close it when done."""

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        manifest: Manifest,
        lexical: LexicalIndex,
        vectors: PassageVectors,
        embedder: Embedder,
    ) -> None:
        self.path = path
        self.catalogue = catalogue
        self.manifest = manifest
        self.lexical = lexical
        self.vectors = vectors
        self.embedder = embedder
        self.document = lru_cache(maxsize=_CACHED_DOCUMENTS)(catalogue.document)
        self.query_vector = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._query_vector)
        self.parts = lru_cache(maxsize=_CACHED_PLACES)(self._parts)
        self.stems = lru_cache(maxsize=_CACHED_TEXTS)(self._stems)
        self.document_stems = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._document_stems)
        self.portrait = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._portrait)
        self.mentions = lru_cache(maxsize=_CACHED_TEXTS)(self._mentions)
        self.frequency = lru_cache(maxsize=_CACHED_TEXTS)(lexical.document_frequency)
        self.facts = lru_cache(maxsize=None)(self._facts)
        self.passages_of = lru_cache(maxsize=_CACHED_DOCUMENTS)(catalogue.passages_of)
        self.passages_in = lru_cache(maxsize=_CACHED_CHOICES)(self._passages_in)
        self.passage_at = lru_cache(maxsize=_CACHED_PLACES)(catalogue.passage_at)
        self.editions = Editions(catalogue.editions)
        self._first_rows = lru_cache(maxsize=_CACHED_DOCUMENTS)(catalogue.first_rows)
        self.documents: frozenset[str] | None = None
        self.only = lru_cache(maxsize=_CACHED_CHOICES)(self._only)
        self._vocabulary: Vocabulary | None = None
        self._families: dict[str, str] | None = None

    @classmethod
    def open(cls, path: Path, embedder: Embedder) -> Library:
        """Open the library in `path` for reading; a folder that can't be written opens too.

        Raises:
            LibraryError: there is no library, or another version or model made it, or a file of it is damaged.
        """
        if not is_library(path):
            raise LibraryError(f"There is no library in {path}; run `posology add --library {path} PATH` to make one.")
        catalogue = Catalogue.open(path / CATALOGUE)
        try:
            catalogue.hold()
            manifest = read_manifest(catalogue, path)
            while True:
                manifest.check(embedder, path)
                opened = manifest
                try:
                    vectors = PassageVectors.read(path, manifest)
                    lexical = LexicalIndex(path / LEXICAL, catalogue.owed_removals())
                    if len(lexical) < manifest.passages:
                        raise LibraryError(
                            f"The word index in {path} has lost passages; run `posology doctor --rebuild` to make it "
                            "anew."
                        )
                except LibraryError:
                    catalogue.hold()
                    manifest = read_manifest(catalogue, path)
                    if manifest == opened:
                        raise
                    continue
                # A writer may have committed in between: then what was opened is of two states.
                catalogue.hold()
                manifest = read_manifest(catalogue, path)
                if manifest == opened:
                    return cls(path, catalogue, manifest, lexical, vectors, embedder)
        except BaseException:
            catalogue.close()
            raise

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the library's vocabulary, from the copy compiled into the catalogue where that is fresh."""
        if self._vocabulary is None:
            self._vocabulary = load_vocabulary(compiled_vocabulary(self.catalogue))
        return self._vocabulary

    def first_row(self, document_id: str, table: int) -> Passage | None:
        """Return the passage of a table's first citable row, or None if the table has none."""
        return self._first_rows(document_id).get(table)

    def with_families(self, stems: Iterable[str]) -> frozenset[str]:
        """Return stems together with a mark for each family of synonyms that one of them belongs to."""
        if self._families is None:
            single = ((word, family) for word, family in self.vocabulary.equivalents.items() if " " not in word)
            self._families = {self.lexical.words(word)[0]: f"{FAMILY}{family}" for word, family in single}
        families = self._families
        own = frozenset(stems)
        return own | {families[stem] for stem in own if stem in families}

    def _only(self, documents: tuple[str, ...] | None) -> Library:
        """Return the same library with no fact of any other document than these; None stands for all of them.

        What is found in it is narrowed by `Filters`; `may_use` says of any document whether it is one of these.
        """
        if documents is None:
            return self
        self.vocabulary  # noqa: B018 - loaded once, for both
        narrowed = copy(self)
        narrowed.documents = frozenset(documents)
        narrowed.facts = lru_cache(maxsize=None)(narrowed._facts)
        return narrowed

    def may_use(self, document_id: str) -> bool:
        """Return whether a document may answer: in a narrowed library only those that it was narrowed to."""
        return self.documents is None or document_id in self.documents or self.current_id(document_id) in self.documents

    def current_id(self, document_id: str) -> str:
        """Return the id of the document that has this id or had it before; what no document had stays as it is."""
        return self.catalogue.edits.current_id(document_id) or document_id

    def has_title(self, document: Document, title: str) -> bool:
        """Return whether a document has a title or had it before."""
        return title == document.source.title or self.catalogue.edits.had_title(document.id, title)

    def _facts(self, kind: str) -> list[tuple[dict[str, Any], tuple[Place, ...]]]:
        """Return the facts of a kind with the places that may answer, as plain data; none without such a place."""

        def answers(document_id: str, start: int) -> bool:
            is_left_out = self.documents is not None and document_id not in self.documents
            return not is_left_out and self.editions.answers(document_id, start)

        found = (
            (body, tuple(place for place in places if answers(place.document_id, place.start)))
            for body, places in self.catalogue.fact_store.of_kind(kind)
        )
        return [(body, places) for body, places in found if places]

    def _passages_in(self, documents: tuple[str, ...]) -> Ids:
        """Return the ids of the passages of these documents, in ascending order."""
        return np.array(self.catalogue.passages_in(documents), dtype=np.int64)

    def _query_vector(self, text: str) -> Vectors:
        """Return the unit vector of a text, of shape (dimensions,)."""
        vector: Vectors = self.embedder.embed([text])[0]
        return vector

    def sentence_cosines(self, query: str, passage_ids: Sequence[int]) -> dict[tuple[int, int], float]:
        """Return how near each sentence of prose in the passages is to a query, by passage id and offset."""
        rows = self.catalogue.sentence_vectors(passage_ids)
        if not rows:
            return {}
        vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f2").reshape(len(rows), -1)
        cosines = vectors.astype(np.float32) @ self.query_vector(query)
        return {(i, start): float(cosine) for (i, start, _), cosine in zip(rows, cosines, strict=True)}

    def nearest_sentences(self, query: str, passage_ids: Sequence[int]) -> dict[int, float]:
        """Return of each passage that holds prose how near its nearest sentence is to a query."""
        nearest: dict[int, float] = {}
        for (i, _), cosine in self.sentence_cosines(query, passage_ids).items():
            nearest[i] = max(cosine, nearest.get(i, -1.0))
        return nearest

    def _parts(self, passage: Passage) -> tuple[tuple[Span, str], ...]:
        """Return the sentences of a passage, or the whole of one that is no prose, each with its text to be read."""
        document = self.document(passage.document_id)
        if passage.kind is PassageKind.PROSE:
            return tuple((span, text) for span, text in prose_sentences(document, passage) if is_sentence(text))
        return ((Span(passage.start, passage.end), passage_text(document, passage)),)

    def _stems(self, text: str) -> frozenset[str]:
        """Return the words of a text as indexed, with marks for their families; kept for texts read before."""
        return self.with_families(self.lexical.words(text))

    def _document_stems(self, document_id: str) -> frozenset[str]:
        """Return the words of a document as indexed, without families."""
        return frozenset(self.lexical.words(self.document(document_id).text))

    def _portrait(self, document_id: str) -> Portrait:
        """Return what a document tells of itself."""
        return portrait(self.document(document_id), self.passages_of(document_id), self.mentions, self.vocabulary)

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the concepts that a text names; kept for texts read before."""
        return tuple(self.vocabulary.find(text))

    def close(self) -> None:
        """Close the catalogue and the files of vectors."""
        self.document.cache_clear()
        self.vectors.close()
        self.catalogue.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_library(path: Path) -> bool:
    """Return whether `path` holds a library."""
    return (path / CATALOGUE).is_file()


def read_manifest(catalogue: Catalogue, path: Path) -> Manifest:
    """Return the manifest that was committed last.

    Raises:
        LibraryError: there is none: the library was never completed.
    """
    stored = catalogue.get(MANIFEST_KEY)
    if stored is None:
        raise LibraryError(f"The library in {path} was never completed; add documents with `posology add`.")
    return Manifest.read(stored)
