"""What of a question a text covers, part by part.

A unit is a part of the question that an answer has to account for: a concept, a focus word, a number, a wanted
figure. Units weigh by how rare they are in the library. Whether a text covers a unit is decided by what it names,
not by how it spells it: brands, abbreviations, narrower concepts, inflections and synonyms count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.cover import Cover
from assistant.directed import is_directed
from assistant.question import Question
from assistant.units import Unit, units_of
from corpus.figures import Shape, figures, has_shape, without_ages
from corpus.terms import Mention
from corpus.text import words
from corpus.words import Word, words_of
from index.library import Library
from index.search import HybridSearcher

ROW = r"(?i)\b(?:cases?|rows?|patients?)\W{{1,3}}(?:\d+\W+(?:and\W+)?)*{}\b"
"""How prose speaks of a row by its number."""

_COUNTS = frozenset({Shape.COUNT, Shape.SHARE, Shape.RATE})
_NONE = re.compile(r"No (?P<what>.+?) (?:was|were|is|are|has|have|had|occurred|developed|appeared)\b")
_PLACE = r"(?i)\b(?:tables?|fig(?:ure|s|\.)?|appendix|section)\s*{}\b"
"""How a question names a place in a document by its number."""

_AIMS = frozenset(
    "aim aims aimed purpose objective objectives goal design designed compare compared investigate investigated "
    "evaluate evaluated examine examined studied hypothesis endpoint endpoints".split()
)
"""Words of a question that asks what was to be found out."""

_TAKING_PART = ("exclu", "inclu", "eligib", "enrol", "criteria")

_POINTER = re.compile(r"[\[(]\s*see\b[^\])]*[\])]", re.IGNORECASE)
"""A pointer to another place: what stands there is not told here."""

_ASKED_REACH = 4  # the same for what was done to them
_NOT = frozenset({"not", "no", "never", "without"})
_SHARED_AMOUNT = r"\d\s*(?:mg\s*)?(?:or|and|/)\s*{0}\s*mg\b|\b{0}\s*(?:mg\s*)?(?:or|and|/)\s*\d"
"""How one sentence speaks of two doses at once: a number of patients in it is that of both."""

_COUNT_REACH = 3  # words after a number among which what it counts stands


class Reader:
    """Reads texts of one library against one question; the same text is read once."""

    def __init__(self, library: Library, question: Question) -> None:
        self._library = library
        self._vocabulary = question.vocabulary
        self._known: dict[str, Cover] = {}
        self.units = tuple(units_of(question, library))
        self.places = frozenset(
            i
            for i, unit in enumerate(self.units)
            if unit.category == "number" and re.search(_PLACE.format(re.escape(unit.label)), question.read)
        )
        self.asks_for_dose = Shape.DOSE in question.wants
        self.prefers_rows = question.asks_for_row or (self.asks_for_dose and not question.names("disease"))
        self.asks_for_figure = bool(question.wants)
        self.asks_direction = is_directed(question.read)
        self.asks_for_aim = bool(_AIMS & set(question.words))
        self.asks_who_took_part = any(word.startswith(_TAKING_PART) for word in question.words)
        self._background = frozenset(question.vocabulary.operations.background_columns)
        self.looks_up_person = question.looks_up_person
        self.compares_kinds = len(question.names("drug")) < 2 and any(k.kind == "comparison" for k in question.kinds)
        self._asked_words = {word.folded for word in words_of(question.read)} - question.vocabulary.stopwords
        self._counted = tuple(library.stems(noun) for noun in question.counted)
        self._done = frozenset(
            stem for unit in self.units if unit.category == "word" and not unit.binding for stem in unit.stems
        )
        self._names_drugs = "drug" in question.to_name
        self._amounts = question.amounts
        self._asks_for_age = Shape.AGE in question.wants
        self._counts_people = bool(question.counted) and set(question.counted) <= set(
            question.vocabulary.operations.people
        )
        self._asked = frozenset(i for unit in self.units for i in unit.ids)
        self._asked_drugs = frozenset(i for unit in self.units if unit.category == "drug" for i in unit.ids)

    def cover(self, text: str) -> Cover:
        """Return what `text` covers by its own words."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._cover(_POINTER.sub("", text) if "see" in text.lower() else text)
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
        denies = self._denies_event(text, mentions)
        units = frozenset(
            i
            for i, unit in enumerate(self.units)
            if (unit.ids and unit.ids & named and self._is_its_route(unit, mentions))
            or (unit.stems and unit.stems & stems)
            or (unit.category == "topic" and bool(re.search(rf"(?i)\b{re.escape(unit.label)}\d", text)))
            or (unit.shape is not None and self._has_shape(text, unit.shape, mentions))
            or (unit.category == "number" and (unit.label in numbers or denies))
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
        dosed = self._dosed(text, mentions)
        return Cover(units, direct, categories, len(names), counts, dosed, sum(foreign.values()), first_is_foreign)

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
        return sum(bool(stems & told) for stems in self._counted) + self._counts_those_asked(found)

    def _counts_those_asked(self, found: Sequence[Word]) -> bool:
        """Return whether a number stands with what was done to those who are counted: "531 randomized patients"."""
        for at, word in enumerate(found):
            if figures(word.text):
                near = found[at + 1 : at + 1 + _ASKED_REACH]
                if any(self._library.stems(w.text) & self._done for w in near) and not _NOT & {w.folded for w in near}:
                    return True
        return False

    def named(self, text: str, category: str) -> frozenset[tuple[str, ...]]:
        """Return the ids of what `text` names of a category."""
        return frozenset(m.ids for m in self._library.mentions(text) if self._category(m) == category)

    def holds(self, unit: Unit) -> bool:
        """Return whether the library holds a unit's words anywhere, a topic's excepted: they may mean another there."""
        if unit.category == "topic":
            return False
        searcher = HybridSearcher(self._library)
        return all(searcher.knows(word.text) for name in {unit.label, unit.surface} for word in words_of(name))

    def is_rate_beside_dose(self, text: str) -> bool:
        """Return whether a text gives an event rate where a dose is asked for: the strength in it is not the answer."""
        asks_for_event = any(unit.category == "event" for unit in self.units)
        return self.asks_for_dose and not asks_for_event and "patient-years" in text

    def speaks_to_machines(self, text: str) -> bool:
        """Return whether a sentence gives orders to a program instead of telling a reader something."""
        spoken = f" {words(text)} "
        return any(f" {phrase} " in spoken for phrase in self._vocabulary.spoken_to_machines)

    def _foreign_drugs(self, mentions: Sequence[Mention]) -> dict[tuple[str, ...], bool]:
        """Return of each drug named, in order, whether a dose question that names drugs does not ask about it."""
        if not self.asks_for_dose or not self._asked_drugs:
            return {}
        drugs = {mention.ids: self._wide(mention) for mention in mentions if self._category(mention) == "drug"}
        return {ids: not self._asked_drugs & wide and not self._is_wider(ids) for ids, wide in drugs.items()}

    def _is_wider(self, ids: tuple[str, ...]) -> bool:
        """True for the class of a drug that was asked about."""
        return any(frozenset(ids) & self._vocabulary.widen(asked) for asked in self._asked_drugs)

    def _parts_of_drugs(self, text: str, mentions: Sequence[Mention]) -> list[tuple[Mention, str]]:
        """Return each drug that a text names with what is said from there up to the next one."""
        drugs = [mention for mention in mentions if self._category(mention) == "drug"]
        ends = [*(after.start for after in drugs[1:]), len(text)]
        return [(drug, text[drug.start : end]) for drug, end in zip(drugs, ends, strict=False)]

    def _dosed(self, text: str, mentions: Sequence[Mention]) -> int:
        """Return of how many of several drugs that a dose question asks about a text gives the dose."""
        if not self.asks_for_dose or len(self._asked_drugs) < 2:
            return 0
        parts = self._parts_of_drugs(text, mentions)
        return len(
            {drug.ids for drug, part in parts if set(drug.ids) & self._asked_drugs and has_shape(part, Shape.DOSE)}
        )

    def _has_shape(self, text: str, shape: Shape, mentions: Sequence[Mention]) -> bool:
        """Return whether a text holds a figure of a shape; a dose has to be of a drug that was asked about."""
        if shape in _COUNTS and self._denies_event(text, mentions):
            return True
        if shape is Shape.COUNT and self._counts_people:
            if any(re.search(_SHARED_AMOUNT.format(amount), text) for amount in self._amounts):
                return False
            shape = Shape.PEOPLE
        if shape is Shape.DURATION and self._asks_for_age:
            text = without_ages(text)
        if shape is not Shape.DOSE or not self._asked_drugs:
            return has_shape(text, shape)
        parts = self._parts_of_drugs(text, mentions)
        if len({drug.ids for drug, _ in parts}) < 2:
            return has_shape(text, shape)
        return any(
            has_shape(part, shape) and (self._asked_drugs & self._wide(drug) or self._is_wider(drug.ids))
            for drug, part in parts
        )

    def _denies_event(self, text: str, mentions: Sequence[Mention]) -> bool:
        """Return whether a sentence says that no event of the asked kind occurred: that is how many there were."""
        if not (found := _NONE.match(text)):
            return False
        denied = (mention for mention in mentions if found.start("what") <= mention.start < found.end("what"))
        asked = frozenset(i for unit in self.units if unit.category == "event" for i in unit.ids)
        return any(asked & self._wide(mention) for mention in denied)

    def _is_its_route(self, unit: Unit, mentions: Sequence[Mention]) -> bool:
        """In a text with several routes, only the one nearest to a drug that was asked about is that drug's."""
        if unit.category != "route" or self._names_drugs:
            return True
        drugs = [mention.start for mention in mentions if self._asked_drugs & self._wide(mention)]
        routes = [mention for mention in mentions if self._category(mention) == "route"]
        if not drugs:
            return True
        if len({mention.ids for mention in routes}) < 2:
            return all(self._is_of_asked_drug(route, mentions) for route in routes[:1])
        nearest = min(routes, key=lambda route: min(abs(route.start - drug) for drug in drugs))
        return bool(unit.ids & self._wide(nearest))

    def _is_of_asked_drug(self, route: Mention, mentions: Sequence[Mention]) -> bool:
        """Return whether the drug that stands nearest to a route is one that was asked about."""
        drugs = [mention for mention in mentions if self._category(mention) == "drug"]
        nearest = min(drugs, key=lambda drug: min(abs(route.end - drug.start), abs(drug.end - route.start)))
        return bool(self._asked_drugs & self._wide(nearest)) or self._is_wider(nearest.ids)

    def _is_new(self, mention: Mention, category: str) -> bool:
        """True if a mention names something of a category that the question doesn't name."""
        return self._category(mention) == category and not self._asked & self._wide(mention)

    def _wide(self, mention: Mention) -> frozenset[str]:
        return frozenset(wide for i in mention.ids for wide in self._vocabulary.widen(i))

    def _category(self, mention: Mention) -> str:
        return self._vocabulary.terms[mention.ids[0]].category
