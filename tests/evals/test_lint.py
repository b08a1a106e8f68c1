"""The linter of questions: every rule finds what it is for, and lets a sound item be."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.lint import Finding, lint, read_all
from evals.lint_gold import lint_gold
from evals.suite import Item
from index.library import Library

REVIEW = "off-label-review"
QUOTE = "Oral tofacitinib 5 mg twice to three times daily was successful"
SOUND = {
    "id": "a",
    "question": "tofacitinib dose in lichen planopilaris?",
    "must": [["5 ?mg"], ["three times"]],
    "states": [{"value": 80, "unit": "%", "entity": "tofacitinib"}],
    "gold": [{"document": REVIEW, "quote": QUOTE}],
}


def item(**changed: object) -> Item:
    return Item.model_validate({"kind": "dose", **SOUND, **changed})


def told(*items: Item) -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in lint(items)]


def told_of_gold(library: Library, **changed: object) -> list[Finding]:
    return list(lint_gold([item(**changed)], library))


def test_a_sound_item_has_no_finding(bundled: Library) -> None:
    assert told(item()) == []
    assert told_of_gold(bundled) == []


@pytest.mark.parametrize(
    ("second", "severity", "rule"),
    [
        ({"expect": "abstained", "gold": []}, "error", "contradiction"),
        ({"must": [["10 mg"]]}, "error", "contradiction"),
        ({"question": "Tofacitinib dose, in lichen planopilaris"}, "warning", "near-duplicate"),
        ({"question": "the tofacitinib dose in lichen planopilaris?"}, "warning", "near-duplicate"),
        ({"question": "The dose of rain?", "id": "a"}, "error", "id"),
    ],
)
def test_two_items_that_do_not_go_together_are_found(second: dict[str, object], severity: str, rule: str) -> None:
    assert (severity, rule) in told(item(), item(**{"id": "b", **second}))


@pytest.mark.parametrize(
    "question", ["baricitinib dose in lichen planopilaris?", "tofacitinib dose in lichen planopilaris at 10 mg?"]
)
def test_another_drug_or_figure_makes_another_question(question: str) -> None:
    assert told(item(), item(id="b", question=question)) == []


def test_paraphrases_of_one_family_may_be_alike_but_not_in_both_splits() -> None:
    alike = {"id": "b", "question": "the tofacitinib dose in lichen planopilaris?", "family": "lpp"}

    assert told(item(family="lpp"), item(**alike)) == []
    assert told(item(family="lpp"), item(**alike, split="test")) == [("error", "family")]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"must_not": ["x*"]}, "pattern"),
        ({"must": [[]]}, "pattern"),
        ({"gold": []}, "expectation"),
        ({"must": [], "states": []}, "expectation"),
        ({"expect": "abstained"}, "expectation"),
        ({"question": " "}, "expectation"),
    ],
)
def test_an_item_that_cannot_be_right_is_an_error(changed: dict[str, object], rule: str) -> None:
    assert ("error", rule) in told(item(**changed))


@pytest.mark.parametrize(
    ("changed", "severity", "rule"),
    [
        ({"gold": [{"document": REVIEW, "quote": "zorlitinib"}]}, "error", "gold"),
        ({"gold": [{"document": "nowhere", "quote": QUOTE}]}, "error", "gold"),
        ({"must": [["(?<!\\d)50 mg"]]}, "error", "must"),
        ({"must_not": ["three times"]}, "error", "must_not"),
        ({"must_not": ["case series"]}, "warning", "must_not"),
        ({"states": [{"value": 81, "unit": "%"}]}, "warning", "states"),
        ({"expect": "abstained", "gold": [], "states": [], "must": []}, "warning", "answerable"),
    ],
)
def test_what_the_documents_speak_against_is_found(
    changed: dict[str, object], severity: str, rule: str, bundled: Library
) -> None:
    found = told_of_gold(bundled, **changed)

    assert (severity, rule) in [(finding.severity, finding.rule) for finding in found]


def test_a_result_that_is_counted_need_not_be_printed(bundled: Library) -> None:
    counted = Item.model_validate({"kind": "computed", **SOUND, "must": [["15 mg a day"]]})

    assert list(lint_gold([counted], bundled)) == []


def test_a_refused_follow_up_is_read_with_what_was_said_before(bundled: Library) -> None:
    turns = [SOUND, {"id": "b", "question": "and the share that it helped?", "expect": "abstained"}]
    talk = Item.model_validate({"kind": "conversation", "id": "c", "turns": turns})

    (found,) = list(lint_gold([talk], bundled))
    assert (found.rule, found.id) == ("answerable", "b")
    assert "lichen planopilaris" in found.message


def test_a_bad_pattern_is_a_finding_that_names_its_suite_and_item(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("- {id: a, question: b, must: [['(']]}", encoding="utf-8")
    (tmp_path / "good.yaml").write_text("- {id: a, question: b}", encoding="utf-8")
    items, (found,) = read_all(sorted(tmp_path.glob("*.yaml")))

    assert len(items) == 1
    assert (found.severity, found.rule, found.id) == ("error", "malformed", "bad")
    assert "'('" in found.message
