"""Which study a sentence tells of, by the references that it names and the years that they are of.

One document tells of many studies of one drug in one disease; a figure of another study is a wrong answer to whoever
asks about one of them, be it by its year or by pointing back at the last answer ("in that series", "the rate there").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.candidates import Candidate
from assistant.question import Question
from assistant.units import HARD
from corpus.passages import reference_marks
from corpus.terms import Vocabulary
from corpus.types import Document, Passage, PassageKind
from corpus.words import words_of
from index.library import Library

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_LONGEST_RANGE = 20
_POINTING = frozenset({"that", "this", "those", "these", "same"})
_REACH = 2  # words after "that" among which a study's or its people's noun stands


@dataclass(frozen=True)
class Study:
    """What an answer told of: the references of its first sentence, or the whole document where it names none.

    `only` means that the follow-up asks for this study and no other; else it is where to look first.
    """

    documents: frozenset[str]
    refs: frozenset[str]
    only: bool = False

    def is_told_by(self, candidate: Candidate) -> bool:
        """Return whether a candidate tells of this study."""
        if candidate.document.id not in self.documents:
            return False
        return not self.refs or bool(self.refs & references_in(candidate.text))


def study_at(document_id: str, start: int, library: Library) -> Study | None:
    """Return the study that the sentence or row at a place tells of, or None if nothing stands there."""
    passage = library.passage_at(document_id, start)
    if passage is None:
        return None
    text = next((text for span, text in library.parts(passage) if span.start == start), "")
    return Study(frozenset({document_id}), references_in(text))


def references_in(text: str) -> frozenset[str]:
    """Return the reference numbers and PMIDs that a sentence names."""
    return frozenset(reference_numbers(", ".join(reference_marks(text))))


def reference_numbers(locator: str) -> list[str]:
    """Return the reference numbers and PMIDs in a locator such as "refs 7-9" or "PMID 36001310"."""
    if not re.search(r"\bref|PMID", locator, re.IGNORECASE):
        return []
    numbers = re.findall(r"\d+", locator)
    for first, last in _RANGE.findall(locator):
        if 0 < int(last) - int(first) <= _LONGEST_RANGE:
            numbers.extend(str(number) for number in range(int(first), int(last) + 1))
    return list(dict.fromkeys(numbers))


def reference_entries(document: Document, library: Library) -> Iterator[tuple[str, Passage]]:
    """Yield the entries of a document's reference list, each with the number or PMID that it begins with."""
    for passage in library.passages_of(document.id):
        if passage.kind is PassageKind.REFERENCE:
            found = re.search(r"\d+", document.text[passage.start : passage.start + 20])
            yield found.group() if found else "", passage


def points_back(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a follow-up means the study of the last answer without naming it: "there", "in that series"."""
    nouns = vocabulary.publications | vocabulary.studies | frozenset(vocabulary.operations.people)
    words = [word.folded for word in words_of(text)]
    return "there" in words[-2:] or any(
        word in _POINTING and nouns & set(words[at + 1 : at + 1 + _REACH]) for at, word in enumerate(words)
    )


def of_the_year(question: Question, candidates: Sequence[Candidate], library: Library) -> Sequence[Candidate]:
    """Return the candidates that tell of a study of the year that the question names, if the library knows one.

    It knows one if a sentence of that year covers every name in the question; else the year says nothing of studies.
    """
    asked = frozenset(number for number in question.numbers if _YEAR.fullmatch(number))
    if not asked or not candidates:
        return candidates
    years = lru_cache(maxsize=None)(lambda document_id: _years_of_references(library.document(document_id), library))
    own = [c for c in candidates if asked & _years_told(c, years(c.document.id))]
    hard = frozenset(i for i, unit in enumerate(candidates[0].units) if unit.category in HARD)
    return own if any(hard <= candidate.covered for candidate in own) else candidates


def _years_told(candidate: Candidate, of_references: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the years in a candidate, of its references, and of its document."""
    told = frozenset(_YEAR.findall(candidate.text)) | {str(candidate.document.source.year)}
    return told.union(*(of_references.get(key, frozenset()) for key in references_in(candidate.text)))


def _years_of_references(document: Document, library: Library) -> dict[str, frozenset[str]]:
    entries = reference_entries(document, library)
    return {key: frozenset(_YEAR.findall(document.text[entry.start : entry.end])) for key, entry in entries}
