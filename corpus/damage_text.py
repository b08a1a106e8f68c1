"""Damage in running text and in cells, found by signs that need no knowledge of the document.

Each detector takes a stretch of text and yields what it finds there. A reading is given only where nothing else can be
meant; digits in a dose, units and names are otherwise left as they are printed, and marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.damage import Damage, Repair, found_at

Detector = Callable[[str, int, int], Iterator[Repair]]
"""From a document's text and a stretch of it to the damage there."""

_RUN_TOGETHER = re.compile(r"(?<![\w./:-])\d{1,3}(?:\.\d{1,3}){2,}(?![\w/:-]|\.\w)")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\d\d|\d{3})?$")
_NUMBERED = re.compile(
    r"\b(?:version|v|ver|section|sect|sec|table|figure|fig|appendix|chapter|ch|iso|ec|release|eq|equation|item|no|nr|see"
    r"|addendum|python|package|software)\W{0,3}$",
    re.IGNORECASE,
)
_AMOUNTS_MET = re.compile(r"\d\s?(?:mg|mcg|µg|μg|%)\d+(?:\.\d+)?\s?(?:mg|mcg|µg|μg|%)?")
_UNITS = r"(?:mg|mcg|µg|μg|ml|g|%|iu|weeks?|days?|months?)\b"
_LETTERS = re.compile(rf"(?<![\w.])(?:[lIO|]\d+|\d+[lIO|]\d*|[lIO][.,]\d+|\d+[.,][lIO])(?=\s?{_UNITS})")
_ODD_UNIT = re.compile(
    r"\d\s?(?P<unit>[A-Za-z]{2,4})(?=\s*/\s*(?:day|week|d|wk|kg|12|24|h|m)\b|\s+(?:daily|once|twice|every|per|bid|b\.i\.d|qd))"
)
_MISREAD = frozenset({"rng", "nig", "rnl", "mgr", "mq", "rnq", "mgg", "mmg"})
_KNOWN_UNITS = frozenset(
    "mg kg ng pg ug mcg dg cg ml dl cl cm mm nm km mo min hr hrs iu mu ku wk wks yr yrs day days ppm mol mmol"
    " mci gy mgs gm gms amp tab tabs cap caps unit drop puff dose".split()
)
_POWER = re.compile(r"10\s?(?P<power>6|9|12)(?=\s?/\s?(?:L|l|mL|ml|µL|μL|uL|kg)\b)")
_FACTOR = re.compile(r"(?:[x×*·]\s?|[A-Za-z]/|\(|\d\s)$")
_COUNTED = re.compile(
    r"(?:cells?|platelets?|leu[ck]ocytes?|neutrophils?|lymphocytes?|white|count|counts|of)\W+$", re.IGNORECASE
)
_LOST = re.compile(r"\ufffd+|(?<=[a-z])[!\"#$](?=[a-z]{2})|[\ue000-\uf8ff]+")
_MARK = r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})*"
_AFTER_STOP = re.compile(rf"(?<=[A-Za-z)\]%])\.(?P<mark>{_MARK})(?=\s+[A-Z(“]|\s*$)")
_AFTER_COMMA = re.compile(rf"(?<=[a-z]{{3}}),(?P<mark>{_MARK})(?=\s[a-z])")
_AFTER_WORD = re.compile(r"(?<=[a-z]{4})(?P<mark>\d{1,3}(?:[,–-]\d{1,3})+)(?=[\s.,;)]|$)")
_NO_MARK_AFTER = re.compile(
    r"\b(?:no|nos|fig|figs|vs|p|pp|vol|eq|ref|refs|ca|approx|tab|sec|ch|al|dr|st|e\.g|i\.e|cf|ed|eds|suppl|doi|v|ver)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\b(?P<left>[A-Za-z]{2,}-?[a-z]*)- (?P<right>[a-z]{2,})\b")
_SUSPENDED = frozenset(
    "and or to nor und oder vs versus but then through as plus per in of on the with for than".split()
)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_STOPS = re.compile(r"\.\s\.(?=\s)|(?<!\.)\.{4,}")


