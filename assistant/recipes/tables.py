"""Answers worked out over the rows of a table: counts, extremes, averages, shares, differences, lists.

Every row used is cited together with the header, and the working shows the values and the arithmetic. A count
says that it counts rows: a table may hold several rows of one patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from assistant.coverage import Reader
from assistant.drafting import Draft
from assistant.evidence import Candidate, Evidence, heading
from assistant.interpret import Question
from assistant.tabular import Filter, Reading, TableReader
from corpus.passages import row_locator
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
_MOST_LISTED = 12
_MOST_ITEM_ROWS = 3

Result = tuple[str, str, list[int]]  # what is said, the working, the rows used


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
    readings = list(_readings(question, evidence, evidence.reader, library))
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


def _counted(question: Question) -> list[str]:
    """Return the word after each "how many", or the first noun after "how many of the 22"."""
    found = []
    for at, word in enumerate(question.words):
        if word == "many":
            rest = question.words[at + 1 : at + 1 + _COUNTED_REACH]
            found += [after for after in rest if not after.isdecimal() and after not in _BEFORE_COUNTED][:1]
    return found


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
        result = _OPERATIONS[record.operation](computation.reading, record)
        if result is None:
            continue
        text, working, rows = result
        citations = (*(_cite_row(computation, row, draft) for row in rows), _cite_header(computation, draft))
        draft.state(text, "computed", citations, working)


def _readings(
    question: Question, evidence: Evidence, reader: Reader, library: Library
) -> Iterable[tuple[Reading, str]]:
    """Yield the question's readings in the tables near the evidence, best passages first."""
    tables = TableReader(question, reader, question.vocabulary.operations)
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
        yield tables.read(document, number, heading(document, passage)), passage.section


def _can(reading: Reading, operations: tuple[OperationRecord, ...]) -> bool:
    return any(_OPERATIONS[record.operation](reading, record) is not None for record in operations)


def _column(reading: Reading, record: OperationRecord) -> int | None:
    """Return the numeric column that is asked about: the one that the cue implies, else one that was named."""
    columns = range(len(reading.table.columns))
    if record.column:
        named = [c for c in columns if any(word in reading.table.columns[c].lower() for word in record.column)]
        return next((c for c in named if reading.is_numeric(c)), None)
    named = [c for c in reading.targets if reading.is_numeric(c)]
    return named[0] if named else None


def _count(reading: Reading, record: OperationRecord) -> Result | None:
    items = _count_items(reading)
    if items:
        return items
    if not reading.filters:
        return None
    rows = reading.rows()
    base, last = list(reading.filters[:-1]), reading.filters[-1]
    if not base:
        text = (
            f"{len(rows)} of the {len(reading.table.rows)} rows of {_table(reading)} have {_described([last], reading)}"
        )
    else:
        among = reading.rows(base)
        all_rows = f"{len(among)} of the {len(reading.table.rows)} rows of {_table(reading)}"
        text = (
            f"{all_rows} have {_described(base, reading)}; "
            f"{len(rows)} of the {len(among)} also have {_described([last], reading)}"
        )
    text += f": {_names(reading, rows)}." if rows else "."
    return text, f"rows counted: {_names(reading, rows) or 'none'}", rows or reading.rows(base)


def _count_items(reading: Reading) -> Result | None:
    """Count what a cell lists, where the question names the list's column and selects single rows."""
    lists = [
        c
        for c in reading.targets
        if not reading.is_numeric(c) and any(_items(reading, r, c) for r in range(len(reading.table.rows)))
    ]
    if not lists:
        return None
    column = lists[0]
    reading = replace(reading, filters=tuple(chosen for chosen in reading.filters if chosen.column != column))
    rows = reading.rows()
    if not reading.filters or not 0 < len(rows) <= _MOST_ITEM_ROWS:
        return None
    name = reading.table.columns[column]
    parts = [f"{len(_items(reading, row, column)) or 1} for {_row_label(reading, row)}" for row in rows]
    working = "; ".join(f"{_row_label(reading, row)}: {', '.join(_items(reading, row, column))}" for row in rows)
    return f"{_table(reading)} lists under “{name}”: {'; '.join(parts)}.", working, rows


