"""The words of amounts and what each means: numbers, units, releases, routes and forms, and how an amount is written.

The tables are what a pharmacist would check; nothing here knows of a frequency or of the words around an amount.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction

# White space inside a paragraph or a table cell, never across one; bounded, so that no run of it costs much time.
S = r"(?:[^\S\t\n]|\n(?![^\S\n]*\n))"
W, G, H = S + "{0,4}", S + "{1,4}", rf"(?:{S}|-){{0,4}}"

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
COUNTS = {word: value for value, word in enumerate(_NUMBERS, 1)} | {
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
    if text in COUNTS:
        return Decimal(COUNTS[text])
    if re.fullmatch(_THOUSANDS, text):
        return Decimal(re.sub(r"[,\s]", "", text))
    return Decimal(text.replace(",", "."))


def unit_of(text: str) -> str:
    """Return the canonical unit of what `UNIT` matches."""
    return next(name for name, pattern in _UNITS.items() if re.fullmatch(pattern, text, re.IGNORECASE))


def word_of(table: dict[str, str], text: str) -> str:
    """Return the canonical word of a text that begins as one of the patterns of `table` does."""
    return next(name for name, pattern in table.items() if re.match(pattern, text, re.IGNORECASE))


def amount_text(low: Decimal, high: Decimal, unit: str) -> str:
    """Return an amount in its normal form, such as "5 to 10 mg" or "1% to 2%"."""
    if unit == "%":
        return f"{plain(low)}%" if low == high else f"{plain(low)}% to {plain(high)}%"
    single = low == high == 1 and (unit in COUNTED or unit == "units")
    return f"{figure(low, high)} {unit[:-1] if single else unit}"


def decimal_of(value: Fraction) -> Decimal:
    """Return `value` exactly where decimals can, else with two decimals, or three figures below 1."""
    context = Context(prec=60)
    exact = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    if Fraction(exact) == value:
        return exact.normalize(context)
    if value < 1:
        return exact.normalize(Context(prec=3))
    return context.divide(Decimal(round(value * 100)), Decimal(100))
