"""`posology facts accept | reject | correct | reopen`: what a person decides on facts that were found by rule.

A decision is kept by the words that the fact was read from: it holds again when the library is rebuilt or the document
is added anew. A rejected fact is neither listed nor used; an accepted or corrected one counts like a curated one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.commands.terminal import note, open_session, write
from assistant.selection import kinds, own_fields
from corpus.catalogue import Catalogue
from corpus.dosing import parse
from corpus.errors import PosologyError
from corpus.fact_store import Decision
from corpus.facts import AnyFact
from corpus.terms import Vocabulary
from corpus.words import fold_name

_DECISIONS: dict[str, Decision] = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
ACTIONS = (*_DECISIONS, "reopen")
_NAMES = {
    "drug": ("drug",),
    "drugs": ("drug",),
    "indication": ("disease", "event"),
    "event": ("event", "disease"),
    "population": ("population",),
    "route": ("route",),
    "measure": ("measure",),
}
"""Fields that hold ids of the vocabulary, with the categories that their names may be of."""


class ReviewError(PosologyError):
    """A decision on an extracted fact cannot be kept as it was typed."""

    exit_code = 2


def review(words: tuple[str, ...], path: Path | None) -> None:
    """Keep a decision: an action, ids of extracted facts, and for `correct` the fields that are to read otherwise."""
    action, *rest = words
    if action not in ACTIONS:
        raise ReviewError(f"There is no action {action!r}; write {', '.join(ACTIONS)}, or options only to list facts.")
    changes = dict(_split(word) for word in rest if "=" in word)
    ids = [word for word in rest if "=" not in word]
    if not ids or bool(changes) != (action == "correct"):
        wanted = 'ID field=value…, such as regimen="5 mg twice daily"' if action == "correct" else "ID…"
        raise ReviewError(f"{action} needs other words; write `posology facts {action} {wanted}`.")
    session = open_session(path)
    with session.library() as library:
        vocabulary = library.vocabulary
    with session.writer() as writer:
        found = [_fact(beginning, writer.catalogue) for beginning in ids]
        decided = [(_changed(body, changes, vocabulary), mark) for body, mark in found]
        with writer.catalogue.transaction():
            for body, mark in decided:
                if action == "reopen":
                    writer.catalogue.fact_store.undecide(mark)
                else:
                    writer.catalogue.fact_store.decide(mark, _DECISIONS[action], body)
    for body, _ in decided:
        write(f"{_DECISIONS.get(action, 'reopened'):9}  {body['id']}  {_summary(body, vocabulary)}")
    note(f"{len(decided)} decided; `posology facts reopen ID` takes a decision back")


def _split(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name.strip(), value.strip()


def _fact(beginning: str, catalogue: Catalogue) -> tuple[dict[str, Any], str]:
    found = catalogue.fact_store.find_extracted(beginning)
    if len(found) == 1:
        return found[0]
    listing = "`posology facts --origin extracted` lists them with their ids"
    if not found:
        raise ReviewError(f"No extracted fact has an id that begins with {beginning!r}; {listing}.")
    raise ReviewError(f"{len(found)} extracted facts have ids that begin with {beginning!r}; write more of it.")


def _changed(body: dict[str, Any], changes: dict[str, str], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a fact with changes made to it, names of the vocabulary turned into its ids.

    Raises:
        ReviewError: there is no such field, or its value can't be what it holds.
    """
    model = kinds()[body["kind"]]
    known = (*own_fields(model), "note")
    for name in changes:
        if name not in known:
            raise ReviewError(f"A {body['kind']} fact has no field {name!r}; write one of {', '.join(known)}.")
    values: dict[str, Any] = {name: _value(name, text, vocabulary) for name, text in changes.items()}
    if "drugs" in values:
        values["drugs"] = [values["drugs"]]
    try:
        fact: AnyFact = TypeAdapter(AnyFact).validate_python({**body, **values})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise ReviewError(f"{where} can't be that ({first['msg']}); write another value.") from error
    return fact.model_dump(mode="json") if changes else body


def _value(name: str, text: str, vocabulary: Vocabulary) -> str | None:
    if not text:
        return None
    if name == "regimen":
        read = parse(text)
        if len(read) != 1 or read[0].regimen.frequency is None:
            raise ReviewError(f'{text!r} is not read as one regimen; write it as "5 mg twice daily".')
        return read[0].regimen.text()
    if name not in _NAMES:
        return text
    ids = vocabulary.names.get(fold_name(text), (text,))
    fitting = [i for i in ids if i in vocabulary.terms and vocabulary.terms[i].category in _NAMES[name]]
    if len(fitting) != 1:
        raise ReviewError(f"{text!r} is no name of one {_NAMES[name][0]} that is known; write another name for it.")
    return fitting[0]


def _summary(body: dict[str, Any], vocabulary: Vocabulary) -> str:
    return ", ".join(_told(body, vocabulary))


def _told(body: dict[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    for name in own_fields(kinds()[body["kind"]]):
        value = body.get(name)
        parts = value if isinstance(value, list) else [value]
        texts = [str(part) for part in parts if part not in (None, "", "not stated", False)]
        yield from (vocabulary.terms[text].name if text in vocabulary.terms else text for text in texts)
