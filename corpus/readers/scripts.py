"""Superscripts and subscripts in running text: an exponent, a reference mark, a footnote and "th" are not the same.

Flattened carelessly, 10<sup>9</sup> becomes 109 and "2 weeks<sup>14</sup>" becomes a number of weeks. What each is
follows from what stands before it, and from whether the file says that it points at a reference.
"""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NUMBERS = re.compile(r"\[?\(?\d{1,3}[a-z]?(?:\s*[,;–-]\s*\d{1,3}[a-z]?)*\)?\]?")
_EXPONENT = re.compile(r"[+−–-]?\d{1,3}|\d?[+−–-]")
_ORDINAL = re.compile(r"st|nd|rd|th|ème|er|o|®|™|©|℠", re.IGNORECASE)
_FOOTNOTE = re.compile(r"[a-z](?:\s*,\s*[a-z])*")
_BASE = re.compile(r"(?:\d|(?<![^\W\d_])(?:[kcdmµμn]?m|[A-Za-zα-ωΑ-Ω]|kg|sec|min|hr|in|ft|d[Ll]|m[Ll]|[A-Z][a-z]\d?))$")
_JOINED = re.compile(r"</sup>(\s*[,;–-]?\s*)<sup>")
_LAST = re.compile(r"\S*$")


def superscript(text: str, before: str, reference: bool = False, footnote: bool = False) -> str:
    """Return a superscript as plain text, given what stands `before` it.

    An exponent becomes a raised character ("10⁹", "m²"); a mark that points at the literature stays marked
    ("<sup>3,4</sup>"); a footnote's letter goes into brackets ("5.2[a]"), so that it joins no number or unit.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    if reference:
        return f"<sup>{text.strip('[]()')}</sup>" if _NUMBERS.fullmatch(text) else text
    if footnote:
        return f"[{text.strip('[]()')}]" if re.fullmatch(r"[\[(]?\w{1,2}[\])]?", text) else text
    last = _LAST.search(before)
    word = last.group() if last else ""
    if _ORDINAL.fullmatch(text):
        return text
    if _EXPONENT.fullmatch(text) and (not word or _BASE.search(word) or not text.isdigit()):
        return text if text in "+-−–" else text.translate(_RAISED)
    if _NUMBERS.fullmatch(text):
        return f"<sup>{text.strip('[]()')}</sup>"
    if _FOOTNOTE.fullmatch(text):
        return f"[{text}]" if word else f"[{text}] "
    return text


def subscript(text: str, before: str) -> str:
    """Return a subscript as plain text: "CO2", "Cmax"; after a digit an underscore keeps two numbers apart."""
    text = " ".join(text.split())
    return f"_{text}" if text[:1].isdigit() and before[-1:].isdigit() else text


def joined_marks(text: str) -> str:
    """Return text in which neighbouring reference marks are one: "<sup>3</sup>,<sup>4</sup>" is "<sup>3,4</sup>"."""
    return _JOINED.sub(lambda found: found.group(1).strip() or ",", text)
