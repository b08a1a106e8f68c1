"""Facts by rule in a library: made when a document comes in, gone with it, and decided on for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.bundled import bundled_files
from corpus.errors import VocabularyError
from index.embedder import Embedder
from index.library import Library
from tests.invented_edition import DIGEST_ID, knowing, original, put, shelf

NOTE = "# Invented uses\n\nPovorcitinib 45 mg once daily cleared morphea. Brepocitinib 30 mg once daily did not."
LABEL = """---
title: "ZORLEX (zorlitinib) tablets, for oral use"
kind: drug label
---

# Dosage

The recommended dose of ZORLEX is 7 mg twice daily.
"""


def extracted(folder: Path, embedder: Embedder) -> list[dict[str, Any]]:
    with Library.open(folder / "library", embedder) as library:
        return [body for body, _ in library.facts("dose") if body["origin"] == "extracted"]


def test_facts_come_and_go_with_their_document(tmp_path: Path, word_embedder: Embedder) -> None:
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, NOTE, "note")
    assert {fact["regimen"] for fact in extracted(tmp_path, word_embedder)} == {"45 mg once daily", "30 mg once daily"}
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, NOTE.replace("45 mg", "90 mg"), "note")
    assert {fact["regimen"] for fact in extracted(tmp_path, word_embedder)} == {"90 mg once daily", "30 mg once daily"}
    with shelf(tmp_path, word_embedder) as writer:
        writer.remove("note")
    assert extracted(tmp_path, word_embedder) == []


def test_bundled_documents_have_their_curated_facts_only(bundled: Library) -> None:
    assert bundled_files()
    assert {body["origin"] for body, _ in bundled.facts("dose")} == {"curated"}


def test_an_original_has_extracted_facts_only_without_its_curated_ones(tmp_path: Path, word_embedder: Embedder) -> None:
    text = f"{original()}\n\nPovorcitinib 45 mg once daily cleared morphea.\n"
    with knowing(tmp_path), shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, text)
        assert DIGEST_ID in {edition.digest_id for edition in writer.catalogue.editions.all()}
    assert extracted(tmp_path, word_embedder) == []
    alone = tmp_path / "alone"
    alone.mkdir()
    with knowing(alone), shelf(alone, word_embedder) as writer:
        put(alone, writer, text, curated=False)
    assert "45 mg once daily" in {fact["regimen"] for fact in extracted(alone, word_embedder)}


def test_decisions_outlive_rebuilding_removal_and_another_name(tmp_path: Path, word_embedder: Embedder) -> None:
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, NOTE, "note")
        store = writer.catalogue.fact_store
        facts = {body["drug"]: (body, mark) for body, mark in store.find_extracted("x-")}
        right, wrong = facts["povorcitinib"], facts["brepocitinib"]
        with writer.catalogue.transaction():
            store.decide(right[1], "corrected", {**right[0], "indication": "vitiligo"})
            store.decide(wrong[1], "rejected", wrong[0])
        writer.rebuild()
    (fact,) = extracted(tmp_path, word_embedder)
    assert (fact["indication"], fact["reviewed"]) == ("vitiligo", "corrected")
    with shelf(tmp_path, word_embedder) as writer:
        writer.remove("note")
        put(tmp_path, writer, f"{NOTE} More was said later.", "other")
        assert writer.catalogue.fact_store.decisions() == {"corrected": 1, "rejected": 1}
    (fact,) = extracted(tmp_path, word_embedder)
    assert (fact["indication"], fact["reviewed"]) == ("vitiligo", "corrected")


def test_a_libraries_own_names_are_found_and_a_malformed_file_stops_before_anything_is_added(
    tmp_path: Path, word_embedder: Embedder
) -> None:
    folder = tmp_path / "library" / "vocabulary"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text("drugs:\n  - id: zorlitinib\n    name: zorlitinib\n", encoding="utf-8")
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, "# Uses\n\nZorlitinib 7 mg twice daily helped.", "note")
    (fact,) = extracted(tmp_path, word_embedder)
    assert fact["drug"] == "zorlitinib"
    (folder / "mine.yaml").write_text("drugs: [", encoding="utf-8")
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert "zorlitinib" in library.vocabulary.terms
    with shelf(tmp_path, word_embedder) as writer:
        with pytest.raises(VocabularyError):
            put(tmp_path, writer, "# Uses\n\nMore of it.", "second")
        assert writer.catalogue.find_id("second") is None


def test_a_labels_own_names_are_known_while_it_is_there(tmp_path: Path, word_embedder: Embedder) -> None:
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, LABEL, "label")
        put(tmp_path, writer, NOTE, "note")
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert "zorlitinib" in library.vocabulary.terms
        assert ("zorlitinib", "7 mg twice daily") in {(b["drug"], b["regimen"]) for b, _ in library.facts("dose")}
    with shelf(tmp_path, word_embedder) as writer:
        writer.remove("label")
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert "zorlitinib" not in library.vocabulary.terms
