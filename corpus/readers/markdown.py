"""Markdown → structure: front matter, headings, paragraphs, lists, pipe tables and tab-separated tables."""

from __future__ import annotations

import re
from datetime import date

import yaml

from corpus.errors import UnreadableFileError
from corpus.readers.structure import Line, Structure, cells_of, lines_of
from corpus.types import BlockKind, Row

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"\n---[ \t]*\n")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$")
_SEPARATOR = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"^\s*(?:(?P<bullet>[-*+•‣◦])|(?P<number>\d{1,3}[.)]))\s+")
_QUOTE = re.compile(r"^\s*>\s?")
_FENCE = re.compile(r"^\s*(```|~~~)")
_KNOWN = frozenset({"id", "title", "authors", "year", "journal", "doi", "pmid", "url", "kind", "design"})
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
"""What an id looks like that a person gives a document."""


def looks_like_markdown(text: str) -> bool:
    """Return whether `text` has front matter, a heading or a pipe table."""
    if _OPENING.match(text):
        return True
    lines = text.splitlines()
    return any(_HEADING.match(line) for line in lines) or any("|" in line and _SEPARATOR.match(line) for line in lines)


def read_markdown(text: str, name: str) -> Structure:
    """Return the structure of a Markdown text; `name` is used in error messages.

    Raises:
        UnreadableFileError: the front matter is not a YAML mapping, or has a malformed id.
    """
    structure = Structure(text)
    lines = list(lines_of(text, _front_matter(structure, name)))
    at = 0
    while at < len(lines):
        at = _take(structure, lines, at)
    return structure.finish()


def _front_matter(structure: Structure, name: str) -> int:
    """Read the front matter into `structure` and return the offset after it."""
    text = structure.text
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, 3) if opening else None
    if opening is None or closing is None:
        return 0
    try:
        data = yaml.safe_load(text[opening.end() : closing.start()]) or {}
    except yaml.YAMLError as error:
        raise UnreadableFileError(f"{name} has malformed front matter; mend the YAML between its --- lines.") from error
    if not isinstance(data, dict):
        raise UnreadableFileError(f"{name} has front matter that is no list of keys; write it as `key: value` lines.")
    structure.metadata = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in data.items() if key in _KNOWN
    }
    identity = data.get("id")
    if identity is not None:
        if not ID.fullmatch(str(identity)):
            raise UnreadableFileError(
                f"{name} has the id {str(identity)[:40]!r}; use lower-case letters, digits, dots and hyphens."
            )
        structure.id = str(identity)
    return closing.end()


def _take(structure: Structure, lines: list[Line], at: int) -> int:
    """Add what begins at line `at` and return the index of the first line after it."""
    line = lines[at]
    if line.blank or _RULE.match(line.text):
        return at + 1
    if heading := _HEADING.match(line.text):
        structure.add_heading(len(heading.group(1)), heading.group(2), line.start)
        return at + 1
    if _FENCE.match(line.text):
        return _take_fence(structure, lines, at)
    if rows := table_rows(lines, at):
        structure.add_table(rows[0])
        return rows[1]
    return take_text(structure, lines, at)


def _take_fence(structure: Structure, lines: list[Line], at: int) -> int:
    end = at + 1
    while end < len(lines) and not _FENCE.match(lines[end].text):
        end += 1
    structure.add_text(BlockKind.PARAGRAPH, lines[at].end, lines[min(end, len(lines) - 1)].start)
    return end + 1


def take_text(structure: Structure, lines: list[Line], at: int) -> int:
    """Add the paragraph or list item that begins at line `at`; return the index of the first line after it."""
    line = lines[at]
    start, kind = line.start, BlockKind.PARAGRAPH
    if item := _ITEM.match(line.text):
        kind = BlockKind.ITEM
        if item.group("bullet"):
            start += item.end()
    elif quote := _QUOTE.match(line.text):
        start += quote.end()
    end = at + 1
    while end < len(lines) and not _begins_something(lines, end):
        end += 1
    structure.add_text(kind, start, lines[end - 1].end)
    return end


def _begins_something(lines: list[Line], at: int) -> bool:
    line = lines[at]
    return (
        line.blank
        or any(pattern.match(line.text) for pattern in (_HEADING, _ITEM, _QUOTE, _FENCE, _RULE))
        or table_rows(lines, at) is not None
    )


def table_rows(lines: list[Line], at: int) -> tuple[list[Row], int] | None:
    """Return the rows of the table that begins at line `at` and the index after it, or None.

    A pipe table needs its separator line; a tab-separated one at least two lines with two tabs each.
    """
    first = lines[at].text
    if "|" in first and at + 1 < len(lines) and _SEPARATOR.match(lines[at + 1].text):
        end = at + 2
        while end < len(lines) and "|" in lines[end].text and not lines[end].blank:
            end += 1
        return [cells_of(line, "|") for line in [lines[at], *lines[at + 2 : end]]], end
    if first.count("\t") >= 2:
        end = at + 1
        while end < len(lines) and lines[end].text.count("\t") >= 2:
            end += 1
        if end - at >= 2:
            return [cells_of(line, "\t") for line in lines[at:end]], end
    return None
