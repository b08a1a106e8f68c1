"""A question as it was read: its concepts, kinds, figures, numbers, and what is left to explain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from corpus.figures import Shape, measured
from corpus.terms import Mention, Vocabulary
from corpus.vocabulary_files import KindRecord
from corpus.words import words_of

_NAMING = frozenset({"which", "what", "name", "list"})
_NAMING_REACH = 3  # words after "which" among which the thing to be named stands
_SHORTEST_ACRONYM = 3
_COUNTED_REACH = 5  # words after "how many" among which the counted noun stands
_BEFORE_COUNTED = frozenset({"of", "the", "those", "these", "different", "separate"})
_AGE_AND_SEX = re.compile(r"\b\d{1,2}(?:\s?[MF]\b|[\s-]?(?:y/?o|(?:years?|yrs?)[\s-]old)\b)")
_DECIMALS = re.compile(r"[.,]\d")


@dataclass(frozen=True)
class Question:
    """A question, and how it was read.

    `read` is the text with misspelt names corrected, and what `mentions` (the concepts named) point into; `focus`
    are the words left to be covered by evidence, `cues` those that signal a kind and `telling_cues` those of them
    whose kind asks for words rather than a figure; `numbers` are in the spelling of
    `corpus.figures`.
    """

    text: str
    read: str
    mentions: tuple[Mention, ...]
    kinds: tuple[KindRecord, ...]
    focus: tuple[str, ...]
    cues: tuple[str, ...]
    telling_cues: tuple[str, ...]
    numbers: tuple[str, ...]
    typos: dict[str, str]
    vocabulary: Vocabulary

    @property
    def kind(self) -> str:
        """Return the first kind that the question has a cue for, or "other"."""
        return self.kinds[0].kind if self.kinds else "other"

    @cached_property
    def wants(self) -> tuple[Shape, ...]:
        """Return the shapes of figure that an answer has to hold."""
        return tuple(dict.fromkeys(shape for kind in self.kinds for shape in kind.wants))

    def names(self, category: str) -> tuple[str, ...]:
        """Return the preferred names of the concepts of a category, in the order of the question."""
        terms = self.vocabulary.terms
        ids = (identity for mention in self.mentions for identity in mention.ids)
        return tuple(dict.fromkeys(terms[i].name for i in ids if terms[i].category == category))

    @cached_property
    def acronyms(self) -> tuple[str, ...]:
        """Return the focus words that are written in capitals in a question that is not: a study's name, say."""
        if self.read.isupper():
            return ()
        written = (word for word in words_of(self.read) if word.folded in self.focus)
        return tuple(word.text for word in written if word.text.isupper() and len(word.text) >= _SHORTEST_ACRONYM)

    @cached_property
    def proper_names(self) -> frozenset[str]:
        """Return the focus words that are written with a capital inside a sentence: somebody's or something's name."""
        if self.read.isupper():
            return frozenset()
        found = list(words_of(self.read))
        inside = (
            after
            for before, after in pairwise(found)
            if after.text[0].isupper() and not after.text.isupper() and "?" not in self.read[before.end : after.start]
        )
        capitals = [word for word in inside if "." not in self.read[max(0, word.start - 2) : word.start]]
        titled = len(capitals) > len(found) / 2
        return frozenset() if titled else frozenset(w.folded for w in capitals if w.folded in self.focus)

    @cached_property
    def amounts(self) -> frozenset[str]:
        """Return the numbers that the question gives as an amount of a drug ("30 mg")."""
        units = measured(self.read)
        return frozenset(number for number in self.numbers if units.get(number, frozenset()) & {"mg", "mcg", "g"})

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the folded words of the question as read."""
        return tuple(word.folded for word in words_of(self.read))

    @property
    def asks_for_row(self) -> bool:
        """Return whether the question asks for a table's own entry ("in Table 1", "case 12")."""
        return bool(self.row_keys or set(self.words) & self.vocabulary.table_words)

    @property
    def looks_up_person(self) -> bool:
        """Return whether the question describes one person ("the lady with", "39M"), whatever they are treated for."""
        return bool(set(self.words) & self.vocabulary.one_person or _AGE_AND_SEX.search(self.text))

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Return the numbers of rows that the question names ("case 12", "patient 7")."""
        operations = self.vocabulary.operations
        nouns = {*operations.row_nouns, *operations.people}
        return tuple(
            after.folded
            for word, after in pairwise(words_of(self.read))
            if word.folded in nouns and after.folded.isdecimal() and not _DECIMALS.match(self.read, after.end)
        )

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Return the words whose number is asked for: "how many patients and rows" asks for both."""
        found: list[str] = []
        for at, word in enumerate(self.words):
            if word == "many" or (word == "number" and "of" in self.words[at + 1 : at + 2]):
                rest = [w for w in self.words[at + 1 : at + 1 + _COUNTED_REACH] if not w.isdecimal()]
                nouns = [w for w in rest if w not in _BEFORE_COUNTED]
                found += nouns[:1]
                operations = self.vocabulary.operations
                rows = {*operations.row_nouns, *operations.people}
                if len(nouns) > 2 and nouns[1] == "and" and nouns[2] not in self.vocabulary.stopwords - rows:
                    found.append(nouns[2])
        return tuple(found)

    @cached_property
    def to_name(self) -> tuple[str, ...]:
        """Return the categories of which the question asks to be told a name ("which drugs …")."""
        asked = [self.words[i + 1 : i + 1 + _NAMING_REACH] for i, word in enumerate(self.words) if word in _NAMING]
        nouns = {word for part in asked for word in part}
        return tuple(category for category, known in self.vocabulary.asks_to_name.items() if nouns & known)

    @property
    def expansions(self) -> tuple[str, ...]:
        """Return the preferred names that the question doesn't spell out."""
        written = self.read.lower()
        names = (self.vocabulary.terms[i].name for mention in self.mentions for i in mention.ids)
        return tuple(dict.fromkeys(name for name in names if name.lower() not in written))
