"""Answers worked out over the rows of a table: which table, which operations, and each result with its citations.

Every row used is cited together with the header. What each operation says and shows is in `operations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.candidates import Candidate
from assistant.coverage import Reader
from assistant.damaged import is_usable
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.passage_reading import is_apparatus
from assistant.question import Question
from assistant.readings import Reading
from assistant.recipes.operations import OPERATIONS
from assistant.surroundings import heading
from assistant.tabular import TableReader
from assistant.thresholds import thresholds_in
from corpus.types import Passage, PassageKind, Span, Table
from corpus.vocabulary_files import OperationRecord
from corpus.words import fold_name, words_of
from index.library import Library

ENOUGH_FIT = 0.75
"""Share of the question's weight that a table's names, cells and caption have to account for."""

_STATED = 0.8  # coverage from which a sentence that holds the operation's own word states its result
_CERTAIN_FIT = 0.95
_MOST_TABLES = 6
_FEWEST_ROWS = 3
_THAN = re.compile(r"(?i)\b(?:than|over|under|above|below|at least|at most)\s+\d|[<>≤≥]\s*\d")
_PERSON = re.compile(r"(?i)\b(?:case|patient|subject|participant|person|no|nr|number|id)\b\.?|#")
_PICKED = ("max", "min")  # operations that pick rows: "which drug" picks none that is no drug
_OVER_ROWS = ("median", "mean", "sum", "share", "ratio")


@dataclass(frozen=True)
class Computation:
    """What is to be stated: the reading, the operations asked for and their columns."""

    reading: Reading
    operations: tuple[OperationRecord, ...]
    section: str


def choose(question: Question, evidence: Evidence, library: Library) -> Computation | None:
    """Return what is to be worked out, or None if the question asks for nothing of the sort or no table fits."""
    limited = thresholds_in(question)
    operations = _over_limited(asked_operations(question), question) if limited else asked_operations(question)
    if not operations or evidence.reader is None or (_THAN.search(question.read) and not limited):
        return None
    readings = [
        (reading, section)
        for reading, section in _readings(question, operations, evidence, evidence.reader, library)
        if not _holds_the_count(reading, question) and _is_of_records(reading, question, operations)
    ]
    fitting = [
        (reading, section)
        for reading, section in readings
        if reading.fit >= ENOUGH_FIT
        and _can(reading, operations)
        and not _only_lists_cases(reading, operations, question)
    ]
    if not fitting:
        return None
    reading, section = max(fitting, key=lambda pair: (pair[0].fit, len(pair[0].filters) + len(pair[0].targets)))
    return Computation(reading, operations, section)


def _over_limited(asked: tuple[OperationRecord, ...], question: Question) -> tuple[OperationRecord, ...]:
    """Return what is to be worked out over the rows within a limit: what was asked, or else which rows they are."""
    lists = tuple(record for record in question.vocabulary.operations.operations if record.operation == "list")
    return tuple(record for record in asked if record.operation != "difference") or lists


def asked_operations(question: Question) -> tuple[OperationRecord, ...]:
    """Return the operations that the question's words ask for; a list only if nothing else is asked for."""
    read = question.read
    for limit in thresholds_in(question):  # "at least" asks for no least
        read = f"{read[: limit.start]}{' ' * (limit.end - limit.start)}{read[limit.end :]}"
    folded = [word.folded for word in words_of(read)]
    text = f" {' '.join(folded)} "
    found = [
        record
        for record in question.vocabulary.operations.operations
        if any(f" {fold_name(cue)} " in text for cue in record.cues)
    ]
    if any(word in question.vocabulary.operations.measured_in for word in question.counted):
        found = [record for record in found if record.operation != "count"]
    specific = [record for record in found if record.operation != "list"]
    return tuple(specific or found)


def is_over_rows(question: Question) -> bool:
    """Return whether a question asks for what no single row says."""
    return any(record.operation in _OVER_ROWS for record in asked_operations(question))


def _holds_the_count(reading: Reading, question: Question) -> bool:
    """True where a column of numbers is what "how many" asks for: its cell is the answer, and no count of rows."""
    counted = set(question.counted)
    return any(
        reading.is_numeric(column) and counted & {word.folded for word in words_of(reading.table.columns[column])}
        for column in range(len(reading.table.columns))
    )


