"""Filters: which documents may answer, why others are left out, and that nothing answers from those."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.contract import Answer
from assistant.conversation import Conversation
from assistant.importing import import_files
from assistant.narrowing import Narrowing, NarrowingError, narrow, years_named
from corpus.bundled import bundled_files
from corpus.catalogue import Entry
from corpus.errors import UnknownDocumentError
from corpus.types import Source
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer

OLD = """---
id: old-trial
title: "Abrocitinib in prurigo: a randomised trial"
year: 2016
---
# Abrocitinib in prurigo: a randomised trial

## Results

Oral abrocitinib 100 mg once daily cleared prurigo nodularis in 14 of 40 patients [3].
Serious infections occurred in 4 of 40 patients with prurigo nodularis who received abrocitinib.
Abrocitinib carries a boxed warning for thrombosis.

| Group | Dose | Patients | Cleared |
|---|---|---|---|
| Abrocitinib low | 100 mg once daily | 40 | 14 |
| Abrocitinib high | 200 mg once daily | 41 | 22 |
| Placebo | none | 39 | 5 |

## References

3. Quill A. Abrocitinib in prurigo. J Invent. 2016.
"""
NEW = """---
id: new-cohort
title: "Abrocitinib in prurigo: a retrospective cohort"
year: 2021
---
# Abrocitinib in prurigo: a retrospective cohort

## Results

