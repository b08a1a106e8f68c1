"""Question → the sentences and table rows that might answer it, best first.

They come from the search, from the facts that match what the question names, and from the rows that it numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.by_rule import read_with
from assistant.candidates import ASIDE, Candidate
from assistant.coverage import ROW, Reader
from assistant.passage_reading import candidates_in
from assistant.question import Question
from assistant.recall import FactAtPlaces, recall
from assistant.studies import Study, of_the_year
from assistant.study_search import hits_of_named_study
from assistant.units import Unit
from corpus.types import Passage, PassageKind
from index.library import Library
from index.search import Filters, Hit, HybridSearcher

PASSAGES_READ = 24
"""How many of the best passages are read sentence by sentence; of twice as many the score is known."""

STUDY_BONUS = 0.1
"""What it adds to a sentence's score that it tells of the study that a follow-up leans on."""


@dataclass(frozen=True)
class Evidence:
    """What was found for a question: candidates best first, and the hits that they came from."""

    units: tuple[Unit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    hits: tuple[Hit, ...] = ()
    reader: Reader | None = None
    facts: tuple[FactAtPlaces, ...] = ()
    study: Study | None = None

    @property
    def prose(self) -> Evidence:
        """Return the same without table rows."""
        return replace(self, candidates=tuple(c for c in self.candidates if c.passage.table is None))


def gather(
    question: Question, library: Library, documents: tuple[str, ...] | None = None, study: Study | None = None
) -> Evidence:
    """Return the evidence that the library holds for a question, best candidate first.

    `study` is the one that the last answer told of, where the question leans on it.
    """
    found_hits = _hits(question, library, documents)
    reader = Reader(library, question)
    hits = found_hits[:PASSAGES_READ]
    hits += [hit for hit in hits_of_named_study(question, hits, reader, library) if _speaks(hit.passage, library)]
    scores = {hit.passage.id: hit.score for hit in (*found_hits, *hits)}
    facts = recall(question, library)
    places = {(place.document_id, place.start) for _, told in facts for place in told}
    places |= _named_rows(question, hits, library)
    query = " ".join([question.read, *question.expansions])
    near = library.sentence_cosines(query, [hit.passage.id for hit in hits])
    near |= {
        (hit.passage.id, hit.passage.start): hit.parts.cosine or 0.0 for hit in hits if hit.passage.table is not None
    }
    found = [c for hit in hits for c in candidates_in(hit.passage, hit.score, reader, library, places, near)]
    known = {(c.document.id, c.span.start) for c in found}
    for document_id, start in sorted(places - known):
        if documents is None or document_id in documents:
            found += _at_place(query, document_id, start, reader, library, places, scores)
    found = [read_with(candidate, facts) for candidate in found]
    found = _of_study(study, of_the_year(question, found, library))
    found.sort(key=lambda candidate: (-candidate.score, candidate.document.id, candidate.span.start))
    return Evidence(reader.units, tuple(found), tuple(hits), reader, tuple(facts), study)


def _of_study(study: Study | None, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that a follow-up on a study may be answered from, those of the study preferred."""
    if study is None:
        return list(candidates)
    if study.only:
        return [candidate for candidate in candidates if study.is_told_by(candidate)]
    own = STUDY_BONUS if study.refs else 0.0
    return [replace(c, bonus=c.bonus + own) if own and study.is_told_by(c) else c for c in candidates]


def _hits(question: Question, library: Library, documents: tuple[str, ...] | None) -> list[Hit]:
    """Return the best passages; of digest and original each is left out where the other one speaks for it."""
    searcher, editions = HybridSearcher(library), library.editions
    found = searcher.search(question.read, 2 * PASSAGES_READ, Filters(documents), question.expansions)
    return [hit for hit in found if not editions or _speaks(hit.passage, library)]


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
        if ASIDE.match(text) and any(re.search(ROW.format(key), text) for key in keys)
    }
    return rows | remarks


def _at_place(
    query: str,
    document_id: str,
    start: int,
    reader: Reader,
    library: Library,
    places: set[tuple[str, int]],
    scores: Mapping[int, float],
) -> Iterator[Candidate]:
    """Yield the sentence or row that begins at `start`, to which a fact led; `scores` are those of search."""
    passage = library.passage_at(document_id, start)
    if passage is not None:
        near = library.sentence_cosines(query, [passage.id])
        for candidate in candidates_in(passage, scores.get(passage.id, 0.0), reader, library, places, near):
            if candidate.span.start == start:
                yield candidate
