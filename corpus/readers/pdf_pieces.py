"""Pieces of pages → a composed document: sentences that a page, column or table cut are joined, headings get levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.damage import READ_BY_OCR
from corpus.readers.composer import Composer
from corpus.readers.pdf_tables import CAPTION
from corpus.readers.pdf_text import Piece, with_next

_REACH = 8  # pieces after a sentence that breaks off among which the rest of it is looked for
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\D")
_PART = re.compile(r"^\d{1,2}(?:\.\d{1,2})+\.?\s")
_MARK = re.compile(r"^([•‣◦▪●○∙·–*-]|\[\d{1,3}\]|\(?\d{1,3}[.)])\s+")


def written(
    pieces: Sequence[Piece],
    labels: Sequence[str],
    known: Counter[str],
    composer: Composer,
    recognised: frozenset[int] = frozenset(),
) -> str | None:
    """Write the pieces down with the composer and return the title that the first page prints, if any.

    `recognised` are the numbers of the pages that were read by OCR; no sentence is joined across their borders, and
    their tables are not to be relied on.
    """
    pieces = _mended(pieces, known, recognised)
    title = _title([piece for piece in pieces if piece.kind == "heading"])
    sizes = sorted({_step(piece) for piece in pieces if piece.kind == "heading" and piece is not title}, reverse=True)
    page = 0
    for number, piece in enumerate(pieces):
        while page < piece.page:
            page += 1
            composer.page(labels[page - 1], recognised=page in recognised)
        if piece.kind == "heading":
            composer.heading(1 if piece is title else _level(piece, sizes), piece.text)
        elif piece.table is not None:
            grid = piece.table.grid
            damage = grid.damage or (READ_BY_OCR if page in recognised else None)
            composer.table(_caption(pieces, number), grid.header, grid.rows, damage=damage)
        elif piece.kind == "caption":
            composer.caption(piece.text)
        elif piece.kind == "item" and (mark := _MARK.match(piece.text)):
            bullet = mark.group(1) if mark.group(1)[-1] in ".)]" else "-"
            composer.item(piece.text[mark.end() :], bullet)
        else:
            composer.paragraph(piece.text)
    return title.text if title else None


def _title(headings: Sequence[Piece]) -> Piece | None:
    """Return the largest heading of the first page that no other one is like, else the first one there."""
    like = Counter(map(_step, headings))
    first = [piece for piece in headings if piece.page == 1 and not _PART.match(piece.text)]
    alone = [piece for piece in first if like[_step(piece)] == 1]
    return max(alone, key=lambda piece: piece.size, default=None) or next(iter(first), None)


def _step(piece: Piece) -> tuple[float, bool]:
    return round(2 * piece.size) / 2, piece.bold


def _level(piece: Piece, sizes: Sequence[tuple[float, bool]]) -> int:
    """Return a heading's level: by its number if it has one, else by how large it is among the document's headings."""
    if numbered := _NUMBERED.match(piece.text):
        return 2 + numbered.group(1).count(".")
    return min(2 + sizes.index(_step(piece)), 5)


def _caption(pieces: Sequence[Piece], number: int) -> str:
    """Return the caption of a table: the nearest one above it, else the one below."""
    near = [*pieces[max(0, number - 3) : number][::-1], *pieces[number + 1 : number + 3]]
    return next((piece.text for piece in near if piece.kind == "caption" and CAPTION.match(piece.text)), "")


def _mended(pieces: Sequence[Piece], known: Counter[str], recognised: frozenset[int]) -> list[Piece]:
    """Return the pieces with each broken sentence joined to its rest, past footnotes, tables and page ends."""
    left = list(pieces)
    for number, piece in enumerate(left):
        if piece.kind not in ("paragraph", "item"):
            continue
        at = number
        if piece.lines == 1 and (number == 0 or left[number - 1].page < piece.page):
            continue  # one line at the top of a page may be a running head
        while left[number].is_open and (found := _rest(left, number, at)):
            if (left[found].page in recognised) != (piece.page in recognised):
                break
            joined = with_next(left[number].text, left[found].text, known)
            left[number] = replace(left[number], text=joined)
            left[found] = replace(left[found], kind="paragraph", text="")
            at = found
    return [piece for piece in left if piece.text or piece.table is not None]


def _rest(pieces: Sequence[Piece], number: int, after: int) -> int | None:
    """Return which piece goes on with a sentence that breaks off: the next of the same print, in lower case."""
    for at in range(after + 1, min(after + 1 + _REACH, len(pieces))):
        piece = pieces[at]
        if piece.kind in ("table", "caption") or not piece.text:
            continue
        if abs(piece.size - pieces[number].size) > 0.06 * pieces[number].size:
            if piece.kind == "heading" and piece.page == pieces[number].page:
                return None
            continue
        goes_on = piece.text[:1].islower() or (pieces[number].text[-1:] == "-" and piece.text[:1].isalnum())
        return at if piece.kind == "paragraph" and goes_on else None
    return None
