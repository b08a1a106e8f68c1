"""Each way of answering, on documents invented for the purpose: the rules hold wherever the figures come from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.answer import answer
from assistant.contract import Answer
from assistant.importing import import_files
from corpus.figures import figures
from index.embedder import Embedder
from index.library import Library
from index.writing import open_writer

TRIAL = """---
id: vitiligo-trial
title: "Brepocitinib in vitiligo: a trial"
kind: trial
year: 2024
---

# Brepocitinib in vitiligo: a trial

## Methods

Adults with nonsegmental vitiligo took oral brepocitinib 30 mg once daily for 24 weeks (ref 1).
A topical brepocitinib cream 2% was applied twice daily to facial vitiligo in a second cohort (ref 2).

## Results

Table 1. Response by arm in vitiligo

| Arm | Dose | Patients | Response (%) | Weeks |
|---|---|---|---|---|
| Brepocitinib low | 10 mg once daily | 41 | 22 | 24 |
| Brepocitinib middle | 30 mg once daily | 43 | 48 | 24 |
| Brepocitinib high | 60 mg twice daily | 39 | 57 | 36 |
| Placebo | none | 40 | 8 | 24 |

Acne was the most frequent adverse event of brepocitinib in vitiligo, in 12% of patients.

## References

1. Quill A, Marsh B. Oral brepocitinib for repigmentation. J Invented Dermatol. 2023;4:11-19.
2. Thorne C. Brepocitinib cream for the face. Ann Made Up Med. 2022;9:101-108.
"""

SERIES = """---
id: prurigo-series
title: "Povorcitinib in prurigo nodularis and other diseases: a case series"
kind: case series
year: 2023
---

# Povorcitinib in prurigo nodularis and other diseases: a case series

## Dosing

Patients with prurigo nodularis took oral povorcitinib 45 mg once daily.
Durations are summarised by their median and their mean where that is useful.

## Cases

Table 1. Patients treated with povorcitinib

| Case | Sex | Age (years) | Disease | Drug and dose | Duration (months) | Outcome | Adverse effects | Comorbidities |
|---|---|---|---|---|---|---|---|---|
"""

DAMAGED = """---
id: scan
title: "Ritlecitinib doses, scanned"
---

# Ritlecitinib doses, scanned

Table 1. Doses of ritlecitinib

