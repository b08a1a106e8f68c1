"""The gate's reading of statements about cells: each is looked up and worked out anew in the tables that are cited.

A statement names a row and columns, or a column and rows, in quotation marks. They have to be names of rows that are
cited with their header (and with the rows that name or head them), no other row or column may be called the same, each
cell has to stand at that crossing word for word, and what is said of them has to come out. The caption is cited too
where it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from assistant.contract import Citation, Statement
from assistant.lookup.headed import Headed
from assistant.lookup.values import is_share, value_of
from assistant.rows import is_header_of, row_of

if TYPE_CHECKING:
    from assistant.ground import Gate

_NAME = re.compile(r"“([^“”]+)”")
_READ = re.compile(r", (?P<cells>“.+)\.")
_EXTREME = re.compile(r" is (?P<way>highest|lowest) of (?P<count>\d+) (?P<axis>columns|rows) with (?P<items>.+)\.")
_PAIR = re.compile(
    r" is (?P<one>.+?) for “(?P<first>[^“”]+)” and (?P<two>.+?) for “(?P<second>[^“”]+)”, "
    r"a (?P<what>difference|ratio) of (?P<result>[\d.]+)(?P<points> percentage points)?\."
)
_COUNT = re.compile(r" lists (?P<count>\d+) rows? under “(?P<name>[^“”]+)”: (?P<rows>.+)\.")
_MOST_HEADINGS = 4


def is_read_off(text: str, cited: Sequence[Citation], gate: Gate) -> bool:
    """Return whether a statement is cells of one cited row, each after its own column's name."""
    return any(sheet.reads(text) for sheet in _sheets(cited, gate))


def is_worked_out(statement: Statement, cited: Sequence[Citation], gate: Gate) -> bool:
    """Return whether an extreme, difference, ratio or count of cells, with its working, is what cited cells give."""
    working = statement.working or ""
    return any(
        sheet.gives_extreme(statement.text, working)
        or sheet.gives_pair(statement.text, working)
        or sheet.gives_count(statement.text, working)
        for sheet in _sheets(cited, gate)
    )


