"""Which documents may answer: chosen by id, year, kind and study design, with a reason for each that is left out.

A document whose year, kind or design is not known is left out wherever that is asked for: to let it in would be a
guess. A digest and the original that it describes go together, as the original is described.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.catalogue import Entry
from corpus.describing import Describer, load_describer
from corpus.errors import PosologyError, UnknownDocumentError

_YEARS = re.compile(r"(?P<first>\d{4})?\s*(?P<range>-|–|\.\.)?\s*(?P<last>\d{4})?")
_UNKNOWN = "unknown"
EXAMPLE = 'year=2019- kind=review design="randomised trial" document=ID'
"""What narrows the documents, as it is typed."""

_MOST_NAMED = 12
_MOST_IDS = 8


class NarrowingError(PosologyError):
    """What was asked for as a filter names nothing, or leaves no document."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What documents have to be: one of each of these, where any are given. `years` are first and last, inclusive."""

    documents: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    kinds: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return bool(self.documents or self.years or self.kinds or self.designs)


@dataclass(frozen=True, slots=True)
class Described:
    """What a document is, as far as it is known."""

    year: int | None
    kind: str | None
    design: str | None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The ids of the documents that may answer, None for all of them, and those left out, each with the reason."""

    used: tuple[str, ...] | None = None
    left_out: tuple[tuple[str, str], ...] = ()

    def told(self) -> Iterator[str]:
        """Yield in words what is left out: how many documents, then a line a reason with their ids."""
        if self.used is None or not self.left_out:
            return
        yield f"{len(self.left_out)} of {len(self.left_out) + len(self.used)} documents are left out:"
        by_reason = sorted(self.left_out, key=lambda pair: pair[1])
        for reason, pairs in groupby(by_reason, key=lambda pair: pair[1]):
            ids = [identity for identity, _ in pairs]
            more = f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
            yield f"  {reason}: {', '.join(ids[:_MOST_IDS])}{more}"


def narrowing_of(text: str) -> Narrowing:
    """Return what a line such as `year=2019- design="randomised trial"` asks for; of a name given twice either will do.

    Raises:
        NarrowingError: it is no such line.
    """
    try:
        parts = [part.partition("=") for part in shlex.split(text)]
    except ValueError as error:
        raise NarrowingError(f"{text!r} leaves a quotation mark open; close it.") from error
    typed: dict[str, list[str]] = {"document": [], "year": [], "kind": [], "design": []}
    for name, _, value in parts:
        if name not in typed or not value:
            raise NarrowingError(f"There is no filter {name!r}; write {EXAMPLE}.")
        typed[name].append(value)
    years = tuple(map(years_named, typed["year"]))
    return Narrowing(tuple(typed["document"]), years, tuple(typed["kind"]), tuple(typed["design"]))


def years_named(text: str) -> tuple[int, int]:
    """Return the first and last year of "2019", "2015-2020", "2019-" or "-2015".

    Raises:
        NarrowingError: it is none of these.
    """
    found = _YEARS.fullmatch(text.strip())
    first, last = (found["first"], found["last"]) if found else (None, None)
    if found is None or not (first or last) or (first and last and not found["range"]):
        raise NarrowingError(f"{text!r} is no year or range of years; write 2019, 2015-2020, 2019- or =-2015.")
    if not found["range"]:
        last = first
    years = int(first or 0), int(last or 9999)
    if years[0] > years[1]:
        raise NarrowingError(f"{text!r} ends before it begins; write {last}-{first}.")
    return years


def describe(entries: Iterable[Entry], describer: Describer | None = None) -> dict[str, Described]:
    """Return what each document is, by its id."""
    rules = describer or load_describer()
    return {e.id: Described(e.source.year, rules.kind(e.source), rules.design(e.source)) for e in entries}


def narrow(entries: Sequence[Entry], asked: Narrowing, originals: Mapping[str, str]) -> Narrowed:
    """Return which documents are all that is asked for; `originals` are the ids of originals by their digests'.

    Raises:
        UnknownDocumentError: an id is no document's.
        NarrowingError: no document is of a kind or design, or none is all that is asked for; says what there is.
    """
    if not asked:
        return Narrowed()
    rules = load_describer()
    known = describe(entries, rules)
    names = {former: entry.id for entry in entries for former in (*entry.former_ids, entry.id)}
    documents = {_known_id(text, names) for text in asked.documents}
    documents |= {i for pair in originals.items() if documents & set(pair) for i in pair}
    kinds = {_named(text, "kind", rules.kind_named(text), [d.kind for d in known.values()]) for text in asked.kinds}
    shown = [wide for d in known.values() for wide in (rules.wider(d.design) if d.design else [None])]
    designs = {_named(text, "design", rules.design_named(text), shown) for text in asked.designs}

    def reason(described: Described) -> str | None:
        """Return why a document is left out, or None if it is all that is asked for."""
        if asked.years and not any(a <= (described.year or -1) <= b for a, b in asked.years):
            return _why("year", described.year)
        if kinds and described.kind not in kinds:
            return _why("kind", described.kind)
        if designs and not (described.design and designs & set(rules.wider(described.design))):
            return _why("design", described.design)
        return None

    left_out: dict[str, str] = {}
    for entry in entries:
        why = "not named" if documents and entry.id not in documents else None
        if why := why or reason(known.get(originals.get(entry.id, ""), known[entry.id])):
            left_out[entry.id] = why
    used = tuple(entry.id for entry in entries if entry.id not in left_out)
    if not used:
        raise NarrowingError(f"No document is all that is asked for; {_what_there_is(asked, known)}.")
    return Narrowed(used, tuple(left_out.items()))


def _why(what: str, value: object) -> str:
    return f"{what} {value}" if value is not None else f"{what} unknown"


def _known_id(text: str, names: Mapping[str, str]) -> str:
    if text not in names:
        raise UnknownDocumentError(
            f"The library holds no document {text!r}; `posology list` shows the ids that it holds."
        )
    return names[text]


def _named(text: str, what: str, named: str | None, there: Sequence[str | None]) -> str:
    """Return the kind or design that a text is a name of, as documents are described."""
    found = named or text.strip().casefold()
    if found not in there:
        raise NarrowingError(f"No document is of the {what} {text!r}; the library holds {_counted(there)}.")
    return found


def _what_there_is(asked: Narrowing, known: Mapping[str, Described]) -> str:
    """Return what documents there are in the respects that were asked about."""
    parts = []
    if asked.years:
        parts.append(f"by year there are {_counted([d.year for d in known.values()])}")
    if asked.kinds:
        parts.append(f"by kind {_counted([d.kind for d in known.values()])}")
    if asked.designs:
        parts.append(f"by design {_counted([d.design for d in known.values()])}")
    there = ", ".join(parts) or f"there are {', '.join(list(known)[:_MOST_NAMED])}"
    return f"{there}; ask for less at once, or see `posology list`"


def _counted(values: Iterable[object]) -> str:
    """Return how often each value occurs, the known ones first, in order: "2019 (2), 2021 (1), unknown (3)"."""
    counts = Counter(values)
    unknown = counts.pop(None, 0)
    listed = [f"{value} ({count})" for value, count in sorted(counts.items(), key=lambda pair: str(pair[0]))]
    if len(listed) > _MOST_NAMED:
        listed = [*listed[:_MOST_NAMED], f"{len(listed) - _MOST_NAMED} others"]
    return ", ".join([*listed, *([f"{_UNKNOWN} ({unknown})"] if unknown else [])]) or "no document"
