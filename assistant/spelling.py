"""How a question is spelled: shorthand written out, and misspelt names corrected where only one name can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.terms import Vocabulary
from corpus.text import one_line
from corpus.words import words_of
from index.search import Searcher

_SHORTEST_TYPO = 6
_LONG_ENOUGH = {1: 0, 2: 7, 3: 12}  # letters that both words need for so many edits
_ADJECTIVES = {"penic": "penia", "emic": "emia", "itic": "itis", "otic": "osis", "uric": "uria"}


def typos(text: str, vocabulary: Vocabulary, searcher: Searcher) -> Iterator[tuple[str, str]]:
    """Yield the words that neither vocabulary nor library knows, each with the one name word that it almost spells."""
    known = vocabulary.name_words | vocabulary.operations.cue_words
    known |= {*vocabulary.operations.row_nouns, *vocabulary.operations.people}
    known |= vocabulary.spelled_out.keys() | vocabulary.equivalents.keys() | vocabulary.everyday
    for word in words_of(text):
        name = word.folded
        if len(name) < _SHORTEST_TYPO or name in vocabulary.stopwords or name in known:
            continue
        if name.isalpha() and not searcher.knows(name):
            near = _as_noun(name, vocabulary) or _nearest(name, vocabulary.name_words)
            if near:
                yield word.text, near


def _as_noun(name: str, vocabulary: Vocabulary) -> str | None:
    """Return the name of a finding for its adjective ("lymphopenic" for lymphopenia), or None."""
    for ending, noun in _ADJECTIVES.items():
        if name.endswith(ending) and (found := name.removesuffix(ending) + noun) in vocabulary.names:
            return found
    return None


def _nearest(name: str, candidates: frozenset[str]) -> str | None:
    """Return the candidate within one edit (two from 7 letters on, three from 12), None where two fit equally."""
    from rapidfuzz.distance import OSA  # here, because most questions hold no unknown word

    allowed = max(edits for edits, letters in _LONG_ENOUGH.items() if len(name) >= letters)
    distances = {
        candidate: OSA.distance(name, candidate, score_cutoff=allowed)
        for candidate in candidates
        if min(len(name), len(candidate)) >= _LONG_ENOUGH[allowed]
        and candidate[0] == name[0]
        and abs(len(candidate) - len(name)) <= allowed
    }
    best = min(distances.values(), default=allowed + 1)
    nearest = [candidate for candidate, distance in distances.items() if distance == best]
    return nearest[0] if best <= allowed and len(nearest) == 1 else None


def corrected(text: str, typos: dict[str, str]) -> str:
    """Return the text with the right word in place of each wrong one."""
    for wrong, right in typos.items():
        text = re.sub(rf"\b{re.escape(wrong)}\b", right, text)
    return text


def spelled_out(text: str, vocabulary: Vocabulary) -> str:
    """Return the text with shorthand and Spanish words replaced, unless they name a concept as they stand."""
    spelled = vocabulary.spelled_out
    for word in reversed(list(words_of(text))):
        replacement = spelled.get(word.folded)
        if replacement is not None and not (word.text.isupper() and word.folded in vocabulary.names):
            text = text[: word.start] + replacement + text[word.end :]
    return one_line(text)
