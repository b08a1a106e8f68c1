"""Names beyond the program's own vocabulary: from a user's YAML files, and from the drug labels of a library.

A file holds lists of records under the names of the bundled files (`drugs`, `diseases` and so on), with the same keys.
What is malformed is rejected with the file and record named; nothing of a file with a fault is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import VocabularyError
from corpus.terms import Vocabulary
from corpus.types import Document
from corpus.vocabulary_files import CATEGORIES, TermRecord, load_yaml

Terms = Mapping[str, Sequence[TermRecord]]
"""Records by the category of their terms."""

LARGEST_FILE = 5_000_000  # bytes

_FORMS = r"tablets?|capsules?|injection|cream|ointment|gel|solution|suspension|foam|lotion|kit|powder|spray|patch"
_LABEL_NAMES = re.compile(
    rf"(?P<brand>[A-Z][A-Za-z0-9]{{2,}}(?:[ -][A-Z][A-Za-z0-9]*)?)\s*[®™]?\s*"
    rf"(?:\((?P<inner>[a-z][a-z0-9 -]{{3,60}}?)(?:\)|\s+(?:{_FORMS})\b)"
    rf"|-\s+(?P<after>[a-z][a-z0-9 -]{{3,60}}?)\s+(?:{_FORMS})\b)"
)
_HEAD = 3_000  # characters of a label's text among which its names stand
_LABEL = re.compile(r"\blabel(?:l?ing)?\b|\bprescribing information\b|\bsummary of product\b", re.IGNORECASE)


def read_terms(paths: Iterable[Path]) -> dict[str, list[TermRecord]]:
    """Return the terms of YAML files, by category.

    Raises:
        VocabularyError: a file is unreadable, too large, has an unknown key, a malformed record, or an id twice.
    """
    found: dict[str, list[TermRecord]] = {}
    for path in paths:
        data = load_terms_file(path)
        for stem, records in data.items():
            if stem not in CATEGORIES:
                raise VocabularyError(f"{path.name} has the key {stem!r}; use {', '.join(CATEGORIES)}.")
            found.setdefault(CATEGORIES[stem], []).extend(_record(record, path) for record in records)
    ids = [record.id for records in found.values() for record in records]
    if twice := next((i for i in ids if ids.count(i) > 1), None):
        raise VocabularyError(f"Your vocabulary uses the id {twice!r} twice; give one of them another id.")
    return found


def load_terms_file(path: Path) -> dict[str, list[object]]:
    """Return a user's file as lists by key.

    Raises:
        VocabularyError: the file is unreadable, too large, or holds something else.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise VocabularyError(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB; split it.")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise VocabularyError(f"{path} cannot be read ({reason}); check the path and its permissions.") from error
    data = load_yaml(path, "mend it and add it again")
    if not isinstance(data, dict) or not all(isinstance(records, list) for records in data.values()):
        raise VocabularyError(f"{path.name} is no vocabulary; write lists of records under {', '.join(CATEGORIES)}.")
    return {str(stem): records for stem, records in data.items()}


def label_terms(document: Document, vocabulary: Vocabulary) -> list[TermRecord]:
    """Return the drug that a drug label is about, as a term, where the vocabulary knows neither of its names."""
    if not _LABEL.search(document.source.kind or ""):
        return []
    names = _LABEL_NAMES.search(f"{document.source.title}\n{document.text[:_HEAD]}")
    if names is None:
        return []
    generic = " ".join((names["inner"] or names["after"]).split())
    identity = re.sub(r"[^a-z0-9]+", "-", generic).strip("-")
    if vocabulary.find(generic) or vocabulary.find(names["brand"]) or identity in vocabulary.terms:
        return []
    return [TermRecord(id=identity, name=generic, brands=(names["brand"],))]


def as_json(terms: Terms) -> str:
    """Return terms as JSON, the same for the same terms."""
    plain = {category: [record.model_dump() for record in records] for category, records in terms.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> dict[str, list[TermRecord]]:
    """Return terms from what `as_json` made."""
    return {category: [TermRecord(**record) for record in records] for category, records in json.loads(text).items()}


def _record(data: object, path: Path) -> TermRecord:
    try:
        return TermRecord.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VocabularyError(f"{path.name}: {where}: {first['msg']}; correct {str(data)[:60]!r}.") from error
