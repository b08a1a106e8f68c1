"""DOCX → structure: headings by their style, lists, tables with merged cells, notes; deleted text is left out.

A DOCX file is a ZIP archive of XML. What it would expand to is bounded before anything of it is parsed. Paragraphs
are read here rather than by python-docx, which leaves out inserted text, content controls and symbols.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document as open_document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from corpus.errors import UnreadableFileError
from corpus.readers.composer import Composer
from corpus.readers.flow import Element
from corpus.readers.parsed import parse_xml, refuse_depth, refuse_entities
from corpus.readers.sniffing import DAMAGED_ARCHIVE
from corpus.readers.structure import Structure
from corpus.readers.word_text import grid_of_table, text_of
from corpus.text import one_line

MOST_EXPANDED = 200_000_000
"""Bytes that a file may expand to; a thesis with pictures has some tens of millions."""

_MOST_PARTS = 5_000
_MOST_RATIO = 200  # expanded to packed, of parts above a megabyte; Word's own XML reaches about 20
_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*(\d)", re.IGNORECASE)
_BROKEN = (*DAMAGED_ARCHIVE, OpcError, KeyError, TypeError, etree.LxmlError, AttributeError)


def read_docx(data: bytes, name: str) -> list[Structure]:
    """Return the structure of a DOCX file.

    Raises:
        UnreadableFileError: it is damaged or locked, would expand beyond all bounds, or declares entities.
    """
    _refuse_bomb(data, name)
    try:
        package = open_document(io.BytesIO(data))
        properties = package.core_properties
        metadata: dict[str, object] = {"title": _told(properties.title), "authors": _authors(properties.author)}
        styles = {style.style_id: _names(style) for style in package.styles}
        body = package.element.body
        parts = [part.blob for part in package.part.package.iter_parts() if part.partname.endswith("/footnotes.xml")]
        refuse_depth(body, name)
    except _BROKEN as error:
        raise UnreadableFileError(
            f"{name} is a damaged or cut off DOCX file; open it in a word processor, save it anew and add that."
        ) from error
    return [_Text(body, styles, metadata, [parse_xml(part, name) for part in parts]).read()]


def _refuse_bomb(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            heavy = [part for part in parts if part.file_size > 1_000_000]
            if (
                len(parts) > _MOST_PARTS
                or sum(part.file_size for part in parts) > MOST_EXPANDED
                or any(part.file_size > _MOST_RATIO * max(part.compress_size, 1) for part in heavy)
            ):
                raise UnreadableFileError(
                    f"{name} would expand to far more than a document holds; save it as text and add that."
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    refuse_entities(archive.read(part), name)
    except DAMAGED_ARCHIVE as error:
        raise UnreadableFileError(f"{name} is a damaged or locked DOCX file; save it anew and add that.") from error


def _authors(names: str) -> list[str]:
    return [one_line(name) for name in re.split(r"[;,]", names or "") if name.strip() not in ("", "python-docx")]


def _told(title: str) -> str | None:
    """Return the title among a file's properties, unless a program put it there."""
    return None if not title.strip() or re.match(r"Word Document$|Microsoft |Untitled|Document\d*$", title) else title


def _names(style: object) -> str:
    """Return a style's name with those that it is based on, so that "My Heading" is found to be a heading."""
    found: list[str] = []
    while style is not None and len(found) < 10:
        found.append(str(getattr(style, "name", "") or ""))
        style = getattr(style, "base_style", None)
    return " < ".join(found)


class _Text:
    def __init__(
        self, body: Element, styles: dict[str, str], metadata: dict[str, object], notes: list[Element]
    ) -> None:
        self._body = body
        self._styles = styles
        self._notes = notes
        self._cited: list[str | None] = []  # ids of the notes, in the order of their marks
        self._composer = Composer()
        self._composer.metadata = metadata

    def read(self) -> Structure:
        """Return the structure."""
        self._number_notes()
        self._add(self._body)
        self._footnotes()
        return self._composer.finish()

    def _add(self, element: Element) -> None:
        for block in _blocks(element):
            if block.tag == qn("w:p"):
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, paragraph: Element) -> None:
        text = text_of(paragraph)
        style, outline = self._style(paragraph)
        heading = _HEADING.search(style)
        if not text:
            return
        if outline is not None or heading:
            level = outline if outline is not None else int(heading.group(1)) if heading else 1
            self._composer.heading(level + 1 if self._has_title() else level, text)
        elif style.split(" < ")[0] == "Title":
            self._composer.metadata["title"] = text
            self._composer.heading(1, text)
        elif style.startswith("Caption"):
            self._composer.caption(text)
        elif style.startswith("List") or paragraph.find(f"./{qn('w:pPr')}/{qn('w:numPr')}") is not None:
            self._composer.item(text)
        else:
            self._composer.paragraph(text)

    def _has_title(self) -> bool:
        return any(self._styles.get(_style_id(p), "").split(" < ")[0] == "Title" for p in self._body.iter(qn("w:p")))

    def _style(self, paragraph: Element) -> tuple[str, int | None]:
        level = paragraph.find(f"./{qn('w:pPr')}/{qn('w:outlineLvl')}")
        value = "" if level is None else str(level.get(qn("w:val")))
        outline = int(value) + 1 if value.isdecimal() and int(value) < 9 else None
        return self._styles.get(_style_id(paragraph), ""), outline

    def _table(self, table: Element) -> None:
        grid = grid_of_table(table)
        if grid.rows and len(grid.header) > 1:
            self._composer.table(grid.title, grid.header, grid.rows, sound=grid.marked)
            for note in grid.notes:
                self._composer.paragraph(note)
            return
        for cell in table.iterfind(f"./{qn('w:tr')}/{qn('w:tc')}"):
            self._add(cell)

    def _footnotes(self) -> None:
        found = {}
        for root in self._notes:
            for note in root.iter(qn("w:footnote")):
                found[note.get(qn("w:id"))] = " ".join(text_of(p) for p in note.iter(qn("w:p")))
        if self._cited:
            self._composer.heading(2, "Notes")
        for number, identity in enumerate(self._cited, start=1):
            self._composer.item(found.get(identity, ""), f"{number}.")

    def _number_notes(self) -> None:
        """Give the marks of notes the numbers that are printed: their order, whatever the file calls them."""
        for number, mark in enumerate(self._body.iter(qn("w:footnoteReference")), start=1):
            self._cited.append(mark.get(qn("w:id")))
            mark.set(qn("w:id"), str(number))


def _style_id(paragraph: Element) -> str:
    style = paragraph.find(f"./{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(qn("w:val")))


def _blocks(element: Element) -> Iterator[Element]:
    """Yield paragraphs and tables in order, those in content controls and insertions included."""
    for child in element:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
            yield from _blocks(child)
