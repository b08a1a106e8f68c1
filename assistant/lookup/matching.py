"""Which terms of a question a name holds, and which of the name's own words the question doesn't have.

A name holds a concept by any of its names in the vocabulary, a word by its stem or a synonym, a figure only with the
same unit or word, a frequency in any spelling. Something narrower is something else: a herpes zoster is an infection,
but its row is not the row of infections.
"""

from __future__ import annotations

import re
from functools import cached_property

from assistant.lookup.terms import Term, frequency_patterns, own_stems
from assistant.lookup.tokens import figures_in
from assistant.question import Question
from corpus.terms import Mention
from corpus.words import fold_name, words_of
from index.library import Library

_MARKS = re.compile(r"\(?\[?\b[Nn]\s*=\s*[\d,. ]+\]?\)?|\[\w{1,2}(?:,\w{1,2})*\]|[*†‡§¶#]")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(r"[,:;()\[\]/]")
_FROM_BASELINE = re.compile(r"(?i)\bfrom baseline\b")
_FEWEST_LETTERS = 2
_SHORT = 3  # letters of a word in brackets that is an abbreviation of a statistic


class Matcher:
    """Holds names against one question's terms; the same name is read once."""

    def __init__(self, question: Question, terms: tuple[Term, ...], library: Library) -> None:
        self.terms = terms
        self.words = question.vocabulary.operations.lookup
        self._library = library
        self._vocabulary = question.vocabulary
        self._asked_own = own_stems(library.stems(question.read))
        self._asked = {word.folded for word in words_of(question.read)}
        self._asked_stems = self._asked_own.union(*(term.stems for term in terms))
        firm = (term for term in terms if term.firm and term.figure is None)
        self._firm_stems = own_stems(frozenset[str]().union(*(term.stems for term in firm)))
        self._ids = frozenset(i for term in terms for i in term.ids)
        self._patterns = frequency_patterns(self.words)
        self._held: dict[str, frozenset[int]] = {}
        self._extras: dict[str, frozenset[str]] = {}
        self._narrower: dict[tuple[str, str], bool] = {}

    def held(self, name: str) -> frozenset[int]:
        """Return the numbers of the terms that a row's or column's name holds."""
        found = self._held.get(name)
        if found is None:
            found = self._held[name] = self._hold(name, wide=False)
        return found

    def said_around(self, text: str) -> frozenset[int]:
        """Return the numbers of the terms that a caption or heading holds: there any name of a concept will do."""
        said = f" {fold_name(text)} "
        more = [key for key, phrases in self.words.implied.items() if any(f" {phrase} " in said for phrase in phrases)]
        return self._hold(f"{text} {' '.join(more)}", wide=True)

    def _hold(self, name: str, *, wide: bool) -> frozenset[int]:
        if not name:
            return frozenset()
        text = name.replace("_", " ")
        stems = self._library.stems(text)
        mentions = self._library.mentions(text)
        figures = list(figures_in(text))
        glued = {figure.word for figure in figures}
        frequencies = {known for known, pattern in self._patterns if pattern.search(text)}
        found = set()
        for number, term in enumerate(self.terms):
            if term.kind == "frequency":
                held = term.surface in frequencies
            elif term.figure is not None:
                held = any(term.figure.is_same(figure) for figure in figures)
            elif term.kind == "concept":
                named = [mention for mention in mentions if term.ids & set(mention.ids)]
                held = own_stems(term.stems) <= own_stems(stems) or any(
                    wide or self._is_same(term, mention) for mention in named
                )
            else:
                held = bool(term.stems & stems) or term.surface in glued
            if held:
                found.add(number)
        return frozenset(found)

    def _is_same(self, term: Term, mention: Mention) -> bool:
        """Return whether two names of one concept are names of the very same: a drug's, an abbreviation, listed ones.

        The vocabulary's synonyms are made for searching, where sinusitis may be found under the infections that it
        belongs to.
        """
        if self._vocabulary.terms[mention.ids[0]].category == "drug":
            return True
        one, two = (own_stems(self._library.stems(name)) for name in (term.surface, mention.surface))
        if one <= two or _abbreviates(term.surface, mention.surface) or _abbreviates(mention.surface, term.surface):
            return True
        return any(one in family and two in family for family in self._same)

    @cached_property
    def _same(self) -> list[set[frozenset[str]]]:
        return [{own_stems(self._library.stems(name)) for name in names} for names in self.words.same]

    def gainsays(self, name: str, beside: str = "") -> bool:
        """Return whether a name says another frequency than the question, or the opposite of one of its words.

        Where what stands `beside` it says that word, the name gainsays nothing.
        """
        text = _FROM_BASELINE.sub(" ", name.replace("_", " "))
        if self.has_other_frequency(text):
            return True
        said, there = self._library.stems(text), self._library.stems(f"{text} {beside}")
        return any(
            bool(one & self._asked_own and other & said) and not (one & there or other & self._asked_own)
            for pair in self._opposites
            for one, other in (pair, pair[::-1])
        )

    def has_other_frequency(self, text: str) -> bool:
        """Return whether a text gives frequencies and not the one that the question asks for."""
        asked = {term.surface for term in self.terms if term.kind == "frequency"}
        there = {known for known, pattern in self._patterns if pattern.search(text)}
        return bool(asked and there and not asked & there)

    @cached_property
    def _opposites(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        stems = self._library.stems
        return [(own_stems(stems(one)), own_stems(stems(other))) for one, other in self.words.opposites]

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

    def is_narrower(self, name: str, around: str) -> bool:
        """Return whether a word before the asked ones makes a name one of several: "upper respiratory infection".

        What stands over the table narrows nothing: "PsA disease duration" in a paper on PsA.
        """
        key = (name, around)
        if key not in self._narrower:
            self._narrower[key] = any(self._narrows(part, around) for part in _PARTS.split(_MARKS.sub(" ", name)))
        return self._narrower[key]

    def _narrows(self, part: str, around: str) -> bool:
        asked = [(m.start, m.end) for m in self._library.mentions(part) if self._ids & set(m.ids)]
        above = self._library.stems(around)
        before = False
        for word in words_of(part.replace("_", " ")):
            stems = own_stems(self._library.stems(word.folded))
            if any(start <= word.start < end for start, end in asked) or stems & self._firm_stems:
                return before
            if word.folded in self._asked:
                continue
            told = word.folded in self.words.bare or word.folded[0].isdigit() or stems <= above
            before = before or not told
        return False

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


def _abbreviates(short: str, long: str) -> bool:
    """Return whether a name in capitals is made of another one's first letters: "DLQI", "TEAEs", "TB"."""
    letters = re.sub(r"[^A-Z]", "", short)
    if len(letters) < _FEWEST_LETTERS or " " in short or len(long) <= len(short) + 1:
        return False
    rest = long.upper()
    if not rest.startswith(letters[0]):
        return False
    for letter in letters:
        at = rest.find(letter)
        if at < 0:
            return False
        rest = rest[at + 1 :]
    return True
