"""Damage of tables: columns that slipped by a row, cells that spilled into their neighbours, names that were lost.

A table in which a column slipped turns every look-up into a wrong dose, so the signs of it are taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from corpus.damage import Damage, Repair, found_at
from corpus.types import Row, Table

_AMOUNT = r"\d[\d.,]*\s*(?:mg|g|mcg|µg|μg|ml|%|iu|units?)(?:\s*/\s*(?:kg|m2|m²|ml))?"
_DOSE = re.compile(
    rf"{_AMOUNT}(?![\w%]).*?(?:daily|day|week|month|once|twice|/|every|b\.?i\.?d|q\d|q\.?d\b)"
    rf"|\d\s*%?\s*(?:-|–|to)\s*{_AMOUNT}",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"^[<>≤≥=±~+−–-]*\s*\d[\d.,]*\s*(?P<sign>%|mg|mcg|µg|g|ml)?(?:\s*[(\[±–-][^a-z]*)?$", re.IGNORECASE
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_CUT = re.compile(r"(?:[A-Za-z]-|,|\b(?:to|and|or|the|of|with|switched to))$", re.IGNORECASE)
_GOES_ON = re.compile(r"^[a-z]{2,}|^[,;)]")
_NONE = frozenset({"none", "no", "nil", "-", "--", "–", "—", "na", "n/a"})
_ON_SKIN = re.compile(r"\b(?:topical(?:ly)?|cream|ointment|gel|lotion|foam)\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:oral(?:ly)?|tablets?|capsules?|subcutaneous(?:ly)?|intravenous(?:ly)?|by mouth)\b", re.IGNORECASE
)
_BY_WEIGHT = re.compile(r"\d\s*(?:mg|mcg|µg|μg)\b(?!\s*/\s*(?:g|ml|cm))", re.IGNORECASE)
_BY_SHARE = re.compile(r"\d\s*%")
_MOST = 0.5


class _Form(StrEnum):
    """What a cell holds, by its form alone."""

    DOSE = "dose"
    NUMBER = "number"
    WORDS = "words"
    NOTHING = "nothing"


def slipped(header: Row, rows: Sequence[Row]) -> str | None:
    """Return why a column seems to have slipped by a row or more, or None."""
    return _header_holds_data(header, rows) or _slid_down(rows) or _open_end(rows) or _against_route(rows)


def _form(text: str) -> _Form:
    text = text.strip()
    if not text or text.lower() in _NONE:
        return _Form.NOTHING
    if _DOSE.search(text):
        return _Form.DOSE
    figure = _FIGURE.match(text)
    if figure and not _YEAR.match(text):
        return _Form.DOSE if (figure["sign"] or "").lower() in ("mg", "mcg", "µg") else _Form.NUMBER
    return _Form.WORDS


def _column(rows: Sequence[Row], number: int) -> list[str]:
    return [row.cells[number].text if number < len(row.cells) else "" for row in rows]


def _header_holds_data(header: Row, rows: Sequence[Row]) -> str | None:
    """A header cell of the form of its column's cells, among others that are names, was a cell: the column slid up."""
    forms = [_form(cell.text) for cell in header.cells]
    for number, form in enumerate(forms):
        text = header.cells[number].text
        others = [other for at, other in enumerate(forms) if at != number and other is not _Form.NOTHING]
        if form not in (_Form.DOSE, _Form.NUMBER) or sum(o is _Form.WORDS for o in others) < _MOST * len(others):
            continue
        filled = [some for some in map(_form, _column(rows, number)) if some is not _Form.NOTHING]
        alike = sum(some is form for some in filled)
        if form is _Form.DOSE and alike:
            return f"the header holds a dose ({text}) where a column name should stand, so rows may be shifted"
        lost_end = len(rows) > 1 and not _column(rows, number)[-1].strip() and len(filled) > 1
        if form is _Form.NUMBER and alike > 1 and alike >= _MOST * len(filled) and (lost_end or "." in text):
            return f"the header holds a number ({text}) where a column name should stand, so rows may be shifted"
    return None