Oral abrocitinib 50 mg every other day cleared prurigo nodularis in 9 of 30 patients.
"""
UNDATED = "Oral abrocitinib 400 mg twice daily was tried in prurigo nodularis and did nothing.\n"
QUESTIONS = (
    "abrocitinib dose in prurigo nodularis?",
    "what share of patients with prurigo nodularis cleared on abrocitinib?",
    "serious infections with abrocitinib in prurigo nodularis?",
    "does abrocitinib carry a boxed warning?",
    "which abrocitinib group had the most patients cleared?",
    "how many mg of abrocitinib a day in total in prurigo nodularis?",
    "abrocitinib for prurigo nodularis, and how safe is it?",
)


@pytest.fixture(scope="module")
def library_path(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    for name, text in (("old.md", OLD), ("new.md", NEW), ("undated.txt", UNDATED)):
        (folder / name).write_text(text)
    with open_writer(folder / "library", real_embedder) as writer:
        import_files(writer, [folder / "old.md", folder / "new.md", folder / "undated.txt"])
    return folder / "library"


@pytest.fixture
def library(library_path: Path, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(library_path, real_embedder) as opened:
        yield opened


def entry(identity: str, **source: object) -> Entry:
    values: dict[str, object] = {"title": identity, **source}
    return Entry(identity, Source(**values), "text", "added", "", None, "", 1, 1)  # type: ignore[arg-type]


ENTRIES = [
    entry("a", year=2016, types=("randomized controlled trial",)),
    entry("b", year=2021, kind="review", types=("meta-analysis",)),
    entry("c", kind="label"),
]


def used(asked: Narrowing, library: Library) -> tuple[str, ...] | None:
    return narrow(library.catalogue.entries(), asked, library.editions.originals()).used


# --- what was typed ---


@pytest.mark.parametrize(
    ("text", "years"),
    [("2019", (2019, 2019)), ("2019-", (2019, 9999)), ("-2015", (0, 2015)), ("2015–2020", (2015, 2020))],
)
def test_years_are_one_or_a_range(text: str, years: tuple[int, int]) -> None:
    assert years_named(text) == years


@pytest.mark.parametrize("text", ["", "-", "19", "2019 2020", "last year", "2020-2015"])
def test_what_is_no_range_of_years_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NarrowingError, match=r"write"):
        years_named(text)


@given(st.integers(1000, 9998), st.integers(0, 1000))
def test_a_range_holds_both_its_ends(first: int, more: int) -> None:
    last = min(first + more, 9999)
    assert years_named(f"{first}-{last}") == (first, last)


# --- which documents ---


def test_a_document_has_to_be_all_that_is_asked_for_and_one_of_each() -> None:
    found = narrow(ENTRIES, Narrowing(years=((2010, 2030),), designs=("rct", "review")), {})
    assert found.used == ("a", "b")
    assert narrow(ENTRIES, Narrowing(years=((2010, 2030),), kinds=("review",)), {}).used == ("b",)


def test_what_is_not_known_is_left_out_and_said() -> None:
    found = narrow(ENTRIES, Narrowing(years=((2021, 9999),)), {})
    assert dict(found.left_out) == {"a": "year 2016", "c": "year unknown"}
    assert list(found.told()) == ["2 of 3 documents are left out:", "  year 2016: a", "  year unknown: c"]


def test_nothing_asked_for_leaves_nothing_out() -> None:
    found = narrow(ENTRIES, Narrowing(), {})
    assert (found.used, list(found.told())) == (None, [])


def test_a_filter_that_leaves_nothing_says_what_there_is() -> None:
    with pytest.raises(NarrowingError, match=r"2016 \(1\), 2021 \(1\), unknown \(1\)"):
        narrow(ENTRIES, Narrowing(years=((1990, 1990),)), {})
    with pytest.raises(NarrowingError, match=r"label \(1\), review \(1\)"):
        narrow(ENTRIES, Narrowing(kinds=("guideline",)), {})
    with pytest.raises(NarrowingError, match=r"of the design 'astrology'; the library holds meta-analysis"):
        narrow(ENTRIES, Narrowing(designs=("astrology",)), {})
    with pytest.raises(UnknownDocumentError, match="posology list"):
        narrow(ENTRIES, Narrowing(documents=("z",)), {})


def test_a_digest_goes_with_its_original() -> None:
    entries = [entry("digest"), entry("original", year=2020), entry("other", year=1999)]
    pair = {"digest": "original"}
    assert narrow(entries, Narrowing(years=((2020, 2020),)), pair).used == ("digest", "original")
    assert narrow(entries, Narrowing(documents=("digest",)), pair).used == ("digest", "original")


# --- what answers ---


def sources(found: Answer) -> set[str]:
    places = {citation.document_id for citation in found.citations} | {item.document_id for item in found.related}
    return places | {str(place) for fact in found.facts for place in fact.get("documents", ())}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("only", ["old-trial", "new-cohort", "undated"])
def test_nothing_answers_from_a_document_that_was_left_out(library: Library, question: str, only: str) -> None:
    found = answer(question, library, documents=(only,))
    assert sources(found) <= {only}
    doses = {"old-trial": "100 mg", "new-cohort": "50 mg", "undated": "400 mg"}
    for other in doses.keys() - {only}:
        assert doses[other] not in found.answer


def test_each_document_gives_its_own_dose(library: Library) -> None:
    assert "50 mg every other day" in answer(QUESTIONS[0], library, documents=("new-cohort",)).answer
    assert "100 mg once daily" in answer(QUESTIONS[0], library, documents=("old-trial",)).answer


def test_a_filter_of_years_gives_the_dose_of_those_years(library: Library) -> None:
    documents = used(Narrowing(years=((2020, 9999),)), library)
    assert documents == ("new-cohort",)
    assert "50 mg every other day" in answer(QUESTIONS[0], library, documents=documents).answer


def test_a_follow_up_names_no_source_that_was_left_out_since(library: Library) -> None:
    conversation = Conversation()
    answer("what share of patients with prurigo nodularis cleared on abrocitinib 100 mg?", library, conversation)
    assert any(citation.document_id == "old-trial" for citation in conversation.citations)
    found = answer("which reference is that from?", library, conversation, documents=("new-cohort",))
    assert "old-trial" not in sources(found) and "Quill" not in found.answer


def test_curated_facts_of_a_document_left_out_say_nothing(bundled: Library) -> None:
    question = "is there a conflict about the tofacitinib boxed warning and its dose in alopecia areata?"
    for only in (path.stem for path in bundled_files()):
        found = answer(question, bundled, documents=(only,))
        assert sources(found) <= {only}
        narrowed = bundled.only((only,))
        for kind in ("dose", "safety", "conflict", "trial", "approval"):
            assert all(place.document_id == only for _, places in narrowed.facts(kind) for place in places)


def test_a_library_that_was_not_narrowed_is_the_same(bundled: Library) -> None:
    assert bundled.only(None) is bundled
    assert bundled.only(("class-monograph",)).facts("dose") != bundled.facts("dose")
