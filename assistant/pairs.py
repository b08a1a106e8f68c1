"""Two figures of one sort in cited sentences and what comes out of them: their difference, their ratio, a share.

What is said of them has one form each, which the gate works out anew from the texts that are cited. It names the two
figures with their unit and nothing else: which arm each belongs to is told by the sentences, stated beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_FIGURE = r"(?<![\d.,±])\d+(?:\.\d+)?"
_QUANTITY = re.compile(rf"({_FIGURE})\s?(%|per 100 patient-years|points|years|months|weeks|days)(?!\w)")
_FROM_TO = re.compile(
    rf"\bfrom (?:[a-z±]+ |SD )*({_FIGURE})(?: ± [\d.]+)?(?: at [a-z]+)? to (?:[a-z]+ )*({_FIGURE})(?![\d.%])"
)
_OF = re.compile(r"(?<![\d.])(\d+) of (?:the )?(\d+)(?![\d.]|%)")
_DIFFERENCE = re.compile(r"The difference between (\S+?) and (\S+?)( .+)? is (\S+) ?(.*)\.")
_RATIO = re.compile(r"(\S+?)( .+)? is (\S+) times (\S+?)( .+)?\.")
_SHARE = re.compile(r"(\d+) of (\d+) is (\S+)%\.")


@dataclass(frozen=True)
class Quantity:
    """A figure with its unit, and where it stands in its text; the unit is empty for a score that rises or falls."""

    value: Decimal
    unit: str
    start: int

    def __str__(self) -> str:
        """Return it as it is said."""
        return f"{plain(self.value)}{'' if self.unit in ('%', '') else ' '}{self.unit}"


@dataclass(frozen=True)
class Result:
    """What is said of two figures, and the working."""

    text: str
    working: str


def quantities(text: str) -> list[Quantity]:
    """Return the figures of a text with their units, in order; those of "from 28 to 9.5" have none."""
    found = [Quantity(Decimal(match[1]), match[2], match.start()) for match in _QUANTITY.finditer(text)]
    for match in _FROM_TO.finditer(text):
        found += [Quantity(Decimal(match[group]), "", match.start(group)) for group in (1, 2)]
    return sorted(found, key=lambda quantity: quantity.start)


def shares(text: str) -> list[tuple[int, int]]:
    """Return the pairs of "8 of 11" in a text, each once, in order."""
    found = ((int(part), int(whole)) for part, whole in _OF.findall(text))
    return list(dict.fromkeys((part, whole) for part, whole in found if part <= whole and whole))


def difference(one: Quantity, two: Quantity) -> Result:
    """Return what is said of the difference between two figures of one unit, the larger first."""
    high, low = sorted((one.value, two.value), reverse=True)
    apart, unit = plain(high - low), one.unit
    if unit == "%":
        text = f"The difference between {plain(high)}% and {plain(low)}% is {apart} percentage points."
    else:
        after = f" {unit}" if unit else ""
        text = f"The difference between {plain(high)} and {plain(low)}{after} is {apart}{after}."
    return Result(text, f"{plain(high)} - {plain(low)} = {apart}")


def ratio(one: Quantity, two: Quantity) -> Result | None:
    """Return what is said of the ratio of two figures of one unit, the larger to the smaller; None over nothing."""
    high, low = sorted((one.value, two.value), reverse=True)
    if not low:
        return None
    times = plain(round(high / low, 2))
    over, under = (str(Quantity(value, one.unit, 0)) for value in (high, low))
    return Result(f"{over} is {times} times {under}.", f"{plain(high)} / {plain(low)} = {times}")


def share(part: int, whole: int) -> Result:
    """Return what is said of a part of a whole in percent."""
    percent = plain(round(Decimal(100 * part) / whole, 1))
    return Result(f"{part} of {whole} is {percent}%.", f"{part} / {whole} = {percent}%")


def is_pair_result(text: str, working: str, cited: Iterable[str]) -> bool:
    """Return whether a statement with its working is what two figures of the cited texts, one of each or both, give."""
    texts = list(cited)
    if _SHARE.fullmatch(text):
        return any(share(*pair) == Result(text, working) for told in texts for pair in shares(told))
    if not (_DIFFERENCE.fullmatch(text) or _RATIO.fullmatch(text)):
        return False
    told = {(quantity.value, quantity.unit): quantity for one in texts for quantity in quantities(one)}
    return any(
        Result(text, working) in (difference(one, two), ratio(one, two))
        for one in told.values()
        for two in told.values()
        if one.unit == two.unit and one.value != two.value
    )


def plain(value: Decimal) -> str:
    """Return a number as it is said, without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
