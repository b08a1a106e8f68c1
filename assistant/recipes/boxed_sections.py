"""The boxed warning as a label prints it: the sentences of the section headed so, those that name harms first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.question import Question
from corpus.anchoring import Place
from corpus.types import Document, PassageKind
from index.library import Library
from index.search import Filters, HybridSearcher

_BOXED = re.compile(r"\b(?:boxed|black[ -]box) warning", re.IGNORECASE)
_FOUND = 12  # passages among whose documents a label is looked for


def sentences(question: Question, library: Library, documents: tuple[str, ...] | None) -> list[Place]:
    """Return where the boxed warning of a drug that is asked about stands in its label, sentences with a harm first."""
    query = " ".join(("boxed warning", *question.names("drug")))
    hits = HybridSearcher(library).search(query, _FOUND, Filters(documents), question.expansions)
    terms = question.vocabulary.terms
    asked = {i for mention in question.mentions for i in mention.ids if terms[i].category == "drug"}
    for document_id in dict.fromkeys(hit.passage.document_id for hit in hits):
        document = library.document(document_id)
        titled = {i for mention in library.mentions(document.source.title) for i in mention.ids}
        if asked and asked & titled:
            return _harms_first(list(_in_box(document, library)), document, library)
    return []


def _in_box(document: Document, library: Library) -> Iterator[Place]:
    for passage in library.passages_of(document.id):
        if passage.kind is PassageKind.PROSE and _BOXED.search(passage.section):
            for span, _ in library.parts(passage):
                yield Place("", 0, document.id, passage.section, passage.locator, span.start, span.end)


def _harms_first(found: Sequence[Place], document: Document, library: Library) -> list[Place]:
    """Return the first sentence with a harm of each part of the box, then the others with one, then the rest."""
    harms = [place for place in found if _names_harm(place, document, library)]
    first = list({place.section: place for place in reversed(harms)}.values())[::-1]
    return list(dict.fromkeys((*first, *harms, *found)))


def _names_harm(place: Place, document: Document, library: Library) -> bool:
    terms = library.vocabulary.terms
    mentions = library.mentions(document.text[place.start : place.end])
    return any(terms[mention.ids[0]].category == "event" for mention in mentions)
