"""Plain text → structure. A heading is recognised by how it stands, since nothing marks it.

A heading is a short line in title case or capitals, alone between blank lines, before a paragraph of prose. A
line that only looks like one (a table cell, a name) is followed by something short, which tells them apart.
"""

from __future__ import annotations

import re

from corpus.readers.markdown import table_rows, take_text
from corpus.readers.structure import Line, Structure, lines_of

_LONGEST_HEADING = 12
_SMALL_WORDS = frozenset("a an and as at by for from in into of on or the to versus vs with".split())
_PROSE_WORDS = 8


def read_plain(text: str) -> Structure:
    """Return the structure of a plain text: headings by their look, paragraphs, lists and tab-separated tables."""
    structure = Structure(text)
    lines = list(lines_of(text))
    at = 0
    while at < len(lines):
        at = _take(structure, lines, at)
    return structure.finish()


def _take(structure: Structure, lines: list[Line], at: int) -> int:
    line = lines[at]
    if line.blank:
        return at + 1
    if _is_heading(lines, at):
        title = line.text.strip()
        structure.add_heading(1 if title.isupper() else 2, title, line.start)
        return at + 1
    if rows := table_rows(lines, at):
        structure.add_table(rows[0])
        return rows[1]
    return take_text(structure, lines, at)


def _is_heading(lines: list[Line], at: int) -> bool:
    if (at > 0 and not lines[at - 1].blank) or (at + 1 < len(lines) and not lines[at + 1].blank):
        return False
    return _reads_like_heading(lines[at].text.strip()) and _prose_follows(lines, at + 1)


def _reads_like_heading(title: str) -> bool:
    tokens = title.split()
    if len(tokens) > _LONGEST_HEADING or "\t" in title or title[-1:] in ".,;:!?" or not title[:1].isalnum():
        return False
    if not re.search(r"[A-Za-z]{3}", title):
        return False
    if title.isupper():
        return True
    main = [token for token in tokens if token.lower() not in _SMALL_WORDS and token[0].isalpha()]
    return bool(main) and sum(token[0].isupper() for token in main) >= 0.7 * len(main)


def _prose_follows(lines: list[Line], at: int) -> bool:
    """True if the next text is a paragraph of prose or a list, or another heading before one."""
    following = (line.text.strip() for line in lines[at:] if not line.blank)
    for text in following:
        if len(text.split()) >= _PROSE_WORDS or text[0] in "•-*" or re.match(r"\d{1,3}[.)]\s", text):
            return True
        if not _reads_like_heading(text) or len(text.split()) < 2:
            return False
    return False
