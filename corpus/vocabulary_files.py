"""The vocabulary's YAML files: what their records may hold, and how they become one compiled look-up table.

A pharmacist can correct the files; whatever is malformed in them is rejected here with the record named. Compiling
happens when a library is written; `corpus.terms` reads the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import VocabularyError
from corpus.figures import Shape
from corpus.words import fold_name

FOLDER = Path(__file__).parent / "vocabulary"
CATEGORIES = {
    "drugs": "drug",
    "diseases": "disease",
    "adverse_events": "event",
    "measures": "measure",
    "routes": "route",
    "trials": "trial",
    "general": "general",
    "populations": "population",
}
_SHORTEST_NAME_WORD = 5  # letters; shorter words are too close to each other for a typo to be told
_SHORTEST_CUE = 7
_MISSPELT = ("drug", "disease", "measure", "trial")
_Model = TypeVar("_Model", bound=BaseModel)


class TermRecord(BaseModel):
    """One record of a vocabulary file. Unknown keys are rejected."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    brands: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    lay: tuple[str, ...] = ()
    spanish: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()


class ChildAge(BaseModel):
    """Ages that mean children: below so many years, written before one of these words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    below: int
    words: tuple[str, ...]


class WordsFile(BaseModel):
    """The file of plain words: families that mean the same in a search, and words that carry no topic."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    equivalents: tuple[tuple[str, ...], ...]
    stopwords: tuple[str, ...]
    also_english: tuple[str, ...]
    negations: tuple[str, ...]
    asks_to_name: dict[str, tuple[str, ...]]
    planned: tuple[str, ...]
    table_words: tuple[str, ...]
    must_be_covered: tuple[str, ...]
    publications: tuple[str, ...]
    studies: tuple[str, ...]
    one_person: tuple[str, ...]
    drug_stems: tuple[str, ...]
    spoken_to_machines: tuple[str, ...]
    child_age: ChildAge
    brand_routes: dict[str, tuple[str, ...]]
    shorthand: dict[str, str]
    spanish: dict[str, str]


class EverydayFile(BaseModel):
    """The words of everyday English that carry a question without being what it asks about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]


class KindRecord(BaseModel):
    """A kind of question: the words that signal it, and the figures that an answer to it must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    wants: tuple[Shape, ...] = ()
    shows: tuple[str, ...] = ()
    cues: tuple[str, ...]


class RedirectRecord(BaseModel):
    """A sort of question that gets where to turn instead of facts; see `redirects.yaml` for what the keys mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    prescribes: tuple[str, ...] = ()
    says: str


class OperationRecord(BaseModel):
    """Something to be worked out over rows, the words that ask for it, and the column that they imply, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: str
    cues: tuple[str, ...]
    column: tuple[str, ...] = ()


class LimitRecord(BaseModel):
    """A sort of limit that a question sets to a number, and the words that do it, before or after the number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sign: Literal["below", "above", "at least", "at most"]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class LookupRecord(BaseModel):
    """How questions name the rows and columns of any table; see `operations.yaml` for what the keys mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    soft: frozenset[str]
    firm: frozenset[str]
    people: frozenset[str]
    bare: frozenset[str]
    qualifiers: frozenset[str]
    opposites: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, ...], ...]
    implied: dict[str, tuple[str, ...]]
    higher: frozenset[str]
    lower: frozenset[str]
    joins: frozenset[str]
    key_columns: frozenset[str]
    not_compared: frozenset[str]
    shares: tuple[str, ...]
    frequencies: dict[str, tuple[str, ...]]


class OperationsFile(BaseModel):
    """How questions ask for something to be worked out; see `operations.yaml` for what the keys mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operations: tuple[OperationRecord, ...]
    row_nouns: tuple[str, ...]
    background_columns: tuple[str, ...]
    nothing: tuple[str, ...]
    measured_in: tuple[str, ...]
    people: tuple[str, ...]
    totals: tuple[str, ...]
    weekly: tuple[str, ...]
    daily: tuple[str, ...]
    limits: tuple[LimitRecord, ...]
    limited: dict[str, tuple[str, ...]]
    lookup: LookupRecord

    @property
    def cue_words(self) -> frozenset[str]:
        """Return every word of the operations' cues."""
        return frozenset(word for record in self.operations for cue in record.cues for word in fold_name(cue).split())


def source_hash(folder: Path = FOLDER) -> str:
    """Return a hash over the vocabulary files, by which compiled data is known to be fresh."""
    return hash_of(sorted(folder.glob("*.yaml")))


