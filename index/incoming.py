"""Documents on their way into a library: what they replace, which digests come with them, how they are batched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue import Catalogue
from corpus.edit_store import edited
from corpus.types import Document, Passage, Source

PASSAGES_A_COMMIT = 2_000
"""Passages after which an import commits: bounds memory, and what is lost when it is killed."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document on its way in; `replaces` is the id of the one that it takes the place of.

    `digest` is the id of the bundled digest that describes it; a `hidden` one is such a digest itself, brought in for
    its original's sake and no document of the library. `own` is what the document says of itself, where a person said
    otherwise of the one that it replaces.
    """

    document: Document
    origin: str
    replaces: str | None = None
    added_at: str | None = None
    digest: str | None = None
    hidden: bool = False
    own: Source | None = None


Cut = tuple[Incoming, tuple[Passage, ...]]
Numbered = tuple[Incoming, list[Passage]]


def batches(cut: Iterable[Cut]) -> Iterator[list[Cut]]:
    """Yield the documents in groups that are committed together; a hidden digest stays with its original."""
    batch: list[Cut] = []
    size = 0
    for item, parts in cut:
        batch.append((item, parts))
        size += len(parts)
        if size >= PASSAGES_A_COMMIT and not item.hidden:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def as_edited(item: Incoming, catalogue: Catalogue) -> Incoming:
    """Return a document on its way in with what a person said of the one that it replaces."""
    changes = catalogue.edits.changes(item.replaces) if item.replaces else {}
    if not changes:
        return item
    own = item.document.source
    return replace(item, document=replace(item.document, source=edited(own, changes)), own=own)


def numbered(batch: Sequence[Cut], first: int) -> list[Numbered]:
    """Return the documents with ids given to their passages, from `first` on."""
    found = []
    for item, parts in batch:
        found.append((item, [replace(part, id=first + n) for n, part in enumerate(parts)]))
        first += len(parts)
    return found
