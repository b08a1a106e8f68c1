"""Tables of any document answer by the names of their rows and columns, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.importing import import_files
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer
from tests.assistant.tabled import ANSWERED, FILES, UNANSWERED


def shelved(path: Path, embedder: Embedder, files: dict[str, str]) -> Path:
    """Return a new library of the files."""
    papers = path / "papers"
    papers.mkdir()
    for name, text in files.items():
        (papers / name).write_text(text, encoding="utf-8")
    with open_writer(path / "library", embedder) as writer:
        import_files(writer, [papers])
    return path / "library"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = shelved(tmp_path_factory.mktemp("cells"), real_embedder, FILES)
    with Library.open(path, real_embedder) as library:
        yield library


@pytest.mark.parametrize(("question", "told"), ANSWERED)
def test_a_question_is_answered_out_of_its_cell(question: str, told: tuple[str, ...], library: Library) -> None:
    found = answer(question, library)
    assert found.status == "answered"
    assert all(part in found.statements[0].text for part in told), found.answer
    assert found.statements[0].kind in ("fact", "computed")


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_no_row_and_column_hold_is_not_answered(question: str, library: Library) -> None:
    found = answer(question, library)
    assert found.status == "abstained", found.answer
