"""Figures in text: numbers in one spelling, and the shapes that clinical figures take (doses, durations, rates).

The gate compares numbers through `figures`; the choice of a sentence asks `Shape` whether it holds the kind of
figure that the question wants. Both read number words and digits alike.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from corpus.text import fold

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_TENS = {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_NUMBER_WORDS |= {word: str(value) for word, value in _TENS.items()}
_NUMBER_WORDS |= {
    f"{tens}{join}{ones}": str(value + digit)
    for tens, value in _TENS.items()
    for digit, ones in enumerate("one two three four five six seven eight nine".split(), 1)
    for join in "- "
}
_NUMBER_WORDS |= {"once": "1", "twice": "2", "thrice": "3", "half": "0.5"}
_NUMBER_WORD = re.compile(r"\b(" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")\b")
_THOUSANDS = re.compile(r"(?<![\d.])(\d{1,3})((?:[, \u00a0\u202f]\d{3})+)(?!\d)")
_BARE_POINT = re.compile(r"(?<![\d.])\.(?=\d)")
_NUMBER = re.compile(r"(?<![a-z\d.])(?<![a-z]-)\d+(?:\.\d+)?")

_N = (
    r"(?:\d+(?:[.,]\d+)*|"
    + "|".join(sorted((w for w in _NUMBER_WORDS if w not in ("once", "twice", "thrice")), key=len, reverse=True))
    + ")"
)
_RANGE = rf"{_N}\s*(?:(?:%|mg)?\s*(?:-|to|or|and)\s*{_N})?"
_UNIT = r"(?:mg|g|mcg|µg|μg|ug|ml|iu|units?|milligrams?|micrograms?|mg/kg|mg/m2|m?j/cm\^?2)"
_PEOPLE = (
    r"(?:patients?|participants?|people|persons?|subjects?|individuals?|cases?|women|woman|men|man|children|adults)"
)


_COUNTED = (
    "patients?|participants?|people|persons?|subjects?|individuals?|cases?|women|woman|men|man|children|adults|rows?|"
    "combinations?|courses?|regimens?|studies|trials?|reports?|events?|times|therap(?:y|ies)|drugs?|isoforms?|articles?|"
    "uses|reviewed|treated|responders?|others?"
)


UNITS = {
    form: unit
    for unit, forms in {
        "mg": "mg milligram milligrams",
        "g": "g gram grams",
        "mcg": "mcg µg μg ug microgram micrograms",
        "ml": "ml",
        "%": "% percent",
        "hour": "hour hours h",
        "day": "day days",
        "week": "week weeks wk wks",
        "month": "month months mo",
        "year": "year years yo yr yrs",
    }.items()
    for form in forms.split()
}
"""The unit that a word after a figure stands for."""

_COUNTED_UNITS = {form: "patient" for form in ("patient", "patients", "pts")}
_MEASURED = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|%")
_JOINS = ("to", "or", "and")
_HOW_OFTEN = ("once", "twice", "thrice")
_NOT_COUNTED = r"(?:mg|g|mcg|ml|%|months?|weeks?|days?|years?|hours?|to\s+\d)"  # measured, so no number of patients
_REMEMBERED = 16_384  # texts; questions of one library meet the same sentences again and again


class Shape(StrEnum):
    """A kind of clinical figure, recognisable by its form alone."""

    DOSE = "dose"
    REGIMEN = "regimen"
    DURATION = "duration"
    SHARE = "share"
    COUNT = "count"
    RATE = "rate"
    PEOPLE = "people"
    AGE = "age"
    NUMBER = "number"


_SHAPES = {
    Shape.DOSE: re.compile(
        rf"{_RANGE}[\s-]*{_UNIT}\b|{_RANGE}\s*%[^.;]{{0,40}}?(?:once|twice|daily|cream|ointment|gel|topical|applied)"
        rf"|(?:cream|ointment|gel|topical)[^.;]{{0,40}}?{_RANGE}\s*%"
    ),
    Shape.REGIMEN: re.compile(
        rf"{_RANGE}[\s-]*(?:{_UNIT}\b|%)[^.;]{{0,40}}?"
        r"(?:daily|/\s?\d*\s?(?:day|week|h\b)|twice|once|weekly|every|per day|a day)"
    ),
    Shape.DURATION: re.compile(
        rf"{_RANGE}[\s-]*(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|hours?|minutes?)\b"
        rf"|\((?:days|weeks|months|years)\)\s*:\s*{_N}"  # a table cell under a column that names the unit
    ),
    Shape.SHARE: re.compile(
        rf"{_RANGE}\s*(?:%|percent|per cent)|{_N}\s+(?:of|out of)\s+(?:the\s+)?{_N}\b|\ball\b|\bnone\b|\bno\b"
    ),
    Shape.COUNT: re.compile(
        rf"\b{_N}\s+(?!{_NOT_COUNTED})(?:[\w-]+\s+){{0,4}}?(?:{_COUNTED})\b|\b{_N}\s+(?:of|out of)\b"
        rf"|\ball (?:but|of)\b|\bnone\b|\bno\b"
        rf"|[a-z]\s\(\d{{1,4}}\)(?=(?:,|,? and| or)\s[^()]{{3,40}}\(\d{{1,4}}\))"
        rf"|\b(?:n|total|in|to) ?=? ?{_N}\b(?!\s*(?:(?:to|-|or)\s*{_N}\s*)?(?:%|{_NOT_COUNTED}))"
    ),
    Shape.RATE: re.compile(rf"{_N}(?=[^.]{{0,80}}(?:per|/)\s*\d)|per\s+\d+|{_N}\s*%|\d\.\d|no data"),
    Shape.PEOPLE: re.compile(
        rf"\b{_N}\s+(?!{_NOT_COUNTED})(?:(?!\(|phase\b)[\w-]+,?\s+){{0,4}}?{_PEOPLE}\b|\b{_N}\s+(?:of|out of)\b"
        rf"|\ball (?:but|of)\b|\bnone\b|\bno\b|\bn\s*=\s*{_N}\b|\b{_PEOPLE}[^.;:]{{0,20}}\(\s*{_N}\b(?!\s*[:%])"
        rf"|\btotal(?:\s+of)?\s+{_N}\b|\b(?:enrol?lment|sample)[^.;]{{0,20}}\b{_N}\b|\b{_PEOPLE}\b[^.;:(]{{0,25}}:\s*{_N}\b"
    ),
    Shape.AGE: re.compile(
        rf"\b(?:age[ds]?|old|young(?:er)?)\b[^.;]{{0,60}}?\b{_N}\b"
        rf"|\b{_N}[\s-]*(?:years?|yrs?|months?)?(?:[\s-]old|[\s-]+of age)\b"
        rf"|\b{_N}\s?(?:y/?o|yrs?)\b"
    ),
    Shape.NUMBER: re.compile(rf"\b{_N}\b"),
}


_YEARS = re.compile(rf"{_RANGE}[\s-]*(?:years?|yrs?|yo)\b")


@lru_cache(maxsize=_REMEMBERED)
def figures(text: str) -> frozenset[str]:
    """Return the numbers of `text` in one spelling.

    Number words become digits, thousands separators and leading zeros go, and trailing zeros after a decimal
    point too, so that "twice", "2", "2.0" and "02" are equal. A digit inside a name (JAK1, IL-4) is no number.
    """
    text = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found.group()), fold(text))
    text = _NUMBER_WORD.sub(lambda found: _NUMBER_WORDS[found.group(1)], text)
    text = _BARE_POINT.sub("0.", text.replace("\u00b7", "."))
    return frozenset(_spelling(number) for number in _NUMBER.findall(text))


def measured(text: str) -> dict[str, frozenset[str]]:
    """Return the figures, each with the units that follow it; "" is a place where none does.

    In "5 to 10 mg" the unit is that of both figures. How often (once, twice) is no figure with a unit.
    """
    found: dict[str, set[str]] = {}
    waiting: list[str] = []
    for token in (*_MEASURED.findall(fold(text)), ""):
        if token not in _HOW_OFTEN and (number := figures(token)):
            waiting += number
        elif token not in _JOINS:
            for figure in waiting:
                found.setdefault(figure, set()).add(UNITS.get(token) or _COUNTED_UNITS.get(token, ""))
            waiting = []
    return {figure: frozenset(units) for figure, units in found.items()}


@lru_cache(maxsize=_REMEMBERED)
def has_shape(text: str, shape: Shape) -> bool:
    """Return whether `text` holds a figure of this shape."""
    return bool(_SHAPES[shape].search(fold(text)))


def without_ages(text: str) -> str:
    """Return a text, folded, without the years of those that it tells the age of; where it tells none, as it is."""
    return _YEARS.sub(" ", fold(text)) if has_shape(text, Shape.AGE) else text


def _spelling(number: str) -> str:
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.lstrip("0").replace(".", "0.", 1) if number.lstrip("0").startswith(".") else number.lstrip("0") or "0"
