"""Dose facts from table rows: a dose belongs to the drug of its cell, else to the one that its row is about.

A row is read together with its header's names. Of a damaged table only what a single cell says in itself is read, and
it carries the damage: which row or column it belongs to is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus import dose_words
from corpus.dosing import parse
from corpus.extraction.cues import Cues
from corpus.extraction.doses import Dose, certainty, doses_in
from corpus.extraction.said import Said
from corpus.extraction.surroundings import disease_of
from corpus.types import Cell, Passage, PassageKind, Span, Table

ROW_CONFIDENCE = 0.9
"""How sure a dose is that stands in another cell of its row than its drug."""

DAMAGED = 0.5
"""What a damaged table leaves of the confidence."""

_UNIT_IN_NAME = re.compile(rf"[(\[,]\s*(?P<unit>{dose_words.UNIT}[^)\]]*)[)\]]?\s*$", re.IGNORECASE)
_BARE = re.compile(r"\d+(?:[.,]\d+)?(?:\s*(?:-|–|to)\s*\d+(?:[.,]\d+)?)?")


@dataclass(frozen=True, slots=True)
class RowDose:
    """A dose of a row, with the disease that the row gives for it and the table's damage."""

    dose: Dose
    printed: str
    indication: str | None
    damage: str | None


def doses_of_row(said: Said, cues: Cues) -> Iterator[RowDose]:
    """Yield the doses of a table row, cell by cell."""
    assert said.passage.table is not None and said.passage.row is not None, "only rows are read here"
    table = said.document.tables[said.passage.table]
    cells = table.rows[said.passage.row].cells
    for number, cell in enumerate(cells):
        name = _name(table, number)
        if cues.earlier_columns.search(name) or not re.search(r"\d", cell.text):
            continue
        for dose in _of_cell(said, table, number, cell, cues):
            if table.damage is not None:
                weaker = replace(dose, confidence=round(dose.confidence * DAMAGED, 2))
                yield RowDose(weaker, cell.text, None, table.damage)
            else:
                routed = _with_route(dose, said, table, cues)
                yield RowDose(routed, cell.text, _indication(said, table, cues), None)


def _of_cell(said: Said, table: Table, number: int, cell: Cell, cues: Cues) -> Iterator[Dose]:
    own = Said(said.document, _without_headings(said.passage), Span(cell.start, cell.end), (), said.lexicon)
    if any(drug.ids[0] not in cues.doseless for drug in own.named("drug")):
        sure = ("beside",) if table.damage else ("beside", "sentence")
        yield from (dose for dose in doses_in(own, cues) if dose.how in sure)
    elif table.damage is None and (drug := _drug_of_row(said, table, number, cues)):
        unit = _UNIT_IN_NAME.search(_name(table, number)) if _BARE.fullmatch(cell.text) else None
        text = f"{cell.text} {unit['unit']}" if unit else cell.text
        is_dose = bool(cues.dose_columns.search(_name(table, number)))
        for found in parse(text):
            share = certainty(found)
            if share and (is_dose or found.regimen.frequency):
                confidence = round(ROW_CONFIDENCE * share, 2)
                yield Dose(drug, found.regimen, Span(0, len(own.text)), "sentence", confidence, found.ambiguity)


def _without_headings(passage: Passage) -> Passage:
    """Return a passage under no heading, so that a cell takes no drug from above its table."""
    return replace(passage, kind=PassageKind.ROW, section="")


def _drug_of_row(said: Said, table: Table, dose_column: int, cues: Cues) -> str | None:
    """Return the one drug of a row, of its column's name, or of the table's caption; None where several are named."""
    assert said.passage.row is not None
    foreground = [
        cell.text
        for number, cell in enumerate(_filled(table, said.passage.row))
        if number != dose_column and not cues.earlier_columns.search(_name(table, number))
    ]
    if not all(table.columns[1:]):
        return None  # a header that spans columns: what stands under which name can't be told
    is_dose_row = bool(cues.dose_columns.search(table.rows[said.passage.row].cells[0].text))
    for texts in (foreground, [_name(table, dose_column)] if is_dose_row else [], [table.caption]):
        drugs = frozenset[str]().union(*(said.lexicon.substances(text) for text in texts)) - cues.doseless
        if drugs:
            return next(iter(drugs)) if len(drugs) == 1 else None
    return None


def _filled(table: Table, row: int) -> Iterator[Cell]:
    """Yield a row's cells; an empty first one stands for the nearest one above that is filled."""
    first, *others = table.rows[row].cells
    if not first.text:
        first = next((above.cells[0] for above in reversed(table.rows[:row]) if above.cells[0].text), first)
    yield first
    yield from others


def _with_route(dose: Dose, said: Said, table: Table, cues: Cues) -> Dose:
    assert said.passage.row is not None
    if dose.regimen.route is None:
        for number, cell in enumerate(table.rows[said.passage.row].cells):
            found = re.match("|".join(dose_words.ROUTES.values()), cell.text, re.IGNORECASE)
            if found and cues.route_columns.search(_name(table, number)):
                route = dose_words.word_of(dose_words.ROUTES, cell.text)
                return replace(dose, regimen=replace(dose.regimen, route=route))
    return dose


def _indication(said: Said, table: Table, cues: Cues) -> str | None:
    assert said.passage.row is not None
    cells = enumerate(table.rows[said.passage.row].cells)
    told = [cell.text for number, cell in cells if cues.indication_columns.search(_name(table, number))]
    return disease_of(told, said) if told else disease_of([table.caption, *said.headings[:1]], said)


def _name(table: Table, number: int) -> str:
    return table.columns[number] if number < len(table.columns) else ""
