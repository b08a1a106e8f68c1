"""Dose facts from sentences: what the dose grammar reads, with the drug, route and disease that it belongs to.

An amount that is denied, supposed, a limit, a step or a total gives no fact. How sure a fact is follows from how far
away its drug stands and from what the grammar leaves open (docs/adr/0015).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus import dose_words
from corpus.dose_patterns import DRUG
from corpus.dosing import Found, Regimen, parse
from corpus.extraction.cues import Cues
from corpus.extraction.doubts import reason_against
from corpus.extraction.owners import How, Owner, is_called_dose, owner
from corpus.extraction.said import Said
from corpus.types import Span

CONFIDENCE: dict[How, float] = {"beside": 0.95, "sentence": 0.85, "earlier": 0.75, "heading": 0.65}
"""How sure a dose is by where its drug stands; lowered by what is left open. Measured in docs/adr/0015."""

_OPEN = {
    "No frequency stands with": 0.9,
    "the words after the last amount are read as holding for it too": 0.95,
    "is an average over patients": 0.7,
    "is a strength or a share": 0.9,
    "is approximate": 0.8,
}
"""What the grammar may leave open of a dose, by words of its sentence, and what that takes from the confidence."""

_ANY_DOSE = re.compile(
    r"\d\s*-?\s*(?:m?g|mcg|µg|μg|ug|ng|m[lL]|%|％|IU|iu|units?|mg|milli|micro|tab|cap|drop|puff|sachet)", re.IGNORECASE
)
_SHARING = re.compile(r"\b(?:both|each|all)\b", re.IGNORECASE)
_TOPICAL = re.compile(
    dose_words.ROUTES["topical"]
    + "|"
    + "|".join(dose_words.FORMS[f] for f in ("cream", "ointment", "gel", "lotion", "foam")),
    re.IGNORECASE,
)
_MASKED, _LONGEST_MASKED = 5, 23  # letters of a name that the grammar can take for a generic one
_GENERIC = re.compile(rf"(?:{DRUG})|(?-i:\b(?:XR|ER|XL|SR|MR)\b)", re.IGNORECASE)
_BEFORE_DRUG = 25  # characters among which a drug's route stands before it
_ROUTE_BEFORE = re.compile(rf"(?:{'|'.join(dose_words.ROUTES.values())})[\s-]+(?:\w+[\s-]+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dose:
    """A regimen of a drug and where it stands in its text; `note` says what the text leaves open."""

    drug: str
    regimen: Regimen
    span: Span
    how: How
    confidence: float
    note: str | None = None


def doses_in(said: Said, cues: Cues) -> Iterator[Dose]:
    """Yield the doses that a sentence gives, in order."""
    if not _ANY_DOSE.search(said.text):
        return
    found: list[tuple[Found, Owner]] = []
    for one in parse(_with_plain_names(said)):
        if owned := owner(said, one.span.start, one.span.end, cues, found[-1][1] if found else None):
            found.append((one, owned))
    for number, (one, owned) in enumerate(found):
        confidence = CONFIDENCE[owned.how] * certainty(one)
        is_bare = one.regimen.frequency is None and owned.how in ("earlier", "heading")
        if is_bare and not is_called_dose(said, one.span.start, one.span.end):
            continue
        if not confidence or reason_against(said, one.span.start, one.span.end, cues):
            continue
        regimen = _with_route(_shared(number, found, said), owned, said)
        if regimen.unit == "%" and not (regimen.route == "topical" or _TOPICAL.search(said.text)):
            continue
        open_ = one.ambiguity if regimen.frequency == one.regimen.frequency else None
        yield Dose(owned.drug, regimen, one.span, owned.how, round(confidence, 2), open_)


def _with_plain_names(said: Said) -> str:
    """Return a text of the same length whose drugs the grammar knows for drugs: "40 mg Brand every week" is one dose.

    The grammar tells a drug by the endings of generic names, so a brand is written as such a name.
    """
    text = said.text
    for drug in said.named("drug"):
        surface = drug.surface
        if (
            _MASKED <= len(surface) <= _LONGEST_MASKED
            and surface.replace(" ", "").isalpha()
            and not _GENERIC.search(surface)
        ):
            text = f"{text[: drug.start]}{'x' * (len(surface) - 3)}mab{text[drug.end :]}"
    return text


def certainty(one: Found) -> float:
    """Return what is left of the confidence, between 0 and 1, after what the grammar says of a regimen."""
    certainty, said = 1.0, one.ambiguity or ""
    for sentence in filter(None, re.split(r"(?<=[.])\s+(?=[“A-Z])", said)):
        certainty *= next((share for words, share in _OPEN.items() if words in sentence), 0.0)
    return certainty


def _shared(number: int, found: list[tuple[Found, Owner]], said: Said) -> Regimen:
    """Return a regimen with the frequency that it shares: "X 1% and Y 2%, both twice daily" gives it once for both."""
    one, _ = found[number]
    if one.regimen.frequency is None and number + 1 < len(found):
        after, owned = found[number + 1]
        between = said.text[one.span.end : after.span.start]
        tail = said.text[after.span.start : after.span.end]
        if owned.at is not None and owned.at >= one.span.end and re.match(r"\s*(?:and|or|,)\s", between):
            if _SHARING.search(tail) and len(between.split()) <= 4:
                return replace(one.regimen, frequency=after.regimen.frequency)
    return one.regimen


def _with_route(regimen: Regimen, owned: Owner, said: Said) -> Regimen:
    """Return a regimen with the route that stands before its drug, as in "oral prednisone was given at 5 mg daily"."""
    if regimen.route is None and owned.at is not None:
        before = said.text[max(0, owned.at - _BEFORE_DRUG) : owned.at]
        if route := _ROUTE_BEFORE.search(before):
            return replace(regimen, route=dose_words.word_of(dose_words.ROUTES, route[0]))
    if regimen.route is None and regimen.unit == "%" and _TOPICAL.search(said.text[: owned.at or 0]):
        return replace(regimen, route="topical")  # "topical X 1% and Y 2%": a strength is shared like its figures
    return regimen
