"""Computed statements: what is said of a total or of table rows has to be what comes out when it is worked out anew.

Totals of doses and the known statements over rows are held against the cited texts word for word. Any other one has
to show one sum of two cells of one column, named by their rows, and say its result and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.composed import evidence_text
from assistant.contract import Citation, Statement
from assistant.pairs import is_pair_result
from assistant.readings import number_in
from assistant.recounted import is_recounted
from assistant.rows import is_header_of, row_of
from assistant.sheets import Sheet
from assistant.totalled import cited_texts, is_total
from corpus.figures import figures
from corpus.text import words
from corpus.types import Span, Table

if TYPE_CHECKING:
    from assistant.ground import Gate

_RESULT = re.compile(r"=\s*\d+(?:\.\d+)?")
_SUM = re.compile(
    r"(?P<a>[\d.]+) \((?P<one>[^()]+)\) (?P<sign>[-+/]) (?P<b>[\d.]+) \((?P<two>[^()]+)\) = (?P<result>-?[\d.]+)"
)
_SAYS_SUM = {
    "+": r"(?:sum|together|total)",
    "-": r"(?:above|higher|more|difference|over)",
    "/": r"(?:ratio|times)",
}
_JOINING = frozenset(
    "the a an of in on for and to that is are rate rates by than with difference between sum together total ratio "
    "times above higher more over".split()
)


def shows_working(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault unless the working is there, uses the cited tables' figures, and gives what is said."""
    working = (statement.working or "").strip()
    if not working:
        return "is computed without showing its working"
    known = figures(evidence_text(cited)) | figures(gate.question)
    for table in (sheet.table for sheet in sheets(cited, gate)):
        known |= {f for other in table.rows for cell in other.cells for f in figures(cell.text)}
    listed = len(re.split(r"[,;+]", working)) + max((len(sheet.table.rows) for sheet in sheets(cited, gate)), default=0)
    counts = {str(count) for count in range(listed + 1)}
    said = figures(statement.text)
    if loose := figures(_RESULT.sub("", working)) - known - said:
        return f"works with figures that its rows lack: {', '.join(sorted(loose))}"
    if loose := said - known - figures(working) - counts:
        return f"holds figures that its working does not give: {', '.join(sorted(loose))}"
    return None


def comes_out_the_same(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault unless the statement and its working are what the cited texts and rows give."""
    if is_total(statement, cited, gate):
        return None
    working = statement.working or ""
    if is_pair_result(statement.text, working, (text for citation in cited for text in cited_texts(citation, gate))):
        return None
    for sheet in sheets(cited, gate):
        if is_recounted(statement.text, working, sheet) or _is_plain_sum(statement.text, working, sheet):
            return None
    return "does not say what its working gives, or its rows do not give it"


def sheets(cited: Sequence[Citation], gate: Gate) -> Iterator[Sheet]:
    """Yield the tables of which rows are cited with their header, and those that a digest tells of cited places."""
    found: dict[int, tuple[Table, set[int]]] = {}
    for citation in cited:
        row = row_of(citation, gate)
        if row and any(is_header_of(other, citation, gate) for other in cited):
            found.setdefault(id(row[0]), (row[0], set()))[1].add(row[0].rows.index(row[1]))
    for table, numbers in (*found.values(), *_told(cited, gate)):
        yield Sheet(table, frozenset(numbers), gate)


def _told(cited: Sequence[Citation], gate: Gate) -> Iterator[tuple[Table, set[int]]]:
    """Yield the tables of digests whose rows stand, by what was found when the original came in, at cited places."""
    editions = gate.library.editions
    spans: dict[str, set[Span]] = defaultdict(set)
    for citation in cited:
        spans[citation.document_id].add(Span(citation.start, citation.end))
    for digest_id, original_id in editions.originals().items():
        there = spans.get(original_id)
        for table in gate.library.document(digest_id).tables if there else ():
            attached = ((number, editions.attachment(digest_id, row.start)) for number, row in enumerate(table.rows))
            rows = {n for n, found in attached if found and there and all(p.span in there for p in found.printed)}
            if rows:
                yield table, rows


def _is_plain_sum(text: str, working: str, sheet: Sheet) -> bool:
    """Return whether a statement gives the sum, difference or ratio of two cells that its working names by their rows.

    Its figures are those of the rows' names in the working's order, with the result; its words are the column's, the
    rows' and such as join them.
    """
    found = _SUM.fullmatch(working)
    if not found or not re.search(rf"\b{_SAYS_SUM[found['sign']]}\b", text):
        return False
    a, b, result = (Decimal(found[name]) for name in ("a", "b", "result"))
    right = {"+": a + b, "-": a - b, "/": round(a / b, 2) if b else None}[found["sign"]]
    one, two = (words(found[name]) for name in ("one", "two"))
    numbers = re.findall(r"\d+(?:\.\d+)?", text)
    named = [re.findall(r"\d+(?:\.\d+)?", found[name]) for name in ("one", "two")]
    left = [n for n in numbers if Decimal(n) != result]
    if right != result or result < 0 or left != [*named[0], *named[1]] or len(numbers) - len(left) != 1:
        return False
    for column, name in enumerate(sheet.table.columns):
        known = set(words(f"{name} {one} {two}").split()) | _JOINING
        says = set(words(re.sub(r"[\d.]+", " ", text)).split()) <= known and set(words(name).split()[:1]) <= set(
            words(text).split()
        )
        if says and _has(sheet, column, one, a) and _has(sheet, column, two, b):
            return True
    return False


def _has(sheet: Sheet, column: int, name: str, value: Decimal) -> bool:
    """Return whether a cited row of this name has the value in a column."""
    return any(
        set(name.split()) <= set(words(sheet.cell(row, 0)).split()) and number_in(sheet.cell(row, column)) == value
        for row in sheet.cited
    )
