"""Answers out of the cells of any table: look-up, highest and lowest, difference, ratio, and how many rows it lists.

A table answers only where the names of its rows and columns account for the whole question and leave one cell, or one
for each arm. Where several tables answer, the one whose own names hold most of the question does; of equals, all are
told with their captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.damaged import ROW_AS_PRINTED, is_usable
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.lookup.finding import Finder, Found
from assistant.lookup.headed import Headed
from assistant.lookup.matching import Matcher
from assistant.lookup.said import Said, compared, counted, extreme, names_are_told_apart, read_off
from assistant.lookup.terms import Term, terms_of
from assistant.lookup.wanted import is_wanted
from assistant.passage_reading import is_apparatus
from assistant.question import Question
from assistant.recipes.rows_meant import is_bundled
from assistant.recipes.tables import asked_operations
from assistant.surroundings import heading
from corpus.types import Document, Span, Table
from corpus.words import words_of
from index.library import Library

MOST_TABLES = 40
"""Tables that are looked at for one question, those of the best passages' documents first."""

_MOST_TOLD = 3  # tables that answer alike
_LOOKED_UP = frozenset({"count", "share", "mean", "median", "list"})
_WORKED_OUT = frozenset({"max", "min", "difference", "ratio"})


@dataclass(frozen=True)
class Answering:
    """What a table answers, and how much of the question its own names hold."""

    table: Headed
    said: tuple[Said, ...]
    own: int


def choose(question: Question, evidence: Evidence, library: Library) -> list[Answering]:
    """Return what the tables near the evidence answer, the best of them; none if the question stays open in all."""
    terms = terms_of(question, library)
    operation = _operation(question)
    tells_row = operation == "look-up" and question.row_keys  # a numbered row is told as it stands
    if operation is None or tells_row or not any(term.firm for term in terms):
        return []
    matcher = Matcher(question, terms, library)
    found = [
        answering
        for table, around in _tables(evidence, library, question)
        if (answering := _answering(question, matcher, table, around, operation))
    ]
    best = [answering for answering in found if answering.own == max(other.own for other in found)]
    return best if len(best) <= _MOST_TOLD else []


def compose(question: Question, evidence: Evidence, library: Library, draft: Draft) -> bool:
    """State what tables answer, each statement with its rows, header and caption cited; False if none does."""
    chosen = choose(question, evidence, library)
    for answering in chosen:
        for said in answering.said:
            _state(said, answering.table, library, draft)
    return bool(chosen)


def _operation(question: Question) -> str | None:
    """Return what is asked for: "look-up", or one thing to be worked out; None for what no cell gives."""
    records = [
        record
        for record in asked_operations(question)
        if not {*question.words} & question.vocabulary.operations.lookup.firm & set(" ".join(record.cues).split())
        or record.operation in _LOOKED_UP
    ]
    asked = {record.operation for record in records} - _LOOKED_UP
    words, lookup = {*question.words}, question.vocabulary.operations.lookup
    if not asked and "than" not in words and words & {"which", "who"}:
        asked = {end for end, cues in (("max", lookup.higher), ("min", lookup.lower)) if words & cues}
    if not asked:
        return None if words & (lookup.higher | lookup.lower) else "look-up"
    if len(asked) > 1 or not asked <= _WORKED_OUT or any(record.column for record in records):
        return None
    return asked.pop()


def _answering(question: Question, matcher: Matcher, table: Headed, around: str, operation: str) -> Answering | None:
    if (rows := _listed(question, matcher, table)) is not None:
        return Answering(table, (counted(rows),), rows.own)
    for apart in (False, True):
        finder = Finder(matcher, table, around, apart=apart)
        if finder.needed is not None and (found := _worked(question, matcher, finder, operation)):
            return found
    return None


def _worked(question: Question, matcher: Matcher, finder: Finder, operation: str) -> Answering | None:
    """Return what the cells that a question means in a table say, or what is worked out from them."""
    if operation in ("max", "min"):
        found = finder.line()
        said = extreme(found, highest=operation == "max") if found and _may_rank(question, matcher, found) else None
        statements = [said] if said else []
    else:
        found = finder.pair(lambda one, two: _joined(question, matcher, one, two))
        if operation == "look-up":
            found = found or finder.single()
            statements = read_off(found) if found and is_wanted(question, found) else []
        else:
            said = compared(found, ratio=operation == "ratio") if found else None
            statements = [said] if said else []
    if found is None or not statements or not names_are_told_apart(found):
        return None
    return Answering(found.table, tuple(statements), found.own)


