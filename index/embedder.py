"""Text → unit vectors. The same model two ways: exported to ONNX (fast to load), or sentence-transformers itself.

Both give the same vectors (cosine ≥ 0.9999, tested on the bundled passages), so a library doesn't care which one
made it: its manifest names the model and the hash of its weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.model_export import (
    OUTPUT,
    ExportedModel,
    exported,
    load_sentence_transformer,
    model_folder,
    weights_hash,
)

Vectors = npt.NDArray[np.float32]

BATCH = 32
"""Texts that are embedded between two reports of progress, and at once by sentence-transformers."""

EXPORT_BATCH = 4
"""Texts that the export embeds at once: larger batches are slower for it (docs/adr/0002)."""


class Embedder(Protocol):
    """Anything that turns texts into unit vectors of one length."""

    name: str
    weights_hash: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions) whose rows have length 1."""
        ...


class OnnxEmbedder:
    """The exported model, run by onnxruntime and tokenizers."""

    def __init__(self, model: ExportedModel, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(model.longest)
        self._tokenizer.enable_padding()
        self.name = model.name
        self.weights_hash = model.weights_hash
        self.dimensions = model.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order."""
        result = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch in _batches_by_length(texts):
            encoded = self._tokenizer.encode_batch([texts[i] for i in batch])
            ids = np.array([e.ids for e in encoded], dtype=np.int64)
            mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
            result[batch] = self._session.run([OUTPUT], {"input_ids": ids, "attention_mask": mask})[0]
        return result


class SentenceTransformerEmbedder:
    """The reference implementation: slow to load, used where no export can be kept."""

    def __init__(self, name: str, cache: Path) -> None:
        folder = model_folder(name)
        self._model = load_sentence_transformer(folder)
        self.name = name
        self.weights_hash = weights_hash(folder, cache)
        self.dimensions = int(self.embed([""]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order."""
        if not len(texts):
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


class LazyEmbedder:
    """An embedder that is loaded when it is first used; what it is called is known without loading it.

    Questions that need no search (an empty one, a listing) never pay for the model.
    """

    def __init__(self, name: str, digest: str, dimensions: int, load: Callable[[], Embedder]) -> None:
        self.name = name
        self.weights_hash = digest
        self.dimensions = dimensions
        self._load = load
        self._loaded: Embedder | None = None
        self._lock = Lock()

    def start(self) -> None:
        """Begin to load the model beside whatever else there is to do; an error comes with the first use."""
        Thread(target=self._try).start()  # no daemon: one that is cut off in native code aborts the process

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order, loading the model on the first call."""
        return self._ready().embed(texts)

    def _ready(self) -> Embedder:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _try(self) -> None:
        with suppress(Exception):
            self._ready()


def load_embedder(name: str, cache: Path, threads: int = 0, notify: Callable[[str], None] = lambda _: None) -> Embedder:
    """Return the embedder for a model: the export, made now if need be, or the model itself with a warning.

    Raises:
        LibraryError: the model is not on this machine.
    """
    try:
        model = exported(name, cache, notify)
    except OSError as error:
        warnings.warn(
            f"The model cache {cache} cannot be written ({error.strerror}); answers start slowly until it can.",
            stacklevel=2,
        )
        return SentenceTransformerEmbedder(name, cache)
    return LazyEmbedder(model.name, model.weights_hash, model.dimensions, lambda: OnnxEmbedder(model, threads))


def _batches_by_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield index lists of texts of like length, so that little of a batch is padding."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for at in range(0, len(order), EXPORT_BATCH):
        yield order[at : at + EXPORT_BATCH]
