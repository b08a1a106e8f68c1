import json
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import passages
from corpus.types import PassageKind
from evals.scale_material import MadeEmbedder, Material, made_documents, read_material
from index.embedder import Embedder
from index.texts import embedding_text
from tests.conftest import WordEmbedder

TEXTS = {
    "one": "Zorlitinib softened the plaques of nine patients. Nobody died in the first year.",
    "two": "Abrocitinib was stopped in some patients. One woman had herpes zoster.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    lines = [json.dumps({"_id": name, "title": name, "text": text}) for name, text in TEXTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "who died?"}))
    (tmp_path / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq\tone\t1\n")
    return tmp_path.with_name(f"{tmp_path.name}:dev")


@pytest.fixture
def material(folder: Path, tmp_path: Path, word_embedder: Embedder) -> Material:
    return read_material([folder], word_embedder, tmp_path / "cache", lambda done, total: None)


def test_every_real_text_lends_its_vector_once(material: Material) -> None:
    assert len(material.vectors) == 6  # two abstracts, four sentences
    assert len(material.sentences) == 4
    assert material.questions == ("who died?",)
    for sentence in material.sentences:
        assert np.array_equal(material.vectors[material.rows[sentence]], WordEmbedder().embed([sentence])[0])


def test_a_passage_has_the_vector_of_its_number_and_its_sentences_have_their_own(material: Material) -> None:
    embedder = MadeEmbedder(material, WordEmbedder())
    documents = list(made_documents(material, 0, 60))
    cut = [(document, part) for document in documents for part in passages(document)]
    assert [part.kind for _, part in cut] == [PassageKind.PROSE] * 60
    vectors = embedder.embed([embedding_text(document, part) for document, part in cut])
    assert np.array_equal(vectors[:6], material.vectors)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert len(np.unique(vectors, axis=0)) == 60
    assert np.array_equal(
        embedder.embed([material.sentences[2]])[0], material.vectors[material.rows[material.sentences[2]]]
    )


def test_the_same_passages_come_again_wherever_the_making_starts(material: Material) -> None:
    whole, second = list(made_documents(material, 0, 50)), list(made_documents(material, 25, 25))
    assert whole[1] == second[0]
