"""Which drug a dose is of: the one beside it, else the one before it in its sentence, else the one that is spoken of.

A drug that only tells what patients had before or are compared with owns no dose but the one beside it, and a dose is
never that of a class of drugs. Where two drugs come into question nothing is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from corpus.extraction.cues import Cues
from corpus.extraction.said import Said
from corpus.terms import Mention
from corpus.words import fold_word

How = Literal["beside", "sentence", "earlier", "heading"]

_FOLLOWS = re.compile(
    r"[\s-]*(?:of\s+)?(?:(?:oral|topical|subcutaneous|intravenous|daily|once|twice|doses?|tablets?|cream|ointment|gel|"
    r"the|either|drug|mg/d(?:ay)?|/d(?:ay)?)[\s-]*)*(?:of\s+)?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[\s(]*(?:,|;|and|or|plus|with|versus|vs\.?)", re.IGNORECASE)
_FIGURES_COMPANY = re.compile(
    r"\d+(?:\.\d+)?\s*(?:-|–|to|or|and|,)?|\b(?:mg|mcg|µg|μg|g|kg|%|IU|units?|mL|once|twice|thrice|times|daily|weekly|monthly|"
    r"every|day|week|weeks|month|months|days|other|per|bid|tid|qd|qw|q2w|q4w|eow|for|n)\b|[/×x=]",
    re.IGNORECASE,
)
_COMBINED = re.compile(r"\s*[/+]\s*")
_WORD_BEFORE = re.compile(r"(?:(?P<code>\b[A-Z]{1,2}-?\d{1,2})|(?P<word>[^\W\d_][\w'-]{3,}))[\s(]+$")
_WORD_AFTER = re.compile(r"\s(?:of\s+)?(?P<word>[^\W\d_][\w'-]*)")
_DOSE_WORD = re.compile(r"\b(?:dos(?:e|es|ed|ing|age|ages)|arms?|groups?|regimens?|strengths?)\b", re.IGNORECASE)
_BESIDE_AMOUNT = 20  # characters among which a word of dosing makes a bare amount a dose
_CLAUSE = re.compile(
    r"[;:]|,\s+(?:and|but|while|whereas|whilst|although|though|which|who)\s|\b(?:but|while|whereas|whilst)\b"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """The drug that a dose is of and how far away that is said; `at` is its offset where it stands in the sentence."""

    drug: str
    how: How
    at: int | None = None


def owner(said: Said, start: int, end: int, cues: Cues, last: Owner | None = None) -> Owner | None:
    """Return the owner of the amount that stands at `start` to `end` of the text; None where it can't be told.

    `last` owns the amount before: in "those who did not respond to X 5 mg did respond to 10 mg" it is spoken of.
    """
    drugs = _doseable(said, cues)
    inside = [drug for drug in drugs if start <= drug.start < end]
    before = [drug for drug in drugs if drug.end <= start]
    after = next((drug for drug in drugs if drug.start >= end), None)
    if inside:
        return _if_single(inside[0], "beside", said)
    if _are_one(said.text, before):
        return None  # "X/Y 5 mg": a combination, of which nobody can tell whose dose it is
    if before and is_beside(said.text[before[-1].end : start], cues):
        listed = _LISTED.match(said.text, before[-1].end)
        if not (after and listed and _follows(said.text, end, after)):
            return _if_single(before[-1], "beside", said)
    if after and _follows(said.text, end, after):
        return _if_single(after, "beside", said)
    if (
        _unknown_before(said, start, cues)
        or _unknown_after(said, end, cues)
        or any(cues.besides.search(_just_before(said.text, drug)) for drug in drugs)
    ):
        return None
    if found := _in_sentence(said, before, drugs, start, cues):
        return found
    if _foreground(said, drugs, cues):
        return None
    return replace(last, how="sentence") if last and last.at is not None else _from_around(said, cues)


def is_called_dose(said: Said, start: int, end: int) -> bool:
    """Return whether an amount is called a dose, an arm or the like: without a frequency it is none elsewhere."""
    return bool(_DOSE_WORD.search(said.text[max(0, start - _BESIDE_AMOUNT) : end + _BESIDE_AMOUNT]))


def _are_one(text: str, drugs: list[Mention]) -> bool:
    """Return whether the last two drugs are written as one treatment."""
    return len(drugs) > 1 and bool(_COMBINED.fullmatch(text, drugs[-2].end, drugs[-1].start))


def is_beside(gap: str, cues: Cues) -> bool:
    """Return whether nothing but words of dosing and other figures stands between a drug and an amount."""
    return len(gap) < 120 and bool(cues.joints.fullmatch(_FIGURES_COMPANY.sub(" ", gap)))


def _doseable(said: Said, cues: Cues) -> tuple[Mention, ...]:
    """Return the drugs that a sentence names, without light, procedures and placebo, which have no such dose."""
    return tuple(drug for drug in said.named("drug") if drug.ids[0] not in cues.doseless)


def _unknown_before(said: Said, start: int, cues: Cues) -> bool:
    """Return whether the word right before an amount is neither plain nor one of dosing: it may be a drug's name."""
    word = _WORD_BEFORE.search(said.text, max(0, start - 40), start)
    return word is not None and (word["code"] is not None or not _is_plain(word["word"], said, cues))


