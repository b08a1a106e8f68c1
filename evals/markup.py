"""HTML and SVG as trees of elements: whatever text goes in comes out escaped, so questions may hold markup.

The tree is the standard library's; this adds a way to write it down that looks like what it makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

from corpus.text import clean

Child = Element | str | None


def element(name: str, /, *children: Child, **attributes: str | float | None) -> Element:
    """Return an element; `class_` and `aria_label` become `class` and `aria-label`, and what is None is left out."""
    made = Element(name, {_attribute(key): _text(value) for key, value in attributes.items() if value is not None})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child:
            _append_text(made, clean(child))
    return made


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    """Return a table whose first column names its rows; the other columns hold figures."""
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    body = (
        element("tr", element("th", cells[0], scope="row"), *(element("td", cell) for cell in cells[1:]))
        for cells in rows
    )
    return element("table", element("caption", caption), element("thead", head), element("tbody", *body))


def folded(summary: Child, *children: Child, class_: str | None = None) -> Element:
    """Return a part of the page that opens at a click or key."""
    return element("details", element("summary", summary), *children, class_=class_)


def document(root: Element) -> str:
    """Return a whole HTML page."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: str | float | None) -> str:
    return clean(value) if isinstance(value, str) else f"{value:.6g}"
