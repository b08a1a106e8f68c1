import errno
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import LibraryError
from index.embedder import Vectors
from index.vectors import VectorIndex

DIMENSIONS = 16


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def index_of(vectors: Vectors, first: int = 1) -> VectorIndex:
    index = VectorIndex(DIMENSIONS)
    index.add(range(first, first + len(vectors)), vectors)
    return index


def agrees_with_brute_force(
    index: VectorIndex, stored: dict[int, Vectors], query: Vectors, k: int, allowed: set[int] | None = None
) -> None:
    """The scores must be the best there are, and each must be the cosine of its own vector (so ties may swap)."""
    cosines = {i: float(vector @ query) for i, vector in stored.items() if allowed is None or i in allowed}
    found = index.search(query, k, allowed)
    assert [score for _, score in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:k], abs=1e-5)
    assert [score for _, score in found] == pytest.approx([cosines[i] for i, _ in found], abs=1e-5)
    assert len({i for i, _ in found}) == len(found)


@given(
    count=st.integers(0, 60),
    seed=st.integers(0, 1000),
    k=st.integers(1, 80),
    removed=st.sets(st.integers(1, 60)),
    allowed=st.none() | st.sets(st.integers(1, 70)),
)
def test_search_agrees_with_brute_force_before_and_after_removals(
    count: int, seed: int, k: int, removed: set[int], allowed: set[int] | None
) -> None:
    vectors, query = unit_vectors(count, seed), unit_vectors(1, seed + 5000)[0]
    stored = dict(enumerate(vectors, start=1))
    index = index_of(vectors)
    agrees_with_brute_force(index, stored, query, k, allowed)
    kept = {i: vector for i, vector in stored.items() if i not in removed}
    fewer = index.without(removed)
    assert sorted(fewer.ids().tolist()) == sorted(kept)
    agrees_with_brute_force(fewer, kept, query, k, allowed)
    assert len(index) == count  # `without` makes a copy


def test_a_written_index_reads_back_the_same(tmp_path: Path) -> None:
    vectors, query = unit_vectors(300), unit_vectors(1, seed=1)[0]
    path = tmp_path / "vectors-1.faiss"
    index_of(vectors, first=7).write(path)
    stored = dict(enumerate(vectors, start=7))
    read = VectorIndex.read(path)
    assert (len(read), read.dimensions) == (300, DIMENSIONS)
    agrees_with_brute_force(read, stored, query, 10)
    agrees_with_brute_force(read, stored, query, 10, allowed=set(range(50, 90)))


def test_what_was_read_can_lose_vectors_and_gain_others(tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    index_of(vectors).write(tmp_path / "vectors-1.faiss")
    changed = VectorIndex.read(tmp_path / "vectors-1.faiss").without(set(range(1, 31)))
    more = unit_vectors(5, seed=2)
    changed.add(range(100, 105), more)
    changed.write(tmp_path / "vectors-2.faiss")
    stored = {i: vectors[i - 1] for i in range(31, 41)} | dict(enumerate(more, start=100))
    agrees_with_brute_force(VectorIndex.read(tmp_path / "vectors-2.faiss"), stored, unit_vectors(1, seed=3)[0], 20)


def test_an_index_that_lost_everything_is_written_and_read(tmp_path: Path) -> None:
    index_of(unit_vectors(3)).without({1, 2, 3}).write(tmp_path / "vectors-1.faiss")
    empty = VectorIndex.read(tmp_path / "vectors-1.faiss")
    assert (len(empty), empty.dimensions) == (0, DIMENSIONS)
    assert empty.search(unit_vectors(1)[0], 5) == []


def test_nothing_is_found_where_nothing_is_allowed() -> None:
    assert index_of(unit_vectors(5)).search(unit_vectors(1)[0], 3, allowed=[]) == []


def test_an_open_index_outlives_its_file(tmp_path: Path) -> None:
    vectors, path = unit_vectors(2000), tmp_path / "vectors-1.faiss"
    index_of(vectors).write(path)
    index = VectorIndex.read(path)
    path.unlink()
    agrees_with_brute_force(index, dict(enumerate(vectors, start=1)), unit_vectors(1, seed=9)[0], 10)


def test_a_missing_file_names_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"vectors-3\.faiss is missing or damaged; run `posology doctor --rebuild`"):
        VectorIndex.read(tmp_path / "vectors-3.faiss")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.95])
def test_a_file_cut_short_names_the_command_that_mends_it(tmp_path: Path, share: float) -> None:
    path = tmp_path / "vectors-1.faiss"
    index_of(unit_vectors(500)).write(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(LibraryError, match="doctor --rebuild"):
        VectorIndex.read(path)


@pytest.mark.parametrize("data", [b"garbage " * 100, bytes(4096), b"\xff" * 4096, b"IxM2" + b"\xff" * 4096])
def test_a_file_of_garbage_names_the_command_that_mends_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vectors-1.faiss"
    path.write_bytes(data)
    with pytest.raises(LibraryError, match="doctor --rebuild"):
        VectorIndex.read(path)


def test_a_write_that_fails_half_way_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        index_of(unit_vectors(5)).write(tmp_path / "vectors-1.faiss")
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_read_a_vector_file(tmp_path: Path) -> None:
    index_of(unit_vectors(5)).write(tmp_path / "vectors-1.faiss")
    assert stat.S_IMODE((tmp_path / "vectors-1.faiss").stat().st_mode) == 0o600
