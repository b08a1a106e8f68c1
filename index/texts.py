"""What is indexed of a passage: its text with the context that a reader of the page would have."""

from __future__ import annotations

from corpus.passages import labelled_row
from corpus.sentences import sentences
from corpus.text import without_markup
from corpus.types import Document, Passage, PassageKind, Span


def passage_text(document: Document, passage: Passage) -> str:
    """Return a passage as a person reads it: markup gone, a table row with its caption and column names."""
    if passage.table is not None and passage.row is not None:
        table = document.tables[passage.table]
        return f"{table.caption}: {labelled_row(table, passage.row)}"
    return without_markup(document.text[passage.start : passage.end])


def embedding_text(document: Document, passage: Passage) -> str:
    """Return what is embedded: the innermost section title, then the passage."""
    section = passage.section.rsplit(" > ", 1)[-1] or document.source.title
    return f"{section}. {passage_text(document, passage)}"


def prose_sentences(document: Document, passage: Passage) -> list[tuple[Span, str]]:
    """Return the sentences of a passage of prose, each with its text as a person reads it; of others nothing."""
    if passage.kind is not PassageKind.PROSE:
        return []
    spans = sentences(document.text, passage.start, passage.end)
    return [(span, without_markup(span.of(document.text))) for span in spans]
