"""Metrics of one answer against its gold. A metric that does not apply to a question gives no score."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Protocol

from assistant.contract import Answer, Citation, Statement
from corpus.errors import UnknownDocumentError
from corpus.figures import figures
from evals.gold import Place, places_of, sentences_of_gold
from evals.named import agree, all_names
from evals.stated import is_stated
from evals.suite import Turn, forbidden, judge, unmet
from index.library import Library

_SUBJECTS = ("drug", "disease", "event", "trial")
_TELEPHONE = re.compile(r"\b(?:112|911|999|024|061)\b")


class Metric(Protocol):
    """A share between 0 and 1 of one answer."""

    @property
    def name(self) -> str:
        """Return what the metric is called in tables."""
        ...

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the score, or None where the metric does not apply."""
        ...


@dataclass(frozen=True)
class Pass:
    """1 if the answer has the expected status, a match for every group of `must` and none for `must_not`."""

    name: ClassVar[str] = "pass"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return 1 or 0."""
        return float(judge("", turn, answer).fault is None)


@dataclass(frozen=True)
class RequiredFacts:
    """The share of the facts that an answer must state which it states: groups of `must` and typed `states`.

    The recall of "nuggets" (Voorhees 2003, TREC question answering), all of them vital. Nothing where none is wanted.
    """

    name: ClassVar[str] = "required facts"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share, 0 for an answer that was refused."""
        wanted = len([group for group in turn.must if group]) + len(turn.states)
        return 1 - len(missing(turn, answer, library)) / wanted if wanted else None


@dataclass(frozen=True)
class Strict:
    """1 if the status is right, every fact is stated, typed ones included, and nothing forbidden is said."""

    name: ClassVar[str] = "strict correctness"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return 1 or 0."""
        right = answer.status == turn.expect and not forbidden(turn, answer)
        return float(right and not missing(turn, answer, library))


@dataclass(frozen=True)
class QuoteValidity:
    """The share of an answer's citations whose quote is the stored text between their offsets, to the character.

    Nothing where nothing is cited. The gate wants 1 everywhere.
    """

    name: ClassVar[str] = "quote validity"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share."""
        valid = [_is_verbatim(citation, library) for citation in answer.citations]
        return sum(valid) / len(valid) if valid else None


@dataclass(frozen=True)
class NumberGrounding:
    """The share of the figures in an answer's statements that stand in what the statement cites.

    For a computed statement its working counts too, for a note the question and telephone numbers. Figures are
    compared in the spelling of `corpus.figures`. Nothing where no statement holds a figure.
    """

    name: ClassVar[str] = "number grounding"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share."""
        told = grounded = 0
        by_number = {citation.number: citation for citation in answer.citations}
        for statement in answer.statements:
            own = figures(_TELEPHONE.sub("", statement.text) if statement.kind == "note" else statement.text)
            told += len(own)
            grounded += len(own & figures(_ground(statement, by_number, answer.question)))
        return grounded / told if told else None


@dataclass(frozen=True)
class CitationRecall:
    """The share of the gold's places that some citation touches.

    After the citation recall of ALCE (Gao et al. 2023), with gold spans in place of an entailment model. Nothing
    where the library holds no gold, or where no answer is expected.
    """

    name: ClassVar[str] = "citation recall"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share."""
        gold = _gold_places(turn, library)
        if not gold:
            return None
        return sum(any(_touches(citation, places) for citation in answer.citations) for places in gold) / len(gold)


@dataclass(frozen=True)
class CitationPrecision:
    """The share of the citations that touch a place of the gold; the header that a row is cited with is left out.

    After the citation precision of ALCE (Gao et al. 2023). Gold names one place where the digests often say a thing
    twice, so a citation without gold may still be right: read this beside number grounding, not alone.
    """

    name: ClassVar[str] = "citation precision"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share, or nothing where nothing is cited or no gold is held."""
        gold = _gold_places(turn, library)
        cited = [citation for citation in answer.citations if not _is_header(citation, library)]
        if not gold or not cited:
            return None
        return sum(any(_touches(citation, places) for places in gold) for citation in cited) / len(cited)


@dataclass(frozen=True)
class FollowUp:
    """1 if a follow-up was resolved: completed, it names what it leaves out and its gold needs.

    That is a drug, disease, event or trial which the gold's sentences name and an earlier question named, or which a
    typed fact is about, of a category that the follow-up itself names nothing of. Nothing for a turn that needs
    nothing so.
    """

    name: ClassVar[str] = "follow-up resolution"

    def score(self, turn: Turn, answer: Answer, library: Library) -> float | None:
        """Return the share of what is needed that is named, category by category."""
        if not turn.after:
            return None
        gold = " | ".join(text for one in turn.gold for text in (one.quote, *sentences_of_gold(one, library)))
        entities = " | ".join(state.entity for state in turn.states if state.entity)
        found = []
        for category in _SUBJECTS:
            if all_names(turn.question, library, category):
                continue
            before = all_names(" | ".join(turn.after), library, category)
            needed = all_names(gold, library, category) & before | all_names(entities, library, category)
            if needed:
                resolved = all_names(answer.interpretation.resolved, library, category)
                found.append(agree(resolved, needed, library.vocabulary))
        return sum(found) / len(found) if found else None


ANSWER_METRICS: tuple[Metric, ...] = (
    Pass(),
    RequiredFacts(),
    Strict(),
    QuoteValidity(),
    NumberGrounding(),
    CitationRecall(),
    CitationPrecision(),
    FollowUp(),
)


def missing(turn: Turn, answer: Answer, library: Library) -> list[str]:
    """Return what an answer had to state and doesn't: patterns first, then typed facts."""
    return [*unmet(turn, answer), *(str(state) for state in turn.states if not is_stated(state, answer, library))]


def _is_verbatim(citation: Citation, library: Library) -> bool:
    try:
        text = library.document(citation.document_id).text
    except UnknownDocumentError:
        return False
    return bool(citation.quote.strip()) and text[citation.start : citation.end] == citation.quote


def _ground(statement: Statement, by_number: dict[int, Citation], question: str) -> str:
    if statement.kind == "note":
        return question
    cited = [by_number[number] for number in statement.citations if number in by_number]
    texts = [f"{one.quote}\n{one.reading or ''}\n{one.section}\n{one.locator}\n{one.title}" for one in cited]
    return "\n".join([*texts, statement.working or ""])


def _gold_places(turn: Turn, library: Library) -> list[tuple[Place, ...]]:
    if turn.expect != "answered":
        return []
    return [places for gold in turn.gold if (places := places_of(gold, library))]


def _touches(citation: Citation, places: tuple[Place, ...]) -> bool:
    return any(place.overlaps(citation.document_id, citation.start, citation.end) for place in places)


def _is_header(citation: Citation, library: Library) -> bool:
    tables = library.document(citation.document_id).tables
    return any(citation.start < table.header.end and table.header.start < citation.end for table in tables)
