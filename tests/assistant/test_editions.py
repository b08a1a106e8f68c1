"""Answers from an original: in the digest's checked words, with the original's exact quotes, never from both."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.commands.upkeep import answer_faults, library_faults
from assistant.contract import Answer
from assistant.evidence import gather
from assistant.interpret import interpret
from corpus.facts import AnyFact
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import said
from tests.invented_edition import (
    CASES,
    CREAM,
    DIGEST_ID,
    HEADACHE,
    LICHEN,
    MORPHEA,
    ORIGINAL_ID,
    PRINTED_CREAM,
    PRINTED_HEADACHE,
    PRINTED_LICHEN,
    PRINTED_MORPHEA,
    PRINTED_NAUSEA,
    TITLE,
    Case,
    digest,
    facts,
    knowing,
    original,
    put,
    put_digest,
    shelf,
)

DOSE = "What is the dose of povorcitinib in morphea?"
ROW = "What is the dose of brepocitinib in vitiligo?"
COUNT = "How many cases had a complete response?"
ACNE = "How many patients had acne on povorcitinib?"
HEADACHES = "How many patients had headache on povorcitinib?"
STRENGTH = "What strength of povorcitinib cream is used in prurigo nodularis?"
QUESTIONS = (
    *(DOSE, ROW, COUNT, ACNE, HEADACHES, STRENGTH),
    "What is the dose of povorcitinib in lichen planus?",
    "Which boxed warning does povorcitinib carry?",
    "What was the outcome of case 4?",
    "What is the median duration?",
    "Compare the doses of povorcitinib in morphea and lichen planus",
    "What are the doses of ritlecitinib and deuruxolitinib?",
    "What does the abstract say of acne?",
    "Into which nodules was povorcitinib cream rubbed?",
    "When did nausea make patients stop povorcitinib?",
    "What is the half-life of povorcitinib?",
)


def library_of(
    folder: Path,
    embedder: Embedder,
    *,
    with_digest: bool = False,
    cases: Sequence[Case] = CASES,
    known: Sequence[AnyFact] | None = None,
) -> Path:
    """Return the path of a new library of the original, and of its digest where that is wanted."""
    with knowing(folder, digest(cases), known or facts(cases)) as file, shelf(folder, embedder) as writer:
        if with_digest:
            put_digest(writer, file)
        put(folder, writer, original(cases))
    return folder / "library"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = library_of(tmp_path_factory.mktemp("alone"), real_embedder)
    with Library.open(path, real_embedder) as library:
        yield library


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    path = library_of(tmp_path_factory.mktemp("both"), real_embedder, with_digest=True)
    with Library.open(path, real_embedder) as library:
        yield library


def plain(sentence: str) -> str:
    return sentence.split(" (ref")[0] + "."


def quotes(found: Answer) -> list[str]:
    return [citation.quote for citation in found.citations]


# --- the original alone ---


@pytest.mark.parametrize(
    ("question", "told", "printed"),
    [
        (DOSE, plain(MORPHEA), PRINTED_MORPHEA),
        ("What is the dose of povorcitinib in lichen planus?", plain(LICHEN), PRINTED_LICHEN),
        (HEADACHES, plain(HEADACHE), PRINTED_HEADACHE),
    ],
)
def test_it_is_told_in_the_digests_words_and_cited_in_the_originals(
    question: str, told: str, printed: str, alone: Library
) -> None:
    found = answer(question, alone)
    (statement,) = (statement for statement in found.statements if statement.text == told)
    cited = [citation for citation in found.citations if citation.number in statement.citations]

    assert statement.kind == "fact"
    assert [(c.quote, c.document_id, c.title, c.year) for c in cited] == [(printed, ORIGINAL_ID, TITLE, 2022)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_the_originals_and_everything_passes_verification(question: str, alone: Library) -> None:
    found = answer(question, alone)
    text = alone.document(ORIGINAL_ID).text

    assert {citation.document_id for citation in found.citations} <= {ORIGINAL_ID}
    assert all(text[c.start : c.end] == c.quote for c in found.citations)
    assert list(answer_faults(found, alone)) == []
    assert list(library_faults(alone)) == []


def test_what_the_digest_leaves_out_the_original_answers_as_it_stands(alone: Library) -> None:
    found = answer("When did nausea make patients stop povorcitinib?", alone)

    assert [(s.kind, s.text) for s in found.statements] == [("quote", PRINTED_NAUSEA)]


@pytest.mark.parametrize(
    ("drug", "disease", "dose"),
    [
        ("brepocitinib", "vitiligo", "30 mg once daily"),
        ("ritlecitinib", "alopecia areata", "50 mg twice daily"),
        ("deuruxolitinib", "psoriasis", "8 mg thrice daily"),
    ],
)
def test_a_damaged_row_is_read_aright_and_says_so(drug: str, disease: str, dose: str, alone: Library) -> None:
    found = answer(f"What is the dose of {drug} in {disease}?", alone)
    (citation,) = found.citations

    assert f"Drug: {drug.capitalize()}; Dose: {dose}; Disease: {disease.capitalize()}" in said(found)
    assert drug.capitalize() in citation.quote and dose in citation.quote
    assert citation.reading == f"Drug: {drug.capitalize()}; Dose: {dose}; Disease: {disease.capitalize()}"
    assert citation.reading_reason and "shifted" in citation.reading_reason


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_cited_out_of_a_damaged_table_without_its_reading(question: str, alone: Library) -> None:
    table = alone.document(ORIGINAL_ID).tables[1]
    out_of_it = [
        citation
        for citation in answer(question, alone).citations
        if citation.end > table.header.start and citation.start < table.rows[-1].end
    ]

    assert table.damage
    assert all(citation.reading and citation.reading_reason for citation in out_of_it)
    assert bool(out_of_it) == ("litinib" in question or "brepocitinib" in question)


def test_where_the_digest_is_not_borne_out_the_original_says_it_its_own_way(alone: Library) -> None:
    found = answer(STRENGTH, alone)

    assert (found.statements[0].kind, found.statements[0].text) == ("quote", PRINTED_CREAM)


# --- worked out over rows ---


def test_what_is_worked_out_cites_the_originals_rows_and_header(alone: Library) -> None:
    found = answer(COUNT, alone)
    table = alone.document(ORIGINAL_ID).tables[0]
    text = alone.document(ORIGINAL_ID).text
    header, first, third = (text[row.start : row.end] for row in (table.header, table.rows[0], table.rows[2]))

    assert [s.kind for s in found.statements] == ["computed"]
    assert "2 of the 5 rows" in said(found) and "Case 1, 3" in said(found)
    assert set(quotes(found)) == {header, first, third}


def test_permuted_rows_and_values_permute_the_answers(tmp_path: Path, real_embedder: Embedder) -> None:
    dice = random.Random(17)
    columns = [
        [getattr(case, name) for case in CASES] for name in ("sex", "age", "disease", "dose", "months", "outcome")
    ]
    for column in columns:
        dice.shuffle(column)
    cases = [Case(*cells) for cells in zip(*columns, strict=True)]
    assert not set(cases) & set(CASES)

    with Library.open(library_of(tmp_path, real_embedder, cases=cases), real_embedder) as library:
        for number, case in enumerate(cases, 1):
            found = answer(f"What is the dose of povorcitinib in case {number}?", library)
            assert f"Case: {number}; Povorcitinib dose: {case.dose}." in said(found)
            assert f"| {number} | {case.sex[0]} | {case.age} | {case.disease.upper()} |" in quotes(found)[0]
        complete = [n for n, case in enumerate(cases, 1) if case.outcome == "Complete response"]
        assert f"Case {', '.join(map(str, complete))}" in said(answer(COUNT, library))
        oldest = max(cases, key=lambda case: case.age)
        assert f"is {oldest.age}: Case {cases.index(oldest) + 1}." in said(answer("Who was the oldest case?", library))


# --- the digest as well ---


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_attached_is_never_cited_out_of_the_digest(question: str, both: Library) -> None:
    for citation in answer(question, both).citations:
        assert citation.document_id == ORIGINAL_ID or not both.editions.attachment(DIGEST_ID, citation.start)


@pytest.mark.parametrize("question", [DOSE, ROW, COUNT, HEADACHES, "What was the outcome of case 4?"])
def test_what_is_attached_is_told_as_without_the_digest(question: str, alone: Library, both: Library) -> None:
    one, other = answer(question, alone), answer(question, both)

    assert other.statements == one.statements
    assert other.citations == one.citations


def test_what_is_not_attached_is_answered_out_of_the_digest_that_is_there(both: Library) -> None:
    found = answer(STRENGTH, both)

    assert any(citation.quote == CREAM and citation.document_id == DIGEST_ID for citation in found.citations)


@pytest.mark.parametrize("library_name", ["alone", "both"])
def test_what_the_digest_says_of_the_original_the_original_does_not_say_again(
    library_name: str, request: pytest.FixtureRequest
) -> None:
    library: Library = request.getfixturevalue(library_name)
    told = [place.span for found in library.catalogue.editions.attached(DIGEST_ID) for place in found.printed]
    for text in QUESTIONS:
        question = interpret(text, library.vocabulary, HybridSearcher(library))
        own = [c.span for c in gather(question, library).candidates if c.document.id == ORIGINAL_ID]
        assert not [span for span in own if any(span.start < t.end and t.start < span.end for t in told)]


def test_both_sides_of_no_statement_are_cited(both: Library) -> None:
    for question in QUESTIONS:
        found = answer(question, both)
        for statement in found.statements:
            assert len({c.document_id for c in found.citations if c.number in statement.citations}) <= 1


@pytest.mark.parametrize("library_name", ["alone", "both"])
def test_an_answer_can_be_limited_to_the_original(library_name: str, request: pytest.FixtureRequest) -> None:
    library: Library = request.getfixturevalue(library_name)

    assert plain(MORPHEA) in said(answer(DOSE, library, documents=(ORIGINAL_ID,)))
    assert quotes(answer(DOSE, library, documents=(ORIGINAL_ID,)))[0] == PRINTED_MORPHEA


def test_an_answer_limited_to_another_document_has_neither(tmp_path: Path, real_embedder: Embedder) -> None:
    path = library_of(tmp_path, real_embedder)
    with shelf(tmp_path, real_embedder) as writer:
        put(tmp_path, writer, "# Diary\n\nOral abrocitinib 100 mg once daily helped a man with morphea.\n", "diary")
    with Library.open(path, real_embedder) as library:
        found = answer(DOSE, library, documents=("diary",))
    assert found.status == "abstained"
    assert {item.document_id for item in found.related} <= {"diary"}
