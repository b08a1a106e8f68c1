"""Wrong statements made out of right ones: one word, figure or cell changed, as a slip or a bad recipe would.

Each function takes a sentence of prose and yields sentences that say something else. What still has the words of
its original is no mutant and is left out by whoever asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, islice
from zlib import crc32

from assistant.composed import tokens
from corpus.figures import figures as known_figures
from corpus.terms import Mention, Vocabulary

Mutator = Callable[[str, Vocabulary], Iterator[str]]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FIGURE_WORDS = {
    "one": "two",
    "two": "three",
    "three": "five",
    "four": "six",
    "five": "four",
    "six": "seven",
    "ten": "twelve",
    "once": "twice",
    "twice": "once",
    "half": "a quarter",
}
_UNITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=\d )mg\b", ("g", "mcg", "mg/kg", "ml")),
    (r"(?<=\d)\s?%", (" mg", "", "‰")),
    (r"\bg\b", ("mg",)),
    (r"\bdays\b", ("weeks", "hours")),
    (r"\bday\b", ("week",)),
    (r"\bweeks\b", ("months", "days")),
    (r"\bweek\b", ("day", "month")),
    (r"\bmonths\b", ("weeks", "years")),
    (r"\bmonth\b", ("week",)),
    (r"\byears\b", ("months",)),
    (r"\bdaily\b", ("weekly", "monthly")),
    (r"\bweekly\b", ("daily",)),
    (r"\bhours?\b", ("days",)),
    (r"(?<=/)h\b", ("day",)),
    (r"\bpatient-years\b", ("patients", "patient-months")),
    (r"\bonce\b", ("twice",)),
    (r"\btwice\b", ("once", "three times")),
    (r"<", (">",)),
    (r">", ("<",)),
    (r"≥", ("≤",)),
    (r"≤", ("≥",)),
)
_ROUTES = ("oral", "topical", "subcutaneous", "intravenous")
_DRUGS = ("ruxolitinib", "tofacitinib", "abrocitinib", "methotrexate", "ritlecitinib", "adalimumab", "placebo")
_DISEASES = ("psoriasis", "vitiligo", "alopecia areata", "lichen planus", "rheumatoid arthritis")
_EVENTS = ("herpes zoster", "acne", "nausea", "malignancy", "neutropenia")
_PEOPLE = ("children", "adults", "men", "women", "pregnant women", "older adults", "smokers")
_ARMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bplacebo\b", ("tofacitinib", "TNF inhibitors")),
    (r"\b(?:TNF|tumor necrosis factor \(TNF\)) inhibitors?\b", ("tofacitinib", "placebo")),
    (r"\bwoman\b", ("man",)),
    (r"\bwomen\b", ("men",)),
    (r"\bman\b", ("woman",)),
    (r"\bmen\b", ("women",)),
    (r"\badults?\b", ("children",)),
    (r"\bchildren\b", ("adults",)),
    (r"\badolescents\b", ("adults",)),
    (r"\bresponders\b", ("nonresponders",)),
    (r"\bpatients\b", ("mice",)),
)
_NEGATIONS: tuple[tuple[str, str], ...] = (
    (r"\b(?:not|no|never|neither|nor)\s", ""),
    (r"\bwithout\b", "with"),
    (r"\bnone\b", "all"),
    (r"\bcannot\b", "can"),
    (r"n['’]t\b", ""),
    (r"\bnon-?(?=[a-z]{4})", ""),
    (r"\babsent\b", "present"),
)
_VERBS = re.compile(
    r"\b(?:was|were|is|are|has|have|had|can|may|did|does|should|will|gave|took|used|led|listed|lists|raised|showed|"
    r"[a-z]{3,}(?:ed|es))\b"
)
_AUXILIARIES = frozenset("was were is are has have had can may did does should will".split())
_DIRECTIONS = (
    ("higher", "lower"),
    ("increased", "decreased"),
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("more", "less"),
    ("more", "fewer"),
    ("improved", "worsened"),
    ("improvement", "worsening"),
    ("raised", "lowered"),
    ("raise", "lower"),
    ("above", "below"),
    ("over", "under"),
    ("before", "after"),
    ("most", "least"),
    ("highest", "lowest"),
    ("longest", "shortest"),
    ("elevated", "reduced"),
    ("better", "worse"),
    ("approved", "unapproved"),
    ("effective", "ineffective"),
    ("safe", "unsafe"),
    ("selective", "nonselective"),
    ("up to", "at least"),
)


def spelt(text: str) -> list[str]:
    """Return the words and signs of a text with its figures in one spelling: what has the same says the same."""
    return [" ".join(known_figures(token)) or token for token in tokens(text)]


def drugs(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a drug replaced by one that it does not name, and with two of its drugs exchanged."""
    yield from _renamed(text, "drug", _DRUGS, vocabulary)


