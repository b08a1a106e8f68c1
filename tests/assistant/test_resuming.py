"""A conversation that is taken up again: its follow-ups lean on what was said, as if it had never been closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.contract import Answer, Interpretation
from assistant.conversation import Conversation
from assistant.keeping.resuming import resumed
from assistant.keeping.store import ConversationStore, PrivateStore
from index.embedder import Embedder
from index.library import Library
from tests.assistant.test_conversation import ORAL, QUILL
from tests.assistant.test_recipes import TRIAL, said, series, shelve
from tests.assistant.test_render import make_answer

QUESTIONS = (
    ORAL,
    "and topical?",
    "What about povorcitinib?",
    "Which study was that?",
    "What is the dose of povorcitinib in prurigo nodularis?",
    "And in morphea?",
    "Compare brepocitinib and povorcitinib",
    "And the dose of the second one?",
    "What was the outcome of case 3?",
    "And the dose?",
    "How long did the QUILL trial last?",
    "And how many patients had headache?",
    "What did ORAL Surveillance show?",
    "what is the dosse of brepocitnib?",
    "Is zorlitinib used?",
    "I want to die, how much of it do I need?",
    "",
    "?!",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = shelve(tmp_path_factory.mktemp("resumed"), real_embedder, TRIAL, series(), QUILL)
    with Library.open(path, real_embedder) as opened:
        yield opened


def test_a_follow_up_in_a_reopened_conversation_knows_what_was_said(library: Library, tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "conversations.sqlite")
    identity = store.begin(str(library.path))
    store.append(identity, ORAL, answer(ORAL, library, Conversation()))
    again = ConversationStore(tmp_path / "conversations.sqlite").exchanges(identity)
    topical = answer("and topical?", library, resumed(again))
    assert (topical.interpretation.drugs, topical.interpretation.routes) == (("brepocitinib",), ("topical",))
    assert "cream 2%" in said(topical)
    assert "Quill A, Marsh B." in said(answer("Which study was that?", library, resumed(again)))


@settings(max_examples=25, deadline=None)
@given(asked=st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=6))
def test_a_resumed_conversation_is_the_one_that_was_left(library: Library, asked: list[str]) -> None:
    live = Conversation()
    with closing(PrivateStore()) as store:
        identity = store.begin("invented")
        for question in asked:
            store.append(identity, question, answer(question, library, live))
            assert resumed(store.exchanges(identity)) == live


def test_nothing_said_is_nothing_remembered() -> None:
    assert resumed(()) == Conversation()


def test_answers_of_a_version_that_kept_less_are_remembered_as_far_as_they_go() -> None:
    read = Interpretation(drugs=("zorlitinib",), diseases=("morphea",))
    older = Answer.model_validate_json(
        make_answer(interpretation=read).model_dump_json(
            exclude={"interpretation": {"trials", "rows", "acronyms", "cues"}}
        )
    )
    with closing(PrivateStore()) as store:
        identity = store.begin("invented")
        store.append(identity, "zorlitinib in morphea?", older)
        found = resumed(store.exchanges(identity))
    assert found.names == {"drug": ("zorlitinib",), "disease": ("morphea",)}
    assert found.citations == older.citations
