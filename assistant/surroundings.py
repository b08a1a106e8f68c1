"""What its surroundings lend a sentence: its heading, its neighbours.

A heading's drug doesn't apply to a sentence that names a drug of its own, and of what the sentences of a passage lend
each other nothing is taken where they name several drugs or routes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.cover import Cover
from assistant.coverage import Reader
from corpus.types import Document, Passage

NOT_LENT = frozenset({"number", "shape", "shows", "cue", "named"})
"""Categories of units that a sentence has to cover by its own words."""

_OWN_DATA = re.compile(r"\b(?:abstract|methods?|patients|participants|results?|findings|conclusions?)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compared (?:with|to)|versus|vs\.?|than|in comparison)\b", re.IGNORECASE)
_FOLLOWED = 2  # sentences back
_ONE_ONLY = ("drug", "route")


def around(above: Cover, covers: Sequence[Cover], texts: Sequence[str], reader: Reader) -> frozenset[int]:
    """Return what the heading and the sentences of a passage lend each other.

    Sentences lend a drug or a route only where the heading names none and the passage no second one, and where a figure
    is asked for no plain words: what is told of some patients is not told of those of the next sentence.
    """
    beside = frozenset[int]().union(*(cover.units for cover in covers))
    kept_apart = {
        category
        for category in _ONE_ONLY
        if category in above.categories or len({ids for text in texts for ids in reader.named(text, category)}) > 1
    }
    if reader.asks_for_figure:
        kept_apart.add("word")
    return above.units | frozenset(i for i in beside if reader.units[i].category not in kept_apart)


def drug_spoken_of(before: Sequence[str], reader: Reader) -> frozenset[int]:
    """Return the units of the drug that a sentence without one goes on about: the only one of the sentence before it.

    What a drug is compared with is not what is spoken of. Of a dose nothing is taken: its drug has to be sure.
    """
    if reader.asks_for_dose:
        return frozenset()
    for text in reversed(before[-_FOLLOWED:]):
        subject = _COMPARED.split(text, maxsplit=1)[0]
        if drugs := reader.named(subject, "drug"):
            units = reader.cover(subject).units if len(drugs) == 1 else frozenset()
            return frozenset(i for i in units if reader.units[i].category == "drug")
    return frozenset()


def is_closed(category: str, cover: Cover, passage: Passage) -> bool:
    """Return whether a sentence takes no unit of a category from its surroundings: it names another one itself.

    The disease of a study is that of its patients wherever the study tells its own data, whatever else ails them.
    """
    if category == "disease" and _OWN_DATA.search(passage.section):
        return False
    return category in NOT_LENT or category in cover.categories


def heading(document: Document, passage: Passage) -> str:
    """Return what stands over a passage: its section path and the description of its document."""
    source = document.source
    described = (passage.section, source.title, source.kind, source.journal, *source.authors, source.year)
    return ". ".join(str(part) for part in described if part)
