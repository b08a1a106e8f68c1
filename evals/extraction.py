"""How many of a library's extracted doses are right, and how many of the doses of its documents are found.

Doses are matched one to one with gold on the document, the drug, the amounts, the unit and the frequency, and on the
route where both state one; the same dose of a document counts once on either side. Indications are told apart: they
count for no match. What is found and stands in no gold is listed for a person to judge, and never counted as right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from corpus.dosing import Frequency, parse
from evals.gold_doses import GoldDose
from index.library import Library

Key = tuple[str, str, Fraction, Fraction, str, tuple[Fraction, Fraction, bool] | None]
"""Document, drug, amounts, unit, and times a day (or a month: then True), or None where no frequency is stated."""


@dataclass(frozen=True, slots=True)
class FoundDose:
    """Doses of one key and route, folded: what they are for, and the words of the first one."""

    key: Key
    route: str | None
    indications: frozenset[str]
    quote: str
    id: str


@dataclass(frozen=True, slots=True)
class ExtractionReport:
    """Counts of folded doses, those that match, and what is left over on either side."""

    gold: int
    found: int
    matched: int
    routes: tuple[int, int]  # of the matches whose gold states a route, how many found it, and how many there are
    indications: tuple[int, int]  # the same for indications
    missed: tuple[FoundDose, ...] = field(repr=False)
    extra: tuple[FoundDose, ...] = field(repr=False)

    @property
    def precision(self) -> float:
        """Return the share of what was found that is in the gold."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the gold that was found."""
        return self.matched / self.gold if self.gold else 0.0


def measure(library: Library, gold: Sequence[GoldDose]) -> ExtractionReport:
    """Return how the library's extracted doses compare with the gold, over the documents that the gold is about."""
    names = {dose.source for dose in gold}
    wanted = folded(_of_gold(gold, library))
    found = folded(_of_library(library, names))
    return compare(wanted, found)


def compare(gold: Sequence[FoundDose], found: Sequence[FoundDose]) -> ExtractionReport:
    """Return the report on folded doses. Of one key, equal routes are matched before a route and none."""
    waiting: dict[Key, list[FoundDose]] = defaultdict(list)
    for dose in found:
        waiting[dose.key].append(dose)
    pairs: list[tuple[FoundDose, FoundDose]] = []
    missed: list[FoundDose] = list(gold)
    for agree in (_same_route, _no_other_route):
        for dose in tuple(missed):
            if other := next((one for one in waiting[dose.key] if agree(dose, one)), None):
                waiting[dose.key].remove(other)
                missed.remove(dose)
                pairs.append((dose, other))
    routed = [(one, other) for one, other in pairs if one.route]
    told = [(one, other) for one, other in pairs if one.indications]
    return ExtractionReport(
        gold=len(gold),
        found=len(found),
        matched=len(pairs),
        routes=(sum(one.route == other.route for one, other in routed), len(routed)),
        indications=(sum(bool(one.indications & other.indications) for one, other in told), len(told)),
        missed=tuple(missed),
        extra=tuple(dose for doses in waiting.values() for dose in doses),
    )


def folded(doses: Iterable[FoundDose]) -> list[FoundDose]:
    """Return each dose once; one without a route is the same as one of its key that states one."""
    by_key: dict[Key, dict[str | None, FoundDose]] = defaultdict(dict)
    for dose in doses:
        routes = by_key[dose.key]
        known = routes.get(dose.route)
        both = dose.indications | (known.indications if known else frozenset())
        routes[dose.route] = FoundDose(dose.key, dose.route, both, (known or dose).quote, (known or dose).id)
    for routes in by_key.values():
        if len(routes) > 1 and (plain := routes.pop(None, None)):
            for route, dose in routes.items():
                routes[route] = FoundDose(dose.key, route, dose.indications | plain.indications, dose.quote, dose.id)
    return [dose for routes in by_key.values() for dose in routes.values()]


