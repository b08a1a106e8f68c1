"""Listed facts → a table a kind, JSON, or CSV: the same facts, with names instead of ids where people read them.

Whatever a library holds is data here: no markup, terminal command or spreadsheet formula in it takes effect.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, get_origin

from assistant.render import safe_json
from assistant.selection import Listed, Standing, kinds, own_fields
from corpus.terms import Vocabulary
from corpus.text import clean, one_line

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "dose": {
        "drug": ("drug", "formulation"),
        "route": ("route",),
        "regimen": ("regimen",),
        "indication": ("indication",),
        "population": ("population",),
        "status": ("status",),
        "evidence": ("evidence",),
        "patients": ("patients",),
        "outcome": ("outcome", "time_to_response"),
    },
    "safety": {
        "drugs": ("drugs",),
        "event": ("event",),
        "direction": ("direction",),
        "figure": ("figure",),
        "comparator": ("comparator",),
        "population": ("population", "duration"),
        "boxed warning": ("boxed_warning",),
    },
    "rate": {"group": ("group",), "drug": ("drug", "dose"), "event": ("event",), "rate": ("rate", "unit")},
    "approval": {
        "drug": ("drug", "brand"),
        "indication": ("indication",),
        "route": ("route",),
        "status": ("status",),
        "regulator": ("regulator",),
        "as of": ("as_of",),
    },
    "conflict": {"severity": ("severity",), "topic": ("topic",), "summary": ("summary",)},
}
"""What the tables show of a kind, each column with the fields that it joins; of other kinds, every field."""

_GAP = 2
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_MISSING = "no data"
_BY_RULE = ("confidence", "damage", "reviewed")
_PLACES = ("document", "section", "locator", "refs", "show")


def as_json(facts: Iterable[Listed]) -> str:
    """Return the facts as one JSON array: their fields, ids of the vocabulary as they are, and their places."""
    rows = []
    for fact in facts:
        sentence = {} if fact.sentence is None else {"sentence": fact.sentence}
        rows.append({**fact.body, **sentence, "places": [asdict(standing) for standing in fact.standings]})
    return safe_json(json.dumps(rows, ensure_ascii=False, indent=2))


def as_csv(facts: Iterable[Listed], wanted: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return a header and a row a fact; the columns are those of the wanted kinds, whatever was found.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    models = kinds()
    fields = dict.fromkeys(field for kind in wanted for field in own_fields(models[kind]))
    columns = ("kind", "id", *fields, "sentence", "note", "origin", *_BY_RULE)
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow((*columns, *_PLACES))
    for fact in facts:
        values = {**fact.body, "sentence": fact.sentence}
        places = zip(*(_place_cells(standing) for standing in fact.standings), strict=True)
        cells = (_cell(values, column, vocabulary, no="no") for column in columns)
        lines.writerow([_harmless(cell) for cell in (*cells, *("; ".join(parts) for parts in places))])
    return out.getvalue().rstrip("\n")


def as_tables(facts: Iterable[Listed], vocabulary: Vocabulary, width: int, terminal: bool) -> str:
    """Return a table for each kind, headed with its count, the headings bold on a `terminal`.

    Where the columns of a kind can't hold their longest words, each of its facts is a list of its cells.
    """
    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, highlight=False, legacy_windows=False)
    for kind, group in groupby(facts, lambda fact: fact.kind):
        some = list(group)
        heading = f"{len(some)} {kind} fact{'s' if len(some) > 1 else ''}"
        console.print(Text(heading, style="bold"), end="\n\n")
        console.print(_table(*_sheet(kind, some, vocabulary), width))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n")


def _sheet(kind: str, facts: Sequence[Listed], vocabulary: Vocabulary) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of a kind's table, without columns that are empty in every row."""
    own = own_fields(kinds()[kind]) or ("sentence",)
    columns = {**COLUMNS.get(kind, {field.replace("_", " "): (field,) for field in own}), "note": ("note",)}
    rows = []
    for fact in facts:
        values = {**fact.body, "sentence": fact.sentence}
        cells = [_joined([_cell(values, field, vocabulary) for field in fields]) for fields in columns.values()]
        rows.append([*cells, _source(fact)])
    kept = [n for n in range(len(columns) + 1) if any(row[n] for row in rows)]
    headings = [*columns, "source"]
    return [headings[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    widths = _widths([headings, *rows], width)
    if widths is None:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, _GAP, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for row in rows:
            for heading, cell in zip(headings, row, strict=True):
                if cell:
                    table.add_row(Text(heading), Text(cell))
            table.add_row()
        return table
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 1, 0), header_style="bold")
    for heading, wide in zip(headings, widths, strict=True):
        table.add_column(Text(heading), width=wide, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return the widths of columns that break no word, the fuller ones wider, or None if there is no room for it."""
    from rich.cells import cell_len

    columns = list(zip(*rows, strict=True))
    widths = [max((cell_len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    full = [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns]
    spare = width - sum(widths) - _GAP * len(columns)
    if spare < 0:
        return None
    for _ in range(spare):
        fullest = max(range(len(widths)), key=lambda n: full[n] / widths[n])
        if full[fullest] <= widths[fullest]:
            break
        widths[fullest] += 1
    return widths


def _cell(values: dict[str, Any], field: str, vocabulary: Vocabulary, no: str = "") -> str:
    """Return a field as a person reads it; a field that has to be given and is none, as missing from the source."""
    value = values.get(field)
    about = kinds()[values["kind"]].model_fields.get(field)
    if value is None:
        return _MISSING if about is not None and about.is_required() else ""
    if isinstance(value, bool):
        return "yes" if value else no
    if about is not None and get_origin(about.annotation) is Literal:
        return one_line(clean(str(value)))
    return one_line(clean(_named(value, vocabulary)))


def _named(value: Any, vocabulary: Vocabulary) -> str:
    """Return a value with preferred names in place of the vocabulary's ids."""
    if isinstance(value, str):
        term = vocabulary.terms.get(value)
        return term.name if term else value
    return ", ".join(_named(part, vocabulary) for part in value) if isinstance(value, list) else str(value)


def _joined(cells: Sequence[str]) -> str:
    """Return the first cell with what the others add to it in brackets."""
    first, *others = cells
    added = ", ".join(cell for cell in others if cell)
    return f"{first} ({added})" if first and added else first or added


def _source(fact: Listed) -> str:
    """Return where a fact stands, each place with what `posology` needs to show it; says so where no hand wrote it."""
    places = "\n".join(_where(standing) for standing in fact.standings)
    origin = fact.body["origin"]
    return places if origin == "curated" else f"{places}\n({_found(fact.body)})"


def _found(body: dict[str, Any]) -> str:
    """Return how a fact was found, by what id a person decides on it, how sure it is, and what speaks against it."""
    sure = f"sure {body['confidence']:.2f}" if body.get("confidence") is not None else None
    damage = f"AS PRINTED, THE PRINT LOOKS DAMAGED: {body['damage']}" if body.get("damage") else None
    marks = (f"{body['origin']} by rule", body["id"], sure, body.get("reviewed"), damage)
    return one_line(clean(", ".join(mark for mark in marks if mark)))


def _where(standing: Standing) -> str:
    _, section, locator, refs, show = _place_cells(standing)
    known = any(ref in locator for ref in standing.refs)
    marks = (section.rsplit(" > ", 1)[-1], refs, "" if known else locator)
    return f"{', '.join(mark for mark in marks if mark)}\nshow {show}"


def _place_cells(standing: Standing) -> tuple[str, ...]:
    show = f"{standing.document_id} --at {standing.start}:{standing.end}"
    cells = (standing.document_id, standing.section, standing.locator, ", ".join(standing.refs), show)
    return tuple(one_line(clean(cell)) for cell in cells)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
