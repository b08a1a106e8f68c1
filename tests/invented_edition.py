"""An original and the digest that describes it, with the facts that lead from one to the other: all of it invented.

Both are made from the same cases, so that a test can change or permute what they say and know what has to come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import index.knowledge
import index.vocabulary
from assistant.importing import Summary, import_files
from corpus.facts import Anchor, AnyFact, Approval, ConflictFact, DoseFact, Finding, SafetyFact
from corpus.user_terms import Terms
from corpus.vocabulary_files import compile_vocabulary
from index.build import Writer
from index.embedder import Embedder
from index.writing import open_writer

DIGEST_ID, ORIGINAL_ID = "clinic-digest", "scan-0417"
TITLE = "Povorcitinib for sclerosing skin disease: fourteen months in one clinic"
DOI = "10.9999/jid.2022.0417"


@dataclass(frozen=True)
class Case:
    """A row of the case table, without its number."""

    sex: str
    age: int
    disease: str
    dose: str
    months: int
    outcome: str


CASES = (
    Case("Woman", 34, "Morphea", "45 mg once daily", 7, "Complete response"),
    Case("Man", 61, "Morphea", "75 mg once daily", 14, "Partial response"),
    Case("Woman", 52, "Lichen planus", "15 mg twice daily", 9, "Complete response"),
    Case("Man", 29, "Morphea", "25 mg twice daily", 3, "No response"),
    Case("Woman", 47, "Prurigo nodularis", "60 mg once daily", 22, "Partial response"),
)

MORPHEA = "In morphea, oral povorcitinib 45 mg once daily softened the plaques of 13 of 21 patients (ref 2)."
LICHEN = "In lichen planus, oral povorcitinib 75 mg once daily stopped new lesions in 9 of 16 patients (ref 3)."
CREAM = "A povorcitinib 1.5% cream was rubbed into nodules of prurigo nodularis once daily for 11 weeks (ref 4)."
ACNE = "Acne was an adverse event of povorcitinib in 6 of 37 patients (ref 5)."
OTHER_ACNE = "The abstract speaks of acne as an adverse event of povorcitinib in 8 of 37 patients."
HEADACHE = "Headache was an adverse event of povorcitinib in 4 of 37 patients (ref 6)."
OTHER_HEADACHE = "The summary counts headache on povorcitinib in 5 of 37 patients."
WARNING = "A boxed warning of the FDA for povorcitinib names thrombosis, as of 2022."

PRINTED_MORPHEA = "Those with morphea swallowed povorcitinib 45 mg once a day, which made plaques softer in 13 of 21."
PRINTED_LICHEN = "Lichen planus got 75 mg by mouth once daily, and 9 out of 16 people saw no fresh lesion."
PRINTED_CREAM = "The cream for prurigo nodularis held 2.5% povorcitinib and was used once daily for 11 weeks."
PRINTED_ACNE = "We noted acne in 6 of our 37 patients."
PRINTED_HEADACHE = "We noted headache in 4 of our 37 patients."
PRINTED_SUMMARY = "Of 37 patients on povorcitinib, 5 complained of headache."
PRINTED_NAUSEA = "Nausea made 2 patients stop povorcitinib in week 19."


def digest(cases: Sequence[Case] = CASES) -> str:
    """Return the text of the digest with these cases."""
    rows = "".join(
        f"| {n} | {c.sex} | {c.age} | {c.disease} | {c.dose} | {c.months} | {c.outcome} |\n"
        for n, c in enumerate(cases, 1)
    )
    return f"""---
id: {DIGEST_ID}
title: "{TITLE}"
authors: [Quill A, Marsh B]
year: 2022
journal: Journal of Invented Dermatology
doi: {DOI}
kind: cohort
---

# {TITLE}

## Doses

{MORPHEA}

{LICHEN}

{CREAM}

## Harm

{ACNE}

{OTHER_ACNE}

{HEADACHE}

{OTHER_HEADACHE}

{WARNING}

## Cases

Table 1. Cases treated with povorcitinib

| Case | Sex | Age (years) | Disease | Povorcitinib dose | Duration (months) | Outcome |
|---|---|---|---|---|---|---|
{rows}
## Earlier drugs

Table 2. Doses of earlier drugs

| Drug | Dose | Disease |
|---|---|---|
| Brepocitinib | 30 mg once daily | Vitiligo |
| Ritlecitinib | 50 mg twice daily | Alopecia areata |
| Deuruxolitinib | 8 mg thrice daily | Psoriasis |
"""


def original(cases: Sequence[Case] = CASES) -> str:
    """Return the text of the original with these cases. Its second table has its doses shifted up by a row."""
    rows = "".join(
        f"| {n} | {c.sex[0]} | {c.age} | {c.disease.upper()} | {c.months} | {c.dose} | {c.outcome.split()[0]} |\n"
        for n, c in enumerate(cases, 1)
    )
    return f"""# ARTICLE IN PRESS

{TITLE}

A. Quill, B. Marsh. https://doi.org/{DOI}

## Summary

{PRINTED_SUMMARY}

## Treatment

{PRINTED_MORPHEA}
{PRINTED_LICHEN}
{PRINTED_CREAM}

## Side effects

{PRINTED_ACNE}
{PRINTED_HEADACHE}
{PRINTED_NAUSEA}
The label of povorcitinib has carried a boxed warning on thrombosis since 2022, says the FDA.

## Individual patients

Table 1. Our patients on povorcitinib

| No. | Sex | Age, y | Diagnosis | Months | Povorcitinib | Result |
|---|---|---|---|---|---|---|
{rows}
## What they had taken before

Table 2. Earlier treatment

