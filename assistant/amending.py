"""What a person types to describe a document → a checked description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from corpus.describing import Rule, load_describer
from corpus.errors import PosologyError
from corpus.text import clean, one_line
from corpus.types import Source

_OLDEST = 1500
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s/]+\.?\S*")


class AmendingError(PosologyError):
    """A field of a document's description cannot have the value that was typed."""

    exit_code = 2


def changes(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return fields of a description with their values as they are kept; an empty text takes a field's value away.

    Raises:
        AmendingError: there is no such field, or its value can't be that; says what it can be.
    """
    found = {}
    for name, text in typed.items():
        if name not in _READERS:
            raise AmendingError(f"A document has no field {name!r}; write one of {', '.join(_READERS)}.")
        text = one_line(clean(text))
        if not text and name == "title":
            raise AmendingError("A document can't be without a title; write one, or give back its own with --reset.")
        found[name] = _READERS[name](text) if text else ([] if name == "authors" else None)
    return found


def told(name: str, source: Source) -> str:
    """Return a field of a description as it is typed; "" for none."""
    value = getattr(source, name)
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def differences(before: Source, now: Source) -> Iterator[tuple[str, str, str]]:
    """Yield the fields in which two descriptions differ, each as it was and as it is."""
    for name in _READERS:
        if (old := told(name, before)) != (new := told(name, now)):
            yield name, old, new


def _authors(text: str) -> list[str]:
    return [name for part in text.split(";") if (name := part.strip())]


def _year(text: str) -> int:
    latest = datetime.now(UTC).year + 1
    if not re.fullmatch(r"\d{4}", text) or not _OLDEST <= int(text) <= latest:
        raise AmendingError(f"{text!r} is no year; write four digits, {_OLDEST} to {latest}.")
    return int(text)


def _doi(text: str) -> str:
    found = _DOI.fullmatch(text)
    if found is None:
        raise AmendingError(f'{text!r} is no DOI; write it as "10.1000/xyz123".')
    return found["doi"]


def _pmid(text: str) -> str:
    digits = re.sub(r"(?i)^pmid:?\s*", "", text)
    if not re.fullmatch(r"[1-9]\d{0,8}", digits):
        raise AmendingError(f"{text!r} is no PMID; write its digits alone.")
    return digits


def _url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise AmendingError(f"{text!r} is no web address; write one that begins with https://.")
    return text


def _kind(text: str) -> str:
    rules = load_describer()
    return rules.kind_named(text) or _refuse(text, "kind", rules.kinds)


def _design(text: str) -> str:
    rules = load_describer()
    return rules.design_named(text) or _refuse(text, "design", rules.designs)


def _refuse(text: str, what: str, rules: tuple[Rule, ...]) -> str:
    raise AmendingError(f"{text!r} is no {what} that is known; write {', '.join(rule.id for rule in rules)}.")


_READERS: Mapping[str, Callable[[str], Any]] = {
    "title": str,
    "authors": _authors,
    "year": _year,
    "journal": str,
    "doi": _doi,
    "pmid": _pmid,
    "url": _url,
    "kind": _kind,
    "design": _design,
}
FIELDS = tuple(_READERS)
"""What can be changed, in the order in which it is shown."""
