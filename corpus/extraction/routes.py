"""Routes that a document tells once for a drug and then takes for granted: "oral X … X 5 mg twice daily".

A dose without a route gets the one by which its document gives the drug, if it names no other. An amount by mass is
never that of a cream or gel, so that topical use beside it makes no doubt.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpus import dose_words
from corpus.extraction.found import Extracted
from corpus.extraction.said import Said
from corpus.facts import DoseFact

_BEFORE = 40  # characters before a drug among which its route stands
_ROUTES = "|".join(dose_words.ROUTES.values())
_ROUTE_BEFORE = re.compile(rf"(?P<route>{_ROUTES})(?:\s+(?:and|or)\s+(?P<other>{_ROUTES}))?[\s-]+(?:\w+[\s-]+)?$", re.I)
_JOINED = re.compile(r"\s*(?:\([^()]{0,20}\)\s*)?(?:,|/|,?\s*(?:and|or))\s*")
_TOPICAL = "topical"
_MASS = re.compile(r"\d\s*(?:mg|mcg|µg|g)\b(?!/m)", re.IGNORECASE)


def routes_told(said: Iterable[Said]) -> Mapping[str, frozenset[str]]:
    """Return the routes by which sentences give each drug, by its id: those before its name, or before its row."""
    told: dict[str, set[str]] = defaultdict(set)
    for one in said:
        routes: tuple[str, ...] = ()
        end = -1
        for drug in one.named("drug"):
            own = _before(one.text, drug.start)
            is_joined = end >= 0 and bool(_JOINED.fullmatch(one.text, end, drug.start))
            routes = own or (routes if is_joined else ())
            end = drug.end
            if len(drug.ids) == 1:
                told[drug.ids[0]].update(routes)
    return {drug: frozenset(routes) for drug, routes in told.items()}


def with_routes(found: Sequence[Extracted], told: Mapping[str, frozenset[str]]) -> Iterator[Extracted]:
    """Yield facts, doses by mass without a route with the only one that their document tells of their drug."""
    stated: dict[str, set[str]] = defaultdict(set)
    for one in found:
        if isinstance(one.fact, DoseFact) and one.fact.route:
            stated[one.fact.drug].add(one.fact.route)
    for one in found:
        fact = one.fact
        if isinstance(fact, DoseFact) and fact.route is None and _MASS.search(fact.regimen or ""):
            routes = (stated[fact.drug] | told.get(fact.drug, frozenset())) - {_TOPICAL}
            if len(routes) == 1:
                update = {"route": next(iter(routes)), "route_from_elsewhere": True}
                yield replace(one, fact=fact.model_copy(update=update))
                continue
        yield one


def _before(text: str, start: int) -> tuple[str, ...]:
    found = _ROUTE_BEFORE.search(text, max(0, start - _BEFORE), start)
    words = (found["route"], found["other"]) if found else ()
    return tuple(dose_words.word_of(dose_words.ROUTES, word) for word in words if word)