def _unknown_after(said: Said, end: int, cues: Cues) -> bool:
    """Return whether the word right after an amount is neither plain nor one of dosing: "5 mg beta-carotene"."""
    word = _WORD_AFTER.match(said.text, end)
    return word is not None and not _is_plain(word["word"], said, cues)


def _is_plain(word: str, said: Said, cues: Cues) -> bool:
    if cues.joints.fullmatch(word) or _FIGURES_COMPANY.fullmatch(word):
        return True
    vocabulary, folded = said.lexicon.vocabulary, fold_word(word)
    known = (vocabulary.stopwords, vocabulary.everyday, vocabulary.equivalents)
    return any(folded in words for words in known) or bool(vocabulary.find(word))


def _if_single(drug: Mention, how: How, said: Said) -> Owner | None:
    return None if said.lexicon.is_class(drug) else Owner(drug.ids[0], how, drug.start)


def _follows(text: str, end: int, drug: Mention) -> bool:
    return bool(_FOLLOWS.fullmatch(text, end, drug.start))


def _foreground(said: Said, drugs: tuple[Mention, ...], cues: Cues) -> list[Mention]:
    """Return the single drugs that are spoken of and not only background."""
    sure = (drug for drug in drugs if not said.lexicon.is_class(drug) and said.is_meant(drug))
    return [drug for drug in sure if not _is_background(said.text, drug, cues)]


def _is_background(text: str, drug: Mention, cues: Cues) -> bool:
    before = _just_before(text, drug)
    return bool(cues.background.search(before) or cues.background_after.match(text, drug.end))


def _just_before(text: str, drug: Mention) -> str:
    return text[max(0, drug.start - 60) : drug.start]


def _in_sentence(said: Said, before: list[Mention], drugs: tuple[Mention, ...], start: int, cues: Cues) -> Owner | None:
    """Return the nearest drug before that is spoken of, or the only one of the sentence."""
    spoken = _foreground(said, drugs, cues)
    near = [drug for drug in spoken if drug in before]
    if len({drug.ids for drug in spoken}) == 1:
        return Owner(spoken[0].ids[0], "sentence", (near or spoken)[-1].start)
    if near and not _CLAUSE.search(said.text, near[-1].end, start):
        return Owner(near[-1].ids[0], "sentence", near[-1].start)
    return None


def _from_around(said: Said, cues: Cues) -> Owner | None:
    """Return the one drug of the nearest sentence before that names any, else of the nearest heading that does.

    Not where a word that looks like a drug's name stands in the sentence.
    """
    if _has_unknown_drug(said, cues):
        return None
    for sentence in said.earlier:
        spoken = {drug.ids[0] for drug in _foreground(sentence, _doseable(sentence, cues), cues)}
        if len(spoken) == 1:
            return Owner(spoken.pop(), "earlier")
        if spoken:
            return _of_headings(said, frozenset(spoken), cues)
    return _of_headings(said, None, cues)


def _has_unknown_drug(said: Said, cues: Cues) -> bool:
    known = [(drug.start, drug.end) for drug in said.named("drug")]
    found = cues.unknown_drugs.finditer(said.text)
    return any(not any(a < word.end() and word.start() < b for a, b in known) for word in found)


def _of_headings(said: Said, among: frozenset[str] | None, cues: Cues) -> Owner | None:
    for heading in said.headings:
        named = said.lexicon.substances(heading) - cues.doseless
        if len(named) == 1 and (among is None or named <= among):
            return Owner(next(iter(named)), "heading")
        if named:
            return None
    return None
