"""What the benchmark of size is made of: real texts with their real vectors, and beyond them what is made from those.

A passage is three real sentences drawn by a fixed seed. Its vector is that of a real sentence or abstract, another one
for each passage while they last; later ones are such vectors moved by noise of the real ones' own covariance. Nothing
is embedded while a library is built: the number that its section bears as a title says which vector a passage has.
"""

from __future__ import annotations

import hashlib
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.sentences import sentences
from corpus.types import Block, BlockKind, Document, Section, Source
from evals.beir import read_set
from evals.embedded import Progress, cached_vectors
from index.embedder import Embedder, Vectors

SEED = 20261121
NOISE = 1.0
"""Length of the noise, as a multiple of the spread of the real vectors about their mean. docs/adr/0018 says why 1."""

PASSAGES_A_DOCUMENT = 25
_SENTENCES_A_PASSAGE = 3
_MOST_CHARACTERS = 600  # of a passage, so that none is cut in two
_BLOCK = 16_384  # made vectors that are drawn together

_NUMBER = re.compile(r"Record (\d+)\. ")


@dataclass(frozen=True)
class Material:
    """Real sentences, the vectors of real texts (unit length, in a shuffled order), and real questions."""

    sentences: tuple[str, ...]
    rows: dict[str, int]  # which vector a sentence has
    vectors: Vectors
    questions: tuple[str, ...]


def read_material(folders: Sequence[Path], embedder: Embedder, cache: Path, progress: Progress) -> Material:
    """Return the material of BEIR folders, each with its split behind a colon ("scifact:train").

    Abstracts and their sentences are embedded once and kept in the cache.

    Raises:
        UnreadableFileError: a folder is no BEIR folder, or has no such split.
    """
    vectors: dict[str, Vectors] = {}
    single: dict[str, None] = {}
    questions: list[str] = []
    for folder in folders:
        name, _, split = folder.name.partition(":")
        found = read_set(folder.with_name(name), split or "test")
        whole = [". ".join(part for part in document if part) for document in found.documents.values()]
        cut = [span.of(text) for _, text in found.documents.values() for span in sentences(text, 0, len(text))]
        for texts in (whole, cut):
            vectors.update(zip(texts, cached_vectors(texts, embedder, cache, progress), strict=True))
        single.update(dict.fromkeys(text for text in cut if len(text) <= _MOST_CHARACTERS // 2))
        questions += found.queries.values()
    order = list(vectors)
    random.Random(SEED).shuffle(order)
    random.Random(SEED).shuffle(questions)
    rows = {text: row for row, text in enumerate(order) if text in single}
    return Material(tuple(single), rows, np.stack([vectors[text] for text in order]), tuple(questions))


class MadeEmbedder:
    """Gives every passage its vector by its number; calls itself by the name of the model that made the real ones."""

    def __init__(self, material: Material, model: Embedder) -> None:
        self.name, self.weights_hash, self.dimensions = model.name, model.weights_hash, model.dimensions
        self._material = material
        centred = material.vectors[:: max(1, len(material.vectors) // 20_000)]
        covariance = np.cov(centred.T) + 1e-9 * np.eye(self.dimensions)
        self._spread: Vectors = NOISE * np.linalg.cholesky(covariance).T.astype(np.float32)
        self._block: tuple[int, Vectors] = (-1, centred[:0])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors that belong to texts, of shape (n, dimensions)."""
        found = [self._of(text) for text in texts]
        return np.stack(found) if found else np.zeros((0, self.dimensions), dtype=np.float32)

    def _of(self, text: str) -> Vectors:
        real = self._material.vectors
        number = _NUMBER.match(text)
        if number is None:
            row = self._material.rows.get(text, zlib.crc32(text.encode()) % len(real))
            vector: Vectors = real[row]
            return vector
        return self.vector(int(number[1]))

    def vector(self, number: int) -> Vectors:
        """Return the vector of a passage: a real one as long as there are any left."""
        if number < len(self._material.vectors):
            vector: Vectors = self._material.vectors[number]
            return vector
        block = number // _BLOCK
        if self._block[0] != block:
            draw = np.random.default_rng((SEED, block))
            real = self._material.vectors[draw.integers(len(self._material.vectors), size=_BLOCK)]
            moved = real + draw.standard_normal((_BLOCK, self.dimensions), dtype=np.float32) @ self._spread
            self._block = (block, moved / np.linalg.norm(moved, axis=1, keepdims=True))
        made: Vectors = self._block[1][number % _BLOCK]
        return made


def made_documents(material: Material, first: int, count: int) -> Iterator[Document]:
    """Yield documents that hold the passages numbered from `first` on, `count` in all."""
    for start in range(first, first + count, PASSAGES_A_DOCUMENT):
        yield made_document(material, start, min(PASSAGES_A_DOCUMENT, first + count - start))


def made_document(material: Material, first: int, count: int) -> Document:
    """Return a document of `count` numbered passages, each in a section of its own."""
    draw = random.Random(SEED + first)
    sections: list[Section] = []
    blocks: list[Block] = []
    text = ""
    for number in range(first, first + count):
        title, body = f"Record {number}", _body(material, draw)
        start, at = len(text), len(text) + len(title) + 2
        text += f"{title}\n\n{body}\n\n"
        sections.append(Section((title,), 1, start, len(text)))
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(body)))
    name = " ".join(draw.choice(material.sentences).split()[:10])
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source(name, year=1990 + first // PASSAGES_A_DOCUMENT % 36)
    return Document(f"made-{first}", source, text, "text", digest, tuple(sections), (), tuple(blocks))


def _body(material: Material, draw: random.Random) -> str:
    body = draw.choice(material.sentences)
    for _ in range(_SENTENCES_A_PASSAGE - 1):
        more = f"{body} {draw.choice(material.sentences)}"
        body = more if len(more) <= _MOST_CHARACTERS else body
    return body
