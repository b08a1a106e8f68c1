"""The gate, proven by hand-made statements about real passages: what is right passes, what is wrong is stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.contract import Citation, Statement
from assistant.ground import Gate, passed
from corpus.passages import row_locator
from corpus.sentences import sentences
from index.embedder import Embedder
from index.incoming import Incoming
from index.library import Library
from index.writing import open_writer
from tests.conftest import make_document

REVIEW = "off-label-review"
MONOGRAPH = "class-monograph"

VITILIGO = "Oral tofacitinib 5 to 10 mg twice daily was found safe and effective in vitiligo"
TOPICAL = "Topical tofacitinib 2% was found safe and effective in vitiligo"
BARICITINIB = "Oral baricitinib 4 mg daily was found safe and effective in vitiligo"
NOT_RAISED = "For the more selective Janus kinase (JAK) inhibitors, such as upadacitinib, a higher risk of major"
RAISED = "tofacitinib 5 mg and tofacitinib 10 mg both raised the rate of major adverse cardiovascular events"
META_ANALYSIS = "In a large 2022 meta-analysis of more than 8,700 patients, venous thromboembolism (VTE) risk was not"
OLDER = "is especially high in people over 65 years old (>65)"
CASES = "Oral tofacitinib 5 mg twice daily led to resolution of skin lesions within 4 to 7 months"

UPA_15 = "Upadacitinib 15 mg (atopic dermatitis)"
UPA_30 = "Upadacitinib 30 mg (atopic dermatitis)"
ABRO_100 = "Abrocitinib 100 mg (atopic dermatitis)"


@pytest.fixture
def gate(bundled: Library) -> Gate:
    return Gate(bundled, "MACE on upadacitinib 15 mg twice daily?", bundled.vocabulary)


def prose(library: Library, document_id: str, words: str, number: int = 1, reading: str | None = None) -> Citation:
    """Return a citation of the sentence of a document that holds `words`."""
    text = library.document(document_id).text
    at = text.index(words)
    passage = next(part for part in library.catalogue.passages_of(document_id) if part.start <= at < part.end)
    span = next(span for span in sentences(text, passage.start, passage.end) if span.start <= at < span.end)
    citation = _citation(library, document_id, span.start, span.end, number, passage.locator)
    return citation.model_copy(update={"reading": reading, "reading_reason": reading and "markup is left out"})


def row(library: Library, first_cell: str, number: int = 1) -> Citation:
    """Return a citation of the row of the monograph's event rates that begins with `first_cell`."""
    table = _event_rates(library)
    index = next(i for i, line in enumerate(table.rows) if line.cells[0].text == first_cell)
    line = table.rows[index]
    return _citation(library, MONOGRAPH, line.start, line.end, number, row_locator(table, index))


def header(library: Library, number: int = 2) -> Citation:
    line = _event_rates(library).header
    return _citation(library, MONOGRAPH, line.start, line.end, number, "table, header")


def _event_rates(library: Library) -> Any:
    tables = library.document(MONOGRAPH).tables
    return next(table for table in tables if table.columns[-2:] == ("MACE", "VTE"))


def _citation(library: Library, document_id: str, start: int, end: int, number: int, locator: str) -> Citation:
    document = library.document(document_id)
    section = next(part for part in reversed(document.sections) if part.start <= start)
    return Citation(
        number=number,
        document_id=document_id,
        title=document.source.title,
        section=" > ".join(section.path),
        year=document.source.year,
        locator=locator,
        start=start,
        end=end,
        quote=document.text[start:end],
    )


def fact(text: str, *citations: Citation) -> tuple[Statement, tuple[Citation, ...]]:
    numbers = tuple(citation.number for citation in citations)
    return Statement(text=text, kind="fact", citations=numbers), citations


def quoted(text: str, *citations: Citation) -> tuple[Statement, tuple[Citation, ...]]:
    numbers = tuple(citation.number for citation in citations)
    return Statement(text=text, kind="quote", citations=numbers), citations


# --- what passes ---