def hash_of(paths: Iterable[Path], version: str = "") -> str:
    """Return a hash over the names and bytes of files, in their order, and over the version of what reads them."""
    digest = hashlib.sha256(version.encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_vocabulary(folder: Path = FOLDER, more: Mapping[str, Sequence[TermRecord]] | None = None) -> str:
    """Validate the YAML files and return the vocabulary as JSON; `more` are terms beyond them, by category.

    Raises:
        VocabularyError: a file is malformed, an id is used twice, or a `broader` id does not exist.
    """
    records: dict[str, tuple[str, TermRecord]] = {}
    for stem, category in CATEGORIES.items():
        for data in _load_records(folder / f"{stem}.yaml"):
            record = _validated(TermRecord, data, folder / f"{stem}.yaml")
            if record.id in records:
                raise VocabularyError(f"{stem}.yaml uses the id {record.id!r} twice; give one of them another id.")
            records[record.id] = (category, record)
    for category, record in ((category, record) for category, added in (more or {}).items() for record in added):
        if record.id in records:
            raise VocabularyError(f"The id {record.id!r} is the vocabulary's own already; give your term another id.")
        records[record.id] = (category, record)
    words = _validated(WordsFile, load_yaml(folder / "words.yaml"), folder / "words.yaml")
    terms = {
        identity: {"name": record.name, "category": category, "broader": _all_broader(identity, records)}
        for identity, (category, record) in records.items()
    }
    equivalents = {fold_name(word): number for number, family in enumerate(words.equivalents) for word in family}
    stopwords = sorted({fold_name(word) for word in words.stopwords})
    kinds = _records(KindRecord, folder / "questions.yaml")
    redirects = _records(RedirectRecord, folder / "redirects.yaml")
    path = folder / "operations.yaml"
    operations = _validated(OperationsFile, load_yaml(path), path).model_dump(mode="json")
    names, name_words = _names(records)
    cues = (
        word
        for kind in kinds
        for key in ("cues", "shows")
        for phrase in kind[key]
        for word in fold_name(phrase).split()
    )
    name_words = sorted({*name_words, *(word for word in cues if len(word) >= _SHORTEST_CUE)})
    body: dict[str, Any] = {"terms": terms, "names": names, "name_words": name_words}
    body |= {"equivalents": equivalents, "stopwords": stopwords}
    everyday = _validated(EverydayFile, load_yaml(folder / "everyday.yaml"), folder / "everyday.yaml").words
    body["everyday"] = sorted({fold_name(word) for word in everyday} - set(body["equivalents"]))
    body["operations"] = operations
    body["asks_to_name"] = {category: sorted(map(fold_name, nouns)) for category, nouns in words.asks_to_name.items()}
    body["planned"] = sorted(map(fold_name, words.planned))
    body["must_be_covered"] = sorted(map(fold_name, words.must_be_covered))
    body["publications"] = sorted(map(fold_name, words.publications))
    body["studies"] = sorted(map(fold_name, words.studies))
    body["one_person"] = sorted(map(fold_name, words.one_person))
    body["drug_stems"] = list(words.drug_stems)
    body["spoken_to_machines"] = sorted(map(fold_name, words.spoken_to_machines))
    body["brand_routes"] = {fold_name(brand): route for route, names in words.brand_routes.items() for brand in names}
    body["child_age"] = words.child_age.model_dump(mode="json")
    body["spanish"] = sorted(map(fold_name, words.spanish))
    body["table_words"] = sorted(map(fold_name, words.table_words))
    body["negations"] = sorted({fold_name(word) for word in words.negations})
    body["also_english"] = sorted({fold_name(word) for word in words.also_english})
    body["spelled_out"] = {fold_name(k): v for k, v in {**words.spanish, **words.shorthand}.items()}
    body["kinds"] = [{**kind, "cues": sorted({fold_name(cue) for cue in kind["cues"]})} for kind in kinds]
    body["redirects"] = [_folded_redirect(redirect) for redirect in redirects]
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _records(model: type[BaseModel], path: Path) -> list[dict[str, Any]]:
    return [_validated(model, data, path).model_dump(mode="json") for data in _load_records(path)]


def _folded_redirect(record: dict[str, Any]) -> dict[str, Any]:
    """Return a redirect with its phrases as they are looked up; a final * is kept."""

    def folded(phrases: list[str]) -> list[str]:
        return [fold_name(p.replace("'", "")) + ("*" if p.endswith("*") else "") for p in phrases]

    return {
        **record,
        "all_of": [folded(group) for group in record["all_of"]],
        "none_of": folded(record["none_of"]),
        **{key: folded(record[key]) for key in ("own", "acts", "prescribes")},
    }


def _load_records(path: Path) -> list[Any]:
    records = load_yaml(path)
    if not isinstance(records, list):
        raise VocabularyError(f"{path.name} holds no list of records; mend it or reinstall Posology.")
    return records


def load_yaml(path: Path, advice: str = "mend it or reinstall Posology") -> Any:
    """Return what a YAML file holds, the program's own unless there is other `advice` for one that is malformed.

    Raises:
        VocabularyError: the file cannot be read.
    """
    import yaml  # here, because answering a question reads the compiled form and never a YAML file

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VocabularyError(f"{path.name} cannot be read ({error}); {advice}.") from error


def _validated(model: type[_Model], data: Any, path: Path) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VocabularyError(
            f"{path.name}: {where}: {first['msg']}; correct the record {str(data)[:60]!r}."
        ) from error


def _all_broader(identity: str, records: dict[str, tuple[str, TermRecord]]) -> list[str]:
    found: list[str] = []
    waiting = list(records[identity][1].broader)
    while waiting:
        wider = waiting.pop()
        if wider not in records:
            raise VocabularyError(
                f"{identity!r} names the broader term {wider!r}, which is missing; add it or remove it."
            )
        if wider not in found and wider != identity:
            found.append(wider)
            waiting.extend(records[wider][1].broader)
    return sorted(found)


def _names(records: dict[str, tuple[str, TermRecord]]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the ids by name, and the longer words of the rightly spelt names that a typo may be meant for.

    Routes, populations and general terms are ordinary words, too near to other ordinary words ("topical", "typical").
    """
    names: dict[str, set[str]] = {}
    name_words: set[str] = set()
    for identity, (category, record) in records.items():
        right = (
            record.name,
            *record.brands,
            *record.abbreviations,
            *record.synonyms,
            *record.lay,
            *record.spanish,
        )
        for form in (*right, *record.misspellings):
            key = fold_name(form)
            if key:
                names.setdefault(key, set()).add(identity)
            if form not in record.misspellings and category in _MISSPELT:
                name_words.update(word for word in key.split() if len(word) >= _SHORTEST_NAME_WORD)
    misspelt = {fold_name(form) for _, record in records.values() for form in record.misspellings}
    return {name: sorted(ids) for name, ids in names.items()}, sorted(name_words - misspelt)
