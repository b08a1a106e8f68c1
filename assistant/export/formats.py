"""The forms in which a conversation can be written to a file, by the names under which people choose them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assistant.contract import Citation
from assistant.export.bibtex import as_bibtex
from assistant.export.references import Sources
from assistant.export.ris import as_ris
from assistant.export.transcript import as_json, as_markdown, as_text
from assistant.keeping.kept import Exchange


@dataclass(frozen=True, slots=True)
class Format:
    """A form: what it is called where people choose, how its files end, and how a conversation is written in it.

    A bibliography lists the documents cited and no answers. `write` takes the exchanges, the title, and what is known
    of the documents cited.
    """

    label: str
    suffix: str
    is_bibliography: bool
    write: Callable[[Sequence[Exchange], str, Sources], str]


def cited(exchanges: Sequence[Exchange]) -> Iterator[Citation]:
    """Yield the citations of all answers, in order."""
    return (citation for exchange in exchanges for citation in exchange.answer.citations)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "markdown": Format(
            "Markdown with footnotes", ".md", False, lambda exchanges, title, _: as_markdown(exchanges, title)
        ),
        "json": Format("JSON", ".json", False, lambda exchanges, title, _: as_json(exchanges, title)),
        "text": Format("Plain text", ".txt", False, lambda exchanges, title, _: as_text(exchanges, title)),
        "bibtex": Format(
            "References as BibTeX", ".bib", True, lambda exchanges, _, held: as_bibtex(cited(exchanges), held)
        ),
        "ris": Format("References as RIS", ".ris", True, lambda exchanges, _, held: as_ris(cited(exchanges), held)),
    }
)
