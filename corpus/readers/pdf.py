"""PDF → structure: pages in reading order, without their furniture, with tables, headings, pages and metadata.

PDFium reads the file; it is not made for several threads, so a process reads one PDF at a time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import UnreadableFileError
from corpus.readers.composer import Composer
from corpus.readers.pdf_columns import lines_of, regions
from corpus.readers.pdf_front import described
from corpus.readers.pdf_furniture import without_furniture
from corpus.readers.pdf_glyphs import Page, read_page
from corpus.readers.pdf_pieces import written
from corpus.readers.pdf_tables import PrintedTable, aligned_tables, ruled_tables
from corpus.readers.pdf_text import Piece, known_words, line_of, pieces_of
from corpus.readers.pdf_words import Word
from corpus.readers.structure import Structure

MOST_PAGES = 2_000
MOST_SECONDS = 100.0
"""How long the pages of one file may take; looked at after each page."""

_FEWEST_LETTERS = 20  # on a page: fewer are a stamp on a picture


Recognise = Callable[[pdfium.PdfPage, int], Page]
"""A page that is a picture, and its number → the words that are to be seen on it."""


def read_pdf(
    data: bytes,
    name: str,
    password: str | None = None,
    clock: Callable[[], float] = time.monotonic,
    recognise: Recognise | None = None,
    most_seconds: float = MOST_SECONDS,
) -> Structure:
    """Return the structure of a PDF; `name` is used in error messages, `password` opens a protected file.

    Pages that are pictures without text are read with `recognise`, if it is given.

    Raises:
        UnreadableFileError: damaged, protected, too long, too slow, or pictures without text.
    """
    document = _opened(data, name, password)
    try:
        printed = _pages(document, name, clock, recognise, most_seconds)
        labels = [document.get_page_label(page.number - 1) or str(page.number) for page in printed]
        fields = document.get_metadata_dict(skip_empty=True)
    except pdfium.PdfiumError as error:
        raise _damaged(name) from error
    finally:
        document.close()
    _need_text(printed, name)
    return _composed(printed, labels, fields)


def _opened(data: bytes, name: str, password: str | None) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            what = "the password given does not open it" if password else "it is protected by a password"
            raise UnreadableFileError(f"{name} cannot be read: {what}; add it with `--password PASSWORD`.") from error
        raise _damaged(name) from error
    if not 0 < len(document) <= MOST_PAGES:
        count = len(document)
        document.close()
        if not count:
            raise UnreadableFileError(f"{name} has no pages; save it anew and add that.")
        raise UnreadableFileError(f"{name} has {count} pages, more than {MOST_PAGES}; split it and add the parts.")
    return document


def _damaged(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is a damaged PDF; open it in a viewer, save or print it to a new PDF, and add that."
    )


def _pages(
    document: pdfium.PdfDocument,
    name: str,
    clock: Callable[[], float],
    recognise: Recognise | None,
    most_seconds: float,
) -> list[Page]:
    begun, pages = clock(), []
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        try:
            printed = read_page(page, number)
            if recognise is not None and printed.has_pictures and not _has_text(printed):
                printed = recognise(page, number)
            pages.append(printed)
        finally:
            page.close()
        if clock() - begun > most_seconds:
            raise UnreadableFileError(
                f"{name} takes longer than {most_seconds:.0f} seconds to read (page {number} of {len(document)}); "
                "split it and add the parts."
            )
    return pages


def _need_text(pages: Sequence[Page], name: str) -> None:
    if any(map(_has_text, pages)):
        return
    if any(page.recognised for page in pages):
        raise UnreadableFileError(
            f"{name} holds pictures in which OCR finds no text; scan it anew, upright and at 300 dpi, and add that."
        )
    if any(page.has_pictures for page in pages):
        raise UnreadableFileError(
            f"{name} holds pictures of its pages and no text; add it with `posology add --ocr`, which recognises the "
            "text with Tesseract (OCR)."
        )
    if not any(page.words for page in pages):
        raise UnreadableFileError(f"{name} holds no text; add a file that does.")


def _has_text(page: Page) -> bool:
    return sum(map(_letters, page.words)) >= _FEWEST_LETTERS


def _letters(word: Word) -> int:
    return sum(map(str.isalpha, word.text))


def _composed(printed: Sequence[Page], labels: Sequence[str], fields: dict[str, str]) -> Structure:
    pages = without_furniture(printed)
    words = [word for page in pages for word in page.words]
    sizes = sorted(word.size for word in words for _ in word.text)
    body = median(sizes) if sizes else 10.0
    known = known_words(words)
    pieces = [piece for page in pages for piece in _pieces(page, body, known)]
    front = " ".join(word.text for word in printed[0].words)
    composer = Composer()
    title = written(pieces, labels, known, composer, frozenset(page.number for page in pages if page.recognised))
    composer.metadata = described(fields, front, title)
    return composer.finish()


def _pieces(page: Page, body: float, known: Counter[str]) -> Iterator[Piece]:
    """Yield what a page holds, column by column; what stands in columns and is no table can't be quoted."""
    tables = list(ruled_tables(page))
    free = [word for word in page.words if not any(_inside(word, table) for table in tables)]
    boxes: list[Word | PrintedTable] = [*free, *tables]
    for region in regions(boxes):
        inside = sorted((box for box in region if isinstance(box, PrintedTable)), key=lambda table: table.top)
        rest = [box for box in region if isinstance(box, Word)]
        for table in [*inside, None]:
            above = [word for word in rest if table is None or word.base < table.bottom]
            rest = [word for word in rest if table is not None and word.base >= table.bottom]
            yield from _column(above, page, body, known)
            if table is not None:
                yield Piece("table", "", page.number, table=table)


def _column(words: Sequence[Word], page: Page, body: float, known: Counter[str]) -> Iterator[Piece]:
    lines = lines_of(words)
    at = 0
    for first, end, table in aligned_tables(lines, page):
        yield from pieces_of([line_of(line) for line in lines[at:first]], page.number, body, known)
        if table is not None:
            yield Piece("table", "", page.number, table=table)
        else:
            for line in lines[first:end]:
                yield Piece("caption", line_of(line).text, page.number)
        at = end
    yield from pieces_of([line_of(line) for line in lines[at:]], page.number, body, known)


def _inside(word: Word, table: PrintedTable) -> bool:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return table.left - 6 <= x <= table.right + 6 and table.top <= y <= table.bottom
