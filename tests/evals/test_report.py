"""The report: what stands on the page and in the summary, that it needs nothing else, and that markup stays text."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result as Ran
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from corpus.errors import StorageError, UnreadableFileError
from evals.changes import compare, exact_p
from evals.commands import app
from evals.latency import latency_bins
from evals.misses_page import found_in
from evals.page import page
from evals.plots import histogram
from evals.records import Estimate, Result, Run
from evals.report import Report, RetrievalOutput
from evals.report_markdown import summary
from evals.risk_coverage import risk_coverage
from evals.runs import find_run, run_before, stored_runs
from evals.suite import Gold
from evals.tallies import kind_tallies, label, misses_by_kind, wilson
from tests.evals.made import result, run_of

VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = """</summary><script>alert("1")</script> & <b onclick='x'>5 mg</b> `|` **?**"""
CITED = {
    "number": 1,
    "document_id": "made-up",
    "title": "Zorlitinib <i>in</i> morphea",
    "section": "Doses",
    "year": 2021,
    "locator": "line 7",
    "start": 3,
    "end": 40,
    "quote": "Zorlitinib 7 mg <once> daily softened plaques.",
    "reading": "Zorlitinib 7 mg once daily softened plaques.",
    "reading_reason": "a split word",
}
STATED = {"text": "Zorlitinib 7 mg daily.", "kind": "computed", "citations": (1,), "working": "3 + 4 = 7"}
RETRIEVAL = RetrievalOutput.model_validate(
    {
        "documents": 3633,
        "queries": 324,
        "systems": {"bm25": {"ndcg@10": 0.29, "mrr@10": 0.5}, "hybrid": {"ndcg@10": 0.33}},
        "milliseconds": {"p50": 4.1, "p95": 9},
    }
)


class Parsed(HTMLParser):
    """A page taken apart: every start tag with its attributes, and the text; tags that don't close fail."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)
        if "style" not in self.open:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def missed(name: str, **changed: object) -> Result:
    fields: dict[str, object] = {
        "question": f"{name}: {HOSTILE}",
        "resolved": f"{name} resolved",
        "fault": f"lacks '<7 mg>' in {name}",
        "statements": (STATED,),
        "citations": (CITED,),
        "gold": ({"document": "made-up", "quote": "7 mg <once>"}, {"document": "other", "quote": "<u>nothing</u>"}),
        "missing": ("7 mg (zorlitinib)",),
        "seconds": 0.03,
    }
    return result(name, passed=False, **{**fields, **changed})


def made(*results: Result, name: str = "run-2", started: str = "2026-11-21T10:00:00+00:00") -> Run:
    return run_of(*results, name=name).model_copy(update={"started": started, "hashes": {"corpus": name}})


def many() -> Run:
    return made(
        result("dose-1"),
        missed("dose-2"),
        missed("study-1", kind="study", status="abstained", statements=(), citations=(), gold=(), answer=""),
        result("study-2", kind="study", critical=("wrong dose",), split="test"),
        result("none-1", kind="unanswerable", expect="abstained", status="abstained", confidence=0.1),
    )


def before() -> Run:
    return made(missed("dose-1"), result("dose-2"), result("dose-0"), name="run-1", started="2026-11-20T10:00:00+00:00")


def report_on(run: Run, old: Run | None = None) -> Report:
    return Report(run, compare(old, run) if old else None, (("tiny <set>", RETRIEVAL),) if old else ())


FULL = report_on(many(), made(missed("dose-1"), *[one for one in many().results if one.id != "dose-1"], name="run-1"))
PAGES = {
    "many kinds": FULL,
    "compared": report_on(many(), before()),
    "one kind, no miss": report_on(made(result("dose-1"))),
    "no question": report_on(made()),
    "all missed": report_on(made(missed("dose-1"), missed("dose-2"))),
}


@pytest.fixture(params=PAGES)
def report(request: pytest.FixtureRequest) -> Report:
    return PAGES[request.param]


def test_the_page_is_well_formed_and_says_its_language(report: Report) -> None:
    parsed = Parsed(page(report))

    assert parsed.named("html") == [{"lang": "en"}]
    assert len(parsed.named("h1")) == 1
    assert any("width=device-width" in meta.get("content", "") for meta in parsed.named("meta"))


