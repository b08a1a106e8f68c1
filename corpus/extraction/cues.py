"""The signs that speak for or against a fact, compiled from `cues.yaml`; whatever is malformed in it is rejected."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import VocabularyError
from corpus.vocabulary_files import load_yaml

FILE = Path(__file__).parent / "cues.yaml"


class _CuesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    background: tuple[str, ...]
    besides: tuple[str, ...]
    background_after: tuple[str, ...]
    doseless: frozenset[str]
    treated: frozenset[str]
    joints: tuple[str, ...]
    denied_before: tuple[str, ...]
    denied_after: tuple[str, ...]
    supposed: tuple[str, ...]
    measured: tuple[str, ...]
    contents: tuple[str, ...]
    pointers: tuple[str, ...]
    with_letters: tuple[str, ...]
    animals: tuple[str, ...]
    people: tuple[str, ...]
    unknown_drugs: tuple[str, ...]
    cited: tuple[str, ...]
    dose_columns: tuple[str, ...]
    route_columns: tuple[str, ...]
    indication_columns: tuple[str, ...]
    earlier_columns: tuple[str, ...]
    approved: tuple[str, ...]
    off_label: tuple[str, ...]
    unapproved: tuple[str, ...]
    regulators: tuple[str, ...]
    boxed_warning: tuple[str, ...]
    higher_risk: tuple[str, ...]
    lower_risk: tuple[str, ...]
    same_risk: tuple[str, ...]
    common_events: tuple[str, ...]
    none_met: tuple[str, ...]
    none_met_after: tuple[str, ...]
    compared: tuple[str, ...]
    responders: tuple[str, ...]
    reached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cues:
    """One pattern for each list of the file, or its ids; patterns that look back end at their text's end."""

    background: re.Pattern[str]
    besides: re.Pattern[str]
    background_after: re.Pattern[str]
    doseless: frozenset[str]
    treated: frozenset[str]
    joints: re.Pattern[str]
    denied_before: re.Pattern[str]
    denied_after: re.Pattern[str]
    supposed: re.Pattern[str]
    measured: re.Pattern[str]
    contents: re.Pattern[str]
    pointers: re.Pattern[str]
    with_letters: re.Pattern[str]
    animals: re.Pattern[str]
    people: re.Pattern[str]
    unknown_drugs: re.Pattern[str]
    cited: re.Pattern[str]
    dose_columns: re.Pattern[str]
    route_columns: re.Pattern[str]
    indication_columns: re.Pattern[str]
    earlier_columns: re.Pattern[str]
    approved: re.Pattern[str]
    off_label: re.Pattern[str]
    unapproved: re.Pattern[str]
    regulators: re.Pattern[str]
    boxed_warning: re.Pattern[str]
    higher_risk: re.Pattern[str]
    lower_risk: re.Pattern[str]
    same_risk: re.Pattern[str]
    common_events: re.Pattern[str]
    none_met: re.Pattern[str]
    none_met_after: re.Pattern[str]
    compared: re.Pattern[str]
    responders: re.Pattern[str]
    reached: re.Pattern[str]


# How a list's patterns are held to the text: “{}” stands for any one of them.
_BACK = (
    r"(?:^|[\s(])(?:{})[\s(,]+"
    r"(?:(?:the|a|an|to|of|with|or|and|oral|topical|either|at|least|one|drug|doses?)[\s,]+){{0,3}}$"
)
_FRAMES = {
    "background": _BACK,
    "besides": _BACK,
    "background_after": r"[\s-]?(?:{})\b",
    "joints": r"(?:[\s(\[,:;=–—/-]|(?:{})\b)*",
    "measured": r"(?:{})$",
    **dict.fromkeys(("dose_columns", "route_columns", "indication_columns", "earlier_columns"), r"\b(?:{})\b"),
}
_IDS = ("doseless", "treated")
_CASE_COUNTS = ("unknown_drugs", "with_letters")


def load_cues(path: Path = FILE) -> Cues:
    """Return the compiled cues.

    Raises:
        VocabularyError: the file cannot be read, lacks a list, or holds a malformed pattern.
    """
    try:
        read = _CuesFile.model_validate(load_yaml(path))
        lists = {field.name: getattr(read, field.name) for field in fields(Cues) if field.name not in _IDS}
        patterns = {name: _compiled(name, patterns) for name, patterns in lists.items()}
        return Cues(doseless=read.doseless, treated=read.treated, **patterns)
    except (ValidationError, re.error) as error:
        raise VocabularyError(f"{path.name} is malformed ({error}); mend it or reinstall Posology.") from error


def _compiled(name: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(patterns)
    framed = _FRAMES.get(name, "{}").format(either)
    return re.compile(framed, 0 if name in _CASE_COUNTS else re.IGNORECASE)