def run_together(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield numbers with more points than a number has, and amounts that begin where another one's unit ends."""
    for found in _RUN_TOGETHER.finditer(text, start, end):
        parts = found.group().split(".")
        headed = not text[start : found.start()].strip(" *_#")
        long = any(len(part) > 1 for part in parts[1:-1]) or parts[0] == "0"
        if long and not headed and not _DATE.match(found.group()) and not _numbered(text, start, found.start()):
            yield found_at(text, found.start(), found.end(), Damage.NUMBERS, "numbers run together")
    for found in _AMOUNTS_MET.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.NUMBERS, "a number runs into the unit before it")


def _numbered(text: str, start: int, at: int) -> bool:
    return bool(_NUMBERED.search(text[max(start, at - 20) : at]))


def letters_among_digits(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield amounts in which a letter stands for a digit ("1O mg")."""
    for found in _LETTERS.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.DIGITS, "a letter stands among the digits")


def odd_units(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield what stands where a unit should and is none, but nearly mg or ml ("15 smg/day", "4 rng daily")."""
    for found in _ODD_UNIT.finditer(text, start, end):
        unit = found.group("unit").lower()
        if unit not in _KNOWN_UNITS and (unit in _MISREAD or "mg" in unit or "ml" in unit):
            yield found_at(text, found.start("unit"), found.end("unit"), Damage.UNIT, "what stands here is no unit")


def lost_powers(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield powers of ten that lost their raised print ("109/L"), with a reading where a factor stands before them."""
    for found in _POWER.finditer(text, start, end):
        before = text[max(start, found.start() - 24) : found.start()]
        if before[-1:].isdigit() or (before[-1:] in (".", ",") and before[-2:-1].isdigit()):
            continue
        certain = bool(_FACTOR.search(before)) and found.group("power") != "6"
        if not certain and not _COUNTED.search(before):
            continue
        power = found.group("power").translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        reading = f"10{power}" if certain else None
        yield found_at(text, found.start(), found.end(), Damage.UNIT, "a power of ten lost its raised print", reading)


def lost_characters(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield characters that could not be read, or were read as a sign in the middle of a word."""
    for found in _LOST.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.LOST, "characters of the print could not be read")


def reference_marks(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield reference numbers that lost their raised print and stand as digits of the word or sentence before them."""
    reason = "a reference mark stands right after the text"
    for pattern in (_AFTER_STOP, _AFTER_COMMA):
        for found in pattern.finditer(text, start, end):
            if not _NO_MARK_AFTER.search(text[max(start, found.start() - 12) : found.start()]):
                sign = text[found.start()]
                reading = f"{sign} [{found.group('mark')}]"
                yield found_at(text, found.start(), found.end(), Damage.REFERENCE, reason, reading)
    for found in _AFTER_WORD.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.REFERENCE, reason)


def split_words(known: Callable[[str], bool]) -> Detector:
    """Return the detector of words that a hyphen and a space split; `known` says whether a word is printed whole."""

    def detect(text: str, start: int, end: int) -> Iterator[Repair]:
        for found in _SPLIT.finditer(text, start, end):
            left, right = found.group("left"), found.group("right")
            if right in _SUSPENDED:
                continue
            whole = left.replace("-", "") + right
            reading = whole if known(whole.lower()) else None
            yield found_at(text, found.start(), found.end(), Damage.HYPHEN, "a line end split the word", reading)

    return detect


def open_brackets(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield the last bracket of a stretch that is opened and never closed."""
    stretch = text[start:end]
    if stretch.count("(") > stretch.count(")"):
        at = start + stretch.rindex("(")
        yield found_at(text, at, end, Damage.BRACKET, "a bracket is opened and not closed")


def empty_references(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield brackets with nothing in them."""
    for found in _EMPTY.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.EMPTY, "what stood in the brackets is lost")


def stray_stops(text: str, start: int, end: int) -> Iterator[Repair]:
    """Yield full stops that end nothing."""
    for found in _STOPS.finditer(text, start, end):
        yield found_at(text, found.start(), found.end(), Damage.STOPS, "full stops that end nothing")


IN_CELLS: tuple[Detector, ...] = (
    run_together,
    letters_among_digits,
    odd_units,
    lost_powers,
    lost_characters,
    open_brackets,
)
IN_PROSE: tuple[Detector, ...] = (*IN_CELLS, reference_marks, empty_references, stray_stops)
