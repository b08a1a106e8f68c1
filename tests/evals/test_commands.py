"""`posology eval …` as it is called: what it prints, and what it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.commands.terminal import open_session
from assistant.session import Session
from assistant.settings import SettingsError
from corpus.bundled import bundled_files
from corpus.errors import LibraryError, UnreadableFileError, VerificationError
from evals.commands import app
from evals.gate import GateError
from index.embedder import Embedder
from tests.conftest import CACHE


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("POSOLOGY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("POSOLOGY_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("evals.gate.BASELINE", tmp_path / "baseline.json")
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
    assert set(report) == {"documents", "queries", "systems", "milliseconds", "ablation", "differences"}
    assert (report["documents"], report["queries"]) == (2, 1)
    assert set(report["systems"]) == {"bm25", "dense", "rrf", "blend", "hybrid"}
    assert report["ablation"].keys() < report["differences"].keys()
    assert report["systems"]["hybrid"] == {"ndcg@10": 1.0, "recall@10": 1.0, "mrr@10": 1.0}
    assert set(report["milliseconds"]) == {"p50", "p95"}
    assert list((tmp_path / "cache" / "embeddings").glob("*.npy"))


@pytest.mark.usefixtures("words_only")
def test_retrieval_prints_a_table_with_a_line_a_system(folder: Path) -> None:
    ran = run("retrieval", folder)
    assert ran.exit_code == 0, ran.output
    lines = ran.stdout.splitlines()
    assert lines[0] == "tiny (test): 2 documents, 1 queries"
    assert [line.split()[0] for line in lines[2:8]] == ["bm25", "dense", "rrf", "blend", "hybrid", "without"]
    assert lines[-1].startswith("hybrid search: p50 ")


@pytest.mark.usefixtures("words_only")
def test_sentences_are_measured_and_weights_learned_and_written(tmp_path: Path) -> None:
    line = {
        "question": "zorlitinib clears plaques",
        "sentences": ["Few came.", "Zorlitinib cleared plaques."],
        "gold": [1],
    }
    (tmp_path / "dev.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    ran = run("sentences", tmp_path, "--split", "dev", "--json")
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["systems"]["ours"]["first"] == 1.0
    assert run("sentences", tmp_path, "--split", "dev").stdout.splitlines()[2].split()[0] == "words"
    learned = run("sentences", tmp_path, "--split", "dev", "--train", tmp_path / "weights.yaml")
    assert learned.exit_code == 0, learned.output
    assert "position:" in (tmp_path / "weights.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("words_only")
def test_ranking_prints_the_shipped_weights_beside_the_best_and_those_chosen_without_each_set(folder: Path) -> None:
    ran = run("ranking", f"{folder}:test")
    assert ran.exit_code == 0, ran.output
    told = [line.split()[0] for line in ran.stdout.splitlines()]
    assert told == ["120", "tiny", "shipped", "best", "shipped"]
    assert "1.0000  nothing" in ran.stdout


@pytest.mark.usefixtures("words_only")
def test_a_collection_becomes_a_library_without_what_is_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "gone.txt").write_text("d2\n", encoding="utf-8")
    ran = run("library", folder, tmp_path / "library", "--without", tmp_path / "gone.txt")
    assert ran.exit_code == 0, ran.output
    assert "1 documents, 1 passages" in ran.stderr
    assert isinstance(run("library", folder, tmp_path / "library").exception, LibraryError)


@pytest.mark.usefixtures("words_only")
def test_a_calibration_is_learned_shown_beside_the_shipped_one_and_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.calibration_data.bundled_questions", lambda: [])
    monkeypatch.setattr("evals.calibration_data.bundled_files", lambda: list(bundled_files())[:1])
    (tmp_path / "abstention").mkdir()
    (tmp_path / "abstention" / "tiny.removed_docs.txt").write_text("d2\n", encoding="utf-8")
    (tmp_path / "abstention" / "tiny.jsonl").write_text(
        '{"text": "zorlitinib plaques", "answerable": true}\n{"text": "quickly settled eye", "answerable": false}\n',
        encoding="utf-8",
    )
    ran = run("calibration", tmp_path, "--libraries", tmp_path / "libraries", "--train", tmp_path / "learned.yaml")
    assert ran.exit_code == 0, ran.output
    begins = {line.split(",")[0].split(":")[0] for line in ran.stdout.splitlines()[1:]}
    assert {"shipped", "learned", "cross-validated", "without coverage", "without cosine", "without names"} < begins
    assert ran.stdout.splitlines()[-1].startswith("of 2 questions ")
    assert "threshold:" in (tmp_path / "learned.yaml").read_text(encoding="utf-8")


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
    told = json.loads(ran.stdout)
    assert (told["questions"], told["answerable"], told["auroc"]) == (2, 1, 1.0)
    assert (told["answered_of_answerable"], told["answered_of_unanswerable"]) == (1.0, 0.0)
    assert 0 < told["threshold"] < 1 and told["curve"][-1] == [1.0, 0.5]


@pytest.mark.usefixtures("real")
def test_abstention_prints_its_figures(questions: Path, bundled_path: Path) -> None:
    ran = run("abstention", questions, "--library", bundled_path)
    first, auroc, curve, area, answered = ran.stdout.splitlines()
    assert (first, auroc) == ("2 questions, 1 of them answerable", "AUROC of the confidence: 1.000")
    assert curve.endswith("100% → 50.0%") and area.startswith("mean risk over all coverages: ")
    assert answered == "answered: 100.0% of the answerable, 0.0% of the rest"


@pytest.mark.usefixtures("words_only")
def test_a_file_without_questions_is_refused_before_a_library_is_opened(tmp_path: Path) -> None:
    ran = run("abstention", tmp_path / "nowhere.jsonl", "--library", tmp_path / "no-library")
    assert isinstance(ran.exception, UnreadableFileError)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, real: None, bundled_path: Path) -> Path:
    """Return the bundled library, opened as a command opens it: with settings that refuse names they don't know."""
    return bundled_path


