"""Cells of tables as values: the number that a cell gives, and whether it is a count or a share.

Tables print numbers in many ways: "5 (21.7)", "32.4* (29.5 to 35.4)", "−1.9 ± 5.2", "53,5", "n=35", "137 853". What is
no single number ("14/14", "5–10", "<0.001", "41 vs. 23") has no value: it is shown and never computed with.
"""

from __future__ import annotations

import re
from decimal import Decimal

_SIGNS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "·": ".", "\u00a0": " ", "\u2009": " ", "\u202f": " "})
_VALUE = re.compile(
    r"(?:[Nn]\s*=\s*)?(?P<number>[+-]?(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:[.,]\d+)?|[+-]?\.\d+)"
    r"\s*(?P<unit>%|points?|mg|kg|years?|months?|weeks?|days?)?[*†‡§¶#^]*(?:\[[a-z,]{1,3}\])*"
    r"\s*(?P<rest>(?:\([^()]*\)\s*|\[[^\[\]]*\]\s*|±\s*[\d.,]+%?\s*)*)[*†‡§¶#]*(?:\[[a-z,]{1,3}\])*"
)
_COUNT = re.compile(r"(?:[Nn]\s*=\s*)?\d{1,3}(?:[ ,]?\d{3})*(?!\d*[.,]\d)(?:\s*\(.*|\s*\[.*|\s*/\s*\d+.*|[*†‡§¶#]*)")


def value_of(text: str) -> Decimal | None:
    """Return the number that a cell gives, or None where it is not one number.

    A comma with one or two figures after it is a decimal point, one with three parts thousands.
    """
    found = _VALUE.fullmatch(text.translate(_SIGNS).strip())
    if found is None:
        return None
    number = found["number"].replace(" ", "")
    number = re.sub(r",(?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    return Decimal(number)


def is_share(text: str) -> bool:
    """Return whether a cell's own number is printed as a share: "32%"."""
    found = _VALUE.fullmatch(text.translate(_SIGNS).strip())
    return bool(found and found["unit"] == "%")


def is_count(text: str) -> bool:
    """Return whether a cell gives a number of something: "5", "5 (21.7)", "7/13"; "8%" and "12.2" give none."""
    text = text.translate(_SIGNS).strip()
    return not is_share(text) and bool(_COUNT.fullmatch(text))


def plain(value: Decimal) -> str:
    """Return a number without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
