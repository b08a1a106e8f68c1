"""Event rates per 100 patient-years, from rows and sentences, and the shares of patients who reached a measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.dosing import parse
from corpus.extraction.cues import Cues
from corpus.extraction.doubts import is_of_animals
from corpus.extraction.found import Extracted, found_at
from corpus.extraction.said import Said
from corpus.extraction.surroundings import disease_of, indication, references
from corpus.facts import EventRate, Outcome
from corpus.terms import Mention

RATE_CONFIDENCE, OUTCOME_CONFIDENCE = 0.85, 0.8
_PATIENT_YEARS = re.compile(
    r"\bper\s+100[\s-]+(?:patient|person|participant|subject)s?[\s-]*(?:years?|yrs?)\b|/\s?100\s?P-?Y", re.IGNORECASE
)
_RATE = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{1,3})?)\s*(?:\([^()]{0,60}\)\s*)?(?:events?\s+|cases?\s+)?$")
_CELL_RATE = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})?)\s*(?:[(\[][^()\[\]]*[)\]])?\s*")
_NO_DATA = re.compile(r"\s*(?:no data|not reported|NR|n/a)\s*", re.IGNORECASE)
_SHARE = r"(?P<share>\d{1,3}(?:\.\d+)?\s?%|\d{1,4}\s+(?:of|out\s+of)\s+(?:the\s+)?\d{1,4})"
_TIME = re.compile(
    r"\b(?:at|after|by|within)\s+((?:week|month|day|year)s?\s+\d+|\d+\s+(?:weeks?|months?|years?|days?))\b",
    re.IGNORECASE,
)
_REACH = 120


def rate_facts(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield the event rates of a sentence or row; of a damaged table none."""
    if said.passage.table is None:
        yield from _rates_in_sentence(said, cues)
    elif said.document.tables[said.passage.table].damage is None:
        yield from _rates_of_row(said)


def _rates_in_sentence(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield the one rate of a sentence that names one event and one drug."""
    per = list(_PATIENT_YEARS.finditer(said.text))
    drugs, events = said.substances - cues.doseless, {m.ids for m in said.named("event") if len(m.ids) == 1}
    if len(per) != 1 or len(drugs) != 1 or len(events) != 1:
        return
    if rate := _RATE.search(said.text, max(0, per[0].start() - _REACH), per[0].start()):
        (drug,), ((event,),) = drugs, events
        yield _rate(said, said.lexicon.vocabulary.terms[drug].name, drug, event, float(rate[1]), rate[1])


def _rates_of_row(said: Said) -> Iterator[Extracted]:
    """Yield the rates of a row whose columns are events, or of an event whose columns are groups."""
    assert said.passage.table is not None and said.passage.row is not None
    table = said.document.tables[said.passage.table]
    if not _PATIENT_YEARS.search(" ".join((table.caption, *table.columns))) or not _tells_apart(table.columns[1:]):
        return
    first, *others = table.rows[said.passage.row].cells
    own = _event(said, first.text)
    for name, cell in zip(table.columns[1:], others, strict=False):
        event, group = (own, name) if own else (_event(said, name), first.text)
        value = _CELL_RATE.fullmatch(cell.text)
        if event and group and (value or _NO_DATA.fullmatch(cell.text)):
            drugs = said.lexicon.substances(group)
            drug = next(iter(drugs)) if len(drugs) == 1 else None
            printed = first.text if own else name
            yield _rate(said, group, drug, event, float(value[1]) if value else None, cell.text, printed)


def _tells_apart(names: Sequence[str]) -> bool:
    """Return whether every column has a name of its own; under a header that spans several, groups can't be told."""
    return all(names) and len(set(names)) == len(names)


def _event(said: Said, text: str) -> str | None:
    ids = {mention.ids[0] for mention in said.lexicon.mentions(text, "event")[:1]}
    return ids.pop() if ids else None


def _rate(
    said: Said, group: str, drug: str | None, event: str, rate: float | None, printed: str, named: str | None = None
) -> Extracted:
    found = found_at(said, ("rate", group, event, printed), (group, printed), references(said.text))
    doses = parse(group)
    fact = EventRate(
        id=found.id,
        where=(found.where,),
        origin="extracted",
        note=f"Printed as “{named}”." if named else None,
        confidence=RATE_CONFIDENCE,
        drug=drug,
        group=group,
        dose=doses[0].regimen.text() if len(doses) == 1 else None,
        event=event,
        rate=rate,
    )
    return found.as_fact(fact)


def outcome_facts(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield shares of patients on a drug who reached a measure, where a sentence says so in that order."""
    drugs = [drug for drug in said.named("drug") if drug.ids[0] not in cues.doseless]
    measures = said.named("measure")
    if said.passage.table is not None or not drugs or not measures or is_of_animals(said, cues):
        return
    opening = re.compile(rf"{_SHARE}\s*(?:\([^()]{{0,40}}\)\s*)?{cues.responders.pattern}\b", re.IGNORECASE)
    for share in opening.finditer(said.text):
        drug = next((drug for drug in drugs if drug.start >= share.end()), None)
        if drug is None or drug.start - share.end() > _REACH or said.lexicon.is_class(drug):
            continue
        reached = cues.reached.search(said.text, drug.end, drug.end + _REACH)
        measure = next((m for m in measures if reached and m.start >= reached.end()), None)
        between = said.text[drug.end : measure.start] if measure else ""
        if measure and len(between) < _REACH and not re.search(r"\d\s?%|;|\bnot\b", between):
            yield _outcome(said, share["share"], drug, measure, cues)


def _outcome(said: Said, share: str, drug: Mention, measure: Mention, cues: Cues) -> Extracted:
    found = found_at(
        said, ("outcome", drug.ids[0], measure.ids[0], share), (share, measure.surface), references(said.text)
    )
    doses = parse(said.text[drug.end : measure.start])
    time = _TIME.search(said.text)
    fact = Outcome(
        id=found.id,
        where=(found.where,),
        origin="extracted",
        confidence=OUTCOME_CONFIDENCE,
        drug=drug.ids[0],
        measure=measure.ids[0],
        figure=" ".join(share.split()),
        regimen=doses[0].regimen.text() if doses else None,
        indication=indication(said, measure.start, measure.end, cues) or disease_of(said.headings, said),
        at=time[1] if time else None,
    )
    return found.as_fact(fact)
