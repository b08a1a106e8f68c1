"""Formulas → text on one line, so that no exponent is read as a digit: MathML by its structure, TeX as it stands."""

from __future__ import annotations

import re

from corpus.readers.flow import Element
from corpus.readers.parsed import bare_text, descendants, tag_of
from corpus.readers.scripts import superscript

_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_JOINTS = {"mfrac": "/", "msub": "_", "msup": "^", "munder": "_", "mover": "^", "msubsup": "_"}


def formula_text(element: Element) -> str:
    """Return a formula as one line: "10⁹", "a/b", or its TeX between dollar signs."""
    for math in descendants(element, "math"):
        return _math(math)
    for tex in descendants(element, "tex-math"):
        source = bare_text(tex)
        found = _BODY.search(source)
        return "$" + (found.group(1) if found else source).strip().strip("$").strip() + "$"
    return bare_text(element)


def _math(element: Element) -> str:
    parts = [_math(part) for part in element if tag_of(part) not in ("annotation", "annotation-xml")]
    tag = tag_of(element)
    if not parts:
        return bare_text(element)
    if tag == "msup" and len(parts) == 2:
        raised = superscript(parts[1], parts[0])
        return parts[0] + (raised if _RAISED.fullmatch(raised) else f"^({parts[1]})")
    if tag in _JOINTS:
        return _JOINTS[tag].join(f"({part})" if re.search(r"[\s+*/=−-]", part) else part for part in parts)
    return "".join(parts)
