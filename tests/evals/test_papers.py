"""The questions on papers that are not bundled: what can be checked without the papers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import evals
from evals.lint import lint, read_all
from evals.suite import load_suites, suite_files

FOLDER = Path(evals.__file__).parent / "papers"
_LONGEST_QUOTE = 22  # words: what is quoted of an article tells where an answer stands, and no more


def test_the_suites_are_sound_and_no_id_is_one_of_the_bundled_questions() -> None:
    items, malformed = read_all(suite_files(folder=FOLDER))
    assert not malformed
    assert not [finding for finding in lint([*load_suites(), *items]) if finding.severity == "error"]


def test_half_of_the_items_are_for_development_and_every_kind_has_both_parts() -> None:
    items = load_suites(folder=FOLDER)
    assert Counter(item.split for item in items) == {"development": 30, "test": 30}
    parts = Counter((item.kind, item.split) for item in items)
    assert all(abs(parts[kind, "development"] - parts[kind, "test"]) <= 1 for kind, _ in parts)


def test_quotes_of_articles_are_short() -> None:
    gold = [gold for item in load_suites(folder=FOLDER) for turn in item.turns for gold in turn.gold]
    quotes = [quote for one in gold for quote in (one.quote, *one.also)]
    assert quotes and max(len(quote.split()) for quote in quotes) <= _LONGEST_QUOTE


def test_continuous_integration_does_not_ask_them() -> None:
    assert {item.id for item in load_suites()}.isdisjoint(item.id for item in load_suites(folder=FOLDER))
