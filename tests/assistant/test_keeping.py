"""Conversations that are kept: listed, found, renamed, deleted with undo, purged for good; or never written at all."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.contract import Answer
from assistant.keeping.errors import ConversationsBusyError, ConversationsError, UnknownConversationError
from assistant.keeping.history import asked_before
from assistant.keeping.kept import UNDO_TIME
from assistant.keeping.store import ConversationStore, PrivateStore, Store, default_path
from assistant.keeping.stored import UNREADABLE
from tests.assistant.test_render import make_abstention, make_answer, make_citation

ANSWER = make_answer()
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Clock:
    """A clock that moves a minute at each look, and further when told to."""

    def __init__(self) -> None:
        self.now = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "conversations.sqlite"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, path: Path, clock: Clock) -> Iterator[Store]:
    made: Store = ConversationStore(path, clock=clock) if request.param == "file" else PrivateStore(clock=clock)
    yield made
    made.close()


def keep(store: Store, *questions: str, answer: Answer = ANSWER, title: str = "") -> str:
    """Keep a conversation of some questions and return its id."""
    identity = store.begin("/srv/library", title)
    for question in questions or ("zorlitinib dose?",):
        store.append(identity, question, answer)
    return identity


def titles(store: Store, search: str = "") -> list[str]:
    return [kept.title for kept in store.conversations(search)]


# --- keeping and listing ---


def test_what_is_appended_is_read_back_as_it_was(store: Store, clock: Clock) -> None:
    identity = store.begin("/srv/library")
    answers = [make_answer(), make_abstention(), make_answer("Word.", make_citation(3, reading="Word", year=None))]
    returned = [store.append(identity, f"question {n}?", answer) for n, answer in enumerate(answers)]
    assert store.exchanges(identity) == returned
    assert [(kept.position, kept.question) for kept in returned] == [(n + 1, f"question {n}?") for n in range(3)]
    assert returned[0].asked < returned[1].asked < returned[2].asked == clock.now


def test_a_conversation_without_an_exchange_is_not_listed(store: Store) -> None:
    identity = store.begin("/srv/library", "To come")
    assert store.conversations() == []
    store.append(identity, "zorlitinib?", ANSWER)
    (kept,) = store.conversations()
    assert (kept.id, kept.title, kept.library, kept.exchanges) == (identity, "To come", "/srv/library", 1)
    assert kept.started < kept.updated


def test_the_conversation_that_was_used_last_comes_first(store: Store) -> None:
    first, second = keep(store, "one?"), keep(store, "two?")
    assert [kept.id for kept in store.conversations()] == [second, first]
    store.append(first, "and more?", ANSWER)
    assert [(kept.id, kept.exchanges) for kept in store.conversations()] == [(first, 2), (second, 1)]


def test_the_first_question_is_the_title_until_there_is_another(store: Store) -> None:
    identity = keep(store, "zorlitinib\n  dose?\x1b[31m", "and topical?")
    assert titles(store) == ["zorlitinib dose? [31m"]
    store.rename(identity, "  Morphea,\tweek 3 ")
    assert titles(store) == ["Morphea, week 3"]
    store.rename(identity, " ")
    assert titles(store) == ["zorlitinib dose? [31m"]


def test_a_long_question_makes_a_title_that_fits_a_line(store: Store) -> None:
    keep(store, "zorlitinib " * 500)
    (title,) = titles(store)
    assert len(title) <= 120 and title.endswith("…")


def test_an_id_that_is_unknown_is_named_with_what_to_do(store: Store) -> None:
    actions: list[Callable[[], object]] = [
        lambda: store.append("feed", "zorlitinib?", ANSWER),
        lambda: store.exchanges("feed"),
        lambda: store.rename("feed", "x"),
        lambda: store.delete("feed"),
        lambda: store.restore("feed"),
    ]
    for action in actions:
        with pytest.raises(UnknownConversationError, match=r"'feed'.*conversations list.*\.$"):
            action()


# --- searching ---


@pytest.mark.parametrize(
    "search", ["MÖRPHEA", "morphea", "zürich", "ZURICH", "softened plaques", "plaques zurich", "  ", "9 of 12", "(ref"]
)
def test_a_search_finds_titles_questions_and_answers_whatever_case_and_accents(store: Store, search: str) -> None:
    keep(store, "Which dose in Mórphea?", title="Zürich clinic")
    assert titles(store, search) == ["Zürich clinic"]


def test_every_word_of_a_search_has_to_occur_somewhere_in_the_conversation(store: Store) -> None:
    keep(store, "first about alopecia?", "then about vitiligo?", title="both")
    keep(store, "about vitiligo?", title="one")
    assert titles(store, "vitiligo") == ["one", "both"]
    assert titles(store, "vitiligo ALOPECIA") == ["both"]
    assert titles(store, "vitiligo psoriasis") == []


def test_a_search_takes_no_sign_for_a_pattern(store: Store) -> None:
    keep(store, "100% of 5_6?", title="signs")
    keep(store, "1000 of 576?", title="none")
    assert titles(store, "%") == titles(store, "5_6") == ["signs"]
    assert titles(store, "*") == titles(store, "' OR 1=1 --") == titles(store, '"') == []


def test_a_search_of_many_thousand_words_is_a_search(store: Store) -> None:
    keep(store, "zorlitinib?")
    assert titles(store, "zorlitinib " * 20_000) == ["zorlitinib?"]
    assert titles(store, " ".join(map(str, range(5_000)))) == []


@SLOW
@given(question=st.text(), title=st.text(), search=st.text())
def test_any_text_is_a_question_a_title_and_a_search(question: str, title: str, search: str) -> None:
    with closing(PrivateStore()) as store:
        identity = keep(store, question, answer=make_answer(question or "x"), title=title)
        (kept,) = store.conversations()
        (exchange,) = store.exchanges(identity)
        assert (exchange.question, exchange.answer.statements[0].text) == (question, question or "x")
        for sought in (question, question.upper(), question[1:], kept.title):
            assert [found.id for found in store.conversations(sought)] == [identity]
        assert store.conversations(search) in ([], [kept])
        assert asked_before(store) == ([question] if question.strip() else [])


def test_halves_of_characters_are_kept_as_the_sign_for_unreadable(store: Store) -> None:
    identity = keep(store, "a\ud800b", answer=make_answer("c\udfffd"), title="\ud800")
    (exchange,) = store.exchanges(identity)
    assert (exchange.question, exchange.answer.statements[0].text) == ("a\ufffdb", "c\ufffdd")
    assert titles(store, "\ud800") == ["\ufffd"]


# --- deleting, restoring, purging ---


def test_a_deleted_conversation_is_hidden_until_it_is_restored(store: Store) -> None:
    identity = keep(store, "zorlitinib?")
    before = store.conversations()
    store.delete(identity)
    assert store.conversations() == [] and asked_before(store) == []
    assert store.conversations(deleted=True) == before
    for action in (lambda: store.exchanges(identity), lambda: store.append(identity, "more?", ANSWER)):
        with pytest.raises(UnknownConversationError, match=f"restore {identity}"):
            action()
    store.restore(identity)
    assert store.conversations() == before and store.conversations(deleted=True) == []


def test_purging_waits_for_the_undo_time_unless_it_is_to_be_now(store: Store, clock: Clock) -> None:
    old, young, kept = keep(store, "old?"), keep(store, "young?"), keep(store, "kept?")
    store.delete(old)
    clock.now += UNDO_TIME
    store.delete(young)
    assert store.purge() == 1
    assert [found.id for found in store.conversations(deleted=True)] == [young]
    assert store.purge() == 0 and store.purge(now=True) == 1
    assert store.conversations(deleted=True) == []
    assert [found.id for found in store.conversations()] == [kept]
    with pytest.raises(UnknownConversationError, match="no conversation"):
        store.restore(old)


def test_opening_the_store_purges_what_can_no_longer_be_restored(path: Path, clock: Clock) -> None:
    store = ConversationStore(path, clock=clock)
    store.delete(keep(store, "gone?"))
    reopened = ConversationStore(path, clock=clock)
    assert len(reopened.conversations(deleted=True)) == 1
    clock.now += UNDO_TIME
    assert ConversationStore(path, clock=clock).conversations(deleted=True) == []


def test_a_conversation_that_never_had_an_exchange_does_not_stay(path: Path, clock: Clock) -> None:
    store = ConversationStore(path, clock=clock)
    store.begin("/srv/library", "unused-marker")
    young = store.begin("/srv/library")
    ConversationStore(path, clock=clock)
    store.append(young, "zorlitinib?", ANSWER)
    clock.now += UNDO_TIME
    ConversationStore(path, clock=clock)
    assert b"unused-marker" not in bytes_of(path)
    assert [kept.id for kept in store.conversations()] == [young]


def bytes_of(path: Path) -> bytes:
    """Return what all files beside the store's hold."""
    return b"\0".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def test_what_was_purged_is_in_no_byte_of_any_file(path: Path) -> None:
    store = ConversationStore(path)
    identities = []
    for number in range(30):  # of many sizes, so that rows are moved from page to page
        text = f"secret-{number:03}- " * (1 + number * 7 % 40)
        identities.append(
            keep(store, *[text] * (1 + number % 4), answer=make_answer(text), title=f"secret-{number:03}-")
        )
    for identity in identities[::2]:
        store.rename(identity, "secret-renamed")
        store.delete(identity)
    # A process that was killed leaves its write-ahead log; one that stays open keeps it growing.
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM exchanges").fetchall()
        assert b"secret-000-" in bytes_of(path)
        assert store.purge(now=True) == 15
        left = bytes_of(path)
    for number in range(30):
        assert (f"secret-{number:03}-".encode() in left) == (number % 2 == 1)
    assert b"secret-renamed" not in left
    assert len(store.conversations()) == 15


