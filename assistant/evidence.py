"""Question → the sentences and table rows that might answer it, each with what of the question it covers.

A unit is a part of the question that an answer has to account for: a concept, a focus word, a number, a wanted
figure. Units weigh by how rare they are in the library. A candidate covers a unit by its own words, or, counting a
little less, by those of its section or passage, the way a reader would take "5 mg twice daily" under the heading
"Alopecia areata".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.interpret import Question
from corpus.figures import Shape, figures, has_shape
from corpus.passages import is_sentence
from corpus.sentences import sentences
from corpus.terms import Mention
from corpus.text import without_markup
from corpus.types import Document, Passage, PassageKind, Span
from index.library import Library
from index.search import Filters, Hit, HybridSearcher
from index.texts import passage_text

PASSAGES_READ = 16
"""How many of the best passages are read sentence by sentence."""

CONTEXT_SHARE = 0.8
"""What a unit counts that is covered by the section or passage and not by the sentence itself."""

_SHAPE_WEIGHT = 3.0
_SHOWS_WEIGHT = 1.5
_NUMBER_WEIGHT = 2.0
_STATISTIC_WEIGHT = 1.5
_LIGHTEST_CONCEPT = 2.0
_ASIDE_SHARE = 0.85
"""What the score of a digest's note about its source counts: it comments on an answer rather than being one."""

HARD = ("drug", "disease", "event", "measure", "population", "route", "trial")
"""Categories in which an answer about something else is a wrong answer."""

_ASIDE = re.compile(r"note on the source:", re.IGNORECASE)
_NOT_FROM_CONTEXT = frozenset({"number", "shape", "shows"})


@dataclass(frozen=True)
class Unit:
    """A part of a question. `category` is a vocabulary category, "word", "number", "shape" or "shows"."""

    category: str
    label: str
    weight: float
    ids: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    shape: Shape | None = None


@dataclass(frozen=True)
class Candidate:
    """A sentence or table row, with the passage that it was found in."""

    document: Document
    passage: Passage
    span: Span
    text: str
    hit_score: float
    own: frozenset[int]  # indexes of the units that its own words cover
    context: frozenset[int]  # indexes of those that only its surroundings cover
    units: tuple[Unit, ...]

    @cached_property
    def coverage(self) -> float:
        """Return the share of the question's weight that is covered, between 0 and 1."""
        total = sum(unit.weight for unit in self.units) or 1.0
        own = sum(self.units[i].weight for i in self.own)
        around = sum(self.units[i].weight for i in self.context)
        return (own + CONTEXT_SHARE * around) / total

    @property
    def covered(self) -> frozenset[int]:
        """Return the indexes of all covered units."""
        return self.own | self.context

    @property
    def score(self) -> float:
        """Return the order in which candidates answer: coverage first, search score to tell equals apart."""
        score = 0.8 * self.coverage + 0.2 * self.hit_score
        return score * _ASIDE_SHARE if _ASIDE.match(self.text) else score


@dataclass(frozen=True)
class Evidence:
    """What was found for a question: candidates best first, and the hits that they came from."""

    units: tuple[Unit, ...]
    candidates: tuple[Candidate, ...]
    hits: tuple[Hit, ...]


