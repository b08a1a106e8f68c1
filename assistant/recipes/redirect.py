"""Where a question must not be answered with facts: someone's own treatment and emergencies get where to turn.

Which questions these are, and what they are told, is data (`corpus/vocabulary/redirects.yaml`). The reply comes
first and carries no dose; nothing in it is taken from the library.
"""

from __future__ import annotations

from assistant.drafting import Draft
from assistant.question import Question
from corpus.vocabulary_files import RedirectRecord
from corpus.words import words_of

_REACH = 3  # words after "in" among which the disease or the patients begin
_SMALL = frozenset({"a", "an", "the", "severe", "refractory"})


def reason(question: Question) -> RedirectRecord | None:
    """Return the first record that fits the question, or None for a question of fact."""
    text = _padded(question.text)
    for record in question.vocabulary.redirects:
        if all(_any_stands(group, text) for group in record.all_of) and not _any_stands(record.none_of, text):
            if not (record.own and not _any_stands(record.own, text) and _is_use_in_others(question)):
                return record
    return None


def _is_use_in_others(question: Question) -> bool:
    """Return whether a drug's use in a disease or in patients is asked about: "in HS", "in a patient with vitiligo"."""
    terms, people = question.vocabulary.terms, {*question.vocabulary.operations.people}
    if not question.names("drug"):
        return False
    words = list(words_of(question.read))
    starts = {m.start for m in question.mentions if terms[m.ids[0]].category == "disease"}
    for at, word in enumerate(words):
        after = [other for other in words[at + 1 : at + 1 + _REACH] if other.folded not in _SMALL]
        if word.folded == "in" and after and (after[0].start in starts or after[0].folded in people):
            return True
    return False


def compose(record: RedirectRecord, draft: Draft) -> None:
    """State where to turn."""
    draft.state(record.says, "note")


def _any_stands(phrases: tuple[str, ...], text: str) -> bool:
    return any(f" {phrase[:-1]}" in text if phrase.endswith("*") else f" {phrase} " in text for phrase in phrases)


def _padded(text: str) -> str:
    """Return the folded words between single spaces; an apostrophe joins, as it does in the phrases."""
    text = text.replace("’", "'").replace("'", "")
    return f" {' '.join(word.folded for word in words_of(text))} "
