"""Drug names that are misspelt in print: one letter away from a name that the vocabulary knows.

A name is read as another one only if the document spells that one right elsewhere, or gives its brand beside it: a
drug that the vocabulary doesn't know may differ from a known one by a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from corpus.damage import Damage, Repair, found_at
from corpus.terms import Vocabulary
from corpus.types import Block, Document

_SHORTEST = 8  # letters
_NAME = re.compile(r"(?<![\w-])[A-Za-z]{8,}(?![\w-])")
_FARTHEST = 2  # edits, and only where the vocabulary lists the spelling as wrong


def misspelt_drugs(document: Document, blocks: Sequence[Block], vocabulary: Vocabulary) -> Iterator[Repair]:
    """Yield the misspelt drug names in some blocks of a document, with a reading where it is certain."""
    right = _right_names(vocabulary)
    printed = {word.lower() for word in _NAME.findall(document.text)}
    meant = {word: name for word in printed if (name := _meant(word, right, vocabulary))}
    if not meant:
        return
    for block in blocks:
        for found in _NAME.finditer(document.text, block.start, block.end):
            word = found.group().lower()
            if (name := meant.get(word)) is None:
                continue
            sure = name in printed or _beside(document.text, found.end(), word, name, vocabulary)
            reading = name.capitalize() if found.group()[0].isupper() else name
            reason = f"the drug's name is misspelt; {name} is meant" if sure else f"the drug's name looks like {name}"
            yield found_at(document.text, found.start(), found.end(), Damage.DRUG, reason, reading if sure else None)


def _right_names(vocabulary: Vocabulary) -> dict[tuple[str, str], list[str]]:
    """Return the drugs' names of one word by their first and last letter."""
    names: dict[tuple[str, str], list[str]] = {}
    for term in vocabulary.terms.values():
        name = term.name.lower()
        if term.category == "drug" and len(name) >= _SHORTEST and name.isalpha():
            names.setdefault((name[0], name[-1]), []).append(name)
    return names


def _meant(word: str, right: dict[tuple[str, str], list[str]], vocabulary: Vocabulary) -> str | None:
    """Return the one drug's name that a word is a misspelling of, or None."""
    near = right.get((word[0], word[-1]), [])
    if word in near or word.rstrip("s") in near:
        return None
    ids = vocabulary.names.get(word)
    if ids is not None:
        own = [name for name in near if len(ids) == 1 and vocabulary.terms[ids[0]].name.lower() == name]
        listed = word not in vocabulary.name_words  # the longer words of names that are spelt right
        return own[0] if own and listed and OSA.distance(word, own[0]) <= _FARTHEST else None
    close = [name for name in near if abs(len(name) - len(word)) < 2 and OSA.distance(word, name) == 1]
    return close[0] if len(close) == 1 else None


def _beside(text: str, end: int, word: str, name: str, vocabulary: Vocabulary) -> bool:
    """Return whether another name of the same drug stands in brackets after a word."""
    found = re.match(r"\W{0,3}\(([^)]{3,40})\)", text[end : end + 48])
    ids = vocabulary.names.get(name, ())
    return bool(found) and any(set(m.ids) & set(ids) for m in vocabulary.find(found.group(1) if found else ""))
