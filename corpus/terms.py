"""The vocabulary: what a word stands for. YAML that a pharmacist can correct, compiled to a look-up table.

`find` reads any text, question or passage, the same way: longest match first, brands and abbreviations included.
A short form with two meanings keeps both; what it means is for the interpreter to decide.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import VocabularyError
from corpus.figures import Shape

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
_JOINS = re.compile(r"[ \t\n\-–/'’.]*(?:\([^()\s]{1,10}\)[ \t\n\-–/'’.]*)?")
_LONGEST_NAME = 8  # words
_SHORTEST_NAME_WORD = 5  # letters; shorter words are too close to each other for a typo to be told
_WORD = re.compile(r"[^\W_]+")
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
    shorthand: dict[str, str]
    spanish: dict[str, str]


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
    says: str


class OperationRecord(BaseModel):
    """Something to be worked out over rows, the words that ask for it, and the column that they imply, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: str
    cues: tuple[str, ...]
    column: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Term:
    """A concept of the vocabulary. `broader` holds the ids of every wider concept, transitively."""

    id: str
    name: str
    category: str
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names a concept; several `ids` when the name is ambiguous."""

    ids: tuple[str, ...]
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it stands, folded for comparison, and where it is."""

    text: str
    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class Vocabulary:
    """Terms by id and the table of names.

    `also_english` holds the names that count only where written in capitals, `spelled_out` what shorthand and Spanish
    words say in plain English, `name_words` every longer word of a name, `first_words` how
    many words the longest name that begins with a word has, `equivalents` a word's family of synonyms.
    """

    terms: dict[str, Term]
    names: dict[str, tuple[str, ...]]
    also_english: frozenset[str]
    spelled_out: dict[str, str]
    equivalents: dict[str, int]
    stopwords: frozenset[str]
    negations: frozenset[str]
    asks_to_name: dict[str, frozenset[str]]
    planned: tuple[str, ...]
    table_words: frozenset[str]
    kinds: tuple[KindRecord, ...]
    redirects: tuple[RedirectRecord, ...]
    operations: OperationsFile
    first_words: dict[str, int]
    name_words: frozenset[str]

    def find(self, text: str) -> list[Mention]:
        """Return the concepts that `text` names, in order, without overlaps, longest names first."""
        words = list(words_of(text))
        shouting = text.isupper()
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, used = self._longest(text, words, at, shouting)
            if mention:
                found.append(mention)
            at += used
        return found

    def _longest(self, text: str, words: list[Word], at: int, shouting: bool) -> tuple[Mention | None, int]:
        first = words[at].folded
        longest = self.first_words.get(first) or self.first_words.get(first[:-1], 0)
        if not longest:
            return None, 1
        sequence = _without_inserted(text, words, at, longest)
        for size in range(len(sequence), 0, -1):
            part = sequence[:size]
            ids = self._ids(part, shouting)
            if ids and all(_JOINS.fullmatch(text, a.end, b.start) for a, b in pairwise(part)):
                start, end = part[0].start, part[-1].end
                return Mention(ids, start, end, text[start:end]), words.index(part[-1], at) - at + 1
        return None, 1

    def _ids(self, part: list[Word], shouting: bool) -> tuple[str, ...]:
        name = " ".join(word.folded for word in part)
        ids = self.names.get(name) or (self.names.get(name[:-1]) if name.endswith("s") and len(name) > 4 else None)
        if ids and name in self.also_english:
            written = "".join(word.text for word in part)
            if shouting or not written.isupper():
                return ()
        return ids or ()

    @cached_property
    def without_topic(self) -> frozenset[str]:
        """Return the words that no evidence has to cover: function words, negations, what a row is called."""
        return self.stopwords | self.negations | frozenset((*self.operations.row_nouns, *self.operations.people))

    def widen(self, term_id: str) -> frozenset[str]:
        """Return the term's id with those of all wider terms."""
        return frozenset((term_id, *self.terms[term_id].broader))


def _without_inserted(text: str, words: list[Word], at: int, longest: int) -> list[Word]:
    """Return the next words, leaving out an abbreviation in brackets: "Janus kinase (JAK) inhibitor" is one name."""
    sequence: list[Word] = []
    for word in words[at : at + 2 * longest]:
        if len(sequence) == longest:
            break
        inserted = text[word.start - 1 : word.start] == "(" and text[word.end : word.end + 1] == ")"
        if not (sequence and inserted and word.text != word.folded):
            sequence.append(word)
    return sequence


def fold_word(word: str) -> str:
    """Return a word for comparison: lower case, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of `text`: runs of letters and digits."""
    for found in _WORD.finditer(text):
        yield Word(found.group(), fold_word(found.group()), found.start(), found.end())


def fold_name(name: str) -> str:
    """Return a name as the key under which it is looked up."""
    return " ".join(word.folded for word in words_of(name))