def test_the_page_needs_nothing_from_elsewhere(report: Report) -> None:
    text = page(report)
    parsed = Parsed(text)

    for _, attributes in parsed.tags:
        assert attributes.get("src") is None
        assert attributes.get("href", "#").startswith("#")
        assert not any(key.startswith("on") for key in attributes)
    assert parsed.named("script") == parsed.named("link") == []
    assert not re.search(r"@import|url\((?!#)", "".join(parsed.texts["style"]))


def test_headings_come_in_order(report: Report) -> None:
    levels = [int(tag[1]) for tag, _ in Parsed(page(report)).tags if re.fullmatch(r"h\d", tag)]

    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_name_on_the_page_is_used_once_and_every_reference_leads_somewhere(report: Report) -> None:
    tags = [attributes for _, attributes in Parsed(page(report)).tags]
    names = [attributes["id"] for attributes in tags if "id" in attributes]
    wanted = [name for attributes in tags for name in attributes.get("aria-labelledby", "").split()]
    wanted += [attributes["href"][1:] for attributes in tags if "href" in attributes]
    wanted += [name for attributes in tags for name in re.findall(r"url\(#(.+?)\)", attributes.get("style", ""))]

    assert len(names) == len(set(names))
    assert set(wanted) <= set(names)


def test_every_plot_has_a_title_and_a_description() -> None:
    text = page(FULL)
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)

    assert len(plots) == 5  # kinds, risk, latency, and two metrics of retrieval
    for plot in plots:
        assert 'role="img"' in plot
        assert re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", plot)


def test_a_row_of_a_table_has_as_many_cells_as_its_head(report: Report) -> None:
    for table in re.findall(r"<table.*?</table>", page(report), re.DOTALL):
        widths = {len(re.findall(r"<t[hd]\b", row)) for row in table.split("<tr")[1:]}
        assert len(widths) == 1
        assert "<caption>" in table


def test_every_miss_opens_with_its_evidence() -> None:
    parsed = Parsed(page(FULL))

    assert len([d for d in parsed.named("details") if d.get("class") == "miss"]) == 3
    for told in ("dose-2 resolved", "lacks '<7 mg>' in dose-2", "7 mg (zorlitinib)", "Zorlitinib 7 mg daily. [1]"):
        assert told in parsed.text
    for told in ("Working: 3 + 4 = 7", CITED["quote"], CITED["reading"], "7 mg <once>", "<u>nothing</u>"):
        assert str(told) in parsed.text
    assert "Zorlitinib <i>in</i> morphea (2021): Doses, line 7, made-up 3:40" in parsed.text
    assert "made-up: cited" in parsed.text
    assert "other: document not cited" in parsed.text
    assert "⚠ CRITICAL" in parsed.text


def test_markup_in_questions_and_documents_stays_text() -> None:
    text = page(FULL)

    assert HOSTILE in Parsed(text).text
    assert "<script" not in text
    assert "<i>" not in text


def test_control_characters_never_reach_the_page() -> None:
    run = made(missed("dose-1", question="a\x00b\u202ec\x1b[31m"))

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", page(report_on(run)))


def test_a_run_without_a_miss_says_so() -> None:
    parsed = Parsed(page(PAGES["one kind, no miss"]))

    assert "Every question passed." in parsed.text
    assert "No earlier run" in parsed.text
    assert "None given: posology eval retrieval" in parsed.text


def test_what_got_worse_is_named_and_linked_to_its_miss() -> None:
    old = made(result("dose-2", question=f"dose-2: {HOSTILE}"), name="run-1")
    text = page(report_on(made(missed("dose-2")), old))

    assert "of 1 shared questions 0 got better, 1 got worse" in text
    assert '<a href="#miss-1">dose-2</a>' in text
    assert 'id="miss-1"' in text


def test_what_got_better_is_named_with_its_old_fault() -> None:
    parsed = Parsed(page(report_on(made(result("dose-1")), made(missed("dose-1", question="dose-1?"), name="run-1"))))

    assert "1 got better, 0 got worse" in parsed.text
    assert "✓ passes; before: lacks '<7 mg>' in dose-1" in parsed.text


def test_the_same_report_is_the_same_page(report: Report) -> None:
    assert page(report) == page(report)
    assert summary(report) == summary(report)


