"""`posology eval …` as it is called: what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.session import Session
from corpus.errors import UnreadableFileError
from evals.commands import app
from index.embedder import Embedder


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("POSOLOGY_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POSOLOGY_LIBRARY", raising=False)


@pytest.fixture
def words_only(monkeypatch: pytest.MonkeyPatch, word_embedder: Embedder) -> None:
    """Let the commands use the quick embedder."""
    monkeypatch.setattr(
        "assistant.commands.terminal.open_session", lambda library: Session(library, embedder=word_embedder)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "tiny"
    (found / "qrels").mkdir(parents=True)
    (found / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "Morphea", "text": "zorlitinib softened plaques"}\n'
        '{"_id": "d2", "title": "Uveitis", "text": "the eye settled quickly"}\n',
        encoding="utf-8",
    )
    (found / "queries.jsonl").write_text('{"_id": "q1", "text": "zorlitinib plaques"}\n', encoding="utf-8")
    (found / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n", encoding="utf-8")
    return found


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.usefixtures("words_only")
def test_retrieval_prints_json_with_the_metrics_of_every_system(folder: Path, tmp_path: Path) -> None:
    ran = run("retrieval", folder, "--json")
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.stdout)
    assert set(report) == {"documents", "queries", "systems", "milliseconds"}
    assert (report["documents"], report["queries"]) == (2, 1)
    assert set(report["systems"]) == {"bm25", "dense", "rrf", "hybrid"}
    assert report["systems"]["hybrid"] == {"ndcg@10": 1.0, "recall@10": 1.0, "mrr@10": 1.0}
    assert set(report["milliseconds"]) == {"p50", "p95"}
    assert list((tmp_path / "cache" / "embeddings").glob("*.npy"))


@pytest.mark.usefixtures("words_only")
def test_retrieval_prints_a_table_with_a_line_a_system(folder: Path) -> None:
    ran = run("retrieval", folder)
    assert ran.exit_code == 0, ran.output
    lines = ran.stdout.splitlines()
    assert lines[0] == "tiny (test): 2 documents, 1 queries"
    assert [line.split()[0] for line in lines[2:6]] == ["bm25", "dense", "rrf", "hybrid"]
    assert lines[-1].startswith("hybrid search: p50 ")


@pytest.mark.usefixtures("words_only")
def test_the_split_that_is_asked_for_is_used(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tabsent\t1\n", encoding="utf-8")
    ran = run("retrieval", folder, "--split", "dev", "--json")
    assert json.loads(ran.stdout)["systems"]["hybrid"]["recall@10"] == 0


@pytest.mark.usefixtures("words_only")
def test_a_folder_that_is_no_collection_is_refused_with_its_name(tmp_path: Path) -> None:
    ran = run("retrieval", tmp_path)
    assert isinstance(ran.exception, UnreadableFileError)
    assert str(tmp_path) in str(ran.exception)
    assert ran.stdout == ""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"text": "tofacitinib dose in vitiligo?", "answerable": true}\n'
        '{"text": "frobnication index of zorlitinib?", "answerable": false}\n',
        encoding="utf-8",
    )
    return file


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, real_embedder: Embedder) -> None:
    monkeypatch.setattr(
        "assistant.commands.terminal.open_session", lambda library: Session(library, embedder=real_embedder)
    )


@pytest.mark.usefixtures("real")
def test_abstention_prints_json_of_the_library_that_is_named(questions: Path, bundled_path: Path) -> None:
    ran = run("abstention", questions, "--library", bundled_path, "--json")
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout) == {
        "questions": 2,
        "answerable": 1,
        "auroc": 1.0,
        "answered_of_answerable": 1.0,
        "answered_of_unanswerable": 0.0,
    }


@pytest.mark.usefixtures("real")
def test_abstention_prints_three_lines(questions: Path, bundled_path: Path) -> None:
    ran = run("abstention", questions, "--library", bundled_path)
    assert ran.stdout.splitlines() == [
        "2 questions, 1 of them answerable",
        "AUROC of the confidence: 1.000",
        "answered: 100.0% of the answerable, 0.0% of the rest",
    ]


@pytest.mark.usefixtures("words_only")
def test_a_file_without_questions_is_refused_before_a_library_is_opened(tmp_path: Path) -> None:
    ran = run("abstention", tmp_path / "nowhere.jsonl", "--library", tmp_path / "no-library")
    assert isinstance(ran.exception, UnreadableFileError)


def test_an_unknown_command_is_a_usage_error() -> None:
    assert run("frobnicate").exit_code == 2
