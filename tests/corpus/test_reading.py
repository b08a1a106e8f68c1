"""Reading ahead in other processes: the same readings in the same order, and a bad file takes only itself along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import pytest

from corpus.readers import reading, worker
from corpus.readers.reading import Manner, beside, in_turn, read
from corpus.types import Document

ROOT = Path(__file__).parents[2]
FAULTY = "tests.corpus.faulty_worker"


def write(folder: Path, *names: str) -> list[Path]:
    paths = []
    for name in names:
        path = folder / f"{name}.txt"
        path.write_text(f"Oral zorlitinib 7 mg once daily softened plaques ({name}).\n")
        paths.append(path)
    return paths


def outcomes(found: list[reading.Reading]) -> list[tuple[str, tuple[Document, ...], str | None]]:
    return [(each.path.name, each.documents, str(each.error) if each.error else None) for each in found]


@pytest.mark.parametrize("processes", [1, 3])
def test_readings_elsewhere_are_those_of_here_in_the_same_order(tmp_path: Path, processes: int) -> None:
    files = write(tmp_path, *(f"{'slow-' if n % 3 == 0 else ''}{n:02}" for n in range(12)))
    (tmp_path / "empty.txt").write_bytes(b"")
    files[5:5] = [tmp_path / "empty.txt", tmp_path / "missing.txt", files[2]]
    with in_turn(files, Manner()) as here:
        expected = outcomes(list(here))
    with beside(files, Manner(), processes, worker=FAULTY) as there:
        assert outcomes(list(there)) == expected
    assert len(expected) == 15 and sum(why is not None for _, _, why in expected) == 2


@pytest.mark.parametrize(
    ("name", "says"), [("dies", "brings its reader down"), ("breaks", "brings its reader down"), ("spins", "down")]
)
def test_a_file_that_ends_its_reader_takes_only_itself_along(tmp_path: Path, name: str, says: str) -> None:
    files = write(tmp_path, "a", name, "b", f"{name}-again", "c")
    with beside(files, Manner(), 1, worker=FAULTY) as readings:
        found = list(readings)
    assert [each.path for each in found] == files
    assert [bool(each.documents) for each in found] == [True, False, True, False, True]
    for each in found[1::2]:
        assert str(each.path) in str(each.error) and says in str(each.error) and str(each.error).endswith(".")


def test_a_file_at_which_its_reader_hangs_is_given_up(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "hangs", "b")
    with beside(files, Manner(), 1, patience=5, worker=FAULTY) as readings:
        found = list(readings)
    assert [bool(each.documents) for each in found] == [True, False, True]
    assert "takes longer than 5 s" in str(found[1].error)


def test_a_reader_that_does_not_start_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    with beside(write(tmp_path, "a"), Manner(), 1, worker="corpus.no_such_module") as readings:
        (found,) = readings
    assert "does not start" in str(found.error)


def test_whoever_stops_half_way_waits_for_nobody(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "hangs", "b")
    with beside(files, Manner(), 2, worker=FAULTY) as readings:
        assert next(readings).documents
    # leaving the block ended the process that hangs; had it not, the block would not have been left


def test_what_waits_to_be_taken_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_AHEAD", 3)
    queue = reading._Queue(write(tmp_path, *"abcdefgh"))
    taken = [queue.take() for _ in range(3)]
    assert not queue._has_room()
    for task in taken:
        assert task is not None
        queue.put(task[0], read(task[1], Manner()))
    assert not queue._has_room()  # read, but still held
    readings = queue.readings()
    next(readings)
    next(readings)  # the second is asked for once the first is done with
    assert queue._has_room()
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 1)
    assert not queue._has_room()  # one long document is as much as many short ones


def test_a_process_whose_owner_is_killed_ends(tmp_path: Path) -> None:
    (file,) = write(tmp_path, "a")
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom corpus.readers import reading\n"
        "files = [Path(sys.argv[1])] * 500\n"
        "with reading.beside(files, reading.Manner(), 1) as found:\n"
        "    next(found)\n"
        "    import threading\n"
        "    (one,) = [t for t in threading.enumerate() if t.name == 'reader']\n"
        "    print(one._process.pid, flush=True)\n    time.sleep(1000)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    owner = subprocess.Popen([sys.executable, "-c", code, file], stdout=subprocess.PIPE, text=True, env=environment)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    while is_running(pid):  # the suite's own time limit ends this if it never does
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").is_dir()
    return state != "Z"


def test_the_worker_answers_until_the_other_end_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)  # this process is not the one to be ended
    (file,) = write(tmp_path, "a")
    ours, theirs = Pipe()
    thread = Thread(target=worker.serve, args=(theirs,))
    thread.start()
    assert ours.recv() is True
    for path in (file, tmp_path / "missing.txt"):
        ours.send((path, Manner()))
        assert outcomes([ours.recv()]) == outcomes([read(path, Manner())])
    ours.close()
    thread.join()
    theirs.close()
