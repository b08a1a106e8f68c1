"""What a dose is for and whom it was given to, read off its sentence, else off what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.extraction.cues import Cues
from corpus.extraction.said import Lexicon, Said
from corpus.passages import reference_marks
from corpus.terms import Mention


def indication(said: Said, start: int, end: int, cues: Cues) -> str | None:
    """Return the id of the disease that a dose is given for: one of its sentence, else the one above it.

    Of several in the sentence it is the one that a heading names alone, else the nearest. None where the heading above
    names several: which one is meant can't be told then.
    """
    if named := _sure(said.named("disease"), said):
        topics = {topic for heading in said.headings if (topic := disease_of([heading], said))}
        on_topic = [mention for mention in named if mention.ids[0] in topics]
        return min(on_topic or named, key=lambda mention: _distance(mention, start, end)).ids[0]
    letters = cues.with_letters.search(said.text)
    if letters and not any(m.start <= letters.start("letters") < m.end for m in said.named("disease")):
        return None  # "patients with Xy": a disease that the vocabulary does not know by these letters
    if said.earlier and (spoken_of := disease_of([said.earlier[0].text], said)):
        return spoken_of
    for heading in said.headings:
        if _sure(said.lexicon.mentions(heading, "disease"), said):
            return disease_of([heading], said)
    return None


def population(said: Said, treated: frozenset[str]) -> str | None:
    """Return the id of the one population of `treated` that a sentence names, or None; of a row none."""
    if said.passage.table is not None:
        return None
    ids = {mention.ids for mention in said.named("population") if mention.ids[0] in treated}
    only = ids.pop() if len(ids) == 1 else ()
    return only[0] if len(only) == 1 else None


def references(text: str) -> tuple[str, ...]:
    """Return the reference numbers that a text carries: it tells what another source found."""
    return tuple(reference_marks(text))


def disease_of(texts: Iterable[str], said: Said) -> str | None:
    """Return the id of the one disease that texts of its document name, or None."""
    ids = {mention.ids[0] for text in texts for mention in _sure(said.lexicon.mentions(text, "disease"), said)}
    return ids.pop() if len(ids) == 1 else None


def _sure(mentions: Sequence[Mention], said: Said) -> list[Mention]:
    """Return the narrowest mentions, without letters that the document nowhere spells out: "LS mean" is no disease."""
    return _narrowest([mention for mention in mentions if said.is_meant(mention)], said.lexicon)


def _narrowest(mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """Return the mentions of one meaning whose concept is not only a wider one of another's."""
    sure = [mention for mention in mentions if len(mention.ids) == 1]
    wide = {i for mention in sure for i in lexicon.vocabulary.terms[mention.ids[0]].broader}
    return [mention for mention in sure if mention.ids[0] not in wide]


def _distance(mention: Mention, start: int, end: int) -> int:
    """Return how far a mention stands from an amount; one before it counts double: "5 mg in psoriasis" is the rule."""
    return mention.start - end if mention.start >= end else 2 * (start - mention.end)