def _items(reading: Reading, row: int, column: int) -> list[str]:
    cell = reading.cell(row, column)
    separator = ";" if ";" in cell else ","
    return [part.strip() for part in cell.split(separator)] if separator in cell else []


def _row_label(reading: Reading, row: int) -> str:
    """Return a row's name with the cells that selected it."""
    selected = [reading.cell(row, chosen.column) for chosen in reading.filters if chosen.column > 0]
    return ", ".join(dict.fromkeys([reading.name(row), *selected]))


def _extreme(
    pick: Callable[[Iterable[Decimal]], Decimal], word: str
) -> Callable[[Reading, OperationRecord], Result | None]:
    def operation(reading: Reading, record: OperationRecord) -> Result | None:
        column = _column(reading, record)
        if column is None:
            return None
        values = _values(reading, column)
        if not values:
            return None
        best = pick(values.values())
        rows = [row for row, value in values.items() if value == best]
        name = reading.table.columns[column]
        text = f"The {word} {name} in {_scope(reading)} is {_figure(best)}: {_names(reading, rows)}."
        return text, _listing(reading, values), sorted(rows)

    return operation


def _average(record_name: str) -> Callable[[Reading, OperationRecord], Result | None]:
    def operation(reading: Reading, record: OperationRecord) -> Result | None:
        column = _column(reading, record)
        if column is None:
            return None
        values = _values(reading, column)
        if len(values) < 2:
            return None
        numbers = list(values.values())
        found = median(numbers) if record_name == "median" else sum(numbers) / len(numbers)
        unit = reading.unit(column)
        text = (
            f"The {record_name} {_plain(reading, column)} over {len(numbers)} rows of {_scope(reading)} is "
            f"{_figure(found)}{' ' + unit if unit else ''}: {_names(reading, list(values))}."
        )
        if record_name == "median":
            working = f"in order: {', '.join(_figure(n) for n in sorted(numbers))}; the middle is {_figure(found)}"
        else:
            working = (
                f"{' + '.join(map(_figure, numbers))} = {_figure(sum(numbers))}; / {len(numbers)} = {_figure(found)}"
            )
        return text, working, sorted(values)

    return operation


def _total(reading: Reading, record: OperationRecord) -> Result | None:
    column = _column(reading, record)
    values = _values(reading, column) if column is not None else {}
    if column is None or len(values) < 2:
        return None
    total = sum(values.values(), Decimal(0))
    working = f"{' + '.join(map(_figure, values.values()))} = {_figure(total)}"
    return f"The {_plain(reading, column)} of {_scope(reading)} add up to {_figure(total)}.", working, sorted(values)


def _share(reading: Reading, record: OperationRecord) -> Result | None:
    if not reading.filters:
        return None
    base, rows = list(reading.filters[:-1]), reading.rows()
    among = reading.rows(base) if base else list(range(len(reading.table.rows)))
    if not among:
        return None
    percent = Decimal(100 * len(rows)) / len(among)
    scope = f" with {_described(base, reading)}" if base else ""
    text = (
        f"{len(rows)} of the {len(among)} rows of {_table(reading)}{scope} ({_figure(percent)}%) have "
        f"{_described([reading.filters[-1]], reading)}: {_names(reading, rows)}."
    )
    return text, f"{len(rows)} / {len(among)} = {_figure(percent)}%", rows or among


