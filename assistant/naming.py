"""What a person types for the name of a drug, disease or route → the concepts that it may mean.

Any name of the vocabulary will do: brands, abbreviations, lay words, shorthand, Spanish, known misspellings. An
unknown one is refused with the nearest known names: a list that was filtered by a guess would look complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpus.errors import PosologyError
from corpus.terms import Vocabulary
from corpus.words import fold_name

CATEGORIES = {"drug": ("drug",), "disease": ("disease", "event"), "route": ("route",)}
"""The vocabulary's categories that each option may name: many a disease is mostly met as an adverse event."""

_NEAR = 75  # of 100: similarity from which on a name is offered
_MOST_NEAR = 3
_BEGINNING = 3  # letters from which on the beginning of a name is taken for it


class UnknownNameError(PosologyError):
    """A name that was typed stands for nothing that is known."""

    exit_code = 2


def meanings(text: str, option: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the ids of the concepts that `text` may mean as a value of an option ("drug", "disease", "route").

    Raises:
        UnknownNameError: there are none; names the nearest, or the option that knows the name.
    """
    ids = _ids(text, vocabulary)
    found = tuple(i for i in ids if vocabulary.terms[i].category in CATEGORIES[option])
    if found:
        return found
    for other, categories in CATEGORIES.items():
        if any(vocabulary.terms[i].category in categories for i in ids):
            raise UnknownNameError(f"{text!r} names a {other}, not a {option}; write --{other} {text!r}.")
    near = nearest(fold_name(text), _names(option, vocabulary))
    advice = f"write one of the nearest known names: {', '.join(near)}" if near else f"leave --{option} out to see all"
    raise UnknownNameError(f"No {option} is known by the name {text!r}; {advice}.")


def widest(ids: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the preferred names of the concepts that are no kind of another one among them."""
    known = frozenset(ids)
    apart = (vocabulary.terms[i] for i in sorted(known) if not known & frozenset(vocabulary.terms[i].broader))
    return tuple(dict.fromkeys(term.name for term in apart))


def nearest(text: str, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return what the few keys of `names` stand for that begin with `text` or are spelt most like it, best first.

    Keys with another first letter are no candidates: few misspell that one.
    """
    from rapidfuzz import fuzz, process  # here, because most names are known

    candidates = [name for name in names if name[0] == text[:1]]
    begun = sorted((name for name in candidates if len(text) >= _BEGINNING and name.startswith(text)), key=len)
    alike = process.extract(text, candidates, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_MOST_NEAR)
    found = (*begun, *(name for name, _, _ in alike))
    return tuple(dict.fromkeys(meaning for name in found for meaning in names[name]))[:_MOST_NEAR]


def _ids(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    key = fold_name(text)
    forms = (key, key.removesuffix("s"), fold_name(vocabulary.spelled_out.get(key, "")))
    return next((vocabulary.names[form] for form in forms if form in vocabulary.names), ())


def _names(option: str, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return every name that an option knows, as looked up, with the preferred names of what it stands for."""
    wanted = CATEGORIES[option]
    known = {name: [vocabulary.terms[i] for i in ids] for name, ids in vocabulary.names.items()}
    named = {name: tuple(term.name for term in terms if term.category in wanted) for name, terms in known.items()}
    return {name: meant for name, meant in named.items() if meant}
