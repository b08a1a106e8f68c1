"""The structured doses behind an answer → rows of a table: drug, route, dose, what it adds up to, and its standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.text import clean, one_line

COLUMNS = ("drug", "route", "dose", "total daily", "indication", "status", "evidence", "source")
NONE = "—"


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A row of the table; `cells` are in the order of `COLUMNS`, `citation` is the number of what says it, or None."""

    cells: tuple[str, ...]
    citation: int | None


def dose_rows(facts: Iterable[dict[str, Any]], names: Mapping[str, str]) -> tuple[DoseRow, ...]:
    """Return a row for each dose among an answer's facts; what a source doesn't tell is a dash."""
    return tuple(_row(fact, names) for fact in facts if fact["kind"] == "dose")


def _row(fact: dict[str, Any], names: Mapping[str, str]) -> DoseRow:
    cited = fact.get("citations") or [None]
    origin = "" if fact["origin"] == "curated" else f" ({fact['origin']})"
    regimen = str(fact.get("regimen", ""))
    values = (
        _named(fact, "drug", names) + (f" ({fact['formulation']})" if fact.get("formulation") else ""),
        _named(fact, "route", names),
        regimen,
        total_daily(regimen),
        _named(fact, "indication", names) + (f" ({fact['population']})" if fact.get("population") else ""),
        str(fact.get("status", "")),
        str(fact.get("evidence", "")),
        (f"[{cited[0]}]" if cited[0] else "") + origin,
    )
    return DoseRow(tuple(one_line(clean(value)) or NONE for value in values), cited[0])


def _named(fact: dict[str, Any], field: str, names: Mapping[str, str]) -> str:
    value = str(fact.get(field, ""))
    return names.get(value, value)


def total_daily(regimen: str) -> str:
    """Return what a regimen adds up to in a day; "" where it has no exact total, which is never guessed."""
    from corpus.dose_words import amount_text
    from corpus.dosing import daily_total, parse

    found = parse(regimen)
    if len(found) != 1 or found[0].ambiguity:
        return ""
    total = daily_total(found[0].regimen)
    if total.low is None or total.high is None or total.averaged:
        return ""
    return amount_text(total.low, total.high, total.unit)
