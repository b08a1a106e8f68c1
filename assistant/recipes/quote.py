"""The answer as the sources' own sentences: the best one to three, and table rows read with their headers."""

from __future__ import annotations

from assistant.coverage import HARD, Unit
from assistant.drafting import Draft
from assistant.evidence import Candidate, Evidence
from corpus.text import words
from corpus.types import PassageKind

MOST_STATEMENTS = 3
MOST_WORDS = 120
ENOUGH_COVERAGE = 0.66
"""Share of a question's weight that the best sentence has to cover; below it the library does not hold the answer.

Chosen on the development questions and checked on public ones (docs/adr/0005).
"""
_TOO_ALIKE = 0.6  # share of common words above which a second statement adds nothing
_WIDE_TABLE = 6  # columns up to which a whole row is read out


def choose(evidence: Evidence) -> list[Candidate]:
    """Return the candidates that together answer the question, best first; none if the library doesn't hold it."""
    eligible = [candidate for candidate in evidence.candidates if is_about(candidate)]
    if not eligible or eligible[0].coverage < ENOUGH_COVERAGE:
        return []
    chosen = [eligible[0]]
    while len(chosen) < MOST_STATEMENTS:
        covered = frozenset[int]().union(*(other.covered for other in chosen))
        more = [c for c in eligible if c.gain(covered) > 0 and not _adds_only_words(c, covered, chosen)]
        if not more:
            break
        chosen.append(max(more, key=lambda candidate: (candidate.gain(covered), candidate.score)))
    return _within_words(chosen)


def _adds_only_words(candidate: Candidate, covered: frozenset[int], chosen: list[Candidate]) -> bool:
    """True for a candidate that says nearly what a chosen one says and brings in no new concept or figure."""
    new = {candidate.units[i].category for i in candidate.own - covered}
    return new <= {"word", "shows", "general", "cue"} and any(_alike(candidate, other) for other in chosen)


def is_about(candidate: Candidate) -> bool:
    """Return whether a candidate is about what was asked.

    It has to name, itself or through its heading, one concept of every category in which the question names any,
    and to hold one of the kinds of figure that the question wants.
    """
    if candidate.passage.kind is PassageKind.REFERENCE and not _asks_for_source(candidate):
        return False
    for category in (*HARD, "shape"):
        asked = {i for i, unit in enumerate(candidate.units) if unit.category == category}
        if asked and not asked & candidate.covered:
            return False
    return True


def _asks_for_source(candidate: Candidate) -> bool:
    return any(unit.category == "shows" and unit.label == "source" for unit in candidate.units)


def compose(chosen: list[Candidate], evidence: Evidence, draft: Draft) -> None:
    """State each chosen candidate, cited."""
    for candidate in chosen:
        if candidate.passage.table is None:
            number = draft.cite(candidate.document, candidate.passage, candidate.span)
            draft.state(candidate.text, "quote", (number,))
        else:
            _state_row(candidate, evidence, draft)


def _state_row(candidate: Candidate, evidence: Evidence, draft: Draft) -> None:
    """State a table row with its column names: all of a narrow table, of a wide one what the question is about."""
    passage = candidate.passage
    assert passage.table is not None and passage.row is not None and evidence.reader is not None
    table = candidate.document.tables[passage.table]
    shown = {0}
    for number, (name, cell) in enumerate(zip(table.columns, table.rows[passage.row].cells, strict=False)):
        asked = evidence.reader.cover(name).direct | evidence.reader.cover(cell.text).units
        if any(_points_at_cell(candidate.units[i]) for i in asked):
            shown.add(number)
    draft.state_row(candidate.document, passage, frozenset(shown) if len(table.columns) > _WIDE_TABLE else None)


def _points_at_cell(unit: Unit) -> bool:
    return unit.category != "number" or len(unit.label) > 1


def _alike(one: Candidate, other: Candidate) -> bool:
    first, second = set(words(one.text).split()), set(words(other.text).split())
    return len(first & second) > _TOO_ALIKE * min(len(first), len(second))


def _within_words(chosen: list[Candidate]) -> list[Candidate]:
    kept, count = chosen[:1], len(chosen[0].text.split())
    for candidate in chosen[1:]:
        count += len(candidate.text.split())
        if count <= MOST_WORDS:
            kept.append(candidate)
    return kept
