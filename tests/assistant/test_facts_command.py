"""`posology facts` as pharmacists and scripts meet it, over the bundled library and over libraries of a test's own."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.commands.fact_forms import COLUMNS
from assistant.naming import CATEGORIES
from assistant.selection import kinds, own_fields
from corpus.anchoring import Place
from corpus.catalogue import Catalogue
from corpus.edition_store import Edition
from corpus.editions import Attachment, Printed
from corpus.facts import Anchor, AnyFact, ConflictFact, DoseFact, EventRate, Fact, Finding, load_facts
from corpus.types import Span
from index.library import CATALOGUE
from tests.assistant.running import Posology, Ran, assert_one_sentence, leave_the_users_folders, runner

SENTENCE = "Oral tofacitinib 7 mg once daily softened plaques in most of the adults with morphea."
KINDS = ["dose", "safety", "rate", "outcome", "approval", "mechanism", "trial", "definition", "finding", "conflict"]


@pytest.fixture
def posology(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], real_embedder: object, tmp_path: Path
) -> Posology:
    leave_the_users_folders(monkeypatch, tmp_path)
    return runner(monkeypatch, capsys)


@pytest.fixture
def facts(posology: Posology, bundled_path: Path) -> Posology:
    """Return a function that runs `posology facts` over the bundled library."""

    def run(*arguments: str, columns: int = 80) -> Ran:
        return posology("facts", *arguments, "--library", bundled_path, columns=columns)

    return run


@pytest.fixture
def own(posology: Posology, tmp_path: Path) -> Callable[[Sequence[AnyFact]], Posology]:
    """Return a function that puts facts into a new library of one document and returns how to list them."""

    def make(invented: Sequence[AnyFact]) -> Posology:
        (tmp_path / "note.txt").write_text(f"{SENTENCE}\n")
        library = tmp_path / "library"
        assert posology("add", tmp_path / "note.txt", "--library", library).code == 0
        put(library, invented)
        return lambda *arguments, columns=80: posology("facts", *arguments, "--library", library, columns=columns)

    return make


def put(library: Path, invented: Sequence[AnyFact]) -> None:
    """Let these and no others be a library's facts, each side of which stands in the first sentence of its note."""
    with closing(sqlite3.connect(library / CATALOGUE)) as connection, connection:
        connection.execute("DELETE FROM extracted")
    with closing(Catalogue.open(library / CATALOGUE, write=True)) as catalogue, catalogue.transaction():
        catalogue.fact_store.put(invented)
        catalogue.fact_store.place(
            Place(fact.id, side, "note", anchor.section, "line 1", 0, len(SENTENCE))
            for fact in invented
            for side, anchor in enumerate(fact.where)
            if anchor.document == "note"
        )


def anchor(document: str = "note", section: str = "note") -> tuple[Anchor, ...]:
    return (Anchor(document=document, section=section, anchors=("7 mg",)),)


def dose(identity: str = "d1", **fields: Any) -> DoseFact:
    return DoseFact.model_validate(
        {"id": identity, "where": anchor(), "drug": "tofacitinib", "regimen": "7 mg once daily", **fields}
    )


def values(ran: Ran, field: str) -> set[Any]:
    return {fact[field] for fact in ran.facts} - {None}


# --- what is listed ---


def test_every_fact_that_stands_in_the_library_is_listed(facts: Posology, bundled_path: Path) -> None:
    ran = facts("--json")
    assert ran.code == 0
    with closing(Catalogue.open(bundled_path / CATALOGUE)) as catalogue:
        standing = {
            body["id"]
            for kind in kinds()
            for body, places in catalogue.fact_store.of_kind(kind)
            if kind != "conflict" or {place.side for place in places} == set(range(len(body["where"])))
        }
    listed = [fact["id"] for fact in ran.facts]
    assert len(listed) == len(set(listed))
    assert set(listed) == standing
    assert ran.err == f"{len(listed)} facts in {bundled_path}\n"


