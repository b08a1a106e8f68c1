"""What is kept when processes die in the middle of keeping it, and when several keep things in one file at once."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.keeping.database import File, scrub, transaction
from assistant.keeping.store import ConversationStore

# Appends questions to a conversation and says of each that it is kept, after it was.
WRITER = """
import sys
from pathlib import Path
from assistant.keeping.store import ConversationStore
from tests.assistant.test_render import make_answer

path, identity, name, count = sys.argv[1:]
sys.stdin.readline()
store = ConversationStore(Path(path))
identity = identity or store.begin("/srv/library", name)
print(identity, flush=True)
for number in range(int(count)):
    store.append(identity, f"{name} {number}", make_answer("word " * (number % 50 * 40 + 1)))
    print(number, flush=True)
"""


def writer(path: Path, identity: str, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that appends as soon as it gets a line."""
    command = [sys.executable, "-c", WRITER, str(path), identity, name, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize("after", [1, 7, 23])
def test_every_append_that_returned_survives_the_death_of_the_process(tmp_path: Path, after: int) -> None:
    path = tmp_path / "conversations.sqlite"
    with writer(path, "", "dying", 1_000_000) as process:
        start(process)
        assert process.stdout is not None
        identity = process.stdout.readline().strip()
        said = [process.stdout.readline() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    store = ConversationStore(path)
    kept = store.exchanges(identity)
    assert len(kept) - len(said) in (0, 1)  # the last may have been kept and not been said
    assert [exchange.question for exchange in kept] == [f"dying {number}" for number in range(len(kept))]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert store.append(identity, "and on", kept[0].answer).position == len(kept) + 1


def test_processes_that_start_together_make_one_store_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "conversations.sqlite"
    processes = [writer(path, "", f"process-{n}", 15) for n in range(4)]
    for process in processes:
        start(process)
    assert [len(process.communicate(timeout=120)[0].split()) for process in processes] == [16] * 4
    store = ConversationStore(path)
    assert sorted(kept.title for kept in store.conversations()) == [f"process-{n}" for n in range(4)]
    assert {kept.exchanges for kept in store.conversations()} == {15}


def test_two_processes_append_to_one_conversation(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    store = ConversationStore(path)
    identity = store.begin("/srv/library", "shared")
    processes = [writer(path, identity, name, 20) for name in ("left", "right")]
    for process in processes:
        start(process)
    deleted = []
    while any(process.poll() is None for process in processes):  # meanwhile, a third one purges
        deleted.append(store.begin("/srv/library", "gone"))
        store.delete(deleted[-1])
        store.purge(now=True)
    assert [process.communicate()[0].split()[1:] for process in processes] == [[str(n) for n in range(20)]] * 2
    kept = store.exchanges(identity)
    assert [exchange.position for exchange in kept] == list(range(1, 41))
    for name in ("left", "right"):
        asked = [exchange.question for exchange in kept if exchange.question.startswith(name)]
        assert asked == [f"{name} {n}" for n in range(20)]


@pytest.mark.parametrize("seed", [7, 12, 14, 15, 16, 19])
def test_no_copy_is_left_where_rows_were_moved_from_page_to_page(tmp_path: Path, seed: int) -> None:
    """SQLite's secure_delete alone leaves some: rows that grew were moved before they were deleted."""
    chance = random.Random(seed)
    path = tmp_path / "conversations.sqlite"
    database = File(path)
    with transaction(database) as connection:
        for number in range(120):
            values = (f"{chance.getrandbits(48):x}", f"secret-{number:03}- " * chance.randrange(1, 60))
            connection.execute("INSERT INTO conversations VALUES (?, '', ?, '', '', NULL)", values)
            for _ in range(3):
                grown = chance.randrange(number + 1)
                values = (f"secret-{grown:03}- " * chance.randrange(1, 90), str(grown + 1))
                connection.execute("UPDATE conversations SET title = ? WHERE rowid = ?", values)
        gone = chance.sample(range(120), 60)
        connection.executemany("DELETE FROM conversations WHERE rowid = ?", [(number + 1,) for number in gone])
    scrub(database)
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [number for number in gone if f"secret-{number:03}-".encode() in left] == []
    assert sum(f"secret-{number:03}-".encode() in left for number in range(120)) == 60
