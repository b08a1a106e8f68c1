"""Question → what it asks: concepts, kind, figures wanted, numbers, and the words that are left to explain.

Every word of a question is accounted for: it names a concept, signals the kind, is a number, carries no topic, or
becomes a focus word that the evidence has to cover. That is what makes abstention possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from corpus.figures import Shape, figures
from corpus.terms import Mention, Vocabulary
from corpus.text import clean, one_line
from corpus.vocabulary_files import KindRecord
from corpus.words import Word, fold_name, words_of
from index.search import Searcher

LONGEST_QUESTION = 2_000
"""Characters of a question that are read; the rest is pasted text, not a question."""

_SPANISH_WORDS = 2  # from which on a question is taken for Spanish, and words that the library lacks for untranslated
_NAMING = frozenset({"which", "what", "name", "list"})
_NAMING_REACH = 3  # words after "which" among which the thing to be named stands
_SHORTEST_TYPO = 6
_SHORTEST_ACRONYM = 3
_COUNTED_REACH = 5  # words after "how many" among which the counted noun stands
_BEFORE_COUNTED = frozenset({"of", "the", "those", "these", "different", "separate"})
_LONG_ENOUGH = {1: 0, 2: 7, 3: 12}  # letters that both words need for so many edits
_ADJECTIVES = {"penic": "penia", "emic": "emia", "itic": "itis", "otic": "osis", "uric": "uria"}
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b")
_AGE_AND_SEX = re.compile(r"\b\d{1,2}\s?(?:[MF]\b|y/?o\b|-?year-?old\b)")
_DECIMALS = re.compile(r"[.,]\d")
_DIGITS = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Question:
    """A question, and how it was read.

    `read` is the text with misspelt names corrected, and what `mentions` (the concepts named) point into; `focus`
    are the words left to be covered by evidence, `cues` those that signal a kind and `telling_cues` those of them
    whose kind asks for words rather than a figure; `numbers` are in the spelling of
    `corpus.figures`.
    """

    text: str
    read: str
    mentions: tuple[Mention, ...]
    kinds: tuple[KindRecord, ...]
    focus: tuple[str, ...]
    cues: tuple[str, ...]
    telling_cues: tuple[str, ...]
    numbers: tuple[str, ...]
    typos: dict[str, str]
    vocabulary: Vocabulary

    @property
    def kind(self) -> str:
        """Return the first kind that the question has a cue for, or "other"."""
        return self.kinds[0].kind if self.kinds else "other"

    @cached_property
    def wants(self) -> tuple[Shape, ...]:
        """Return the shapes of figure that an answer has to hold."""
        return tuple(dict.fromkeys(shape for kind in self.kinds for shape in kind.wants))

    def names(self, category: str) -> tuple[str, ...]:
        """Return the preferred names of the concepts of a category, in the order of the question."""
        terms = self.vocabulary.terms
        ids = (identity for mention in self.mentions for identity in mention.ids)
        return tuple(dict.fromkeys(terms[i].name for i in ids if terms[i].category == category))

    @cached_property
    def acronyms(self) -> tuple[str, ...]:
        """Return the focus words that are written in capitals in a question that is not: a study's name, say."""
        if self.read.isupper():
            return ()
        written = (word for word in words_of(self.read) if word.folded in self.focus)
        return tuple(word.text for word in written if word.text.isupper() and len(word.text) >= _SHORTEST_ACRONYM)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the folded words of the question as read."""
        return tuple(word.folded for word in words_of(self.read))

    @property
    def asks_for_row(self) -> bool:
        """Return whether the question asks for a table's own entry ("in Table 1", "case 12")."""
        return bool(self.row_keys or set(self.words) & self.vocabulary.table_words)

    @property
    def looks_up_person(self) -> bool:
        """Return whether the question describes one person ("the lady with", "39M"), whatever they are treated for."""
        return bool(set(self.words) & self.vocabulary.one_person or _AGE_AND_SEX.search(self.read))

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Return the numbers of rows that the question names ("case 12", "patient 7")."""
        operations = self.vocabulary.operations
        nouns = {*operations.row_nouns, *operations.people}
        return tuple(
            after.folded
            for word, after in pairwise(words_of(self.read))
            if word.folded in nouns and after.folded.isdecimal() and not _DECIMALS.match(self.read, after.end)
        )

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Return the words whose number is asked for: "how many patients and rows" asks for both."""
        found: list[str] = []
        for at, word in enumerate(self.words):
            if word == "many" or (word == "number" and "of" in self.words[at + 1 : at + 2]):
                rest = [w for w in self.words[at + 1 : at + 1 + _COUNTED_REACH] if not w.isdecimal()]
                nouns = [w for w in rest if w not in _BEFORE_COUNTED]
                found += nouns[:1]
                if len(nouns) > 2 and nouns[1] == "and" and nouns[2] not in self.vocabulary.stopwords:
                    found.append(nouns[2])
        return tuple(found)

    @cached_property
    def to_name(self) -> tuple[str, ...]:
        """Return the categories of which the question asks to be told a name ("which drugs …")."""
        asked = [self.words[i + 1 : i + 1 + _NAMING_REACH] for i, word in enumerate(self.words) if word in _NAMING]
        nouns = {word for part in asked for word in part}
        return tuple(category for category, known in self.vocabulary.asks_to_name.items() if nouns & known)

    @property
    def expansions(self) -> tuple[str, ...]:
        """Return the preferred names that the question doesn't spell out."""
        written = self.read.lower()
        names = (self.vocabulary.terms[i].name for mention in self.mentions for i in mention.ids)
        return tuple(dict.fromkeys(name for name in names if name.lower() not in written))