def _slid_down(rows: Sequence[Row]) -> str | None:
    """A last row that holds nothing but a cell of a column whose first cell is empty: the column slid down."""
    if len(rows) < 3:
        return None
    last = [number for number, cell in enumerate(rows[-1].cells) if cell.text.strip()]
    if len(last) != 1 or _column(rows, last[0])[0].strip():
        return None
    if last[0] and _form(rows[-1].cells[last[0]].text) not in (_Form.DOSE, _Form.NUMBER):
        return None
    return "the last row holds a single cell of a column whose first cell is empty, so rows may be shifted"


def _open_end(rows: Sequence[Row]) -> str | None:
    """Doses in every row but the last ones, or but the first ones: the column may have slipped and lost a dose."""
    for number in range(1, max((len(row.cells) for row in rows), default=0)):
        column = _column(rows, number)
        filled = [at for at, text in enumerate(column) if text.strip()]
        if len(filled) < 2 or len(filled) == len(column) or any(_form(column[at]) is not _Form.DOSE for at in filled):
            continue
        if filled == list(range(len(filled))):
            return "the column of doses ends before its table does, so rows may be shifted"
        before = [sum(bool(cell.text.strip()) for cell in row.cells) for row in rows[: filled[0]]]
        if filled == list(range(filled[0], len(column))) and min(before, default=0) > 1:
            return "the column of doses begins after its table does, so rows may be shifted"
    return None


def _against_route(rows: Sequence[Row]) -> str | None:
    """Doses in milligrams beside what goes on the skin, or in per cent beside what is swallowed: a column slipped."""
    against = []
    for row in rows:
        doses = [cell.text for cell in row.cells if _form(cell.text) is _Form.DOSE]
        about = " ".join(cell.text for cell in row.cells if cell.text not in doses)
        dose = " ".join(doses)
        on_skin, taken = bool(_ON_SKIN.search(about)), bool(_TAKEN.search(about))
        if not dose or on_skin == taken or _ON_SKIN.search(dose) or _TAKEN.search(dose):
            continue
        by_weight, by_share = bool(_BY_WEIGHT.search(dose)), bool(_BY_SHARE.search(dose))
        if (on_skin and by_weight and not by_share) or (taken and by_share and not by_weight):
            against.append(dose)
    if len(against) < 2:
        return None
    return f"{len(against)} doses do not fit their row's route (such as {against[0]}), so rows may be shifted"


