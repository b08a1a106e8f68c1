"""Table rows among the evidence that can't be meant: they are left out before a row is told as it stands."""

from __future__ import annotations

from dataclasses import replace

from assistant.candidates import Candidate
from assistant.evidence import Evidence
from assistant.lookup.headed import Headed
from assistant.lookup.matching import Matcher
from assistant.lookup.terms import terms_of
from assistant.lookup.tokens import figures_in
from assistant.question import Question
from assistant.surroundings import heading
from corpus.types import Document
from corpus.words import fold_name
from index.library import Library

_BUNDLED = "bundled"


def fitting(question: Question, evidence: Evidence, library: Library) -> Evidence:
    """Return the evidence without rows that can't be meant.

    Such are headings, rows without a dose, time, frequency or people that the question asks for, and, in documents
    that were added, rows that their own names make others than those asked for.
    """
    rows = _Rows(question, library)
    return replace(evidence, candidates=tuple(c for c in evidence.candidates if rows.may_be_meant(c)))


class _Rows:
    """Holds rows against what a question fixes."""

    def __init__(self, question: Question, library: Library) -> None:
        self._library = library
        self._words = question.vocabulary.operations.lookup
        terms = terms_of(question, library)
        self._matcher = Matcher(question, terms, library)
        self._figures = [term.figure for term in terms if term.figure is not None and term.figure.unit]
        known = question.vocabulary.terms
        numbered = list(enumerate(terms))
        self._events = frozenset(n for n, term in numbered if term.ids and known[min(term.ids)].category == "event")
        self._people = frozenset(n for n, term in numbered if fold_name(term.surface) in self._words.people)

    def may_be_meant(self, candidate: Candidate) -> bool:
        number, row = candidate.passage.table, candidate.passage.row
        if number is None or row is None:
            return True
        table = Headed(candidate.document, number, self._words.key_columns)
        if table.is_heading(row) and len(table.columns) > 1:
            return False
        around = f"{table.table.caption} {heading(candidate.document, candidate.passage)}"
        cells = (table.key_text(row, column) for column in range(len(table.table.rows[row].cells)))
        heads = (table.cell(above, 0) for above in table.headings(row))
        text = " ; ".join((*cells, *heads, *table.table.columns, around))
        there = list(figures_in(text))
        if not all(any(figure.is_same(other) for other in there) for figure in self._figures):
            return False
        if not is_bundled(candidate.document, self._library) and self._is_another(table, row, text, around):
            return False
        return self._people <= self._matcher.said_around(text) and not self._matcher.has_other_frequency(text)

    def _is_another(self, table: Headed, row: int, text: str, around: str) -> bool:
        """Return whether a row's own name says more than the question, or the row doesn't name the event asked for."""
        matcher = self._matcher
        label = "; ".join(table.key_text(above, column) for column, above in table.key_rows(row).items())
        narrower = matcher.is_narrower(label, f"{around} {table.table.columns[0]}")
        return bool(matcher.qualifiers(label)) or narrower or not self._events <= matcher.held(text)


def is_bundled(document: Document, library: Library) -> bool:
    """Return whether a document came with the program."""
    found = library.catalogue.find_id(document.id)
    return found is not None and found[1] == _BUNDLED
