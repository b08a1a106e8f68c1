"""One change of a library on its way to its commit: what came in is embedded and put into both indexes first.

Until the catalogue's transaction ends, nobody finds any of it: the catalogue doesn't know the ids, the manifest doesn't
name the files. Vectors settle here when there are enough of them (`index.settling`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.types import Document, Passage
from index.embedder import BATCH, Embedder
from index.incoming import Cut, Numbered, numbered
from index.lexical import LexicalEntry, LexicalIndex
from index.manifest import Manifest
from index.passage_vectors import open_fresh
from index.settled import SettledFiles
from index.settling import is_due, settle
from index.texts import embedding_text, passage_text, prose_sentences
from index.vectors import VectorIndex

Arrived = tuple[list[Numbered], list[tuple[int, int, bytes]]]
"""Documents with their numbered passages, and their sentence vectors as the catalogue keeps them."""


class Change:
    """A change that starts from the state of a manifest and becomes the next one."""

    def __init__(self, path: Path, lexical: LexicalIndex, embedder: Embedder, base: Manifest, first_id: int) -> None:
        self._path = path
        self._lexical = lexical
        self._embedder = embedder
        self._base = base
        self.first_id = self._next_id = first_id
        self._vectors = open_fresh(path, base) if base.passages else VectorIndex(base.dimensions)
        self._settled: SettledFiles | None = base.settled
        self._number = base.generation + 1
        self._passages = base.passages

    def take_in(self, batch: Sequence[Cut], progress: Callable[[int], None]) -> Arrived:
        """Embed documents and put them into both indexes; call `progress` with the passages embedded so far."""
        arriving = numbered(batch, self._next_id)
        texts = [embedding_text(item.document, part) for item, parts in arriving for part in parts]
        for at in range(0, len(texts), BATCH):
            some = texts[at : at + BATCH]
            first = self._next_id + at
            self._vectors.add(range(first, first + len(some)), self._embedder.embed(some))
            progress(at + len(some))
        self._next_id += len(texts)
        self._passages += len(texts)
        sentence_vectors = self._sentence_vectors(arriving)
        self._lexical.change((), (lexical_entry(item.document, part) for item, parts in arriving for part in parts))
        return arriving, sentence_vectors

    def take_out(self, ids: set[int]) -> None:
        """Leave out the vectors of passages that are to go."""
        self._vectors = self._vectors.without(ids)
        self._settled = self._settled.without(ids) if self._settled else None
        self._passages -= len(ids)

    def settle_if_due(self) -> bool:
        """Let fresh vectors settle if there are enough of them, and return whether they did."""
        if not is_due(len(self._vectors), self._settled):
            return False
        superseded = set(self._settled.names if self._settled else ()) - set(self._base.files)
        self._settled = settle(self._path, self._number, self._vectors, self._settled)
        self._vectors = VectorIndex(self._base.dimensions)
        self._number += 1
        for name in superseded - set(self._settled.names):  # of this very change, so nobody reads it
            (self._path / name).unlink(missing_ok=True)
        return True

    def write(self) -> Manifest:
        """Write the vectors that have not settled, and return the manifest that will name them."""
        self._vectors.write(self._path / f"vectors-{self._number}.faiss")
        update = {"generation": self._number, "settled": self._settled, "passages": self._passages}
        return self._base.model_copy(update=update).summed(self._path)

    def _sentence_vectors(self, arriving: Sequence[Numbered]) -> list[tuple[int, int, bytes]]:
        """Return a vector for each sentence of prose, as the catalogue keeps it."""
        found = [
            (part.id, span.start, text)
            for item, parts in arriving
            for part in parts
            for span, text in prose_sentences(item.document, part)
        ]
        vectors = self._embedder.embed([text for _, _, text in found]).astype("<f2")
        return [(i, start, vector.tobytes()) for (i, start, _), vector in zip(found, vectors, strict=True)]


def lexical_entry(document: Document, passage: Passage) -> LexicalEntry:
    """Return what the word index takes of a passage."""
    return LexicalEntry(
        passage.id, document.id, document.source.title, passage.section, passage_text(document, passage)
    )
