"""`posology facts`: the structured facts of a library, filtered, as tables, JSON or CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, get_args

from assistant.commands.fact_forms import as_csv, as_json, as_tables
from assistant.commands.terminal import note, open_session, width, write
from assistant.naming import CATEGORIES, UnknownNameError, meanings, nearest, widest
from assistant.selection import Wanted, kinds, select
from corpus.facts import Origin
from corpus.terms import Vocabulary
from corpus.words import fold_name
from index.library import Library

_WIDEST = 240  # columns; wider tables are hard to follow from one end to the other

Asked = Mapping[str, tuple[str, ...]]
"""What was typed for each option."""


def list_facts(asked: Asked, form: Literal["table", "json", "csv"], path: Path | None) -> None:
    """Print the facts that match every option that was given, and one of its values."""
    known = tuple(kinds())
    _check("kind", asked["kind"], known)
    _check("origin", asked["origin"], get_args(Origin))
    with open_session(path).library() as library:
        vocabulary = library.vocabulary
        wanted = _wanted(asked, library, known)
        found = list(select(library, wanted))
        has_facts = bool(found) or any(library.facts(kind) for kind in known)
    if form == "json":
        write(as_json(found))
    elif form == "csv":
        write(as_csv(found, wanted.kinds, vocabulary))
    elif found:
        write(as_tables(found, vocabulary, width(_WIDEST), on_terminal()))
    count = f"{len(found)} {'fact' if len(found) == 1 else 'facts'} in {library.path}"
    note(count if found else _nothing(asked, has_facts, library.path))


def on_terminal() -> bool:
    """Return whether a person reads standard output on a terminal."""
    return sys.stdout.isatty()


def _wanted(asked: Asked, library: Library, known: tuple[str, ...]) -> Wanted:
    """Return what the options ask for; says on standard error where a name was taken for more than one thing."""
    for identity in asked["document"]:
        library.document(identity)  # raises for an unknown id
    groups = []
    for option in CATEGORIES:
        ids: set[str] = set()
        for text in asked[option]:
            found = meanings(text, option, library.vocabulary)
            _say_how_read(text, found, library.vocabulary, bool(asked["route"]))
            ids.update(found)
        groups.append(frozenset(ids))
    return Wanted(
        kinds=tuple(kind for kind in known if kind in asked["kind"] or not asked["kind"]),
        concepts=tuple(group for group in groups if group),
        documents=frozenset(asked["document"]),
        origins=frozenset(asked["origin"]),
    )


def _say_how_read(text: str, ids: Iterable[str], vocabulary: Vocabulary, has_route: bool) -> None:
    names = widest(ids, vocabulary)
    if len(names) > 1:
        note(f"{text!r} may mean {' or '.join(names)}; facts on each are listed.")
    route = vocabulary.brand_routes.get(fold_name(text))
    if route and not has_route:
        note(f"{text!r} is {' or '.join(names)}, {route}; add --route {route} to leave out its other routes.")


def _check(option: str, given: Iterable[str], known: tuple[str, ...]) -> None:
    for value in given:
        if value not in known:
            near = nearest(value.lower(), {name: (name,) for name in known})
            raise UnknownNameError(f"There is no {option} {value!r}; write {' or '.join(near or known)}.")


def _nothing(asked: Asked, has_facts: bool, path: Path) -> str:
    if not has_facts:
        return f"{path} holds no structured facts; `posology add --bundled` puts the bundled documents and theirs in."
    options = " ".join(f"--{option} {value!r}" for option, values in asked.items() for value in values)
    return f"No fact matches {options}; leave an option out, or ask in words with `posology ask`."
