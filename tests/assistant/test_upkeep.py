"""Renaming, editing, filtering and the doctor's advice as they are typed; older libraries brought up to date."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.amending import FIELDS, AmendingError, changes
from assistant.answer import answer
from assistant.commands.upkeep import answer_faults
from assistant.condition import Finding, findings
from assistant.export.references import references, sources_held
from assistant.importing import import_files
from assistant.job import Job, run
from assistant.keeping.kept import Exchange
from assistant.keeping.resuming import resumed
from assistant.session import Session
from corpus.damage import Damage, Repair
from corpus.edit_store import FIELDS as STORED_FIELDS
from index.amending import edit, rename
from index.embedder import Embedder
from index.library import CATALOGUE, Library
from index.writing import open_writer
from tests.assistant.test_cli import Posology, Ran, assert_one_sentence
from tests.assistant.test_cli import own_folders as own_folders
from tests.assistant.test_cli import posology as posology
from tests.conftest import CACHE

TRIAL = """---
title: "Zorlitinib in morphea: a randomised trial"
year: 2016
---
# Zorlitinib in morphea: a randomised trial

Oral abrocitinib 100 mg once daily cleared morphea in 14 of 40 adults who took part in it.
"""
COHORT = """---
title: "Abrocitinib in morphea: a retrospective cohort"
year: 2021
---
# Abrocitinib in morphea: a retrospective cohort

