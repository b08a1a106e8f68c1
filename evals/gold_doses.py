"""Gold for extracted doses: a JSON list of what a person read off documents, one record a dose statement.

A record has `source` (a file's name or a document's id), `drug`, `route`, `indication`, and `normalised`: a list of
regimens with `amount_min`, `amount_max`, `unit` and `frequency`. A record without any regimen gives no dose and is left
out; a route or frequency with a "not" in it ("oral (not printed)", "not stated") counts as not stated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from corpus import dose_words
from corpus.errors import UnreadableFileError

_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
_UNIT = re.compile(r"[^\s(]+")


class _Regimen(BaseModel):
    model_config = ConfigDict(frozen=True)

    amount_min: float
    amount_max: float
    unit: str
    frequency: str | None = None


class _Record(BaseModel):
    """A record of a gold file; keys that are not needed here are let pass."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    source: str
    drug: str
    route: str | None = None
    indication: str | None = None
    normalised: tuple[_Regimen, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldDose:
    """One regimen of a drug that a source gives, written so that the dose grammar reads it."""

    id: str
    source: str
    drug: str
    regimen: str
    route: str | None
    indication: str | None


def read_gold(path: Path) -> list[GoldDose]:
    """Return the doses of a gold file.

    Raises:
        UnreadableFileError: the file is missing, is no JSON list, or a record lacks a key.
    """
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        records = TypeAdapter(tuple[_Record, ...]).validate_python(data)
    except (OSError, ValueError, ValidationError) as error:
        raise UnreadableFileError(
            f"{path} holds no gold doses; write a JSON list of records with source, drug, route and normalised."
        ) from error
    return [dose for record in records for dose in _doses(record)]


def _doses(record: _Record) -> Iterator[GoldDose]:
    for regimen in record.normalised:
        unit = _UNIT.match(regimen.unit)
        often = regimen.frequency if regimen.frequency and not _NOT.search(regimen.frequency) else ""
        low, high = f"{regimen.amount_min:g}", f"{regimen.amount_max:g}"
        amount = low if low == high else f"{low} to {high}"
        written = " ".join(filter(None, (f"{amount} {unit[0] if unit else ''}", often)))
        yield GoldDose(record.id, record.source, record.drug, written, _route(record.route), record.indication)


def _route(text: str | None) -> str | None:
    """Return the route that a record states, and None where it says more than a route."""
    for name, pattern in dose_words.ROUTES.items():
        if text and re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            return name
    return None
