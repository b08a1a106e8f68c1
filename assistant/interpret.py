"""Question → what it asks: concepts, kind, figures wanted, numbers, and the words that are left to explain.

Every word of a question is accounted for: it names a concept, signals the kind, is a number, carries no topic, or
becomes a focus word that the evidence has to cover. That is what makes abstention possible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.question import Question
from assistant.spelling import corrected, spelled_out, typos
from corpus.figures import Shape, figures
from corpus.terms import Mention, Vocabulary
from corpus.text import clean, one_line
from corpus.vocabulary_files import KindRecord
from corpus.words import Word, fold_name, words_of
from index.search import Searcher

LONGEST_QUESTION = 2_000
"""Characters of a question that are read; the rest is pasted text, not a question."""

_SPANISH_WORDS = 2  # from which on a question is taken for Spanish, and words that the library lacks for untranslated
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b")
_UNITS = frozenset({"mg", "milligram", "milligrams"})
_DIGITS = re.compile(r"\d[\d.,]*")


def interpret(text: str, vocabulary: Vocabulary, searcher: Searcher) -> Question:
    """Return the question in `text`. Any string is a question; an empty one asks for nothing."""
    text = one_line(clean(text))[:LONGEST_QUESTION]
    typed = _without_operators(text)
    wrong = dict(typos(typed, vocabulary, searcher))
    read = _numbered_rows(spelled_out(corrected(typed, wrong), vocabulary), vocabulary)
    mentions = [_resolved(mention, vocabulary, searcher) for mention in vocabulary.find(read)]
    mentions = [mention for mention in mentions if not _is_part_of_name(mention, read, vocabulary)]
    mentions += _children(read, mentions, vocabulary)
    named = [mention for mention in mentions if vocabulary.terms[mention.ids[0]].category != "general"]
    kinds, explained, telling = _kinds([w for w in words_of(read) if not _inside(w, named)], read, vocabulary)
    mentions += _brand_routes(mentions, kinds, vocabulary)
    words = [word for word in words_of(read) if not _inside(word, mentions)]
    foreign = sum(word.folded in vocabulary.spanish for word in words_of(typed)) >= _SPANISH_WORDS
    focus = [
        word.folded
        for word in words
        if word.start not in explained
        and len(word.folded) > 1
        and word.folded not in vocabulary.without_topic
        and not (foreign and not searcher.knows(word.folded) and word.folded not in vocabulary.must_be_covered)
    ]
    return Question(
        text=text,
        read=read,
        mentions=tuple(mentions),
        kinds=kinds,
        focus=tuple(dict.fromkeys(word for word in focus if not word[0].isdecimal())),
        cues=tuple(dict.fromkeys(word.folded for word in words if word.start in explained)),
        telling_cues=tuple(dict.fromkeys(word.folded for word in words if word.start in telling)),
        numbers=_numbers(read, mentions),
        typos=wrong,
        vocabulary=vocabulary,
    )


def _is_part_of_name(mention: Mention, text: str, vocabulary: Vocabulary) -> bool:
    """True for a route in capitals in a question that is not: it is part of a trial's name."""
    is_route = vocabulary.terms[mention.ids[0]].category == "route"
    return is_route and mention.surface.isupper() and mention.surface.isalpha() and not text.isupper()


def _brand_routes(mentions: Sequence[Mention], kinds: Sequence[KindRecord], vocabulary: Vocabulary) -> list[Mention]:
    """Return the routes that brands stand for where a dose, or nothing further, is asked: a cream's is no tablet's."""
    if kinds and not any(Shape.DOSE in kind.wants for kind in kinds):
        return []
    routes = ((mention, vocabulary.brand_routes.get(fold_name(mention.surface))) for mention in mentions)
    return [replace(mention, ids=(route,)) for mention, route in routes if route]


