"""Whether a sentence says what a quote says: the quote's words in their order, with nothing left out that matters.

A text is read as terms: concepts of the vocabulary whatever their names, figures with their units, denials joined to
what they deny, and the stems of all other words. A sentence may leave out plain words, and whatever stands before
its first word or after its last; never a figure, a unit, a name, a comparison or a denial between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.figures import UNITS, figures

if TYPE_CHECKING:
    from assistant.ground import Gate

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_TOKEN = re.compile(
    r"\d{1,3}(?:[, ]\d{3})+(?![\d.])|\d+(?:[.,]\d+)*|(?<![\w.])\.\d+|(?<=\d)\s?-\s?(?=\d)|(?<![\w)])-(?=\d)"
    r"|n['’]t\b|[^\W\d_]+?(?=n['’]t\b)|[^\W\d_]+\d*|[<>≤≥=±%+~≈×]"
)
_UNITS = UNITS | {
    form: unit
    for unit, forms in {"daily": "daily", "weekly": "weekly", "monthly": "monthly", "yearly": "yearly annually"}.items()
    for form in forms.split()
}
_SIGNS = frozenset("<>≤≥=±+~≈×-")
_FREE = frozenset(
    "a an the this that these of in on with was were is are be been being has have had found times".split()
)
_DENIALS = frozenset("no not none never neither nor without cannot n't n’t non lacking absent".split())
_KEPT = frozenset(
    "than versus vs against compared relative unlike like before after until since during within over under above "
    "below up down to from by for at per every each only except excluding all some most many several few fewer half "
    "both either least best worst may might could can would should will possibly probably likely unlikely rarely "
    "seldom often sometimes if unless when while but although though instead rather similar similarly same equal "
    "different more less higher lower greater smaller longer shorter better worse increas decreas reduc rais fall "
    "declin improv worsen elev lack fail failed".split()
)
_JOINS = frozenset(("and", "or", "nor"))
_LONGEST_MOVED = 3  # terms
_LONGEST_REORDERED = 20


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a text that has to be equal: `loose` ones may be left out, though what stands around them is said."""

    key: str
    category: str
    loose: bool = False

    @property
    def denied(self) -> bool:
        """Return whether a denial belongs to it."""
        return self.key.startswith("¬")


def says(text: str, quote: str, gate: Gate) -> bool:
    """Return whether a sentence says what a quote says, in the quote's order, but for one short group of words."""
    said, quoted = gate.terms_of(text), gate.terms_of(quote)
    if not said or not {term.key for term in said} <= {term.key for term in quoted}:
        return False
    if _follows(said, quoted):
        return True
    if len(said) > _LONGEST_REORDERED or not _in_order_by_category(said, quoted):
        return False
    return any(_follows(other, quoted) for other in _with_one_group_moved(said))


def terms_of(text: str, gate: Gate) -> list[Term]:
    """Return what a text says, term by term, without the words that say nothing of their own."""
    text = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())
    terms = list(_denials_joined(_with_units(_raw_terms(text, gate))))
    denied = any(term.denied for term in terms)
    joins = ("or", "nor") if denied else ("and",)
    return [
        replace(term, loose=_may_be_left_out(terms[max(0, i - 2) : i], term, joins)) for i, term in enumerate(terms)
    ]


def _may_be_left_out(before: Sequence[Term], term: Term, joins: Sequence[str]) -> bool:
    """Return whether a term is a plain word, or a name joined to another of its category: of "A and B", B."""
    if term.denied:
        return False
    joined = len(before) == 2 and before[1].key in joins and before[0].category == term.category != "figure"
    return term.category == "word" or (joined and term.category not in ("kept", "unit"))


def _raw_terms(text: str, gate: Gate) -> Iterator[Term]:
    """Yield concepts, figures and words in order; an abbreviation in brackets after its name is no term of its own."""
    mentions = {mention.start: mention for mention in gate.library.mentions(text)}
    at, last = 0, frozenset[str]()
    for found in _TOKEN.finditer(text):
        if found.start() < at:
            continue
        if mention := mentions.get(found.start()):
            at = mention.end
            in_brackets = text[mention.start - 1 : mention.start] == "(" and text[at : at + 1] == ")"
            if not (in_brackets and last & set(mention.ids)):
                category = gate.vocabulary.terms[mention.ids[0]].category
                yield Term("@" + "|".join(sorted(mention.ids)), category)
            last = frozenset(mention.ids)
        elif term := _word_term(found.group().strip().lower(), text[: found.start()], gate):
            yield term