def test_a_run_prints_tables_keeps_itself_and_meets_its_gates(library: Path, tmp_path: Path) -> None:
    ran = run(
        "run", *("definition", "redirect", "--split", "development"), "--library", library, "--misses", "--by-kind"
    )
    assert ran.exit_code == 0, ran.output
    (kept,) = (tmp_path / "runs").glob("*.json")
    assert kept.name in ran.stderr
    lines = ran.stdout.splitlines()
    assert any(line.startswith("MISS def-") for line in lines)
    assert any(line.split()[:3] == ["redirect", "6", "100.0%"] for line in lines)
    for name in ("strict correctness", "passage nDCG@10", "AURC", "latency p95 ms"):
        assert any(line.startswith(f"{name} ") for line in lines), name
    assert lines[-3:] == [
        "gate: quote validity is 1: ok",
        "gate: no critical error: ok",
        "gate: pass rates are not below the base line: ok",
    ]


def test_a_run_for_machines_names_its_misses_and_what_changed(library: Path) -> None:
    asked = ("run", "definition", "--split", "development", "--library", library, "--json")
    first = json.loads(run(*asked).stdout)
    second = json.loads(run(*asked, "--compare", "last").stdout)
    assert second["compared"] == {"with": first["id"], "shared": 4, "better": [], "worse": [], "p": 1.0}
    assert "compared" not in first and first["hashes"] == second["hashes"]
    assert first["questions"] == 4 and set(first["gates"]) == {
        "quote validity is 1",
        "no critical error",
        "pass rates are not below the base line",
    }
    assert first["kinds"]["definition"]["pass"] == first["totals"]["pass"]


