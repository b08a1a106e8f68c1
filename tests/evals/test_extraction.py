"""Precision and recall of extracted doses, on an invented document and gold of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UnreadableFileError
from evals.extraction import as_data, lines, measure
from evals.gold_doses import read_gold
from index.embedder import Embedder
from index.library import Library
from tests.invented_edition import put, shelf

TEXT = """# Invented uses

Oral povorcitinib 45 mg once daily cleared morphea. Povorcitinib 45 mg daily was taken by nine.
Topical delgocitinib 2% was applied twice daily in vitiligo. Brepocitinib 30 mg helped.
Itacitinib 300 mg daily did nothing.
"""


def record(
    drug: str, amount: float, unit: str, often: str | None, route: str = "not stated", **more: Any
) -> dict[str, Any]:
    regimen = {"amount_min": amount, "amount_max": amount, "unit": unit, "frequency": often, "doses_per_day": 1}
    return {"id": drug, "source": "uses.md", "drug": drug, "route": route, "normalised": [regimen], **more}


GOLD = [
    record("povorcitinib", 45, "mg", "daily", "oral", indication="morphea"),
    record("Povorcitinib", 45, "mg", "once daily (printed)", "oral (not printed)", indication="morphea"),
    record("delgocitinib", 2, "% topical concentration", "twice daily", "topical", indication="morphea"),
    record("brepocitinib", 30, "mg", "not stated"),
    record("ruxolitinib", 20, "mg", "twice daily"),
    {"id": "null", "source": "uses.md", "drug": "tofacitinib", "route": "oral", "normalised": []},
]


@pytest.fixture
def library(tmp_path: Path, word_embedder: Embedder) -> Iterator[Library]:
    with shelf(tmp_path, word_embedder) as writer:
        put(tmp_path, writer, TEXT, "uses")
        put(tmp_path, writer, TEXT.replace("45", "90"), "elsewhere")
    with Library.open(tmp_path / "library", word_embedder) as opened:
        yield opened


def gold_file(folder: Path, records: object) -> Path:
    file = folder / "gold.json"
    file.write_text(json.dumps(records), encoding="utf-8")
    return file


def test_doses_match_one_to_one_and_what_is_left_over_is_listed(tmp_path: Path, library: Library) -> None:
    report = measure(library, read_gold(gold_file(tmp_path, GOLD)))
    assert (report.gold, report.found, report.matched) == (4, 4, 3)
    assert (report.precision, report.recall) == (0.75, 0.75)
    assert [dose.key[1] for dose in report.missed] == ["ruxolitinib"]
    assert [dose.key[1] for dose in report.extra] == ["itacitinib"]


def test_routes_and_indications_are_told_apart_from_the_match(tmp_path: Path, library: Library) -> None:
    report = measure(library, read_gold(gold_file(tmp_path, GOLD)))
    assert report.routes == (2, 2)
    assert report.indications == (1, 2)


@pytest.mark.parametrize(
    "changed",
    [{"drug": "brepocitinib"}, {"source": "elsewhere.md"}, {"route": "topical"}]
    + [{"normalised": [{"amount_min": low, "amount_max": 45, "unit": unit, "frequency": often}]}
       for low, unit, often in ((40, "mg", "daily"), (45, "g", "daily"), (45, "mg", "weekly"), (45, "mg", None))],
)  # fmt: skip
def test_another_drug_source_route_amount_unit_or_frequency_is_another_dose(
    changed: dict[str, Any], tmp_path: Path, library: Library
) -> None:
    report = measure(library, read_gold(gold_file(tmp_path, [{**GOLD[0], **changed}])))
    assert report.matched == 0


def test_the_report_is_printed_and_given_to_machines(tmp_path: Path, library: Library) -> None:
    report = measure(library, read_gold(gold_file(tmp_path, GOLD)))
    printed = "\n".join(lines(report))
    assert "precision 0.750, recall 0.750" in printed and "itacitinib 300 mg 1 a day" in printed
    assert json.loads(json.dumps(as_data(report)))["matched"] == 3


def test_nothing_found_and_nothing_wanted_give_zeros(tmp_path: Path, library: Library) -> None:
    report = measure(library, read_gold(gold_file(tmp_path, [])))
    assert (report.gold, report.found, report.precision, report.recall) == (0, 0, 0.0, 0.0)


@pytest.mark.parametrize("records", [{"a": 1}, [{"drug": "x"}], [{**GOLD[0], "normalised": [{"unit": "mg"}]}]])
def test_a_malformed_gold_file_is_refused(records: object, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="holds no gold doses"):
        read_gold(gold_file(tmp_path, records))
