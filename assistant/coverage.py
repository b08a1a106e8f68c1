"""What of a question a text covers, part by part.

A unit is a part of the question that an answer has to account for: a concept, a focus word, a number, a wanted
figure. Units weigh by how rare they are in the library. Whether a text covers a unit is decided by what it names,
not by how it spells it: brands, abbreviations, narrower concepts, inflections and synonyms count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.interpret import Question
from corpus.figures import Shape, figures, has_shape
from corpus.terms import Mention
from corpus.text import words
from corpus.words import words_of
from index.library import FAMILY, Library
from index.search import HybridSearcher

HARD = ("drug", "disease", "event", "measure", "population", "route", "trial", "row", "topic")
"""Categories in which an answer about something else is a wrong answer."""

_SHAPE_WEIGHT = 3.0
_SHOWS_WEIGHT = 1.5
_NUMBER_WEIGHT = 2.0
_GENERAL_WEIGHT = 1.5
_LIGHTEST_CONCEPT = 2.0
ROW = r"(?i)\b(?:cases?|rows?|patients?)\W{{1,3}}(?:\d+\W+(?:and\W+)?)*{}\b"
"""How prose speaks of a row by its number."""

_CUE_WEIGHT = 0.2
_TELLING_CUE_WEIGHT = 0.8
_NAMED_WEIGHT = 2.0
_EVERYDAY_WEIGHT = 1.5
_SHORTEST_DRUG = 6  # letters
_PUBLICATION_REACH = 2  # words after a disease among which a publication's noun stands
_COUNT_REACH = 3  # words after a number among which what it counts stands
_REMARK_SHARE = 0.25  # what a plain word in brackets weighs: it comments on the question


@dataclass(frozen=True)
class Unit:
    """A part of a question.

    `category` is a vocabulary category, "word", "topic", "number", "row", "shape", "shows", "cue" or "named". "named"
    asks for a name of the category in `label`. `start` is where `surface` stands in the question as read. A cue
    weighs little: its kind's shape or words account for it, but it may name a column.
    """

    category: str
    label: str
    weight: float
    start: int = 0
    surface: str = ""
    ids: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    shape: Shape | None = None


@dataclass(frozen=True)
class Cover:
    """What a text covers: the indexes of units, and the categories of which it names something itself.

    `direct` are the units that it names as they are, not by something narrower; `names` counts the names that were
    asked for, `counts` the nouns of which "how many" asks the number and that stand with one, `foreign_drugs` the drugs
    that a dose question does not ask about, and `foreign_first` tells that such a drug comes first.
    """

    units: frozenset[int] = frozenset()
    direct: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    names: int = 0
    counts: int = 0
    foreign_drugs: int = 0
    foreign_first: bool = False

    def joined(self, other: Cover) -> Cover:
        """Return what two texts cover together."""
        return Cover(
            self.units | other.units,
            self.direct | other.direct,
            self.categories | other.categories,
            self.names + other.names,
            self.counts + other.counts,
            self.foreign_drugs + other.foreign_drugs,
            self.foreign_first or other.foreign_first,
        )


class Reader:
    """Reads texts of one library against one question; the same text is read once."""

    def __init__(self, library: Library, question: Question) -> None:
        self._library = library
        self._vocabulary = question.vocabulary
        self._known: dict[str, Cover] = {}
        self.units = tuple(_units(question, library))
        self.asks_for_dose = Shape.DOSE in question.wants
        self.prefers_rows = question.asks_for_row or (self.asks_for_dose and not question.names("disease"))
        self._background = frozenset(question.vocabulary.operations.background_columns)
        self.looks_up_person = question.looks_up_person
        self.compares_kinds = len(question.names("drug")) < 2 and any(k.kind == "comparison" for k in question.kinds)
        self._asked_words = {word.folded for word in words_of(question.read)} - question.vocabulary.stopwords
        self._counted = tuple(library.stems(noun) for noun in question.counted)
        self._asked = frozenset(i for unit in self.units for i in unit.ids)
        self._asked_drugs = frozenset(i for unit in self.units if unit.category == "drug" for i in unit.ids)

    def cover(self, text: str) -> Cover:
        """Return what `text` covers by its own words."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._cover(text)
        return found

    def is_background(self, column: str) -> bool:
        """Return whether a column of this name holds background that the question does not ask for."""
        named = {word.folded for word in words_of(column)}
        return bool(named & self._background) and not named & self._asked_words

    def _cover(self, text: str) -> Cover:
        mentions = self._library.mentions(text)
        named = frozenset(i for mention in mentions for i in self._wide(mention))
        stems = self._library.stems(text)
        numbers = figures(text)
        units = frozenset(
            i
            for i, unit in enumerate(self.units)
            if (unit.ids and unit.ids & named and self._is_its_route(unit, mentions))
            or (unit.stems and unit.stems & stems)
            or (unit.category == "topic" and bool(re.search(rf"(?i)\b{re.escape(unit.label)}\d", text)))
            or (unit.shape is not None and self._has_shape(text, unit.shape, mentions))
            or (unit.category == "number" and unit.label in numbers)
            or (unit.category == "row" and bool(re.search(ROW.format(unit.label), text)))
            or (unit.category == "named" and any(self._is_new(mention, unit.label) for mention in mentions))
        )
        exact = frozenset(i for mention in mentions for i in mention.ids)
        direct = frozenset(i for i in units if not self.units[i].ids or self.units[i].ids & exact)
        wanted = {unit.label for unit in self.units if unit.category == "named"}
        names = {mention.ids for mention in mentions for category in wanted if self._is_new(mention, category)}
        categories = frozenset(self._category(mention) for mention in mentions)
        foreign = self._foreign_drugs(mentions)
        first_is_foreign = next(iter(foreign.values()), False)
        counts = self._counts(text)
        return Cover(units, direct, categories, len(names), counts, sum(foreign.values()), first_is_foreign)

    def _counts(self, text: str) -> int:
        """Return of how many counted nouns a text gives the number: "18 patients", "22 different combinations"."""
        found = list(words_of(text)) if self._counted else []
        told = {
            stem
            for at, word in enumerate(found)
            if figures(word.text)
            for after in found[at + 1 : at + 1 + _COUNT_REACH]
            for stem in self._library.stems(after.text)
        }
        return sum(bool(stems & told) for stems in self._counted)

    def named(self, text: str, category: str) -> frozenset[tuple[str, ...]]:
        """Return the ids of what `text` names of a category."""
        return frozenset(m.ids for m in self._library.mentions(text) if self._category(m) == category)

    def holds(self, unit: Unit) -> bool:
        """Return whether the library holds a unit's words anywhere, a topic's excepted: they may mean another there."""
        if unit.category == "topic":
            return False
        searcher = HybridSearcher(self._library)
        return all(searcher.knows(word.text) for name in {unit.label, unit.surface} for word in words_of(name))

    def speaks_to_machines(self, text: str) -> bool:
        """Return whether a sentence gives orders to a program instead of telling a reader something."""
        spoken = f" {words(text)} "
        return any(f" {phrase} " in spoken for phrase in self._vocabulary.spoken_to_machines)

    def _foreign_drugs(self, mentions: Sequence[Mention]) -> dict[tuple[str, ...], bool]:
        """Return of each drug named, in order, whether a dose question that names drugs does not ask about it."""
        if not self.asks_for_dose or not self._asked_drugs:
            return {}
        drugs = (mention.ids for mention in mentions if self._category(mention) == "drug")
        return {ids: not self._asked_drugs & frozenset(ids) and not self._is_wider(ids) for ids in drugs}

    def _is_wider(self, ids: tuple[str, ...]) -> bool:
        """True for the class of a drug that was asked about."""
        return any(frozenset(ids) & self._vocabulary.widen(asked) for asked in self._asked_drugs)

    def _has_shape(self, text: str, shape: Shape, mentions: Sequence[Mention]) -> bool:
        """Return whether a text holds a figure of a shape; a dose has to be of a drug that was asked about."""
        if shape is not Shape.DOSE or not self._asked_drugs:
            return has_shape(text, shape)
        drugs = [mention for mention in mentions if self._category(mention) == "drug"]
        if len({drug.ids for drug in drugs}) < 2:
            return has_shape(text, shape)
        parts = [text[drug.start : after.start] for drug, after in pairwise(drugs)] + [text[drugs[-1].start :]]
        return any(
            has_shape(part, shape) and (self._asked_drugs & self._wide(drug) or self._is_wider(drug.ids))
            for drug, part in zip(drugs, parts, strict=True)
        )

    def _is_its_route(self, unit: Unit, mentions: Sequence[Mention]) -> bool:
        """In a text with several routes, only the one nearest to a drug that was asked about is that drug's."""
        if unit.category != "route":
            return True
        drugs = [mention.start for mention in mentions if self._asked_drugs & self._wide(mention)]
        routes = [mention for mention in mentions if self._category(mention) == "route"]
        if not drugs or len({mention.ids for mention in routes}) < 2:
            return True
        nearest = min(routes, key=lambda route: min(abs(route.start - drug) for drug in drugs))
        return bool(unit.ids & self._wide(nearest))

    def _is_new(self, mention: Mention, category: str) -> bool:
        """True if a mention names something of a category that the question doesn't name."""
        return self._category(mention) == category and not self._asked & self._wide(mention)

    def _wide(self, mention: Mention) -> frozenset[str]:
        return frozenset(wide for i in mention.ids for wide in self._vocabulary.widen(i))

    def _category(self, mention: Mention) -> str:
        return self._vocabulary.terms[mention.ids[0]].category