def test_a_pass_rate_below_the_base_line_ends_with_exit_code_8(library: Path, tmp_path: Path) -> None:
    assert run("run", "definition", "--library", library, "--set-baseline").exit_code == 0
    stored = json.loads((tmp_path / "baseline.json").read_text(encoding="utf-8"))
    asked = stored["full"]["definition/development"]["questions"]
    stored["full"]["definition/development"]["passed"] = asked
    stored["fast"] = {"unanswerable/development": {"passed": 1, "questions": 1}}
    (tmp_path / "baseline.json").write_text(json.dumps(stored), encoding="utf-8")
    ran = run("run", "definition", "--library", library)
    assert isinstance(ran.exception, GateError) and ran.exception.exit_code == 8
    assert f"base line {asked} of {asked} (100.0%)" in ran.stdout
    assert run("gate", "--library", library).exit_code == 0


def test_a_split_without_questions_a_missing_run_and_no_such_suite_are_refused(library: Path) -> None:
    for arguments in (("definition", "--split", "nowhere"), ("definition", "--workers", "0")):
        assert run("run", *arguments, "--library", library).exit_code == 2
    for arguments in (("no such suite",), ("definition", "--compare", "last"), ("definition", "--compare", "x")):
        ran = run("run", *arguments, "--library", library)
        assert isinstance(ran.exception, UnreadableFileError), arguments


def test_workers_open_the_library_that_the_settings_name(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))
    by_two = json.loads(run("run", "definition", "--library", library, "--workers", "2", "--json").stdout)
    by_one = json.loads(run("run", "definition", "--library", library, "--json").stdout)
    assert (by_two["questions"], by_two["misses"]) == (by_one["questions"], by_one["misses"])
    assert by_two["totals"]["passage MRR@10"] == by_one["totals"]["passage MRR@10"]


def test_questions_of_another_folder_are_asked_and_leave_the_base_line_alone(library: Path, tmp_path: Path) -> None:
    suites = tmp_path / "suites"
    suites.mkdir()
    ran = run("run", "--questions", suites, "--library", library)
    assert isinstance(ran.exception, UnreadableFileError) and "no question suite" in str(ran.exception)
    own = "- {id: own-1, question: zorl dose in blicket, expect: answered, must: [[zorl]]}"
    (suites / "definition.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "baseline.json").write_text(
        json.dumps({"full": {"definition/development": {"passed": 1, "questions": 1}}}), encoding="utf-8"
    )
    ran = run("run", "--questions", suites, "--library", library, "--misses")
    assert ran.exit_code == 0, ran.output
    assert "own-1" in ran.stdout and "base line 1 of 1" not in ran.stdout
    assert run("run", "--questions", suites, "--set-baseline", "--library", library).exit_code == 2


def test_a_split_that_holds_no_question_is_refused(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.instrument.load_suites", lambda names, folder, split: [])
    ran = run("run", "definition", "--split", "test", "--library", library)
    assert isinstance(ran.exception, UnreadableFileError) and "'test'" in str(ran.exception)


def test_the_folder_of_runs_is_no_setting_that_the_assistant_refuses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = open_session(tmp_path / "library")
    assert session.path == tmp_path / "library"
    assert os.environ["POSOLOGY_RUNS"] == str(tmp_path / "runs")
    monkeypatch.setenv("POSOLOGY_FROB", "1")
    with pytest.raises(SettingsError):
        open_session(None)
    assert os.environ["POSOLOGY_RUNS"] == str(tmp_path / "runs")


def test_lint_prints_findings_and_fails_for_errors_only(library: Path, tmp_path: Path) -> None:
    suites = tmp_path / "suites"
    suites.mkdir()
    (suites / "own.yaml").write_text(
        "- {id: a, question: upadacitinib dose in vitiligo, expect: abstained}", encoding="utf-8"
    )
    ran = run("lint", "--questions", suites, "--library", library)
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.startswith("warning answerable     a: ")
    assert ran.stdout.splitlines()[-1] == "1 items, 0 errors, 1 warnings"
    (suites / "own.yaml").write_text("- {id: a, question: a dose}", encoding="utf-8")
    ran = run("lint", "--questions", suites, "--library", library, "--json")
    assert isinstance(ran.exception, VerificationError) and ran.exception.exit_code == 8
    assert {finding["rule"] for finding in json.loads(ran.stdout)} == {"expectation"}


def test_an_unknown_command_is_a_usage_error() -> None:
    assert run("frobnicate").exit_code == 2
