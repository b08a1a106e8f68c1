"""Bytes → element tree, for XML from anywhere: no entities, no network, no document type, bounded depth and text.

An entity can multiply into gigabytes or read a file of this machine, so a file that declares one is refused rather
than read without it: leaving something out of a dose table silently would be worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.entities import html5

from lxml import etree

from corpus.errors import UnreadableFileError

DEEPEST = 100
"""Levels of nesting above which a file is refused; an article has about 20."""


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Return the root of an XML file; `name` is the file's name in error messages.

    Raises:
        UnreadableFileError: it declares entities, is not well-formed, or is nested too deeply.
    """
    refuse_entities(data, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        reason = str(error).split(", line")[0].rstrip(".") or "cannot be parsed"
        place = f" at line {error.lineno}" if isinstance(error, etree.XMLSyntaxError) and error.lineno else ""
        raise UnreadableFileError(
            f"{name} is damaged or cut off: its XML breaks{place} ({reason}); download it again and add that."
        ) from error
    refuse_depth(root, name)
    return root


def refuse_entities(data: bytes, name: str) -> None:
    """Raise an error if XML declares entities of its own, in whatever encoding."""
    if b"<!ENTITY" in data.replace(b"\x00", b""):
        raise UnreadableFileError(
            f"{name} declares XML entities, which can hide an attack; save it without them and add that."
        )


def refuse_depth(root: etree._Element, name: str) -> None:
    """Raise an error if a tree is nested deeper than any document is."""
    level: list[etree._Element] = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise UnreadableFileError(f"{name} is nested too deeply to be a document; save it as text and add that.")


def tag_of(element: etree._Element) -> str:
    """Return an element's name without its namespace; comments and the like have the name ""."""
    tag: object = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def entity_text(element: etree._Element) -> str:
    """Return what an entity that nothing declares stands for in HTML ("&alpha;"), or the reference as it is."""
    if element.tag is not etree.Entity:
        return ""
    reference = str(element.text)
    return html5.get(reference[1:], reference)


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Yield the children with one of these names, in whatever namespace, in order."""
    for child in () if element is None else element:
        if tag_of(child) in names:
            yield child


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element at the end of a path of names below `element`, or None."""
    for name in path:
        element = next(children(element, name), None)
    return element


def descendants(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Yield everything below `element` with one of these names, in order."""
    for found in () if element is None else element.iter():
        if tag_of(found) in names:
            yield found


def bare_text(element: etree._Element | None) -> str:
    """Return all text in an element with white space folded, "" for none. Not for text with superscripts."""
    return "" if element is None else " ".join("".join(_texts(element)).split())


def _texts(element: etree._Element) -> Iterable[str]:
    return (str(text) for text in element.itertext() if isinstance(text, str))
