"""The gate on attached statements: the digest's own words with all of the original's places pass, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.contract import Citation, Statement
from assistant.drafting import Draft
from assistant.ground import Gate
from corpus.facts import Finding
from corpus.types import Span
from index.embedder import Embedder
from index.library import Library
from tests.assistant.mutants import MUTATORS, spelt
from tests.assistant.test_editions import alone
from tests.invented_edition import DIGEST_ID, ORIGINAL_ID, knowing, put, shelf, where

__all__ = ["alone"]

Stated = tuple[Statement, tuple[Citation, ...]]


def stated(library: Library) -> Iterator[Stated]:
    """Yield each attached sentence and row as the program states it."""
    document = library.document(DIGEST_ID)
    for attached in library.catalogue.editions.attached(DIGEST_ID):
        passage, draft = library.passage_at(DIGEST_ID, attached.start), Draft(library)
        assert passage is not None
        if passage.row is None:
            span = next(span for span, _ in library.parts(passage) if span.start == attached.start)
            draft.state_sentence(document, passage, Span(span.start, span.end))
        else:
            draft.state_row(document, passage, None)
        yield draft.statements[0], tuple(draft.citations)


@pytest.fixture
def rights(alone: Library) -> list[Stated]:
    return list(stated(alone))


@pytest.fixture
def gate(alone: Library) -> Gate:
    return Gate(alone, "", alone.vocabulary)


@pytest.fixture
def damaged(rights: list[Stated]) -> Stated:
    return next(right for right in rights if right[1][0].reading)


def test_what_the_program_states_of_attached_sentences_and_rows_passes(gate: Gate, rights: list[Stated]) -> None:
    assert len(rights) > 12
    assert [gate.faults(*right) for right in rights if gate.faults(*right)] == []


@pytest.mark.parametrize("kind", MUTATORS)
def test_no_attached_statement_with_something_else_in_it_leaves(kind: str, gate: Gate, rights: list[Stated]) -> None:
    mutants = [
        (statement.model_copy(update={"text": text}), citations)
        for statement, citations in rights
        for text in MUTATORS[kind](statement.text, gate.vocabulary)
        if spelt(text) != spelt(statement.text)
    ]
    alive = [mutant.text for mutant, citations in mutants if not gate.faults(mutant, citations)]

    assert alive == []
    assert mutants or kind == "direction"


def test_one_attached_statement_with_the_citations_of_another_is_stopped(gate: Gate, rights: list[Stated]) -> None:
    for statement, _ in rights:
        for other, citations in rights:
            if other.text != statement.text:
                borrowed = statement.model_copy(update={"citations": other.citations})
                assert gate.faults(borrowed, citations), (statement.text, other.text)


def test_a_citation_that_is_shifted_or_of_another_document_is_stopped(gate: Gate, rights: list[Stated]) -> None:
    for statement, (first, *rest) in rights:
        for changes in ({"start": first.start + 1}, {"end": first.end - 1}, {"document_id": DIGEST_ID}):
            assert gate.faults(statement, [first.model_copy(update=changes), *rest])


@pytest.mark.parametrize(("old", "new"), [("30 mg", "60 mg"), ("Vitiligo", "Psoriasis"), ("once", "twice")])
def test_a_changed_reading_is_stopped(old: str, new: str, gate: Gate, damaged: Stated) -> None:
    statement, (citation,) = damaged
    assert citation.reading
    changed = citation.reading.replace(old, new)
    assert changed != citation.reading
    assert gate.faults(statement, [citation.model_copy(update={"reading": changed})])
    both = statement.model_copy(update={"text": statement.text.replace(old, new)})
    assert gate.faults(both, [citation.model_copy(update={"reading": changed})])


def test_the_reading_of_another_place_is_stopped(gate: Gate, rights: list[Stated]) -> None:
    read = [(statement, citations[0]) for statement, citations in rights if citations[0].reading]
    assert len(read) == 3
    for statement, citation in read:
        for _, other in read:
            if other.reading != citation.reading:
                assert gate.faults(statement, [citation.model_copy(update={"reading": other.reading})])


def test_a_place_that_is_whole_takes_no_reading(gate: Gate, rights: list[Stated]) -> None:
    for statement, (first, *rest) in rights:
        if first.reading is None:
            changes = {"reading": statement.text.rstrip("."), "reading_reason": "the print is damaged"}
            assert gate.faults(statement, [first.model_copy(update=changes), *rest])


@pytest.mark.parametrize("changes", [{"reading": None, "reading_reason": None}, {"reading_reason": None}])
def test_a_damaged_place_without_its_reading_or_its_reason_is_stopped(
    changes: dict[str, None], gate: Gate, damaged: Stated
) -> None:
    statement, (citation,) = damaged
    assert gate.faults(statement, [citation.model_copy(update=changes)])


TWO_PLACES = "# T\n\nOral povorcitinib 45 mg was given to all.\n\n## Later\n\nNo patient responded; 3 of 5 relapsed.\n"
SAID = "Oral povorcitinib 45 mg helped no patient; 3 of 5 relapsed."


@pytest.fixture
def two_places(tmp_path_factory: pytest.TempPathFactory, word_embedder: Embedder) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("two")
    text = f"---\nid: {DIGEST_ID}\ntitle: T\n---\n\n# T\n\n## Doses\n\n{SAID}\n"
    sides = (where("Doses", ["45 mg"]), where("Doses", ["45 mg"], ["3 of 5"]))
    with knowing(folder, text, [Finding(id="both", where=sides)]), shelf(folder, word_embedder) as writer:
        put(folder, writer, TWO_PLACES)
    with Library.open(folder / "library", word_embedder) as library:
        yield library


def test_a_statement_that_does_not_cite_all_of_its_places_is_stopped(two_places: Library) -> None:
    gate = Gate(two_places, "", two_places.vocabulary)
    ((statement, citations),) = stated(two_places)

    assert [citation.document_id for citation in citations] == [ORIGINAL_ID, ORIGINAL_ID]
    assert gate.faults(statement, citations) == []
    for number in (1, 2):
        assert gate.faults(statement.model_copy(update={"citations": (number,)}), citations)


def test_a_part_cut_out_of_an_attached_sentence_is_stopped(two_places: Library) -> None:
    gate = Gate(two_places, "", two_places.vocabulary)
    ((statement, citations),) = stated(two_places)
    part = statement.model_copy(update={"text": SAID.split("; ")[0] + "."})

    assert part.text.endswith("helped no patient.")
    assert gate.faults(part, citations)
