"""Gold evidence → places of a library: the span of the quote, and what an edition attaches to it in an original."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.errors import UnknownDocumentError
from corpus.types import Document, Passage, Source, Span
from evals.suite import Gold
from index.library import Library


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a document of the library."""

    document_id: str
    start: int
    end: int

    def overlaps(self, document_id: str, start: int, end: int) -> bool:
        """Return whether a span shares a character with this one."""
        return document_id == self.document_id and start < self.end and self.start < end


def span_of(quote: str, text: str) -> Span | None:
    """Return where a quote stands in a text, white space aside, or None."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    found = re.search(pattern, text) if pattern else None
    return Span(found.start(), found.end()) if found else None


def find_document(name: str, library: Library) -> Document | None:
    """Return the document of a library that goes by a name, or None.

    The name is its id or else, for documents that were added, its DOI, PMID, PMC number, or the name of its file: an id
    is given when a document is added, and the same article can have another one elsewhere.
    """
    try:
        return library.document(name)
    except UnknownDocumentError:
        called = (e.id for e in library.catalogue.entries() if name.casefold() in _names(e.id, e.path, e.source))
        found = next(called, None)
        return library.document(found) if found else None


def places_of(gold: Gold, library: Library) -> tuple[Place, ...]:
    """Return the places of a library that say what the gold says; citing any of them will do.

    That is the quote's span, those of the words that say the same and, where the library holds the original that a
    digest describes, the original's own words for it. None in a library that holds neither, or that has a hidden
    digest whose original is not known to bear the quote out.
    """
    document = find_document(gold.document, library)
    span = span_of(gold.quote, document.text) if document else None
    if document is None or span is None:
        return ()
    printed = tuple(_printed(document, span, library))
    if not printed and library.editions.is_hidden(document.id):
        return ()
    same = (other for words in gold.also if (other := span_of(words, document.text)))
    return (*(Place(document.id, found.start, found.end) for found in (span, *same)), *printed)


def sentences_of_gold(gold: Gold, library: Library) -> tuple[str, ...]:
    """Return the whole sentences and rows of the digest that a gold quote is taken from."""
    document = find_document(gold.document, library)
    span = span_of(gold.quote, document.text) if document else None
    return tuple(text for _, text in _parts(document, span, library)) if document and span else ()


def passages_of_gold(gold: Gold, library: Library) -> frozenset[int]:
    """Return the ids of the passages that hold a place of the gold, in whole or in part."""
    return frozenset(
        passage.id
        for place in places_of(gold, library)
        for passage in library.passages_of(place.document_id)
        if place.overlaps(passage.document_id, passage.start, passage.end)
    )


def documents_of_gold(gold: Gold, library: Library) -> frozenset[str]:
    """Return the ids of the documents that hold a place of the gold."""
    return frozenset(place.document_id for place in places_of(gold, library))


def merged(groups: Sequence[frozenset[int]] | Sequence[frozenset[str]]) -> list[frozenset[int | str]]:
    """Return the groups with those joined that share a member: two quotes of one passage are found together."""
    found: list[frozenset[int | str]] = []
    for group in groups:
        joined: frozenset[int | str] = frozenset(group)
        apart = []
        for other in found:
            if other & joined:
                joined |= other
            else:
                apart.append(other)
        found = [*apart, joined]
    return [group for group in found if group]


def _names(identity: str, path: str | None, source: Source) -> frozenset[str]:
    """Return what a document goes by, folded; the last part of its address is a PMC number or a label's set id."""
    file = (path or "").rpartition("/")[2]
    address = (source.url or "").rstrip("/").rpartition("/")[2]
    return frozenset(name.casefold() for name in (identity, file, source.doi, source.pmid, address) if name)


def _parts(document: Document, span: Span, library: Library) -> Iterator[tuple[Span, str]]:
    for passage in _touching(document, span, library):
        for part, text in library.parts(passage):
            if part.start < span.end and span.start < part.end:
                yield part, text


def _touching(document: Document, span: Span, library: Library) -> Iterator[Passage]:
    for passage in library.passages_of(document.id):
        if passage.start < span.end and span.start < passage.end:
            yield passage


def _printed(document: Document, span: Span, library: Library) -> Iterator[Place]:
    original = library.editions.original_of(document.id)
    for part, _ in _parts(document, span, library) if original else ():
        if original and (attached := library.editions.attachment(document.id, part.start)):
            yield from (Place(original, place.span.start, place.span.end) for place in attached.printed)
