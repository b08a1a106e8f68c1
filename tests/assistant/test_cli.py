"""The command line as scripts meet it: what goes where, which exit code, one sentence for whatever goes wrong.

Most tests call the program's own `main` in this process, which is quick; what depends on being a process (signals,
pipes, locales, the installed script) runs as one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sysconfig
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from assistant.contract import Answer
from corpus.catalogue import Catalogue
from index.library import CATALOGUE, MANIFEST_KEY, read_manifest
from tests.assistant.running import Posology, Ran, leave_the_users_folders, runner

SCRIPT = Path(sysconfig.get_path("scripts")) / "posology"
QUESTION = "tofacitinib dose in vitiligo?"
UNANSWERABLE = "frobnication index of zorlitinib?"
SENTENCE = "Oral zorlitinib {} mg once daily softened plaques in most of the adults with morphea.\n"
IDS = ["class-monograph", "combination-letter", "dermatomyositis-report", "off-label-review"]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_the_users_folders(monkeypatch, tmp_path)


@pytest.fixture
def posology(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], real_embedder: object) -> Posology:
    return runner(monkeypatch, capsys)


def process(*arguments: str | Path, **environment: str) -> Ran:
    """Run the installed script as a process of its own."""
    command = [str(SCRIPT), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **environment}, timeout=120, check=False)
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ran.out + ran.err
    return ran


@pytest.fixture
def copied(bundled_path: Path, tmp_path: Path) -> Path:
    """Return a copy of the bundled library that a test may change."""
    return Path(shutil.copytree(bundled_path, tmp_path / "copy"))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return where a test's own new library is to be."""
    return tmp_path / "library"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "trial.txt"
    path.write_text(SENTENCE.format(7))
    return path


def assert_one_sentence(ran: Ran, code: int, *parts: str) -> None:
    """Assert that a run failed with its exit code and one sentence on standard error, which holds `parts`."""
    assert ran.code == code, ran
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("posology: ") and last.endswith((".", '"'))
    assert "Something went wrong" not in ran.err
    for part in parts:
        assert part in last


