"""Scanned pages: recognised only where that is asked for, marked as such, and never the ground of a dose."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from corpus.damage import READ_BY_OCR, Damage
from corpus.errors import MissingOcrError, UnreadableFileError
from corpus.extract import Extractor
from corpus.passages import passages
from corpus.readers import pdf_ocr, read_documents
from corpus.readers.pdf_glyphs import Page
from corpus.readers.pdf_ocr import Tesseract, words_seen
from corpus.repair import repairs
from corpus.terms import load_vocabulary
from corpus.types import Document
from corpus.vocabulary_files import compile_vocabulary
from tests.corpus import pdfs
from tests.corpus.scans import SCANNED, prose, scanned

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")


def table_of(words: list[tuple[int, int, int, str]]) -> str:
    """Return words as Tesseract's table gives them, from their block, line, left edge and text."""
    rows = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"]
    for number, (block, line, left, text) in enumerate(words):
        top, wide = 100 + 400 * block + 60 * line, 20 * len(text)
        rows.append(f"5\t1\t{block}\t1\t{line}\t{number}\t{left}\t{top}\t{wide}\t40\t91.5\t{text}")
    return "\n".join(rows) + "\n"


def seen(lines: list[str]) -> str:
    """Return lines of prose as Tesseract's table gives them."""
    words = []
    for number, line in enumerate(lines):
        left = 250
        for word in line.split():
            words.append((1, number, left, word))
            left += 20 * len(word) + 12
    return table_of(words)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Put a program in Tesseract's place that sees SCANNED on every page; return the commands that it was given."""
    commands: list[list[str]] = []

    def run(self: Tesseract, command: list[str], given: bytes, what: str) -> str:
        commands.append(command)
        if "--list-langs" in command:
            return "List of available languages (2):\neng\nosd\n"
        assert given.startswith(b"P5 ")
        return seen(SCANNED)

    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(Tesseract, "_run", run)
    return commands


def read(path: Path, data: bytes, ocr: str | None = "eng") -> Document:
    path.write_bytes(data)
    (document,) = read_documents(path, None, ocr)
    return document


def check_scan(document: Document) -> None:
    """Check that the scan of SCANNED was read, and is nothing to rely on."""
    text = " ".join(document.text.split())
    assert "were given oral tofacitinib 5 mg twice daily for a year, and the dose was not raised in anyone." in text
    assert [page.recognised for page in document.pages] == [True]
    vocabulary = load_vocabulary(compile_vocabulary())
    found = repairs(document, vocabulary)
    marked = [repair for repair in found if repair.kind is Damage.OCR]
    assert {(block.start, block.end) for block in document.blocks} == {(r.start, r.end) for r in marked}
    assert all(repair.reading is None and repair.reason == READ_BY_OCR for repair in marked)


def test_a_scan_without_ocr_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="posology add --ocr"):
        read(tmp_path / "scan.pdf", scanned(prose), ocr=None)


def test_a_scan_is_read_by_the_engine_and_marked(tmp_path: Path, engine: list[list[str]]) -> None:
    check_scan(read(tmp_path / "scan.pdf", scanned(prose), "eng+deu"))
    assert engine == [["/opt/tesseract", "stdin", "stdout", "-l", "eng+deu", "--dpi", "300", "tsv"]]


@needs_tesseract
def test_a_scan_is_read_by_tesseract_and_marked(tmp_path: Path) -> None:
    Tesseract("eng").check()
    check_scan(read(tmp_path / "scan.pdf", scanned(prose)))


def test_a_page_that_has_text_is_not_recognised(tmp_path: Path, engine: list[list[str]]) -> None:
    document = read(tmp_path / "paper.pdf", pdfs.made(pdfs.two_columns))
    assert engine == [] and not any(page.recognised for page in document.pages)


def test_only_the_scanned_page_of_a_paper_is_marked(tmp_path: Path, engine: list[list[str]]) -> None:
    scan = pdfium.PdfDocument(scanned(prose))
    paper = pdfium.PdfDocument(pdfs.made(pdfs.two_columns))
    paper.import_pages(scan)
    paper.save(tmp_path / "both.pdf")
    document = read(tmp_path / "both.pdf", (tmp_path / "both.pdf").read_bytes())
    assert [page.recognised for page in document.pages] == [False, True]
    border = document.pages[1].start
    marked = [r for r in repairs(document, load_vocabulary(compile_vocabulary())) if r.kind is Damage.OCR]
    assert marked and all(repair.start >= border for repair in marked)
    assert any(block.start < border for block in document.blocks)


def test_a_sentence_is_not_joined_from_print_and_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ending(canvas: Any) -> None:
        pdfs.lines(canvas, ["Nobody who took oral zorlitinib for", "morphea in the first year was given the"], 60, 700)

    def rest(self: Tesseract, page: Any, number: int) -> Page:
        words = words_seen(seen(["higher dose of 14 mg once daily by any of the centres.", *SCANNED]), 300 / 72)
        return Page(number, 595, 842, words, (), True, recognised=True)

    monkeypatch.setattr(Tesseract, "page", rest)
    paper = pdfium.PdfDocument(pdfs.made(ending))
    paper.import_pages(pdfium.PdfDocument(scanned(prose)))
    paper.save(tmp_path / "both.pdf")
    document = read(tmp_path / "both.pdf", (tmp_path / "both.pdf").read_bytes())
    marked = [r for r in repairs(document, load_vocabulary(compile_vocabulary())) if r.kind is Damage.OCR]
    dose = document.text.index("14 mg")
    assert any(repair.start <= dose < repair.end for repair in marked)


def test_doses_of_a_scan_carry_its_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["Oral tofacitinib was given to adults with morphea", "for twelve weeks. The dose was 5 mg twice daily."]
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(Tesseract, "_run", lambda *_: seen(said))
    document = read(tmp_path / "scan.pdf", scanned(prose))
    vocabulary = load_vocabulary(compile_vocabulary())
    document = replace(document, repairs=repairs(document, vocabulary))
    found = list(Extractor(vocabulary).facts(document, passages(document)))
    assert found and all(READ_BY_OCR in (each.fact.damage or "") for each in found)


def test_words_keep_their_places_in_points() -> None:
    first, second = words_seen(table_of([(1, 0, 300, "Oral"), (1, 0, 420, "zorlitinib")]), 300 / 72)
    assert (first.text, second.text) == ("Oral", "zorlitinib")
    assert first.left == pytest.approx(72) and first.top == pytest.approx(500 * 72 / 300)
    assert first.base == second.base and first.right < second.left


def test_what_is_not_there_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingOcrError, match=r"not installed; install it .*tesseract-ocr.* and try again\.$"):
        Tesseract("eng").check()


def test_a_language_that_is_not_there_is_named(engine: list[list[str]]) -> None:
    with pytest.raises(MissingOcrError, match=r"lacks the language 'deu'; install it .*tesseract-ocr-deu"):
        Tesseract("eng+deu").check()


def test_an_engine_that_fails_refuses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'no such data' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    with pytest.raises(UnreadableFileError, match=r"Tesseract fails at page 1 \(no such data\)"):
        read(tmp_path / "scan.pdf", scanned(prose))


def test_an_engine_that_hangs_refuses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    monkeypatch.setattr(pdf_ocr, "_PAGE_SECONDS", 0.2)
    with pytest.raises(UnreadableFileError, match=r"longer than 0\.2 s for page 1"):
        read(tmp_path / "scan.pdf", scanned(prose))
