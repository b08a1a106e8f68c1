"""The curated facts against the bundled digests: every fact stands where it says it stands, with its own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from corpus.anchoring import Place, places
from corpus.bundled import bundled_files
from corpus.errors import VocabularyError
from corpus.facts import (
    AnyFact,
    ConflictFact,
    DoseFact,
    EventRate,
    SafetyFact,
    Trial,
    load_facts,
)
from corpus.figures import figures
from corpus.passages import passages
from corpus.readers import read_file
from corpus.terms import Vocabulary, load_vocabulary
from corpus.text import without_markup
from corpus.types import Document, Passage
from corpus.vocabulary_files import compile_vocabulary

Cut = tuple[Document, tuple[Passage, ...]]
ONE_PERSON = re.compile(
    r"\b(?:an? (?:wo)?man|one|a single|case \d+|an? patient|the (?:same )?(?:wo)?man)\b", re.IGNORECASE
)
RECORD = """\
- id: definition-zz
  kind: definition
  term: ZZ
  meaning: Zorlitis
  where:
    - document: note
      section: Terms
      anchors: [ZZ, Zorlitis]
"""


class Standing(NamedTuple):
    """A side of a fact, with what its digest says there and under which headings."""

    fact: AnyFact
    side: int
    place: Place
    text: str

    @property
    def name(self) -> str:
        return f"{self.fact.id}[{self.side}]"


@pytest.fixture(scope="module")
def facts() -> tuple[AnyFact, ...]:
    return load_facts()


@pytest.fixture(scope="module")
def digests() -> dict[str, Cut]:
    documents = [read_file(path) for path in bundled_files()]
    return {document.id: (document, passages(document)) for document in documents}


@pytest.fixture(scope="module")
def standings(facts: tuple[AnyFact, ...], digests: dict[str, Cut]) -> list[Standing]:
    by_id = {fact.id: fact for fact in facts}
    return [
        Standing(by_id[place.fact_id], place.side, place, without_markup(document.text[place.start : place.end]))
        for document, cut in digests.values()
        for place in places(facts, document, cut)
    ]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(compile_vocabulary())


def named(vocabulary: Vocabulary, text: str) -> set[str]:
    """Return the ids that a text names, and every wider one."""
    return {wide for mention in vocabulary.find(text) for i in mention.ids for wide in vocabulary.widen(i)}


def drugs_of(fact: AnyFact) -> set[str]:
    one = getattr(fact, "drug", None)
    return {*getattr(fact, "drugs", ()), *([one] if one else [])}


def figure_texts(fact: AnyFact) -> Iterator[str]:
    """Yield the texts of a fact whose numbers its sentence has to hold; apart, for "0.2" and "100 mg" are two."""
    if isinstance(fact, DoseFact):
        yield fact.regimen or ""
        yield fact.time_to_response or ""
    elif isinstance(fact, SafetyFact):
        yield fact.figure or ""
    elif isinstance(fact, EventRate):
        yield fact.dose or ""
        yield "" if fact.rate is None else str(fact.rate)
    if isinstance(fact, DoseFact | Trial) and fact.patients is not None:
        yield str(fact.patients)


def test_the_bundled_facts_are_many_and_of_every_kind_with_an_id_each(facts: tuple[AnyFact, ...]) -> None:
    assert len(facts) > 500
    assert {fact.kind for fact in facts} == {
        "dose",
        "safety",
        "rate",
        "approval",
        "mechanism",
        "trial",
        "definition",
        "finding",
        "conflict",
    }
    assert len({fact.id for fact in facts}) == len(facts)


def test_facts_speak_of_the_bundled_documents_only(facts: tuple[AnyFact, ...], digests: dict[str, Cut]) -> None:
    assert {anchor.document for fact in facts for anchor in fact.where} == set(digests)


def test_every_side_of_every_fact_stands_in_its_digest(
    facts: tuple[AnyFact, ...], standings: list[Standing], digests: dict[str, Cut]
) -> None:
    wanted = {(f.id, side) for f in facts for side, anchor in enumerate(f.where) if anchor.document in digests}
    found = [(standing.fact.id, standing.side) for standing in standings]
    assert wanted - set(found) == set()
    assert len(found) == len(set(found)) == len(wanted)


def test_facts_stand_in_the_section_that_they_name(standings: list[Standing]) -> None:
    astray = [s.name for s in standings if s.fact.where[s.side].section.lower() not in s.place.section.lower()]
    assert astray == []


def test_the_place_holds_every_figure_of_the_fact(standings: list[Standing]) -> None:
    missing = {}
    for standing in standings:
        held = figures(standing.text) | figures(standing.place.section)
        if ONE_PERSON.search(standing.text):
            held |= {"1"}
        wanted = frozenset().union(*map(figures, figure_texts(standing.fact)))
        if wanted - held:
            missing[standing.name] = (sorted(wanted - held), standing.text[:120])
    assert missing == {}


def test_the_place_names_the_drugs_of_the_fact(standings: list[Standing], vocabulary: Vocabulary) -> None:
    missing = {}
    for standing in standings:
        names = named(vocabulary, standing.text) | named(vocabulary, standing.place.section)
        if drugs_of(standing.fact) - names:
            missing[standing.name] = drugs_of(standing.fact) - names
    assert missing == {}


def test_facts_use_ids_that_the_vocabulary_holds_in_the_right_category(
    facts: tuple[AnyFact, ...], vocabulary: Vocabulary
) -> None:
    wrong = {}
    for fact in facts:
        used = {("drug", i) for i in drugs_of(fact)}
        for key in ("event", "indication", "population", "route"):
            if value := getattr(fact, key, None):
                used.add((key, value))
        for key, value in used:
            term = vocabulary.terms.get(value)
            if term is None or (key in ("drug", "route") and term.category != key):
                wrong[fact.id] = (key, value)
    assert wrong == {}


def test_regimens_and_their_amounts_have_a_figure(facts: tuple[AnyFact, ...]) -> None:
    bare = [f.id for f in facts if isinstance(f, DoseFact) and f.regimen is not None and not figures(f.regimen)]
    assert bare == []


def test_rates_are_the_cells_of_the_event_table(facts: tuple[AnyFact, ...], digests: dict[str, Cut]) -> None:
    table = next(t for t in digests["class-monograph"][0].tables if t.caption.startswith("Event rates"))
    printed = [
        (row.cells[0].text, None if cell.text == "no data" else float(cell.text))
        for row in table.rows
        for cell in row.cells[1:]
    ]
    assert [(fact.group, fact.rate) for fact in facts if isinstance(fact, EventRate)] == printed


def test_the_figures_of_a_conflict_summary_stand_in_its_sides(
    facts: tuple[AnyFact, ...], standings: list[Standing]
) -> None:
    held: dict[str, frozenset[str]] = {}
    for standing in standings:
        told = figures(standing.text) | figures(standing.place.section)
        held[standing.fact.id] = held.get(standing.fact.id, frozenset()) | told
    conflicts = [fact for fact in facts if isinstance(fact, ConflictFact)]
    assert len(conflicts) >= 50
    unheld = {fact.id: sorted(figures(fact.summary) - held[fact.id]) for fact in conflicts}
    assert {i: left for i, left in unheld.items() if left} == {}


@pytest.mark.parametrize("kind", ["dose", "safety", "rate", "approval", "mechanism", "trial", "definition", "conflict"])
def test_a_fact_with_a_changed_anchor_stands_nowhere(
    kind: str, facts: tuple[AnyFact, ...], digests: dict[str, Cut]
) -> None:
    fact = next(fact for fact in facts if fact.kind == kind)
    document, cut = digests[fact.where[0].document]
    spoiled = [
        fact.where[0].model_copy(update={"anchors": (*fact.where[0].anchors, "977 mg")}),
        fact.where[0].model_copy(update={"anchors": (fact.where[0].anchors[0] + "qz", *fact.where[0].anchors[1:])}),
    ]
    assert list(places([fact.model_copy(update={"where": fact.where[:1]})], document, cut))
    for anchor in spoiled:
        assert list(places([fact.model_copy(update={"where": (anchor,)})], document, cut)) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(RECORD, encoding="utf-8")
    return tmp_path


def test_a_record_is_read_with_what_it_leaves_out_filled_in(folder: Path) -> None:
    (fact,) = load_facts(folder)
    assert (fact.id, fact.kind, fact.origin, fact.note) == ("definition-zz", "definition", "curated", None)
    assert fact.where[0].anchors == ("ZZ", "Zorlitis")


def test_an_empty_file_holds_no_facts(folder: Path) -> None:
    (folder / "own.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert load_facts(folder) == ()


@pytest.mark.parametrize(
    ("text", "named_in_error"),
    [
        (RECORD.replace("[ZZ, Zorlitis]", "[ZZ, Zorlitis"), ["own.yaml"]),
        (RECORD.replace("  term:", "  tremor:"), ["own.yaml", "record 0"]),
        (
            RECORD + RECORD.replace("-zz", "-yy").replace("  meaning:", "  meaning: a\n  extra:"),
            ["own.yaml", "record 1"],
        ),
        (RECORD.replace("kind: definition", "kind: rumour"), ["own.yaml", "record 0"]),
        (RECORD.replace("[ZZ, Zorlitis]", "[]"), ["own.yaml", "record 0", "anchors"]),
        (RECORD.replace("      section", "      sektion"), ["own.yaml", "record 0"]),
        (RECORD + RECORD, ["'definition-zz'"]),
        ("5\n", ["own.yaml"]),
    ],
    ids=["yaml", "missing key", "unknown key", "unknown kind", "no anchors", "unknown anchor key", "twice", "no list"],
)
def test_a_spoiled_record_is_refused_and_named(folder: Path, text: str, named_in_error: list[str]) -> None:
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError) as refused:
        load_facts(folder)
    assert all(part in str(refused.value) for part in named_in_error)


def test_an_id_used_in_two_files_is_refused(folder: Path) -> None:
    (folder / "second.yaml").write_text(RECORD, encoding="utf-8")
    with pytest.raises(VocabularyError, match="definition-zz"):
        load_facts(folder)


def test_a_file_that_is_not_utf8_is_refused_and_named(folder: Path) -> None:
    (folder / "own.yaml").write_bytes(RECORD.replace("Zorlitis", "Zorlité").encode("latin-1"))
    with pytest.raises(VocabularyError, match=r"own\.yaml"):
        load_facts(folder)
