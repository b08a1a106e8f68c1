"""The documents that answers cite, as entries of a reference list: one each, under keys that stay the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.contract import Citation
from corpus.text import clean, one_line
from corpus.types import Source

if TYPE_CHECKING:
    from corpus.catalogue import Catalogue, Entry


@dataclass(frozen=True, slots=True)
class Held:
    """What a library knows of a document, and the titles that it had before."""

    source: Source
    former_titles: frozenset[str] = frozenset()


Sources = Mapping[str, Held]
"""What is known of documents, by their ids."""

NOTHING_HELD: Sources = MappingProxyType({})

_PLAIN_KEY = re.compile(r"[a-z][a-z0-9.-]*")
_HASHED_KEY = re.compile(r".*-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A document in a reference list; `key` is its own whatever else the list holds."""

    key: str
    source: Source


def sources_held(catalogue: Catalogue) -> dict[str, Held]:
    """Return the bibliographic description of each document of a library, by its id."""
    return sources_of(catalogue.entries(hidden=True))


def sources_of(entries: Iterable[Entry]) -> dict[str, Held]:
    """Return what is known of documents by each of their ids, former ones too."""
    return {
        identity: Held(entry.source, frozenset(entry.former_titles))
        for entry in entries
        for identity in (*entry.former_ids, entry.id)
    }


def references(citations: Iterable[Citation], held: Sources = NOTHING_HELD) -> tuple[Reference, ...]:
    """Return a reference for each cited document, in the order in which they were cited first.

    What `held` says of a document counts if it has or had the title that was cited; else the citation is all there is.
    """
    found: dict[str, Reference] = {}
    for citation in citations:
        known = held.get(citation.document_id)
        is_it = known is not None and citation.title in (known.source.title, *known.former_titles)
        source = known.source if known and is_it else Source(citation.title, year=citation.year)
        found.setdefault(citation.document_id, Reference(_key(citation.document_id), source))
    return tuple(found.values())


def field(value: object) -> str:
    """Return a value as one line without control characters, "" for None: no field begins another."""
    return "" if value is None else one_line(clean(str(value)))


def _key(document_id: str) -> str:
    """Return a document's id, or, where a reference manager might not take it, a like one that no other document has.

    Keys differ in more than case, since BibTeX takes `a` and `A` for the same.
    """
    if _PLAIN_KEY.fullmatch(document_id) and not _HASHED_KEY.fullmatch(document_id):
        return document_id
    plain = re.sub(r"[^a-z0-9.]+", "-", document_id.lower()).strip("-.")
    plain = plain if _PLAIN_KEY.match(plain) else f"document-{plain}".rstrip("-")
    return f"{plain}-{hashlib.sha256(document_id.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
