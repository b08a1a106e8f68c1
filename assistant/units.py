"""The parts of a question that an answer has to account for, each with its weight.

Units weigh by how rare they are in the library; words of everyday English weigh little, however rare they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.question import Question
from corpus.figures import Shape
from corpus.terms import Mention
from corpus.words import words_of
from index.library import FAMILY, Library
from index.search import HybridSearcher

HARD = ("drug", "disease", "event", "measure", "population", "route", "trial", "row", "topic")
"""Categories in which an answer about something else is a wrong answer."""

_SHAPE_WEIGHT = 3.0
_SHOWS_WEIGHT = 1.5
_NUMBER_WEIGHT = 2.0
_GENERAL_WEIGHT = 1.5
_LIGHTEST_CONCEPT = 2.0
_CUE_WEIGHT = 0.2
_TELLING_CUE_WEIGHT = 0.8
_NAMED_WEIGHT = 2.0
_EVERYDAY_WEIGHT = 1.5
_ALSO_WORDS = ("route", "general")  # concepts so wide that one of them before "trial" has to be met by its word too
_STUDIES = frozenset({"trial", "trials", "study", "studies", "rct"})  # a series or an arm is called by many names
_SHORTEST_DRUG = 6  # letters
_PUBLICATION_REACH = 2  # words after a disease among which a publication's noun stands
_REMARK_SHARE = 0.25  # what a plain word in brackets weighs: it comments on the question


@dataclass(frozen=True)
class Unit:
    """A part of a question.

    `category` is a vocabulary category, "word", "topic", "number", "row", "shape", "shows", "cue" or "named". "named"
    asks for a name of the category in `label`. `start` is where `surface` stands in the question as read. A cue
    weighs little: its kind's shape or words account for it, but it may name a column.
    """

    category: str
    label: str
    weight: float
    start: int = 0
    surface: str = ""
    ids: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    shape: Shape | None = None
    binding: bool = False  # whether what lacks it is about something else: an amount of a drug, somebody's name
    here: bool = False  # whether it counts only where it stands, not elsewhere in a document


def units_of(question: Question, library: Library) -> Iterator[Unit]:
    """Yield the parts of a question: concepts, words, numbers, figures wanted, names asked for, signals of kinds."""
    yield from _concepts(question, library)
    yield from _words(question, library)
    for key in dict.fromkeys(question.row_keys):
        yield Unit("row", key, _NUMBER_WEIGHT, _where(key, question), key)
    for number in (number for number in question.numbers if number not in question.row_keys):
        binding = number in question.amounts
        yield Unit("number", number, _NUMBER_WEIGHT, _where(number, question), number, binding=binding)
    for shape in question.wants:
        yield Unit("shape", shape.value, _SHAPE_WEIGHT, shape=shape)
    for category in question.to_name:
        yield Unit("named", category, _NAMED_WEIGHT)
    for kind in question.kinds:
        if kind.shows and not (kind.kind == "study" and question.wants):
            stems = frozenset().union(*(_own_stems(word, library) for word in kind.shows))
            yield Unit("shows", kind.kind, _SHOWS_WEIGHT, stems=stems)


def _concepts(question: Question, library: Library) -> Iterator[Unit]:
    searcher = HybridSearcher(library)
    first = {frozenset(mention.ids): mention for mention in reversed(question.mentions)}
    for mention in sorted(first.values(), key=lambda mention: mention.start):
        ids = frozenset(mention.ids)
        term = question.vocabulary.terms[min(ids)]
        weight = max(_LIGHTEST_CONCEPT, *(searcher.weight(word) for word in term.name.split()))
        category = "general" if _says_which_document(mention, question) else term.category
        weight = _GENERAL_WEIGHT if category == "general" else weight
        yield Unit(category, term.name, weight, mention.start, mention.surface, ids=ids)


def _says_which_document(mention: Mention, question: Question) -> bool:
    """True for a disease that only says which publication is meant: "the dose in RA, in the dermatomyositis report"."""
    if question.vocabulary.terms[mention.ids[0]].category != "disease" or len(question.names("disease")) < 2:
        return False
    after = [word.folded for word in words_of(question.read[mention.end :])][:_PUBLICATION_REACH]
    return bool(set(after) & question.vocabulary.publications)


def _words(question: Question, library: Library) -> Iterator[Unit]:
    """Yield the plain words: topics that nothing else stands for, words, names told apart, and cues."""
    searcher = HybridSearcher(library)
    vocabulary = question.vocabulary
    nouns = frozenset().union(*vocabulary.asks_to_name.values())
    topics = frozenset().union(*(_own_stems(word, library) for word in vocabulary.must_be_covered))
    names_of_studies = _naming_studies(question) | {word.lower() for word in question.acronyms}
    for word in (*question.focus, *_told_apart(question, searcher)):
        stems, start, weight = library.stems(word), _where(word, question), searcher.weight(word)
        if word in nouns:
            yield Unit("cue", word, _CUE_WEIGHT, start, word, stems=stems)
        elif _is_topic(word, topics, question, library) or _is_unlisted_drug(word, question, searcher):
            yield Unit("topic", word, weight, start, word, stems=stems)
        else:
            weight = min(weight, _EVERYDAY_WEIGHT) if word in vocabulary.everyday else weight
            weight *= _REMARK_SHARE if _in_brackets(question.read, start) else 1
            is_name = (word in question.proper_names and word not in vocabulary.everyday) or word in names_of_studies
            here = word not in vocabulary.everyday and _is_treated(word, question)
            yield Unit("word", word, weight, start, word, stems=stems, binding=is_name, here=here)
    for mention in question.mentions:
        word = mention.surface.lower()
        if word in names_of_studies and vocabulary.terms[mention.ids[0]].category in _ALSO_WORDS:
            stems, weight = library.stems(word), searcher.weight(word)
            yield Unit("word", word, weight, mention.start, mention.surface, stems=stems, binding=True)
    for word in (cue for cue in question.cues if cue not in vocabulary.stopwords):
        weight = _TELLING_CUE_WEIGHT if word in question.telling_cues else _CUE_WEIGHT
        yield Unit("cue", word, weight, _where(word, question), word, stems=library.stems(word))


def _own_stems(word: str, library: Library) -> frozenset[str]:
    """Return the stems of a word without those of the family of words that mean the same."""
    return frozenset(stem for stem in library.stems(word) if not stem.startswith(FAMILY))


def _is_topic(word: str, topics: frozenset[str], question: Question, library: Library) -> bool:
    """True for a word that nothing else stands for, unless it acts on a disease: stopping itch is an effect, no act."""
    read = list(words_of(question.read))
    at = next((n for n, found in enumerate(read) if found.folded == word), len(read))
    after = read[at + 1].start if at + 1 < len(read) else -1
    acted_on = (question.vocabulary.terms[m.ids[0]].category for m in question.mentions if m.start == after)
    return bool(_own_stems(word, library) & topics) and not {"disease", "event"} & set(acted_on)


def _naming_studies(question: Question) -> frozenset[str]:
    """Return the words right before a study, "the shampoo trial": what lacks them everywhere is another study's."""
    plain = question.vocabulary.everyday | question.vocabulary.stopwords
    pairs = zip(question.words, question.words[1:], strict=False)
    return frozenset(word for word, noun in pairs if noun in _STUDIES and word not in plain)


