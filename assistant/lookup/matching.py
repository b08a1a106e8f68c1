"""Which terms of a question a name holds, and which of the name's own words the question doesn't have.

A name holds a concept by any of its names in the vocabulary, a word by its stem or a synonym, a figure only with the
same unit or word, a frequency in any spelling. Something narrower is something else: a herpes zoster is an infection,
but its row is not the row of infections.
"""

from __future__ import annotations

import re

from assistant.lookup.terms import Term, frequency_patterns, own_stems
from assistant.lookup.tokens import figures_in
from assistant.question import Question
from corpus.words import words_of
from index.library import Library

_MARKS = re.compile(r"\(?\[?\b[Nn]\s*=\s*[\d,. ]+\]?\)?|\[\w{1,2}(?:,\w{1,2})*\]|[*†‡§¶#]")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FROM_BASELINE = re.compile(r"(?i)\bfrom baseline\b")
_SHORT = 3  # letters of a word in brackets that is an abbreviation of a statistic


class Matcher:
    """Holds names against one question's terms; the same name is read once."""

    def __init__(self, question: Question, terms: tuple[Term, ...], library: Library) -> None:
        self.terms = terms
        self.words = question.vocabulary.operations.lookup
        self._library = library
        self._asked = {word.folded for word in words_of(question.read)}
        self._asked_stems = own_stems(library.stems(question.read)).union(*(term.stems for term in terms))
        self._ids = frozenset(i for term in terms for i in term.ids)
        self._patterns = frequency_patterns(self.words)
        self._held: dict[str, frozenset[int]] = {}
        self._extras: dict[str, frozenset[str]] = {}

    def held(self, name: str) -> frozenset[int]:
        """Return the numbers of the terms that a name holds."""
        found = self._held.get(name)
        if found is None:
            found = self._held[name] = self._hold(name)
        return found

    def _hold(self, name: str) -> frozenset[int]:
        if not name:
            return frozenset()
        text = name.replace("_", " ")
        stems = self._library.stems(text)
        ids = {i for mention in self._library.mentions(text) for i in mention.ids}
        figures = [figure for figure in figures_in(text)]
        glued = {figure.word for figure in figures}
        frequencies = {known for known, pattern in self._patterns if pattern.search(text)}
        found = set()
        for number, term in enumerate(self.terms):
            if term.kind == "frequency":
                held = term.surface in frequencies
            elif term.figure is not None:
                held = any(term.figure.is_same(figure) for figure in figures)
            elif term.kind == "concept":
                held = bool(term.ids & ids) or own_stems(term.stems) <= own_stems(stems)
            else:
                held = bool(term.stems & stems) or term.surface in glued
            if held:
                found.add(number)
        return frozenset(found)

    def gainsays(self, name: str) -> bool:
        """Return whether a name says another frequency than the question, or the opposite of one of its words."""
        text = name.replace("_", " ")
        asked = {term.surface for term in self.terms if term.kind == "frequency"}
        there = {known for known, pattern in self._patterns if pattern.search(text)}
        if asked and there and not asked & there:
            return True
        said = {word.folded for word in words_of(text)}
        return any(
            (one in self._asked and other in said and one not in said and other not in self._asked)
            or (other in self._asked and one in said and other not in said and one not in self._asked)
            for one, other in self.words.opposites
        )

    def extras(self, name: str) -> frozenset[str]:
        """Return the words and figures of a name that the question doesn't have, statistics and units left out."""
        found = self._extras.get(name)
        if found is None:
            found = self._extras[name] = self._extra(name)
        return found

    def _extra(self, name: str) -> frozenset[str]:
        text = _MARKS.sub(" ", name.replace("_", " "))
        figures = [figure for figure in figures_in(text) if figure.unit]
        asked = [term.figure for term in self.terms if term.figure is not None]
        loose = {text[f.start : f.end] for f in figures if not any(f.is_same(other) for other in asked)}
        text = _BRACKETED.sub(" ", text)
        for mention in reversed(self._library.mentions(text)):
            if self._ids & set(mention.ids):
                text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
        words = {
            word.folded
            for word in words_of(text)
            if word.folded not in self.words.bare
            and not word.folded[0].isdigit()
            and word.folded not in self._asked
            and not own_stems(self._library.stems(word.folded)) & self._asked_stems
        }
        return frozenset(words | loose)

    def qualifiers(self, name: str) -> frozenset[str]:
        """Return the words of a name that make it another one than the question asks for; of brackets the long ones."""
        text = _FROM_BASELINE.sub(" ", _MARKS.sub(" ", name.replace("_", " ")))
        plain = {word.folded for word in words_of(_BRACKETED.sub(" ", text))}
        inside = {word.folded for word in words_of(text) if len(word.folded) > _SHORT}
        return frozenset(
            word
            for word in (plain | inside) & self.words.qualifiers
            if word not in self._asked and not self._library.stems(word) & self._asked_stems
        )
