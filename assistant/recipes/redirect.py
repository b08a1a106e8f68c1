"""Where a question must not be answered with facts: someone's own treatment and emergencies get where to turn.

Which questions these are, and what they are told, is data (`corpus/vocabulary/redirects.yaml`). The reply comes
first and carries no dose; nothing in it is taken from the library.
"""

from __future__ import annotations

from assistant.drafting import Draft
from assistant.question import Question
from corpus.vocabulary_files import RedirectRecord
from corpus.words import words_of


def reason(question: Question) -> RedirectRecord | None:
    """Return the first record that fits the question, or None for a question of fact."""
    text = _padded(question.text)
    for record in question.vocabulary.redirects:
        if all(_any_stands(group, text) for group in record.all_of) and not _any_stands(record.none_of, text):
            return record
    return None


def compose(record: RedirectRecord, draft: Draft) -> None:
    """State where to turn."""
    draft.state(record.says, "note")


def _any_stands(phrases: tuple[str, ...], text: str) -> bool:
    return any(f" {phrase[:-1]}" in text if phrase.endswith("*") else f" {phrase} " in text for phrase in phrases)


def _padded(text: str) -> str:
    """Return the folded words between single spaces; an apostrophe joins, as it does in the phrases."""
    text = text.replace("’", "'").replace("'", "")
    return f" {' '.join(word.folded for word in words_of(text))} "
