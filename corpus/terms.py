"""The vocabulary at work: what a word stands for.

`find` reads any text, question or passage, the same way: longest match first, brands and abbreviations included.
A short form with two meanings keeps both; what it means is for the interpreter to decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from corpus.vocabulary_files import ChildAge, KindRecord, OperationsFile, RedirectRecord
from corpus.words import Word, words_of

_JOINS = re.compile(r"(?:[ \t\n\-–/'’]|\.(?!\s))*(?:\([^()\s]{1,10}\)(?:[ \t\n\-–/'’]|\.(?!\s))*)?")
_PLURAL = re.compile(r"(?<=[sxz])es$|(?<=[cs]h)es$|s$")
_LONGEST_NAME = 8  # words
_COORDINATES = frozenset({"and", "or"})


@dataclass(frozen=True, slots=True)
class Term:
    """A concept of the vocabulary. `broader` holds the ids of every wider concept, transitively."""

    id: str
    name: str
    category: str
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names a concept; several `ids` when the name is ambiguous."""

    ids: tuple[str, ...]
    start: int
    end: int
    surface: str


@dataclass(frozen=True)
class Vocabulary:
    """Terms by id and the table of names.

    `also_english` holds the names that count only where written in capitals, `spelled_out` what shorthand and Spanish
    words say in plain English, `name_words` every longer word of a name, `first_words` how
    many words the longest name that begins with a word has, `equivalents` a word's family of synonyms.
    """

    terms: dict[str, Term]
    names: dict[str, tuple[str, ...]]
    also_english: frozenset[str]
    spelled_out: dict[str, str]
    equivalents: dict[str, int]
    stopwords: frozenset[str]
    everyday: frozenset[str]
    negations: frozenset[str]
    asks_to_name: dict[str, frozenset[str]]
    planned: tuple[str, ...]
    table_words: frozenset[str]
    must_be_covered: frozenset[str]
    publications: frozenset[str]
    studies: frozenset[str]
    one_person: frozenset[str]
    drug_stems: tuple[str, ...]
    spoken_to_machines: tuple[str, ...]
    child_age: ChildAge
    brand_routes: dict[str, str]
    spanish: frozenset[str]
    kinds: tuple[KindRecord, ...]
    redirects: tuple[RedirectRecord, ...]
    operations: OperationsFile
    first_words: dict[str, int]
    name_words: frozenset[str]

    def find(self, text: str) -> list[Mention]:
        """Return the concepts that `text` names, in order, without overlaps, longest names first."""
        words = list(words_of(text))
        shouting = text.isupper()
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, used = self._longest(text, words, at, shouting)
            if mention:
                found.append(mention)
            at += used
        return found

    def _longest(self, text: str, words: list[Word], at: int, shouting: bool) -> tuple[Mention | None, int]:
        first = words[at].folded
        longest = max(self.first_words.get(form, 0) for form in (first, first[:-1], first[:-2]))
        if not longest:
            return None, 1
        if shared := self._shared_noun(text, words, at, longest):
            return shared, 1
        sequence = _without_inserted(text, words, at, longest)
        for size in range(len(sequence), 0, -1):
            part = sequence[:size]
            ids = self._ids(part, shouting)
            if ids and all(_JOINS.fullmatch(text, a.end, b.start) for a, b in pairwise(part)):
                start, end = part[0].start, part[-1].end
                return Mention(ids, start, end, text[start:end]), words.index(part[-1], at) - at + 1
        return None, 1

    def _shared_noun(self, text: str, words: list[Word], at: int, longest: int) -> Mention | None:
        """Return what a word names whose noun stands further on: "juvenile and adult dermatomyositis" names both."""
        if len(words) < at + 4 or words[at + 1].folded not in _COORDINATES:
            return None
        for last in range(min(at + 2 + longest, len(words)) - 1, at + 2, -1):
            nouns = words[at + 3 : last + 1]
            if nouns and (ids := self._ids([words[at], *nouns], shouting=False)):
                start, end = words[at].start, words[at].end
                return Mention(ids, start, end, text[start:end])
        return None

    def _ids(self, part: list[Word], shouting: bool) -> tuple[str, ...]:
        name = " ".join(word.folded for word in part)
        ids = self.names.get(name)
        if not ids and len(name) > 4 and (plural := _PLURAL.search(name)):
            ids = self.names.get(name[: plural.start()])
        if ids and name in self.also_english:
            written = "".join(word.text for word in part)
            if shouting or not written.isupper():
                return ()
        return ids or ()

    @cached_property
    def without_topic(self) -> frozenset[str]:
        """Return the words that no evidence has to cover: function words, negations, what a row is called."""
        return self.stopwords | self.negations | frozenset((*self.operations.row_nouns, *self.operations.people))

    def widen(self, term_id: str) -> frozenset[str]:
        """Return the term's id with those of all wider terms."""
        return frozenset((term_id, *self.terms[term_id].broader))


def load_vocabulary(compiled: str) -> Vocabulary:
    """Return the vocabulary from what `compile_vocabulary` made."""
    data: dict[str, Any] = json.loads(compiled)
    names = {name: tuple(ids) for name, ids in data["names"].items()}
    return Vocabulary(
        terms={i: Term(i, t["name"], t["category"], tuple(t["broader"])) for i, t in data["terms"].items()},
        names=names,
        also_english=frozenset(data["also_english"]),
        spelled_out=data["spelled_out"],
        equivalents=data["equivalents"],
        stopwords=frozenset(data["stopwords"]),
        everyday=frozenset(data["everyday"]),
        negations=frozenset(data["negations"]),
        asks_to_name={category: frozenset(nouns) for category, nouns in data["asks_to_name"].items()},
        planned=tuple(data["planned"]),
        table_words=frozenset(data["table_words"]),
        must_be_covered=frozenset(data["must_be_covered"]),
        publications=frozenset(data["publications"]),
        studies=frozenset(data["studies"]),
        one_person=frozenset(data["one_person"]),
        drug_stems=tuple(data["drug_stems"]),
        spoken_to_machines=tuple(data["spoken_to_machines"]),
        brand_routes=data["brand_routes"],
        child_age=ChildAge.model_validate(data["child_age"]),
        spanish=frozenset(data["spanish"]),
        redirects=tuple(RedirectRecord.model_validate(record) for record in data["redirects"]),
        operations=OperationsFile.model_validate(data["operations"]),
        first_words=_first_words(names),
        kinds=tuple(KindRecord.model_validate(kind) for kind in data["kinds"]),
        name_words=frozenset(data["name_words"]),
    )


def _without_inserted(text: str, words: list[Word], at: int, longest: int) -> list[Word]:
    """Return the next words, leaving out an abbreviation in brackets: "Janus kinase (JAK) inhibitor" is one name."""
    sequence: list[Word] = []
    for word in words[at : at + 2 * longest]:
        if len(sequence) == longest:
            break
        inserted = text[word.start - 1 : word.start] == "(" and text[word.end : word.end + 1] == ")"
        if not (sequence and inserted and word.text != word.folded):
            sequence.append(word)
    return sequence


def _first_words(names: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        words = name.split()
        longest[words[0]] = min(max(longest.get(words[0], 0), len(words)), _LONGEST_NAME)
    return longest
