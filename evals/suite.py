"""The question suites: what each item asks, what its answer must and must not say, and how an answer is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from assistant.contract import Answer
from corpus.errors import UnreadableFileError

FOLDER = Path(__file__).parent / "questions"
_MARK = re.compile(r"\s*\[\d+\]")
_OF_ALL_TURNS = ("split", "family")  # what a conversation says once for all its turns

Split = Literal["development", "test"]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gold(_Frozen):
    """Evidence for an answer: words that stand in a document, white space aside; `evals.gold` says how it is named.

    `also` holds other words of the document that say the same, as an abstract does; citing them will do as well.
    """

    document: str
    quote: str
    also: tuple[Filled, ...] = ()


class State(_Frozen):
    """A fact that an answer must state: a figure, with its unit, or words, in a sentence that names the entity.

    `entity` is a drug, disease, study or arm ("upadacitinib 30 mg"), by any name that the vocabulary knows for it.
    """

    value: int | float | Filled
    unit: Filled | None = None
    entity: Filled | None = None

    def __str__(self) -> str:
        """Return the fact as a person says it: "5 mg (tofacitinib)"."""
        told = f"{self.value}{'' if self.unit == '%' else ' '}{self.unit or ''}".strip()
        return f"{told} ({self.entity})" if self.entity else told


class Turn(_Frozen):
    """One question with what is expected of its answer.

    Every group of `must` needs one of its regular expressions in the answer; none of `must_not` may be there.
    `family` names the paraphrases that belong together: they share a split. `after` holds what was asked before in the
    conversation; the loader sets it.
    """

    id: Filled
    question: str
    split: Split = "development"
    family: Filled | None = None
    expect: Literal["answered", "abstained", "redirected"] = "answered"
    must: tuple[tuple[Pattern, ...], ...] = ()
    must_not: tuple[Pattern, ...] = ()
    states: tuple[State, ...] = ()
    gold: tuple[Gold, ...] = ()
    why: str = ""
    after: tuple[str, ...] = ()


class Item(_Frozen):
    """A single question or a conversation, whose turns are of one split."""

    kind: str
    id: str
    turns: tuple[Turn, ...]

    @model_validator(mode="before")
    @classmethod
    def _with_turns(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Make a conversation of one turn from a single question, and hand down what is said of all turns."""
        if "turns" not in data:
            turn = {key: value for key, value in data.items() if key != "kind"}
            return {"kind": data["kind"], "id": data.get("id", ""), "turns": [turn]}
        shared = {key: data[key] for key in _OF_ALL_TURNS if key in data}
        own = {key: value for key, value in data.items() if key not in _OF_ALL_TURNS}
        asked = [turn.get("question", "") for turn in data["turns"]]
        turns = [{**shared, **turn, "after": asked[:number]} for number, turn in enumerate(data["turns"])]
        first = turns[0].get("id", "") if turns else ""
        return {**own, "id": data.get("id", first), "turns": turns}

    @model_validator(mode="after")
    def _is_of_one_split(self) -> Self:
        if len({turn.split for turn in self.turns}) != 1:
            raise ValueError(f"the turns of {self.id} must be of one split, and there must be one at least")
        return self

    @property
    def split(self) -> Split:
        """Return the split that all turns are of."""
        return self.turns[0].split


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one answer was judged; `fault` is None when it passed."""

    kind: str
    turn: Turn
    answer: Answer
    fault: str | None


def suite_files(names: Sequence[str] = (), folder: Path = FOLDER) -> list[Path]:
    """Return the files of the named suites, or of all, in the order of their names.

    Raises:
        UnreadableFileError: there is no such suite, or none at all; says which there are.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise UnreadableFileError(f"{folder} holds no question suite; name a folder of YAML files.")
    unknown = set(names) - {file.stem for file in files}
    if unknown:
        known = ", ".join(file.stem for file in files)
        raise UnreadableFileError(f"There is no question suite {sorted(unknown)[0]!r}; there are {known}.")
    return [file for file in files if not names or file.stem in names]


def load_suites(names: Sequence[str] = (), folder: Path = FOLDER, split: Split | Literal["all"] = "all") -> list[Item]:
    """Return the items of the named suites, or of all, that are of a split.

    Raises:
        UnreadableFileError: there is no such suite, or one is malformed; says which.
    """
    items = [item for file in suite_files(names, folder) for item in read_suite(file)]
    return [item for item in items if split in ("all", item.split)]


def read_suite(file: Path) -> list[Item]:
    """Return the items of one file; its name is their kind.

    Raises:
        UnreadableFileError: the file is malformed.
    """
    import yaml

    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [Item.model_validate({"kind": file.stem, **item}) for item in data]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError, AttributeError) as error:
        raise UnreadableFileError(f"The question suite {file.name} is malformed ({error}); correct it.") from error


def judge(kind: str, turn: Turn, answer: Answer) -> Verdict:
    """Return the verdict on an answer: its status first, then what it must not say, then what it must."""
    return Verdict(kind, turn, answer, next(_faults(turn, answer), None))


def said(answer: Answer) -> str:
    """Return what an answer says, without its citation marks: their numbers are no figures of it."""
    return _MARK.sub("", answer.answer)


def forbidden(turn: Turn, answer: Answer) -> list[str]:
    """Return the words of an answer that it must not hold."""
    found = (re.search(pattern, said(answer), re.IGNORECASE) for pattern in turn.must_not)
    return [match.group() for match in found if match]


def unmet(turn: Turn, answer: Answer) -> list[str]:
    """Return the first pattern of each group of `must` that an answer doesn't meet."""
    text = said(answer)
    return [group[0] for group in turn.must if group and not any(re.search(one, text, re.IGNORECASE) for one in group)]


def _faults(turn: Turn, answer: Answer) -> Iterator[str]:
    for words in forbidden(turn, answer):
        yield f"says {words!r}, which it must not"
    if answer.status != turn.expect:
        yield f"{answer.status}, where {turn.expect} was expected"
    for pattern in unmet(turn, answer):
        yield f"lacks {pattern!r}"
