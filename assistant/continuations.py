"""Sentences that a page break, a figure or a table has cut in two, so that their end stands in the next paragraph."""

from __future__ import annotations

import re

from corpus.types import Document, Passage, PassageKind, Span
from index.library import Library
from index.texts import prose_sentences

_ENDED = re.compile(r"[.!?:;…]\W*(?:<sup>[^<]*</sup>|\[?[\d,\u2013-]+\]?)?\W*$")
_LONGEST_END = 300  # characters
_REACH = 4  # passages, such as a figure's caption or the page's furniture


def continuation(document: Document, passage: Passage, span: Span, library: Library) -> tuple[Passage, Span] | None:
    """Return where a sentence of prose goes on that has no end in its paragraph: the next paragraph's first sentence.

    None for a whole sentence, and where the next paragraph of the section is none that could end it.
    """
    if passage.kind is not PassageKind.PROSE or _ENDED.search(span.of(document.text)):
        return None
    if library.parts(passage)[-1][0] != span:
        return None
    passages = library.passages_of(document.id)
    at = next(i for i, other in enumerate(passages) if other.id == passage.id)
    for other in passages[at + 1 : at + 1 + _REACH]:
        if other.kind is PassageKind.PROSE and other.section == passage.section:
            first, text = next(iter(prose_sentences(document, other)), (None, ""))
            return (other, first) if first and len(text) <= _LONGEST_END and _ENDED.search(text) else None
    return None
