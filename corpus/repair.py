"""Damage that text extraction leaves in tables, found by general signs and recorded, never overwritten.

A table in which a column slipped by a row turns every look-up into a wrong dose. Where a sign of that is found,
the table is marked; its rows are then not used to answer, and whoever looks them up is told why.
"""

from __future__ import annotations

import re

from corpus.types import Row

_DOSE = re.compile(
    r"\d\s*(?:mg|g|mcg|µg|μg|ml|%|iu|units?)\b.*?(?:daily|day|week|month|once|twice|/|every|b\.?i\.?d|q\d)"
    r"|\d\s*%\s*(?:-|–|to)\s*\d",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:[A-Za-z]-|,|\b(?:to|and|or|the|of|with|switched to))$", re.IGNORECASE)


def table_damage(header: Row, rows: tuple[Row, ...]) -> str | None:
    """Return why a table's cells can't be trusted to stand in their row or column, or None.

    Two signs: a header cell that holds a regimen where a column name should be (the column was shifted up), and
    cells that break off in the middle of a word or list (rows spilled into their neighbours).
    """
    for cell in header.cells:
        if _DOSE.search(cell.text) and any(_DOSE.search(other.text) for row in rows for other in row.cells):
            return f"the header holds a dose ({cell.text}) where a column name should stand, so rows may be shifted"
    cut = sum(bool(_CUT.search(cell.text)) for row in rows for cell in row.cells)
    if cut >= 2:
        return f"{cut} cells break off, so text may have spilled into neighbouring rows"
    return None
