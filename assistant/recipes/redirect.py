"""Where a question must not be answered with facts: someone's own treatment and emergencies get where to turn.

Which questions these are, and what they are told, is data (`corpus/vocabulary/redirects.yaml`). The reply comes
first and carries no dose; nothing in it is taken from the library.
"""

from __future__ import annotations

from assistant.drafting import Draft
from assistant.question import Question
from corpus.vocabulary_files import RedirectRecord
from corpus.words import words_of

_FOR = frozenset({"in", "for"})
_REACH = 3  # words after "in" or "for" among which the disease or the patients begin
_SMALL = frozenset({"a", "an", "the", "severe", "refractory"})


def reason(question: Question) -> RedirectRecord | None:
    """Return the first record that fits the question, or None for a question of fact."""
    text = _padded(question.text)
    for record in question.vocabulary.redirects:
        if all(_any_stands(group, text) for group in record.all_of) and not _any_stands(record.none_of, text):
            if not (record.own and _is_prescribers(question, record, text)):
                return record
    return None


def _is_prescribers(question: Question, record: RedirectRecord, text: str) -> bool:
    """Return whether someone asks who treats others: by the act, the people it is for, or the disease."""
    if _any_stands(record.own, text):
        return False
    if _any_stands(record.prescribes, text) or _is_use_in(
        question, ("population",), question.vocabulary.operations.people
    ):
        return True
    return not _any_stands(record.acts, text) and _is_use_in(question, ("disease",), ())


def _is_use_in(question: Question, categories: tuple[str, ...], nouns: tuple[str, ...]) -> bool:
    """Return whether a use in such people or such a disease is asked about: "in HS", "for a patient with HS"."""
    terms = question.vocabulary.terms
    words = list(words_of(question.read))
    starts = {m.start for m in question.mentions if terms[m.ids[0]].category in categories}
    for at, word in enumerate(words):
        after = [other for other in words[at + 1 : at + 1 + _REACH] if other.folded not in _SMALL]
        if word.folded in _FOR and after and (after[0].start in starts or after[0].folded in nouns):
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
