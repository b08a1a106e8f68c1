"""Whether a text states a typed fact: the figure with its unit, or the words, in a sentence that names the entity.

Figures are compared in the spelling of `corpus.figures` and regimens by the dose grammar, so "twice daily" and
"every 12 hours" are one; names are compared by what the vocabulary knows them for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.contract import Answer
from corpus.dosing import Regimen, parse
from corpus.figures import figures
from corpus.sentences import sentences
from corpus.text import fold, words
from evals.named import agree, names_in
from evals.suite import State
from index.library import Library

_TOKEN = re.compile(r"(?<![a-z\d.])(?<![a-z]-)\d+(?:[.,\u00a0]\d+)*|\b[a-z]+\b")
_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = rf"(?:\s*(?:%|mg)?\s*(?:to|-|or|and|/|,|±|\+/-)\s*{_NUMBER})*"  # "15 to 25 mg", "61%-70%": one unit for both
_OUT_OF = rf"(?:\s*(?:of|out of)(?: the)?\s*{_NUMBER})?"  # "3 of 5 patients"
_WORDS_BETWEEN = r"(?:[\w-]+\s+){0,3}?"  # "18 different patients"
_MEASURED = {
    "%": r"(?:%|percent\b|per cent\b)",
    "mg": r"(?:mgs?|milligram(?:me)?s?)\b",
    "g": r"(?:g|grams?)\b",
    "µg": r"(?:[µμ]g|mcg|ug|micrograms?)\b",
    "ml": r"(?:ml|millilit(?:er|re)s?)\b",
    "hours": r"(?:hours?|hrs?|h)\b",
    "days": r"days?\b",
    "weeks": r"(?:weeks?|wks?)\b",
    "months": r"(?:months?|mos?)\b",
    "years": r"(?:years?|yrs?)\b",
    "times": r"(?:times|-?fold|x)\b",
}
_COUNTED = {"patients": r"(?:patients?|participants?|people|persons?|subjects?|individuals?|cases?|women|men)\b"}
_PER_YEARS = re.compile(r"per (\d+) (?:patient|person)-years?|per (\d+) py\b")
_SINGULAR = {"percent": "%", "per cent": "%", "mcg": "µg", "ug": "µg", "μg": "µg", "participants": "patients"}


def sentences_of(answer: Answer, *, computed: bool = True) -> Iterator[str]:
    """Yield the sentences of an answer's statements; those that were computed only if they are wanted."""
    for statement in answer.statements:
        if statement.kind == "computed" and not computed:
            continue
        for span in sentences(statement.text):
            yield span.of(statement.text)


def is_stated(state: State, answer: Answer, library: Library) -> bool:
    """Return whether a sentence of the answer states the fact."""
    return any(states(sentence, state, library) for sentence in sentences_of(answer))


def states(sentence: str, state: State, library: Library) -> bool:
    """Return whether a sentence names the fact's entity and holds its value."""
    return (state.entity is None or _names(sentence, state.entity, library)) and _holds(sentence, state, library)


def _names(sentence: str, entity: str, library: Library) -> bool:
    """Return whether every concept and every figure of an entity stands in a sentence; its words, if it has neither."""
    wanted = names_in(entity, library)
    if not wanted:
        return f" {words(entity)} " in f" {words(sentence)} "
    there = frozenset[str]().union(*names_in(sentence, library))
    return all(agree(ids, there, library.vocabulary) for ids in wanted) and figures(entity) <= figures(sentence)


def _holds(sentence: str, state: State, library: Library) -> bool:
    if isinstance(state.value, str) and not re.fullmatch(_NUMBER, state.value):
        return _says(sentence, f"{state.value} {state.unit or ''}", library)
    value = next(iter(figures(str(state.value))), "")
    if state.unit is None:
        return value in figures(sentence)
    if wanted := _regimen(f"{state.value} {state.unit}"):
        return any(_same(wanted, found.regimen) for found in parse(sentence))
    return _with_unit(fold(sentence), value, fold(state.unit))


def _says(sentence: str, value: str, library: Library) -> bool:
    """Return whether a sentence holds the words of a value, or names the same and has all its figures."""
    if f" {words(value)} " in f" {words(sentence)} ":
        return True
    named = names_in(value, library)
    there = frozenset[str]().union(*names_in(sentence, library))
    loose = {word for word in words(value).split() if not word.isdecimal()}
    of_names = bool(named) and all(agree(ids, there, library.vocabulary) for ids in named)
    return (of_names or loose <= set(words(sentence).split())) and figures(value) <= figures(sentence)


def _regimen(text: str) -> Regimen | None:
    """Return the regimen that a value with its unit is, if it tells a frequency."""
    found = [each.regimen for each in parse(text) if each.regimen.frequency]
    return found[0] if len(found) == 1 else None


def _same(wanted: Regimen, told: Regimen) -> bool:
    """Return whether a told regimen has the wanted amount at either end of its range, as often."""
    amounts = {told.low, told.high}
    often = told.frequency == wanted.frequency
    return told.unit == wanted.unit and {wanted.low, wanted.high} <= amounts and often


def _with_unit(text: str, value: str, unit: str) -> bool:
    """Return whether a figure stands with its unit: behind it, or in the label of its table cell."""
    if found := _PER_YEARS.search(unit):
        years = found.group(1) or found.group(2)
        wanted = rf"(?:per|/)\s?{years}\s?(?:(?:patient|person)[- ]years?|py\b)"
        return value in figures(text) and bool(re.search(wanted, text))
    pattern = _pattern(unit)
    counted = "" if pattern in _MEASURED.values() else _OUT_OF
    behind = re.compile(rf"{_RANGE}{counted}[\s-]*{pattern}")
    for token in _TOKEN.finditer(text):
        if figures(token.group()) == {value}:
            label = text[: token.start()].rpartition(";")[2].rpartition(":")[0]
            if behind.match(text, token.end()) or re.search(pattern, label):
                return True
    return False


def _pattern(unit: str) -> str:
    unit = _SINGULAR.get(unit, unit)
    for name, pattern in _MEASURED.items():
        if re.fullmatch(pattern.removesuffix(r"\b"), unit) or unit == name:
            return pattern
    for name, pattern in _COUNTED.items():
        if unit == name:
            return _WORDS_BETWEEN + pattern
    return _WORDS_BETWEEN + r"\s+".join(rf"{re.escape(word.removesuffix('s'))}s?" for word in unit.split()) + r"(?!\w)"
