"""Citations → BibTeX. Whatever a document's title or authors hold, LaTeX prints it and runs none of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from assistant.contract import Citation
from assistant.export.names import person
from assistant.export.references import NOTHING_HELD, Reference, Sources, field, references

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # not \{, which BibTeX counts as an open brace
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
_SPECIALS = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")
_OF_ADDRESSES = "!$&'()*+,-./:;<=>?@#_%[]~"  # what stays as it is in a DOI or an address, which are taken verbatim


def as_bibtex(citations: Iterable[Citation], held: Sources = NOTHING_HELD) -> str:
    """Return an entry for each document cited, "" for none; the key is the document's id where BibTeX takes it."""
    return "\n\n".join(_entry(reference) for reference in references(citations, held))


def _entry(reference: Reference) -> str:
    source = reference.source
    fields = {
        "title": f"{{{title}}}" if (title := _escaped(source.title)) else "",  # its own braces keep its capitals
        "author": " and ".join(_author(name) for name in _names(source.authors)),
        "year": _escaped(source.year),
        "journal": _escaped(source.journal),
        "doi": _verbatim(source.doi),
        "url": _verbatim(source.url),
        "pmid": _escaped(source.pmid),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{'article' if fields['journal'] else 'misc'}{{{reference.key},\n" + ",\n".join(lines) + "\n}"


def _names(authors: Iterable[str]) -> Iterator[str]:
    return (name for author in authors if (name := field(author)))


def _author(name: str) -> str:
    """Return a person's name with the family name first; any other in braces, so that it is not taken apart."""
    parts = person(name)
    if parts is None or any(re.search(r"\band\b", part, re.IGNORECASE) for part in parts):
        return f"{{{_escaped(name)}}}"
    return ", ".join(_escaped(part) for part in parts)


def _escaped(value: object) -> str:
    return _SPECIALS.sub(lambda found: _SPECIAL[found.group()], field(value))


def _verbatim(value: object) -> str:
    return quote(field(value), safe=_OF_ADDRESSES)
