"""What a document tells of itself: the abbreviations that it spells out, the trial that it reports, the works it notes.

Digests of the literature name a work in a paragraph of its own and go on with what it found: what follows is told of
that work until the next one is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.abbreviations import abbreviations
from corpus.passages import is_sentence
from corpus.terms import Mention, Vocabulary
from corpus.types import Document, Passage, PassageKind

_AUTHOR = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)? [A-Z]{1,3}"
_CITED_WORK = re.compile(rf"{_AUTHOR}(?:[,;] {_AUTHOR})*(?:,? et al)?[.;,].*\b(?:19|20)\d\d\b", re.DOTALL)
_LONGEST_CITED_WORK = 600  # characters
_REGISTERED = re.compile(
    r"\b(?P<name>[A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,3})(?: study| trial)? \((?:[^()]{0,40}\b)?(?:NCT\d{8}|EudraCT|ISRCTN)"
)
_SUBJECTS = frozenset({"drug", "disease"})
_FEWEST_FOR_SUBJECT = 4  # paragraphs
_READ_FOR_SUBJECT = 40  # paragraphs
_OWN_SECTION = re.compile(r"\b(?:abstract|methods?|patients|participants|study design|trial design)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Portrait:
    """What a document tells of itself; `trial` is "" where it reports none by name, or several.

    `works` are the paragraphs that cite a work and nothing else, in the document's order; `subjects` the drugs and
    diseases that most of its paragraphs name, where its title names none.
    """

    abbreviations: Mapping[str, str]
    trial: str
    works: tuple[Passage, ...]
    subjects: tuple[str, ...] = ()

    def work_above(self, passage: Passage) -> Passage | None:
        """Return the citation that a passage is a note on: the nearest above it in its section."""
        above = (work for work in reversed(self.works) if work.start < passage.start)
        return next((work for work in above if work.section == passage.section), None)


def portrait(
    document: Document,
    passages: Sequence[Passage],
    mentions: Callable[[str], Sequence[Mention]],
    vocabulary: Vocabulary,
) -> Portrait:
    """Return the portrait of a document; `mentions` finds the concepts of a text."""
    prose = [passage for passage in passages if passage.kind is PassageKind.PROSE]
    trials = {
        mention.ids[0]: mention.surface
        for passage in prose
        if _OWN_SECTION.search(passage.section)
        for mention in mentions(document.text[passage.start : passage.end])
        if vocabulary.terms[mention.ids[0]].category == "trial"
    }
    names = [*trials.values()] or [*dict.fromkeys(found["name"] for found in _REGISTERED.finditer(document.text))]
    subjects = _subjects(document, prose, mentions, vocabulary)
    works = tuple(passage for passage in prose if is_cited_work(document.text[passage.start : passage.end]))
    return Portrait(abbreviations(document.text), names[0] if len(names) == 1 else "", works, subjects)


def _subjects(
    document: Document,
    prose: Sequence[Passage],
    mentions: Callable[[str], Sequence[Mention]],
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    """Return the names of what a document is about by most of its first paragraphs; a title says so by itself."""

    def named(text: str) -> set[str]:
        ids = (i for mention in mentions(text) for i in mention.ids)
        return {wide for i in ids if vocabulary.terms[i].category in _SUBJECTS for wide in vocabulary.widen(i)}

    if named(document.source.title):
        return ()
    texts = [document.text[passage.start : passage.end] for passage in prose[:_READ_FOR_SUBJECT]]
    counted = Counter(i for text in texts if is_sentence(text) for i in named(text))
    sentences = sum(is_sentence(text) for text in texts)
    if sentences < _FEWEST_FOR_SUBJECT:
        return ()
    return tuple(vocabulary.terms[i].name for i, count in counted.items() if count > sentences / 2)


def is_cited_work(text: str) -> bool:
    """Return whether a paragraph is nothing but the citation of a work: authors, a title, a year."""
    return len(text) <= _LONGEST_CITED_WORK and bool(_CITED_WORK.match(text.strip()))
