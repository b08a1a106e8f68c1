"""A PDF page → its words and rules with their places, turned upright, before anything is read into them.

Coordinates are points from the upper left corner of the upright page: `top` is smaller than `bottom`. What is
printed across the reading direction (a watermark, a stamp in the margin) is left out.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.readers.pdf_words import HYPHEN, Glyph, Word, words_of

MOST_GLYPHS = 60_000
"""Characters read of one page; a page of a journal has about 6,000."""

_BOLD = ("bold", "black", "heavy", "demi", "cmbx", "sfbx")
_BOLD_WEIGHT = 600
_THIN = 2.5  # points: a path thinner than this is a rule
_SHORTEST_RULE = 12.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line of the print."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_level(self) -> bool:
        """Return whether it is a horizontal line."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1, its size in points, its words and rules; `recognised` if OCR read the words."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    has_pictures: bool
    recognised: bool = False


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """Return the words and rules of a page, turned upright."""
    width, height = page.get_size()
    left, bottom, right, top = page.get_bbox()
    turned = page.get_rotation() % 180 != 0
    plain_width, plain_height = (height, width) if turned else (width, height)
    textpage = page.get_textpage()
    try:
        glyphs, angle = _upright(list(_glyphs(textpage, left, top)), right - left, top - bottom)
    finally:
        textpage.close()
    rules, pictures = _rules(page, left, top)
    rules = [
        Rule(*_turn(rule.left, rule.top, rule.right, rule.bottom, angle, right - left, top - bottom)) for rule in rules
    ]
    if angle % 180:
        plain_width, plain_height = plain_height, plain_width
    return Page(number, plain_width, plain_height, tuple(words_of(glyphs)), tuple(rules), pictures)


def _glyphs(textpage: pdfium.PdfTextPage, left: float, top: float) -> Iterator[tuple[Glyph, int]]:
    """Yield the characters in the order in which the file prints them, each with its angle in degrees."""
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for i in range(min(textpage.count_chars(), MOST_GLYPHS)):
        code = raw.FPDFText_GetUnicode(textpage, i)
        char = HYPHEN if raw.FPDFText_IsHyphen(textpage, i) == 1 else chr(code) if 0 < code < 0x110000 else "\ufffd"
        raw.FPDFText_GetLooseCharBox(textpage, i, box)
        raw.FPDFText_GetCharOrigin(textpage, i, x, y)
        if char.isspace() or raw.FPDFText_IsGenerated(textpage, i) == 1:
            if char != HYPHEN:
                yield Glyph("" if raw.FPDFText_IsGenerated(textpage, i) == 1 else " ", 0, 0, 0, 0, 0, 0.0, False), 0
                continue
        raw.FPDFText_GetMatrix(textpage, i, matrix)
        size = raw.FPDFText_GetFontSize(textpage, i) * (math.hypot(matrix.c, matrix.d) or 1.0)
        angle = round(math.degrees(raw.FPDFText_GetCharAngle(textpage, i))) % 360
        place = (box.left - left, top - box.top, box.right - left, top - box.bottom)
        yield Glyph(char, *place, top - y.value, abs(size), _is_bold(textpage, i)), angle


def _is_bold(textpage: pdfium.PdfTextPage, i: int) -> bool:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, i, name, 128, flags)
    font = name.value.decode("ascii", "ignore").lower().rpartition("+")[2]
    return any(word in font for word in _BOLD) or raw.FPDFText_GetFontWeight(textpage, i) >= _BOLD_WEIGHT


def _upright(found: Sequence[tuple[Glyph, int]], width: float, height: float) -> tuple[list[Glyph], int]:
    """Return the characters that run as most of the page does, turned upright, and how far they were turned."""
    angles = Counter(angle for glyph, angle in found if glyph.size)
    angle = angles.most_common(1)[0][0] if angles else 0
    kept = []
    for glyph, own in found:
        if not glyph.size:
            kept.append(glyph)
        elif own == angle:
            place = _turn(glyph.left, glyph.top, glyph.right, glyph.bottom, angle, width, height)
            base = glyph.base if angle == 0 else place[3] - 0.22 * (place[3] - place[1])
            kept.append(Glyph(glyph.char, *place, base, glyph.size, glyph.bold))
    return kept, angle


def _turn(
    left: float, top: float, right: float, bottom: float, angle: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Return a place on the page turned so that text printed at `angle` (clockwise, in degrees) reads upright."""
    if angle == 90:
        return top, width - right, bottom, width - left
    if angle == 180:
        return width - right, height - bottom, width - left, height - top
    if angle == 270:
        return height - bottom, left, height - top, right
    return left, top, right, bottom


def _rules(page: pdfium.PdfPage, left: float, top: float) -> tuple[list[Rule], bool]:
    """Return the straight lines of the print, and whether there are pictures."""
    rules: list[Rule] = []
    pictures = False
    for obj in page.get_objects(max_depth=3):
        if obj.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
        elif obj.type == raw.FPDF_PAGEOBJ_PATH:
            rules.extend(_lines_in(obj, left, top))
            if len(rules) > MOST_GLYPHS:
                break
    return rules, pictures


def _lines_in(path: pdfium.PdfObject, left: float, top: float) -> Iterator[Rule]:
    """Yield the level and upright strokes of a path; a thin filled box is one stroke."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    for i in range(min(raw.FPDFPath_CountSegments(path), 2_000)):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        px, py = matrix.on_point(x.value, y.value)
        here = (px - left, top - py)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield from _stroke(last, here)
        last = here


def _stroke(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    wide, high = abs(a[0] - b[0]), abs(a[1] - b[1])
    if (wide >= _SHORTEST_RULE and high <= _THIN) or (high >= _SHORTEST_RULE / 2 and wide <= _THIN):
        yield Rule(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