class Reader:
    """Reads passages of one library against one question."""

    def __init__(self, library: Library, question: Question) -> None:
        self._library = library
        self._question = question
        self._vocabulary = question.vocabulary
        self.units = tuple(_units(question, HybridSearcher(library), library))

    def candidates(self, hit: Hit) -> Iterator[Candidate]:
        """Yield the sentences of a hit, or its row, with what they cover."""
        passage = hit.passage
        if passage.kind is PassageKind.FRAGMENT:
            return
        document = self._library.document(passage.document_id)
        if passage.table is not None and document.tables[passage.table].damage:
            return
        whole = passage_text(document, passage)
        around = self._covered(f"{passage.section}. {document.source.title}. {whole}")
        for span, text in _parts(document, passage, whole):
            own = self._covered(text)
            own_terms = self._categories_named(text) | _NOT_FROM_CONTEXT
            context = frozenset(i for i in around - own if self.units[i].category not in own_terms)
            yield Candidate(document, passage, span, text, hit.score, own, context, self.units)

    def _covered(self, text: str) -> frozenset[int]:
        mentions = self._vocabulary.find(text)
        named = frozenset(w for mention in mentions for i in mention.ids for w in self._vocabulary.widen(i))
        stems = self._stems(text)
        numbers = figures(text)
        return frozenset(
            i
            for i, unit in enumerate(self.units)
            if (unit.ids and unit.ids & named and self._is_its_route(unit, mentions))
            or (unit.stems and unit.stems & stems)
            or (unit.shape is not None and has_shape(text, unit.shape))
            or (unit.category == "number" and unit.label in numbers)
        )

    def _is_its_route(self, unit: Unit, mentions: list[Mention]) -> bool:
        """In a text with several routes, only the one nearest to a drug that was asked about is that drug's."""
        if unit.category != "route":
            return True
        asked = frozenset(i for other in self.units if other.category == "drug" for i in other.ids)
        drugs = [m.start for m in mentions if asked & self._wide(m)]
        routes = [m for m in mentions if self._category(m) == "route"]
        if not drugs or len({m.ids for m in routes}) < 2:
            return True
        nearest = min(routes, key=lambda route: min(abs(route.start - drug) for drug in drugs))
        return bool(unit.ids & self._wide(nearest))

    def _wide(self, mention: Mention) -> frozenset[str]:
        return frozenset(wide for i in mention.ids for wide in self._vocabulary.widen(i))

    def _category(self, mention: Mention) -> str:
        return self._vocabulary.terms[mention.ids[0]].category

    def _categories_named(self, text: str) -> frozenset[str]:
        """Return the categories of which `text` names something itself, so that its heading's don't apply."""
        terms = self._vocabulary.terms
        return frozenset(terms[i].category for mention in self._vocabulary.find(text) for i in mention.ids)

    def _stems(self, text: str) -> frozenset[str]:
        return self._library.with_families(self._library.lexical.words(text))


def gather(question: Question, library: Library, documents: tuple[str, ...] | None = None) -> Evidence:
    """Return the evidence that the library holds for a question, best candidate first."""
    searcher = HybridSearcher(library)
    hits = searcher.search(question.read, PASSAGES_READ, Filters(documents), question.expansions)
    reader = Reader(library, question)
    found = [candidate for hit in hits for candidate in reader.candidates(hit)]
    found.sort(key=lambda candidate: (-candidate.score, candidate.document.id, candidate.span.start))
    return Evidence(reader.units, tuple(found), tuple(hits))


def _parts(document: Document, passage: Passage, whole: str) -> Iterator[tuple[Span, str]]:
    if passage.kind is not PassageKind.PROSE:
        yield Span(passage.start, passage.end), whole
        return
    for span in sentences(document.text, passage.start, passage.end):
        text = without_markup(span.of(document.text))
        if is_sentence(text):
            yield span, text


def _units(question: Question, searcher: HybridSearcher, library: Library) -> Iterator[Unit]:
    terms = question.vocabulary.terms
    seen: set[frozenset[str]] = set()
    for mention in question.mentions:
        ids = frozenset(mention.ids)
        if ids in seen:
            continue
        seen.add(ids)
        name = terms[mention.ids[0]].name
        category = terms[mention.ids[0]].category
        weight = max(_LIGHTEST_CONCEPT, *(searcher.weight(word) for word in name.split()))
        yield Unit(category, name, _STATISTIC_WEIGHT if category == "statistic" else weight, ids=ids)
    for word in question.focus:
        stems = library.with_families(library.lexical.words(word))
        yield Unit("word", word, searcher.weight(word), stems=stems)
    for number in question.numbers:
        yield Unit("number", number, _NUMBER_WEIGHT)
    for shape in question.wants:
        yield Unit("shape", shape.value, _SHAPE_WEIGHT, shape=shape)
    for kind in question.kinds:
        if kind.shows:
            stems = frozenset(stem for word in kind.shows for stem in library.lexical.words(word))
            yield Unit("shows", kind.kind, _SHOWS_WEIGHT, stems=stems)