def test_the_kinds_are_those_of_the_model() -> None:
    assert set(kinds()) >= set(KINDS) >= {fact.kind for fact in load_facts()}
    for kind, columns in COLUMNS.items():
        assert {field for fields in columns.values() for field in fields} <= set(own_fields(kinds()[kind]))


def test_each_place_is_what_the_document_holds_there(facts: Posology, posology: Posology, bundled_path: Path) -> None:
    fact = next(fact for fact in facts("--kind", "dose", "--json").facts if fact["id"] == "dose-001")
    (place,) = fact["places"]
    assert (place["document_id"], place["refs"]) == ("off-label-review", ["ref 3"])
    at = f"{place['start']}:{place['end']}"
    shown = posology("show", place["document_id"], "--at", at, "--library", bundled_path)
    assert re.search(r"».*5 mg twice daily.*«", shown.out, re.DOTALL)
    assert f"show off-label-review --at {at}" in facts("--kind", "dose").out
    row = next(row for row in facts("--kind", "dose", "--csv").rows if row["id"] == "dose-001")
    assert row["show"] == f"off-label-review --at {at}"


# --- filters ---


@pytest.mark.parametrize("name", ["tofacitinib", "Xeljanz", "tofa", "TOFACITINIB", "tofacitanib", "CP-690,550"])
def test_any_name_of_a_drug_finds_it(facts: Posology, name: str) -> None:
    ran = facts("--drug", name, "--kind", "dose", "--json")
    assert ran.facts == facts("--drug", "tofacitinib", "--kind", "dose", "--json").facts
    assert values(ran, "drug") == {"tofacitinib"}


@pytest.mark.parametrize("name", ["JAK inhibitor", "JAK inhibitors", "JAKi"])
def test_a_class_finds_its_members(facts: Posology, name: str) -> None:
    found = values(facts("--drug", name, "--kind", "dose", "--json"), "drug")
    assert {"tofacitinib", "ruxolitinib", "baricitinib", "upadacitinib"} <= found
    assert not found & {"methotrexate", "adalimumab", "prednisone", "dupilumab"}


def test_a_disease_finds_its_narrower_forms_and_no_wider_one(facts: Posology) -> None:
    lupus = values(facts("--disease", "lupus", "--kind", "dose", "--json"), "indication")
    assert lupus == {"systemic-lupus-erythematosus", "cutaneous-lupus-erythematosus"}
    cutaneous = values(facts("--disease", "cutaneous lupus", "--kind", "dose", "--json"), "indication")
    assert cutaneous == {"cutaneous-lupus-erythematosus"}


@pytest.mark.parametrize("name", ["AA", "alopecia areata", "hair loss", "alopecia"])
def test_lay_words_and_abbreviations_name_a_disease(facts: Posology, name: str) -> None:
    ran = facts("--disease", name, "--kind", "dose", "--json")
    assert "alopecia-areata" in values(ran, "indication")
    assert ran.err.count("\n") == 1  # a wider and a narrower meaning are one


def test_a_disease_is_found_as_population_and_in_words_where_no_field_names_one(facts: Posology) -> None:
    ran = facts("--disease", "atopic dermatitis", "--json")
    kinds_found = {fact["kind"] for fact in ran.facts}
    assert {"dose", "safety", "rate", "approval", "definition", "finding", "conflict"} <= kinds_found
    rates = [fact for fact in ran.facts if fact["kind"] == "rate"]
    assert rates and all("atopic dermatitis" in fact["group"].lower() for fact in rates)
    doses = [fact for fact in ran.facts if fact["kind"] == "dose"]
    assert {fact["indication"] for fact in doses} == {"atopic-dermatitis"}


def test_a_dose_is_not_listed_for_a_disease_that_only_its_outcome_names(
    facts: Posology, own: Callable[[Sequence[AnyFact]], Posology]
) -> None:
    for disease in ("AA", "atopic dermatitis", "dermatomyositis"):
        found = facts("--disease", disease, "--kind", "dose", "--json").facts
        assert found and all(fact["indication"] for fact in found)
    prednisone = dose(drug="prednisone", population="transplant-recipients", outcome="complete response of AA")
    assert own([prednisone])("--disease", "AA").out == ""