def _compared(record_name: str) -> Callable[[Reading, OperationRecord], Result | None]:
    def operation(reading: Reading, record: OperationRecord) -> Result | None:
        column = _column(reading, record)
        rows = reading.rows()
        if column is None or len(rows) != 2:
            return None
        first, second = (reading.value(row, column) for row in rows)
        if first is None or second is None or (record_name == "ratio" and second == 0):
            return None
        name = _plain(reading, column)
        cells = f"{_figure(first)} for {reading.name(rows[0])} and {_figure(second)} for {reading.name(rows[1])}"
        if record_name == "ratio":
            found = first / second
            return f"{name}: {cells}, a ratio of {_figure(found)}.", f"{first} / {second} = {_figure(found)}", rows
        found = abs(first - second)
        way = (
            "no difference"
            if first == second
            else f"{_figure(found)} {'lower' if second < first else 'higher'} for the second"
        )
        return f"{name}: {cells}, {way}.", f"|{first} - {second}| = {_figure(found)}", rows

    return operation


def _list(reading: Reading, record: OperationRecord) -> Result | None:
    rows = reading.rows()
    if not reading.filters or not reading.targets or not 1 < len(rows) < len(reading.table.rows):
        return None
    denied = [chosen.column for chosen in reading.filters if chosen.negated]
    fixed = {chosen.column for chosen in reading.filters if not chosen.negated}
    targets = denied or [c for c in reading.targets if c > 0 and c not in fixed]
    shown = rows[:_MOST_LISTED]
    parts = []
    for row in shown:
        cells = [reading.cell(row, column) for column in targets]
        said = "; ".join(dict.fromkeys(text for text in cells if text))
        parts.append(f"{reading.name(row)} ({said})" if said else reading.name(row))
    more = f", and {len(rows) - len(shown)} more rows" if len(rows) > len(shown) else ""
    described = _described(list(reading.filters), reading)
    text = f"{_table(reading)} has {len(rows)} rows with {described}: {', '.join(parts)}{more}."
    return text, f"rows selected: {_names(reading, rows)}", shown


_OPERATIONS: dict[str, Callable[[Reading, OperationRecord], Result | None]] = {
    "count": _count,
    "max": _extreme(max, "highest"),
    "min": _extreme(min, "lowest"),
    "median": _average("median"),
    "mean": _average("mean"),
    "sum": _total,
    "share": _share,
    "difference": _compared("difference"),
    "ratio": _compared("ratio"),
    "list": _list,
}


def _values(reading: Reading, column: int) -> dict[int, Decimal]:
    found = ((row, reading.value(row, column)) for row in reading.rows())
    return {row: value for row, value in found if value is not None}


def _scope(reading: Reading) -> str:
    return (
        f"{_table(reading)} with {_described(list(reading.filters), reading)}" if reading.filters else _table(reading)
    )


def _table(reading: Reading) -> str:
    return row_locator(reading.table, 0).split(",")[0].replace("table", "the table", 1)


def _described(filters: list[Filter], reading: Reading) -> str:
    return " and ".join(
        f"{'not ' if chosen.negated else ''}{' or '.join(chosen.labels)} under “{reading.table.columns[chosen.column]}”"
        for chosen in filters
    )


def _names(reading: Reading, rows: list[int]) -> str:
    """Return the rows' names, "Case 3, 5 and 6" where they are numbers of one column."""
    keys = [reading.cell(row, 0) for row in rows]
    if keys and all(key.isdecimal() for key in keys):
        return f"{reading.table.columns[0]} {', '.join(keys)}"
    return ", ".join(keys)


def _listing(reading: Reading, values: dict[int, Decimal]) -> str:
    return "; ".join(f"{reading.name(row)}: {_figure(value)}" for row, value in values.items())


def _plain(reading: Reading, column: int) -> str:
    name = reading.table.columns[column]
    unit = reading.unit(column)
    return name.removesuffix(f"({unit})").strip() if unit else name


def _figure(value: Decimal | float) -> str:
    """Return a number with at most one decimal more than people need: 19, 7.3, 0.02."""
    number = Decimal(value)
    rounded = round(number, 1) if abs(number) >= 1 else round(number, 2)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cite_row(computation: Computation, row: int, draft: Draft) -> int:
    return draft.cite_row(computation.reading.document, computation.section, computation.reading.number, row)


def _cite_header(computation: Computation, draft: Draft) -> int:
    return draft.cite_header(computation.reading.document, computation.section, computation.reading.number)