def test_a_sentence_as_it_stands_in_its_quote_passes(gate: Gate) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    assert citation.quote.startswith("Oral") and citation.quote.endswith("(ref 34).")
    assert gate.faults(*quoted(citation.quote, citation)) == []


def test_a_sentence_as_it_stands_in_its_reading_passes(tmp_path: Path, word_embedder: Embedder) -> None:
    document = make_document("# T\n\nOral **tofacitinib** 5 mg\ntwice daily<sup>4,5</sup> was given to all.\n")
    with open_writer(tmp_path / "library", word_embedder) as writer:
        writer.add([Incoming(document, "added")])
    with Library.open(tmp_path / "library", word_embedder) as library:
        citation = prose(library, "note", "Oral", reading="Oral tofacitinib 5 mg twice daily was given to all.")
        assert citation.quote.endswith("daily<sup>4,5</sup> was given to all.")
        gate = Gate(library, "tofacitinib?", library.vocabulary)
        assert gate.faults(*quoted(str(citation.reading), citation)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Oral tofacitinib 5 to 10 mg twice daily was safe in vitiligo.",
        "Oral tofacitinib 5 to 10 mg 2 times daily was safe in vitiligo.",
        "In vitiligo, tofacitinib five to ten mg twice daily was effective.",
        "Tofacitinib 5.0-10 mg twice daily: repigmentation of vitiligo in 4-10 months.",
    ],
)
def test_a_fact_with_the_figures_of_its_sentence_passes_however_they_are_spelt(gate: Gate, text: str) -> None:
    assert gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO))) == []


@pytest.mark.parametrize("number", ["8,700", "8700", "8 700"])
def test_a_thousands_separator_makes_no_difference(gate: Gate, number: str) -> None:
    text = f"The 2022 meta-analysis of more than {number} patients found no increase in venous thromboembolism."
    assert gate.faults(*fact(text, prose(gate.library, MONOGRAPH, META_ANALYSIS))) == []


@pytest.mark.parametrize("rate", ["0.5", ".5", "0.50", "00.5"])
def test_a_row_fact_that_cites_row_and_header_passes_whatever_its_zeros(gate: Gate, rate: str) -> None:
    text = f"Upadacitinib 30 mg in atopic dermatitis: malignancy (excluding NMSC) {rate}."
    assert gate.faults(*fact(text, row(gate.library, UPA_30), header(gate.library))) == []


def test_a_denial_that_its_quote_makes_passes(gate: Gate) -> None:
    text = "With upadacitinib a higher risk of MACE has not been demonstrated."
    assert gate.faults(*fact(text, prose(gate.library, MONOGRAPH, NOT_RAISED))) == []


def test_a_computed_statement_with_its_working_passes(gate: Gate) -> None:
    citations = (row(gate.library, UPA_30), row(gate.library, UPA_15, 2), header(gate.library, 3))
    statement = Statement(
        text="The malignancy rate on upadacitinib 30 mg is 0.3 above that on 15 mg.",
        kind="computed",
        citations=(1, 2, 3),
        working="0.5 (upadacitinib 30 mg) - 0.2 (upadacitinib 15 mg) = 0.3",
    )
    assert gate.faults(statement, citations) == []


@pytest.mark.parametrize(
    "text",
    [
        "The library does not cover pregnancy.",
        "The library does not cover upadacitinib 15 mg.",
        "No passage covers a dose 2 times daily.",
        "Call the poison centre on 1-800-222-1222 now.",
        "In an emergency call 112 or 911.",
    ],
)
def test_a_note_may_hold_the_questions_figures_and_a_telephone_number(gate: Gate, text: str) -> None:
    assert gate.faults(Statement(text=text, kind="note"), ()) == []


def test_only_the_statements_without_a_fault_come_through(gate: Gate) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    right, _ = quoted(citation.quote, citation)
    wrong, _ = fact("Oral tofacitinib 50 mg twice daily was safe in vitiligo.", citation)
    assert list(passed(gate, [wrong, right, wrong], [citation])) == [right]


# --- citations ---


