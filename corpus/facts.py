"""Facts: structured records with their provenance, written by hand (curated) or found by rule (extracted).

Every curated fact was checked against the documents: it names the document that says it and carries anchors, short
strings of names and figures that must stand together in one sentence or table row of that document. A fact whose
anchors are not found there is an error in the bundle, and in a user's library it is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from corpus.errors import VocabularyError
from corpus.vocabulary_files import load_yaml

FOLDER = Path(__file__).parent / "facts"

Origin = Literal["curated", "extracted"]
Evidence = Literal[
    "meta-analysis",
    "randomized trial",
    "open-label trial",
    "cohort",
    "case series",
    "case report",
    "review",
    "animal",
    "regulatory",
    "not stated",
]


class Anchor(BaseModel):
    """Where a fact stands: strings that occur together in one sentence or row of a document.

    `original` are the strings for the document that a bundled digest describes, where its wording differs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    section: str
    refs: tuple[str, ...] = ()
    anchors: tuple[str, ...] = Field(min_length=1)
    original: tuple[str, ...] = ()


class Fact(BaseModel):
    """What all facts have. Names of drugs, diseases and the like are ids of the vocabulary.

    An extracted fact has a `confidence` between 0 and 1, says what is wrong with the print that it was read from
    (`damage`), and whether a person has `reviewed` it; a curated one needs none of these.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    where: tuple[Anchor, ...] = Field(min_length=1)
    origin: Origin = "curated"
    note: str | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    damage: str | None = None
    reviewed: Literal["accepted", "corrected"] | None = None


class DoseFact(Fact):
    """A dose that a document reports: `regimen` in the dose grammar, or None where the source gives no figure.

    `route_from_elsewhere` tells that not its own words give the route, but others of the same document.
    """

    kind: Literal["dose"] = "dose"
    drug: str
    route: str | None = None
    route_from_elsewhere: bool = False
    formulation: str | None = None
    regimen: str | None = None
    indication: str | None = None
    population: str | None = None
    status: Literal["approved", "off-label", "not stated"] = "not stated"
    evidence: Evidence = "not stated"
    patients: int | None = None
    outcome: str | None = None
    time_to_response: str | None = None


class SafetyFact(Fact):
    """What a document says about harm: direction is of the risk against the comparator."""

    kind: Literal["safety"] = "safety"
    drugs: tuple[str, ...]
    event: str
    direction: Literal["higher", "lower", "no difference", "reported", "none reported", "not stated"] = "not stated"
    figure: str | None = None
    comparator: str | None = None
    population: str | None = None
    duration: str | None = None
    boxed_warning: bool = False


class EventRate(Fact):
    """A rate per 100 patient-years; None where the table has no data."""

    kind: Literal["rate"] = "rate"
    drug: str | None = None
    group: str
    dose: str | None = None
    event: str
    rate: float | None
    unit: Literal["per 100 patient-years"] = "per 100 patient-years"


class Outcome(Fact):
    """What share of patients on a drug reached a measure: the `figure` as printed, and when, if the source says so."""

    kind: Literal["outcome"] = "outcome"
    drug: str
    measure: str
    figure: str
    regimen: str | None = None
    indication: str | None = None
    at: str | None = None


class Approval(Fact):
    """That a source lists a drug as approved, or as used off label, for an indication; with the source's date."""

    kind: Literal["approval"] = "approval"
    drug: str
    brand: str | None = None
    indication: str
    status: Literal["approved", "off-label"]
    route: str | None = None
    regulator: str | None = None
    as_of: str


class Mechanism(Fact):
    """What a drug inhibits, or how the pathway works, by source."""

    kind: Literal["mechanism"] = "mechanism"
    drug: str | None = None
    targets: tuple[str, ...] = ()
    statement: str


class Trial(Fact):
    """A study: its design, size, population and findings or plans."""

    kind: Literal["trial"] = "trial"
    name: str
    design: Evidence
    drugs: tuple[str, ...] = ()
    indication: str | None = None
    patients: int | None = None
    planned: bool = False
    summary: str


class Definition(Fact):
    """What an abbreviation or score means."""

    kind: Literal["definition"] = "definition"
    term: str
    meaning: str


class Finding(Fact):
    """What a document says that no other kind of fact holds; its sentence is the whole of it.

    It leads from a digest's sentence to the places of the original that bear it out: an entry of `where` for each.
    """

    kind: Literal["finding"] = "finding"


class ConflictFact(Fact):
    """A disagreement between or within sources. Each entry of `where` is one side.

    `about` decides which questions it concerns: every group needs one of its names or words in the question.
    `summary` tells both sides, named, and why they differ if that is known.
    """

    kind: Literal["conflict"] = "conflict"
    topic: str
    about: tuple[tuple[str, ...], ...] = Field(min_length=1)
    severity: Literal["high", "medium", "low"]
    summary: str


AnyFact = Annotated[
    DoseFact | SafetyFact | EventRate | Outcome | Approval | Mechanism | Trial | Definition | Finding | ConflictFact,
    Field(discriminator="kind"),
]


def load_facts(folder: Path = FOLDER) -> tuple[AnyFact, ...]:
    """Return all curated facts of a folder of YAML files, validated, in the order of files and records.

    Raises:
        VocabularyError: a record is malformed or an id is used twice.
    """
    adapter: TypeAdapter[tuple[AnyFact, ...]] = TypeAdapter(tuple[AnyFact, ...])
    found: list[AnyFact] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.extend(adapter.validate_python(load_yaml(path) or ()))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise VocabularyError(f"{path.name}: record {where}: {first['msg']}; correct that record.") from error
    ids = [fact.id for fact in found]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise VocabularyError(f"The facts use the id {twice!r} twice; give one of them another id.")
    return tuple(found)
