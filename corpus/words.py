"""Words: how a text is cut into them and how two spellings are made alike, the same wherever names are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")  # an accent may be a character of its own
_REMEMBERED = 16_384  # names; the same ones are looked up for every question


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it stands, folded for comparison, and where it is."""

    text: str
    folded: str
    start: int
    end: int


def fold_word(word: str) -> str:
    """Return a word for comparison: lower case, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of `text`: runs of letters and digits."""
    for found in _WORD.finditer(text):
        yield Word(found.group(), fold_word(found.group()), found.start(), found.end())


@lru_cache(maxsize=_REMEMBERED)
def fold_name(name: str) -> str:
    """Return a name as the key under which it is looked up."""
    return " ".join(word.folded for word in words_of(name))
