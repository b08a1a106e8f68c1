"""Reading public test collections: both layouts, and folders that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import UnreadableFileError
from evals.beir import RetrievalSet, read_set

DOCUMENTS = [
    {"_id": "d1", "title": "Zorlitinib", "text": "Zorlitinib softened plaques."},
    {"_id": "d2", "title": "", "text": "Placebo\x1b did nothing."},
    {"_id": 3, "text": "A document without a title."},
]
QUERIES = [
    {"_id": "q1", "text": "zorlitinib?"},
    {"_id": "q2", "text": "placebo?"},
    {"_id": "q9", "text": "not judged"},
]
EXPECTED = RetrievalSet(
    {
        "d1": ("Zorlitinib", "Zorlitinib softened plaques."),
        "d2": ("", "Placebo  did nothing."),
        "3": ("", "A document without a title."),
    },
    {"q1": "zorlitinib?", "q2": "placebo?"},
    {"q1": {"d1": 2, "3": 0}, "q2": {"d2": 1}},
)
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t3\t0\nq2\td2\t1\nq8\td1\t1\n"


def lines(items: list[dict[str, object]]) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(lines(DOCUMENTS), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(lines(QUERIES), encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_the_usual_layout_is_read_with_the_queries_that_are_judged(folder: Path) -> None:
    assert read_set(folder, "test") == EXPECTED


def test_the_flat_layout_with_trec_columns_is_read_the_same(folder: Path) -> None:
    rows = [row.split("\t") for row in QRELS.splitlines()]
    text = "".join("\t".join((row[0], "0", *row[1:])) + "\n" for row in rows)
    (folder / "qrels.test.tsv").write_text(text, encoding="utf-8")
    (folder / "qrels" / "test.tsv").unlink()
    (folder / "queries.jsonl").rename(folder / "queries.test.jsonl")
    assert read_set(folder, "test") == EXPECTED


def test_the_split_says_which_judgements_and_queries_are_used(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq9\td2\t1\n", encoding="utf-8")
    found = read_set(folder, "dev")
    assert (found.queries, found.judgements) == ({"q9": "not judged"}, {"q9": {"d2": 1}})
    (folder / "queries.dev.jsonl").write_text(lines([{"_id": "q9", "text": "of dev"}]), encoding="utf-8")
    assert read_set(folder, "dev").queries == {"q9": "of dev"}


def test_empty_lines_of_json_are_passed_over(folder: Path) -> None:
    file = folder / "corpus.jsonl"
    file.write_text("\n" + file.read_text(encoding="utf-8") + "\n \n", encoding="utf-8")
    assert read_set(folder, "test") == EXPECTED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corpus.jsonl", b"not json\n"),
        ("corpus.jsonl", b'{"_id": "d1"}\n'),
        ("corpus.jsonl", b'{"_id": "d1", "text": "\xff"}\n'),
        ("queries.jsonl", b'{"_id": "q1"}\n'),
        ("qrels/test.tsv", b"query-id\tcorpus-id\tscore\nq1\td1\thigh\n"),
    ],
    ids=["no json", "no text", "no utf-8", "query without text", "grade in words"],
)
def test_a_malformed_file_is_refused_with_the_folder_named(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as refused:
        read_set(folder, "test")
    assert str(folder) in str(refused.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UnreadableFileError, match="BEIR"):
        read_set(folder, "test")


def test_an_unknown_split_and_an_absent_folder_are_refused(folder: Path) -> None:
    with pytest.raises(UnreadableFileError, match="'train'"):
        read_set(folder, "train")
    with pytest.raises(UnreadableFileError):
        read_set(folder / "nowhere", "test")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("qrels/test.tsv", ""),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\n"),
        ("corpus.jsonl", "[1]\n"),
        ("corpus.jsonl", '{"_id": "d1", "text": null}\n'),
    ],
    ids=["empty judgements", "short row", "list", "null text"],
)
def test_more_malformed_files_are_refused(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        read_set(folder, "test")


def test_empty_lines_of_judgements_are_passed_over(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text(QRELS + "\n", encoding="utf-8")
    assert read_set(folder, "test") == EXPECTED
