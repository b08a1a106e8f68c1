"""What the tests share: a quick fake embedder, the real one, and a library of the bundled documents made once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from assistant.importing import import_files
from corpus.bundled import bundled_files
from corpus.readers import document_from_text
from corpus.types import Document
from index.embedder import Embedder, Vectors, load_embedder
from index.library import Library
from index.model_export import DEFAULT_MODEL
from index.writing import open_writer

CACHE = Path(os.environ.get("POSOLOGY_CACHE") or platformdirs.user_cache_dir("posology"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of raw bytes by its place: archives hold the time, so no two processes would agree."""
    return argname if isinstance(val, bytes) else None


class WordEmbedder:
    """A fake model: a text's vector is the normalised sum of its words' hashed directions."""

    name = "words"
    weights_hash = "0123456789abcdef"
    dimensions = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in [*text.lower().split(), "."]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row] += np.random.default_rng(seed).normal(size=self.dimensions)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def word_embedder() -> Embedder:
    return WordEmbedder()


@pytest.fixture(scope="session")
def real_embedder() -> Embedder:
    return load_embedder(DEFAULT_MODEL, CACHE)


@pytest.fixture(scope="session")
def bundled_path(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Path:
    path = tmp_path_factory.mktemp("bundled") / "library"
    with open_writer(path, real_embedder) as writer:
        import_files(writer, bundled_files(), origin="bundled")
        writer.mark_bundled()
    return path


@pytest.fixture
def bundled(bundled_path: Path, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(bundled_path, real_embedder) as library:
        yield library


def make_document(text: str, name: str = "note") -> Document:
    return document_from_text(text, fallback_id=name)