def write_lines(path: Path, items: Sequence[Any]) -> Path:
    lines = (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def read_answers(text: str) -> list[Answer]:
    return [Answer.model_validate_json(line) for line in text.split("\n") if line]


# --- ask ---


def test_an_answer_is_all_that_standard_output_gets(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", QUESTION, "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert "tofacitinib" in ran.out and "[1]" in ran.out and "--at" in ran.out


def test_a_question_without_quotation_marks_is_one_question(posology: Posology, bundled_path: Path) -> None:
    together = posology("ask", QUESTION, "--json", "--library", bundled_path)
    apart = posology("ask", *QUESTION.split(), "--json", "--library", bundled_path)
    first, second = read_answers(together.out + apart.out)
    assert first.model_copy(update={"seconds": 0.0}) == second.model_copy(update={"seconds": 0.0})


def test_json_is_one_answer_on_one_line(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", QUESTION, "--json", "--library", bundled_path)
    (found,) = read_answers(ran.out)
    assert (ran.code, ran.err, ran.out.count("\n")) == (0, "", 1)
    assert (found.id, found.question, found.status) == (None, QUESTION, "answered")


def test_markdown_has_footnotes(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", QUESTION, "--markdown", "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    body, mark, _ = ran.out.partition("\n[^1]: ")
    assert mark and "[^1]" in body


def test_an_honest_no_is_no_failure(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", UNANSWERABLE, "--library", bundled_path)
    assert ran.code == 0
    assert "does not cover" in ran.out
    assert ran.out.index("does not cover") < ran.out.index("not an answer")


def test_a_dash_reads_the_question_from_standard_input(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", "-", "--json", "--library", bundled_path, stdin=f"{QUESTION}\n".encode())
    (found,) = read_answers(ran.out)
    assert found.question.strip() == QUESTION
    assert found.status == "answered"


@pytest.mark.parametrize("data", [b"tofacitinib \xb5g dose", b"\xff\xfe", b"\xf0\x28\x8c\x28 tofacitinib"])
def test_standard_input_that_is_not_utf8_is_answered_or_refused_in_a_sentence(
    posology: Posology, bundled_path: Path, data: bytes
) -> None:
    ran = posology("ask", "-", "--library", bundled_path, stdin=data)
    assert "Something went wrong" not in ran.err
    assert ran.code in (0, 2, 5)


@pytest.mark.parametrize("form", ["--json", "--markdown", "--library"])
def test_a_question_of_broken_characters_is_answered_in_every_form(
    posology: Posology, bundled_path: Path, form: str
) -> None:
    # What a shell passes on of bytes that are no UTF-8.
    forms = [] if form == "--library" else [form]
    ran = posology("ask", "tofacitinib \udcff\udcfe dose", *forms, "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()


@pytest.mark.parametrize(("arguments", "stdin"), [((), b""), (("",), b""), (("   ",), b""), (("-",), b" \n")])
def test_no_question_is_a_mistake_of_use(
    posology: Posology, bundled_path: Path, arguments: tuple[str, ...], stdin: bytes
) -> None:
    ran = posology("ask", *arguments, "--library", bundled_path, stdin=stdin)
    assert_one_sentence(ran, 2)
    assert ran.out == ""


def test_only_the_named_source_is_used(posology: Posology, bundled_path: Path) -> None:
    ran = posology(
        "ask", "MACE with upadacitinib 15 mg?", "--json", "--source", "class-monograph", "--library", bundled_path
    )
    (found,) = read_answers(ran.out)
    assert {citation.document_id for citation in found.citations} == {"class-monograph"}


def test_an_unknown_source_is_named(posology: Posology, bundled_path: Path) -> None:
    ran = posology("ask", QUESTION, "--source", "class-monograph", "--source", "nowhere", "--library", bundled_path)
    assert_one_sentence(ran, 4, "'nowhere'", "posology list")
    assert ran.out == ""


@pytest.mark.parametrize(
    "arguments", [("ask", QUESTION), ("list",), ("show", "x"), ("verify",), ("remove", "x"), ("ask", "--batch", "Q")]
)
def test_a_missing_library_is_an_error_that_says_how_to_make_one(
    posology: Posology, tmp_path: Path, library: Path, arguments: tuple[str, ...]
) -> None:
    questions = write_lines(tmp_path / "q.jsonl", [{"question": QUESTION}])
    ran = posology(*(questions if part == "Q" else part for part in arguments), "--library", library)
    assert_one_sentence(ran, 3, "posology add", str(library))
    assert ran.out == ""
    assert not library.exists()


# --- ask --batch ---


def test_a_batch_gets_an_answer_for_each_question_and_turn_with_its_id(
    posology: Posology, bundled_path: Path, tmp_path: Path
) -> None:
    items = [
        {"id": "q1", "question": QUESTION},
        {"id": "c1", "turns": [{"id": "c1.1", "question": QUESTION}, {"id": "c1.2", "question": "and baricitinib?"}]},
        {"question": UNANSWERABLE},
    ]
    questions, out = write_lines(tmp_path / "q.jsonl", items), tmp_path / "a.jsonl"
    ran = posology("ask", "--batch", questions, "--out", out, "--library", bundled_path)
    assert (ran.code, ran.out) == (0, "")
    assert "4" in ran.err and str(out) in ran.err
    found = read_answers(out.read_text())
    assert [answer.id for answer in found] == ["q1", "c1.1", "c1.2", None]
    assert [answer.question for answer in found] == [QUESTION, QUESTION, "and baricitinib?", UNANSWERABLE]
    assert "baricitinib" in found[2].interpretation.drugs
    assert "vitiligo" in found[2].interpretation.diseases  # carried over from the turn before
    assert list(tmp_path.glob(".*.part")) == []
    assert posology("verify", out, "--library", bundled_path).code == 0


def test_a_batch_without_out_goes_to_standard_output(posology: Posology, bundled_path: Path, tmp_path: Path) -> None:
    items = [{"id": "a", "question": QUESTION}, "", {"id": "b", "question": UNANSWERABLE}]
    ran = posology("ask", "--batch", write_lines(tmp_path / "q.jsonl", items), "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert [answer.id for answer in read_answers(ran.out)] == ["a", "b"]


def test_a_question_may_hold_any_character_that_json_may(
    posology: Posology, bundled_path: Path, tmp_path: Path
) -> None:
    texts = ["tofacitinib\u2028dose", "tofacitinib\x85dose in vitiligo", "rux\u2029?", "\x7f\u202e", "a\x1cb", "\ud83d"]
    items = [json.dumps({"id": str(i), "question": t}, ensure_ascii=i % 2 == 1) for i, t in enumerate(texts)]
    questions, out = write_lines(tmp_path / "q.jsonl", items), tmp_path / "a.jsonl"
    ran = posology("ask", "--batch", questions, "--out", out, "--library", bundled_path)
    assert ran.code == 0, ran.err
    assert [answer.id for answer in read_answers(out.read_text())] == [str(i) for i in range(len(texts))]
    assert posology("verify", out, "--library", bundled_path).code == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"text"',
        "7",
        "null",
        "{}",
        '{"id": "x"}',
        '{"question": 7}',
        '{"id": 7, "question": "x"}',
        '{"turns": "text"}',
        '{"turns": [{"id": "x"}]}',
        '{"turns": null}',
        "[" * 100_000,
    ],
    ids=lambda line: line[:30],
)
def test_a_malformed_line_is_named_and_nothing_is_written(
    posology: Posology, bundled_path: Path, tmp_path: Path, line: str
) -> None:
    questions = write_lines(tmp_path / "q.jsonl", [{"question": QUESTION}, line, {"question": QUESTION}])
    out = tmp_path / "a.jsonl"
    ran = posology("ask", "--batch", questions, "--out", out, "--library", bundled_path)
    assert_one_sentence(ran, 2, "line 2", str(questions))
    assert ran.out == ""
    assert [path.name for path in tmp_path.glob("*.jsonl")] == ["q.jsonl"]
    assert list(tmp_path.glob(".*.part")) == []


def test_a_malformed_line_leaves_an_older_output_file_as_it_was(
    posology: Posology, bundled_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.jsonl"
    out.write_text("older\n")
    posology("ask", "--batch", write_lines(tmp_path / "q.jsonl", ["{"]), "--out", out, "--library", bundled_path)
    assert out.read_text() == "older\n"


def test_a_batch_file_that_cannot_be_read_is_named(posology: Posology, bundled_path: Path, tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"question": "dose 5 \xb5g"}\n')
    for path in (latin, tmp_path / "missing.jsonl", tmp_path):
        assert_one_sentence(posology("ask", "--batch", path, "--library", bundled_path), 5, str(path))


@pytest.mark.parametrize("out", ["missing/a.jsonl", "folder", "folder/."])
def test_an_output_file_that_cannot_be_written_is_named(
    posology: Posology, bundled_path: Path, tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder").mkdir()
    questions = write_lines(tmp_path / "q.jsonl", [{"question": QUESTION}])
    assert_one_sentence(
        posology("ask", "--batch", questions, "--out", f"{tmp_path}/{out}", "--library", bundled_path), 5, "written"
    )
    assert list(tmp_path.rglob("*.part")) == []


# --- add, remove ---


def rows(table: str) -> list[tuple[str, str]]:
    """Return the fate and the id in each line of the table that `add` prints."""
    return re.findall(r"(?m)^(added|replaced|same|skipped) .* (\S+) \(.*\)$", table)


def test_one_good_file_among_bad_ones_is_added_and_the_others_reasons_are_said(
    posology: Posology, tmp_path: Path, library: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.txt").write_text(SENTENCE.format(7))
    bad = {"empty.txt": b"", "binary.txt": b"a\x00b", "scan.txt": b"%PDF-1.7", "latin.txt": b"dose 5 \xb5g"}
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    ran = posology("add", folder, "--library", library)
    assert ran.code == 0
    assert sorted(rows(ran.out)) == [("added", "good"), *[("skipped", "-")] * 4]
    for name, reason in zip(
        bad, ("is empty", "binary file", "is a damaged PDF", "not valid UTF-8 (byte 7)"), strict=True
    ):
        (line,) = (line for line in ran.err.splitlines() if f"{folder / name}:" in line)
        assert reason in line
    assert "1 added, 0 replaced, 0 unchanged, 4 skipped; 1 passages" in ran.err
    asked = posology("ask", "zorlitinib dose in morphea?", "--json", "--library", library)
    (found,) = read_answers(asked.out)
    assert {part.document_id for part in (*found.citations, *found.related)} == {"good"}


def test_only_bad_files_are_a_failure(posology: Posology, tmp_path: Path, library: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(b"a\x00b")
    one = posology("add", tmp_path / "empty.txt", "--library", library)
    assert_one_sentence(one, 5, "empty.txt is empty")
    both = posology("add", tmp_path, "--library", library)
    assert_one_sentence(both, 5)
    assert "empty.txt" in both.err and "binary.txt" in both.err
    assert (one.out, both.out) == ("", "")


def test_what_is_there_is_unchanged_and_what_changed_is_replaced(
    posology: Posology, paper: Path, library: Path
) -> None:
    assert rows(posology("add", paper, "--library", library).out) == [("added", "trial")]
    again = posology("add", paper, "--library", library)
    assert (again.code, again.out) == (0, "")
    assert re.search(rf"unchanged +{re.escape(str(paper))} .*trial", again.err)
    paper.write_text(SENTENCE.format(8))
    changed = posology("add", paper, "--library", library)
    assert changed.code == 0
    assert rows(changed.out) == [("replaced", "trial")]
    assert "8 mg" in posology("show", "trial", "--library", library).out


def test_nothing_to_add_is_a_mistake_of_use(posology: Posology, library: Path) -> None:
    ran = posology("add", "--library", library)
    assert ran.code == 2
    assert "--bundled" in ran.err
    assert not library.exists()


def test_a_file_name_cannot_send_commands_to_the_terminal(posology: Posology, tmp_path: Path, library: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a\x1b]0;x\x07\x9b31m\u202e.txt").write_text(SENTENCE.format(7))
    (folder / "b\x1b[2J.txt").write_bytes(b"")
    ran = posology("add", folder, "--library", library)
    again = posology("add", folder, "--library", library)
    listed = posology("list", "--library", library)
    as_json = posology("list", "--json", "--library", library)
    for text in (ran.out, ran.err, again.out, again.err, listed.out, listed.err, as_json.out):
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}, text


def test_a_document_is_removed_with_its_passages(posology: Posology, copied: Path) -> None:
    ran = posology("remove", "class-monograph", "off-label-review", "--library", copied)
    assert ran.code == 0
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["removed", "class-monograph"],
        ["removed", "off-label-review"],
    ]
    left = json.loads(posology("list", "--json", "--library", copied).out)
    assert [entry["id"] for entry in left] == ["combination-letter", "dermatomyositis-report"]
    asked = posology("ask", "event rates of MACE on abrocitinib?", "--json", "--library", copied)
    found = read_answers(asked.out)[0]
    assert not {part.document_id for part in (*found.citations, *found.related)} & {
        "class-monograph",
        "off-label-review",
    }
    assert posology("verify", "--library", copied).code == 0


def test_an_unknown_id_removes_nothing_at_all(posology: Posology, copied: Path) -> None:
    ran = posology("remove", "class-monograph", "nowhere", "--library", copied)
    assert_one_sentence(ran, 4, "'nowhere'", "nothing was removed", "posology list")
    assert ran.out == ""
    assert [entry["id"] for entry in json.loads(posology("list", "--json", "--library", copied).out)] == IDS


# --- list, show ---


def test_the_list_has_a_line_for_each_document(posology: Posology, bundled_path: Path) -> None:
    ran = posology("list", "--library", bundled_path)
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == IDS
    assert "4 documents" in ran.err


def test_the_list_as_json_says_what_each_document_is(posology: Posology, bundled_path: Path) -> None:
    ran = posology("list", "--json", "--library", bundled_path)
    entries = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert [entry["id"] for entry in entries] == IDS
    for entry in entries:
        assert entry["origin"] == "bundled" and entry["passages"] > 0 and entry["source"]["title"]


def test_a_document_is_shown_as_it_is_stored(posology: Posology, bundled_path: Path) -> None:
    ran = posology("show", "class-monograph", "--library", bundled_path)
    source = Path(__file__).parents[2] / "corpus" / "library" / "class-monograph.md"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == source.read_text() + "\n"


def test_what_a_footnote_names_is_shown_between_marks(posology: Posology, bundled_path: Path) -> None:
    (found,) = read_answers(posology("ask", QUESTION, "--json", "--library", bundled_path).out)
    citation = found.citations[0]
    at = f"{citation.start}:{citation.end}"
    ran = posology("show", citation.document_id, "--at", at, "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert f"»{citation.quote}«" in ran.out
    assert len(citation.quote) < len(ran.out) < len(citation.quote) + 1_000


def test_a_span_at_either_end_of_a_document_is_shown(posology: Posology, paper: Path, library: Path) -> None:
    posology("add", paper, "--library", library)
    size = len(SENTENCE.format(7))
    assert posology("show", "trial", "--at", "0:4", "--library", library).out.startswith("»Oral«")
    assert posology("show", "trial", "--at", f"{size - 9}:{size}", "--library", library).out == (
        f"{SENTENCE.format(7)[:-9]}»morphea.\n«\n"
    )


@pytest.mark.parametrize("at", ["5", "5:", "5:5", "9:5", "-5:9", "a:b", "0:99999999", "0:5:9", "", "²:9", "0:4\n"])
def test_a_span_that_is_none_is_refused(posology: Posology, bundled_path: Path, at: str) -> None:
    ran = posology("show", "class-monograph", "--at", at, "--library", bundled_path)
    assert_one_sentence(ran, 5, "START:END")
    assert ran.out == ""


def test_an_unknown_document_cannot_be_shown(posology: Posology, bundled_path: Path) -> None:
    assert_one_sentence(posology("show", "nowhere", "--library", bundled_path), 4, "'nowhere'", "posology list")


# --- verify, doctor ---


def test_a_sound_library_is_verified(posology: Posology, bundled_path: Path) -> None:
    ran = posology("verify", "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert "4 documents" in ran.out


def _answers(posology: Posology, library: Path) -> list[dict[str, Any]]:
    questions = write_lines(
        library.parent / "q.jsonl", [{"id": "q1", "question": QUESTION}, {"id": "q2", "question": UNANSWERABLE}]
    )
    return [
        json.loads(line) for line in posology("ask", "--batch", questions, "--library", library).out.split("\n") if line
    ]


def _statement(data: dict[str, Any]) -> None:
    old = data["statements"][0]["text"]
    new = f"{old} Then 777 mg."
    data["statements"][0]["text"] = new
    data["answer"] = data["answer"].replace(old, new)


def _duplicate(data: dict[str, Any]) -> None:
    data["citations"].insert(0, {**data["citations"][0], "quote": "Anything at all.", "title": "Another title"})


TAMPERED: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "answer": ("q1", lambda data: data.update(answer=data["answer"] + " Then 777 mg.")),
    "statement": ("q1", _statement),
    "quote": ("q1", lambda data: data["citations"][0].update(quote=data["citations"][0]["quote"] + ".")),
    "offset": ("q1", lambda data: data["citations"][0].update(start=data["citations"][0]["start"] + 1)),
    "document": ("q1", lambda data: data["citations"][0].update(document_id="nowhere")),
    "citation": ("q1", lambda data: data["citations"].clear()),
    "duplicate": ("q1", _duplicate),
    "uncited": ("q1", lambda data: data["citations"].append({**data["citations"][0], "number": 9, "quote": "No."})),
    "conflict": ("q1", lambda data: data["conflicts"].append({"summary": "Two sources differ.", "citations": [7]})),
    "related": ("q2", lambda data: data["related"][0].update(quote="Zorlitinib has a frobnication index of 7.")),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_answers_file_fails_the_check(
    posology: Posology, bundled_path: Path, tmp_path: Path, what: str
) -> None:
    answers = _answers(posology, bundled_path)
    path = write_lines(tmp_path / "a.jsonl", answers)
    assert posology("verify", path, "--library", bundled_path).code == 0
    identity, change = TAMPERED[what]
    before = json.dumps(answers)
    change(next(data for data in answers if data["id"] == identity))
    assert json.dumps(answers) != before
    ran = posology("verify", write_lines(path, answers), "--library", bundled_path)
    assert_one_sentence(ran, 8)
    assert identity in ran.out


@pytest.mark.parametrize("line", ["{", "{}", "7", '{"question": "x"}'])
def test_a_file_of_something_else_is_no_answers_file(
    posology: Posology, bundled_path: Path, tmp_path: Path, line: str
) -> None:
    path = write_lines(tmp_path / "a.jsonl", [line])
    assert_one_sentence(posology("verify", path, "--library", bundled_path), 5, "line 1", str(path))


@pytest.mark.parametrize("damage", ["altered", "cut short", "missing"])
def test_a_damaged_vector_file_is_found_and_mended(posology: Posology, copied: Path, damage: str) -> None:
    (file,) = copied.glob("vectors-*.faiss")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.unlink()
    if damage != "missing":
        file.write_bytes(bytes(data if damage == "altered" else data[: len(data) // 2]))
    ran = posology("verify", "--library", copied)
    assert ran.code == (8 if damage == "altered" else 3)
    assert file.name in ran.out + ran.err
    assert "posology doctor" in ran.err


def test_a_document_altered_in_the_catalogue_is_found(posology: Posology, copied: Path) -> None:
    with closing(sqlite3.connect(copied / "catalogue.sqlite")) as catalogue:
        changed = catalogue.execute(
            "UPDATE documents SET text = replace(text, 'tofacitinib 5 mg', 'tofacitinib 9 mg') WHERE id = ?",
            ("class-monograph",),
        )
        assert changed.rowcount == 1
        catalogue.commit()
    ran = posology("verify", "--library", copied)
    assert_one_sentence(ran, 8)
    assert "class-monograph" in ran.out


def test_the_doctor_finds_a_sound_library_sound(posology: Posology, bundled_path: Path) -> None:
    ran = posology("doctor", "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() and all(line.startswith("ok ") for line in ran.out.splitlines())


def test_the_doctor_names_the_cure(posology: Posology, tmp_path: Path, paper: Path, library: Path) -> None:
    posology("add", paper, "--library", library)
    (file,) = library.glob("vectors-*.faiss")
    file.write_bytes(b"damaged")
    ran = posology("doctor", "--library", library)
    assert_one_sentence(ran, 8)
    assert "problem" in ran.out and "posology doctor --rebuild" in ran.out
    mended = posology("doctor", "--rebuild", "--library", library)
    assert mended.code == 0
    assert "problem" not in mended.out
    assert posology("verify", "--library", library).code == 0


# --- the program as a whole ---


def test_the_version_is_the_packages(posology: Posology) -> None:
    ran = posology("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"posology {version('posology')}\n", "")


@pytest.mark.parametrize(
    "arguments", [("--nonsense",), ("ask", "--nonsense"), ("nonsense",), ("show",), ("add", "--library")]
)
def test_an_unknown_option_or_command_is_a_mistake_of_use(posology: Posology, arguments: tuple[str, ...]) -> None:
    ran = posology(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


@pytest.mark.parametrize("arguments", [(QUESTION, "--json", "--markdown"), (QUESTION, "--out", "a.jsonl")])
def test_options_that_do_not_go_together_are_a_mistake_of_use(
    posology: Posology, bundled_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = posology("ask", *arguments, "--library", bundled_path)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("command", ["ask", "add", "remove", "list", "show", "verify", "doctor"])
def test_every_command_explains_itself_and_takes_a_library(posology: Posology, command: str) -> None:
    ran = posology(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "--library" in ran.out
    assert command in posology("--help").out


def test_an_unknown_key_in_the_settings_file_is_named(posology: Posology, bundled_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "posology"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('libary = "x"\n')
    assert_one_sentence(posology("list", "--library", bundled_path), 2, "'libary'", str(folder / "settings.toml"))


def test_a_setting_of_the_wrong_kind_is_named(
    posology: Posology, bundled_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSOLOGY_THREADS", "abc")
    assert_one_sentence(posology("list", "--library", bundled_path), 2, "'threads'")


def test_what_nobody_expected_is_one_sentence_too(
    posology: Posology, bundled_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a\nb\x1b[31m")

    monkeypatch.setattr("assistant.commands.ask.answer", fail)
    ran = posology("ask", QUESTION, "--library", bundled_path)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.err.splitlines()
    assert line.startswith("posology: ") and "POSOLOGY_DEBUG=1" in line and "\x1b" not in line


# --- as a process ---


def test_the_installed_script_answers(bundled_path: Path) -> None:
    ran = process("ask", QUESTION, "--json", "--library", bundled_path)
    assert (ran.code, ran.err) == (0, "")
    assert read_answers(ran.out)[0].status == "answered"


def test_the_bare_program_off_a_terminal_names_ask() -> None:
    ran = process()
    assert (ran.code, ran.out) == (2, "")
    assert "posology ask" in ran.err


def test_a_locale_without_utf8_gets_ascii_marks(bundled_path: Path) -> None:
    ran = process("ask", QUESTION, "--library", bundled_path, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.isascii()
    assert "<< " in ran.out and " >>" in ran.out


@pytest.mark.parametrize("arguments", [("show", "off-label-review"), ("ask", QUESTION, "--json")])
def test_a_reader_that_has_gone_is_no_error(bundled_path: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [SCRIPT, *arguments, "--library", bundled_path], stdout=writing, stderr=subprocess.PIPE, timeout=60
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_control_c_while_adding_stops_at_once_and_changes_nothing(
    posology: Posology, copied: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.txt"
    large.write_text("\n".join(SENTENCE.format(number) for number in range(20_000)))
    command = [SCRIPT, "add", large, "--library", copied]
    before = _reserved(copied)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_hear_control_c
    ) as child:
        deadline = time.monotonic() + 60
        # Ids are reserved for the new passages right before those are embedded.
        while _reserved(copied) == before and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert (out, "Traceback" in err) == ("", False)
    assert [entry["id"] for entry in json.loads(posology("list", "--json", "--library", copied).out)] == IDS
    assert posology("verify", "--library", copied).code == 0
    assert posology("remove", "class-monograph", "--library", copied).code == 0  # the lock has gone with it


def test_the_default_library_of_an_earlier_version_is_made_anew_and_answers(
    posology: Posology, bundled_path: Path, tmp_path: Path
) -> None:
    default = tmp_path / "data" / "posology" / "library"
    shutil.copytree(bundled_path, default)
    with closing(Catalogue.open(default / CATALOGUE, write=True)) as catalogue:
        manifest = read_manifest(catalogue, default).model_copy(update={"chunker_version": 1})
        with catalogue.transaction():
            catalogue.set(MANIFEST_KEY, manifest.model_dump_json())
    ran = posology("ask", QUESTION)
    assert (ran.code, "earlier version" in ran.err, "[1]" in ran.out) == (0, True, True)
    assert "earlier version" not in posology("ask", QUESTION).err


def _hear_control_c() -> None:
    """Undo what a shell does to what it runs in the background: such a process would ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _reserved(library: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(f"file:{library}/catalogue.sqlite?mode=ro", uri=True, timeout=10)) as catalogue:
        return catalogue.execute("SELECT first, last FROM reserved_ids").fetchall()
