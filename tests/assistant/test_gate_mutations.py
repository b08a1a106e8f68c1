"""The gate, proven over everything that is curated: each fact's statement passes, and none of its mutants does.

For every place where a curated fact stands, the statements are made that the program makes of it: its sentence, as
a quote and as a composed sentence, or its row. Then one thing is changed at a time. A mutant counts unless it has
its statement's own words: exchanging two equal figures changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import pytest

from assistant.composed import tokens
from assistant.contract import Citation, Statement
from assistant.drafting import Draft
from assistant.ground import Gate
from corpus.passages import row_locator
from corpus.types import Document, Passage, PassageKind, Span, Table
from index.library import Library
from tests.assistant.mutants import MUTATORS, spelt

KINDS = ("dose", "safety", "rate", "approval", "mechanism", "trial", "definition", "conflict")
FEWEST = {
    "drug": 3500,
    "disease or event": 4000,
    "route": 350,
    "group or arm": 400,
    "figure": 12_000,
    "unit": 2400,
    "negation": 1300,
    "direction": 220,
    "column": 3800,
}
_SHOWN = 25  # survivors that a failure lists


@dataclass(frozen=True)
class Right:
    """A statement that the program makes of a curated fact; `row` is where it stands, for a row."""

    fact_id: str
    statement: Statement
    citations: tuple[Citation, ...]
    row: tuple[Document, int, int] | None = None

    def saying(self, text: str) -> Statement:
        return self.statement.model_copy(update={"text": text})


@pytest.fixture
def gate(bundled: Library) -> Gate:
    return Gate(bundled, "", bundled.vocabulary)


@pytest.fixture(scope="module")
def remembered() -> dict[str, list[Right]]:
    return {}


@pytest.fixture
def rights(bundled: Library, remembered: dict[str, list[Right]]) -> list[Right]:
    """Return every statement that the program makes of a curated fact, once for each place."""
    if not remembered:
        remembered["all"] = list(_rights(bundled))
    return remembered["all"]


def _rights(library: Library) -> Iterator[Right]:
    seen: set[tuple[str, int, int]] = set()
    for kind in KINDS:
        for body, places in library.facts(kind):
            for place in places:
                where = (place.document_id, place.start, place.end)
                passage = library.passage_at(place.document_id, place.start)
                if where in seen or passage is None:
                    continue
                seen.add(where)
                if passage.row is None:
                    yield from _sentences(body["id"], library, passage, Span(place.start, place.end))
                else:
                    anchors = body["where"][place.side]["anchors"]
                    yield from _rows(body["id"], library, passage, anchors)


def _sentences(fact_id: str, library: Library, passage: Passage, span: Span) -> Iterator[Right]:
    draft = Draft(library)
    draft.state_sentence(library.document(passage.document_id), passage, span)
    draft.state(draft.statements[0].text, "fact", draft.statements[0].citations)
    for statement in draft.statements:
        yield Right(fact_id, statement, tuple(draft.citations))


def _rows(fact_id: str, library: Library, passage: Passage, anchors: list[str]) -> Iterator[Right]:
    """Yield a row with all its columns, and with its first one and those that hold the fact."""
    assert passage.table is not None and passage.row is not None
    document = library.document(passage.document_id)
    cells = document.tables[passage.table].rows[passage.row].cells
    told = {n for n, cell in enumerate(cells) if any(a.lower() in cell.text.lower() for a in anchors)}
    for shown in {None, frozenset({0, *told})}:
        draft = Draft(library)
        draft.state_row(document, passage, shown)
        yield Right(fact_id, draft.statements[0], tuple(draft.citations), (document, passage.table, passage.row))
    if passage.kind is PassageKind.REFERENCE:
        text = ". ".join(cell.text for cell in cells if cell.text)
        draft.state(f"{text}.", "fact", draft.statements[0].citations)
        yield Right(fact_id, draft.statements[-1], tuple(draft.citations))


def survivors(
    gate: Gate, rights: list[Right], mutate: Callable[[Right], Iterator[str]]
) -> tuple[Counter[str], list[str]]:
    """Return how many mutants there are by kind of statement, and a line for each that the gate lets through."""
    counted: Counter[str] = Counter()
    alive: list[str] = []
    for right in rights:
        own = spelt(right.statement.text)
        for text in dict.fromkeys(mutate(right)):
            if spelt(text) == own:
                continue
            counted["row" if right.row else right.statement.kind] += 1
            if not gate.faults(right.saying(text), right.citations):
                alive.append(f"{right.fact_id} ({right.statement.kind}): {_difference(right.statement.text, text)}")
    return counted, alive


def _difference(right: str, wrong: str) -> str:
    """Return the words around what was changed: "right words → wrong words"."""
    old, new = right.split(), wrong.split()
    first = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    last = next((i for i, pair in enumerate(zip(old[::-1], new[::-1], strict=False)) if pair[0] != pair[1]), 0)
    begin = max(0, first - 4)
    return f"{' '.join(old[begin : len(old) - last + 2])} → {' '.join(new[begin : len(new) - last + 2])}"


def test_every_curated_fact_stands_somewhere_and_is_stated(bundled: Library, gate: Gate, rights: list[Right]) -> None:
    unplaced = [body["id"] for kind in KINDS for body, places in bundled.facts(kind) if not places]
    assert unplaced == []
    stopped = {r.statement.text: faults for r in rights if (faults := gate.faults(r.statement, r.citations))}
    assert stopped == {}
    assert len(rights) > 600


def test_no_quote_cut_out_of_its_sentence_leaves(gate: Gate, rights: list[Right]) -> None:
    """A citation that leaves out a sentence's first or last words could leave out its denial."""
    cut = 0
    for right in rights:
        (citation, *others) = right.citations
        if right.row or others:
            continue
        for start, end in ((citation.quote.find(" ") + 1, None), (0, citation.quote.rfind(" "))):
            quote = citation.quote[start:end]
            changes = {"start": citation.start + start, "end": citation.start + start + len(quote), "quote": quote}
            part = citation.model_copy(update={**changes, "reading": None, "reading_reason": None})
            cut += 1
            assert gate.faults(right.saying(" ".join(quote.split())), [part]), quote
    assert cut > 900