def cut_cells(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the rows and columns of cells that break off in the middle of a word or list."""
    return [
        (at, number) for at, row in enumerate(rows) for number, cell in enumerate(row.cells) if _CUT.search(cell.text)
    ]


def in_rows(text: str, table: Table) -> Iterator[Repair]:
    """Yield the rows of a table that can't be trusted, and what is odd about its names and cells."""
    cut = cut_cells(table.rows)
    for at, number in cut:
        row = table.rows[at]
        reason = f"the cell under {_name(table, number)} breaks off"
        yield found_at(text, row.start, row.end, Damage.CELLS, reason)
    yield from _beginnings(text, table, {(at + 1, number) for at, number in cut})
    yield from _ragged(text, table)
    yield from _headers(text, table)
    yield from _without_entry(text, table)


def _name(table: Table, number: int) -> str:
    name = table.columns[number] if number < len(table.columns) else ""
    return f"“{name}”" if name else "a column without a name"


def _beginnings(text: str, table: Table, after: set[tuple[int, int]]) -> Iterator[Repair]:
    """Yield rows with a cell that begins in the middle of a sentence, in a column where cells begin with a capital."""
    for number in range(len(table.columns)):
        cells = [(at, row.cells[number]) for at, row in enumerate(table.rows) if number < len(row.cells)]
        worded = [cell for _, cell in cells if cell.text[:1].isalpha()]
        small = [(at, cell) for at, cell in cells if _GOES_ON.match(cell.text)]
        if len(worded) < 3 or 4 * len(small) > len(worded):
            small = [(at, cell) for at, cell in small if (at, number) in after]
        for at, cell in small:
            row = table.rows[at]
            reason = f"the cell under {_name(table, number)} begins in the middle ({cell.text.split()[0]} …)"
            yield found_at(text, row.start, row.end, Damage.CELLS, reason)


def _ragged(text: str, table: Table) -> Iterator[Repair]:
    """Yield rows that have more cells than the table has columns, or fewer without being a heading among rows."""
    wide = len(table.columns)
    for row in table.rows:
        filled = sum(bool(cell.text.strip()) for cell in row.cells)
        if len(row.cells) > wide or (1 < len(row.cells) < wide and filled == len(row.cells) and wide > 2):
            reason = f"the row has {len(row.cells)} cells under {wide} column names"
            yield found_at(text, row.start, row.end, Damage.CELLS, reason)


def _headers(text: str, table: Table) -> Iterator[Repair]:
    """Yield column names that are missing or cut, and rows that repeat the header."""
    names = [name.lower() for name in table.columns]
    wordy = [name for name in table.columns if name[:1].isalpha()]
    for number, cell in enumerate(table.header.cells):
        filled = sum(bool(other.strip()) for other in _column(table.rows, number))
        if number and not cell.text.strip() and filled > _MOST * len(table.rows):
            yield found_at(text, table.header.start, table.header.end, Damage.HEADER, "a column has no name")
        if cell.text[:1].islower() and len(wordy) > 3 and sum(name[0].islower() for name in wordy) == 1:
            yield found_at(text, cell.start, cell.end, Damage.HEADER, "a column's name begins in the middle")
    for row in table.rows:
        alike = sum(cell.text.lower() in names for cell in row.cells if cell.text)
        if alike > 1 and alike >= _MOST * len(names):
            yield found_at(text, row.start, row.end, Damage.REPEATED, "the header stands among the rows again")
        elif re.search(r"\(?continued\)?", row_text := " ".join(cell.text for cell in row.cells).lower()):
            if len(row_text.split()) < 6:
                yield found_at(text, row.start, row.end, Damage.REPEATED, "the table's title stands among the rows")


def _without_entry(text: str, table: Table) -> Iterator[Repair]:
    """Yield empty cells in columns whose other cells say where there is nothing: empty does not mean none."""
    for number in range(len(table.columns)):
        column = _column(table.rows, number)
        said = sum(cell.strip().lower() in ("none", "no", "nil") for cell in column)
        if said < 2:
            continue
        for row, cell in zip(table.rows, column, strict=True):
            if not cell.strip() and sum(bool(other.text.strip()) for other in row.cells) > 1:
                reason = f"the cell under {_name(table, number)} is empty, which is not the same as none"
                yield found_at(text, row.start, row.end, Damage.NO_ENTRY, reason)


def doses_fit_neighbours(table: Table, said: Sequence[str]) -> str | None:
    """Return why a column of doses seems to have slipped, judged by the document's own sentences.

    `said` are the sentences in lower case. In at least two rows the drug's sentences give the amount of the row above
    or below and never the row's own, always on the same side.
    """
    column = next(
        (c for c in range(len(table.columns)) if sum(_form(cell) is _Form.DOSE for cell in _column(table.rows, c)) > 2),
        None,
    )
    if not column:
        return None
    names = [row.cells[0].text.lower().strip() for row in table.rows]
    amounts = [_amounts(cell) for cell in _column(table.rows, column)]
    for step in (-1, 1):
        moved = 0
        for at, name in enumerate(names):
            if len(name) < 5 or not 0 <= at + step < len(names) or names[at + step] == name:
                continue
            told = {amount for sentence in said if name in sentence for amount in _amounts(sentence)}
            moved += bool(told & amounts[at + step]) and not told & amounts[at] and bool(amounts[at])
            if told & amounts[at]:
                moved -= 1
        if moved > 1:
            return "the text gives its drugs the doses of the neighbouring rows, so rows may be shifted"
    return None


def _amounts(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"\s", "", found) for found in re.findall(r"\d[\d.]*\s*(?:mg|%|mcg|µg)", text.lower()))
