import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.bundled import FOLDER
from corpus.errors import LibraryError
from corpus.passages import passages
from corpus.readers import read_file
from index.embedder import BATCH, Embedder, LazyEmbedder, SentenceTransformerEmbedder, load_embedder
from index.model_export import DEFAULT_MODEL
from index.texts import embedding_text
from tests.conftest import CACHE, WordEmbedder

ROOT = Path(__file__).parents[2]
ALIKE = 0.9999


@pytest.fixture(scope="module")
def fallback(tmp_path_factory: pytest.TempPathFactory) -> tuple[Embedder, list[str]]:
    """What is loaded where no cache can be kept, and the warnings that came with it."""
    blocked = tmp_path_factory.mktemp("cache") / "file"
    blocked.write_text("A folder cannot be made here.")
    with pytest.warns(UserWarning) as caught:
        embedder = load_embedder(DEFAULT_MODEL, blocked / "cache")
    return embedder, [str(warning.message) for warning in caught]


@pytest.fixture(scope="module")
def reference(fallback: tuple[Embedder, list[str]]) -> Embedder:
    return fallback[0]


def cosines(embedder: Embedder, other: Embedder, texts: Sequence[str]) -> list[float]:
    return [float(cosine) for cosine in np.sum(embedder.embed(texts) * other.embed(texts), axis=1)]


def test_a_cache_that_cannot_be_written_means_the_model_itself_and_one_warning(
    fallback: tuple[Embedder, list[str]], real_embedder: Embedder
) -> None:
    embedder, warned = fallback
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert len(warned) == 1
    assert "cannot be written" in warned[0]
    assert (embedder.weights_hash, embedder.dimensions) == (real_embedder.weights_hash, real_embedder.dimensions)


def test_the_export_agrees_with_sentence_transformers_on_bundled_passages(
    real_embedder: Embedder, reference: Embedder
) -> None:
    document = read_file(FOLDER / "dermatomyositis-report.md")
    texts = [embedding_text(document, passage) for passage in passages(document)]
    assert len(texts) > BATCH
    assert min(cosines(real_embedder, reference, texts)) >= ALIKE


def test_the_export_agrees_with_sentence_transformers_on_odd_texts(
    real_embedder: Embedder, reference: Embedder
) -> None:
    texts = ["", " ", "word " * 1000, "µg ≥ 5 × 10⁹/L", "😀", "Behçet–Sjögren", "\x00", "皮膚筋炎"]
    assert min(cosine for text in texts for cosine in cosines(real_embedder, reference, [text])) >= ALIKE


def test_vectors_have_length_one(real_embedder: Embedder) -> None:
    vectors = real_embedder.embed(["alopecia areata", "", "5 mg twice daily"])
    assert vectors.shape == (3, real_embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_vectors_come_in_the_order_of_texts_whatever_their_lengths(real_embedder: Embedder) -> None:
    texts = [f"case {n} " + "took tofacitinib " * (n % 12) for n in range(2 * BATCH + 6)]
    random.Random(5).shuffle(texts)
    together = real_embedder.embed(texts)
    for row in range(0, len(texts), 7):
        (alone,) = real_embedder.embed([texts[row]])
        nearest = int(np.argmax(together @ alone))
        assert texts[nearest] == texts[row]
        assert float(together[row] @ alone) >= ALIKE


@pytest.mark.parametrize("which", ["real_embedder", "reference"])
def test_no_texts_give_no_vectors_of_the_right_length(which: str, request: pytest.FixtureRequest) -> None:
    embedder: Embedder = request.getfixturevalue(which)
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(LibraryError, match="POSOLOGY_MODEL"):
        load_embedder("no-such-model", CACHE)


def test_a_lazy_embedder_loads_on_its_first_text_and_only_once() -> None:
    loads: list[str] = []

    def load() -> Embedder:
        loads.append("now")
        return WordEmbedder()

    lazy = LazyEmbedder("words", WordEmbedder.weights_hash, WordEmbedder.dimensions, load)
    assert loads == []
    assert np.array_equal(lazy.embed(["a dose"]), WordEmbedder().embed(["a dose"]))
    lazy.embed(["another dose"])
    assert loads == ["now"]


def test_embedding_with_an_export_never_loads_torch(real_embedder: Embedder) -> None:
    script = f"""
import sys, pathlib
from index.embedder import load_embedder
load_embedder({DEFAULT_MODEL!r}, pathlib.Path({str(CACHE)!r})).embed(["a question"])
print(sorted({{"torch", "sentence_transformers", "transformers"}} & set(sys.modules)))
"""
    child = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"
