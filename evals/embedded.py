"""Vectors of a collection's texts, kept in a file by their content: embedding is what takes long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embedder import BATCH, Embedder, Vectors

Progress = Callable[[int, int], None]


def cached_vectors(texts: Sequence[str], embedder: Embedder, cache: Path, progress: Progress) -> Vectors:
    """Return the texts' vectors, from a file named by their content if these texts were embedded before."""
    digest = hashlib.sha256(embedder.weights_hash.encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    file = cache / "embeddings" / f"{digest.hexdigest()[:32]}.npy"
    if file.is_file():
        return np.asarray(np.load(file), dtype=np.float32)
    vectors = np.zeros((len(texts), embedder.dimensions), dtype=np.float32)
    step = 8 * BATCH
    for at in range(0, len(texts), step):
        vectors[at : at + step] = embedder.embed(texts[at : at + step])
        progress(min(at + step, len(texts)), len(texts))
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".part.npy")
    np.save(temporary, vectors)
    temporary.replace(file)
    return vectors