| Disease | 50 mg once daily | Weeks |
|---|---|---|
| Alopecia areata | 200 mg once daily | 48 |
| Vitiligo | 35 mg twice daily | 24 |
| Psoriasis | 70 mg once daily | 12 |
| Morphea | 90 mg once daily | 16 |
"""


@dataclass(frozen=True)
class Case:
    """A row of the invented case table, without its number."""

    sex: str
    age: int
    disease: str
    dose: str
    months: int
    outcome: str
    effects: str
    comorbidities: str


CASES = (
    Case("Woman", 34, "Prurigo nodularis", "Povorcitinib 45 mg once daily", 7, "Complete response", "None", "Asthma"),
    Case("Man", 61, "Prurigo nodularis", "Povorcitinib 75 mg once daily", 14, "Partial response", "Acne", "Asthma"),
    Case(
        "Woman", 52, "Lichen planus", "Povorcitinib 15 mg twice daily", 9, "Complete response", "Headache", "Vitiligo"
    ),
    Case("Man", 29, "Prurigo nodularis", "Povorcitinib 25 mg twice daily", 3, "No response", "None", "None"),
    Case("Woman", 47, "Morphea", "Povorcitinib 60 mg once daily", 22, "Partial response", "Nausea", "Psoriasis"),
    Case("Man", 70, "Lichen planus", "Povorcitinib 35 mg once daily", 5, "Complete response", "None", "Hypertension"),
    Case("Woman", 38, "Prurigo nodularis", "Povorcitinib 40 mg once daily", 18, "Complete response", "Acne", "None"),
)


def series(cases: Sequence[Case] = CASES) -> str:
    """Return the text of the case series with these rows, numbered in order."""
    rows = (
        f"| {number} | {c.sex} | {c.age} | {c.disease} | {c.dose} | {c.months} | {c.outcome} | {c.effects} "
        f"| {c.comorbidities} |\n"
        for number, c in enumerate(cases, 1)
    )
    return SERIES + "".join(rows)


def shelve(folder: Path, embedder: Embedder, *texts: str) -> Path:
    """Return the path of a new library that holds these Markdown texts."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"text-{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    with open_writer(folder / "library", embedder) as writer:
        summary = import_files(writer, files)
    assert not summary.skipped
    return folder / "library"


def invented_library(folder: Path, embedder: Embedder) -> Path:
    """Return the path of a library of the trial, the case series and the damaged table."""
    return shelve(folder, embedder, TRIAL, series(), DAMAGED)


def said(found: Answer) -> str:
    """Return what an answer states, without its citation marks."""
    return " ".join(statement.text for statement in found.statements)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(invented_library(tmp_path_factory.mktemp("recipes"), real_embedder), real_embedder) as library:
        yield library


def computed(question: str, library: Library) -> str:
    """Return what is computed for a question, after checking that it is answered so, cited and with its working."""
    found = answer(question, library)
    assert found.status == "answered", found.answer
    first = found.statements[0]
    assert first.kind == "computed", found.answer
    assert first.working and first.citations
    return first.text


def test_a_sentence_that_answers_is_quoted_as_it_stands(invented: Library) -> None:
    found = answer("What strength of topical brepocitinib is used in vitiligo?", invented)

    assert [statement.kind for statement in found.statements] == ["quote", "note"]  # the note: no person checked it
    assert found.statements[0].text.startswith("A topical brepocitinib cream 2% was applied twice daily")
    assert invented.document("vitiligo-trial").text.count(found.citations[0].quote) == 1


def test_a_row_is_stated_with_its_column_names_and_cited_with_its_header(invented: Library) -> None:
    found = answer("What drug and dose did case 3 get?", invented)

    assert [statement.kind for statement in found.statements] == ["fact"]
    assert "Case: 3; Drug and dose: Povorcitinib 15 mg twice daily" in said(found)
    assert found.citations[0].quote.startswith("| 3 |") or found.citations[0].quote.startswith("3 |")
    assert "Age (years)" in found.citations[1].quote


@pytest.mark.parametrize("number", range(1, len(CASES) + 1))
def test_the_row_that_is_asked_for_is_the_one_answered(number: int, invented: Library) -> None:
    found = answer(f"What drug and dose did case {number} get?", invented)

    own = CASES[number - 1].dose
    assert own in said(found)
    assert not any(case.dose in said(found) for case in CASES if case.dose != own)


@pytest.mark.parametrize("number", range(1, len(CASES) + 1))
@pytest.mark.parametrize("column", ["outcome", "duration"])
def test_a_row_that_is_asked_for_gives_the_column_that_is_asked_for(
    number: int, column: str, invented: Library
) -> None:
    found = answer(f"What was the {column} of case {number}?", invented)

    case = CASES[number - 1]
    assert found.status == "answered"
    wanted = f"Outcome: {case.outcome}" if column == "outcome" else f"Duration (months): {case.months}"
    assert f"Case: {number};" in said(found)
    assert wanted in said(found)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many cases had a complete response?", ["4 of the 7 rows", "Case 1, 3, 6, 7"]),
        ("How many cases with prurigo nodularis had a complete response?", ["2 of the 4", "Case 1, 7"]),
        ("How many cases had hypertension?", ["1 of the 7 rows", "Comorbidities", "Case 6"]),
        ("Who was the oldest patient?", ["is 70: Case 6"]),
        ("Which case was the youngest?", ["is 29: Case 4"]),
        ("What was the longest duration?", ["is 22: Case 5"]),
        ("What is the shortest duration among cases with prurigo nodularis?", ["is 3: Case 4"]),
        ("What is the median duration?", ["is 9 months"]),
        ("What is the mean duration?", ["is 11.1 months"]),
        ("What is the average duration in lichen planus?", ["2 rows", "is 7 months", "Case 3, 6"]),
        ("What is the average age of cases with prurigo nodularis?", ["is 40.5 years", "Case 1, 2, 4, 7"]),
        ("What percentage of cases with prurigo nodularis had a complete response?", ["2 of the 4 rows", "(50%)"]),
        ("Which arm had the highest response?", ["is 57: Brepocitinib high"]),
        ("Which arm had the lowest response?", ["is 8: Placebo"]),
        ("Which cases had acne as an adverse effect?", ["2 rows", "Case 2", "Case 7"]),
        ("List the cases with lichen planus and their outcome", ["2 rows", "Case 3 (Complete", "Case 6 (Complete"]),
        ("What is the difference in response between brepocitinib low and brepocitinib high?", ["22", "57", "35"]),
    ],
)
def test_what_is_worked_out_over_rows_is_right(question: str, wanted: list[str], invented: Library) -> None:
    text = computed(question, invented)

    assert [part for part in wanted if part not in text] == [], text


