"""What is worked out from figures in sentences: a difference, a ratio or a share, with the sentences that give them.

Only where it is plain which figures are meant: the two of one unit in the sentence that answers, or one each of two
sentences that say the same of two arms.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.candidates import Candidate
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.pairs import Quantity, Result, difference, quantities, ratio, share, shares
from assistant.question import Question
from assistant.recipes.tables import asked_operations
from assistant.units import HARD
from corpus.figures import Shape, figures
from corpus.text import words
from index.library import Library

_ALIKE = 0.75  # share of common words from which two sentences say the same of two arms
_ANYBODY = frozenset("patient patients people persons individuals participants subjects pts".split())
_TELLING = 1.5  # weight above which a word says which share is asked for
_UNITS = {
    Shape.SHARE: ("%",),
    Shape.RATE: ("per 100 patient-years", "%"),
    Shape.DURATION: ("years", "months", "weeks", "days"),
}


def compose(
    question: Question, chosen: Sequence[Candidate], evidence: Evidence, library: Library, draft: Draft
) -> bool:
    """State what the question asks to be worked out, then its sentences; False where it isn't plain from what."""
    asked = {record.operation for record in asked_operations(question)} | ({"share"} if "%" in question.read else set())
    best = chosen[0]
    if best.passage.table is not None or not asked & {"difference", "ratio", "share"}:
        return False
    found: tuple[Result, list[Candidate]] | None = None
    if asked & {"difference", "ratio"}:
        found = _of_two("ratio" if "difference" not in asked else "difference", question, best, evidence, library)
    elif _tells_all(best, question) and "%" not in best.text and len(pairs := shares(best.text)) == 1:
        found = (share(*pairs[0]), [best]) if pairs[0][0] < pairs[0][1] else None
    if found is None:
        return False
    result, told = found
    numbers = tuple(n for c in told for n in draft.cite(c.document, c.passage, c.span))
    draft.state(result.text, "computed", numbers, result.working)
    for candidate in told:
        draft.state_sentence(candidate.document, candidate.passage, candidate.span)
    return True


def _of_two(
    operation: str, question: Question, best: Candidate, evidence: Evidence, library: Library
) -> tuple[Result, list[Candidate]] | None:
    """Return the result over two figures and the sentences that give them."""
    for units in _wanted(question):
        own = _quantities(best, units, library)
        partners = _partners(question, best, units, evidence, library) if len(own) == 1 else []
        if len(own) == 2 and _accounts([best]):
            first, second, told = own[0], own[1], [best]
        elif len(partners) == 1 and _accounts([best, partners[0]]):
            first, second, told = own[0], _quantities(partners[0], units, library)[0], [best, partners[0]]
        else:
            continue
        result = difference(first, second) if operation == "difference" else ratio(first, second)
        if result and first.unit == second.unit and first.value != second.value:
            return result, told
    return None


def _wanted(question: Question) -> list[tuple[str, ...]]:
    """Return the units of figure that the question may mean, likeliest first."""
    return [
        *(_UNITS[shape] for shape in question.wants if shape in _UNITS),
        ("%",),
        ("per 100 patient-years",),
        ("",),
        ("years",),
    ]


def _quantities(candidate: Candidate, units: tuple[str, ...], library: Library) -> list[Quantity]:
    """Return the figures of a sentence with one of the units; the strength of a drug is none of them."""
    strengths = {mention.end + 1 for mention in library.mentions(candidate.text)}
    return [q for q in quantities(candidate.text) if q.unit in units and q.start not in strengths]


def _partners(
    question: Question, best: Candidate, units: tuple[str, ...], evidence: Evidence, library: Library
) -> list[Candidate]:
    """Return the sentences that say of another arm what the best one says, of the arms that the question names."""
    lacking = frozenset(question.numbers) - figures(best.text)
    return [
        candidate
        for candidate in evidence.prose.candidates
        if candidate.document is best.document
        and candidate.span != best.span
        and _says_the_same_of_another(candidate.text, best.text)
        and len(_quantities(candidate, units, library)) == 1
        and _hard(best) <= candidate.covered
        and lacking <= figures(candidate.text)
    ]


def _says_the_same_of_another(one: str, other: str) -> bool:
    first, second = ({word for word in words(text).split() if word.isalpha()} for text in (one, other))
    return len(first & second) >= _ALIKE * len(first | second) and figures(one) != figures(other)


def _accounts(told: Sequence[Candidate]) -> bool:
    """Return whether sentences name together all that the question does: a figure of something else is no answer."""
    covered = frozenset[int]().union(*(candidate.covered for candidate in told))
    return covered >= {i for i, unit in enumerate(told[0].units) if unit.category in HARD or unit.binding}


def _tells_all(candidate: Candidate, question: Question) -> bool:
    """Return whether a sentence tells the very share that is asked for: all its names, words of weight, and figures."""
    asked = {
        i
        for i, unit in enumerate(candidate.units)
        if unit.category == "shape" or (unit.weight > _TELLING and unit.category not in ("cue", "shows", "named"))
    }
    people = {word for word in question.words if word in question.vocabulary.operations.people} - _ANYBODY
    return asked <= candidate.covered and people <= set(words(candidate.text).split())


def _hard(candidate: Candidate) -> frozenset[int]:
    return frozenset(i for i in candidate.covered if candidate.units[i].category in HARD)
