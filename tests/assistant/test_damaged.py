"""Damaged print in answers: what is certain is read with its reason, what is not is told as printed or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.commands.upkeep import answer_faults
from assistant.contract import Answer
from assistant.damaged import PROSE_AS_PRINTED
from assistant.importing import import_files
from assistant.recipes.abstain import DAMAGED
from assistant.render import as_markdown, as_text
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer
from tests.corpus import pdfs
from tests.corpus.test_repair import DOSES, HEADER, markdown, shifted

Opened = Callable[..., Library]


@pytest.fixture
def opened(tmp_path: Path, real_embedder: Embedder) -> Iterator[Opened]:
    libraries: list[Library] = []

    def opening(text: str | bytes, name: str = "note.md") -> Library:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with open_writer(tmp_path / "library", real_embedder) as writer:
            import_files(writer, [file], curated=False)
        library = Library.open(tmp_path / "library", real_embedder)
        libraries.append(library)
        return library

    yield opening
    for library in libraries:
        library.close()


def real_drugs(table: str) -> str:
    """Return an invented table under names that the vocabulary knows, so that questions about them are understood."""
    names = {
        "Zorlitinib": "Tofacitinib",
        "Quenimod": "Apremilast",
        "Pelirast": "Crisaborole",
        "Vosutinib": "Ruxolitinib",
    }
    for invented, name in names.items():
        table = table.replace(invented, name)
    return table


KNOWN = ("Tofacitinib", "Apremilast", "Crisaborole", "Ruxolitinib")
DOUBTFUL = (
    "# Morphea\n\nAll adults with morphea were given oral tofacitinib 5 mg twice daily for a year, "
    "10 smg/day in total.\n"
)
QUESTIONS = (
    "What is the dose of oral tofacitinib?",
    "topical tofacitinib dose",
    "How is apremilast dosed?",
    "crisaborole dose in rosacea",
    "ruxolitinib dose",
    "Which drug has the highest dose?",
    "What doses does the table list?",
    "Which drugs are given once daily?",
)


def wrongly_said(found: Answer, doses: list[str]) -> list[str]:
    shown = found.model_dump_json(exclude={"question", "interpretation"})
    return [dose for dose in doses if dose in shown]


@pytest.mark.parametrize("by", [1, 2, -1, -2])
@pytest.mark.parametrize("into_header", [True, False])
def test_no_dose_of_a_slipped_column_is_given_anywhere(by: int, into_header: bool, opened: Opened) -> None:
    library = opened(f"# Doses of small molecules\n\n{real_drugs(shifted(by, into_header=into_header))}\n")
    doses = [row[2] for row in DOSES]
    for question in QUESTIONS:
        assert wrongly_said(answer(question, library), doses) == []


def test_the_same_table_unshifted_answers(opened: Opened) -> None:
    library = opened(f"# Doses of small molecules\n\n{real_drugs(markdown(HEADER, DOSES))}\n")
    assert "120 mg once weekly" in answer("How is apremilast dosed?", library).answer


def test_an_abstention_says_that_a_table_nearby_looks_damaged(opened: Opened) -> None:
    library = opened(f"# Doses of small molecules\n\n{real_drugs(shifted(1, into_header=True))}\n")
    found = answer("What is the dose of ruxolitinib?", library)
    assert found.status == "abstained"
    assert DAMAGED in found.answer


def test_no_dose_of_a_slipped_column_in_a_pdf_is_given(opened: Opened) -> None:
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in real_drugs(shifted(1, into_header=True)).splitlines()
        if "---" not in line
    ]
    for ruled in (True, False):
        data = pdfs.made(lambda canvas, ruled=ruled: pdfs.table(canvas, rows, ruled=ruled))
        library = opened(data, f"paper-{ruled}.pdf")
        for question in QUESTIONS:
            assert wrongly_said(answer(question, library), [row[2] for row in DOSES]) == []


@pytest.mark.parametrize("by", [1, -1])
def test_no_dose_of_a_slipped_column_in_a_web_page_is_given(by: int, opened: Opened) -> None:
    lines = [line for line in real_drugs(shifted(by, into_header=True)).splitlines() if "---" not in line]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head, *body = ["".join(f"<td>{cell}</td>" for cell in row) for row in cells]
    head = head.replace("td>", "th>")
    table = f"<table><thead><tr>{head}</tr></thead>" + "".join(f"<tr>{row}</tr>" for row in body) + "</table>"
    page = f"<html><body><main><h1>Doses of small molecules</h1><p>As printed.</p>{table}</main></body></html>"
    library = opened(page, "page.html")
    for question in QUESTIONS:
        assert wrongly_said(answer(question, library), [row[2] for row in DOSES]) == []


def test_a_protected_pdf_comes_in_with_its_password(tmp_path: Path, real_embedder: Embedder) -> None:
    file = tmp_path / "locked.pdf"
    file.write_bytes(pdfs.made(pdfs.two_columns, password="1234"))
    with open_writer(tmp_path / "library", real_embedder) as writer:
        assert "--password" in str(import_files(writer, [file]).skipped[0][1])
        assert import_files(writer, [file], password="1234").added == ["locked"]


def test_rows_that_lost_their_columns_are_not_quoted(opened: Opened) -> None:
    library = opened(
        "# Doses\n\nDrug Route Dose Use\nTofacitinib Oral 1%-2% twice daily morphea\n"
        "Topical 10-25 mg twice daily vitiligo\nRuxolitinib Oral 0.6% twice daily acne\n"
    )
    for question in QUESTIONS:
        assert wrongly_said(answer(question, library), ["1%-2%", "10-25 mg", "0.6%"]) == []


def test_a_doubtful_amount_is_told_as_printed(opened: Opened) -> None:
    library = opened(DOUBTFUL)
    found = answer("What is the dose of oral tofacitinib in morphea?", library)
    assert PROSE_AS_PRINTED in found.answer
    (citation,) = found.citations
    assert citation.damage and citation.reading is None
    assert "LOOKS DAMAGED" in as_text(found) and "LOOKS DAMAGED" in as_markdown(found)


def test_a_certain_repair_is_stated_and_its_citation_shows_print_and_reason(opened: Opened) -> None:
    library = opened(
        "# Morphea\n\nAdults with morphea were given oral tofaci- tinib 5 mg twice daily for a year. "
        "Oral tofacitinib was well tolerated.\n"
    )
    found = answer("What is the dose of oral tofacitinib in morphea?", library)
    citation = found.citations[0]
    assert "oral tofacitinib 5 mg twice daily" in found.answer
    assert "tofaci- tinib" in citation.quote and citation.quote in library.document(citation.document_id).text
    assert citation.reading and "tofacitinib 5 mg" in citation.reading
    assert citation.reading_reason == "a line end split the word"
    assert list(answer_faults(found, library)) == []


def test_the_gate_stops_readings_and_silence_that_the_print_does_not_bear_out(opened: Opened) -> None:
    library = opened(DOUBTFUL)
    found = answer("What is the dose of oral tofacitinib in morphea?", library)
    (citation,) = found.citations
    for wrong in (
        {"damage": None},
        {"reading": citation.quote.replace("smg", "mg"), "reading_reason": "what stands here is no unit"},
    ):
        forged = found.model_copy(update={"citations": (citation.model_copy(update=wrong),)})
        assert list(answer_faults(forged, library))


def test_repairs_are_kept_with_the_document_and_found_anew_by_a_rebuild(
    opened: Opened, tmp_path: Path, real_embedder: Embedder
) -> None:
    library = opened("# Morphea\n\nOral tofacitinib 1O mg was given, and tofaci- tinib 5 mg later on.\n")
    kept = library.document("note").repairs
    assert [repair.printed for repair in kept] == ["1O", "tofaci- tinib"]
    library.close()
    with open_writer(tmp_path / "library", real_embedder) as writer:
        document = replace(writer.catalogue.document("note"), repairs=())
        assert document.repairs == ()
        writer.rebuild()
    with Library.open(tmp_path / "library", real_embedder) as again:
        assert again.document("note").repairs == kept
