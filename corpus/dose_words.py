"""The words of doses and what each means: numbers, units, routes, releases, frequencies and durations.

The tables are what a pharmacist would check; `corpus.dosing` puts the words together into regimens. The patterns read
text whose dashes were unified one for one, so their offsets are offsets into the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

# White space inside a paragraph or a table cell, never across one; bounded, so that no run of it costs much time.
S = r"(?:[^\S\t\n]|\n(?![^\S\n]*\n))"
W, G, H = S + "{0,4}", S + "{1,4}", rf"(?:{S}|-){{0,4}}"

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_COUNTS = {word: value for value, word in enumerate(_NUMBERS, 1)} | {
    "once": 1, "twice": 2, "thrice": 3, "a": 1, "other": 2, "alternate": 2, "second": 2, "third": 3, "fourth": 4,
    "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_NUMBER_WORD = rf"(?:{'|'.join(_NUMBERS)})\b"
_WHOLE = r"(?![0-9]|[.,][0-9])"  # never the beginning of a longer figure
_THOUSANDS = r"[1-9][0-9]{0,2}(?:[,\u00a0\u2009\u202f][0-9]{3}){1,3}(?:\.[0-9]{1,6})?"
NUMBER = rf"(?:(?:{_THOUSANDS}|[0-9]{{1,9}}(?:[.,][0-9]{{1,6}})?|\.[0-9]{{1,6}}){_WHOLE}|{_NUMBER_WORD})"
INTEGER = rf"(?:[0-9]{{1,6}}{_WHOLE}|{_NUMBER_WORD})"
TO = rf"{W}(?:-|to\b|or\b){W}"

MASS = {"mg": Fraction(1), "g": Fraction(1000), "µg": Fraction(1, 1000), "ng": Fraction(1, 1_000_000)}
COUNTED = ("tablets", "capsules", "drops", "puffs", "sachets")
WEAK = ("%", "g", "mL", "units")  # as often a share, a weight, a volume or a score: a dose only with a sign of one
_SIMPLE = {
    "mg": r"mgs?|milligram(?:me)?s?",
    "g": r"(?-i:g)|grams?|gm",  # never G: Fig. 3G, IgG
    "µg": r"[µμ]g|mcg|ug|microgram(?:me)?s?",
    "ng": r"ng|nanogram(?:me)?s?",
    "mL": r"ml|millilit(?:er|re)s?",
    "IU": rf"i\.?u\.?|international{G}units?",
    "units": r"units?",
}
_PER = {
    "/kg": rf"(?:{W}(?:/|-?per\b){H}kg|{W}\.?{W}kg-1)(?!\w)(?:{W}(?:of{G})?(?:body{W}weight|bw)\b)?",
    "/m²": rf"{W}(?:/|per\b){W}(?:m[2²]|square{G}met(?:er|re))(?!\w)",
}
_UNITS = (
    {name + per: f"(?:{word}){tail}" for name, word in _SIMPLE.items() for per, tail in _PER.items()}
    | {name: rf"(?:{word})(?!\w)" for name, word in _SIMPLE.items()}
    | {"%": r"[%％]|per\s?cent\b", "tablets": r"(?:tablets?|tabs?|pills?)\b"}
    | {name: rf"{name}?\b" for name in ("capsules", "drops", "puffs", "sachets")}
)
UNITS = tuple(_UNITS)
UNIT = "(?:" + "|".join(_UNITS.values()) + ")"

RELEASES = {
    "extended release": r"(?:extended|prolonged)[\s-]release\b|(?-i:XR|ER|XL)\b",
    "sustained release": r"sustained[\s-]release\b|(?-i:SR)\b",
    "modified release": r"modified[\s-]release\b|(?-i:MR)\b",
    "delayed release": r"delayed[\s-]release\b",
    "immediate release": r"immediate[\s-]release\b",
}
ROUTES = {
    "oral": r"oral(?:ly)?\b|by\s+mouth\b|p\.o\.|po\b",
    "subcutaneous": r"subcuta(?:-\s)?neous(?:ly)?\b|s\.c\.|sc\b|subcut\b|sq\b",
    "intravenous": r"intravenous(?:ly)?\b|i\.v\.|iv\b",
    "intramuscular": r"intramuscular(?:ly)?\b|i\.m\.|im\b",
    "topical": r"topical(?:ly)?\b",
    "intralesional": r"intralesional(?:ly)?\b",
    "intradermal": r"intradermal(?:ly)?\b",
    "inhaled": r"inhaled\b|by\s+inhalation\b",
    "rectal": r"rectal(?:ly)?\b",
}
_FORM_NAMES = "cream ointment gel lotion foam solution shampoo spray paste tablet capsule suspension injection"
FORMS = {name: rf"{name}s?\b" for name in _FORM_NAMES.split()}
# By the stems of generic names: one drug may stand between an amount and its frequency, other words end a regimen.
DRUG = r"\b[a-z]{2,20}(?:nib|mab|cept|limus|one|ine|trexate|porin|azole|ast|mide|mycin|cillin|statin|mod|tide|pril)\b"

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
_I = re.IGNORECASE
FIGURE = re.compile(rf"(?<![\w±-])(?<![0-9][.,]){NUMBER}", _I)
PIECE = re.compile(rf"(?P<figure>{NUMBER})(?:{H}(?P<unit>{UNIT}))?", _I)
JOINER = re.compile(rf"{W}(-|(?:up{G})?to\b|or\b|and\b|versus\b|vs\b\.?|/|,(?:{W}(?:or|and)\b)?){W}", _I)
JOINERS = {"up to": "to", ",or": "or", ",and": "and", "versus": "and", "vs": "and", "vs.": "and"}
LABEL = re.compile(
    r"\b(?:weeks?|days?|months?|years?|hours?|visits?|cycles?|cases?|patients?|phases?|grades?|stages?|levels?|pasi|"
    r"easi|acr|salt|iga|dlqi|das|scores?|aged?|n|p)\W{0,3}$",
    _I,
)
JOINT = re.compile(rf"[)\]*]{{0,3}}{W}[(\[,]?{W}\*{{0,2}}")
_TAPER = (
    r"(?:(?:and|then|with|in|followed\s+by|as|a)\s+){0,3}(?:(?:gradual|slow|rapid|progressive)(?:ly)?\s+)?"
    r"taper(?:ed|ing|s)?\b(?:\s+(?:doses?|off|down|schedule|course|regimen)\b)?"
)
_FILLER = rf"(?:given|taken|administered|applied|both|each|as|of|dos(?:es?|ing|age)|regimen|w/[wv]|/{W}dose|{DRUG})\b"
_WORDS = {kind: "|".join(table.values()) for kind, table in (("release", RELEASES), ("route", ROUTES), ("form", FORMS))}
TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("frequency", FREQUENCY),
    ("release", re.compile(rf"(?:{_WORDS['release']})(?:{W}\((?-i:XR|ER|XL|SR|MR)\))?", _I)),
    ("route", re.compile(rf"(?:{_WORDS['route']})(?:{W}\((?:{_WORDS['route']})\))?", _I)),
    ("form", re.compile(_WORDS["form"], _I)),
    ("duration", DURATION),
    ("taper", re.compile(_TAPER, _I)),
    ("filler", re.compile(_FILLER, _I)),
)
_LEAD = rf"{H}\(?{W}$"
LEADS = {kind: re.compile(rf"(?<!\w)(?:{pattern}){_LEAD}", _I) for kind, pattern in _WORDS.items()}
LEADS["frequency"] = re.compile(rf"(?<!\w)(?:{FREQUENCY.pattern}){_LEAD}", _I)
LEADS["filler"] = re.compile(rf"(?:\b(?:dos(?:es?|ages?)|of)\b|{DRUG}){_LEAD}", _I)
AGAIN = re.compile(rf"[)\]*]{{0,3}}{W}(?P<pause>,)?{W}(?:(?:to|or)\b|[-(])?{W}", _I)
RATIO = re.compile(
    rf"{W}(?:/|\bper\b){W}(?:{NUMBER}{W})?(?:d?l|[mµ]l|g|mg|cm2|cm²|mm|[mnpµ]mol|min|minutes?|100|1000)(?!\w)", _I
)
NO_DOSE = re.compile(rf"(?:±|\+/-|\b(?:fig(?:ure)?s?|tables?|refs?)\b\.?|{UNIT}{W}/){W}$", _I)
FROM = re.compile(rf"\bfrom{W}$", _I)
RANGING = re.compile(rf"\brang\w{{1,3}}{G}from{W}$", _I)
BETWEEN = re.compile(rf"\bbetween{W}$", _I)
OF = re.compile(rf"{W}of\b", _I)
TIME_OF_DAY = re.compile(r"morning|evening|night|bedtime|qhs|nocte", _I)
PARTS = "Whether “{}” is an alternative or one part of a combination is not told."
EACH = "“{}” stands before “and”; the words after the last amount are read as holding for it too."
STRENGTH = re.compile(rf"{W}(?:strengths?|concentrations?|dosages?|formulations?)\b", _I)
WORD = re.compile(r"\w")
_LIMIT = "“{}” is a limit; the dose as taken is not told."
CHANGE = "“{}” is part of a change of dose; the dose as taken is not told."
_SOME_DAYS = "“{}” is not taken on every day, or only for some doses."
_DOSE = r"(?:\s+[a-z]+){0,3}\s+(?:dos(?:es?|ages?)|amount)(?:\s+(?:of|was|is|were|to|at)){0,2}"
BEFORE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern + rf"{W}$", _I), sentence)
    for pattern, sentence in (
        (r"(?:[<>≤≥]|\b(?:up to|at (?:least|most)|(?:less|more|greater|lower|higher) than|below|above|over))", _LIMIT),
        (rf"\b(?:exceed\w*|max(?:imum|imal|\.)?|minimum|no more than|limit)(?:{_DOSE})?", _LIMIT),
        (r"\b(?:(?<!followed )(?<!replaced )(?<!preceded )by|(?:increments?|steps) of|additional|extra)", CHANGE),
        (rf"\b(?:mean|median|average)(?:{_DOSE})?", "“{}” is an average over patients."),
        (rf"\b(?:cumulative|total)(?:{_DOSE})?", "“{}” is a total; how it was divided is not told."),
        (r"\b(?:half|quarter)(?:\s+(?:of|an?|one|the)){0,2}", "“{}” is not taken whole."),
        (r"\balternat\w*\s+with", _SOME_DAYS),
        (r"(?:[~≈]|\b(?:about|approximately|around))", "“{}” is approximate."),
        (
            r"\b(?:tablets?|capsules?|pills?|vials?|syringes?|ampoules?|sachets?)\s*(?:of|at|containing|each|\(|×|x)+",
            "“{}” is the strength of one unit; how many are taken is not told.",
        ),
        (
            rf"(?<![\w.,]){INTEGER}\s*(?:-|or|/|x|×)?",
            "“{}” stands directly after another figure; whether the two belong together is not told.",
        ),
    )
)
AFTER = tuple(
    (re.compile(pattern, _I), sentence)
    for pattern, sentence in (
        (rf"{W}(?:or|and){G}(?:more|less|above|below|higher|lower|greater|over)\b|{W}max(?:imum)?\b", _LIMIT),
        (rf"{H}(?:increments?|steps?|increases?|increasing|escalat\w*|reductions?)\b", CHANGE),
        (rf"{W}[,(]?{W}(?:as|if|when){G}(?:needed|required|necessary)\b|{W}[,(]?{W}prn\b", "“{}” is taken as needed."),
        (
            rf"{W}[,(]?{W}(?:(?:given|taken|in|as|into){G}){{0,3}}(?:{INTEGER}{W})?(?:equally{W})?(?:divided|split)\b"
            rf"|{W}[,(]?{W}(?:given{G}|taken{G})?(?:in|as){G}{INTEGER}{G}(?:\w+{G})?doses\b",
            "“{}” is divided; the amount of each dose is not told.",
        ),
        (
            rf"{W}[,(]?{W}(?:on|except|excluding)\b{G}(?:on{G})?(?:the{G})?"
            r"(?:days?|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
            rf"|{W}[,(]?{W}(?:of|in){G}(?:each|every|an?){G}(?:[0-9]{{1,3}}{H}(?:day|week){H})?cycle"
            rf"|{W}[,(]?{W}(?:for|[x×]){W}(?:an?|{INTEGER}){W}(?:\w+{G})?doses?\b|{W}alternating\b",
            _SOME_DAYS,
        ),
    )
)
PER_WHAT = re.compile(rf"{W}(?=(?P<per>/|per\b){W}(?!dose)[a-z])", _I)
# A comma may be a decimal one or part two figures; a point before three digits may part thousands.
TWO_READINGS = re.compile(r"0*[1-9][0-9]*,(?:[0-9]{1,2}|[0-9]{4,6})|[1-9][0-9]{0,2}\.[0-9]{2}0")
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


def plain(value: Decimal) -> str:
    """Return `value` as a plain decimal without trailing zeros or exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(low: Decimal, high: Decimal) -> str:
    """Return "5" or "5 to 10"."""
    return plain(low) if low == high else f"{plain(low)} to {plain(high)}"


def number(text: str) -> Decimal:
    """Return the value of what `NUMBER` matches; a comma is a decimal one unless groups of three digits follow it."""
    text = text.lower()
    if text in _COUNTS:
        return Decimal(_COUNTS[text])
    if re.fullmatch(_THOUSANDS, text):
        return Decimal(re.sub(r"[,\s]", "", text))
    return Decimal(text.replace(",", "."))


def unit_of(text: str) -> str:
    """Return the canonical unit of what `UNIT` matches."""
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
    return _COUNTS.get(digits) or int(digits)
