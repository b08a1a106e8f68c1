"""Totals of doses, worked out anew: what the program says of a regimen's total, from the texts that are cited for it.

The gate lets a total through only if it is, word for word, one that the cited regimens give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.contract import Citation, Statement
from assistant.rows import row_of
from corpus.terms import Mention
from corpus.text import without_markup
from corpus.types import Span

if TYPE_CHECKING:
    from assistant.ground import Gate
    from corpus.dosing import Total

_HIGHER = re.compile(
    r"The higher total is (?P<ratio>[\d.]+) times the lower: (?P<high>[\d.]+) against (?P<low>[\d.]+) (?P<unit>.+)\."
)
_NO_TOTAL = re.compile(r": no total (?:can be worked out|is given), since ")


def has_no_total(text: str, cited: Sequence[Citation], gate: Gate) -> bool:
    """Return whether a statement says of a cited regimen that it has no total, and why, as the dose grammar does."""
    return bool(_NO_TOTAL.search(text)) and (text, None) in _sayings(cited, gate)


def is_total(statement: Statement, cited: Sequence[Citation], gate: Gate) -> bool:
    """Return whether a statement with its working is a total of a cited regimen, or the ratio of two such totals."""
    if found := _HIGHER.fullmatch(statement.text):
        return _is_ratio(found, statement.working or "", cited, gate)
    return " in total." in statement.text and (statement.text, statement.working) in _sayings(cited, gate)


def _is_ratio(found: re.Match[str], working: str, cited: Sequence[Citation], gate: Gate) -> bool:
    high, low, ratio = (Decimal(found[name]) for name in ("high", "low", "ratio"))
    totals = (total for _, _, _, total in _totals(cited, gate) if total and total.unit == found["unit"])
    fixed = {total.low for total in totals if total.low == total.high}
    right = {high, low} <= fixed and high > low > 0 and round(high / low, 2) == ratio
    return right and working == f"{found['high']} / {found['low']} = {found['ratio']}"


def _sayings(cited: Sequence[Citation], gate: Gate) -> set[tuple[str, str | None]]:
    """Return what can be said of the totals of the cited regimens, each with its working."""
    said: set[tuple[str, str | None]] = set()
    for drug, regimen, span, total in _totals(cited, gate):
        if total is None:
            said.add((f"{drug} {regimen}: no total is given, since the text is not clear.", None))
        elif total.low is None or total.high is None:
            said.add((f"{drug} {regimen}: no total can be worked out, since {total.reason}.", None))
        else:
            amount = f"{total.low:f}" if total.low == total.high else f"{total.low:f} to {total.high:f}"
            about = "about " if total.averaged else ""
            said.add((f"{drug} {regimen}: {about}{amount} {total.unit} a {span} in total.", total.working))
    return said


def _totals(cited: Sequence[Citation], gate: Gate) -> Iterator[tuple[str, str, str, Total | None]]:
    """Yield the drug, the regimen, "day" or "week", and the total, for each regimen of the cited texts.

    There is no total, None, of a regimen that can be read in two ways.
    """
    from corpus.dosing import daily_total, parse, weekly_total  # here, because few answers hold a total

    terms = gate.vocabulary.terms
    for text in dict.fromkeys(text for citation in cited for text in cited_texts(citation, gate)):
        drugs = _drugs(text, gate)
        for found in parse(text):
            owner = _owner(drugs, found.span.start)
            for drug in sorted(owner.ids) if owner and found.regimen.frequency else ():
                for span, total in (("day", daily_total), ("week", weekly_total)):
                    name = terms[drug].name.capitalize()
                    yield name, found.regimen.text(), span, None if found.ambiguity else total(found.regimen)


def cited_texts(citation: Citation, gate: Gate) -> Iterator[str]:
    """Yield the texts in which a regimen belongs to the drug before it: a sentence, a row's cells, or the row.

    The row as a whole only where no cell names a drug with its dose.
    """
    from corpus.dosing import parse

    span = Span(citation.start, citation.end)
    for _, found in gate.library.editions.telling(citation.document_id, span):
        yield found.said
    if row := row_of(citation, gate):
        cells = [cell.text for cell in row[1].cells]
        own = [cell for cell in cells if _drugs(cell, gate) and parse(cell)]
        yield from own or [", ".join(cells)]
    else:
        yield citation.reading or without_markup(citation.quote)


def _drugs(text: str, gate: Gate) -> list[Mention]:
    terms = gate.vocabulary.terms
    return [mention for mention in gate.library.mentions(text) if terms[mention.ids[0]].category == "drug"]


def _owner(drugs: Sequence[Mention], start: int) -> Mention | None:
    """Return the drug nearest before a regimen, or the only one of its sentence."""
    before = [drug for drug in drugs if drug.start <= start]
    return before[-1] if before else (drugs[0] if len({drug.ids for drug in drugs}) == 1 else None)
