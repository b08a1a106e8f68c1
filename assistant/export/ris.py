"""Citations → RIS, the form that reference managers read: a line a field, a two-letter tag before each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.contract import Citation
from assistant.export.names import person
from assistant.export.references import NOTHING_HELD, Reference, Sources, field, references


def as_ris(citations: Iterable[Citation], held: Sources = NOTHING_HELD) -> str:
    """Return a record for each document cited, "" for none; no value can begin a field or end a record."""
    records = ("\n".join(_lines(reference)) for reference in references(citations, held))
    return "\n\n".join(records)


def _lines(reference: Reference) -> Iterator[str]:
    source = reference.source
    yield f"TY  - {'JOUR' if field(source.journal) else 'ELEC' if field(source.url) else 'GEN'}"
    values = [
        ("ID", reference.key),
        ("TI", source.title),
        *(("AU", _author(field(name))) for name in source.authors),
        ("PY", source.year),
        ("T2", source.journal),
        ("DO", source.doi),
        ("UR", source.url),
        ("AN", source.pmid),
        ("DB", "PubMed" if field(source.pmid) else None),
    ]
    for tag, value in values:
        if text := field(value):
            yield f"{tag}  - {text}"
    yield "ER  - "


def _author(name: str) -> str:
    parts = person(name)
    return name if parts is None else ", ".join(parts)
