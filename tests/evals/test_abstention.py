"""How well confidence tells held answers from missing ones, on the bundled library."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UnreadableFileError
from evals.abstention import measure, read_items
from index.library import Library

HELD = [
    "tofacitinib dose in vitiligo?",
    "MACE rate per 100 patient-years on upadacitinib 15 mg?",
    "How many patients was the BIRD trial to enrol?",
]
MISSING = [
    "price of deucravacitinib in Norway?",
    "frobnication index of zorlitinib?",
    "best tapas near the congress venue?",
]


def test_held_answers_are_given_and_missing_ones_are_not(bundled: Library) -> None:
    items = [(text, True) for text in HELD] + [(text, False) for text in MISSING]
    report = measure(items, bundled)
    assert (report.questions, report.answerable, report.auroc) == (6, 3, 1.0)
    assert (report.answered_of_answerable, report.answered_of_unanswerable) == (1.0, 0.0)
    assert (report.threshold, report.risk) == (
        bundled.manifest.calibration.threshold,
        bundled.manifest.calibration.risk,
    )
    assert report.curve[0][1] == 0.0 and report.curve[-1] == (1.0, 0.5)


def test_swapped_labels_are_told_as_total_failure(bundled: Library) -> None:
    items = [(text, False) for text in HELD] + [(text, True) for text in MISSING]
    report = measure(items, bundled)
    assert (report.auroc, report.answered_of_answerable, report.answered_of_unanswerable) == (0.0, 0.0, 1.0)


def test_questions_of_one_kind_only_or_none_give_zeros_for_the_other(bundled: Library) -> None:
    nothing = measure([], bundled)
    assert (nothing.questions, nothing.answerable, nothing.auroc, nothing.area, nothing.curve) == (0, 0, 0.0, 0.0, ())
    report = measure([(HELD[0], True)], bundled)
    assert (report.questions, report.answerable, report.auroc, report.answered_of_unanswerable) == (1, 1, 0.0, 0.0)


def test_questions_are_read_under_either_key(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"text": "a?", "answerable": true}\n\n{"question": "b?", "answerable": 0}\n', encoding="utf-8")
    assert read_items(file) == [("a?", True), ("b?", False)]


@pytest.mark.parametrize(
    "content",
    [
        b"not json\n",
        b'{"text": "a?"}\n',
        b'{"answerable": true}\n',
        b"[1]\n",
        b'{"text": "\xff", "answerable": true}\n',
    ],
)
def test_a_malformed_file_of_questions_is_refused_and_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "items.jsonl"
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"items\.jsonl"):
        read_items(file)


def test_a_missing_file_of_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="nowhere"):
        read_items(tmp_path / "nowhere.jsonl")
