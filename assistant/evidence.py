"""Question → the sentences and table rows that might answer it, each with what of the question it covers.

A candidate covers a unit by its own words or, counting a little less, by those of its heading, its document's
title or its passage: the way a reader takes "5 mg twice daily" under the heading "Alopecia areata". A heading's
drug doesn't apply to a sentence that names a drug of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.coverage import ROW, Cover, Reader, Unit
from assistant.interpret import Question
from assistant.recall import FactAtPlaces, recall
from corpus.figures import Shape, has_shape
from corpus.types import Document, Passage, PassageKind, Span, Table
from index.library import Library
from index.search import Filters, Hit, HybridSearcher

PASSAGES_READ = 24
"""How many of the best passages are read sentence by sentence."""

CONTEXT_SHARE = 0.8
"""What a unit counts that is covered by the surroundings and not by the sentence itself."""

REMOTE_SHARE = 0.5
"""What a plain word counts that stands only elsewhere in the document: it may say which document is meant."""

COVERAGE_WEIGHT, COSINE_WEIGHT, HIT_WEIGHT = 0.7, 0.25, 0.05
"""What coverage, the sentence's cosine and the passage's search score count in the order of candidates."""

WIDE_TABLE = 6
"""Columns above which a row is one case of many: it answers questions about cases, others where nothing else does."""

ROW_COSINE = 0.3
"""Cosine that is assumed of a table row that search did not find: rows have no sentence vector of their own."""

FACT_BONUS = 0.12
"""What it adds to a sentence's score that it tells a fact which matches the question."""

REGIMEN_BONUS = 0.06
"""What it adds for a question about a dose that a sentence gives an amount with its frequency."""

NAME_BONUS, MOST_NAMES = 0.02, 5
"""What each name that was asked for adds to a sentence's score, and up to how many count."""

COUNT_BONUS = 0.06
"""What each noun of "how many" that stands with its number adds to a sentence's score."""

FOREIGN_PENALTY, MOST_FOREIGN = 0.05, 3
"""What each drug that a dose question does not ask about takes from a sentence's score, and up to how many count."""

ROW_BONUS = 0.1
"""What it adds to a row's score that the question asks for a table's entry."""

_ASIDE_SHARE = 0.85
"""What the score of a digest's note about its source counts: it comments on an answer rather than being one."""

_ASIDE = re.compile(r"note on the source:|the reference (?:cited|list)\b", re.IGNORECASE)
_TREATED = {"drug": {"drug"}, "disease": {"disease", "event"}, "event": {"disease", "event"}}
_ONE_ONLY = ("drug", "route")
_NOT_FROM_CONTEXT = frozenset({"number", "shape", "shows", "cue", "named"})


@dataclass(frozen=True)
class Candidate:
    """A sentence or table row, with the passage that it was found in."""

    document: Document
    passage: Passage
    span: Span
    text: str
    hit_score: float
    cosine: float
    own: frozenset[int]  # indexes of the units that its own words cover
    context: frozenset[int]  # indexes of those that only its surroundings cover
    units: tuple[Unit, ...]
    remote: frozenset[int] = frozenset()  # indexes of the words that stand elsewhere in its document
    bonus: float = 0.0
    beside: bool = False  # whether it is first about another drug, or one case of many where no case was asked for

    @cached_property
    def coverage(self) -> float:
        """Return the share of the question's weight that is covered, between 0 and 1."""
        total = sum(unit.weight for unit in self.units) or 1.0
        told = (
            self._weight(self.own)
            + CONTEXT_SHARE * self._weight(self.context)
            + REMOTE_SHARE * self._weight(self.remote)
        )
        return told / total

    @property
    def confidence(self) -> float:
        """Return the mean of coverage and cosine: how sure it is, by words and by meaning, that this answers."""
        return (self.coverage + max(self.cosine, 0.0)) / 2

    def gain(self, covered: frozenset[int]) -> float:
        """Return the weight of what its own words cover beyond `covered`."""
        return self._weight(self.own - covered)

    def _weight(self, units: frozenset[int]) -> float:
        return sum(self.units[i].weight for i in units)

    @property
    def covered(self) -> frozenset[int]:
        """Return the indexes of all covered units."""
        return self.own | self.context

    @property
    def score(self) -> float:
        """Return the order in which candidates answer: coverage first, nearness in meaning to tell equals apart."""
        score = (
            COVERAGE_WEIGHT * self.coverage
            + COSINE_WEIGHT * max(self.cosine, 0.0)
            + HIT_WEIGHT * self.hit_score
            + self.bonus
        )
        return score * _ASIDE_SHARE if self.is_aside else score

    @property
    def is_aside(self) -> bool:
        """Return whether it is a document's note about its own source, print or references."""
        return bool(_ASIDE.match(self.text))


