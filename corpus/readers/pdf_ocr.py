"""A page that is a picture → its words with their places, as Tesseract sees them.

Tesseract is a program of its own (Apache-2.0), not needed for anything else and used only where it is asked for. What
it reads goes the way of any other page, through columns, tables and paragraphs, and is marked as read by OCR.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from io import StringIO
from statistics import median

import pypdfium2 as pdfium

from corpus.errors import MissingOcrError, UnreadableFileError
from corpus.readers.pdf_glyphs import Page
from corpus.readers.pdf_words import Word

MOST_SECONDS = 3_000.0
"""How long the pages of one file may take when they are recognised."""

_PAGE_SECONDS = 120
_DPI = 300
_MOST_PIXELS = 40_000_000  # a page of A4 at 300 dpi has 8.7 million
_DESCENDERS = 0.22  # of a line's height: what stands below the line that letters stand on
_SAME_SIZE = 0.35  # lines whose heights differ less are of one size: the height depends on the letters in the line


class Tesseract:
    """The program `tesseract` with the languages that it is to read, joined by "+"."""

    def __init__(self, languages: str) -> None:
        self.languages = languages

    @cached_property
    def _program(self) -> str:
        program = shutil.which("tesseract")
        if program is None:
            raise MissingOcrError(
                "Tesseract, which recognises scanned pages, is not installed; install it (Debian and Ubuntu: "
                "`apt install tesseract-ocr`, macOS: `brew install tesseract`) and try again."
            )
        return program

    def check(self) -> None:
        """Return if scanned pages can be read.

        Raises:
            MissingOcrError: the program or one of the languages is not installed.
        """
        there = set(self._run([self._program, "--list-langs"], b"", "its list of languages").split())
        for language in self.languages.split("+"):
            if language not in there:
                raise MissingOcrError(
                    f"Tesseract lacks the language {language!r}; install it (Debian and Ubuntu: "
                    f"`apt install tesseract-ocr-{language}`) or choose another with --ocr-language."
                )

    def page(self, page: pdfium.PdfPage, number: int) -> Page:
        """Return a page with the words that are to be seen on it.

        Raises:
            UnreadableFileError: Tesseract fails, or takes too long.
        """
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MOST_PIXELS / (width * height)) ** 0.5)
        command = [self._program, "stdin", "stdout", "-l", self.languages, "--dpi", str(round(72 * scale)), "tsv"]
        found = self._run(command, _picture(page, scale), f"page {number}")
        return Page(number, width, height, words_seen(found, scale), (), True, recognised=True)

    def _run(self, command: Sequence[str], given: bytes, what: str) -> str:
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other more than they help
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, timeout=_PAGE_SECONDS, env=environment, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableFileError(
                f"Tesseract takes longer than {_PAGE_SECONDS} s for {what}; scan it anew at 300 dpi and add that."
            ) from error
        except (subprocess.CalledProcessError, OSError) as error:
            said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error).encode()
            reason = " ".join(said.decode("utf-8", "replace").split())[:200]
            raise UnreadableFileError(f"Tesseract fails at {what} ({reason}); scan it anew and add that.") from error
        return done.stdout.decode("utf-8", "replace")


def _picture(page: pdfium.PdfPage, scale: float) -> bytes:
    """Return a page drawn in shades of grey, as a PGM file, which needs no imaging library."""
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        data = bytes(bitmap.buffer)
        lines = (data[at : at + bitmap.width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
    finally:
        bitmap.close()


def words_seen(tsv: str, scale: float) -> tuple[Word, ...]:
    """Return the words of Tesseract's table of words, their places in points; `scale` is pixels a point."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and (row["text"] or "").strip():
            lines[tuple(row[key] for key in ("block_num", "par_num", "line_num"))].append(row)
    heights = {key: _height(row for row in words) for key, words in lines.items()}
    usual = median(height for height in heights.values()) if heights else 0.0
    found = []
    for key, words in lines.items():
        size = median(height for other, height in heights.items() if other[:2] == key[:2])
        size = usual if abs(size - usual) <= _SAME_SIZE * usual else size
        base = max(int(row["top"]) + int(row["height"]) for row in words) - _DESCENDERS * heights[key]
        found += [_word(row, base / scale, size / scale, scale) for row in words]
    return tuple(found)


def _word(row: dict[str, str], base: float, size: float, scale: float) -> Word:
    left, top, width, height = (int(row[key]) / scale for key in ("left", "top", "width", "height"))
    return Word(row["text"].strip(), left, top, left + width, top + height, base, size, False)


def _height(words: Iterable[dict[str, str]]) -> float:
    """Return how high a line is, from the highest letter to the lowest."""
    rows = list(words)
    top = min(int(row["top"]) for row in rows)
    return float(max(int(row["top"]) + int(row["height"]) for row in rows) - top)