def interpret(text: str, vocabulary: Vocabulary, searcher: Searcher) -> Question:
    """Return the question in `text`. Any string is a question; an empty one asks for nothing."""
    text = one_line(clean(text))[:LONGEST_QUESTION]
    typed = _without_operators(text)
    typos = dict(_typos(typed, vocabulary, searcher))
    read = _numbered_rows(_spelled_out(_corrected(typed, typos), vocabulary), vocabulary)
    mentions = [_resolved(mention, vocabulary, searcher) for mention in vocabulary.find(read)]
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
        typos=typos,
        vocabulary=vocabulary,
    )


def _brand_routes(mentions: Sequence[Mention], kinds: Sequence[KindRecord], vocabulary: Vocabulary) -> list[Mention]:
    """Return the routes that brands stand for where a dose is asked for: a cream's is not a tablet's."""
    if not any(Shape.DOSE in kind.wants for kind in kinds):
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
        if own or (Shape.SHARE in kind.wants and "%" in text):
            found.append(kind)
            starts = {words[i].start for at in own for i in at}
            explained |= starts
            telling |= starts if kind.shows else set()
    return tuple(found), frozenset(explained), frozenset(telling)


def _phrase_at(words: list[str], phrase: list[str]) -> list[tuple[int, ...]]:
    size = len(phrase)
    return [tuple(range(at, at + size)) for at in range(len(words) - size + 1) if words[at : at + size] == phrase]


def _typos(text: str, vocabulary: Vocabulary, searcher: Searcher) -> Iterator[tuple[str, str]]:
    """Yield the words that neither vocabulary nor library knows, each with the one name word that it almost spells."""
    known = vocabulary.name_words | vocabulary.operations.cue_words
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


def _corrected(text: str, typos: dict[str, str]) -> str:
    for wrong, right in typos.items():
        text = re.sub(rf"\b{re.escape(wrong)}\b", right, text)
    return text


def _spelled_out(text: str, vocabulary: Vocabulary) -> str:
    """Return the text with shorthand and Spanish words replaced, unless they name a concept as they stand."""
    spelled = vocabulary.spelled_out
    for word in reversed(list(words_of(text))):
        replacement = spelled.get(word.folded)
        if replacement is not None and not (word.text.isupper() and word.folded in vocabulary.names):
            text = text[: word.start] + replacement + text[word.end :]
    return one_line(text)