@dataclass(frozen=True)
class Evidence:
    """What was found for a question: candidates best first, and the hits that they came from."""

    units: tuple[Unit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    hits: tuple[Hit, ...] = ()
    reader: Reader | None = None
    facts: tuple[FactAtPlaces, ...] = ()

    @property
    def prose(self) -> Evidence:
        """Return the same without table rows."""
        return replace(self, candidates=tuple(c for c in self.candidates if c.passage.table is None))


def gather(question: Question, library: Library, documents: tuple[str, ...] | None = None) -> Evidence:
    """Return the evidence that the library holds for a question, best candidate first."""
    hits = _hits(question, library, documents)
    reader = Reader(library, question)
    facts = recall(question, library)
    places = {(place.document_id, place.start) for _, told in facts for place in told}
    places |= _named_rows(question, hits, library)
    query = " ".join([question.read, *question.expansions])
    near = library.sentence_cosines(query, [hit.passage.id for hit in hits])
    near |= {
        (hit.passage.id, hit.passage.start): hit.parts.cosine or 0.0 for hit in hits if hit.passage.table is not None
    }
    found = [c for hit in hits for c in _candidates(hit.passage, hit.score, reader, library, places, near)]
    known = {(c.document.id, c.span.start) for c in found}
    for document_id, start in sorted(places - known):
        if documents is None or document_id in documents:
            found += _at_place(query, document_id, start, reader, library, places)
    found.sort(key=lambda candidate: (-candidate.score, candidate.document.id, candidate.span.start))
    return Evidence(reader.units, tuple(found), tuple(hits), reader, tuple(facts))


def _hits(question: Question, library: Library, documents: tuple[str, ...] | None) -> list[Hit]:
    """Return the best passages; of digest and original each is left out where the other one speaks for it."""
    searcher, editions = HybridSearcher(library), library.editions
    wanted = 2 * PASSAGES_READ if editions else PASSAGES_READ
    found = searcher.search(question.read, wanted, Filters(documents), question.expansions)
    return [hit for hit in found if _speaks(hit.passage, library)][:PASSAGES_READ]


def _speaks(passage: Passage, library: Library) -> bool:
    """Return whether any sentence or row of a passage may answer."""
    editions = library.editions
    return not editions or any(
        editions.answers(passage.document_id, span.start) and not editions.is_superseded(passage.document_id, span)
        for span, _ in library.parts(passage)
    )


def _named_rows(question: Question, hits: Sequence[Hit], library: Library) -> set[tuple[str, int]]:
    """Return where the rows stand whose first cell the question names ("case 12"), and what is remarked on them."""
    keys = set(question.row_keys)
    if not keys:
        return set()
    documents = {hit.passage.document_id for hit in hits}
    rows = {
        (document_id, row.start)
        for document_id in documents
        for table in library.document(document_id).tables
        for row in table.rows
        if row.cells[0].text.strip() in keys
    }
    remarks = {
        (passage.document_id, span.start)
        for document_id, _ in rows
        for passage in library.passages_of(document_id)
        if passage.kind is PassageKind.PROSE
        for span, text in library.parts(passage)
        if _ASIDE.match(text) and any(re.search(ROW.format(key), text) for key in keys)
    }
    return rows | remarks


def _at_place(
    query: str, document_id: str, start: int, reader: Reader, library: Library, places: set[tuple[str, int]]
) -> Iterator[Candidate]:
    """Yield the sentence or row that begins at `start`, which a fact led to and search did not."""
    passage = library.passage_at(document_id, start)
    if passage is not None:
        near = library.sentence_cosines(query, [passage.id])
        for candidate in _candidates(passage, 0.0, reader, library, places, near):
            if candidate.span.start == start:
                yield candidate


def _candidates(
    passage: Passage,
    score: float,
    reader: Reader,
    library: Library,
    places: set[tuple[str, int]],
    near: dict[tuple[int, int], float],
) -> Iterator[Candidate]:
    """Yield the sentences of a passage, or its row, with what they cover; nothing of a damaged table.

    Of a digest whose original is in the library only what that one bears out is told, and of the original only what
    the digest doesn't say: nobody answers from both.
    """
    if passage.kind is PassageKind.FRAGMENT:
        return
    document = library.document(passage.document_id)
    if passage.table is not None and document.tables[passage.table].damage:
        return
    parts = library.parts(passage)
    wide = passage.table is not None and len(document.tables[passage.table].columns) > WIDE_TABLE
    if passage.table is not None and passage.row is not None:
        table = document.tables[passage.table]
        covers = [_row_cover(table, passage.row, reader)]
        around = reader.cover(f"{table.caption}. {heading(document, passage)}").units
    else:
        covers = [reader.cover(text) for _, text in parts]
        around = _around(reader.cover(heading(document, passage)), covers, [text for _, text in parts], reader)
    for (span, text), cover in zip(parts, covers, strict=True):
        if reader.speaks_to_machines(text) or library.editions.is_superseded(document.id, span):
            continue
        if not library.editions.answers(document.id, span.start):
            continue
        closed = cover.categories | _NOT_FROM_CONTEXT
        context = frozenset(i for i in around - cover.units if reader.units[i].category not in closed)
        remote = frozenset(
            i
            for i, unit in enumerate(reader.units)
            if unit.category == "word"
            and i not in cover.units | context
            and unit.stems & library.document_stems(document.id)
        )
        cosine = near.get((passage.id, span.start), ROW_COSINE)
        bonus = FACT_BONUS * ((document.id, span.start) in places)
        bonus += ROW_BONUS * (reader.prefers_rows and passage.kind is PassageKind.ROW)
        bonus += REGIMEN_BONUS * (reader.asks_for_dose and has_shape(text, Shape.REGIMEN))
        bonus -= FOREIGN_PENALTY * min(cover.foreign_drugs, MOST_FOREIGN)
        bonus += NAME_BONUS * min(cover.names, MOST_NAMES) + COUNT_BONUS * cover.counts
        yield Candidate(
            document,
            passage,
            span,
            text,
            score,
            cosine,
            cover.units,
            context,
            reader.units,
            remote,
            bonus,
            cover.foreign_first or (wide and not reader.prefers_rows),
        )


def _around(above: Cover, covers: Sequence[Cover], texts: Sequence[str], reader: Reader) -> frozenset[int]:
    """Return what the heading and the sentences of a passage lend each other.

    Sentences lend a drug or a route only where the heading names none and the passage no second one.
    """
    beside = frozenset[int]().union(*(cover.units for cover in covers))
    kept_apart = {
        category
        for category in _ONE_ONLY
        if category in above.categories or len({ids for text in texts for ids in reader.named(text, category)}) > 1
    }
    return above.units | frozenset(i for i in beside if reader.units[i].category not in kept_apart)


def _row_cover(table: Table, row: int, reader: Reader) -> Cover:
    """Return what a row covers. A comorbidity or an earlier drug is not what the row's patient was treated for or with.

    Drugs and diseases in columns of background count only beside another drug or disease of the question's that
    stands in the foreground.
    """
    foreground, background = Cover(), Cover()
    for number, cell in enumerate(table.rows[row].cells):
        name = table.columns[number] if number < len(table.columns) else ""
        cover = reader.cover(f"{name}: {cell.text}")
        if reader.is_background(name):
            background = background.joined(cover)
        else:
            foreground = foreground.joined(cover)
    told = {reader.units[i].category for i in foreground.units}
    counted = frozenset(
        i
        for i in background.units
        if reader.looks_up_person or (kin := _TREATED.get(reader.units[i].category)) is None or kin & told
    )
    return replace(
        foreground.joined(background), units=foreground.units | counted, names=foreground.names, foreign_drugs=0
    )


def heading(document: Document, passage: Passage) -> str:
    """Return what stands over a passage: its section path and the description of its document."""
    source = document.source
    described = (passage.section, source.title, source.kind, source.journal, *source.authors, source.year)
    return ". ".join(str(part) for part in described if part)
