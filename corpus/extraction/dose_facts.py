"""Doses as facts: with their anchors, what they are for, and the route and form apart from the regimen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpus.extraction.cues import Cues
from corpus.extraction.doses import Dose, doses_in
from corpus.extraction.found import Extracted, found_at
from corpus.extraction.said import Said
from corpus.extraction.surroundings import indication, population, references
from corpus.extraction.table_doses import doses_of_row
from corpus.facts import DoseFact
from corpus.text import one_line
from corpus.types import PassageKind

_ROUTE_OF_FORM = {
    **dict.fromkeys(("cream", "ointment", "gel", "lotion", "foam", "shampoo"), "topical"),
    **dict.fromkeys(("tablet", "capsule"), "oral"),
}


def dose_facts(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield a fact for every dose that a sentence or row gives."""
    yield from _of_row(said, cues) if said.passage.kind is PassageKind.ROW else _of_sentence(said, cues)


def _of_sentence(said: Said, cues: Cues) -> Iterator[Extracted]:
    for dose in doses_in(said, cues):
        disease = indication(said, dose.span.start, dose.span.end, cues)
        printed = one_line(dose.span.of(said.text))
        yield _fact(said, dose, printed, disease, None, population(said, cues.treated))


def _of_row(said: Said, cues: Cues) -> Iterator[Extracted]:
    for found in doses_of_row(said, cues):
        yield _fact(said, found.dose, found.printed, found.indication, found.damage, None)


def _fact(
    said: Said, dose: Dose, printed: str, disease: str | None, damage: str | None, people: str | None
) -> Extracted:
    regimen = dose.regimen
    plain = replace(regimen, route=None, release=None, form=None).text()
    route = regimen.route or _ROUTE_OF_FORM.get(regimen.form or "")
    statement = ("dose", dose.drug, regimen.amount(), printed)
    found = found_at(said, statement, (printed,), references(said.text))
    fact = DoseFact(
        id=found.id,
        where=(found.where,),
        origin="extracted",
        note=dose.note,
        confidence=dose.confidence,
        damage=damage,
        drug=dose.drug,
        route=route,
        formulation=regimen.release or regimen.form,
        regimen=plain,
        indication=disease,
        population=people,
    )
    return found.as_fact(fact)