def test_every_row_that_says_there_is_nothing_is_listed(invented: Library) -> None:
    text = computed("Which cases had no adverse effects?", invented)

    assert "3 rows" in text
    assert all(f"Case {number}" in text for number in (1, 4, 6))


def test_a_difference_from_a_row_with_another_kind_of_name_is_worked_out(invented: Library) -> None:
    text = computed("What is the difference in response between brepocitinib middle and placebo?", invented)

    assert {"48", "8", "40"} <= figures(text)


def test_a_ratio_divides_in_the_order_of_the_question(invented: Library) -> None:
    text = computed("What is the ratio of the response of brepocitinib high to brepocitinib low?", invented)

    assert "2.59" in text  # 57 / 22


def test_people_in_an_arm_are_not_counted_as_rows(invented: Library) -> None:
    found = answer("How many patients were in the brepocitinib high arm?", invented)

    assert "1 of the 4 rows" not in said(found)
    assert found.status == "abstained" or "39" in figures(said(found))


@pytest.mark.parametrize("disease", ["vitiligo", "psoriasis"])
def test_a_comorbidity_is_not_counted_as_what_was_treated(disease: str, invented: Library) -> None:
    found = answer(f"How many cases were treated for {disease}?", invented)

    assert "1 of the 7 rows" not in said(found)


def test_a_sum_is_not_answered_with_one_row(invented: Library) -> None:
    found = answer("What is the sum of patients in the arms?", invented)

    assert found.status == "abstained" or "163" in figures(said(found))


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("What is the total daily dose of brepocitinib in the high arm?", "120 mg a day"),
        ("What is the total daily dose of povorcitinib in case 3?", "30 mg a day"),
        ("What is the total daily dose of povorcitinib in morphea?", "60 mg a day"),
    ],
)
def test_a_total_dose_is_worked_out_from_the_regimen_of_the_text(question: str, total: str, invented: Library) -> None:
    assert total in computed(question, invented)


def test_a_source_is_named_by_its_entry_in_the_reference_list(invented: Library) -> None:
    found = answer("Which study reported oral brepocitinib 30 mg once daily in vitiligo?", invented)

    assert "Quill A, Marsh B." in said(found)
    assert "Thorne" not in said(found)


def test_an_abstention_states_nothing_and_shows_what_is_near(invented: Library) -> None:
    found = answer("What is the half-life of brepocitinib?", invented)

    assert found.status == "abstained"
    assert [statement.kind for statement in found.statements] == ["note"]
    assert "half-life" in found.answer
    assert found.citations == () and found.facts == ()
    assert found.related


def test_a_redirection_quotes_nothing(invented: Library) -> None:
    found = answer("Should I stop taking my brepocitinib?", invented)

    assert found.status == "redirected"
    assert found.citations == () and found.facts == ()