def test_letters_stand_out_from_their_ground_in_light_and_dark() -> None:
    style = "".join(Parsed(page(FULL)).texts["style"])
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6});", block)) for block in style.split("}")[:2])

    for theme in (light, dark):
        for ink in ("ink", "soft", "link", "bad"):
            assert _contrast(theme[ink], theme["paper"]) >= 4.5
            assert _contrast(theme[ink], theme["panel"]) >= 4.5
        assert _contrast(theme["bar"], theme["paper"]) >= 3


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.1 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


GOLDEN = r"""# Posology: evaluation, run run-2

Started 2026-11-21 10:00:00+00:00, version 0: 3 questions of 2 suites, both splits; critical errors: 1.

## Results by kind

| Kind | Passed | Share | 95 % interval |
|---|---:|---:|---:|
| dose | 1 of 2 | 50.0% | 0–100% |
| study | 1 of 1 | 100.0% | 21–100% |
| all | 2 of 3 | 66.7% | 0–100% |

## Changes

Against run run-1: of 3 shared questions 1 got better, 1 got worse; McNemar's exact test: p = 1.

Between the two, these changed: corpus.

- worse: dose-2 (dose): \<b\>7\</b\> \| mg? — `lacks '7\s?mg|\bseven'`
- better: dose-1 (dose): dose-1? — `` lacks '`' ``

## Metrics

| Metric | n | Value | 95 % interval | Before |
|---|---:|---:|---:|---:|
| pass | 3 | 0.667 | 0.000–1.000 | 0.667 |
| words per answer | 3 | 4.0 | 4.0–4.0 | – |

## Retrieval: tiny

3,633 documents, 324 queries.

| System | nDCG@10 | MRR@10 |
|---|---:|---:|
| BM25 | 0.290 | 0.500 |
| hybrid | 0.330 | – |

## Misses: 2

- dose-2 (dose): \<b\>7\</b\> \| mg? — `lacks '7\s?mg|\bseven'`
- **critical** study-1 (study): study-1? — `wrong dose`

## Made from

- corpus: run-2
"""


def test_the_summary_reads_like_this() -> None:
    question, fault = "<b>7</b> | mg?", r"lacks '7\s?mg|\bseven'"
    study = result("study-1", kind="study", critical=("wrong dose",))
    two = Estimate(n=3, value=0.6667, low=0.0, high=1.0)
    now = made(result("dose-1"), result("dose-2", passed=False, question=question, fault=fault), study)
    now = now.model_copy(update={"totals": {"pass": two, "words per answer": Estimate(n=3, value=4, low=4, high=4)}})
    old = made(
        result("dose-1", passed=False, fault="lacks '`'"), result("dose-2", question=question), study, name="run-1"
    )
    old = old.model_copy(update={"totals": {"pass": two}})

    assert summary(Report(now, compare(old, now), (("tiny", RETRIEVAL),))) == GOLDEN


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("7 MG <once>", "cited"),
        ("see: Zorlitinib 7 mg <once> daily softened plaques. And more", "cited"),
        ("another place", "document cited, but not this place"),
    ],
)
def test_gold_is_looked_for_in_the_citations(quote: str, found: str) -> None:
    assert found_in(Gold(document="made-up", quote=quote), missed("dose-1").citations) == found


def test_a_critical_error_is_a_miss_even_of_an_answer_that_passed() -> None:
    assert [one.id for one in misses_by_kind(many())["study"]] == ["study-1", "study-2"]


def test_kinds_come_by_name_then_the_splits_then_all() -> None:
    tallies = kind_tallies(many())

    assert [tally.name for tally in tallies] == [
        "dose",
        "study",
        "unanswerable",
        "development split",
        "test split",
        "all",
    ]
    assert (tallies[-1].passed, tallies[-1].asked) == (3, 5)


def test_an_interval_without_width_is_replaced_by_wilsons() -> None:
    (kind, _) = kind_tallies(made(*(result(f"dose-{i}") for i in range(10))))

    assert (kind.low, kind.high) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)


def test_names_are_written_as_the_field_writes_them() -> None:
    assert label("passage ndcg@10") == "passage nDCG@10"
    assert label("false_premise_f1") == "false premise F1"


def test_mcnemars_p_is_the_binomial_one() -> None:
    assert exact_p(0, 0) == 1
    assert exact_p(9, 0) == exact_p(0, 9) == 2 / 2**9
    assert exact_p(10, 2) == pytest.approx(2 * (1 + 12 + 66) / 2**12)


