"""XML → documents: which vocabulary a file is written in, by its root element."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import UnreadableFileError
from corpus.readers.html import read_page
from corpus.readers.jats import read_jats
from corpus.readers.medline import read_medline
from corpus.readers.parsed import descendants, parse_xml, tag_of
from corpus.readers.spl import read_spl
from corpus.readers.structure import Structure

_MEDLINE = frozenset(
    {"PubmedArticleSet", "PubmedArticle", "MedlineCitationSet", "MedlineCitation", "PubmedBookArticleSet"}
)


def read_xml(data: bytes, name: str) -> tuple[str, Sequence[Structure]]:
    """Return the format of an XML file and the structures of the documents in it.

    Raises:
        UnreadableFileError: it is damaged, declares entities, or is written in another vocabulary.
    """
    root = parse_xml(data, name)
    tag = tag_of(root)
    if tag in _MEDLINE:
        return "medline", read_medline(root)
    if tag == "document" and "hl7" in str(root.tag):
        return "spl", read_spl(root)
    if tag == "html":
        return "html", read_page(root)
    if any(
        tag_of(part) in ("front", "front-stub", "body") for article in descendants(root, "article") for part in article
    ):
        return "jats", read_jats(root)
    raise UnreadableFileError(
        f"{name} is XML of a kind that isn't read here (<{tag[:40]}>); save it as HTML or text and add that."
    )
