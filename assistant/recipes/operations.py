"""The operations over a table's rows: counts, extremes, averages, totals, shares, differences, ratios, lists.

Each takes one reading of a table and returns what is said, the working with its values and arithmetic, and the rows
used; or None where the reading holds no such answer. A count says that it counts rows: a table may hold several
rows of one patient. Values out of cells are said as they stand; only means, shares and ratios are rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from statistics import median

from assistant.readings import Reading
from assistant.recipes.row_phrases import (
    as_figure,
    decimals,
    description_of,
    limits,
    listing,
    plain,
    rounded,
    row_names,
    scope,
    table_name,
    values_in,
)
from corpus.vocabulary_files import OperationRecord

Result = tuple[str, str, list[int]]
"""What is said, the working, the rows used."""

_MOST_LISTED = 12
_MOST_ITEM_ROWS = 3


def _column(reading: Reading, record: OperationRecord) -> int | None:
    """Return the numeric column that is asked about: the one that the cue implies, else the one that was named."""
    columns = range(len(reading.table.columns))
    if record.column:
        named = [c for c in columns if any(word in reading.table.columns[c].lower() for word in record.column)]
        return next((c for c in named if reading.is_numeric(c)), None)
    meant = {c for c in reading.targets if reading.is_numeric(c)}
    return meant.pop() if len(meant) == 1 else None


def _count(reading: Reading, record: OperationRecord) -> Result | None:
    items = _count_items(reading)
    if items:
        return items
    if not reading.filters:
        return None
    rows, total = reading.rows(), len(reading.table.rows)
    base, last = list(reading.filters[:-1]), reading.filters[-1]
    named, asked = row_names(reading, rows) or "none", description_of([last], reading)
    working = f"{len(rows)} of {total} rows have {asked}: {named}"
    if not base:
        text = f"{len(rows)} of the {total} rows of {table_name(reading)} have {asked}"
    else:
        among, described = reading.rows(base), description_of(base, reading)
        text = (
            f"{len(among)} of the {total} rows of {table_name(reading)} have {described}; "
            f"{len(rows)} of the {len(among)} also have {asked}"
        )
        working = (
            f"{len(among)} of {total} rows have {described}: {row_names(reading, among) or 'none'}; "
            f"{len(rows)} of these {len(among)} also have {asked}: {named}"
        )
    text += f": {row_names(reading, rows)}." if rows else "."
    return text, working, rows or reading.rows(base)


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
    return f"{table_name(reading)} lists under “{name}”: {'; '.join(parts)}.", working, rows


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
        values = values_in(reading, column)
        if not values:
            return None
        best = pick(values.values())
        rows = [row for row, value in values.items() if value == best]
        name = reading.table.columns[column]
        text = f"The {word} {name} in {scope(reading)} is {as_figure(best)}: {row_names(reading, rows)}."
        return (
            text,
            listing(reading, values) + limits(reading),
            [*sorted(rows), *(row for row in values if row not in rows)],
        )

    return operation


def _average(record_name: str) -> Callable[[Reading, OperationRecord], Result | None]:
    def operation(reading: Reading, record: OperationRecord) -> Result | None:
        column = _column(reading, record)
        if column is None:
            return None
        values = values_in(reading, column)
        if len(values) < 2:
            return None
        numbers = list(values.values())
        found = median(numbers) if record_name == "median" else sum(numbers, Decimal(0)) / len(numbers)
        said = rounded(found, decimals(numbers))
        unit = reading.unit(column)
        text = (
            f"The {record_name} {plain(reading, column)} over {len(numbers)} rows of {scope(reading)} is "
            f"{said}{' ' + unit if unit else ''}: {row_names(reading, list(values))}."
        )
        if record_name == "median":
            working = f"in order: {', '.join(as_figure(n) for n in sorted(numbers))}; the middle is {said}"
        else:
            together = as_figure(sum(numbers, Decimal(0)))
            working = f"{' + '.join(map(as_figure, numbers))} = {together}; / {len(numbers)} = {said}"
        return text, working + limits(reading), sorted(values)

    return operation


def _total(reading: Reading, record: OperationRecord) -> Result | None:
    column = _column(reading, record)
    values = values_in(reading, column) if column is not None else {}
    if column is None or len(values) < 2:
        return None
    total = sum(values.values(), Decimal(0))
    working = f"{' + '.join(map(as_figure, values.values()))} = {as_figure(total)}"
    return (
        f"The {plain(reading, column)} of {scope(reading)} add up to {as_figure(total)}.",
        working + limits(reading),
        sorted(values),
    )


def _share(reading: Reading, record: OperationRecord) -> Result | None:
    if not reading.filters:
        return None
    base, rows = list(reading.filters[:-1]), reading.rows()
    among = reading.rows(base) if base else list(range(len(reading.table.rows)))
    if not among:
        return None
    percent = Decimal(100 * len(rows)) / len(among)
    scope = f" with {description_of(base, reading)}" if base else ""
    text = (
        f"{len(rows)} of the {len(among)} rows of {table_name(reading)}{scope} ({rounded(percent, 1)}%) have "
        f"{description_of([reading.filters[-1]], reading)}: {row_names(reading, rows)}."
    )
    return text, f"{len(rows)} / {len(among)} = {rounded(percent, 1)}%", rows or among


def _compared(record_name: str) -> Callable[[Reading, OperationRecord], Result | None]:
    def operation(reading: Reading, record: OperationRecord) -> Result | None:
        column = _column(reading, record)
        rows = reading.rows_as_asked()
        if column is None or len(rows) != 2:
            return None
        first, second = (reading.value(row, column) for row in rows)
        if first is None or second is None or (record_name == "ratio" and second == 0):
            return None
        name = plain(reading, column)
        cells = f"{as_figure(first)} for {reading.name(rows[0])} and {as_figure(second)} for {reading.name(rows[1])}"
        if record_name == "ratio":
            ratio = rounded(first / second, 2)
            return f"{name}: {cells}, a ratio of {ratio}.", f"{first} / {second} = {ratio}", rows
        found = abs(first - second)
        way = (
            "no difference"
            if first == second
            else f"{as_figure(found)} {'lower' if second < first else 'higher'} for the second"
        )
        return f"{name}: {cells}, {way}.", f"|{first} - {second}| = {as_figure(found)}", rows

    return operation


def _list(reading: Reading, record: OperationRecord) -> Result | None:
    rows = reading.rows()
    asked = reading.targets or any(chosen.nothing or chosen.limit for chosen in reading.filters)
    denied = [chosen.column for chosen in reading.filters if chosen.negated]
    limited = [chosen.column for chosen in reading.filters if chosen.limit]
    fewest = 1 if denied or limited else 2
    if not reading.filters or not (asked or denied) or not fewest <= len(rows) < len(reading.table.rows):
        return None
    targets = denied or [c for c in dict.fromkeys((*limited, *reading.targets)) if c > 0]
    shown = rows[:_MOST_LISTED]
    parts = []
    for row in shown:
        cells = [reading.cell(row, column) for column in targets]
        said = "; ".join(dict.fromkeys(text for text in cells if text))
        parts.append(f"{reading.name(row)} ({said})" if said else reading.name(row))
    more = f", and {len(rows) - len(shown)} more rows" if len(rows) > len(shown) else ""
    described = description_of(list(reading.filters), reading)
    counted = f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}"
    text = f"{table_name(reading)} has {counted} with {described}: {', '.join(parts)}{more}."
    return text, f"{len(rows)} rows have {described}: {row_names(reading, rows)}", shown


OPERATIONS: dict[str, Callable[[Reading, OperationRecord], Result | None]] = {
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
