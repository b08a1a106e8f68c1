"""What a PDF says about itself: title, authors, year, DOI and PMID, from its information fields and its first page.

The fields are often left over from a template or a word processor, so a title counts only if the first page prints it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.text import words

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>,;]+[^\s\"<>,;.)\]]")
_PMID = re.compile(r"\bPMID:?\s*(\d{6,9})\b")
_YEAR = re.compile(
    r"(?:©|\(c\)|copyright|published(?:\s+online)?|accepted|available\s+online)\D{0,40}?((?:19|20)\d\d)"
    r"|\b((?:19|20)\d\d)(?:\s+\w{3,9})?(?:\s+\d{1,2})?\s*;\s*\d{1,4}",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\.(?:docx?|indd|pdf|tex|qxd|rtf|dvi)\b|^microsoft|^untitled|^powerpoint|^layout", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:;|,|\band\b|&)\s*")
_MOST_AUTHORS = 60


def described(fields: Mapping[str, str], front: str, largest: str | None) -> dict[str, object]:
    """Return a document's metadata as far as it gives it.

    `fields` are the PDF's information fields, `front` the text of its first page, `largest` its largest heading.
    """
    found: dict[str, object] = {}
    title = " ".join(fields.get("Title", "").split())
    printed = len(title.split()) > 1 and not _PROGRAM.search(title) and _is_printed(title, front)
    if chosen := title if printed else largest:
        found["title"] = chosen
    authors = [name for name in _BETWEEN_NAMES.split(fields.get("Author", "").strip()) if len(name.split()) > 1]
    if authors and all(_is_printed(name.split()[-1], front) for name in authors[:1]):
        found["authors"] = authors[:_MOST_AUTHORS]
    info = " ".join((front, fields.get("Subject", ""), fields.get("Keywords", "")))
    if doi := _DOI.search(info):
        found["doi"] = doi.group().rstrip("/")
    pmids = set(_PMID.findall(front))
    if len(pmids) == 1:
        found["pmid"] = pmids.pop()
    if year := _YEAR.search(info):
        found["year"] = int(year.group(1) or year.group(2))
    return found


def _is_printed(text: str, front: str) -> bool:
    return words(text).replace(" ", "") in words(front).replace(" ", "")