def diseases_and_events(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a disease or an adverse event replaced or exchanged with another."""
    yield from _renamed(text, "disease", _DISEASES, vocabulary)
    yield from _renamed(text, "event", _EVENTS, vocabulary)


def routes(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a route replaced by another, and with two of its routes exchanged."""
    yield from _renamed(text, "route", _ROUTES, vocabulary)


def groups(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a group of patients or an arm replaced, or exchanged with another or with a drug."""
    yield from _renamed(text, "population", _PEOPLE, vocabulary)
    for pattern, others in _ARMS:
        for other in others:
            yield from _each(text, pattern, other)
    placebo = re.search(r"\bplacebo\b", text)
    for mention in _named(text, "drug", vocabulary) if placebo else ():
        yield _exchanged(text, (mention.start, mention.end), (placebo.start(), placebo.end())) if placebo else text
    for one, other in (("women", "men"), ("woman", "man"), ("children", "adults")):
        first, second = (re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in (one, other))
        if first and second:
            yield _exchanged(text, first.span(), second.span())


def figures(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a digit changed, a decimal point moved, or two of its figures exchanged."""
    found = list(_NUMBER.finditer(text))
    for number in found:
        for other in _other_numbers(number.group()):
            yield text[: number.start()] + other + text[number.end() :]
    for one, two in islice(combinations(found, 2), 9):
        yield _exchanged(text, one.span(), two.span())
    for word, other in _FIGURE_WORDS.items():
        yield from _each(text, rf"\b{word}\b", other)


def units(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a unit, a frequency or a sign replaced."""
    for pattern, others in _UNITS:
        for other in others:
            yield from _each(text, pattern, other)


def negations(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text without one of its denials; where it has none, with one put in."""
    denied = False
    for pattern, other in _NEGATIONS:
        for mutant in _each(text, pattern, other):
            denied = True
            yield mutant
    if not denied and (verb := _VERBS.search(text)):
        after = verb.end() if verb.group() in _AUXILIARIES else verb.start()
        yield f"{text[:after].rstrip()} not {text[after:].lstrip()}"
        yield f"{text[:after].rstrip()} never {text[after:].lstrip()}"
        yield f"No {text[0].lower()}{text[1:]}"


def directions(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with a rise turned into a fall, a better into a worse and the like."""
    for pair in _DIRECTIONS:
        for word, other in (pair, pair[::-1]):
            yield from _each(text, rf"\b{word}\b", other)


MUTATORS: Mapping[str, Mutator] = {
    "drug": drugs,
    "disease or event": diseases_and_events,
    "route": routes,
    "group or arm": groups,
    "figure": figures,
    "unit": units,
    "negation": negations,
    "direction": directions,
}


def _renamed(text: str, category: str, others: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the text with each concept of a category replaced by two others, and with each two exchanged."""
    found = _named(text, category, vocabulary)
    said = {i for mention in found for i in mention.ids}
    foreign = [name for name in others if not said & {i for m in vocabulary.find(name) for i in m.ids}]
    for number, mention in enumerate(found):
        start = crc32(text.encode()) + number
        for name in {foreign[(start + step) % len(foreign)] for step in range(2)} if foreign else ():
            written = name.capitalize() if mention.surface[0].isupper() and mention.start == 0 else name
            yield text[: mention.start] + written + text[mention.end :]
    for one, two in combinations(found, 2):
        if not set(one.ids) & set(two.ids):
            yield _exchanged(text, (one.start, one.end), (two.start, two.end))


def _named(text: str, category: str, vocabulary: Vocabulary) -> list[Mention]:
    return [m for m in vocabulary.find(text) if vocabulary.terms[m.ids[0]].category == category]


def _other_numbers(number: str) -> Iterable[str]:
    digit = str((int(number[0]) + 4) % 9 + 1)
    last = str((int(number[-1]) + 3) % 10)
    yield digit + number[1:]
    yield number[:-1] + last
    yield number + "0" if "." not in number else number.replace(".", "", 1)
    yield f"{number}.5" if "." not in number and "," not in number else f"1{number}"
    yield f"0.{number}" if number.isdecimal() else number.replace(".", "", 1) + ".1"


def _each(text: str, pattern: str, other: str) -> Iterator[str]:
    """Yield the text with one occurrence of a pattern replaced, for each occurrence."""
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield text[: found.start()] + other + text[found.end() :]


def _exchanged(text: str, one: tuple[int, int], two: tuple[int, int]) -> str:
    (a, b), (c, d) = sorted((one, two))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
