"""Statements over table rows, worked out anew: counts, extremes, means, shares, differences, ratios, lists.

What is said and its working have to be, word for word, what the cited table gives. Which rows a statement speaks of
is read off its own words ("methotrexate under “Combined therapy and dose”") and looked up in the cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from statistics import median

from assistant.sheets import Sheet
from assistant.thresholds import LIMIT

_TABLE = r"(?:the table|Table \w+)"
_MOST_LISTED = 12


def is_recounted(text: str, working: str, sheet: Sheet) -> bool:
    """Return whether a statement with its working is what the table gives, in one of the known forms."""
    for form, recount in _FORMS:
        if found := form.fullmatch(text):
            parts = {name: part for name, part in found.groupdict().items() if part is not None}
            for said, shown, rows in recount(parts, sheet):
                if (said, shown) == (text, working) and rows <= sheet.cited:
                    return True
    return False


Saying = tuple[str, str, frozenset[int]]
"""What is said, the working, and the rows that have to be cited."""


def _count(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    every = len(sheet.table.rows)
    total = f"of the {every} rows of {sheet.label} have"
    for among in sheet.meant(parts["with"]):
        for rows in [among & other for other in sheet.meant(parts["also"])] if "also" in parts else [among]:
            named = sheet.names(rows)
            text = f"{len(among)} {total} {parts['with']}"
            working = f"{len(among)} of {every} rows have {parts['with']}: {sheet.names(among) or 'none'}"
            if "also" in parts:
                working += f"; {len(rows)} of these {len(among)} also have {parts['also']}: {named or 'none'}"
                text += f"; {len(rows)} of the {len(among)} also have {parts['also']}"
            everything = frozenset(range(every))
            cited = rows or (among if "also" in parts else everything)
            yield f"{text}: {named}." if rows else f"{text}.", working, cited


def _share(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    scope = f" with {parts['with']}" if "with" in parts else ""
    for among in sheet.meant(parts.get("with")):
        for rows in [among & other for other in sheet.meant(parts["also"])] if among else ():
            percent = _figure(round(Decimal(100 * len(rows)) / len(among), 1))
            text = (
                f"{len(rows)} of the {len(among)} rows of {sheet.label}{scope} ({percent}%) have {parts['also']}: "
                f"{sheet.names(rows)}."
            )
            yield text, f"{len(rows)} / {len(among)} = {percent}%", rows or among


def _extreme(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for column, scope, values in _columns(parts, sheet):
        best = (max if parts["word"] == "highest" else min)(values.values())
        rows = frozenset(row for row, value in values.items() if value == best)
        listed = "; ".join(f"{sheet.name(row)}: {_figure(value)}" for row, value in values.items())
        name = sheet.table.columns[column]
        yield (
            f"The {parts['word']} {name} in {scope} is {_figure(best)}: {sheet.names(rows)}.",
            listed + _limits(parts),
            rows,
        )


def _average(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for column, scope, values in _columns(parts, sheet):
        numbers = list(values.values())
        found = median(numbers) if parts["word"] == "median" else sum(numbers, Decimal(0)) / len(numbers)
        said = _figure(round(found, 1 + max(-min(0, int(n.as_tuple().exponent)) for n in numbers)))
        name, unit = sheet.named(column)
        text = (
            f"The {parts['word']} {name} over {len(numbers)} rows of {scope} is {said}{' ' + unit if unit else ''}: "
            f"{sheet.names(values)}."
        )
        if parts["word"] == "median":
            working = f"in order: {', '.join(_figure(n) for n in sorted(numbers))}; the middle is {said}"
        else:
            working = f"{_added(numbers)}; / {len(numbers)} = {said}"
        yield text, working + _limits(parts), frozenset(values)


def _sum(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for column, scope, values in _columns(parts, sheet):
        total = _figure(sum(values.values(), Decimal(0)))
        text = f"The {sheet.named(column)[0]} of {scope} add up to {total}."
        yield text, _added(list(values.values())) + _limits(parts), frozenset(values)


def _compared(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for column in range(len(sheet.table.columns)):
        values = sheet.values(sheet.cited, column)
        for (one, first), (two, second) in permutations(values.items(), 2):
            cells = f"{_figure(first)} for {sheet.name(one)} and {_figure(second)} for {sheet.name(two)}"
            text, rows = f"{sheet.named(column)[0]}: {cells}", frozenset((one, two))
            if second:
                ratio = _figure(round(first / second, 2))
                yield f"{text}, a ratio of {ratio}.", f"{first} / {second} = {ratio}", rows
            apart = _figure(abs(first - second))
            way = f"{apart} {'lower' if second < first else 'higher'} for the second"
            said = "no difference" if first == second else way
            yield f"{text}, {said}.", f"|{first} - {second}| = {apart}", rows


def _listed(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for rows in sheet.meant(parts["with"]):
        shown = sorted(rows)[:_MOST_LISTED]
        more = f", and {len(rows) - len(shown)} more rows" if len(rows) > len(shown) else ""
        noun = {"row", "rows"} if len(rows) == 1 else {"rows"}
        for columns in _orders(sheet, shown[:1], parts["rows"]):
            told = (
                "; ".join(dict.fromkeys(filter(None, (sheet.cell(row, column) for column in columns)))) for row in shown
            )
            items = [
                f"{sheet.name(row)} ({said})" if said else sheet.name(row)
                for row, said in zip(shown, told, strict=True)
            ]
            for word in noun:
                text = f"{sheet.label} has {len(rows)} {word} with {parts['with']}: {', '.join(items)}{more}."
                yield text, f"{len(rows)} rows have {parts['with']}: {sheet.names(rows)}", frozenset(shown)


def _items(parts: dict[str, str], sheet: Sheet) -> Iterator[Saying]:
    for column in (number for number, name in enumerate(sheet.table.columns) if name == parts["column"]):
        for rows in permutations(sorted(sheet.cited), parts["rows"].count("; ") + 1) if len(sheet.cited) < 4 else ():
            for others in _orders(sheet, rows[:1], parts["rows"]):
                said, shown = [], []
                for row in rows:
                    cell = sheet.cell(row, column)
                    items = [item.strip() for item in cell.split(";" if ";" in cell else ",")]
                    label = ", ".join(dict.fromkeys([sheet.name(row), *(sheet.cell(row, other) for other in others)]))
                    said.append(f"{len(items)} for {label}")
                    shown.append(f"{label}: {', '.join(items) if len(items) > 1 else ''}")
                text = f"{sheet.label} lists under “{parts['column']}”: {'; '.join(said)}."
                yield text, "; ".join(shown), frozenset(rows)


def _columns(parts: dict[str, str], sheet: Sheet) -> Iterator[tuple[int, str, dict[int, Decimal]]]:
    """Yield the columns of a name, what the statement is about, and the values there."""
    scope = sheet.label + (f" with {parts['with']}" if "with" in parts else "")
    for column, name in enumerate(sheet.table.columns):
        if parts["column"] in (name, sheet.named(column)[0]):
            for rows in sheet.meant(parts.get("with")):
                if values := sheet.values(rows, column):
                    yield column, scope, values


def _limits(parts: dict[str, str]) -> str:
    """Return what the working adds where rows were selected by a limit."""
    limited = any(LIMIT.match(condition) for condition in re.split(r"(?<=”) and ", parts.get("with", "")))
    return f"; of rows with {parts['with']}" if limited else ""


def _orders(sheet: Sheet, rows: Sequence[int], text: str) -> Iterator[tuple[int, ...]]:
    """Yield the columns, at most two, whose cells of the first row stand in a text."""
    said = [c for c in range(1, len(sheet.table.columns)) if rows and (cell := sheet.cell(rows[0], c)) and cell in text]
    for size in range(3):
        yield from permutations(said, size)


def _added(numbers: Sequence[Decimal]) -> str:
    return f"{' + '.join(map(_figure, numbers))} = {_figure(sum(numbers, Decimal(0)))}"


def _figure(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_FORMS: tuple[tuple[re.Pattern[str], Callable[[dict[str, str], Sheet], Iterator[Saying]]], ...] = tuple(
    (re.compile(form.replace("TABLE", _TABLE)), recount)
    for form, recount in (
        (
            r"\d+ of the \d+ rows of TABLE have (?P<with>.+?”)"
            r"(?:; \d+ of the \d+ also have (?P<also>.+?”))?(?:: .+)?\.",
            _count,
        ),
        (r"\d+ of the \d+ rows of TABLE(?: with (?P<with>.+”))? \([\d.]+%\) have (?P<also>.+?”): .*\.", _share),
        (r"The (?P<word>highest|lowest) (?P<column>.+?) in TABLE(?: with (?P<with>.+”))? is [\d.-]+: .+\.", _extreme),
        (
            r"The (?P<word>median|mean) (?P<column>.+?) over \d+ rows of TABLE(?: with (?P<with>.+”))? is .+: .+\.",
            _average,
        ),
        (r"The (?P<column>.+?) of TABLE(?: with (?P<with>.+”))? add up to .+\.", _sum),
        (r".+: .+ for .+ and .+ for .+, .+\.", _compared),
        (r"TABLE has \d+ rows? with (?P<with>.+?”): (?P<rows>.+)\.", _listed),
        (r"TABLE lists under “(?P<column>[^”]+)”: (?P<rows>.+)\.", _items),
    )
)
