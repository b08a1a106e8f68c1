"""The gate: no statement leaves without evidence that says it, whatever composed it.

Each check returns a sentence naming what is wrong, or None. A statement with any fault is dropped; an answer that
loses all its statements becomes an abstention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.contract import Citation, Statement
from corpus.figures import figures
from corpus.terms import Vocabulary
from corpus.text import words
from index.library import Library

_TELEPHONE = re.compile(r"\b(?:call|phone|dial|number)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|cannot|absent|absence|lack(?:s|ed|ing)?|fail(?:s|ed)?)\b|n['’]t\b",
    re.IGNORECASE,
)

Check = Callable[[Statement, Sequence[Citation], "Gate"], str | None]


class Gate:
    """Checks statements against the documents of one library, for one question."""

    def __init__(self, library: Library, question: str, vocabulary: Vocabulary) -> None:
        self.library = library
        self.question = question
        self.vocabulary = vocabulary

    def faults(self, statement: Statement, citations: Sequence[Citation]) -> list[str]:
        """Return everything that is wrong with a statement; an empty list lets it through."""
        by_number = {citation.number: citation for citation in citations}
        missing = [number for number in statement.citations if number not in by_number]
        if missing:
            return [f"cites {missing}, which do not exist"]
        cited = [by_number[number] for number in statement.citations]
        return [fault for check in _CHECKS[statement.kind] if (fault := check(statement, cited, self))]

    def named(self, text: str, category: str) -> frozenset[str]:
        """Return the ids of the concepts of a category that `text` names."""
        terms = self.vocabulary.terms
        ids = (i for mention in self.vocabulary.find(text) for i in mention.ids)
        return frozenset(i for i in ids if terms[i].category == category)


def passed(gate: Gate, statements: Sequence[Statement], citations: Sequence[Citation]) -> Iterator[Statement]:
    """Yield the statements without a fault."""
    for statement in statements:
        if not gate.faults(statement, citations):
            yield statement


def evidence_text(citations: Sequence[Citation]) -> str:
    """Return everything that the citations say: quotes and readings."""
    return "\n".join(f"{citation.quote}\n{citation.reading or ''}" for citation in citations)


def _where(citations: Sequence[Citation]) -> str:
    """Return what a footnote says of its place: a table's or a reference's number may stand in a statement."""
    return "\n".join(
        f"{citation.title} {citation.section} {citation.locator} {citation.year}" for citation in citations
    )


def _is_cited(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    return None if cited else "has no citation"


def _quotes_are_stored(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    for citation in cited:
        stored = gate.library.document(citation.document_id).text[citation.start : citation.end]
        if stored != citation.quote or not stored.strip():
            return f"citation {citation.number} is not what the document holds there"
    return None


def _readings_say_the_same(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    for citation in cited:
        if citation.reading is not None and not figures(citation.reading) <= figures(citation.quote):
            return f"the reading of citation {citation.number} holds figures that its quote lacks"
    return None


def _stands_in_quote(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    text = f" {words(statement.text)} "
    for citation in cited:
        if any(text in f" {words(version)} " for version in (citation.quote, citation.reading or "")):
            return None
    return "is not a sentence of its quote"


def _figures_are_quoted(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    loose = figures(statement.text) - figures(f"{evidence_text(cited)}\n{_where(cited)}")
    return f"holds figures that its quotes lack: {', '.join(sorted(loose))}" if loose else None


def _figures_stand_together(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """All figures and drugs of a composed sentence have to come from one quote, be it a sentence or a table row."""
    wanted = figures(statement.text) - figures(_where(cited))
    drugs = gate.named(statement.text, "drug")
    others = [other for other in cited if other.locator.endswith("header")]
    for citation in cited:
        with_header = evidence_text([citation, *others])
        if wanted <= figures(with_header) and drugs <= gate.named(f"{with_header} {citation.section}", "drug"):
            return None
    return "joins figures or drugs that stand in different quotes"


def _negation_is_kept(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    if bool(_NEGATION.search(statement.text)) and not _NEGATION.search(evidence_text(cited)):
        return "denies what its quotes do not deny"
    return None


def _shows_working(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    return None if (statement.working or "").strip() else "is computed without showing its working"


def _note_has_no_figures(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    own = figures(statement.text) - figures(gate.question)
    if own and not _TELEPHONE.search(statement.text):
        return f"is a note with figures of its own: {', '.join(sorted(own))}"
    return None


_QUOTED: tuple[Check, ...] = (_is_cited, _quotes_are_stored, _readings_say_the_same)
_CHECKS: dict[str, tuple[Check, ...]] = {
    "quote": (*_QUOTED, _stands_in_quote, _figures_are_quoted),
    "fact": (*_QUOTED, _figures_are_quoted, _figures_stand_together, _negation_is_kept),
    "computed": (*_QUOTED, _shows_working),
    "note": (_note_has_no_figures,),
}