def source_hash(folder: Path = FOLDER) -> str:
    """Return a hash over the vocabulary files, by which compiled data is known to be fresh."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_vocabulary(folder: Path = FOLDER) -> str:
    """Validate the YAML files and return the vocabulary as JSON.

    Raises:
        VocabularyError: a file is malformed, an id is used twice, or a `broader` id does not exist.
    """
    records: dict[str, tuple[str, TermRecord]] = {}
    for stem, category in CATEGORIES.items():
        for data in _load(folder / f"{stem}.yaml"):
            record = _validated(TermRecord, data, folder / f"{stem}.yaml")
            if record.id in records:
                raise VocabularyError(f"{stem}.yaml uses the id {record.id!r} twice; give one of them another id.")
            records[record.id] = (category, record)
    words = _validated(WordsFile, _load(folder / "words.yaml"), folder / "words.yaml")
    terms = {
        identity: {"name": record.name, "category": category, "broader": _all_broader(identity, records)}
        for identity, (category, record) in records.items()
    }
    equivalents = {fold_name(word): number for number, family in enumerate(words.equivalents) for word in family}
    stopwords = sorted({fold_name(word) for word in words.stopwords})
    kinds = _records(KindRecord, folder / "questions.yaml")
    redirects = _records(RedirectRecord, folder / "redirects.yaml")
    path = folder / "operations.yaml"
    operations = _validated(OperationsFile, _load(path), path).model_dump(mode="json")
    names, name_words = _names(records)
    cues = (
        word
        for kind in kinds
        for key in ("cues", "shows")
        for phrase in kind[key]
        for word in fold_name(phrase).split()
    )
    name_words = sorted({*name_words, *(word for word in cues if len(word) >= _SHORTEST_NAME_WORD)})
    body: dict[str, Any] = {"terms": terms, "names": names, "name_words": name_words}
    body |= {"equivalents": equivalents, "stopwords": stopwords}
    body["operations"] = operations
    body["asks_to_name"] = {category: sorted(map(fold_name, nouns)) for category, nouns in words.asks_to_name.items()}
    body["planned"] = sorted(map(fold_name, words.planned))
    body["table_words"] = sorted(map(fold_name, words.table_words))
    body["negations"] = sorted({fold_name(word) for word in words.negations})
    body["also_english"] = sorted({fold_name(word) for word in words.also_english})
    body["spelled_out"] = {fold_name(k): v for k, v in {**words.spanish, **words.shorthand}.items()}
    body["kinds"] = [{**kind, "cues": sorted({fold_name(cue) for cue in kind["cues"]})} for kind in kinds]
    body["redirects"] = [_folded_redirect(redirect) for redirect in redirects]
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def load_vocabulary(compiled: str) -> Vocabulary:
    """Return the vocabulary from what `compile_vocabulary` made."""
    data: dict[str, Any] = json.loads(compiled)
    names = {name: tuple(ids) for name, ids in data["names"].items()}
    return Vocabulary(
        terms={i: Term(i, t["name"], t["category"], tuple(t["broader"])) for i, t in data["terms"].items()},
        names=names,
        also_english=frozenset(data["also_english"]),
        spelled_out=data["spelled_out"],
        equivalents=data["equivalents"],
        stopwords=frozenset(data["stopwords"]),
        negations=frozenset(data["negations"]),
        asks_to_name={category: frozenset(nouns) for category, nouns in data["asks_to_name"].items()},
        planned=tuple(data["planned"]),
        table_words=frozenset(data["table_words"]),
        redirects=tuple(RedirectRecord.model_validate(record) for record in data["redirects"]),
        operations=OperationsFile.model_validate(data["operations"]),
        first_words=_first_words(names),
        kinds=tuple(KindRecord.model_validate(kind) for kind in data["kinds"]),
        name_words=frozenset(data["name_words"]),
    )


def _first_words(names: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        words = name.split()
        longest[words[0]] = min(max(longest.get(words[0], 0), len(words)), _LONGEST_NAME)
    return longest


def _records(model: type[BaseModel], path: Path) -> list[dict[str, Any]]:
    return [_validated(model, data, path).model_dump(mode="json") for data in _load(path)]


def _folded_redirect(record: dict[str, Any]) -> dict[str, Any]:
    """Return a redirect with its phrases as they are looked up; a final * is kept."""

    def folded(phrases: list[str]) -> list[str]:
        return [fold_name(p.replace("'", "")) + ("*" if p.endswith("*") else "") for p in phrases]

    return {**record, "all_of": [folded(group) for group in record["all_of"]], "none_of": folded(record["none_of"])}


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise VocabularyError(f"{path.name} cannot be read ({error}); mend it or reinstall Posology.") from error


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
    """Return the ids by name, and the longer words of all names that are rightly spelt."""
    names: dict[str, set[str]] = {}
    name_words: set[str] = set()
    for identity, (_, record) in records.items():
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
            if form not in record.misspellings:
                name_words.update(word for word in key.split() if len(word) >= _SHORTEST_NAME_WORD)
    misspelt = {fold_name(form) for _, record in records.values() for form in record.misspellings}
    return {name: sorted(ids) for name, ids in names.items()}, sorted(name_words - misspelt)
