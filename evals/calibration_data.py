"""Development questions for the calibration, each with what the candidates for its answer cover.

A folder holds `abstention/NAME.jsonl` (questions with `text` and `answerable`), `abstention/NAME.removed_docs.txt` (ids
of the documents that are left out, one a line) and `NAME/corpus.jsonl` (the collection, in BEIR layout). Beside these
stand the program's own development questions about the bundled documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.candidates import ALL_NAMES, ENOUGH_COVERAGE, Candidate
from assistant.evidence import gather
from assistant.importing import import_files
from assistant.interpret import interpret
from assistant.recipes import quote
from corpus.bundled import bundled_files
from corpus.errors import UnreadableFileError
from evals.abstention import read_items
from evals.collection_library import documents_of, make_library
from evals.suite import load_suites
from index.build import Progress
from index.embedder import Embedder
from index.library import Library, is_library
from index.search import HybridSearcher
from index.writing import open_writer

BUNDLED = "bundled"

Shares = npt.NDArray[np.float64]
Bar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: whether the library holds its answer, and what its candidates, best covering first, cover of it.

    `shares` is of shape (candidates, 3): coverage, similarity and names held. `may_answer` tells of each candidate
    whether it is about the question and would answer it if only it were sure enough.
    """

    answerable: bool
    shares: Shares
    may_answer: npt.NDArray[np.bool_]


def read_development(folder: Path, libraries: Path, embedder: Embedder, bar: Bar) -> dict[str, list[Asked]]:
    """Return the questions of every set in `folder`, and the bundled ones, by set; libraries that lack are made.

    Raises:
        UnreadableFileError: there is no set, or a file is missing or malformed.
    """
    files = sorted((folder / "abstention").glob("*.jsonl"))
    if not files:
        raise UnreadableFileError(f"{folder} holds no abstention/NAME.jsonl with questions; name another folder.")
    found = {}
    for file in files:
        path = libraries / file.stem
        if not is_library(path):
            documents = documents_of(folder / file.stem, file.with_name(f"{file.stem}.removed_docs.txt"))
            with bar(f"Making the library {path}") as progress:
                make_library(documents, path, embedder, progress)
        found[file.stem] = _asked_of(path, read_items(file), embedder, bar)
    path = libraries / BUNDLED
    if not is_library(path):
        with open_writer(path, embedder) as writer, bar(f"Making the library {path}") as progress:
            import_files(writer, bundled_files(), origin="bundled", progress=progress)
    return found | {BUNDLED: _asked_of(path, bundled_questions(), embedder, bar)}


def bundled_questions() -> list[tuple[str, bool]]:
    """Return the single questions of the development suites that are to be answered or not, with which."""
    turns = (item.turns[0] for item in load_suites(split="development") if len(item.turns) == 1)
    return [(turn.question, turn.expect == "answered") for turn in turns if turn.expect != "redirected"]


def ask(text: str, answerable: bool, library: Library) -> Asked:
    """Return what the candidates for an answer to a question cover."""
    question = interpret(text, library.vocabulary, HybridSearcher(library))
    candidates = sorted(gather(question, library).candidates, key=lambda c: -(c.coverage + c.similarity))
    return Asked(
        answerable,
        np.array([(c.coverage, c.similarity, c.names_held) for c in candidates]).reshape(-1, 3),
        np.array([_may_answer(candidate, question.vocabulary.planned) for candidate in candidates], dtype=bool),
    )


def _may_answer(candidate: Candidate, planned: tuple[str, ...]) -> bool:
    """Return whether a candidate answers if only it is sure enough: what else `is_enough` and the answer ask for."""
    held = candidate.names_held >= ALL_NAMES or candidate.coverage >= ENOUGH_COVERAGE
    return held and quote.is_about(candidate, planned)


def _asked_of(path: Path, items: Iterable[tuple[str, bool]], embedder: Embedder, bar: Bar) -> list[Asked]:
    questions = list(items)
    found = []
    with Library.open(path, embedder) as library, bar(f"Asking {len(questions)} questions of {path}") as progress:
        for number, (text, answerable) in enumerate(questions, start=1):
            found.append(ask(text, answerable, library))
            progress(number, len(questions))
    return found