def _units(question: Question, library: Library) -> Iterator[Unit]:
    yield from _concepts(question, library)
    yield from _words(question, library)
    for key in dict.fromkeys(question.row_keys):
        yield Unit("row", key, _NUMBER_WEIGHT, _where(key, question), key)
    for number in (number for number in question.numbers if number not in question.row_keys):
        yield Unit("number", number, _NUMBER_WEIGHT, _where(number, question), number)
    for shape in question.wants:
        yield Unit("shape", shape.value, _SHAPE_WEIGHT, shape=shape)
    for category in question.to_name:
        yield Unit("named", category, _NAMED_WEIGHT)
    for kind in question.kinds:
        if kind.shows:
            stems = frozenset(s for word in kind.shows for s in library.stems(word) if not s.startswith(FAMILY))
            yield Unit("shows", kind.kind, _SHOWS_WEIGHT, stems=stems)


def _concepts(question: Question, library: Library) -> Iterator[Unit]:
    searcher = HybridSearcher(library)
    first = {frozenset(mention.ids): mention for mention in reversed(question.mentions)}
    for mention in sorted(first.values(), key=lambda mention: mention.start):
        ids = frozenset(mention.ids)
        term = question.vocabulary.terms[min(ids)]
        weight = max(_LIGHTEST_CONCEPT, *(searcher.weight(word) for word in term.name.split()))
        category = "general" if _says_which_document(mention, question) else term.category
        weight = _GENERAL_WEIGHT if category == "general" else weight
        yield Unit(category, term.name, weight, mention.start, mention.surface, ids=ids)


