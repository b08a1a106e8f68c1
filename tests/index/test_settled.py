from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.settled
import index.settling
from corpus.errors import LibraryError
from index.cells import Cells, Only
from index.embedder import Vectors
from index.manifest import Manifest
from index.passage_vectors import PassageVectors
from index.rows import Rows, write_rows
from index.settled import Settled, SettledFiles, ids_of, ranges_of
from index.settling import is_due, recall_among, settle
from index.vectors import VectorIndex

DIMENSIONS = 96
COUNT = 3_000


def unit_vectors(count: int, seed: int = 0, towards: float = 0.0) -> Vectors:
    """Vectors of many topics, as those of texts are; `towards` draws them away from all of these."""
    topics, draw = np.random.default_rng(99).normal(size=(200, DIMENSIONS)), np.random.default_rng(seed)
    drawn = topics[draw.integers(200, size=count)] + 0.7 * draw.normal(size=(count, DIMENSIONS))
    drawn[:, -1] += towards
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def fresh_of(vectors: Vectors, first: int) -> VectorIndex:
    index = VectorIndex(DIMENSIONS)
    index.add(range(first, first + len(vectors)), vectors)
    return index


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return unit_vectors(COUNT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settled")


@pytest.fixture(scope="module")
def files(folder: Path, vectors: Vectors) -> SettledFiles:
    """Two thirds settled at once, the rest joined them later; ids from 1."""
    first = settle(folder, 1, fresh_of(vectors[:2000], 1), None)
    return settle(folder, 2, fresh_of(vectors[2000:], 2001), first)


def opened(folder: Path, files: SettledFiles) -> PassageVectors:
    return PassageVectors(VectorIndex(DIMENSIONS), Settled.read(folder, files))


def exact(vectors: Vectors, query: Vectors, k: int, ids: np.ndarray | None = None) -> list[int]:
    every = np.arange(1, len(vectors) + 1) if ids is None else ids
    return [int(i) for i in every[np.argsort(-(vectors[every - 1] @ query), kind="stable")[:k]]]


def test_a_settled_search_finds_nearly_all_that_an_exact_one_finds(
    folder: Path, files: SettledFiles, vectors: Vectors
) -> None:
    index, queries = opened(folder, files), unit_vectors(100, seed=7)
    found = [[i for i, _ in index.search(query, 10)] for query in queries]
    shares = [len(set(a) & set(exact(vectors, query, 10))) / 10 for a, query in zip(found, queries, strict=True)]
    assert np.mean(shares) > 0.95
    index.close()


def test_the_scores_are_the_cosines_and_the_best_comes_first(
    folder: Path, files: SettledFiles, vectors: Vectors
) -> None:
    index, query = opened(folder, files), unit_vectors(1, seed=8)[0]
    found = index.search(query, 25)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert [score for _, score in found] == pytest.approx([float(vectors[i - 1] @ query) for i, _ in found], abs=1e-6)
    index.close()


@pytest.mark.parametrize("limit", [20_000, 0])
def test_a_search_among_some_passages_loses_none_of_them(
    folder: Path, files: SettledFiles, vectors: Vectors, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(index.settled, "EXACT", limit)  # 0: by the codes, in every cell
    index_, allowed = opened(folder, files), np.arange(3, COUNT, 37)
    for query in unit_vectors(20, seed=9):
        assert [i for i, _ in index_.search(query, 10, allowed)] == exact(vectors, query, 10, allowed)
    assert index_.search(vectors[0], 10, np.array([COUNT + 5])) == []
    assert index_.search(vectors[0], 10, np.zeros(0, dtype=np.int64)) == []
    index_.close()


def test_settled_vectors_are_those_that_were_added(folder: Path, files: SettledFiles, vectors: Vectors) -> None:
    index = opened(folder, files)
    wanted = [2500, 1, 1999, 2001, 2002, 2000, 700]
    assert np.array_equal(index.vectors(wanted), vectors[np.array(wanted) - 1])
    assert index.vectors([]).shape == (0, DIMENSIONS)
    assert index.ids().tolist() == list(range(1, COUNT + 1))
    assert len(index) == COUNT
    with pytest.raises(RuntimeError):
        index.vectors([COUNT + 1])
    index.close()


def test_fresh_and_settled_ones_are_ranked_together(folder: Path, files: SettledFiles, vectors: Vectors) -> None:
    query = unit_vectors(1, seed=11)[0]
    near = np.stack([query, vectors[0]])
    index = PassageVectors(fresh_of(near, COUNT + 1), Settled.read(folder, files))
    found = [i for i, _ in index.search(query, 5)]
    assert found[0] == COUNT + 1
    assert set(found[1:]) <= set(exact(vectors, query, 10)) | {COUNT + 2}
    assert np.array_equal(index.vectors([COUNT + 2, 1]), np.stack([vectors[0], vectors[0]]))
    assert [i for i, _ in index.search(query, 5, np.array([1, COUNT + 2]))] == [1, COUNT + 2]
    assert len(index) == COUNT + 2
    index.close()


def test_a_removed_passage_is_found_no_more_and_its_neighbours_still_are(
    folder: Path, files: SettledFiles, vectors: Vectors
) -> None:
    query = unit_vectors(1, seed=12)[0]
    best = exact(vectors, query, 120)
    index = opened(folder, files.without([*best[:40], COUNT + 100]))
    found = [i for i, _ in index.search(query, 20)]
    assert not set(found) & set(best[:40])
    assert len(set(found) & set(best[40:60])) >= 12
    assert [i for i, _ in index.search(query, 3, np.array(sorted(best[:2] + best[90:91])))] == [best[90]]
    assert len(index) == COUNT - 40
    assert set(index.ids().tolist()).isdisjoint(best[:40])
    index.close()


def test_rows_of_the_removed_are_shed_when_there_are_many(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.settling, "FIRST", 1000)
    monkeypatch.setattr(index.settling, "ROWS_A_FILE", 500)
    files = settle(tmp_path, 1, fresh_of(vectors[:1000], 1), None)
    files = settle(tmp_path, 2, fresh_of(vectors[1000:2000], 1001), files)
    assert [len(Rows.read(tmp_path / name)) for name in files.rows] == [1000, 1000]
    few = files.without(range(1, 100))
    assert not is_due(10, few)
    many = files.without(range(1, 501))
    assert is_due(0, many)
    shed = settle(tmp_path, 3, VectorIndex(DIMENSIONS), many)
    assert (shed.passages, shed.removed, shed.rows[1]) == (1500, (), files.rows[1])
    opened_, query = opened(tmp_path, shed), vectors[600]
    assert opened_.search(query, 1)[0][0] == 601
    assert opened_.ids().tolist() == list(range(501, 2001))
    opened_.close()
    nobody = settle(tmp_path, 4, VectorIndex(DIMENSIONS), shed.without(range(501, 2001)))
    empty = opened(tmp_path, nobody)
    assert (len(empty), empty.search(query, 5), nobody.rows) == (0, [], ())
    empty.close()


def test_cells_are_learnt_anew_when_the_library_has_grown_and_not_before(tmp_path: Path, vectors: Vectors) -> None:
    files = settle(tmp_path, 1, fresh_of(vectors[:600], 1), None)
    assert files.learnt_from == 600
    files = settle(tmp_path, 2, fresh_of(vectors[600:700], 601), files)
    assert files.learnt_from == 600
    files = settle(tmp_path, 3, fresh_of(vectors[700:], 701), files)
    assert files.learnt_from == COUNT


def test_cells_are_learnt_anew_when_what_is_added_does_not_fit_them(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = settle(tmp_path, 1, fresh_of(vectors[:2000], 1), None)
    monkeypatch.setattr(index.settling, "recall_among", lambda *_: 0.5)
    assert settle(tmp_path, 2, fresh_of(vectors[2000:2400], 2001), files).learnt_from == 2000  # too few to learn from
    anew = settle(tmp_path, 3, fresh_of(vectors[2000:], 2001), files)
    assert (anew.learnt_from, anew.share) == (COUNT, 1.0)


def test_no_more_cells_are_read_than_it_takes(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.settling, "recall_among", lambda cells, ids, vectors, share: share + 0.2)
    assert settle(tmp_path, 1, fresh_of(vectors, 1), None).share == 0.8


def test_the_trial_tells_cells_that_fit_from_cells_that_do_not(vectors: Vectors) -> None:
    ids, others = np.arange(1, COUNT + 1), unit_vectors(COUNT, seed=4, towards=400.0)
    cells = Cells.learn(vectors, COUNT)
    cells.add(ids, vectors)
    assert recall_among(cells, ids, vectors, 0.6) > 0.9
    strange = Cells.learn(vectors, COUNT)
    strange.add(ids, others)
    assert recall_among(strange, ids, others, 0.6) < 0.9


def test_cells_can_be_searched_without_some_and_among_some(vectors: Vectors) -> None:
    cells = Cells.learn(vectors, COUNT)
    cells.add(np.arange(1, COUNT + 1), vectors)
    best = cells.search(vectors[0], 10, Only(), 1.0)
    rest = cells.search(vectors[0], 10, Only(removed=best), 1.0)
    assert not set(best.tolist()) & set(rest.tolist())
    assert sorted(cells.search(vectors[0], 10, Only(np.sort(best)), 1.0).tolist()) == sorted(best.tolist())
    cells.remove(best)
    assert len(cells) == COUNT - len(best)


def test_a_small_library_is_searched_as_faiss_searches_it_to_the_last_bit(tmp_path: Path, vectors: Vectors) -> None:
    fresh_of(vectors[:400], 1).write(tmp_path / "vectors-1.faiss")
    manifest = Manifest(model="m", model_hash="h", dimensions=DIMENSIONS, generation=1, passages=400)
    index, plain = PassageVectors.read(tmp_path, manifest), faiss.IndexFlatIP(DIMENSIONS)
    plain.add(vectors[:400])
    for query in unit_vectors(30, seed=3):
        scores, ids = plain.search(query.reshape(1, -1), 50)
        assert index.search(query, 50) == list(zip((ids[0] + 1).tolist(), scores[0].tolist(), strict=True))


# --- files ---


@given(st.sets(st.integers(1, 200)))
def test_ranges_hold_exactly_the_ids(ids: set[int]) -> None:
    ranges = ranges_of(np.array(sorted(ids), dtype=np.int64))
    assert ids_of(ranges).tolist() == sorted(ids)
    assert all(a <= b for a, b in ranges)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


def test_open_files_outlive_their_names(folder: Path, tmp_path: Path, vectors: Vectors) -> None:
    files = settle(tmp_path, 1, fresh_of(vectors, 1), None)
    index = opened(tmp_path, files)
    for name in files.names:
        (tmp_path / name).unlink()
    assert index.search(vectors[5], 1) == [(6, pytest.approx(1.0))]
    index.close()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
@pytest.mark.parametrize("kind", ["cells", "rows"])
def test_a_file_cut_short_names_the_command_that_mends_it(
    tmp_path: Path, vectors: Vectors, kind: str, share: float
) -> None:
    files = settle(tmp_path, 1, fresh_of(vectors, 1), None)
    path = next(tmp_path.glob(f"{kind}-*"))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(LibraryError, match="doctor --rebuild"):
        Settled.read(tmp_path, files)


@pytest.mark.parametrize("data", [b"garbage " * 100, bytes(4096), b"\xff" * 4096])
@pytest.mark.parametrize("kind", ["cells", "rows"])
def test_a_file_of_garbage_names_the_command_that_mends_it(
    tmp_path: Path, vectors: Vectors, kind: str, data: bytes
) -> None:
    files = settle(tmp_path, 1, fresh_of(vectors, 1), None)
    next(tmp_path.glob(f"{kind}-*")).write_bytes(data)
    with pytest.raises(LibraryError, match="doctor --rebuild"):
        Settled.read(tmp_path, files)


def test_only_their_owner_may_read_the_files(tmp_path: Path, vectors: Vectors) -> None:
    settle(tmp_path, 1, fresh_of(vectors, 1), None)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_rows_that_follow_each_other_and_rows_that_do_not_are_read_alike(tmp_path: Path, vectors: Vectors) -> None:
    ids = np.arange(10, 10 + 3 * 500, 3)
    write_rows(tmp_path / "rows.npy", ids, DIMENSIONS, [vectors[:200], vectors[200:500]])
    rows = Rows.read(tmp_path / "rows.npy")
    wanted = np.array([10, 13, 16, 100, 103, 10 + 3 * 499])
    assert np.array_equal(rows.vectors(rows.places(wanted)), vectors[(wanted - 10) // 3])
    with pytest.raises(RuntimeError):
        rows.places(np.array([11]))
    rows.close()