@pytest.mark.parametrize("kind", ["fact", "quote", "computed"])
def test_a_statement_of_medicine_without_a_citation_is_stopped(gate: Gate, kind: Any) -> None:
    statement = Statement(text=VITILIGO, kind=kind, working="shown")
    assert "has no citation" in gate.faults(statement, [prose(gate.library, REVIEW, VITILIGO)])


def test_a_citation_number_that_does_not_exist_is_stopped(gate: Gate) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    statement = Statement(text=citation.quote, kind="quote", citations=(1, 7))
    (fault,) = gate.faults(statement, [citation])
    assert "[7]" in fault and "do not exist" in fault


def test_a_quote_off_by_one_character_is_stopped(gate: Gate) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    for start, end in ((1, 0), (0, 1), (-1, -1), (1, 1)):
        shifted = citation.model_copy(update={"start": citation.start + start, "end": citation.end + end})
        assert any("not what the document holds" in fault for fault in gate.faults(*quoted(citation.quote, shifted)))


@pytest.mark.parametrize(("old", "new"), [("effective", "ineffective"), ("10 mg", "20 mg"), ("Oral", "Topical")])
def test_a_quote_altered_in_one_word_is_stopped(gate: Gate, old: str, new: str) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    altered = citation.model_copy(update={"quote": citation.quote.replace(old, new, 1)})
    assert altered.quote != citation.quote
    assert any("not what the document holds" in fault for fault in gate.faults(*quoted(altered.quote, altered)))


def test_offsets_that_point_outside_the_document_are_stopped(gate: Gate) -> None:
    text = gate.library.document(REVIEW).text
    right = _citation(gate.library, REVIEW, len(text) - 40, len(text), 1, "line 1")
    for start, end in ((-40, len(text)), (len(text) - 40, len(text) + 999)):
        outside = right.model_copy(update={"start": start, "end": end})
        assert text[start:end] == outside.quote
        assert gate.faults(*quoted(right.quote, outside)), (start, end)


@pytest.mark.parametrize(
    "changes", [{"section": "Upadacitinib in psoriasis"}, {"title": "A guideline on upadacitinib"}]
)
def test_a_section_or_title_that_the_document_does_not_have_is_stopped(gate: Gate, changes: dict[str, str]) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO).model_copy(update=changes)
    assert gate.faults(*quoted(citation.quote, citation))


# --- quotes and readings ---


def test_a_sentence_of_another_passage_is_stopped(gate: Gate) -> None:
    other = prose(gate.library, REVIEW, BARICITINIB)
    faults = gate.faults(*quoted(other.quote, prose(gate.library, REVIEW, VITILIGO)))
    assert "is not a sentence of its quote" in faults


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        (NOT_RAISED, "a higher risk of major adverse cardiovascular events (MACE) or venous thromboembolism (VTE)"),
        (VITILIGO, "10 mg twice daily was found safe and effective in vitiligo"),
    ],
    ids=["without its denial", "without half of its range"],
)
def test_a_part_cut_out_of_its_sentence_is_no_quote(gate: Gate, words: str, cut: str) -> None:
    document = MONOGRAPH if words == NOT_RAISED else REVIEW
    citation = prose(gate.library, document, words)
    assert cut in citation.quote
    assert gate.faults(*quoted(cut, citation))


@pytest.mark.parametrize(("words", "old", "new"), [(OLDER, ">65", "<65"), (TOPICAL, "2%", "2")], ids=["<", "%"])
def test_a_sign_changed_at_or_left_out_of_a_quoted_figure_is_stopped(
    gate: Gate, words: str, old: str, new: str
) -> None:
    citation = prose(gate.library, MONOGRAPH if words == OLDER else REVIEW, words)
    changed = citation.quote.replace(old, new)
    assert changed != citation.quote
    assert gate.faults(*quoted(changed, citation))


def test_a_reading_with_figures_that_its_quote_lacks_is_stopped(gate: Gate) -> None:
    quote = prose(gate.library, REVIEW, VITILIGO)
    reading = quote.quote.replace("10 mg", "100 mg")
    citation = quote.model_copy(update={"reading": reading, "reading_reason": "repaired"})
    faults = gate.faults(*quoted(reading, citation))
    assert "the reading of citation 1 holds figures that its quote lacks" in faults