def test_a_purge_that_was_cut_short_is_finished_when_the_store_is_next_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ConversationStore(path)
    store.delete(keep(store, "secret-question"))

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("assistant.keeping.store.scrub", killed)
        with pytest.raises(KeyboardInterrupt):
            store.purge(now=True)
    calls: list[object] = []
    monkeypatch.setattr("assistant.keeping.store.scrub", calls.append)
    ConversationStore(path)
    ConversationStore(path)
    assert len(calls) == 1


def test_a_reader_that_holds_the_log_makes_purging_say_so_and_opening_wait_for_the_next_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.keeping.database._PATIENCE", 0.05)
    store = ConversationStore(path)
    store.delete(keep(store, "secret-question"))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM exchanges").fetchall()
        with pytest.raises(ConversationsBusyError, match=r"close it and try again\.$"):
            store.purge(now=True)
        assert ConversationStore(path).conversations() == []
    ConversationStore(path)
    assert b"secret-question" not in bytes_of(path)


# --- the file ---


def test_only_the_owner_can_read_what_is_kept(path: Path) -> None:
    old_mask = os.umask(0)
    try:
        store = ConversationStore(path)
        keep(store)
        with closing(sqlite3.connect(path)) as other:
            other.execute("SELECT count(*) FROM exchanges").fetchall()
            keep(store)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(old_mask)
    assert set(modes.values()) == {0o600} and len(modes) == 3
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    ConversationStore(path)
    path.chmod(0o644)
    ConversationStore(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_private_conversations_touch_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("POSOLOGY_CONVERSATIONS", str(tmp_path / "conversations.sqlite"))
    with closing(PrivateStore()) as store:
        for _ in range(20):
            keep(store, "secret-question " * 500)
        store.delete(keep(store))
        store.purge(now=True)
        assert len(store.conversations("secret")) == 20
        assert list(tmp_path.iterdir()) == []
        unlinked = (str(link.resolve()) for link in Path("/proc/self/fd").iterdir())
        assert not any("sqlite" in name or "etilqs" in name for name in unlinked)


def test_the_settings_say_where_conversations_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("POSOLOGY_CONVERSATIONS", raising=False)
    assert default_path().parts[-2:] == ("conversations", "conversations.sqlite")
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("POSOLOGY_CONVERSATIONS", "~/talks.sqlite")
    assert default_path() == Path("/home/somebody/talks.sqlite")


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_store_is_named_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(ConversationsError) as caught:
        ConversationStore(path)
    assert str(path) in str(caught.value) and str(caught.value).endswith(".") and caught.value.exit_code == 7
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConversationsError, match="POSOLOGY_CONVERSATIONS"):
        ConversationStore(tmp_path / "file" / "conversations.sqlite")
    with pytest.raises(ConversationsError, match="POSOLOGY_CONVERSATIONS"):
        ConversationStore(tmp_path)