class _Sheet:
    """A cited table: the names of its cited rows and of its columns, those left out that two share."""

    def __init__(self, table: Headed, cited: frozenset[int], caption_cited: bool) -> None:
        self._table = table
        self._cited = cited
        self._place = table.place if table.caption_span is None or caption_cited else None
        names = table.table.columns
        self._columns = {name: at for at, name in enumerate(names) if name and names.count(name) == 1}
        heads = [row for row in cited if table.is_heading(row)]
        self._rows: dict[str, int] = {}
        for size in range(min(len(heads), _MOST_HEADINGS) + 1):
            for told in combinations(heads, size):
                self._add_names(told)

    def _add_names(self, told: tuple[int, ...]) -> None:
        table = self._table
        for row in self._cited:
            name = table.row_name(row, told)
            same = [r for r in table.rows if not table.is_heading(r) and table.row_name(r, told) == name]
            if name and same == [row] and set(table.key_rows(row).values()) <= self._cited:
                self._rows.setdefault(name, row)

    def reads(self, text: str) -> bool:
        for name, rest in self._begun(text, self._rows):
            found = _READ.fullmatch(rest)
            if found and self._are_cells(found["cells"], self._rows[name]):
                return True
        return False

    def gives_extreme(self, text: str, working: str) -> bool:
        for name, rest in self._begun(text, {**self._rows, **self._columns}):
            found = _EXTREME.fullmatch(rest)
            for cells in self._listed(name, working) if found else ():
                values = {other: value_of(cell) for other, cell in cells.items()}
                known = [value for value in values.values() if value is not None and value >= 0]
                if found is None or len(known) < len(values) or int(found["count"]) != len(values):
                    continue
                best = max(known) if found["way"] == "highest" else min(known)
                items = " and ".join(f"{cells[other]} for “{other}”" for other in cells if values[other] == best)
                axis = "columns" if all(other in self._columns for other in cells) else "rows"
                if (
                    found["items"] == items
                    and found["axis"] == axis
                    and len({is_share(c) for c in cells.values()}) == 1
                ):
                    return True
        return False

    def gives_pair(self, text: str, working: str) -> bool:
        for name, rest in self._begun(text, {**self._rows, **self._columns}):
            found = _PAIR.fullmatch(rest)
            if not found or found["first"] == found["second"]:
                continue
            one, two = self._at(name, found["first"]), self._at(name, found["second"])
            if (one, two) == (found["one"], found["two"]) and one is not None and two is not None:
                if is_share(one) == is_share(two) and self._comes_out(found, one, two, working):
                    return True
        return False

    def gives_count(self, text: str, working: str) -> bool:
        table = self._table
        found = _COUNT.fullmatch(text.removeprefix(self._place)) if self._place else None
        if not found or found["name"] != table.table.columns[0]:
            return False
        rows = [row for row in table.rows if row in self._cited and not table.is_heading(row)]
        names = ", ".join(table.cell(row, 0) for row in rows)
        every = sum(not table.is_heading(row) for row in table.rows)
        right = (found["rows"], int(found["count"])) == (names, len(rows)) and every == len(rows)
        return right and working == f"{len(rows)} of {len(table.rows)} rows: {names}"

    def _begun(self, text: str, names: dict[str, int]) -> Iterator[tuple[str, str]]:
        """Yield each name with which a text begins after the table's place, and what follows it."""
        if self._place and text.startswith(f"{self._place}: “"):
            body = text[len(self._place) + 2 :]
            yield from ((name, body[len(name) + 2 :]) for name in names if body.startswith(f"“{name}”"))

    def _are_cells(self, said: str, row: int) -> bool:
        """Return whether what is said is columns in their order, each with the row's cell."""
        names = [name for name in _NAME.findall(said) if name in self._columns]
        columns = [self._columns[name] for name in names]
        told = "; ".join(f"“{name}”: {self._table.cell(row, self._columns[name])}" for name in names)
        return bool(names) and columns == sorted(set(columns)) and told == said

    def _at(self, one: str, two: str) -> str | None:
        """Return the cell at the crossing of a row's and a column's name, whichever of them comes first."""
        for row, column in ((one, two), (two, one)):
            if row in self._rows and column in self._columns and self._columns[column]:
                return self._table.cell(self._rows[row], self._columns[column])
        return None

    def _listed(self, name: str, working: str) -> Iterator[dict[str, str]]:
        """Yield the cells of a line that a working lists by their other names, if that is what they are."""
        others = _NAME.findall(working)
        cells = {other: cell for other in others if (cell := self._at(name, other)) is not None}
        if len(cells) > 1 and working == "; ".join(f"“{other}”: {cell}" for other, cell in cells.items()):
            yield cells

    def _comes_out(self, found: re.Match[str], one: str, two: str, working: str) -> bool:
        first, second = value_of(one), value_of(two)
        if first is None or second is None:
            return False
        if found["what"] == "difference":
            result = abs(first - second)
            shown = f"|{_plain(first)} - {f'({_plain(second)})' if second < 0 else _plain(second)}| = {_plain(result)}"
            return (bool(found["points"]), found["result"], working) == (is_share(one), _plain(result), shown)
        if second <= 0 or first < 0 or found["points"]:
            return False
        ratio = _plain(round(first / second, 2))
        return found["result"] == ratio and working == f"{_plain(first)} / {_plain(second)} = {ratio}"


def _sheets(cited: Sequence[Citation], gate: Gate) -> Iterator[_Sheet]:
    """Yield the tables of which rows are cited together with their header."""
    found: dict[tuple[str, int], set[int]] = {}
    for citation in cited:
        row = row_of(citation, gate)
        if row and any(is_header_of(other, citation, gate) for other in cited):
            tables = gate.library.document(citation.document_id).tables
            number = next(at for at, table in enumerate(tables) if table is row[0])
            whole = (citation.start, citation.end) == (row[1].start, row[1].end)
            index = next(at for at, other in enumerate(row[0].rows) if other is row[1])
            if whole and row[0].damage is None:
                found.setdefault((citation.document_id, number), set()).add(index)
    words = gate.vocabulary.operations.lookup.key_columns
    for (document_id, number), rows in found.items():
        table = Headed(gate.library.document(document_id), number, words)
        span = table.caption_span
        told = any(span and c.document_id == document_id and (c.start, c.end) == (span.start, span.end) for c in cited)
        yield _Sheet(table, frozenset(row for row in rows if table.is_sound(row)), told)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
