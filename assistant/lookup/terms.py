"""A question as terms that the names of a cell's row and column have to hold: names, figures, frequencies, words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.lookup.tokens import Figure, figures_in
from assistant.question import Question
from corpus.terms import Mention
from corpus.vocabulary_files import LookupRecord
from corpus.words import fold_name, words_of
from index.library import FAMILY, Library

_PLACE_REACH = 2  # words after a name among which "trial" makes it the name of a study
_STUDIES = frozenset({"study", "studies", "trial", "trials"})
_P_VALUE = re.compile(r"(?i)\bp[\s-]?values?\b")
_GLUED = re.compile(r"[^\W\d_]+\d|\d+[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a question: what it is known by, where it stands, and whether a cell's names have to hold it."""

    kind: Literal["concept", "figure", "frequency", "word"]
    surface: str
    start: int
    end: int
    firm: bool = True
    names_study: bool = False
    ids: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    figure: Figure | None = None


def terms_of(question: Question, library: Library) -> tuple[Term, ...]:
    """Return the terms of a question in its order; words that no name has to hold are not firm."""
    words = question.vocabulary.operations.lookup
    text = question.read
    found = [
        Term("frequency", name, match.start(), match.end())
        for name, pattern in frequency_patterns(words)
        for match in pattern.finditer(text)
    ]
    numerals = [figure for figure in figures_in(text) if figure.number.isalpha()]
    found += [Term("figure", text[f.start : f.end], f.start, f.end, figure=f) for f in numerals]
    found += [_concept(mention, question, library) for mention in _untaken(question.mentions, found)]
    for figure in figures_in(text):
        if not _taken(figure.start, figure.end, found):
            start = _with_word(text, figure)
            found.append(Term("figure", text[start : figure.end], start, figure.end, figure=figure))
    for match in _P_VALUE.finditer(text):
        if not _taken(match.start(), match.end(), found):
            found.append(Term("word", "p value", match.start(), match.end(), stems=frozenset({"p"})))
    for word in words_of(text):
        if len(word.folded) > 1 and not _taken(word.start, word.end, found):
            firm = word.folded in words.firm | words.people or not _is_soft(word.folded, question, words)
            stems = library.stems(word.folded)
            study = _names_study(question, word.end, reach=1)
            found.append(Term("word", word.folded, word.start, word.end, firm, study, stems=stems))
    return tuple(sorted(found, key=lambda term: term.start))


def _untaken(mentions: Iterable[Mention], found: list[Term]) -> list[Mention]:
    return [mention for mention in mentions if not _taken(mention.start, mention.end, found)]


def _concept(mention: Mention, question: Question, library: Library) -> Term:
    """Return the term of a name; one made of words that say nothing, as "number of participants", is not firm."""
    words = question.vocabulary.operations.lookup
    people = frozenset(question.vocabulary.operations.people) - words.people
    telling = [word for word in fold_name(mention.surface).split() if word not in words.soft | {"of"}]
    stems = library.stems(" ".join([word for word in telling if word not in people] or telling) or mention.surface)
    study = _names_study(question, mention.end)
    firm = not set(telling) <= people
    return Term("concept", mention.surface, mention.start, mention.end, firm, study, frozenset(mention.ids), stems)


def frequency_patterns(words: LookupRecord) -> list[tuple[str, re.Pattern[str]]]:
    """Return each frequency's name with a pattern of its forms, longer forms first."""
    return [
        (
            name,
            re.compile(rf"(?i)(?<!\w)(?:{'|'.join(re.escape(f) for f in sorted(forms, key=len, reverse=True))})(?!\w)"),
        )
        for name, forms in words.frequencies.items()
    ]


def _is_soft(word: str, question: Question, words: LookupRecord) -> bool:
    vocabulary = question.vocabulary
    return word in words.soft or word in vocabulary.without_topic or word in vocabulary.everyday


def _names_study(question: Question, end: int, reach: int = _PLACE_REACH) -> bool:
    """Return whether a name says which study or paper is meant: "in the tofacitinib trials"."""
    after = [word.folded for word in words_of(question.read[end:])][:reach]
    return bool(set(after) & (question.vocabulary.publications | _STUDIES))


def _taken(start: int, end: int, found: list[Term]) -> bool:
    return any(start < term.end and term.start < end for term in found)


def _with_word(text: str, figure: Figure) -> int:
    """Return where a figure with the word that it belongs to begins: "ACR20" is one term, "case 5" too."""
    if figure.unit or not figure.word:
        return figure.start
    before = text[: figure.start].rstrip(" -–<>≤≥=(")
    if not before.lower().endswith(figure.word):
        return figure.start
    glued = bool(_GLUED.match(text[len(before) - len(figure.word) :]))
    return len(before) - len(figure.word) if glued else figure.start


def own_stems(stems: frozenset[str]) -> frozenset[str]:
    """Return stems without the marks of their families of synonyms."""
    return frozenset(stem for stem in stems if not stem.startswith(FAMILY))
