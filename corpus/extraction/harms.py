"""Safety facts: boxed warnings, risks told as higher, lower or the same, common events, and events that never came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from corpus.extraction.cues import Cues
from corpus.extraction.doubts import clause_after, clause_before, is_of_animals
from corpus.extraction.found import Extracted, found_at
from corpus.extraction.lists import row_after
from corpus.extraction.said import Said
from corpus.extraction.surroundings import references
from corpus.facts import SafetyFact
from corpus.terms import Mention

Direction = Literal["higher", "lower", "no difference", "reported", "none reported", "not stated"]

CONFIDENCE = 0.8
_ANY_HARM = "adverse-event"
_DENIED = re.compile(
    r"\b(?:no|not|never|without|neither|nor|did\s+not|does\s+not|absence\s+of|lack\s+of)\b", re.IGNORECASE
)
_SUPPOSED = re.compile(
    r"\b(?:whether|may|might|could|if|hypothes\w+|suspected|theoretical\w*|concerns?)\b", re.IGNORECASE
)
_GIVEN = re.compile(
    r"\b(?:with|in|for|taking|on|of|by|receiving|using|and|or|like)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)
_NEAR = 60


def safety_facts(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield what a sentence says about harm, of the drugs that it names; of classes too: a warning may be a class's."""
    if said.passage.table is not None or is_of_animals(said, cues):
        return
    boxed = cues.boxed_warning.search(said.text)
    if boxed and not cues.pointers.search(said.text, 0, boxed.start()):
        drugs = _drugs(said, boxed.start(), cues)
        if drugs and not _DENIED.search(clause_before(said.text, boxed.start())[-_NEAR:]):
            events = said.named("event")[:1]
            yield _fact(said, drugs, events[0].ids[0] if events else _ANY_HARM, "higher", None, boxed=True)
        return
    for event, direction in _told(said, cues):
        if drugs := _drugs(said, event.start, cues):
            yield _fact(said, drugs, event.ids[0], direction, _comparator(said, cues), boxed=False)


def _told(said: Said, cues: Cues) -> Iterator[tuple[Mention, Direction]]:
    """Yield the events of a sentence with what is said of their risk."""
    patterns: tuple[tuple[re.Pattern[str], Direction], ...] = (
        (cues.same_risk, "no difference"),
        (cues.higher_risk, "higher"),
        (cues.lower_risk, "lower"),
        (cues.common_events, "reported"),
    )
    seen: set[tuple[str, ...]] = set()
    for pattern, direction in patterns:
        for told in pattern.finditer(said.text):
            before = clause_before(said.text, told.start())[-_NEAR:]
            if direction != "no difference" and (_DENIED.search(before) or _SUPPOSED.search(before)):
                continue
            events = row_after(said.text, told.end(), said.named("event"))
            if not events or _DENIED.search(clause_after(said.text, events[-1].end)[:_NEAR]):
                continue
            for event in events:
                if event.ids not in seen and len(event.ids) == 1:
                    seen.add(event.ids)
                    yield event, direction
    yield from ((event, "none reported") for event in _not_met(said, cues) if event.ids not in seen)


def _not_met(said: Said, cues: Cues) -> Iterator[Mention]:
    """Yield the events of which a sentence says that there were none."""
    for told in cues.none_met.finditer(said.text):
        events = row_after(said.text, told.end(), said.named("event"))
        if events and cues.none_met_after.search(said.text, events[-1].end, events[-1].end + _NEAR):
            yield from (event for event in events if len(event.ids) == 1)


def _drugs(said: Said, at: int, cues: Cues) -> list[str]:
    """Return the ids of the drugs of which something is told at an offset: those before what they are compared with.

    A semicolon parts what is told of one drug from what is told of another.
    """
    start = said.text.rfind(";", 0, at) + 1
    compared = cues.compared.search(said.text, start)
    stops = (compared.start() if compared else len(said.text), said.text.find(";", at))
    end = min(stop for stop in stops if stop >= 0)
    first = min((event.start for event in said.named("event") if event.start >= start), default=end)
    named = [drug for drug in said.named("drug") if start <= drug.start < end and len(drug.ids) == 1]
    named = [drug for drug in named if drug.start < first or _GIVEN.search(said.text, 0, drug.start)]
    return list(dict.fromkeys(drug.ids[0] for drug in named if drug.ids[0] not in cues.doseless))


def _comparator(said: Said, cues: Cues) -> str | None:
    compared = cues.compared.search(said.text)
    after = [drug for drug in said.named("drug") if compared and drug.start >= compared.end()]
    between = said.text[compared.end() : after[0].start] if compared and after else ""
    return after[0].surface if after and len(between) < _NEAR and not _DENIED.search(between) else None


def _fact(
    said: Said, drugs: Sequence[str], event: str, direction: Direction, comparator: str | None, *, boxed: bool
) -> Extracted:
    statement = (direction, *drugs, event)
    found = found_at(said, statement, _anchors(said, event), references(said.text))
    fact = SafetyFact(
        id=found.id,
        where=(found.where,),
        origin="extracted",
        confidence=CONFIDENCE,
        drugs=tuple(drugs),
        event=event,
        direction=direction,
        comparator=comparator,
        boxed_warning=boxed,
    )
    return found.as_fact(fact)


def _anchors(said: Said, event: str) -> tuple[str, ...]:
    surfaces = (m.surface for m in (*said.named("drug")[:1], *(e for e in said.named("event") if e.ids[0] == event)))
    return tuple(dict.fromkeys(" ".join(surface.split()) for surface in surfaces))