def _is_of_records(reading: Reading, question: Question, operations: tuple[OperationRecord, ...]) -> bool:
    """Return whether rows may be selected: by columns that have a name, and as people only where each row is one.

    A table of arms and outcomes holds nobody: whoever counts its rows counts outcomes.
    """
    if any(not reading.table.columns[chosen.column] for chosen in reading.filters):
        return False
    people = set(question.words) & set(question.vocabulary.operations.people)
    if not people or not any(record.operation in ("count", "share") for record in operations):
        return True
    keys = [reading.cell(row, 0) for row in range(len(reading.table.rows))]
    return bool(_PERSON.search(reading.table.columns[0])) or all(key.isdecimal() or _PERSON.match(key) for key in keys)


def prose_comes_first(question: Question, computation: Computation, best: Candidate) -> bool:
    """Return whether a sentence answers a count better than rows: whoever counts people wants the author's count.

    Rows are no people, so rows are counted only where rows, or what a column lists, were asked for.
    """
    counted = question.counted
    operations = question.vocabulary.operations
    if not counted or counted[0] in operations.row_nouns or any(f.limit for f in computation.reading.filters):
        return False
    if any(word in operations.people for word in counted):
        return True
    reading = computation.reading
    return not reading.targets and (reading.fit < _CERTAIN_FIT or bool(reading.loose_cues))


def compose(computation: Computation, draft: Draft) -> None:
    """State the results, one statement an operation, each with its rows cited and its working."""
    said: set[str] = set()
    for record in computation.operations:
        if record.operation in said and not record.column:
            continue
        said.add(record.operation)
        result = OPERATIONS[record.operation](computation.reading, record)
        if result is None:
            continue
        text, working, rows = result
        reading = computation.reading
        cited = (draft.cite_row(reading.document, computation.section, reading.number, row) for row in rows)
        draft.state(text, "computed", tuple(number for numbers in cited for number in numbers), working)


def _readings(
    question: Question,
    operations: tuple[OperationRecord, ...],
    evidence: Evidence,
    reader: Reader,
    library: Library,
) -> Iterable[tuple[Reading, str]]:
    """Yield the question's readings in the tables near the evidence, best passages first."""
    tables = TableReader(question, reader, question.vocabulary.operations)
    picks = any(record.operation in _PICKED for record in operations)
    seen: dict[tuple[str, int], Passage] = {}
    rows_first = sorted(evidence.hits, key=lambda hit: hit.passage.table is None)
    for hit in rows_first:
        document = library.document(hit.passage.document_id)
        for number, table in enumerate(document.tables):
            sound = not table.damage and all(is_usable(document, Span(row.start, row.end)) for row in table.rows)
            usable = sound and len(table.rows) >= _FEWEST_ROWS and _may_answer(document.id, table, library)
            if len(seen) < _MOST_TABLES and usable:
                passage = library.first_row(document.id, number)
                if passage is not None and passage.kind is PassageKind.ROW:
                    seen.setdefault((document.id, number), passage)
    for (document_id, number), passage in seen.items():
        document = library.document(document_id)
        reading = tables.read(document, number, heading(document, passage))
        for category in question.to_name if picks else ():
            reading = tables.only_named(reading, category)
        yield reading, passage.section


def _only_lists_cases(reading: Reading, operations: tuple[OperationRecord, ...], question: Question) -> bool:
    """True for a list out of a table that has no place for what is asked of its rows ("approved")."""
    lists = all(record.operation == "list" for record in operations)
    return lists and bool(set(reading.loose_cues) & set(question.telling_cues))


def _may_answer(document_id: str, table: Table, library: Library) -> bool:
    """True unless a digest tells the table for its original, or is hidden and its original bears out not every row."""
    editions = library.editions
    spans = [Span(row.start, row.end) for row in table.rows]
    if any(editions.is_superseded(document_id, span) for span in spans) or is_apparatus(table):
        return False
    return all(editions.answers(document_id, span.start) for span in spans)


def _can(reading: Reading, operations: tuple[OperationRecord, ...]) -> bool:
    return any(OPERATIONS[record.operation](reading, record) is not None for record in operations)