def test_a_reworded_question_is_not_compared() -> None:
    changes = compare(made(result("dose-1"), result("dose-2")), made(result("dose-1"), missed("dose-2")))

    assert (changes.shared, changes.worse, changes.added, changes.gone) == (1, (), ("dose-2",), ("dose-2",))


def test_risk_is_of_the_most_confident_first() -> None:
    found = risk_coverage(
        [
            result("a", confidence=0.9),
            missed("b", confidence=0.7),
            result("c", confidence=0.5, expect="abstained", status="abstained"),
            result("d", confidence=0.99, expect="redirected", status="redirected"),
        ]
    )

    assert found is not None
    assert found.points == ((1 / 3, 0), (2 / 3, 1 / 2), (1, 2 / 3))
    assert found.area == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    assert found.chosen == (2 / 3, 1 / 2)
    assert risk_coverage([result("d", expect="redirected")]) is None


def test_equal_confidence_counts_alike_in_any_order() -> None:
    tied = [result("a"), missed("b"), result("c"), missed("d")]

    assert risk_coverage(tied) == risk_coverage(tied[::-1])
    assert risk_coverage(tied).area == pytest.approx(0.5)  # type: ignore[union-attr]


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=60))
def test_every_answer_is_in_one_bin_of_the_histogram(seconds: list[float]) -> None:
    bins = latency_bins([result("a", seconds=each) for each in seconds])

    assert sum(count for _, count in bins) == len(seconds)
    assert len(bins) <= 14
    assert histogram("latency", "Times", bins, "ms").tag == "svg"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("POSOLOGY_RUNS", str(folder))
    for age, run in enumerate((many(), before())):
        file = folder / f"{run.id}.json"
        file.write_text(run.model_dump_json(), encoding="utf-8")
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    return folder


def ask_for(*arguments: str | Path) -> Ran:
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def test_a_run_is_found_by_id_by_file_and_as_the_newest(runs: Path) -> None:
    assert [path.name for path in stored_runs()] == ["run-2.json", "run-1.json"]
    assert find_run().id == "run-2"
    assert find_run("run-1") == find_run(str(runs / "run-1.json")) == before()


def test_the_run_before_asked_the_same(runs: Path) -> None:
    assert run_before(many()) is None  # run-1 asked other suites
    (runs / "run-3.json").write_text(
        many().model_copy(update={"id": "run-3", "started": "2026-11-01"}).model_dump_json()
    )
    found = run_before(many())
    assert found is not None
    assert found.id == "run-3"
    assert run_before(many().model_copy(update={"scope": "fast"})) is None


def test_the_command_writes_both_files_and_says_where(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny.json").write_text(RETRIEVAL.model_dump_json(), encoding="utf-8")
    html, markdown = tmp_path / "r.html", tmp_path / "r.md"

    ran = ask_for("--against", "run-1", "--retrieval", tmp_path / "tiny.json", "--out", html, "--markdown", markdown)

    assert ran.exit_code == 0, ran.output
    assert ran.stdout == ""
    assert str(html) in ran.stderr
    expected = Report(many(), compare(before(), many()), (("tiny", RETRIEVAL),))
    assert html.read_text(encoding="utf-8") == page(expected)
    assert markdown.read_text(encoding="utf-8") == summary(expected)


def test_without_a_file_the_summary_is_printed(runs: Path) -> None:
    ran = ask_for("run-1")

    assert ran.exit_code == 0, ran.output
    assert ran.stdout == summary(report_on(before()))


def test_a_run_that_is_not_there_is_refused_with_the_next_step(runs: Path, tmp_path: Path) -> None:
    for arguments in (["run-9"], ["--against", "run-9"]):
        error = ask_for(*arguments).exception
        assert isinstance(error, UnreadableFileError)
        assert "run-9" in str(error)
    for file in runs.iterdir():
        file.unlink()
    assert "posology eval run" in str(ask_for().exception)
    (runs / "bad.json").write_text("{}", encoding="utf-8")
    assert "bad.json" in str(ask_for("bad").exception)


def test_files_that_cannot_be_read_or_written_are_named(runs: Path, tmp_path: Path) -> None:
    read = ask_for("--retrieval", tmp_path / "none.json").exception
    written = ask_for("--out", tmp_path / "no folder" / "r.html").exception

    assert isinstance(read, UnreadableFileError)
    assert "none.json" in str(read)
    assert isinstance(written, StorageError)
    assert "r.html" in str(written)
