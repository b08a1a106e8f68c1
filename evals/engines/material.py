"""What is measured on: the bundled documents, and larger collections made from them by a fixed seed.

No public collection of 200,000 passages ships with the program, so the large ones are synthetic. Passages are real
sentences in new company, and vectors are real ones moved by noise; both keep the vocabulary and the directions of
medical prose, neither says anything about the quality of answers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from corpus.bundled import bundled_files
from corpus.passages import passages
from corpus.readers import read_file
from corpus.sentences import sentences
from corpus.text import without_markup
from corpus.types import PassageKind
from index.embedder import Vectors
from index.lexical import LexicalEntry
from index.texts import embedding_text

SEED = 20261120
NOISE = 2.0
"""Length of the noise, as a multiple of the spread of the real vectors about their mean.

Less leaves lumps that any approximate index finds at once: at 0.5, IVF reaches recall@10 of 0.98 in 4 of 256 cells.
At 2 it needs 78 of 256, as it does (78 of 251) on 9,816 real abstracts of three public collections (docs/adr/0003).
"""

_SENTENCES_A_PASSAGE = (2, 5)
_WORDS_A_TITLE = 10
_WORDS_A_QUERY = (5, 10)
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Material:
    """The bundled documents as they are embedded, and their single sentences and section titles."""

    passages: tuple[str, ...]
    sentences: tuple[str, ...]
    sections: tuple[str, ...]


def bundled_material() -> Material:
    """Return the passages, sentences and section titles of the bundled documents."""
    documents = [read_file(path) for path in bundled_files()]
    cut = [(document, part) for document in documents for part in passages(document)]
    prose = [(document, part) for document, part in cut if part.kind is PassageKind.PROSE]
    return Material(
        passages=tuple(embedding_text(document, part) for document, part in cut),
        sentences=tuple(
            without_markup(span.of(document.text))
            for document, part in prose
            for span in sentences(document.text, part.start, part.end)
        ),
        sections=tuple(sorted({part.section for _, part in cut})),
    )


def made_entries(material: Material, count: int) -> list[LexicalEntry]:
    """Return passages of two to five sentences, each with a section title and the start of a sentence as its title.

    All are drawn at random. The four real titles would not do: each of their words would stand in a quarter of all.
    """
    draw = random.Random(SEED)
    entries = []
    for number in range(count):
        title = " ".join(draw.choice(material.sentences).split()[:_WORDS_A_TITLE])
        body = " ".join(draw.choices(material.sentences, k=draw.randint(*_SENTENCES_A_PASSAGE)))
        entries.append(LexicalEntry(number, title, title, draw.choice(material.sections), body))
    return entries


def made_queries(material: Material, count: int) -> list[str]:
    """Return queries of five to ten words that follow each other in some sentence."""
    draw = random.Random(SEED + 1)
    long_enough = [text.split() for text in material.sentences if len(text.split()) >= _WORDS_A_QUERY[1]]
    queries = []
    for _ in range(count):
        words, size = draw.choice(long_enough), draw.randint(*_WORDS_A_QUERY)
        start = draw.randint(0, len(words) - size)
        queries.append(" ".join(words[start : start + size]))
    return queries


def made_vectors(real: Vectors, count: int) -> Vectors:
    """Return `count` unit vectors: real ones drawn at random, each moved by noise of the real ones' own covariance.

    Noise alike in every direction would put all the copies of a vector at the same distance from it, which no text
    does and which no approximate index could sort.
    """
    draw = np.random.default_rng(SEED)
    spread = NOISE * (real - real.mean(axis=0)) / np.sqrt(len(real))
    made = np.empty((count, real.shape[1]), dtype=np.float32)
    for at in range(0, count, _ROWS_AT_ONCE):
        rows = min(_ROWS_AT_ONCE, count - at)
        noise = draw.standard_normal((rows, len(real)), dtype=np.float32) @ spread
        moved = real[draw.integers(len(real), size=rows)] + noise
        made[at : at + rows] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return made
