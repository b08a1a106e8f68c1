"""The words of doses and what each means: numbers, units, routes, releases, frequencies and durations.

The tables are what a pharmacist would check; `corpus.dosing` puts the words together into regimens. Every pattern
works on text whose dashes were unified one for one, so its offsets are offsets into the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

S = r"(?:[^\S\t\n]|\n(?![^\S\n]*\n))"  # white space inside a paragraph or a cell, never across one
W = S + "{0,4}"  # bounded, so that no run of spaces costs quadratic time
H = rf"(?:{S}|-){{0,4}}"
_COUNT_WORDS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty once twice thrice a other alternate second third fourth".split(),
        [*range(1, 21), 1, 2, 3, 1, 2, 2, 2, 3, 4],
        strict=True,
    )
)
_WORDS = "|".join(list(_COUNT_WORDS)[:20])
NUMBER = (
    r"(?:(?:[0-9]{1,3}(?:[,\u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,9}(?:[.,][0-9]{1,6})?|\.[0-9]{1,6})"
    rf"(?![0-9]|[.,][0-9])|(?:{_WORDS})\b)"
)
INTEGER = rf"(?:[0-9]{{1,6}}(?![0-9]|[.,][0-9])|(?:{_WORDS})\b)"
TO = rf"{W}(?:-|(?:up{S}{{1,4}})?to\b|or\b){W}"

MASS = {"mg": Fraction(1), "g": Fraction(1000), "µg": Fraction(1, 1000), "ng": Fraction(1, 1_000_000)}
COUNTED = ("tablets", "capsules", "drops", "puffs", "sachets")
_SIMPLE = {
    "mg": r"mgs?|milligram(?:me)?s?",
    "g": r"(?-i:g)|grams?|gm",  # never G: Fig. 3G, IgG, 49G
    "µg": r"[µμ]g|mcg|ug|microgram(?:me)?s?",
    "ng": r"ng|nanogram(?:me)?s?",
    "mL": r"ml|millilit(?:er|re)s?",
    "IU": r"i\.?u\.?|international\s+units?",
    "units": r"units?",
}
_PER = {
    "/kg": rf"(?:{W}(?:/|-?per\b){W}kg|{W}[.·]?kg-1)(?!\w)(?:{W}(?:of{S}{{1,4}})?(?:body{W}weight|bw)\b)?",
    "/m²": rf"{W}(?:/|per\b){W}m[2²](?!\w)",
}
_UNITS = {
    **{name + per: f"(?:{word})(?:{tail})" for name, word in _SIMPLE.items() for per, tail in _PER.items()},
    **{name: f"(?:{word})(?!\\w)" for name, word in _SIMPLE.items()},
    "%": r"[%％]|per\s?cent\b",
    "tablets": r"(?:tablets?|tabs?|pills?)\b",
    "capsules": r"capsules?\b",
    "drops": r"drops?\b",
    "puffs": r"puffs?\b",
    "sachets": r"sachets?\b",
}
UNITS = tuple(_UNITS)
UNIT = "(?:" + "|".join(_UNITS.values()) + ")"
WEAK = ("%", "g", "mL", "units")  # as often a share, a weight, a volume or a score: a dose only with a sign of one

RELEASES = {
    "extended release": r"(?:extended|prolonged)[\s-]release|(?-i:XR|ER|XL)\b",
    "sustained release": r"sustained[\s-]release|(?-i:SR)\b",
    "modified release": r"modified[\s-]release|(?-i:MR)\b",
    "delayed release": r"delayed[\s-]release",
    "immediate release": r"immediate[\s-]release",
}
ROUTES = {
    "oral": r"oral(?:ly)?\b|by\s+mouth\b|p\.o\.|po\b",
    "subcutaneous": r"subcuta-?\s?neous(?:ly)?\b|s\.c\.|sc\b|subcut\b|sq\b",
    "intravenous": r"intravenous(?:ly)?\b|i\.v\.|iv\b",
    "intramuscular": r"intramuscular(?:ly)?\b|i\.m\.|im\b",
    "topical": r"topical(?:ly)?\b",
    "intralesional": r"intralesional(?:ly)?\b",
    "intradermal": r"intradermal(?:ly)?\b",
    "inhaled": r"inhaled\b|by\s+inhalation\b",
    "rectal": r"rectal(?:ly)?\b",
}
FORMS = {
    name: rf"{name}s?\b"
    for name in "cream ointment gel lotion foam solution shampoo spray paste tablet capsule suspension injection".split()
}
# INN stems: one drug name may stand between an amount and its frequency, any other word ends the regimen.
DRUG = (
    r"\b[a-z]{2,}(?:tinib|nib|mab|cept|limus|sone|lone|trexate|sporine?|prine|cycline|quine|azole|ast|one|ine|mide|"
    r"mycin|cillin|statin|mod|tide|zine|pril|fenac|virin?|ast|vitamin)\b"
)

_PERIODS: dict[str, tuple[str, Fraction, str]] = {
    "hour": (r"hours?|hrs?|h", Fraction(1, 24), "days"),
    "day": (r"days?|d|mornings?|evenings?|nights?", Fraction(1), "days"),
    "week": (r"weeks?|wks?|w", Fraction(7), "days"),
    "fortnight": (r"fortnights?", Fraction(14), "days"),
    "month": (r"months?|mos?", Fraction(1), "months"),
    "year": (r"years?|yrs?", Fraction(12), "months"),
}
_ADVERBS = {
    "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "fortnightly": "fortnight",
    "monthly": "month", "yearly": "year", "annually": "year",
}  # fmt: skip
_FIXED = {  # abbreviations without their points: times, days
    "bid": (2, 1), "bd": (2, 1), "tid": (3, 1), "tds": (3, 1), "qid": (4, 1), "qds": (4, 1), "od": (1, 1),
    "qod": (1, 2), "eow": (1, 14), "qhs": (1, 1), "nocte": (1, 1), "at bedtime": (1, 1), "at night": (1, 1),
    "in the morning": (1, 1), "in the evening": (1, 1), "on alternate days": (1, 2), "alternate days": (1, 2),
    "morning and evening": (2, 1), "morning and night": (2, 1),
}  # fmt: skip
_FIXED_PATTERN = (
    r"(?:b\.?i\.?d|b\.?d|t\.?i\.?d|t\.?d\.?s|q\.?i\.?d|q\.?d\.?s|o\.?d|q\.?o\.?d|eow|qhs|nocte)\b\.?"
    r"|at\s+bedtime\b|at\s+night\b|(?:on\s+)?alternate\s+days\b"
    r"|(?:(?:every|each|in\s+the)\s+)?morning\s+and\s+(?:evening|night)\b|in\s+the\s+(?:morning|evening)\b"
)
_COUNT = rf"(?:once|twice|thrice|{INTEGER})"
_TIMES = (
    rf"(?:(?P<t1>{_COUNT})(?:{W}times)?{TO})?"
    rf"(?P<t2>once|twice|thrice|{INTEGER}{W}-?(?:times\b|[x×])|[x×]{W}{INTEGER}){H}"
)
_INTERVAL = (
    rf"(?P<intro>/|per\b|an?\b|each\b|every\b|in{S}{{1,4}}an?\b|q\.?){H}"
    rf"(?:(?P<n1>other|alternate|second|third|fourth|{INTEGER})(?:{TO}(?P<n2>{INTEGER}))?)?{H}"
    rf"(?P<period>{'|'.join(words for words, _, _ in _PERIODS.values())})(?!\w)"
)
# "10 mg a day before surgery" tells when, not how often; "for 5 days" is a duration.
_NOT_WHEN = rf"(?!{S}{{1,4}}(?:before|after|later|earlier|prior|ago|previously)\b)"
FREQUENCY = re.compile(
    rf"(?P<doubtful>bi-?(?:weekly|monthly)\b|{INTEGER}{S}{{1,4}}weekly\b"
    rf"|(?:on{S}{{1,4}})?{INTEGER}{S}{{1,4}}days{W}(?:/|a\b|per\b|each\b|every\b|in{S}{{1,4}}a\b){W}week\b)"
    rf"|(?P<fixed>{_FIXED_PATTERN})"
    rf"|(?P<day_1>day|week|month)-1(?!\w)"
    rf"|(?:(?P<n0>{INTEGER})[\s-](?=hourly)|(?P<n3>{INTEGER})-)(?P<nly>hourly|weekly|monthly)\b"
    rf"|(?:{_TIMES})?(?:(?P<adverb>daily|nightly|weekly|fortnightly|monthly|yearly|annually)\b|{_INTERVAL}{_NOT_WHEN})",
    re.IGNORECASE,
)
DURATION = re.compile(
    rf"(?P<intro>for|over|during|[x×]){W}(?:(?:a{S}{{1,4}})?(?:period|total){S}{{1,4}}of{S}{{1,4}})?(?P<n1>{NUMBER}|a\b)"
    rf"(?:{TO}(?P<n2>{NUMBER}))?{H}(?P<period>day|week|wk|month|mo|year|yr)s?(?![\w-])"
    rf"(?!{S}{{1,4}}(?:old|of{S}{{1,4}}age|(?:and|or){S}{{1,4}}(?:older|above|over))\b)",
    re.IGNORECASE,
)
_SPELLED = {"wk": "week", "mo": "month", "yr": "year"}
_DAYS = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(1461, 48), "year": Fraction(1461, 4)}


@dataclass(frozen=True, slots=True)
class Frequency:
    """`low` to `high` times in a period of whole days, or of calendar months, which have no exact number of days."""

    low: int
    high: int
    days: int | None = None
    months: int | None = None

    @property
    def rates(self) -> tuple[Fraction, Fraction]:
        """Return the times per day, or per month where the period is in months; low and high, exact."""
        period = self.days or self.months or 1
        return Fraction(self.low, period), Fraction(self.high, period)

    def text(self) -> str:
        """Return the normal form, such as "twice daily", "every 14 days" or "2 to 3 times weekly"."""
        period, unit = (self.days, "days") if self.days else (self.months or 1, "months")
        adverb = {(1, "days"): "daily", (7, "days"): "weekly", (1, "months"): "monthly"}.get((period, unit))
        if adverb:
            return f"{self.times()} {adverb}"
        if self.low == self.high == 1:
            return f"every {period} {unit}"
        shortest, longest = period // self.high, period // self.low
        if shortest < longest and (self.low * longest, self.high * shortest) == (period, period):
            if lcm(shortest, longest) == period:
                return f"every {shortest} to {longest} {unit}"
        return f"{self.times()} every {period} {unit}"

    def times(self) -> str:
        """Return how often in the period: "once", "twice", "3 times", "2 to 3 times"."""
        if self.low < self.high:
            return f"{self.low} to {self.high} times"
        return {1: "once", 2: "twice"}.get(self.low, f"{self.low} times")


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a regimen is given, as stated: `low` to `high` of `unit` (day, week, month or year)."""

    low: Decimal
    high: Decimal
    unit: str

    @property
    def days(self) -> tuple[int, int]:
        """Return the days, low and high; months and years are averaged (365.25 days a year) and rounded."""
        return round(Fraction(self.low) * _DAYS[self.unit]), round(Fraction(self.high) * _DAYS[self.unit])

    def text(self) -> str:
        """Return the normal form, such as "for 6 to 12 months"."""
        return f"for {figure(self.low, self.high)} {self.unit}{'' if self.low == self.high == 1 else 's'}"


