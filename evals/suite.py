"""The question suites: what each item asks, what its answer must and must not say, and how an answer is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.contract import Answer
from corpus.errors import UnreadableFileError

FOLDER = Path(__file__).parent / "questions"
_MARK = re.compile(r"\s*\[\d+\]")


class Gold(BaseModel):
    """Evidence for an answer: words that stand in a bundled document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    quote: str


class Turn(BaseModel):
    """One question with what is expected of its answer.

    Every group of `must` needs one of its regular expressions in the answer; none of `must_not` may be there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str
    expect: Literal["answered", "abstained", "redirected"] = "answered"
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    why: str = ""


class Item(BaseModel):
    """A single question or a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    turns: tuple[Turn, ...]

    @model_validator(mode="before")
    @classmethod
    def _single(cls, data: dict[str, object]) -> dict[str, object]:
        if "turns" in data:
            return {"kind": data["kind"], "turns": data["turns"]}
        return {"kind": data["kind"], "turns": [{key: value for key, value in data.items() if key != "kind"}]}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one answer was judged; `fault` is None when it passed."""

    kind: str
    turn: Turn
    answer: Answer
    fault: str | None


def load_suites(names: Sequence[str] = (), folder: Path = FOLDER) -> list[Item]:
    """Return the items of the named suites, or of all.

    Raises:
        UnreadableFileError: there is no such suite, or one is malformed; says which.
    """
    import yaml

    files = sorted(folder.glob("*.yaml"))
    unknown = set(names) - {file.stem for file in files}
    if unknown:
        known = ", ".join(file.stem for file in files)
        raise UnreadableFileError(f"There is no question suite {sorted(unknown)[0]!r}; there are {known}.")
    items: list[Item] = []
    for file in files:
        if names and file.stem not in names:
            continue
        try:
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
            items.extend(Item.model_validate({"kind": file.stem, **item}) for item in data)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError) as error:
            raise UnreadableFileError(f"The question suite {file.name} is malformed ({error}); correct it.") from error
    return items


def judge(kind: str, turn: Turn, answer: Answer) -> Verdict:
    """Return the verdict on an answer: its status first, then what it must not say, then what it must."""
    return Verdict(kind, turn, answer, next(_faults(turn, answer), None))


def _faults(turn: Turn, answer: Answer) -> Iterator[str]:
    text = _MARK.sub("", answer.answer)
    for pattern in turn.must_not:
        if found := re.search(pattern, text, re.IGNORECASE):
            yield f"says {found.group()!r}, which it must not"
    if answer.status != turn.expect:
        yield f"{answer.status}, where {turn.expect} was expected"
    for group in turn.must:
        if not any(re.search(pattern, text, re.IGNORECASE) for pattern in group):
            yield f"lacks {group[0]!r}"
