"""WordprocessingML → text: a paragraph as its reader sees it, and a table's rectangle with its merged cells.

python-docx leaves out inserted text, content controls and symbols; here they are read, and deleted text is not.
"""

from __future__ import annotations

from docx.oxml.ns import qn

from corpus.readers.flow import Element
from corpus.readers.grid import Grid, Laid, rectangle
from corpus.readers.scripts import joined_marks, subscript, superscript
from corpus.text import one_line

_SYMBOLS = {  # of the font Symbol, which keeps its characters in a private area
    "F061": "α", "F062": "β", "F067": "γ", "F064": "δ", "F06D": "µ", "F0A3": "≤", "F0B3": "≥", "F0B1": "±",
    "F0B0": "°", "F0B4": "×", "F0B9": "≠", "F0BB": "≈", "F0AE": "→", "F044": "Δ", "F0B7": "•", "F0A5": "∞",
}  # fmt: skip
_LEFT_OUT = frozenset(
    qn(f"w:{tag}") for tag in ("del", "moveFrom", "instrText", "delText", "pict", "object", "fldData")
)
_LEFT_OUT |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def text_of(paragraph: Element) -> str:
    """Return a paragraph's text as its reader sees it, with superscripts made plain."""
    written: list[str] = []
    _write(paragraph, written)
    return joined_marks(one_line("".join(written)))


def _write(element: Element, written: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT:
            continue
        if tag == qn("w:t"):
            written.append(_placed(child.text or "", element, "".join(written[-6:])))
        elif tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
            written.append(" ")
        elif tag == qn("w:noBreakHyphen"):
            written.append("-")
        elif tag == qn("w:sym"):
            written.append(_SYMBOLS.get(str(child.get(qn("w:char"))).upper(), "\ufffd"))
        elif tag == qn("w:footnoteReference"):
            written.append(f"<sup>{child.get(qn('w:id'))}</sup>")
        elif tag != qn("w:pPr"):
            _write(child, written)


def _placed(text: str, run: Element, before: str) -> str:
    place = run.find(f"./{qn('w:rPr')}/{qn('w:vertAlign')}")
    value = None if place is None else place.get(qn("w:val"))
    if value == "superscript":
        return superscript(text, before)
    return subscript(text, before) if value == "subscript" else text


def grid_of_table(table: Element) -> Grid:
    """Return a table's rectangle; a cell merged downwards spans the rows that go on with it."""
    rows: list[list[Laid]] = []
    open_cells: dict[int, tuple[int, int]] = {}  # column → row and number of the cell that the merge began with
    head = 0
    for line in table.iter(qn("w:tr")):
        if next(line.iterancestors(qn("w:tbl")), None) is not table:
            continue
        column = _skipped(line)
        row: list[Laid] = [Laid("", 1, column)] if column else []
        for cell in line.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr")), None) is not line:
                continue
            span, merge = _spans(cell)
            if merge == "continue" and column in open_cells:
                above, at = open_cells[column]
                begun = rows[above][at]
                rows[above][at] = Laid(begun.text, len(rows) - above + 1, begun.columns)
            else:
                if merge == "restart":
                    open_cells[column] = (len(rows), len(row))
                else:
                    open_cells.pop(column, None)
                row.append(Laid("\n".join(filter(None, map(text_of, cell.iter(qn("w:p"))))), 1, span))
            column += span
        if line.find(f"./{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and head == len(rows):
            head += 1
        rows.append(row)
    return rectangle(rows[:head], rows[head:])


def _spans(cell: Element) -> tuple[int, str | None]:
    span = cell.find(f"./{qn('w:tcPr')}/{qn('w:gridSpan')}")
    merge = cell.find(f"./{qn('w:tcPr')}/{qn('w:vMerge')}")
    value = "1" if span is None else str(span.get(qn("w:val")))
    columns = int(value) if value.isdecimal() and 0 < int(value) < 200 else 1
    return columns, None if merge is None else str(merge.get(qn("w:val")) or "continue")


def _skipped(line: Element) -> int:
    """Return how many columns a row leaves free before its first cell."""
    before = line.find(f"./{qn('w:trPr')}/{qn('w:gridBefore')}")
    value = "0" if before is None else str(before.get(qn("w:val")))
    return int(value) if value.isdecimal() and int(value) < 200 else 0
