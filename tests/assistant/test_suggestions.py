"""Suggested questions: about what was asked, never the question itself, and none from a library without facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.importing import import_files
from assistant.retrieved import retrieved
from assistant.suggestions import MOST, candidates
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("oral tofacitinib dose in alopecia areata?", {"tofacitinib", "alopecia areata"}),
        ("MACE rate of upadacitinib", {"upadacitinib", "major adverse cardiovascular event"}),
    ],
)
def test_suggestions_are_about_what_was_asked(bundled: Library, question: str, about: set[str]) -> None:
    found = candidates(answer(question, bundled), bundled)
    assert 0 < len(found) <= MOST and len(set(found)) == len(found)
    assert all(any(name in suggested for name in about) for suggested in found)


def test_the_dose_that_was_told_is_not_suggested(bundled: Library) -> None:
    told = answer("oral tofacitinib dose in alopecia areata?", bundled)
    assert "Which dose of oral tofacitinib is reported in alopecia areata?" not in candidates(told, bundled)


def test_a_library_suggests_something_before_the_first_question(bundled: Library) -> None:
    found = candidates(None, bundled)
    assert any(answer(question, bundled).status == "answered" for question in found)


def test_a_library_without_facts_suggests_nothing(tmp_path: Path, word_embedder: Embedder) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nThe meeting was moved to another room because of the rain on that day.\n")
    with open_writer(tmp_path / "library", word_embedder) as writer:
        import_files(writer, [note])
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert candidates(None, library) == ()


def test_what_was_retrieved_stands_where_it_says(bundled: Library) -> None:
    found = retrieved("oral tofacitinib dose in alopecia areata?", bundled, None)
    assert found and [item.scores.score for item in found] == sorted((i.scores.score for i in found), reverse=True)
    for item in found:
        assert " ".join(bundled.document(item.document_id).text[item.start : item.end].split()) == item.text
    only = retrieved("oral tofacitinib dose in alopecia areata?", bundled, ("class-monograph",))
    assert {item.document_id for item in only} == {"class-monograph"}
