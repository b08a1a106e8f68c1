"""Reading a BEIR folder: corpus.jsonl, queries and judgements, in either of the two usual layouts."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.text import clean


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A public test collection: texts by document id, queries by id, and graded judgements by query."""

    documents: dict[str, tuple[str, str]]  # id → title, text
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


def read_set(folder: Path, split: str) -> RetrievalSet:
    """Return the collection in `folder`, with the queries that `split` judges.

    Raises:
        UnreadableFileError: a file is missing or malformed.
    """
    documents = read_documents(folder)
    try:
        judgements = _judgements(_either(folder / f"qrels/{split}.tsv", folder / f"qrels.{split}.tsv"))
        queries = {
            item["_id"]: clean(item["text"])
            for item in _lines(_either(folder / f"queries.{split}.jsonl", folder / "queries.jsonl"))
            if item["_id"] in judgements
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        raise UnreadableFileError(
            f"{folder} is no BEIR folder with a split {split!r} ({error}); it needs corpus.jsonl, queries.jsonl and "
            f"qrels/{split}.tsv."
        ) from error
    return RetrievalSet(documents, queries, {query: judgements[query] for query in queries})


def read_documents(folder: Path) -> dict[str, tuple[str, str]]:
    """Return title and text of every document in `folder`, by id.

    Raises:
        UnreadableFileError: corpus.jsonl is missing or malformed.
    """
    try:
        return {
            item["_id"]: (clean(item.get("title") or ""), clean(item["text"]))
            for item in _lines(folder / "corpus.jsonl")
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnreadableFileError(
            f"{folder} is no BEIR folder ({error}); its corpus.jsonl needs lines with id, title and text."
        ) from error


def _either(first: Path, second: Path) -> Path:
    return first if first.is_file() else second


def _lines(path: Path) -> list[dict[str, str]]:
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [{**item, "_id": str(item["_id"] if "_id" in item else item["id"])} for item in items]


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter="\t") if row]
        if not rows:
            raise ValueError("no judgements")
        for row in rows[0 if rows[0][-1].isdecimal() else 1 :]:
            # query, document, grade; TREC's form has an unused column after the query, and no header
            found.setdefault(row[0], {})[row[-2]] = int(row[-1])
    return found
