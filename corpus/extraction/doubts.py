"""Why an amount in a sentence is no dose that was given: denied, only supposed, measured, or given to animals."""

from __future__ import annotations

import re

from corpus.extraction.cues import Cues
from corpus.extraction.said import Said

_CLAUSE_END = re.compile(
    r"[;:]|\.\s|\b(?:but|whereas|whereby|while|although|however)\b|,\s+(?:and|which|who)\s", re.IGNORECASE
)
_REACH = 160  # characters of a clause that may deny an amount
_BESIDE = 60


def reason_against(said: Said, start: int, end: int, cues: Cues) -> str | None:
    """Return why the amount at `start` to `end` is not to be taken for a dose that was given, or None."""
    before, after = clause_before(said.text, start), clause_after(said.text, end)
    if cues.denied_before.search(before) or cues.denied_after.search(after):
        return "denied"
    if cues.supposed.search(before) or cues.supposed.search(after[:_BESIDE]):
        return "supposed"
    if cues.measured.search(said.text[max(0, start - _BESIDE) : start]):
        return "measured"
    if cues.contents.search(said.text, 0, start):
        return "contents"
    return "animal" if is_of_animals(said, cues) else None


def clause_before(text: str, at: int) -> str:
    """Return the part of a text's clause that stands before an offset."""
    start = max(0, at - _REACH)
    ends = [found.end() for found in _CLAUSE_END.finditer(text, start, at)]
    return text[ends[-1] if ends else start : at]


def clause_after(text: str, at: int) -> str:
    """Return the part of a text's clause that stands after an offset."""
    found = _CLAUSE_END.search(text, at, at + _REACH)
    return text[at : found.start() if found else at + _REACH]


def is_of_animals(said: Said, cues: Cues) -> bool:
    """Return whether a sentence, or what stands around it, tells of animals or of a dish and not of people."""
    if cues.people.search(said.text):
        return False
    if cues.animals.search(said.text):
        return True
    for text in (*(one.text for one in said.earlier), *said.headings):
        if cues.people.search(text):
            return False
        if cues.animals.search(text):
            return True
    return False