@pytest.mark.parametrize(("old", "new"), [("tofacitinib", "ruxolitinib"), ("effective", "ineffective")])
def test_a_reading_with_other_words_than_its_quote_is_stopped(gate: Gate, old: str, new: str) -> None:
    quote = prose(gate.library, REVIEW, VITILIGO)
    reading = quote.quote.replace(old, new)
    citation = quote.model_copy(update={"reading": reading, "reading_reason": "repaired"})
    assert gate.faults(*quoted(reading, citation))


# --- figures, drugs and what they belong to ---


@pytest.mark.parametrize(
    "text",
    [
        "Oral tofacitinib 50 mg twice daily was safe in vitiligo.",
        "Oral tofacitinib 5 to 10 mg three times daily was safe in vitiligo.",
        "Oral tofacitinib 0.5 to 10 mg twice daily was safe in vitiligo.",
        "Tofacitinib repigmented vitiligo in 4 to 12 months.",
    ],
)
def test_a_wrong_number_is_stopped(gate: Gate, text: str) -> None:
    faults = gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO)))
    assert any("figures that its quotes lack" in fault for fault in faults)


def test_a_wrong_number_in_a_quote_is_stopped(gate: Gate) -> None:
    citation = prose(gate.library, REVIEW, VITILIGO)
    faults = gate.faults(*quoted(citation.quote.replace("10 mg", "20 mg"), citation))
    assert any("figures that its quotes lack: 20" in fault for fault in faults)


def test_a_figure_from_a_row_that_is_not_cited_is_stopped(gate: Gate) -> None:
    text = "Upadacitinib 15 mg in atopic dermatitis: MACE 0.6."
    faults = gate.faults(*fact(text, row(gate.library, UPA_15), header(gate.library)))
    assert "holds figures that its quotes lack: 0.6" in faults


def test_a_figure_from_another_cited_row_is_stopped(gate: Gate) -> None:
    citations = (row(gate.library, UPA_15), header(gate.library), row(gate.library, ABRO_100, 3))
    faults = gate.faults(*fact("Upadacitinib 15 mg in atopic dermatitis: MACE 0.6.", *citations))
    assert "joins figures or drugs that stand in different quotes" in faults


def test_a_row_passed_off_as_a_header_lends_no_figures(gate: Gate) -> None:
    other = row(gate.library, ABRO_100, 2).model_copy(update={"locator": "table, header"})
    text = "Upadacitinib 15 mg in atopic dermatitis: MACE 0.6."
    assert gate.faults(*fact(text, row(gate.library, UPA_15), other))


def test_a_figure_under_another_columns_name_is_stopped(gate: Gate) -> None:
    # 0.4 is the row's rate of NMSC; its rate of MACE is 0.1.
    text = "Upadacitinib 15 mg in atopic dermatitis: MACE 0.4."
    assert gate.faults(*fact(text, row(gate.library, UPA_15), header(gate.library)))


def test_a_row_cited_without_its_header_is_stopped(gate: Gate) -> None:
    text = "Upadacitinib 15 mg in atopic dermatitis: MACE 0.1."
    assert gate.faults(*fact(text, row(gate.library, UPA_15)))


def test_a_drug_joined_with_another_drugs_figure_is_stopped(gate: Gate) -> None:
    citations = (prose(gate.library, REVIEW, VITILIGO), prose(gate.library, REVIEW, BARICITINIB, 2))
    faults = gate.faults(*fact("Oral tofacitinib 4 mg daily was safe in vitiligo: baricitinib likewise.", *citations))
    assert "joins figures or drugs that stand in different quotes" in faults


def test_a_drug_that_its_quote_does_not_name_is_stopped(gate: Gate) -> None:
    text = "Oral upadacitinib 5 to 10 mg twice daily was safe in vitiligo."
    assert gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO)))