@pytest.mark.parametrize("kind", MUTATORS)
def test_no_statement_with_something_else_in_it_leaves(kind: str, gate: Gate, rights: list[Right]) -> None:
    mutate = MUTATORS[kind]
    counted, alive = survivors(gate, rights, lambda right: mutate(right.statement.text, gate.vocabulary))

    assert alive == [], f"{len(alive)} of {counted.total()} mutants pass:\n" + "\n".join(alive[:_SHOWN])
    assert counted.total() >= FEWEST[kind], counted


def test_no_row_with_cells_in_other_columns_or_rows_leaves(gate: Gate, rights: list[Right]) -> None:
    counted, alive = survivors(gate, [right for right in rights if right.row], _misplaced)

    assert alive == [], f"{len(alive)} of {counted.total()} mutants pass:\n" + "\n".join(alive[:_SHOWN])
    assert counted.total() >= FEWEST["column"], counted


def _misplaced(right: Right) -> Iterator[str]:
    """Yield a row's statement with a cell under another column's name, or out of the row above or below."""
    assert right.row is not None
    document, number, row = right.row
    table = document.tables[number]
    text = right.statement.text
    stated = [(name, cell) for name, cell in _cells(table, row) if f"{name}: {cell}" in text]
    for (name, cell), (other_name, other) in combinations(stated, 2):
        old, new = f"{name}: {cell}", f"{other_name}: {other}"
        yield _put(text, {old: f"{name}: {other}", new: f"{other_name}: {cell}"})
        if abs(stated.index((name, cell)) - stated.index((other_name, other))) == 1:
            yield _put(text, {old: f"{other_name}: {cell}"})
            yield _put(text, {new: f"{name}: {other}"})
    for near in (row - 1, row + 1):
        for name, cell in _cells(table, near) if 0 <= near < len(table.rows) else ():
            own = next((own for own_name, own in stated if own_name == name), cell)
            if tokens(own) != tokens(cell):
                yield _put(text, {f"{name}: {own}": f"{name}: {cell}"})
    label = row_locator(table, row).split(",")[0]
    if text.startswith(f"{label}: "):
        yield text.replace(label, re.sub(r"\d+", str(crc32(text.encode()) % 7 + 2), label), 1)


def _cells(table: Table, row: int) -> list[tuple[str, str]]:
    return [(name, cell.text) for name, cell in zip(table.columns, table.rows[row].cells, strict=False) if cell.text]


def _put(text: str, changes: dict[str, str]) -> str:
    """Return the text with parts replaced, each once and all at the same time."""
    pattern = "|".join(re.escape(old) + r"(?=[;.])" for old in changes)
    return re.sub(pattern, lambda found: changes[found.group()], text)
