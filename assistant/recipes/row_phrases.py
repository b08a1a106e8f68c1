"""How rows, columns and figures of a table are put into words; the gate's `recounted` has to agree."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assistant.readings import Filter, Reading
from corpus.passages import row_locator


def values_in(reading: Reading, column: int) -> dict[int, Decimal]:
    """Return the numbers of a column in the rows that pass, by row; cells that are no number are left out."""
    found = ((row, reading.value(row, column)) for row in reading.rows())
    return {row: value for row, value in found if value is not None}


def scope(reading: Reading) -> str:
    """Return the table and what its rows were selected by."""
    selected = f" with {description_of(list(reading.filters), reading)}" if reading.filters else ""
    return f"{table_name(reading)}{selected}"


def table_name(reading: Reading) -> str:
    """Return what the table is called."""
    return row_locator(reading.table, 0).split(",")[0].replace("table", "the table", 1)


def description_of(filters: list[Filter], reading: Reading) -> str:
    """Return what rows were selected by."""
    return " and ".join(condition_of(chosen, reading) for chosen in filters)


def limits(reading: Reading) -> str:
    """Return what a working adds where rows were selected by a limit: the limit's own number has to stand in it."""
    limited = any(chosen.limit for chosen in reading.filters)
    return f"; of rows with {description_of(list(reading.filters), reading)}" if limited else ""


def condition_of(chosen: Filter, reading: Reading) -> str:
    """Return what one filter asks of a column."""
    labels = (" and " if chosen.all_of else " or ").join(chosen.labels)
    return f"{'not ' if chosen.negated else ''}{labels} under “{reading.table.columns[chosen.column]}”"


def row_names(reading: Reading, rows: list[int]) -> str:
    """Return the rows' names, "Case 3, 5 and 6" where they are numbers of one column."""
    keys = [reading.cell(row, 0) for row in rows]
    if keys and all(key.isdecimal() for key in keys):
        return f"{reading.table.columns[0]} {', '.join(keys)}"
    return ", ".join(keys)


def listing(reading: Reading, values: dict[int, Decimal]) -> str:
    """Return each row's name with its value."""
    return "; ".join(f"{reading.name(row)}: {as_figure(value)}" for row, value in values.items())


def plain(reading: Reading, column: int) -> str:
    """Return a column's name without its unit."""
    name = reading.table.columns[column]
    unit = reading.unit(column)
    return name.removesuffix(f"({unit})").strip() if unit else name


def as_figure(value: Decimal) -> str:
    """Return a number as it stands, without the zeros that say nothing: 19, 7.3, 0.02."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Decimal, decimals: int) -> str:
    """Return a number with so many decimals at most."""
    return as_figure(round(value, decimals))


def decimals(numbers: Iterable[Decimal]) -> int:
    """Return the decimals of a mean: one more than its values have."""
    return 1 + max(-min(0, int(number.as_tuple().exponent)) for number in numbers)
