import errno
import hashlib
import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.errors import LibraryError
from index.model_export import DEFAULT_MODEL, exported, model_folder, weights_hash

WEIGHTS = b"ninety megabytes, in spirit"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name, data in {"modules.json": b"[]", "tokenizer.json": b"{}", "model.safetensors": WEIGHTS}.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the tracing of a model, which takes half a minute, and note each time that it was asked for."""
    made: list[Path] = []

    def write_onnx(source: Path, target: Path) -> tuple[int, int]:
        made.append(source)
        target.write_bytes(b"onnx")
        return 384, 256

    monkeypatch.setattr("index.model_export._write_onnx", write_onnx)
    return made


def test_a_model_is_exported_once(model: Path, cache: Path, exports: list[Path]) -> None:
    notes: list[str] = []
    first = exported(str(model), cache, notes.append)
    second = exported(str(model), cache, notes.append)
    assert exports == [model]
    assert len(notes) == 1
    assert second == first
    assert (first.dimensions, first.longest) == (384, 256)
    assert sorted(file.name for file in first.folder.iterdir()) == ["export.json", "model.onnx", "tokenizer.json"]


def test_two_programs_that_start_together_make_one_export(
    model: Path, cache: Path, exports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def long_awaited(path: Path) -> FileLock:
        """The other program has the lock first, and its export is finished when we get it."""
        monkeypatch.setattr("index.model_export.FileLock", FileLock)
        exported(str(model), cache)
        return FileLock(path)

    monkeypatch.setattr("index.model_export.FileLock", long_awaited)
    assert (exported(str(model), cache).folder / "model.onnx").is_file()
    assert exports == [model]


def test_other_weights_make_another_export(model: Path, cache: Path, exports: list[Path]) -> None:
    first = exported(str(model), cache)
    (model / "model.safetensors").write_bytes(WEIGHTS + b", fine-tuned")
    second = exported(str(model), cache)
    assert exports == [model, model]
    assert first.weights_hash != second.weights_hash
    assert first.folder != second.folder


def test_an_export_that_fails_half_way_leaves_nothing_and_can_be_repeated(
    model: Path, cache: Path, exports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> tuple[int, int]:
        target.write_bytes(b"on")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("index.model_export._write_onnx", full)
        with pytest.raises(OSError, match="No space left"):
            exported(str(model), cache)
    assert [path.name for path in cache.iterdir() if path.is_dir()] == []
    assert (exported(str(model), cache).folder / "model.onnx").read_bytes() == b"onnx"


def test_a_model_that_is_not_on_this_machine_is_refused_with_the_setting_to_change(cache: Path) -> None:
    with pytest.raises(LibraryError, match="no embedding model 'nobody/knows-it'.*POSOLOGY_MODEL.*" + DEFAULT_MODEL):
        exported("nobody/knows-it", cache)


def test_a_folder_without_modules_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="POSOLOGY_MODEL"):
        model_folder(str(tmp_path))


def test_a_model_without_weights_is_refused(model: Path, cache: Path) -> None:
    (model / "model.safetensors").unlink()
    with pytest.raises(LibraryError, match="holds no weights"):
        weights_hash(model, cache)


def test_the_packaged_model_is_found_by_its_name() -> None:
    assert (model_folder(DEFAULT_MODEL) / "modules.json").is_file()


def test_the_hash_is_of_the_weights_and_follows_them(model: Path, cache: Path) -> None:
    assert weights_hash(model, cache) == hashlib.sha256(WEIGHTS).hexdigest()[:16]
    others, path = WEIGHTS[::-1], model / "model.safetensors"
    path.write_bytes(others)
    os.utime(path, ns=(0, 0))  # so that even a coarse clock tells them apart
    assert weights_hash(model, cache) == hashlib.sha256(others).hexdigest()[:16]


def test_the_hash_is_computed_once(model: Path, cache: Path) -> None:
    weights_hash(model, cache)
    memo = cache / "weights.json"
    ((stamp, _),) = json.loads(memo.read_text())
    memo.write_text(json.dumps([[stamp, "remembered"]]))
    assert weights_hash(model, cache) == "remembered"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.99])
def test_a_memo_cut_short_is_made_anew(model: Path, cache: Path, share: float) -> None:
    right = weights_hash(model, cache)
    memo = cache / "weights.json"
    whole = memo.read_text()
    memo.write_text(whole[: int(share * len(whole))])
    assert weights_hash(model, cache) == right
    assert memo.read_text() == whole


@pytest.mark.parametrize("data", [b"null", b"{}", b"[1]", b'[["a", "b", "c"]]', b"\xff\xfe"])
def test_a_memo_that_is_no_memo_is_made_anew(model: Path, cache: Path, data: bytes) -> None:
    right = weights_hash(model, cache)
    (cache / "weights.json").write_bytes(data)
    assert weights_hash(model, cache) == right


def test_a_cache_that_cannot_be_written_costs_no_hash(model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert weights_hash(model, tmp_path / "file" / "cache") == hashlib.sha256(WEIGHTS).hexdigest()[:16]