def _children(text: str, mentions: Sequence[Mention], vocabulary: Vocabulary) -> list[Mention]:
    """Return a mention of children for an age below the vocabulary's limit, unless the question names them."""
    age = vocabulary.child_age
    ids = vocabulary.names.get("children", ())
    if not ids or any(set(ids) & set(mention.ids) for mention in mentions):
        return []
    words = list(words_of(text))
    for number, unit, after in zip(words, words[1:], words[2:], strict=False):
        if (
            number.text.isdecimal()
            and int(number.text) < age.below
            and unit.folded in age.words
            and after.folded == "old"
        ):
            return [Mention(ids, number.start, after.end, text[number.start : after.end])]
    return []


def _numbered_rows(text: str, vocabulary: Vocabulary) -> str:
    """Return the text with a number word after what a row is called as digits: "case sixteen" is case 16."""
    for noun, number in reversed(list(pairwise(words_of(text)))):
        value = figures(number.text)
        if noun.folded in vocabulary.operations.row_nouns and number.text.isalpha() and len(value) == 1:
            text = text[: number.start] + next(iter(value)) + text[number.end :]
    return text


def _without_operators(text: str) -> str:
    """Return the text without the operators of search engines; one capital OR alone may mean something else."""
    if len({found.group() for found in _OPERATORS.finditer(text)}) < 2:
        return text
    return one_line(re.sub(r"[\"*^]|\b\w+:\s|(?<!\w)-(?=\w)", " ", _OPERATORS.sub(" ", text)))


def _numbers(text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Return the numbers written in digits that are no part of a name."""
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return tuple(sorted(figures(" ; ".join(_DIGITS.findall(text)))))


def _inside(word: Word, mentions: Sequence[Mention]) -> bool:
    return any(mention.start <= word.start and word.end <= mention.end for mention in mentions)


def _resolved(mention: Mention, vocabulary: Vocabulary, searcher: Searcher) -> Mention:
    """Keep of several meanings those that the library knows by name, if it knows any."""
    if len(mention.ids) < 2:
        return mention
    known = tuple(i for i in mention.ids if searcher.knows(vocabulary.terms[i].name))
    return replace(mention, ids=known) if known else mention


def _kinds(
    words: list[Word], text: str, vocabulary: Vocabulary
) -> tuple[tuple[KindRecord, ...], frozenset[int], frozenset[int]]:
    """Return the kinds with a cue in the question, where their cues stand, and where those of kinds without figures."""
    folded = [word.folded for word in words]
    places = {
        kind.kind: [at for cue in kind.cues for at in _phrase_at(folded, cue.split())] for kind in vocabulary.kinds
    }
    everywhere = [set(at) for found in places.values() for at in found]
    found: list[KindRecord] = []
    explained: set[int] = set()
    telling: set[int] = set()
    for kind in vocabulary.kinds:
        # A cue inside a longer one means what the longer one means: "how much more" asks for no dose.
        own = [at for at in places[kind.kind] if not any(set(at) < other for other in everywhere)]
        starts = {words[i].start for at in own for i in at}
        explained |= starts
        asking = [at for at in own if not _is_unit_of_amount(words, at)]
        if asking or (kind.wants == (Shape.SHARE,) and "%" in text):
            found.append(kind)
            telling |= starts if kind.shows else set()
    return tuple(found), frozenset(explained), frozenset(telling)


def _is_unit_of_amount(words: Sequence[Word], at: tuple[int, ...]) -> bool:
    """Return whether a cue is the unit of an amount that the question gives: "30 mg" asks for no dose."""
    unit = words[at[0]].folded
    return len(at) == 1 and unit in _UNITS and at[0] > 0 and bool(_DIGITS.fullmatch(words[at[0] - 1].text))


def _phrase_at(words: list[str], phrase: list[str]) -> list[tuple[int, ...]]:
    size = len(phrase)
    return [tuple(range(at, at + size)) for at in range(len(words) - size + 1) if words[at : at + size] == phrase]
