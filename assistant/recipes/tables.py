"""Answers worked out over the rows of a table: which table, which operations, and each result with its citations.

Every row used is cited together with the header. What each operation says and shows is in `operations`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.coverage import Reader
from assistant.drafting import Draft
from assistant.evidence import Candidate, Evidence, heading
from assistant.interpret import Question
from assistant.recipes.operations import OPERATIONS
from assistant.tabular import Reading, TableReader
from corpus.types import Passage, PassageKind
from corpus.vocabulary_files import OperationRecord
from corpus.words import fold_name, words_of
from index.library import Library

ENOUGH_FIT = 0.75
"""Share of the question's weight that a table's names, cells and caption have to account for."""

_COUNTED_REACH = 5  # words after "how many" among which the counted noun stands
_BEFORE_COUNTED = frozenset({"of", "the", "those", "these", "different", "separate"})
_STATED = 0.8  # coverage from which a sentence that holds the operation's own word states its result
_CERTAIN_FIT = 0.95
_MOST_TABLES = 6
_FEWEST_ROWS = 3
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
    operations = asked_operations(question)
    if not operations or evidence.reader is None:
        return None
    readings = [
        (reading, section)
        for reading, section in _readings(question, operations, evidence, evidence.reader, library)
        if not _holds_the_count(reading, question)
    ]
    fitting = [
        (reading, section) for reading, section in readings if reading.fit >= ENOUGH_FIT and _can(reading, operations)
    ]
    if not fitting:
        return None
    reading, section = max(fitting, key=lambda pair: (pair[0].fit, len(pair[0].filters) + len(pair[0].targets)))
    return Computation(reading, operations, section)


def asked_operations(question: Question) -> tuple[OperationRecord, ...]:
    """Return the operations that the question's words ask for; a list only if nothing else is asked for."""
    folded = [word.folded for word in words_of(question.read)]
    text = f" {' '.join(folded)} "
    found = [
        record
        for record in question.vocabulary.operations.operations
        if any(f" {fold_name(cue)} " in text for cue in record.cues)
    ]
    counted = _counted(question)
    if any(word in question.vocabulary.operations.measured_in for word in counted):
        found = [record for record in found if record.operation != "count"]
    specific = [record for record in found if record.operation != "list"]
    return tuple(specific or found)


def is_over_rows(question: Question) -> bool:
    """Return whether a question asks for what no single row says."""
    return any(record.operation in _OVER_ROWS for record in asked_operations(question))


def _counted(question: Question) -> list[str]:
    """Return the word after each "how many", or the first noun after "how many of the 22"."""
    found = []
    for at, word in enumerate(question.words):
        if word == "many":
            rest = question.words[at + 1 : at + 1 + _COUNTED_REACH]
            found += [after for after in rest if not after.isdecimal() and after not in _BEFORE_COUNTED][:1]
    return found


def _holds_the_count(reading: Reading, question: Question) -> bool:
    """True where a column of numbers is what "how many" asks for: its cell is the answer, and no count of rows."""
    counted = set(_counted(question))
    return any(
        reading.is_numeric(column) and counted & {word.folded for word in words_of(reading.table.columns[column])}
        for column in range(len(reading.table.columns))
    )


def prose_comes_first(question: Question, computation: Computation, best: Candidate) -> bool:
    """Return whether a sentence answers a count better than rows: whoever counts people wants the author's count.

    Rows are no people, so rows are counted only where rows, or what a column lists, were asked for.
    """
    counted = _counted(question)
    operations = question.vocabulary.operations
    if not counted or any(word in operations.row_nouns for word in counted):
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
        citations = (*(_cite_row(computation, row, draft) for row in rows), _cite_header(computation, draft))
        draft.state(text, "computed", citations, working)


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
            if len(seen) < _MOST_TABLES and not table.damage and len(table.rows) >= _FEWEST_ROWS:
                passage = library.first_row(document.id, number)
                if passage is not None and passage.kind is PassageKind.ROW:
                    seen.setdefault((document.id, number), passage)
    for (document_id, number), passage in seen.items():
        document = library.document(document_id)
        reading = tables.read(document, number, heading(document, passage))
        for category in question.to_name if picks else ():
            reading = tables.only_named(reading, category)
        yield reading, passage.section


def _can(reading: Reading, operations: tuple[OperationRecord, ...]) -> bool:
    return any(OPERATIONS[record.operation](reading, record) is not None for record in operations)


def _cite_row(computation: Computation, row: int, draft: Draft) -> int:
    return draft.cite_row(computation.reading.document, computation.section, computation.reading.number, row)


def _cite_header(computation: Computation, draft: Draft) -> int:
    return draft.cite_header(computation.reading.document, computation.section, computation.reading.number)