def _is_treated(word: str, question: Question) -> bool:
    """True for an unknown word after "for" or "in" where a dose is asked: it names what the drug is given for."""
    at = question.words.index(word) if word in question.words else 0
    return Shape.DOSE in question.wants and at > 0 and question.words[at - 1] in ("for", "in")


def _is_unlisted_drug(word: str, question: Question, searcher: HybridSearcher) -> bool:
    """True for a word built like a drug's name, and for an unknown one where a dose is asked of no known drug."""
    if len(word) < _SHORTEST_DRUG:
        return False
    unheard = Shape.DOSE in question.wants and not question.names("drug") and not searcher.knows(word)
    return unheard or word.endswith(question.vocabulary.drug_stems)


def _told_apart(question: Question, searcher: HybridSearcher) -> Iterator[str]:
    """Yield the names that a question uses side by side for one concept, as two brands of one drug."""
    surfaces: dict[tuple[str, ...], set[str]] = {}
    for mention in question.mentions:
        surfaces.setdefault(mention.ids, set()).add(mention.surface.lower())
    for names in surfaces.values():
        if len(names) > 1:
            yield from (name for name in sorted(names) if " " not in name and searcher.knows(name))


def _where(word: str, question: Question) -> int:
    return next((found.start for found in words_of(question.read) if found.folded == word), 0)


def _in_brackets(text: str, offset: int) -> bool:
    return text.rfind("(", 0, offset) > text.rfind(")", 0, offset)
