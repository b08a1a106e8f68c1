"""What the gate asks of composed sentences: that one quote says them, with its units, columns and direction.

A quoted sentence proves itself; a sentence made from a table row or out of words of a quote has to be held against
them figure by figure and word by word. Each check returns a sentence naming what is wrong, or None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.contract import Citation, Statement
from assistant.rows import is_header, is_header_of, is_row, row_of
from assistant.wording import says
from corpus.figures import figures, measured
from corpus.text import fold, without_markup, words
from corpus.types import Row, Table

if TYPE_CHECKING:
    from assistant.ground import Gate

_LABEL = re.compile(r"^Table \w+: ")  # which table it is says nothing of the row
_UP = re.compile(r"\b(?:increas|rais|rose|rise|higher|elevat|greater|more)\w*", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:decreas|reduc|lower|fell|fall|fewer|less|declin)\w*", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|cannot|absent|absence|lack(?:s|ed|ing)?|fail(?:s|ed)?)\b|n['’]t\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|(?<![\w.])\.\d+|(?<![\w)])-(?=\d)|[^\W\d_]+|[<>≤≥=±%+−]")


def evidence_text(citations: Sequence[Citation]) -> str:
    """Return everything that the citations say: quotes and readings."""
    return "\n".join(f"{citation.quote}\n{citation.reading or ''}" for citation in citations)


def where_it_stands(citations: Sequence[Citation]) -> str:
    """Return what a footnote says of its place: a table's or a reference's number may stand in a statement."""
    return "\n".join(f"{c.title} {c.section} {c.locator} {c.year}" for c in citations)


def tokens(text: str) -> list[str]:
    """Return the words, numbers and signs of a text; a sign turned round makes another text."""
    return _TOKEN.findall(fold(text))


def figures_stand_together(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault unless one quote, be it a sentence or a row with its header, says the whole composed sentence."""
    faults = [_fault_in(statement.text, citation, cited, gate) for citation in cited]
    return None if None in faults else next(iter(faults), None)


def _fault_in(text: str, citation: Citation, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return why a citation alone does not say `text`, or None if it does."""
    header = next((other for other in cited if is_header_of(other, citation, gate)), None)
    quoted = evidence_text([citation, header] if header else [citation])
    around = f"{citation.section}. {quoted}"
    wanted = figures(text) - figures(where_it_stands(cited))
    if not wanted <= figures(quoted) or not gate.named(text, "drug") <= gate.widely_named(around, "drug"):
        return "joins figures or drugs that stand in different quotes"
    for category in ("disease", "route", "event"):
        if not gate.named(text, category) <= gate.widely_named(around, category):
            return f"names a {category} that its quote does not name"
    if wrong := _wrong_unit(text, quoted):
        return f"gives {wrong} another unit than its quote"
    return _row_fault(text, citation, header, gate)


def _row_fault(text: str, citation: Citation, header: Citation | None, gate: Gate) -> str | None:
    row = row_of(citation, gate)
    if row is None:
        return None
    if header is None:
        return "cites a row without its header"
    wrong = _wrong_column(_LABEL.sub("", text), *row)
    return f"gives {wrong} under another column's name" if wrong else None


def _wrong_column(text: str, table: Table, row: Row) -> str | None:
    """Return a figure of the row that stands in `text` under the name of another column than its own."""
    said = set(words(text).split())
    names = [set(words(name).split()) for name in table.columns]
    for figure in figures(text):
        columns = [i for i, cell in enumerate(row.cells[: len(names)]) if figure in figures(cell.text)]
        whole = any(len(words(row.cells[i].text).split()) > 2 and row.cells[i].text in text for i in columns)
        if columns and 0 not in columns and not whole and not any(names[i] & said for i in columns):
            return figure
    return None


def _wrong_unit(text: str, evidence: str) -> str | None:
    """Return a figure with its unit that the evidence gives with other units only."""
    there = measured(evidence)
    for figure, units in measured(text).items():
        for unit in units - {""}:
            known = there.get(figure, frozenset({""}))
            if unit not in known and "" not in known:
                return f"{figure} {unit}"
    return None


def negation_is_kept(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault if a sentence denies what its quotes assert or asserts what all of them deny."""
    said = bool(_NEGATION.search(statement.text))
    if said and not _NEGATION.search(evidence_text(cited)):
        return "denies what its quotes do not deny"
    prose = [citation for citation in cited if row_of(citation, gate) is None]
    if not said and prose and len(prose) == len(cited) and all(_NEGATION.search(c.quote) for c in prose):
        return "asserts what its quotes deny"
    return None


def direction_is_kept(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault if a sentence turns a rise into a fall or the other way round."""
    evidence = evidence_text(cited)
    for one, other in ((_UP, _DOWN), (_DOWN, _UP)):
        if one.search(statement.text) and other.search(evidence) and not one.search(evidence):
            return "turns the direction of its quotes round"
    return None


def one_source_says_it(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault unless a statement is a cited row, cell by cell, or one quote's words in their order."""
    for citation in cited:
        if row := row_of(citation, gate):
            if any(is_header_of(other, citation, gate) for other in cited) and is_row(statement.text, *row):
                return None
        elif not is_header(citation, gate) and says(
            statement.text, citation.reading or without_markup(citation.quote), gate
        ):
            return None
    return "is neither a row as it stands nor the words of one quote in their order"