def lines(report: ExtractionReport) -> Iterator[str]:
    """Yield the report for print: the figures, then what was missed and what is to be judged by hand."""
    yield f"doses, folded: {report.gold} in the gold, {report.found} found, {report.matched} match"
    yield f"precision {report.precision:.3f}, recall {report.recall:.3f}"
    yield f"route found in {report.routes[0]} of the {report.routes[1]} matches whose gold states one"
    yield f"indication agrees in {report.indications[0]} of the {report.indications[1]} matches whose gold names one"
    for title, doses in (("missed", report.missed), ("not in the gold: judge by hand", report.extra)):
        if doses:
            yield f"{title}:"
            yield from (f"  {dose.id}  {_written(dose)}  | {dose.quote[:160]}" for dose in doses)


def as_data(report: ExtractionReport) -> dict[str, Any]:
    """Return the report for machines."""
    left = {"missed": report.missed, "extra": report.extra}
    return {
        **{name: getattr(report, name) for name in ("gold", "found", "matched", "precision", "recall")},
        **{name: list(getattr(report, name)) for name in ("routes", "indications")},
        **{name: [{"id": dose.id, "dose": _written(dose)} for dose in doses] for name, doses in left.items()},
    }


def _same_route(one: FoundDose, other: FoundDose) -> bool:
    return one.route == other.route


def _no_other_route(one: FoundDose, other: FoundDose) -> bool:
    return one.route is None or other.route is None


def _written(dose: FoundDose) -> str:
    document, drug, low, high, unit, often = dose.key
    amount = f"{float(low):g}" if low == high else f"{float(low):g}-{float(high):g}"
    times = "" if often is None else f" {'-'.join(dict.fromkeys(str(rate) for rate in often[:2]))} a day"
    return " ".join(filter(None, (document, drug, dose.route, f"{amount} {unit}{times}")))


def _of_library(library: Library, names: Iterable[str]) -> Iterator[FoundDose]:
    """Yield the extracted doses of the documents whose file, or id, has one of the names."""
    wanted = frozenset(names)
    called = {e.id: name for e in library.catalogue.entries() if (name := _called(e.path, e.id, wanted))}
    for body, places in library.facts("dose"):
        for place in places if body["origin"] == "extracted" and body["regimen"] else ():
            if name := called.get(place.document_id):
                quote = library.document(place.document_id).text[place.start : place.end]
                indications = frozenset(filter(None, (body["indication"],)))
                for key in _keys(name, body["drug"], body["regimen"]):
                    yield FoundDose(key, body["route"], indications, " ".join(quote.split()), body["id"])


def _called(path: str | None, identity: str, names: frozenset[str]) -> str | None:
    return next((name for name in (str(path or "").rpartition("/")[2], identity) if name in names), None)


def _of_gold(gold: Iterable[GoldDose], library: Library) -> Iterator[FoundDose]:
    vocabulary = library.vocabulary
    for dose in gold:
        drugs = [m.ids[0] for m in vocabulary.find(dose.drug) if vocabulary.terms[m.ids[0]].category == "drug"]
        drug = drugs[0] if drugs else dose.drug.lower()
        diseases = (m.ids for m in vocabulary.find(dose.indication or ""))
        indications = frozenset(i for ids in diseases for i in ids if vocabulary.terms[i].category == "disease")
        for key in _keys(dose.source, drug, dose.regimen):
            yield FoundDose(key, dose.route, indications, dose.regimen, dose.id)


def _keys(document: str, drug: str, regimen: str) -> Iterator[Key]:
    """Yield the key of the first regimen that a text gives."""
    for found in parse(regimen)[:1]:
        plain = found.regimen
        often = _rates(plain.frequency)
        yield document, drug, Fraction(plain.low), Fraction(plain.high), plain.unit, often


def _rates(frequency: Frequency | None) -> tuple[Fraction, Fraction, bool] | None:
    return None if frequency is None else (*frequency.rates, bool(frequency.months))
