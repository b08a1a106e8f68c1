"""How often a dose is taken and for how long: the words for both, and what they mean.

A frequency is kept in whole days or in calendar months, and is never rounded. Words that can mean two frequencies, such
as "biweekly", give None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from corpus.dose_words import COUNTS, INTEGER, NUMBER, TO, G, H, W, figure, number

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
_FIXED: tuple[tuple[str, int, int], ...] = (  # pattern, times, days; "q12h" and "qd" are intervals
    (
        r"(?:b\.i\.d|b\.d)\.?(?!\w)|(?:bid|bd)\b|(?:(?:every|each|in\s+the)\s+)?morning\s+and\s+(?:(?:every|each|in\s+the|at)\s+)?(?:evening|night|bedtime)\b",
        2,
        1,
    ),
    (r"(?:t\.i\.d|t\.d\.s)\.?(?!\w)|(?:tid|tds)\b", 3, 1),
    (r"(?:q\.i\.d|q\.d\.s)\.?(?!\w)|(?:qid|qds)\b", 4, 1),
    (r"o\.d\.?(?!\w)|(?:od|qhs|nocte)\b|at\s+(?:bedtime|night)\b|in\s+the\s+(?:morning|evening)\b", 1, 1),
    (r"q\.o\.d\.?(?!\w)|qod\b|(?:on\s+)?alternate\s+days\b", 1, 2),
    (r"eow\b", 1, 14),
)
_TIMES = (
    rf"(?:(?P<t1>once|twice|thrice|{INTEGER})(?:{W}times)?{TO})?"
    rf"(?P<t2>once|twice|thrice|{INTEGER}{H}(?:times\b|[x×])|[x×]{W}{INTEGER}){H}(?:in{G}(?=an?\b))?"
)
_INTERVAL = (
    rf"(?:(?P<intro>/|per\b|each\b|every\b|q\.?){H}"
    rf"(?:(?P<n1>other|alternate|second|third|fourth|2nd|3rd|4th|{INTEGER})(?:{TO}(?P<n2>{INTEGER}))?)?{H}"
    # "10 mg a day before surgery" tells when, not how often.
    rf"|an?{G}(?=[a-z]{{2,}}\b(?!{G}(?:before|after|later|earlier|prior|ago|previously)\b)))"
    rf"(?P<period>{'|'.join(words for words, _, _ in _PERIODS.values())})(?!\w|-old)"
)
FREQUENCY = re.compile(
    rf"(?P<doubtful>bi-?(?:weekly|monthly)\b|{INTEGER}{G}weekly\b"
    rf"|(?:(?:on|for){G})?{INTEGER}{G}days{W}(?:/|a\b|per\b|each\b|every\b|in{G}a\b|of{G}the\b){W}week\b)"
    rf"|(?P<fixed>{'|'.join(words for words, _, _ in _FIXED)})"
    rf"|(?P<power>day|week|month)-1(?!\w)"
    rf"|(?P<n0>{INTEGER})(?:[\s-](?=hourly)|-)(?P<nly>hourly|weekly|monthly)\b"
    rf"|(?:{_TIMES})?(?:/?(?P<adverb>{'|'.join(_ADVERBS)})\b|{_INTERVAL})",
    re.IGNORECASE,
)
DURATION = re.compile(
    rf"(?P<intro>for|over|during|[x×]){W}(?:(?:a{G})?(?:period|total){G}of{G})?(?P<n1>{NUMBER}|a\b)"
    rf"(?:{TO}(?P<n2>{NUMBER}))?{H}(?P<period>day|week|wk|month|mo|year|yr)s?(?![\w-])"
    rf"(?!{G}(?:old|of{G}age|(?:and|or){G}(?:older|above|over))\b)",
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

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high or (self.days or 0) < 0 or bool(self.days) == bool(self.months):
            raise ValueError(f"{self!r} is no frequency; give times from low to high, and days or months.")

    @property
    def rates(self) -> tuple[Fraction, Fraction]:
        """Return the times per day, or per month where the period is in months; low and high, exact."""
        period = self.days or self.months or 1
        return Fraction(self.low, period), Fraction(self.high, period)

    @property
    def times(self) -> str:
        """Return how often in the period: "once", "twice", "3 times", "2 to 3 times"."""
        if self.low < self.high:
            return f"{self.low} to {self.high} times"
        return {1: "once", 2: "twice"}.get(self.low, f"{self.low} times")

    def text(self) -> str:
        """Return the normal form, such as "twice daily", "every 14 days", "every 4 to 6 weeks" in days."""
        period, unit = (self.days, "days") if self.days else (self.months or 1, "months")
        adverb = {(1, "days"): "daily", (7, "days"): "weekly", (1, "months"): "monthly"}.get((period, unit))
        if adverb:
            return f"{self.times} {adverb}"
        if self.low == self.high == 1:
            return f"every {period} {unit}"
        shortest, longest = period // self.high, period // self.low
        if self.low < self.high and (self.low * longest, self.high * shortest, lcm(shortest, longest)) == (period,) * 3:
            return f"every {shortest} to {longest} {unit}"
        return f"{self.times} every {period} {unit}"


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


def frequency(found: re.Match[str]) -> Frequency | None:
    """Return the frequency that a match of `FREQUENCY` means, or None where the words can mean two things."""
    part = found.groupdict()
    if part["doubtful"]:
        return None
    if part["fixed"]:
        times, days = next((t, d) for words, t, d in _FIXED if re.fullmatch(words, part["fixed"], re.IGNORECASE))
        return Frequency(times, times, days=days)
    high = _count(part["t2"]) if part["t2"] else 1
    low = _count(part["t1"]) if part["t1"] else high
    adverb, every = part["adverb"] or part["nly"], part["n0"] or part["n1"]
    period = _ADVERBS[adverb.lower()] if adverb else _period(part["power"] or part["period"])
    # 5 mg/h is the speed of an infusion, not a dose taken 24 times a day.
    if period == "hour" and not every and (part["intro"] or "").lower() != "every":
        return None
    shortest = _count(every) if every else 1
    return _frequency(low, high, shortest, _count(part["n2"]) if part["n2"] else shortest, period)


def duration(found: re.Match[str]) -> Duration | None:
    """Return the duration that a match of `DURATION` means; None for none ("over 65 years" is an age)."""
    unit = found["period"].lower()
    low = number(found["n1"])
    high = number(found["n2"]) if found["n2"] else low
    if low > high or not high or (unit in ("year", "yr") and found["intro"].lower() == "over"):
        return None
    return Duration(low, high, _SPELLED.get(unit, unit))


def _frequency(low: int, high: int, shortest: int, longest: int, period: str) -> Frequency | None:
    _, size, unit = _PERIODS[period]
    if not 0 < low <= high or not 0 < shortest <= longest:
        return None
    span = size * shortest
    if shortest == longest:
        low, high, length = low * span.denominator, high * span.denominator, span.numerator
    else:
        slow, fast = low / (size * longest), high / span
        length = lcm(slow.denominator, fast.denominator)
        low, high = int(slow * length), int(fast * length)
    return Frequency(low, high, days=length) if unit == "days" else Frequency(low, high, months=length)


def _period(word: str) -> str:
    return next(name for name, (words, _, _) in _PERIODS.items() if re.fullmatch(words, word, re.IGNORECASE))


def _count(text: str) -> int:
    digits = re.sub(r"(?i)[\s-]*(?:times|[x×])\s*", "", text).lower()
    return COUNTS.get(digits) or int(digits)