Oral abrocitinib 50 mg every other day cleared morphea in 9 of 30 adults who were followed.
"""
QUESTION = "abrocitinib dose in morphea?"
LONG = " ".join(f"The patient number {n} with morphea was seen on day {n * 7} and felt well then." for n in range(40))


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "trial.md").write_text(TRIAL)
    (folder / "cohort.md").write_text(COHORT)
    return folder


@pytest.fixture
def path(tmp_path: Path, papers: Path, real_embedder: Embedder) -> Path:
    with open_writer(tmp_path / "library", real_embedder) as writer:
        import_files(writer, [papers])
    return tmp_path / "library"


@pytest.fixture
def opened(path: Path, real_embedder: Embedder) -> Callable[[], Library]:
    return lambda: Library.open(path, real_embedder)


# --- ask and list ---


def test_a_filter_says_what_it_leaves_out_and_answers_from_the_rest(posology: Posology, path: Path) -> None:
    ran = posology("ask", QUESTION, "--year", "2020-", "--library", path)
    assert ran.code == 0 and "50 mg every other day" in ran.out and "100 mg" not in ran.out
    assert ran.err.splitlines() == ["1 of 2 documents are left out:", "  year 2016: trial"]
    ran = posology("ask", QUESTION, "--design", "RCT", "--json", "--library", path)
    assert {c["document_id"] for c in json.loads(ran.out)["citations"]} == {"trial"}


def test_a_filter_holds_for_a_whole_batch(posology: Posology, path: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps({"id": "a", "question": QUESTION}) + "\n")
    ran = posology("ask", "--batch", batch, "--design", "cohort", "--library", path)
    found = json.loads(ran.out)
    assert found["id"] == "a" and "50 mg" in found["answer"] and "100 mg" not in found["answer"]


def test_a_filter_that_leaves_nothing_names_what_there_is(posology: Posology, path: Path) -> None:
    assert_one_sentence(posology("ask", QUESTION, "--year", "1999", "--library", path), 2, "2016 (1), 2021 (1)")
    assert_one_sentence(posology("ask", QUESTION, "--kind", "label", "--library", path), 2, "article (2)")
    assert_one_sentence(posology("ask", QUESTION, "--document", "none", "--library", path), 4, "posology list")
    assert_one_sentence(posology("ask", QUESTION, "--year", "soon", "--library", path), 2, "2015-2020")


def test_the_list_tells_year_kind_and_design_and_is_narrowed_alike(posology: Posology, path: Path) -> None:
    ran = posology("list", "--library", path)
    assert any("2021  article, cohort study" in line for line in ran.out.splitlines())
    ran = posology("list", "--kind", "article", "--year", "2016", "--json", "--library", path)
    assert [(e["id"], e["kind"], e["design"]) for e in json.loads(ran.out)] == [
        ("trial", "article", "randomised trial")
    ]


# --- rename and edit ---


def test_renaming_says_how_to_take_it_back(posology: Posology, path: Path) -> None:
    ran = posology("rename", "trial", "quill-2016", "--library", path)
    assert ran.code == 0 and "trial" in ran.out and "`posology rename quill-2016 trial`" in ran.err
    assert "100 mg once daily" in posology("ask", QUESTION, "--source", "trial", "--library", path).out
    assert "abrocitinib" in posology("show", "trial", "--library", path).out
    assert_one_sentence(posology("rename", "quill-2016", "Cohort!", "--library", path), 2, "lower-case")
    assert_one_sentence(posology("rename", "nothing", "a", "--library", path), 4, "posology list")


def test_editing_says_what_changed_and_how_to_take_it_back(posology: Posology, path: Path) -> None:
    ran = posology("edit", "trial", "--year", "2017", "--authors", "A. Quill; B. Marsh", "--library", path)
    assert ran.code == 0 and "2016" in ran.out and "2017" in ran.out and "--reset" in ran.err
    shown = posology("edit", "trial", "--library", path).out
    assert "A. Quill; B. Marsh (edited)" in shown and "(taken for: randomised trial)" in shown
    ran = posology("edit", "trial", "--reset", "--library", path)
    assert ran.code == 0 and "none" in ran.out
    assert "edited" not in posology("edit", "trial", "--library", path).out
    assert "nothing was changed" in posology("edit", "trial", "--year", "2016", "--library", path).err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--year", "20x6", "four digits"),
        ("--doi", "nonsense", "10.1000"),
        ("--pmid", "12a", "digits"),
        ("--kind", "poster", "guideline"),
        ("--design", "astrology", "cohort study"),
        ("--url", "ftp:x", "https://"),
        ("--title", " ", "--reset"),
    ],
)
def test_a_value_that_cannot_be_is_refused(posology: Posology, path: Path, option: str, value: str, said: str) -> None:
    before = posology("edit", "trial", "--library", path).out
    assert_one_sentence(posology("edit", "trial", option, value, "--library", path), 2, said)
    assert posology("edit", "trial", "--library", path).out == before


def test_values_are_kept_in_one_spelling() -> None:
    typed = {"doi": "https://doi.org/10.1000/ab", "pmid": "PMID: 123", "kind": "Package insert", "design": "RCT"}
    assert changes(typed) == {"doi": "10.1000/ab", "pmid": "123", "kind": "label", "design": "randomised trial"}
    assert changes({"authors": "A; ;B", "doi": ""}) == {"authors": ["A", "B"], "doi": None}
    with pytest.raises(AmendingError, match="no field"):
        changes({"colour": "red"})
    assert set(FIELDS) == set(STORED_FIELDS)


def test_what_is_added_again_keeps_its_id_and_edits(
    path: Path, papers: Path, real_embedder: Embedder, tmp_path: Path
) -> None:
    with open_writer(path, real_embedder) as writer:
        rename(writer, "trial", "quill-2016")
        edit(writer, "quill-2016", {"year": 2017})
        assert import_files(writer, [papers]).unchanged
        (papers / "trial.md").write_text(TRIAL.replace("14 of 40", "15 of 40"))
        summary = import_files(writer, [papers])
        assert (summary.replaced, summary.added) == (["quill-2016"], [])
        other = tmp_path / "elsewhere" / "trial.md"
        other.parent.mkdir()
        other.write_text("Another note of the same name, about baricitinib in lupus.\n")
        assert import_files(writer, [other]).added == ["trial-2"]
        found = {entry.id: entry.source.year for entry in writer.catalogue.entries()}
    assert found == {"quill-2016": 2017, "cohort": 2021, "trial-2": None}


def test_kept_answers_conversations_and_references_find_a_renamed_document(
    path: Path, opened: Callable[[], Library], real_embedder: Embedder
) -> None:
    with opened() as library:
        kept = answer(QUESTION, library, documents=("trial",))
    with open_writer(path, real_embedder) as writer:
        rename(writer, "trial", "quill-2016")
        edit(writer, "quill-2016", {"title": "The Quill trial", "doi": "10.1000/quill"})
    with opened() as library:
        assert list(answer_faults(kept, library)) == []
        (reference,) = references(kept.citations, sources_held(library.catalogue))
        assert (reference.source.title, reference.source.doi) == ("The Quill trial", "10.1000/quill")
        from datetime import UTC, datetime

        conversation = resumed([Exchange(1, QUESTION, kept, datetime.now(UTC))])
        found = answer("and how many adults were cleared in that study?", library, conversation)
        assert {citation.document_id for citation in found.citations} == {"quill-2016"}
        assert answer("which source is that?", library, conversation).status


def test_the_chats_job_edits_and_renames(path: Path, opened: Callable[[], Library], monkeypatch: Any) -> None:
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))
    reports: list[dict[str, Any]] = []
    for fields in ({"year": "2019"}, {"id": "quill-2019"}, {"id": "quill-2019"}):
        ids = ("trial",) if "year" in fields or not reports[1:] else ("quill-2019",)
        run(Job(job="amend", library=path, ids=ids, fields=fields), reports.append)
    said = [line for report in reports if report["event"] == "done" for line in report["lines"]]
    assert said[0] == "trial: year 2016 → 2019." and said[1].startswith("Renamed trial to quill-2019")
    assert "nothing was changed" in said[2]
    with opened() as library:
        assert library.document("quill-2019").source.year == 2019


# --- doctor ---


@pytest.fixture
def messy(path: Path, tmp_path: Path, real_embedder: Embedder) -> Iterator[Library]:
    """A library with a near-duplicate, a note that says nothing of itself, and damaged print."""
    folder = tmp_path / "messy"
    folder.mkdir()
    head = "---\ntitle: A long diary of morphea visits\nyear: 2020\n---\n"
    (folder / "diary.md").write_text(f"{head}# A long diary of morphea visits\n\n{LONG}\n")
    (folder / "printed.txt").write_text(LONG.replace("felt well", "felt quite well", 2) + "\n")
    with open_writer(path, real_embedder) as writer:
        import_files(writer, [folder])
        writer.catalogue._connection.execute(
            "UPDATE documents SET structure = json_set(structure, '$.repairs', json(?)) WHERE id = 'cohort'",
            (json.dumps([repair(Damage.NUMBERS, None), repair(Damage.UNIT, "mg"), repair(Damage.CELLS, None)]),),
        )
    with Library.open(path, real_embedder) as library:
        yield library


def repair(kind: Damage, reading: str | None) -> dict[str, Any]:
    found = Repair(0, 3, kind, "looks odd", "---", reading, reading is not None)
    return {name: getattr(found, name) for name in Repair.__slots__}


def by_what(library: Library, what: str) -> dict[str, Finding]:
    return {found.document_id: found for found in findings(library, " --library X") if found.what == what}


def test_the_doctor_tells_of_each_document_what_mends_it(messy: Library) -> None:
    damaged = by_what(messy, "damaged")
    assert list(damaged) == ["cohort"]
    assert "3 damaged places: 1 read with certainty, 1 told as printed, 1 not used" in damaged["cohort"].text
    assert "`posology show cohort --damage --library X`" in damaged["cohort"].text
    lacking = by_what(messy, "metadata-less")
    assert list(lacking) == ["printed"]
    assert lacking["printed"].command.startswith("posology edit printed --title TITLE --authors AUTHORS --year YEAR")
    alike = by_what(messy, "near-duplicate")
    assert list(alike) == ["printed"] and "nearly the same as diary (text and markdown)" in alike["printed"].text
    assert alike["printed"].command == "posology remove printed --library X"


def test_the_doctors_advice_is_no_failure(posology: Posology, messy: Library) -> None:
    ran: Ran = posology("doctor", "--library", messy.path)
    assert ran.code == 0
    advice = [line for line in ran.out.splitlines() if line.startswith("advice")]
    assert len(advice) == 3 and all("mend it with `posology " in line for line in advice)
    told = json.loads(posology("doctor", "--json", "--library", messy.path).out)
    assert {check["status"] for check in told["checks"]} == {"ok"}
    assert {found["what"] for found in told["findings"]} == {"damaged", "metadata-less", "near-duplicate"}


def test_what_the_doctor_says_mends_it(posology: Posology, messy: Library) -> None:
    posology("edit", "printed", "--title", "A printed diary", "--year", "2020", "--library", messy.path)
    posology("remove", "diary", "--library", messy.path)
    ran = posology("doctor", "--library", messy.path)
    assert "near-duplicate" not in ran.out and "metadata-less" not in ran.out


def test_the_bundled_documents_need_no_advice(bundled: Library) -> None:
    assert list(findings(bundled)) == []


# --- older libraries ---


def older(folder: Path) -> None:
    """Take a library back to the schema before edits."""
    connection = sqlite3.connect(folder / CATALOGUE)
    for table in ("edits", "former_names", "stale_ids"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()


def test_a_named_library_of_an_older_version_is_migrated_when_it_is_written_to(
    posology: Posology, path: Path, papers: Path
) -> None:
    older(path)
    assert_one_sentence(posology("ask", QUESTION, "--library", path), 3, f"posology doctor --migrate --library {path}")
    (papers / "more.txt").write_text("Baricitinib 2 mg once daily was given in lupus to nobody at all.\n")
    ran = posology("add", papers / "more.txt", "--library", path)
    assert ran.code == 0 and "catalogue-schema-3.sqlite" in ran.err
    copy = path / "catalogue-schema-3.sqlite"
    assert copy.stat().st_mode & 0o077 == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    connection.close()
    assert "50 mg" in posology("ask", QUESTION, "--source", "cohort", "--library", path).out
    posology("remove", "trial", "--library", path)
    assert not copy.exists()


def test_the_default_library_of_an_older_version_is_migrated_on_its_own(
    bundled_path: Path, tmp_path: Path, real_embedder: Embedder
) -> None:
    said: list[str] = []
    session = Session(notify=said.append, embedder=real_embedder)
    session.path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(bundled_path, session.path)
    older(session.path)
    assert session.bundle_is_due
    with session.library() as library:
        assert library.manifest.documents == 4
    assert any("was brought up to date" in line for line in said)
    assert not Session(embedder=real_embedder).bundle_is_due


def test_a_full_disk_migrates_nothing(posology: Posology, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older(path)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("corpus.migrations.keep_copy", full)
        assert_one_sentence(posology("rename", "trial", "a", "--library", path), 3, "older version")
        assert_one_sentence(posology("add", path, "--library", path), 7, "disk is full")
    assert_one_sentence(posology("ask", QUESTION, "--library", path), 3, "older version")
