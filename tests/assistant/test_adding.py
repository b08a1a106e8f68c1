"""`posology add`: a line for each document, the same whether files are read here or elsewhere, and what OCR needs."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import importing
from assistant.answer import answer
from assistant.commands.adding import Wish, add, as_data, check_ocr, table
from assistant.commands.upkeep import answer_faults
from assistant.damaged import AS_RECOGNISED
from assistant.importing import import_files
from assistant.render import as_markdown, as_text
from assistant.session import Session
from assistant.summary import FileReport, Summary
from corpus.errors import MissingOcrError
from corpus.readers.pdf_ocr import Tesseract
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer
from tests.corpus import made, pdfs
from tests.corpus.scans import SCANNED, prose, scanned
from tests.corpus.test_ocr import seen

DOSE = "Oral zorlitinib {} mg once daily softened plaques in most of the adults with morphea.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of several formats, duplicates, and files that can't be read."""
    papers = tmp_path / "papers"
    (papers / "other").mkdir(parents=True)
    for number in range(12):
        (papers / f"note-{number:02}.txt").write_text(DOSE.format(number + 1) * (number + 1))
    files = {
        "article.xml": made.JATS.encode(),
        "records.xml": made.MEDLINE.encode(),
        "paper.pdf": pdfs.made(pdfs.two_columns),
        "label.xml": made.SPL.encode(),
        "copy.txt": DOSE.format(1).encode(),
        "other/note-03.txt": DOSE.format(99).encode(),
        "empty.txt": b"",
        "table.csv": made.CSV.encode(),
    }
    for name, data in files.items():
        (papers / name).write_bytes(data)
    return papers


def imported(library: Path, embedder: Embedder, folder: Path, elsewhere: bool) -> tuple[Summary, dict[str, Any]]:
    """Return the summary without its seconds, and all that the library then holds."""
    with open_writer(library, embedder) as writer:
        summary = import_files(writer, [folder], elsewhere=elsewhere)
    summary.files = [replace(found, seconds=0.0) for found in summary.files]
    with Library.open(library, embedder) as opened:
        ids = [entry.id for entry in opened.catalogue.entries()]
        held = {i: (opened.document(i), opened.catalogue.passages_of(i)) for i in ids}
        vectors = opened.vectors.vectors(opened.catalogue.passage_ids()).tolist()
        return summary, {"held": held, "vectors": vectors, "ids": opened.catalogue.passage_ids()}


def told(summary: Summary) -> tuple[object, ...]:
    skipped = [(path, str(error)) for path, error in summary.skipped]
    return summary.added, summary.replaced, summary.unchanged, summary.same, skipped, summary.files, summary.passages