def _says_which_document(mention: Mention, question: Question) -> bool:
    """True for a disease that only says which publication is meant: "the dose in RA, in the dermatomyositis report"."""
    if question.vocabulary.terms[mention.ids[0]].category != "disease" or len(question.names("disease")) < 2:
        return False
    after = [word.folded for word in words_of(question.read[mention.end :])][:_PUBLICATION_REACH]
    return bool(set(after) & question.vocabulary.publications)


def _words(question: Question, library: Library) -> Iterator[Unit]:
    """Yield the plain words: topics that nothing else stands for, words, names told apart, and cues."""
    searcher = HybridSearcher(library)
    vocabulary = question.vocabulary
    nouns = frozenset().union(*vocabulary.asks_to_name.values())
    for word in (*question.focus, *_told_apart(question, searcher)):
        stems, start, weight = library.stems(word), _where(word, question), searcher.weight(word)
        if word in nouns:
            yield Unit("cue", word, _CUE_WEIGHT, start, word, stems=stems)
        elif word in vocabulary.must_be_covered or _is_unlisted_drug(word, question, searcher):
            yield Unit("topic", word, weight, start, word, stems=stems)
        else:
            weight = min(weight, _EVERYDAY_WEIGHT) if word in vocabulary.everyday else weight
            weight *= _REMARK_SHARE if _in_brackets(question.read, start) else 1
            yield Unit("word", word, weight, start, word, stems=stems)
    for word in (cue for cue in question.cues if cue not in vocabulary.stopwords):
        weight = _TELLING_CUE_WEIGHT if word in question.telling_cues else _CUE_WEIGHT
        yield Unit("cue", word, weight, _where(word, question), word, stems=library.stems(word))


def _is_unlisted_drug(word: str, question: Question, searcher: HybridSearcher) -> bool:
    """True for a word built like a drug's name, and for an unknown one where a dose is asked of no known drug."""
    if len(word) < _SHORTEST_DRUG:
        return False
    unheard = Shape.DOSE in question.wants and not question.names("drug") and not searcher.knows(word)
    return unheard or word.endswith(question.vocabulary.drug_stems)


def _told_apart(question: Question, searcher: HybridSearcher) -> Iterator[str]:
    """Yield the names that a question uses side by side for one concept, as two brands of one drug."""
    surfaces: dict[tuple[str, ...], set[str]] = {}
    for mention in question.mentions:
        surfaces.setdefault(mention.ids, set()).add(mention.surface.lower())
    for names in surfaces.values():
        if len(names) > 1:
            yield from (name for name in sorted(names) if " " not in name and searcher.knows(name))


def _where(word: str, question: Question) -> int:
    return next((found.start for found in words_of(question.read) if found.folded == word), 0)


def _in_brackets(text: str, offset: int) -> bool:
    return text.rfind("(", 0, offset) > text.rfind(")", 0, offset)
