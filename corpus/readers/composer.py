"""Pieces → stored text: for formats whose text has to be put together (XML, HTML, DOCX, PDF) before it has offsets.

A reader hands over pieces in reading order; the composer writes each down, remembers where it put it, and gives at the
end the same `Structure` that the line-based readers build. The stored text is Markdown, so that `show` reads well, but
it is never parsed again: what is a heading, a cell or a caption is known by its offsets alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from corpus.readers.structure import Structure
from corpus.text import clean, one_line, without_markup
from corpus.types import BlockKind, Cell, Page, Row, Span

_LONGEST_CAPTION = 300  # characters of a caption that go with every row of its table
_DEEPEST = 6


class Composer:
    """Builds one document's text piece by piece. Fill `metadata`, call the methods in reading order, then `finish`.

    Every piece is put on one line, with white space folded and control and bidirectional characters replaced, and
    every method returns where it stands: `structure.text[span.start:span.end]` is the piece. An empty piece is left
    out, and its span is empty.
    """

    def __init__(self) -> None:
        self.metadata: dict[str, object] = {}
        """title, authors (a list), year, journal, doi, pmid, url, kind: as far as the file gives them."""
        self._parts: list[str] = []
        self._length = 0
        self._in_list = False
        self._steps: list[Callable[[Structure], None]] = []

    def page(self, label: str, *, recognised: bool = False) -> None:
        """Begin the page `label` ("4"): what is added from now on stands on it, until the next one begins.

        A `recognised` one was read by OCR.
        """
        page = Page(one_line(clean(label)), self._length, recognised)
        self._steps.append(lambda structure: structure.pages.append(page))

    def heading(self, level: int, title: str) -> Span:
        """Begin a section; `level` is 1 for the document's title, 2 for its sections and so on."""
        title, level = _piece(title), min(max(level, 1), _DEEPEST)
        if not title:
            return Span(self._length, self._length)
        self._end_list()
        start = self._length
        span = self._write(f"{'#' * level} ", title, "\n\n")
        self._steps.append(lambda structure: structure.add_heading(level, title, start))
        return span

    def paragraph(self, text: str) -> Span:
        """Add a paragraph of prose; one that goes on with an unfinished sentence joins the paragraph before it."""
        return self._block(BlockKind.PARAGRAPH, "", text)

    def item(self, text: str, mark: str = "-") -> Span:
        """Add an entry of a list; its mark ("-", "1.") is shown and is no part of the piece."""
        return self._block(BlockKind.ITEM, f"{_piece(mark)} ", text)

    def caption(self, text: str) -> Span:
        """Add the title of a table or figure: shown as related to a question, never quoted as its answer."""
        return self._block(BlockKind.CAPTION, "", text)

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        damage: str | None = None,
        sound: bool = False,
    ) -> tuple[Span, ...]:
        """Add a table and return the spans of its rows, the header first; `caption` may be empty.

        Short rows are filled up with empty cells. Write the caption with `caption` as well if it is to be found by
        itself. `damage` says why the cells can't be trusted; without it the general signs of damage are looked for,
        unless the table is `sound`: its format marks every cell, so that a dose in the header is a study's arm.
        """
        self._end_list()
        width = max(len(header), *(len(row) for row in rows), 1)
        lines = [self._row(header, width)]
        self._write("", "|" + "---|" * width, "\n")
        lines += [self._row(row, width) for row in rows]
        self._write("", "", "\n")
        title = without_markup(_piece(caption))[:_LONGEST_CAPTION]
        self._steps.append(lambda structure: structure.add_table(lines, title, damage, sound))
        return tuple(Span(line.start, line.end) for line in lines)

    def finish(self) -> Structure:
        """Return the text with its sections, blocks, tables and pages."""
        structure = Structure("".join(self._parts).rstrip("\n") + "\n")
        structure.metadata = {key: _cleaned(value) for key, value in self.metadata.items()}
        for step in self._steps:
            step(structure)
        return structure.finish()

    def _block(self, kind: BlockKind, mark: str, text: str) -> Span:
        text = _piece(text)
        if not text:
            return Span(self._length, self._length)
        if kind is not BlockKind.ITEM:
            self._end_list()
        self._in_list = kind is BlockKind.ITEM
        span = self._write(mark, text, "\n" if kind is BlockKind.ITEM else "\n\n")
        self._steps.append(partial(Structure.add_text, kind=kind, start=span.start, end=span.end))
        return span

    def _row(self, texts: Sequence[str], width: int) -> Row:
        start, cells = self._length, []
        for text in [*texts, *[""] * (width - len(texts))]:
            piece = _piece(text)
            span = self._write("| ", piece, " ")
            cells.append(Cell(without_markup(piece), span.start, span.end))
        return Row(tuple(cells), start, self._write("", "|", "\n").end)

    def _end_list(self) -> None:
        """Leave a line free after a list."""
        if self._in_list:
            self._write("", "", "\n")
            self._in_list = False

    def _write(self, before: str, text: str, after: str) -> Span:
        start = self._length + len(before)
        self._parts += [before, text, after]
        self._length = start + len(text) + len(after)
        return Span(start, start + len(text))


def _piece(text: str) -> str:
    return one_line(clean(text))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return _piece(value)
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value