| Drug | 30 mg once daily | Diagnosis |
|---|---|---|
| Brepocitinib | 50 mg twice daily | Vitiligo |
| Ritlecitinib | 8 mg thrice daily | Alopecia areata |
| Deuruxolitinib | | Psoriasis |
"""


def where(section: str, anchors: Sequence[str], printed: Sequence[str] = ()) -> Anchor:
    """Return a side of a fact of the digest."""
    return Anchor(document=DIGEST_ID, section=section, anchors=tuple(anchors), original=tuple(printed))


_ACNE = where("Harm", ["acne", "6 of 37"], ["acne in 6"])
_OTHER_ACNE = where("Harm", ["acne", "8 of 37"])
_HEADACHE = where("Harm", ["headache", "4 of 37"], ["headache in 4"])
_OTHER_HEADACHE = where("Harm", ["headache", "5 of 37"], ["5 complained of headache"])
_TABLE_2 = (("Brepocitinib", "30 mg once"), ("Ritlecitinib", "50 mg twice"), ("Deuruxolitinib", "8 mg thrice"))


def facts(cases: Sequence[Case] = CASES) -> tuple[AnyFact, ...]:
    """Return the facts of the digest with these cases."""
    drug = "povorcitinib"
    found: list[AnyFact] = [
        DoseFact(
            id="dose-morphea",
            drug=drug,
            route="oral",
            indication="morphea",
            regimen="45 mg once daily",
            where=(where("Doses", ["morphea", "45 mg once daily"], ["morphea", "45 mg", "13 of 21"]),),
        ),
        DoseFact(
            id="dose-lichen",
            drug=drug,
            route="oral",
            indication="lichen-planus",
            where=(where("Doses", ["lichen planus", "75 mg once daily"], ["lichen planus", "75 mg by mouth"]),),
        ),
        DoseFact(
            id="dose-cream",
            drug=drug,
            route="topical",
            indication="prurigo-nodularis",
            where=(where("Doses", ["prurigo nodularis", "1.5% cream"], ["cream", "prurigo nodularis"]),),
        ),
        SafetyFact(id="acne", drugs=(drug,), event="acne", where=(_ACNE,)),
        SafetyFact(id="other-acne", drugs=(drug,), event="acne", where=(_OTHER_ACNE,)),
        SafetyFact(id="headache", drugs=(drug,), event="headache", where=(_HEADACHE,)),
        SafetyFact(id="other-headache", drugs=(drug,), event="headache", where=(_OTHER_HEADACHE,)),
        SafetyFact(
            id="boxed",
            drugs=(drug,),
            event="thrombosis",
            boxed_warning=True,
            where=(where("Harm", ["boxed warning", "thrombosis", "2022"]),),
        ),
        ConflictFact(
            id="conflict-acne",
            topic="acne",
            about=((drug,), ("acne",)),
            severity="high",
            summary="The text counts acne in 6 of 37 patients, the abstract in 8 of 37.",
            where=(_ACNE, _OTHER_ACNE),
        ),
        ConflictFact(
            id="conflict-headache",
            topic="headache",
            about=((drug,), ("headache",)),
            severity="high",
            summary="The text counts headache in 4 of 37 patients, the summary in 5 of 37.",
            where=(_HEADACHE, _OTHER_HEADACHE),
        ),
    ]
    found += [
        Finding(
            id=f"case-{n}",
            where=(where("Cases", [f"{c.age} | {c.disease} | {c.dose}"], [f"{c.age} | {c.disease}", c.dose]),),
        )
        for n, c in enumerate(cases, 1)
    ]
    found += [Finding(id=f"before-{name}", where=(where("Earlier", [name], [name, dose]),)) for name, dose in _TABLE_2]
    return tuple(found)


def approval(identity: str, drug: str, indication: str, status: str, anchors: Sequence[str]) -> Approval:
    """Return an approval of the digest's source."""
    return Approval.model_validate(
        {"id": identity, "drug": drug, "indication": indication, "status": status, "as_of": "2022"}
        | {"where": (where("Approvals", anchors),)}
    )


_compiled = cache(compile_vocabulary)


def _compiled_once(more: Terms | None = None) -> str:
    """Return the program's own vocabulary, compiled once for all tests; with terms of a library's own, each time."""
    return compile_vocabulary(more=more) if any((more or {}).values()) else _compiled()


@contextmanager
def knowing(folder: Path, text: str | None = None, known: Sequence[AnyFact] | None = None) -> Iterator[Path]:
    """Have writers know this digest and its facts instead of the bundled ones; yield the digest's file."""
    file = folder / f"{DIGEST_ID}.md"
    file.write_text(digest() if text is None else text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.knowledge, "load_facts", lambda: facts() if known is None else tuple(known))
        patch.setattr(index.knowledge, "bundled_files", lambda: [file])
        patch.setattr(index.vocabulary, "compile_vocabulary", _compiled_once)
        yield file


@contextmanager
def shelf(folder: Path, embedder: Embedder) -> Iterator[Writer]:
    """Open the library in a folder for writing."""
    with open_writer(folder / "library", embedder) as writer:
        yield writer


def put(folder: Path, writer: Writer, text: str, name: str = ORIGINAL_ID, *, curated: bool = True) -> Summary:
    """Add a text as a file of this name, as `posology add` does."""
    file = folder / f"{name}.md"
    file.write_text(text, encoding="utf-8")
    return import_files(writer, [file], curated=curated)


def put_digest(writer: Writer, file: Path) -> Summary:
    """Add the digest as `posology add --bundled` does."""
    summary = import_files(writer, [file], origin="bundled")
    writer.mark_bundled()
    return summary