def plain(value: Decimal) -> str:
    """Return `value` as a plain decimal without trailing zeros or exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(low: Decimal, high: Decimal) -> str:
    """Return "5" or "5 to 10"."""
    return plain(low) if low == high else f"{plain(low)} to {plain(high)}"


def number(text: str) -> Decimal:
    """Return the value of a text that `NUMBER` matches: a comma is a decimal one unless three digits follow it."""
    text = text.lower()
    if text in _COUNT_WORDS:
        return Decimal(_COUNT_WORDS[text])
    text = re.sub(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9])", "", text)
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        text = text.replace(",", "")
    elif text.count(",") > 1:  # no decimal comma stands twice: 0,000,500
        text = text.replace(",", "")
    return Decimal(text.replace(",", "."))


def unit_of(text: str) -> str:
    """Return the canonical unit of a text that `UNIT` matches."""
    return next(name for name, pattern in _UNITS.items() if re.fullmatch(pattern, text, re.IGNORECASE))


def word_of(table: dict[str, str], text: str) -> str:
    """Return the canonical word of a text that begins as one of the patterns of `table` does."""
    return next(name for name, pattern in table.items() if re.match(pattern, text, re.IGNORECASE))


def frequency(found: re.Match[str]) -> Frequency | None:
    """Return the frequency that a match of `FREQUENCY` means, or None where the words can mean two things."""
    part = found.groupdict()
    if part["doubtful"]:
        return None
    if part["fixed"]:
        key = re.sub(r"^(?:every|each|in the) (?=morning and)", "", " ".join(part["fixed"].lower().split()))
        times, days = _FIXED[key.replace(".", "")]
        return Frequency(times, times, days=days)
    high = _count(part["t2"]) if part["t2"] else 1
    low = _count(part["t1"]) if part["t1"] else high
    if adverb := (part["adverb"] or part["nly"]):
        name, shortest = _ADVERBS[adverb.lower()], _count(part["n0"] or part["n3"] or "1")
    else:
        name, shortest = _period(part["day_1"] or part["period"]), _count(part["n1"] or "1")
        # 5 mg/h is the speed of an infusion, not a dose taken 24 times a day.
        if name == "hour" and not part["n1"] and part["intro"].lower() != "every":
            return None
    longest = _count(part["n2"]) if part["n2"] else shortest
    return _frequency(low, high, shortest, longest, name)


def duration(found: re.Match[str]) -> Duration | None:
    """Return the duration that a match of `DURATION` means; None for none ("over 65 years" is an age)."""
    unit = _SPELLED.get(found["period"].lower(), found["period"].lower())
    low = number(found["n1"])
    high = number(found["n2"]) if found["n2"] else low
    if low > high or not high or (unit == "year" and found["intro"].lower() == "over"):
        return None
    return Duration(low, high, unit)


def _frequency(low: int, high: int, shortest: int, longest: int, period: str) -> Frequency | None:
    _, size, unit = _PERIODS[period]
    if not 0 < low <= high or not 0 < shortest <= longest:
        return None
    if shortest == longest:
        span = size * shortest
        pair, length = (low * span.denominator, high * span.denominator), span.numerator
    else:
        rates = Fraction(low) / (size * longest), Fraction(high) / (size * shortest)
        length = lcm(rates[0].denominator, rates[1].denominator)
        pair = int(rates[0] * length), int(rates[1] * length)
    return Frequency(*pair, **{unit: length})


def _period(word: str) -> str:
    return next(name for name, (words, _, _) in _PERIODS.items() if re.fullmatch(words, word, re.IGNORECASE))


def _count(text: str) -> int:
    digits = re.sub(r"(?i)[\s-]*(?:times|[x×])\s*", "", text).lower()
    return _COUNT_WORDS.get(digits) or int(digits)