def _word_term(word: str, before: str, gate: Gate) -> Term | None:
    if word == "-":
        return Term("to", "kept") if before[-1:].isdigit() else Term("-", "kept")
    if number := figures(word):
        return Term(f"#{' '.join(number)}", "figure")
    if word in _UNITS:
        return Term(_UNITS[word], "unit")
    if word in _FREE:
        return None
    if word in _DENIALS:
        return Term("¬", "kept")
    stem = gate.stem(word)
    kept = word in _KEPT or stem in _KEPT or word in _SIGNS or word[-1].isdigit()
    return Term(stem, "kept" if kept else "word")


def _with_units(terms: Iterator[Term]) -> list[Term]:
    """Return the terms with each figure joined to the unit that follows it, or follows the range that it is part of."""
    unit = ""
    found: list[Term] = []
    for term in reversed(list(terms)):
        if term.category == "unit":
            unit = term.key
        elif term.category == "figure":
            term = replace(term, key=f"{term.key} {unit}".strip())
        elif term.key not in ("to", *_JOINS):
            unit = ""
        found.append(term)
    return found[::-1]


def _denials_joined(terms: Sequence[Term]) -> Iterator[Term]:
    denial = ""
    for term in terms:
        if term.key == "¬":
            denial += "¬"
        else:
            yield replace(term, key=denial + term.key)
            denial = ""
    if denial:
        yield Term(denial, "kept")


def _follows(said: Sequence[Term], quoted: Sequence[Term]) -> bool:
    """Return whether all that is said stands in this order in the quote, with nothing between that has to be kept."""
    refuted: set[tuple[int, int]] = set()

    def rest(i: int, j: int) -> bool:
        if i == len(said):
            return _may_stop(quoted, j)
        if (i, j) in refuted:
            return False
        for k in range(j, len(quoted)):
            if said[i].key == quoted[k].key and rest(i + 1, k + 1):
                return True
            if not quoted[k].loose:
                break
        refuted.add((i, j))
        return False

    starts = (k for k, term in enumerate(quoted) if term.key == said[0].key and _may_start(quoted, k))
    return any(rest(1, k + 1) for k in starts)


def _may_start(quoted: Sequence[Term], k: int) -> bool:
    cut = k > 0 and quoted[k].category == "figure" and quoted[k - 1].category in ("kept", "figure")
    return not cut and not any(term.denied for term in quoted[:k])


def _may_stop(quoted: Sequence[Term], j: int) -> bool:
    measured = quoted[j - 1].category in ("figure", "unit")
    cut = j < len(quoted) and measured and (quoted[j].category in ("unit", "figure") or quoted[j].key in ("to", "per"))
    return not cut and not any(term.denied for term in quoted[j:])


def _in_order_by_category(said: Sequence[Term], quoted: Sequence[Term]) -> bool:
    """Return whether the figures, and the names of each category, are said in the order in which the quote has them."""
    for category in {term.category for term in said} - {"word"}:
        there = iter([term.key for term in quoted if term.category == category])
        if not all(any(key == other for other in there) for key in (t.key for t in said if t.category == category)):
            return False
    return True


def _with_one_group_moved(said: Sequence[Term]) -> Iterator[list[Term]]:
    """Yield the terms with one to three neighbours put elsewhere: "In vitiligo, ..." for "... in vitiligo"."""
    for start in range(len(said)):
        for end in range(start + 1, min(start + _LONGEST_MOVED, len(said)) + 1):
            group, others = said[start:end], [*said[:start], *said[end:]]
            if any(one.category == two.category == "figure" for one, two in pairwise(group)):
                continue
            for at in range(len(others) + 1):
                yield [*others[:at], *group, *others[at:]]