def test_a_harm_is_asked_for_like_a_disease(facts: Posology) -> None:
    ran = facts("--disease", "MACE", "--kind", "rate", "--json")
    assert values(ran, "event") == {"mace"}


def test_a_route_leaves_out_other_routes_and_facts_without_one(facts: Posology) -> None:
    ran = facts("--route", "cream", "--json")
    assert {fact["route"] for fact in ran.facts if fact["kind"] in ("dose", "approval")} == {"topical"}
    assert facts("--route", "by mouth", "--kind", "dose", "--json").facts


def test_one_option_twice_means_either_and_two_options_mean_both(facts: Posology) -> None:
    either = facts("--drug", "baricitinib", "--drug", "Jakafi", "--kind", "dose", "--kind", "approval", "--json")
    assert values(either, "drug") == {"baricitinib", "ruxolitinib"}
    assert values(either, "kind") == {"dose", "approval"}
    both = facts("--drug", "baricitinib", "--disease", "vitiligo", "--json")
    assert {fact["id"] for fact in both.facts} < {fact["id"] for fact in facts("--drug", "baricitinib", "--json").facts}


def test_only_the_named_documents_facts_are_listed(facts: Posology) -> None:
    ran = facts("--document", "combination-letter", "--json")
    assert ran.facts
    for fact in ran.facts:
        documents = {place["document_id"] for place in fact["places"]}
        assert "combination-letter" in documents
        assert len(documents) == 1 or fact["kind"] in ("conflict", "definition")


def test_an_ambiguous_abbreviation_takes_every_meaning_and_says_so(facts: Posology) -> None:
    ran = facts("--disease", "DM", "--kind", "dose", "--json")
    assert "dermatomyositis" in values(ran, "indication")
    said, count = ran.err.splitlines()
    assert "'DM'" in said and "dermatomyositis" in said and "diabetes mellitus" in said
    assert re.match(r"\d+ facts in ", count)


def test_a_brand_of_one_route_says_how_to_leave_out_the_others(facts: Posology) -> None:
    assert "--route topical" in facts("--drug", "Opzelura", "--kind", "dose", "--json").err
    narrowed = facts("--drug", "Opzelura", "--route", "topical", "--kind", "dose", "--json")
    assert values(narrowed, "route") == {"topical"}
    assert "add --route" not in narrowed.err


# --- what is refused, and what is empty ---


