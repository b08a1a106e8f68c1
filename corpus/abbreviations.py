"""Abbreviations that a document spells out itself: "quality of life (QoL)" makes either stand for the other in it.

The short form is matched against the words before its bracket as Schwartz and Hearst do ("A simple algorithm for
identifying abbreviation definitions in biomedical text", 2003): letter by letter from the right, the first letter at
the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = re.compile(r"\(([A-Za-z][\w/+-]{1,9})(?:[;,][^()]{0,60})?\)")
_LONGEST_WORDS = 8
_WORD = re.compile(r"[^\W_][\w-]*")


def abbreviations(text: str) -> Mapping[str, str]:
    """Return the short forms that a text spells out, each with the words that it stands for first."""
    found: dict[str, str] = {}
    for bracket in _SHORT.finditer(text):
        short = bracket[1]
        if sum(letter.isupper() for letter in short) >= 2 and short not in found:
            if long := _long_form(short, text[max(0, bracket.start() - 150) : bracket.start()]):
                found[short] = long
    return found


def counterparts(text: str, known: Mapping[str, str]) -> str:
    """Return what `text` says in other words of the document: long forms of its short ones, and the other way round."""
    lowered = text.lower()
    words = set(_WORD.findall(text))
    other = [long for short, long in known.items() if short in words]
    other += [short for short, long in known.items() if short not in words and long.lower() in lowered]
    return " ; ".join(other)


def _long_form(short: str, before: str) -> str:
    """Return the words at the end of `before` that the letters of `short` stand in, in their order, or ""."""
    before = before.rstrip()
    letters = [letter.lower() for letter in short if letter.isalnum()]
    at = len(before)
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            before[at].lower() == letters[number] and (number > 0 or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    long = before[at:]
    is_long = len(long) > len(short) and len(_WORD.findall(long)) <= min(len(letters) + 5, _LONGEST_WORDS)
    return long if is_long and not re.search(r"[.;:()]", long) else ""