def test_a_file_that_vanishes_is_an_error_and_not_made_anew(path: Path) -> None:
    store = ConversationStore(path)
    path.unlink()
    with pytest.raises(ConversationsError):
        keep(store)
    assert not path.exists()


def test_a_store_of_a_newer_version_is_not_touched(path: Path) -> None:
    ConversationStore(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ConversationsError, match="upgrade"):
        ConversationStore(path)


# --- answers of other versions ---


def put(path: Path, answer: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE exchanges SET answer = ?", (answer,))


def test_an_answer_with_fields_that_are_unknown_or_missing_opens(path: Path) -> None:
    store = ConversationStore(path)
    identity = keep(store, "zorlitinib?")
    put(
        path,
        '{"question": "q", "status": "answered", "answer": "A. [1]", "mood": "good", "interpretation": {"moods": []},'
        ' "statements": [{"text": "A.", "kind": "quote", "citations": [1], "tone": 3}]}',
    )
    (exchange,) = store.exchanges(identity)
    assert (exchange.answer.statements[0].text, exchange.answer.citations) == ("A.", ())


@pytest.mark.parametrize(
    "stored", ["", "null", "{", '{"question": "q"}', '{"question": "q", "status": "sung", "answer": "A."}']
)
def test_an_answer_that_makes_no_sense_is_shown_as_a_note_and_stays_as_it_is(path: Path, stored: str) -> None:
    store = ConversationStore(path)
    identity = keep(store, "zorlitinib?", "and topical?")
    put(path, stored)
    first, second = store.exchanges(identity)
    assert [first.question, second.question] == ["zorlitinib?", "and topical?"]
    (statement,) = first.answer.statements
    assert (first.answer.status, statement.kind, statement.text) == ("abstained", "note", UNREADABLE)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT DISTINCT answer FROM exchanges").fetchall() == [(stored,)]


# --- history ---


def test_history_holds_each_question_once_newest_last(store: Store) -> None:
    keep(store, "first?", "second?", "first?")
    keep(store, "third?", "second?")
    assert asked_before(store) == ["first?", "third?", "second?"]
    assert asked_before(store, 2) == ["third?", "second?"]


def test_history_is_bounded() -> None:
    store = PrivateStore()
    keep(store, *(f"question {number}?" for number in range(1_003)))
    history = asked_before(store)
    assert (len(history), history[0], history[-1]) == (1_000, "question 3?", "question 1002?")


# --- at the same time ---


def test_threads_append_to_one_conversation_without_losing_any(store: Store) -> None:
    identity = store.begin("/srv/library")

    def write(name: str) -> None:
        for number in range(20):
            store.append(identity, f"{name} {number}", ANSWER)
            store.conversations(name)

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write, f"thread-{n}") for n in range(4)]:
            done.result()
    kept = store.exchanges(identity)
    assert [exchange.position for exchange in kept] == list(range(1, 81))
    assert {exchange.question for exchange in kept} == {f"thread-{n} {m}" for n in range(4) for m in range(20)}