@pytest.mark.parametrize(
    "question",
    [
        "What is the dose of ritlecitinib in alopecia areata?",
        "What is the dose of ritlecitinib in vitiligo?",
        "What is the highest dose of ritlecitinib?",
        "How many rows of ritlecitinib last 48 weeks?",
        "Ritlecitinib 200 mg once daily",
        "How many weeks was ritlecitinib given in alopecia areata?",
    ],
)
def test_rows_of_a_damaged_table_are_never_stated(question: str, invented: Library) -> None:
    found = answer(question, invented)

    assert found.status == "abstained"
    assert not any(citation.document_id == "scan" for citation in found.citations)
    assert figures(said(found)) <= figures(question)


def shuffled(seed: int) -> list[Case]:
    """Return the cases in another order, with the values of each column dealt out anew."""
    chance = random.Random(seed)
    cases = chance.sample(CASES, k=len(CASES))
    for column in ("age", "disease", "dose", "months", "outcome"):
        values = chance.sample([getattr(case, column) for case in cases], k=len(cases))
        cases = [replace(case, **{column: value}) for case, value in zip(cases, values, strict=True)]
    return cases


def plain(value: Decimal) -> str:
    text = f"{round(value, 1):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def numbers_of(cases: Sequence[Case], **wanted: str) -> list[int]:
    return [
        n for n, case in enumerate(cases, 1) if all(getattr(case, column) == value for column, value in wanted.items())
    ]


def listed(numbers: Sequence[int]) -> str:
    return "Case " + ", ".join(map(str, numbers))


@pytest.mark.parametrize("seed", range(6))
def test_permuted_rows_and_values_permute_the_answers(seed: int, tmp_path: Path, real_embedder: Embedder) -> None:
    cases = shuffled(seed)
    prurigo = numbers_of(cases, disease="Prurigo nodularis")
    complete = numbers_of(cases, outcome="Complete response")
    both = numbers_of(cases, disease="Prurigo nodularis", outcome="Complete response")
    oldest = max(range(len(cases)), key=lambda i: cases[i].age)
    longest = max(prurigo, key=lambda n: cases[n - 1].months)
    months = [Decimal(case.months) for case in cases]
    planus = [Decimal(cases[n - 1].months) for n in numbers_of(cases, disease="Lichen planus")]
    expected = {
        "Who was the oldest patient?": f"is {cases[oldest].age}: Case {oldest + 1}.",
        "What is the longest duration in prurigo nodularis?": f"is {cases[longest - 1].months}: Case {longest}.",
        "What is the median duration?": f"is {sorted(months)[3]} months",
        "What is the mean duration?": f"is {plain(sum(months) / len(months))} months",
        "What is the average duration in lichen planus?": f"is {plain(sum(planus) / len(planus))} months",
        "How many cases had a complete response?": f"4 of the 7 rows of Table 1 have complete response under "
        f"“Outcome”: {listed(complete)}.",
        "How many cases with prurigo nodularis had a complete response?": f"{len(both)} of the 4 also",
        "What percentage of cases with prurigo nodularis had a complete response?": f"{len(both)} of the 4 rows",
    }

    with Library.open(shelve(tmp_path, real_embedder, TRIAL, series(cases)), real_embedder) as library:
        for question, wanted in expected.items():
            assert wanted in computed(question, library)
        for number, case in enumerate(cases, 1):
            told = said(answer(f"What drug and dose did case {number} get?", library))
            assert case.dose in told
            assert not any(other.dose in told for other in cases if other.dose != case.dose)


@pytest.mark.parametrize("seed", range(3))
def test_a_permuted_dose_follows_its_disease(seed: int, tmp_path: Path, real_embedder: Embedder) -> None:
    cases = shuffled(100 + seed)
    (morphea,) = numbers_of(cases, disease="Morphea")

    with Library.open(shelve(tmp_path, real_embedder, series(cases)), real_embedder) as library:
        told = said(answer("What dose of povorcitinib was used in morphea?", library))

    assert cases[morphea - 1].dose in told
    assert not any(case.dose in told for n, case in enumerate(cases, 1) if n != morphea)