@pytest.mark.parametrize(
    ("option", "name", "nearest"),
    [
        ("--drug", "tofacitinibb", "tofacitinib"),
        ("--disease", "vitilligoo", "vitiligo"),
        ("--route", "topicall", "topical"),
        ("--drug", "upadac", "upadacitinib"),
        ("--disease", "lupis", "lupus erythematosus, systemic lupus erythematosus"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_ones(
    facts: Posology, option: str, name: str, nearest: str
) -> None:
    assert_one_sentence(facts(option, name), 2, repr(name), nearest, "write")


@pytest.mark.parametrize("name", ["", "   ", "qqqqqq", "\x1b[31m", "\udcff", "[/]", "%s{}"])
def test_a_name_that_is_like_no_other_is_refused_too(facts: Posology, name: str) -> None:
    ran = facts("--drug", name)
    assert_one_sentence(ran, 2, "--drug")
    assert "\x1b" not in ran.err


def test_a_name_of_something_else_is_sent_to_its_option(facts: Posology) -> None:
    assert_one_sentence(facts("--drug", "oral"), 2, "--route 'oral'")
    assert_one_sentence(facts("--disease", "Olumiant"), 2, "--drug 'Olumiant'")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [(("--kind", "doses"), "dose"), (("--kind", "zzz"), "conflict"), (("--origin", "hand"), "curated or extracted")],
)
def test_an_unknown_kind_or_origin_is_told_the_known_ones(
    facts: Posology, arguments: tuple[str, ...], part: str
) -> None:
    assert_one_sentence(facts(*arguments), 2, repr(arguments[1]), part)


def test_an_unknown_document_is_named(facts: Posology) -> None:
    assert_one_sentence(facts("--document", "nowhere"), 4, "'nowhere'", "posology list")


def test_two_forms_at_once_are_a_mistake_of_use(facts: Posology) -> None:
    ran = facts("--json", "--csv")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(("form", "out"), [((), ""), (("--json",), "[]\n")])
def test_nothing_found_is_one_sentence_and_no_failure(facts: Posology, form: tuple[str, ...], out: str) -> None:
    ran = facts("--drug", "Humira", "--kind", "mechanism", *form)
    assert (ran.code, ran.out) == (0, out)
    (line,) = ran.err.splitlines()
    assert "--drug 'Humira'" in line and "--kind 'mechanism'" in line and "posology ask" in line


def test_nothing_found_leaves_the_header_of_the_csv(facts: Posology) -> None:
    ran = facts("--drug", "Humira", "--kind", "mechanism", "--csv")
    assert (ran.code, ran.rows) == (0, [])
    assert ran.out.startswith("kind,id,drug,targets,statement,")


def test_a_library_without_facts_says_where_there_are_some(
    posology: Posology, own: Callable[[Sequence[AnyFact]], Posology]
) -> None:
    ran = own([])()
    assert (ran.code, ran.out) == (0, "")
    assert "posology add --bundled" in ran.err and ran.err.count("\n") == 1


def test_a_missing_library_is_an_error_that_says_how_to_make_one(posology: Posology, tmp_path: Path) -> None:
    assert_one_sentence(posology("facts", "--library", tmp_path / "none"), 3, "posology add")


# --- forms ---


def test_both_exports_hold_the_same_facts(facts: Posology) -> None:
    rows, found = facts("--csv").rows, facts("--json").facts
    assert [row["id"] for row in rows] == [fact["id"] for fact in found]
    for row, fact in zip(rows, found, strict=True):
        assert row["kind"] == fact["kind"]
        assert set(row) > {"document", "section", "locator", "refs", "show"}
        at = [f"{place['document_id']} --at {place['start']}:{place['end']}" for place in fact["places"]]
        assert row["show"].split("; ") == at
        assert "where" not in fact


def test_the_columns_of_the_csv_follow_from_the_kinds_asked_for(facts: Posology) -> None:
    header = facts("--kind", "dose", "--csv").out.partition("\n")[0].split(",")
    assert header == [
        *("kind", "id", *own_fields(kinds()["dose"]), "sentence", "note", "origin"),
        *("confidence", "damage", "reviewed", "document", "section", "locator", "refs", "show"),
    ]
    everything = facts("--csv").out.partition("\n")[0].split(",")
    assert set(everything) > {field for model in kinds().values() for field in own_fields(model)}
    assert len(everything) == len(set(everything))


def test_people_read_names_and_programs_read_ids(facts: Posology) -> None:
    arguments = ("--drug", "JAKi", "--disease", "AA", "--kind", "dose")
    out = facts(*arguments).out
    assert "alopecia areata" in out and "alopecia-areata" not in out
    assert {row["indication"] for row in facts(*arguments, "--csv").rows} >= {"alopecia areata"}
    assert values(facts(*arguments, "--json"), "indication") >= {"alopecia-areata"}


def test_each_kind_has_a_table_of_its_own_headed_with_its_count(facts: Posology) -> None:
    ran = facts("--drug", "baricitinib", columns=240)
    found = facts("--drug", "baricitinib", "--json").facts
    expected = [
        f"{count} {kind} fact{'s' if count > 1 else ''}"
        for kind in kinds()
        if (count := sum(fact["kind"] == kind for fact in found))
    ]
    assert re.findall(r"^\d+ \w+ facts?$", ran.out, re.MULTILINE) == expected
    assert len(expected) > 5


@pytest.mark.parametrize("columns", [240, 120, 80, 40, 20])
def test_the_width_is_kept_and_nothing_is_lost(facts: Posology, columns: int) -> None:
    arguments = ("--drug", "Olumiant", "--disease", "alopecia areata")
    out = facts(*arguments, columns=columns).out
    assert max(map(len, out.splitlines())) <= columns
    assert all(line == line.rstrip() for line in out.splitlines())
    shown, together = set(out.split()), "".join(out.split())
    for row in facts(*arguments, "--csv").rows:
        fields = ("regimen", "figure", "statement", "summary", "meaning", "sentence", "note")
        for told in (*(row[field] for field in fields), *row["show"].split("; ")):
            assert set(told.split()) <= shown or "".join(told.split()) in together, row


def test_a_word_is_broken_by_no_table(facts: Posology) -> None:
    for columns in range(90, 200, 10):
        out = facts("--kind", "dose", "--disease", "dermatomyositis", columns=columns).out
        assert "dermatomyositis" in out and "tofacitinib" in out
        assert not re.search(r"^dermatom\w*\b(?<!dermatomyositis)", out, re.MULTILINE)


def test_off_a_terminal_there_is_neither_colour_nor_box(facts: Posology) -> None:
    out = facts(columns=200).out
    assert not set(out) & set("\x1b│─┃━┏┓└┘╭╮|")


def test_what_a_table_leaves_empty_and_what_a_source_lacks_are_told_apart(
    own: Callable[[Sequence[AnyFact]], Posology],
) -> None:
    rate = EventRate(id="r1", where=anchor(), group="Adults", drug="tofacitinib", event="mace", rate=None)
    facts = own([rate])
    assert "no data" in facts().out
    assert facts("--csv").rows[0]["rate"] == "no data"
    assert facts("--csv").rows[0]["dose"] == ""
    assert facts("--json").facts[0]["rate"] is None


def test_a_finding_is_told_by_its_sentence_and_found_by_its_names(
    own: Callable[[Sequence[AnyFact]], Posology],
) -> None:
    facts = own([Finding(id="f1", where=(*anchor(), *anchor()))])
    for names in (("--drug", "Xeljanz"), ("--disease", "morphea"), ("--route", "by mouth"), ()):
        assert SENTENCE in facts(*names, columns=200).out
    (fact,) = facts("--json").facts
    assert fact["sentence"] == SENTENCE
    assert len(fact["places"]) == 1  # two sides that lead to one place
    assert facts("--csv").rows[0]["sentence"] == SENTENCE
    assert facts("--drug", "baricitinib").out == ""


# --- an invented library's facts ---


def test_extracted_facts_are_labelled_and_can_be_told_apart(own: Callable[[Sequence[AnyFact]], Posology]) -> None:
    facts = own([dose("by-hand"), dose("by-rule", origin="extracted", regimen="9 mg once daily")])
    assert [fact["id"] for fact in facts("--origin", "extracted", "--json").facts] == ["by-rule"]
    assert [fact["id"] for fact in facts("--origin", "curated", "--json").facts] == ["by-hand"]
    assert "extracted" not in facts("--origin", "curated").out
    assert "(extracted by rule" in facts("--origin", "extracted").out
    assert {row["id"]: row["origin"] for row in facts("--csv").rows} == {"by-hand": "curated", "by-rule": "extracted"}


def test_a_disagreement_of_which_a_side_is_missing_is_not_listed(own: Callable[[Sequence[AnyFact]], Posology]) -> None:
    def conflict(identity: str, *where: Anchor) -> ConflictFact:
        return ConflictFact(id=identity, where=where, topic="x", about=(("tofacitinib",),), severity="low", summary="y")

    facts = own([conflict("both", *anchor(), *anchor()), conflict("one", *anchor(), *anchor("elsewhere"))])
    assert [fact["id"] for fact in facts("--json").facts] == ["both"]
    assert [fact["id"] for fact in facts("--drug", "Xeljanz", "--json").facts] == ["both"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "\t=", "\r=", " =", "\x1b="])
def test_no_cell_of_the_csv_is_a_formula(own: Callable[[Sequence[AnyFact]], Posology], sign: str) -> None:
    attack = f"{sign}cmd|' /C calc'!A0"
    facts = own([dose(outcome=attack, note=attack, drug=attack, indication=attack)])
    (row,) = facts("--csv").rows
    for column in ("outcome", "note", "drug", "indication"):
        assert row[column].startswith("'") and row[column].endswith("cmd|' /C calc'!A0")
    assert not any(cell.lstrip().startswith(tuple("=+-@＝")) for cell in row.values())
    assert facts("--json").facts[0]["outcome"] == attack


@pytest.mark.parametrize(
    "text", ["a [/] b", "[bold red]x[/bold red]", ":warning: x", "[link=https://x]y[/link]", "{x}"]
)
@pytest.mark.parametrize("columns", [40, 200])
def test_markup_in_a_fact_is_shown_as_it_stands(
    own: Callable[[Sequence[AnyFact]], Posology], text: str, columns: int
) -> None:
    assert text in own([dose(outcome=text)])(columns=columns).out


def test_nothing_in_a_fact_reaches_the_terminal_as_a_command(own: Callable[[Sequence[AnyFact]], Posology]) -> None:
    nasty = "a\x1b[31mb\x9bc\x07d\u202ee\u2066f\x00g\nh\u200bi\x7fj"
    invented = dose(outcome=nasty, note=nasty, regimen=nasty, where=anchor(section=nasty))
    facts = own([invented])
    for arguments in ((), ("--json",), ("--csv",)):
        for columns in (80, 240):
            ran = facts(*arguments, columns=columns)
            assert ran.code == 0
            assert not set(ran.out + ran.err) & set("\x1b\x9b\x07\u202e\u2066\x00\u200b\x7f")
    assert facts("--json").facts[0]["outcome"] == nasty
    assert len(facts("--csv").out.splitlines()) == 2


def test_colour_is_for_terminals(own: Callable[[Sequence[AnyFact]], Posology], monkeypatch: pytest.MonkeyPatch) -> None:
    facts = own([dose()])
    plain = facts().out
    monkeypatch.setattr("assistant.commands.facts.on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = facts().out
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == plain.split()


def test_what_an_original_says_is_listed_from_the_original(
    posology: Posology, bundled_path: Path, tmp_path: Path
) -> None:
    library = Path(shutil.copytree(bundled_path, tmp_path / "copy"))
    (tmp_path / "original.txt").write_text(f"{SENTENCE}\n")
    assert posology("add", tmp_path / "original.txt", "--library", library).code == 0
    with closing(Catalogue.open(library / CATALOGUE, write=True)) as catalogue, catalogue.transaction():
        place = next(p for body, ps in catalogue.fact_store.of_kind("dose") for p in ps if body["id"] == "dose-001")
        attached = Attachment(place.start, "said", (Printed(Span(0, len(SENTENCE))),))
        catalogue.editions.put(Edition(place.document_id, "original", hidden=True), [attached])

    def listed(*arguments: str) -> dict[str, list[tuple[str, int, int]]]:
        ran = posology("facts", "--kind", "dose", *arguments, "--json", "--library", library)
        return {f["id"]: [(p["document_id"], p["start"], p["end"]) for p in f["places"]] for f in ran.facts}

    found = listed()
    assert found["dose-001"] == [("original", 0, len(SENTENCE))]
    assert place.document_id not in {document for places in found.values() for document, _, _ in places}
    assert listed("--document", "original") == listed("--document", place.document_id)
    assert "dose-001" in listed("--document", "original")
    with closing(Catalogue.open(library / CATALOGUE, write=True)) as catalogue, catalogue.transaction():
        catalogue.editions.set_hidden(place.document_id, False)
    found = listed()
    assert found["dose-001"] == [("original", 0, len(SENTENCE))]
    assert found["dose-002"][0][0] == place.document_id  # what is not attached stays with the digest


def test_the_command_explains_itself(posology: Posology) -> None:
    ran = posology("facts", "--help", columns=100)
    assert (ran.code, ran.err) == (0, "")
    for option in (*CATEGORIES, "kind", "document", "origin", "json", "csv", "library"):
        assert f"--{option}" in ran.out
    assert "facts" in posology("--help").out


def test_facts_of_all_kinds_have_the_fields_that_listing_reads() -> None:
    assert {"id", "where", "origin", "note"} <= set(Fact.model_fields)
