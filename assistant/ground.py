"""The gate: no statement leaves without evidence that says it, whatever composed it.

Each check returns a sentence naming what is wrong, or None. A statement with any fault is dropped; an answer that
loses all its statements becomes an abstention.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from assistant.attached import is_attached, is_damaged, reads_as_found
from assistant.composed import (
    direction_is_kept,
    evidence_text,
    figures_stand_together,
    negation_is_kept,
    one_source_says_it,
    tokens,
    where_it_stands,
)
from assistant.contract import Citation, Statement
from assistant.damaged import layer_over
from assistant.lookup.checked import is_read_off, is_worked_out
from assistant.totalled import has_no_total
from assistant.wording import Term, terms_of
from assistant.workings import comes_out_the_same, shows_working
from corpus.figures import figures
from corpus.sentences import sentences
from corpus.terms import Vocabulary
from corpus.text import without_markup
from corpus.types import PassageKind, Span
from index.library import Library

_log = logging.getLogger(__name__)
_TELEPHONE = re.compile(r"\+?\d[\d -]*\d{2}(?!\.?\d)(?!\s*(?:mg|g|mcg|%|patients|rows|days|weeks|months|years))")
_CALL = re.compile(r"\b(?:call|phone|dial)\b", re.IGNORECASE)
_REMEMBERED = 4096  # words, texts and places
Check = Callable[[Statement, Sequence[Citation], "Gate"], str | None]


class Gate:
    """Checks statements against the documents of one library, for one question."""

    def __init__(self, library: Library, question: str, vocabulary: Vocabulary) -> None:
        self.library = library
        self.question = question
        self.vocabulary = vocabulary
        self.stem = lru_cache(maxsize=_REMEMBERED)(self._stem)
        self.terms_of = lru_cache(maxsize=_REMEMBERED)(self._terms_of)
        self.sentences_around = lru_cache(maxsize=_REMEMBERED)(self._sentences_around)

    def faults(self, statement: Statement, citations: Sequence[Citation]) -> list[str]:
        """Return everything that is wrong with a statement; an empty list lets it through."""
        by_number = {citation.number: citation for citation in citations}
        missing = [number for number in statement.citations if number not in by_number]
        if missing:
            return [f"cites {missing}, which do not exist"]
        if len(by_number) < len(citations):
            return ["belongs to citations with the same number"]
        cited = [by_number[number] for number in statement.citations]
        checks = _CHECKS[statement.kind]
        if statement.kind == "fact" and is_attached(statement.text, cited, self.library):
            checks = _ATTACHED
        elif statement.kind == "fact" and (
            has_no_total(statement.text, cited, self) or is_read_off(statement.text, cited, self)
        ):
            checks = _QUOTED
        elif statement.kind == "computed" and is_worked_out(statement, cited, self):
            checks = _QUOTED
        return [fault for check in checks if (fault := check(statement, cited, self))]

    def _stem(self, word: str) -> str:
        """Return a word as indexed: "increases" and "increased" are one."""
        return " ".join(self.library.lexical.words(word)) or word

    def _terms_of(self, text: str) -> tuple[Term, ...]:
        """Return what a text says, term by term."""
        return tuple(terms_of(text, self))

    def _sentences_around(self, document_id: str, offset: int) -> tuple[Span, ...]:
        """Return the sentences of the passage that holds an offset, or the whole of a reference; none of a table."""
        passage = self.library.passage_at(document_id, offset)
        if passage is None or passage.table is not None:
            return ()
        if passage.kind is not PassageKind.PROSE:
            return (Span(passage.start, passage.end),)
        return tuple(sentences(self.library.document(document_id).text, passage.start, passage.end))

    def named(self, text: str, category: str) -> frozenset[str]:
        """Return the ids of the concepts of a category that `text` names."""
        terms = self.vocabulary.terms
        ids = (i for mention in self.library.mentions(text) for i in mention.ids)
        return frozenset(i for i in ids if terms[i].category == category)

    def widely_named(self, text: str, category: str) -> frozenset[str]:
        """Return the ids of the concepts of a category that `text` names, wider ones included."""
        return frozenset(wide for i in self.named(text, category) for wide in self.vocabulary.widen(i))


def passed(gate: Gate, statements: Sequence[Statement], citations: Sequence[Citation]) -> Iterator[Statement]:
    """Yield the statements without a fault; log why the others were stopped."""
    for statement in statements:
        if faults := gate.faults(statement, citations):
            _log.info("The gate stopped a statement that %s: %r", "; ".join(faults), statement.text)
        else:
            yield statement


def _is_cited(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    return None if cited else "has no citation"


def _quotes_are_stored(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    for citation in cited:
        if not gate.library.may_use(citation.document_id):
            return f"citation {citation.number} is of a document that was left out"
        document = gate.library.document(citation.document_id)
        inside = 0 <= citation.start < citation.end <= len(document.text)
        stored = document.text[citation.start : citation.end]
        if not inside or stored != citation.quote or not stored.strip():
            return f"citation {citation.number} is not what the document holds there"
        sections = [s for s in document.sections if s.start <= citation.start < s.end]
        if not gate.library.has_title(document, citation.title) or citation.section != (
            " > ".join(sections[-1].path) if sections else ""
        ):
            return f"citation {citation.number} names a title or section that is not its document's"
    return None


def _quotes_are_whole(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    """Return a fault if a quote begins or ends within a sentence: what was cut off may deny the rest."""
    for citation in cited:
        spans = gate.sentences_around(citation.document_id, citation.start)
        if spans and not (citation.start in {s.start for s in spans} and citation.end in {s.end for s in spans}):
            return f"the quote of citation {citation.number} is cut out of its sentence"
    return None


def _readings_say_the_same(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    for citation in cited:
        if reads_as_found(citation, gate.library):
            continue
        if is_damaged(citation, gate.library):
            return f"citation {citation.number} quotes damaged print without saying so and how it reads"
        document = gate.library.document(citation.document_id)
        layer = layer_over(document, Span(citation.start, citation.end), gate.library)
        if citation.damage != layer.damage:
            return f"citation {citation.number} does not say as it is what looks damaged in its quote"
        if citation.reading is None or (citation.reading, citation.reading_reason) == (layer.reading, layer.reason):
            continue
        if not figures(citation.reading) <= figures(citation.quote):
            return f"the reading of citation {citation.number} holds figures that its quote lacks"
        if tokens(citation.reading) != tokens(without_markup(citation.quote)):
            return f"the reading of citation {citation.number} has other words than its quote"
    return None


def _stands_in_quote(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    wanted = tokens(statement.text)
    for citation in cited:
        for version in (citation.quote, citation.reading or ""):
            spans = list(sentences(version))
            for first in range(len(spans)):
                for last in range(first, len(spans)):
                    if tokens(version[spans[first].start : spans[last].end]) == wanted:
                        return None
    return "is not a sentence of its quote"


def _figures_are_quoted(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    loose = figures(statement.text) - figures(f"{evidence_text(cited)}\n{where_it_stands(cited)}")
    return f"holds figures that its quotes lack: {', '.join(sorted(loose))}" if loose else None


def _note_has_no_figures(statement: Statement, cited: Sequence[Citation], gate: Gate) -> str | None:
    text = _TELEPHONE.sub("", statement.text) if _CALL.search(statement.text) else statement.text
    own = figures(text) - figures(gate.question)
    if own:
        return f"is a note with figures of its own: {', '.join(sorted(own))}"
    return None


_QUOTED: tuple[Check, ...] = (_is_cited, _quotes_are_stored, _readings_say_the_same)
_ATTACHED: tuple[Check, ...] = (*_QUOTED, _figures_are_quoted)
_CHECKS: dict[str, tuple[Check, ...]] = {
    "quote": (*_QUOTED, _quotes_are_whole, _stands_in_quote, _figures_are_quoted),
    "fact": (
        *_QUOTED,
        _quotes_are_whole,
        _figures_are_quoted,
        figures_stand_together,
        negation_is_kept,
        direction_is_kept,
        one_source_says_it,
    ),
    "computed": (*_QUOTED, shows_working, comes_out_the_same),
    "note": (_note_has_no_figures,),
}