def _listed(question: Question, matcher: Matcher, table: Headed) -> Found | None:
    """Return the rows of a table that lists what the question counts, "how many trials are in the table"."""
    counted_nouns = question.counted
    first = table.table.columns[0]
    if not counted_nouns or not set(question.words) & question.vocabulary.table_words or not first:
        return None
    numbers = {number for number, term in enumerate(matcher.terms) if term.surface in counted_nouns}
    if not numbers or not numbers <= matcher.held(first) or len(words_of_name(first)) > 2:
        return None
    rest = {number for number, term in enumerate(matcher.terms) if term.firm} - numbers
    rows = [row for row in table.rows if not table.is_heading(row)]
    names = [table.cell(row, 0) for row in rows]
    apart = (
        len(set(names)) == len(names)
        and all(names)
        and not any({word.folded for word in words_of(name)} & matcher.words.not_compared for name in names)
    )
    if not apart or not rest <= matcher.held(table.table.caption) or not all(table.is_sound(row) for row in rows):
        return None
    return Found(table, tuple((row, 0) for row in rows), (), len(numbers | rest))


def words_of_name(name: str) -> list[str]:
    """Return the folded words of a column's name."""
    return [word.folded for word in words_of(name)]


def _may_rank(question: Question, matcher: Matcher, found: Found) -> bool:
    """Return whether rows of a column may be ranked: only if their column's name is what the question wants named."""
    if found.in_one_row:
        return True
    asked = {stem for word in question.words for stem in (word, word.removesuffix("s"))}
    return bool({word.removesuffix("s") for word in words_of_name(found.table.table.columns[0])} & asked)


def _joined(question: Question, matcher: Matcher, one: frozenset[int], two: frozenset[int]) -> bool:
    """Return whether terms stand before and after a word that joins, and name two of a kind."""
    first, second = ([matcher.terms[number] for number in sorted(part)] for part in (one, two))
    end, start = max(term.end for term in first), min(term.start for term in second)
    if end > start or not {word.folded for word in words_of(question.read[end:start])} & matcher.words.joins:
        return "/" in question.read[end:start] or "&" in question.read[end:start] if end <= start else False
    return not (_units(first) and _units(second)) or _units(first) == _units(second)


def _units(terms: list[Term]) -> set[str]:
    return {term.figure.unit for term in terms if term.figure is not None}


def _state(said: Said, table: Headed, library: Library, draft: Draft) -> None:
    document = table.document
    numbers: list[int] = []
    for row in said.rows:
        section = _section(document, document.tables[table.number].rows[row].start)
        numbers += draft.cite_row(document, section, table.number, row)
    if span := table.caption_span:
        passage = library.passage_at(document.id, span.start)
        if passage is not None:
            numbers += draft.cite(document, passage, span)
    draft.state(said.text, "computed" if said.working else "fact", tuple(numbers), said.working)
    if any(draft.citations[number - 1].damage for number in numbers):
        draft.state(ROW_AS_PRINTED, "note")


def _section(document: Document, start: int) -> str:
    found = [section for section in document.sections if section.start <= start < section.end]
    return " > ".join(found[-1].path) if found else ""


def _tables(evidence: Evidence, library: Library, question: Question) -> Iterator[tuple[Headed, str]]:
    """Yield the sound tables of the documents that the evidence is from, and what stands over each.

    A bundled document says in its sentences what its tables hold, with what is to be known of it.
    """
    words = question.vocabulary.operations.lookup.key_columns
    seen = 0
    for document_id in dict.fromkeys(hit.passage.document_id for hit in evidence.hits):
        document = library.document(document_id)
        if is_bundled(document, library):
            continue
        for number, table in enumerate(document.tables):
            passage = library.first_row(document_id, number)
            if passage is not None and seen < MOST_TABLES and _may_answer(document, table, library):
                seen += 1
                yield Headed(document, number, words), heading(document, passage)


def _may_answer(document: Document, table: Table, library: Library) -> bool:
    """True for a sound table that speaks for itself: what a digest and its original share is told by the digest."""
    editions = library.editions
    if table.damage or is_apparatus(table) or not is_usable(document, Span(table.header.start, table.header.end)):
        return False
    return not any(
        editions.attachment(document.id, row.start)
        or editions.is_superseded(document.id, Span(row.start, row.end))
        or not editions.answers(document.id, row.start)
        for row in table.rows
    )
