"""Characters: what is made harmless when text comes in, and how two texts are compared.

Cleaning replaces one character by one character, so every offset into the cleaned text is also an offset into
the text that the reader found. Folding is for comparison only and keeps no offsets.
"""

from __future__ import annotations

import re
import unicodedata

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\ufeff\u200b\u2060"
_CLEAN = {code: " " for code in [*range(0x20), *range(0x7F, 0xA0)] if chr(code) not in "\n\t"}
_CLEAN |= {ord(char): " " for char in _BIDI + _INVISIBLE}
_CLEAN |= {code: "\ufffd" for code in range(0xD800, 0xE000)}
_CLEAN[0x0C] = _CLEAN[0x0B] = _CLEAN[0x85] = _CLEAN[0x2028] = _CLEAN[0x2029] = "\n"
_EXPONENT = re.compile("(?<=\\d)(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻])")  # "10⁹" is not 109
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MARKUP = re.compile(r"<(?:sup|sub)>|</(?:sup|sub)>|\*\*|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")
_REFERENCE_MARK = re.compile(r"<sup>[\d,\s–-]+</sup>")
_SPLIT_WORD = re.compile(r"(?<=[a-z])- (?=[a-z])")
_HYPHEN = re.compile(r"(?<=[a-z])- ?(?=[a-z])")
_LATEX = re.compile(r"\$([^$\n]{1,60})\$")
_LATEX_WORDS = {r"\pm": "±", r"\times": "×", r"\geq": "≥", r"\leq": "≤", r"\alpha": "α", r"\beta": "β"}


def clean(text: str) -> str:
    """Return `text` with control and bidirectional characters replaced one for one; its length is unchanged.

    A carriage return before a line feed becomes a space, a lone one a line feed; form feeds and Unicode line
    separators become line feeds. Terminal escape sequences lose their escape character and with it their effect.
    """
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return text.translate(_CLEAN)


def fold(text: str) -> str:
    """Return `text` for comparison: compatibility forms unified, dashes alike, white space single, lower case.

    An exponent keeps apart from its base: "10⁹" is "10^9".
    """
    if _EXPONENT.search(text):
        text = _EXPONENT.sub("^", text)
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return " ".join(_DASHES.sub("-", text).split()).lower()


def words(text: str) -> str:
    """Return the folded words of `text` joined by single spaces, without any punctuation."""
    return " ".join(re.findall(r"\w+", fold(text)))


def one_line(text: str) -> str:
    """Return `text` on one line, with white space folded."""
    return " ".join(text.split())


def without_markup(text: str) -> str:
    """Return `text` as a person reads it: reference superscripts, emphasis marks and LaTeX delimiters gone."""
    text = _REFERENCE_MARK.sub("", text)
    text = _LATEX.sub(lambda found: _latex(found.group(1)), text)
    return one_line(_MARKUP.sub("", text))


def _latex(formula: str) -> str:
    for command, char in _LATEX_WORDS.items():
        formula = formula.replace(command, char)
    return formula.replace("{", "").replace("}", "").strip()


def joined_hyphens(text: str) -> str:
    """Return `text` with words joined that a line end has split: "azathio- prine" is azathioprine."""
    return _SPLIT_WORD.sub("", text)


def without_hyphens(text: str) -> str:
    """Return `text` with every hyphen inside a word gone, for finding names that were split without a space."""
    return _HYPHEN.sub("", text)