def test_a_disease_that_its_quote_does_not_name_is_stopped(gate: Gate) -> None:
    text = "Oral tofacitinib 5 to 10 mg twice daily was safe in psoriasis."
    assert gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO)))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (VITILIGO, "Oral tofacitinib 5 to 10 g twice daily was safe in vitiligo."),
        (TOPICAL, "Topical tofacitinib 2 mg was safe in vitiligo."),
        (CASES, "Oral tofacitinib led to resolution of skin lesions within 4 to 7 weeks."),
    ],
    ids=["g for mg", "mg for %", "weeks for months"],
)
def test_a_figure_with_another_unit_is_stopped(gate: Gate, words: str, text: str) -> None:
    assert gate.faults(*fact(text, prose(gate.library, REVIEW, words)))


def test_a_figure_that_stands_for_something_else_in_its_quote_is_stopped(gate: Gate) -> None:
    # 4 is the months until repigmentation in this sentence, and 7 those until skin lesions had gone in the other.
    for words, dose in ((VITILIGO, 4), (CASES, 7)):
        text = f"Oral tofacitinib {dose} mg twice daily was given."
        assert gate.faults(*fact(text, prose(gate.library, REVIEW, words))), text


def test_a_route_that_its_quote_does_not_name_is_stopped(gate: Gate) -> None:
    text = "Topical tofacitinib 5 to 10 mg twice daily was safe in vitiligo."
    assert gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO)))


# --- negation and direction ---


@pytest.mark.parametrize("denial", ["was not effective", "failed to help", "never worked", "wasn't effective"])
def test_a_denial_that_its_quote_does_not_make_is_stopped(gate: Gate, denial: str) -> None:
    text = f"Oral tofacitinib 5 to 10 mg twice daily {denial} in vitiligo."
    assert "denies what its quotes do not deny" in gate.faults(*fact(text, prose(gate.library, REVIEW, VITILIGO)))


def test_an_assertion_of_what_its_quote_denies_is_stopped(gate: Gate) -> None:
    text = "Upadacitinib has a demonstrated higher risk of MACE."
    assert gate.faults(*fact(text, prose(gate.library, MONOGRAPH, NOT_RAISED)))


def test_a_direction_turned_round_is_stopped(gate: Gate) -> None:
    text = "Tofacitinib 5 mg and 10 mg lowered the rate of MACE in rheumatoid arthritis."
    assert gate.faults(*fact(text, prose(gate.library, MONOGRAPH, RAISED)))


# --- computed statements and notes ---


@pytest.mark.parametrize("working", [None, "", "  \n"])
def test_a_computed_statement_without_its_working_is_stopped(gate: Gate, working: str | None) -> None:
    statement = Statement(text="The sum is 0.4.", kind="computed", citations=(1,), working=working)
    assert "is computed without showing its working" in gate.faults(statement, [row(gate.library, UPA_15)])


@pytest.mark.parametrize(
    ("result", "working"),
    [("0.9", "0.5 (upadacitinib 30 mg) - 0.2 (upadacitinib 15 mg) = 0.3"), ("0.7", "0.9 - 0.2 = 0.7"), ("0.8", "see")],
    ids=["the result is not the working's", "a term is in no cited row", "nothing is worked out"],
)
def test_a_computed_figure_that_its_working_and_rows_do_not_give_is_stopped(
    gate: Gate, result: str, working: str
) -> None:
    citations = (row(gate.library, UPA_30), row(gate.library, UPA_15, 2), header(gate.library, 3))
    statement = Statement(
        text=f"The malignancy rate on upadacitinib 30 mg is {result} above that on 15 mg.",
        kind="computed",
        citations=(1, 2, 3),
        working=working,
    )
    assert gate.faults(statement, citations)


def test_a_note_with_a_figure_that_the_question_lacks_is_stopped(gate: Gate) -> None:
    statement = Statement(text="The library does not cover upadacitinib 30 mg.", kind="note")
    assert "is a note with figures of its own: 30" in gate.faults(statement, ())


@pytest.mark.parametrize(
    "text", ["The number of patients with an event was 17.", "Call it 40 mg daily, or call 112 for help."]
)
def test_a_figure_does_not_pass_for_a_telephone_number(gate: Gate, text: str) -> None:
    assert gate.faults(Statement(text=text, kind="note"), ())