def test_files_read_elsewhere_give_the_same_library_and_summary(
    tmp_path: Path, word_embedder: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_FIRST_COMMIT", 1_500)
    here, held_here = imported(tmp_path / "here", word_embedder, folder, False)
    there, held_there = imported(tmp_path / "there", word_embedder, folder, True)
    assert told(here) == told(there)
    assert held_here == held_there
    assert len(here.added) > 12 and here.skipped and here.unchanged


def test_how_much_is_committed_at_once_changes_nothing(
    tmp_path: Path, word_embedder: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = imported(tmp_path / "whole", word_embedder, folder, False)
    monkeypatch.setattr(importing, "_FIRST_COMMIT", 1)
    monkeypatch.setattr(importing, "_LARGEST_COMMIT", 1)
    parts, _ = imported(tmp_path / "parts", word_embedder, folder, False)
    assert told(whole) == told(parts)


def test_a_fuller_text_takes_the_place_of_one_that_was_committed_before_it(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_FIRST_COMMIT", 1)
    head = "# Zorlitinib for morphea in adults, a randomised trial\n\n"
    for name, text in {"a.md": DOSE.format(3), "b.md": DOSE.format(3) * 9, "c.md": DOSE.format(3)}.items():
        (tmp_path / name).write_text(head + text)
    with open_writer(tmp_path / "library", word_embedder) as writer:
        summary = import_files(writer, [tmp_path / name for name in ("a.md", "b.md", "c.md")])
    assert summary.added == ["b"] and summary.replaced == []
    fates = [(found.path.name, found.fate, found.document) for found in summary.files]
    assert fates == [("a.md", "same", "b"), ("b.md", "added", "b"), ("c.md", "unchanged", "b")]
    with Library.open(tmp_path / "library", word_embedder) as library:
        assert [entry.id for entry in library.catalogue.entries()] == ["b"]


def test_a_line_of_a_document_says_what_was_found_in_it(tmp_path: Path, word_embedder: Embedder) -> None:
    (tmp_path / "paper.pdf").write_bytes(pdfs.made(pdfs.two_columns))
    note = "# Doses\n\nOral tofacitinib 5 mg twice daily was given in morphea.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    (tmp_path / "note.md").write_text(note)
    with open_writer(tmp_path / "library", word_embedder) as writer:
        summary = import_files(writer, [tmp_path / "note.md", tmp_path / "paper.pdf"])
    first, second = summary.files
    assert (first.fate, first.document, first.pages, first.sections, first.tables) == ("added", "note", 0, 1, 1)
    assert first.passages == 2 and first.facts >= 1 and first.seconds > 0
    assert (second.pages, second.document) == (1, "paper")
    assert first.passages + second.passages == summary.passages


def test_progress_never_goes_back_and_ends_whole(
    tmp_path: Path, word_embedder: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_FIRST_COMMIT", 1_000)
    seen: list[tuple[int, int]] = []
    with open_writer(tmp_path / "library", word_embedder) as writer:
        summary = import_files(writer, [folder], progress=lambda done, total: seen.append((done, total)))
    done = [done for done, _ in seen]
    assert done == sorted(done) and all(done <= total for done, total in seen)
    assert seen[-1] == (summary.passages, summary.passages)


def test_the_table_has_a_line_for_each_document_and_names_the_skipped() -> None:
    files = [
        FileReport(Path("/x/a.pdf"), "added", "a", None, 3, 4, 0, 20, 2, 1.25),
        FileReport(Path("/x/b.txt"), "skipped", reason="/x/b.txt is empty; add a file that holds text."),
        FileReport(Path("/x/c.txt"), "unchanged", "c"),
    ]
    assert list(table(files)) == [
        "           pages  sections  tables  passages  facts  seconds  document",
        "added          3         4       .        20      2      1.2  a (a.pdf)",
        "skipped        .         .       .         .      .      0.0  - (b.txt)",
    ]
    assert list(table(files[1:])) == []


def test_of_very_many_documents_only_those_that_need_a_look_have_a_line() -> None:
    many = [FileReport(Path(f"/x/{n}.txt"), "added", str(n)) for n in range(500)]
    lines = list(table([*many, FileReport(Path("/x/b.txt"), "skipped")]))
    assert [line.split()[0] for line in lines] == ["pages", "skipped", "500"]


def test_json_tells_of_every_file(tmp_path: Path, word_embedder: Embedder, folder: Path) -> None:
    summary, _ = imported(tmp_path / "library", word_embedder, folder, False)
    data = json.loads(json.dumps(as_data(summary)))
    assert len(data["files"]) == len(summary.files)
    assert data["counts"]["added"] == len(summary.added) and data["counts"]["skipped"] == 1
    assert {"path", "fate", "document", "reason", "pages", "sections", "tables", "passages", "facts", "seconds"} == set(
        data["files"][0]
    )


# --- OCR ---


def test_without_tesseract_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingOcrError, match="not installed"):
        add(Wish((tmp_path,), ocr="eng"), tmp_path / "library")
    assert not (tmp_path / "library").exists()
    check_ocr(Wish((tmp_path,)))  # nobody asked for it


def test_a_dose_from_a_scan_is_quoted_with_its_warning_and_is_no_fact(
    tmp_path: Path, real_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(Tesseract, "_run", lambda *_: seen(SCANNED))
    (tmp_path / "scan.pdf").write_bytes(scanned(prose))
    with open_writer(tmp_path / "library", real_embedder) as writer:
        assert import_files(writer, [tmp_path / "scan.pdf"], ocr="eng").added == ["scan"]
    with Library.open(tmp_path / "library", real_embedder) as library:
        found = answer("What was the dose of oral tofacitinib in morphea?", library)
        doses = library.catalogue.fact_store.of_kind("dose")
        assert all("read by OCR" in body["damage"] for body, _ in doses if body["origin"] == "extracted")
        assert not [fact for fact in found.facts if fact["kind"] == "dose"]
        for citation in found.citations:
            assert citation.document_id == "scan" and "read by OCR" in (citation.damage or "")
        assert found.status == "answered" and AS_RECOGNISED in found.answer
        assert "READ BY OCR" in as_text(found) and "READ BY OCR" in as_markdown(found)
        assert "LOOKS DAMAGED" not in as_text(found)
        assert list(answer_faults(found, library)) == []
        silent = found.model_copy(
            update={"citations": tuple(c.model_copy(update={"damage": None}) for c in found.citations)}
        )
        assert list(answer_faults(silent, library))


def test_the_command_prints_table_and_json(
    tmp_path: Path, word_embedder: Embedder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "assistant.commands.adding.open_session", lambda library: Session(library, embedder=word_embedder)
    )
    (tmp_path / "note.txt").write_text(DOSE.format(7))
    add(Wish((tmp_path / "note.txt",)), tmp_path / "library")
    assert "added " in capsys.readouterr().out
    add(Wish((tmp_path / "note.txt",)), tmp_path / "library", as_json=True)
    (line,) = json.loads(capsys.readouterr().out)["files"]
    assert (line["fate"], line["document"]) == ("unchanged", "note")
