"""The editions of an open library, as answering needs them: what of a digest is said with its original's words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from corpus.edition_store import Edition, EditionStore
from corpus.editions import Attachment
from corpus.types import Span


class Editions:
    """The editions of one open library; read from its catalogue when first asked for."""

    def __init__(self, store: EditionStore) -> None:
        self._store = store

    @cached_property
    def _by_digest(self) -> dict[str, Edition]:
        return {edition.digest_id: edition for edition in self._store.all()}

    @cached_property
    def _attached(self) -> dict[str, dict[int, Attachment]]:
        return {i: {found.start: found for found in self._store.attached(i)} for i in self._by_digest}

    @cached_property
    def _superseded(self) -> dict[str, list[Span]]:
        """Return the attached spans of each original in order, those that touch joined."""
        found: dict[str, list[Span]] = {}
        for digest_id, edition in self._by_digest.items():
            spans = {place.span for found in self._attached[digest_id].values() for place in found.printed}
            joined: list[Span] = []
            for span in sorted(spans, key=lambda span: span.start):
                if joined and span.start <= joined[-1].end:
                    joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
                else:
                    joined.append(span)
            found[edition.original_id] = joined
        return found

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self._by_digest)

    def original_of(self, document_id: str) -> str | None:
        """Return the id of the original that a digest describes, or None if the document is no digest with one."""
        edition = self._by_digest.get(document_id)
        return edition.original_id if edition else None

    def pairs(self) -> list[tuple[str, str]]:
        """Return the ids of each digest and its original, by the digest's id."""
        return [(edition.digest_id, edition.original_id) for edition in self._by_digest.values()]

    def is_hidden(self, document_id: str) -> bool:
        """Return whether a document is a digest that is in the library for its original's sake only."""
        edition = self._by_digest.get(document_id)
        return edition is not None and edition.hidden

    def attachment(self, document_id: str, start: int) -> Attachment | None:
        """Return where the original says what the digest says at `start`, or None if it is not known to."""
        return self._attached.get(document_id, {}).get(start)

    def answers(self, document_id: str, start: int) -> bool:
        """Return whether a sentence or row may answer: one of a hidden digest only if its original bears it out."""
        return not self.is_hidden(document_id) or self.attachment(document_id, start) is not None

    def is_superseded(self, document_id: str, span: Span) -> bool:
        """Return whether a span of an original is said by an attached sentence or row of its digest."""
        spans = self._superseded.get(document_id) if self else None
        if not spans:
            return False
        at = bisect_right(spans, span.start, key=lambda other: other.start) - 1
        return any(span.start < other.end and other.start < span.end for other in spans[max(at, 0) : at + 2])

    def with_digests(self, documents: Iterable[str] | None) -> tuple[str, ...] | None:
        """Return the ids together with those of the digests that describe them; None stays None."""
        if documents is None:
            return None
        wanted = tuple(documents)
        digests = (e.digest_id for e in self._by_digest.values() if e.original_id in wanted)
        return tuple(dict.fromkeys((*wanted, *digests)))

    def telling(self, original_id: str, span: Span) -> list[tuple[str, Attachment]]:
        """Return the attachments to an original, each with its digest's id, that have a place of exactly this span."""
        return [pair for pair in self._of(original_id) if any(place.span == span for place in pair[1].printed)]

    def said_at(self, original_id: str, spans: Iterable[Span]) -> list[tuple[str, Attachment]]:
        """Return the attachments to an original, each with its digest's id, all of whose places are among `spans`."""
        cited = set(spans)
        return [pair for pair in self._of(original_id) if cited.issuperset(place.span for place in pair[1].printed)]

    def _of(self, original_id: str) -> list[tuple[str, Attachment]]:
        digests = [edition.digest_id for edition in self._by_digest.values() if edition.original_id == original_id]
        return [(i, found) for i in digests for found in self._attached[i].values()]
