"""The door through which files come in: bounds, the choice of a reader by what the file holds, and ids.

Whatever is refused is refused with one sentence that names the file and the next step. Nothing is guessed about
encodings: a wrong guess can turn "±" or "µg" into something else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.readers.limits import time_limit
from corpus.readers.markdown import looks_like_markdown, read_markdown
from corpus.readers.plain import read_plain
from corpus.readers.sheets import read_sheet, separator_of
from corpus.readers.sniffing import binary_kind, decoded, decoded_page, markup_kind, refuse_data
from corpus.readers.structure import Structure
from corpus.text import clean
from corpus.types import Document

LARGEST_FILE = 50_000_000
"""Bytes; a file above this is taken for data rather than a document."""

LONGEST_READING = 120
"""Seconds after which reading a file is given up; a book takes a few."""

LONGEST_RECOGNISING = 3_600
"""The same where scanned pages are read by OCR, which takes seconds a page."""


def longest_reading(ocr: str | None) -> float:
    """Return how many seconds reading a file may take, with or without OCR."""
    return LONGEST_READING if ocr is None else LONGEST_RECOGNISING


def read_file(path: Path, password: str | None = None) -> Document:
    """Return the document in a file; of a file that holds several, the first. `password` opens a protected PDF.

    Raises:
        UnreadableFileError: as `read_documents`.
    """
    return read_documents(path, password)[0]


def read_documents(path: Path, password: str | None = None, ocr: str | None = None) -> tuple[Document, ...]:
    """Return the documents in a file: one, or one for each record of a bibliographic file.

    With `ocr`, languages as Tesseract names them ("eng", "eng+deu"), pages of a PDF that are pictures are recognised.

    Raises:
        UnreadableFileError: missing, empty, too large, too slow to read, of a kind that isn't read, damaged, or in an
            unknown encoding.
    """
    data = _data(path)
    if not data.strip():
        raise UnreadableFileError(f"{path} is empty; add a file that holds text.")
    with time_limit(longest_reading(ocr), str(path)):
        form, structures = _structures(data, str(path), password, ocr)
        found = tuple(
            _document(structure, form, clean(path.stem), clean(str(path.resolve())), len(structures) > 1)
            for structure in structures
            if structure.blocks
        )
    if not found:
        raise UnreadableFileError(f"{path} holds no text that can be read; add a file that does.")
    return found


def document_from_text(text: str, *, fallback_id: str, path: str | None = None) -> Document:
    """Return the document in Markdown or plain `text`; `fallback_id` becomes its id unless front matter gives one.

    Raises:
        UnreadableFileError: the text is empty or its front matter is malformed.
    """
    form, (structure,) = _text_structures(text, path or fallback_id)
    return _document(structure, form, fallback_id, path, False)


def slug(name: str) -> str:
    """Return `name` as a document id: lower-case letters, digits, `.`, `_` and `-`, at most 80 characters."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.")[:80] or "document"


def _data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableFileError(f"{path} cannot be read ({reason}); check the path and its permissions.") from error
    if len(data) > LARGEST_FILE:
        raise UnreadableFileError(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB; split it and add the parts.")
    return data


def _structures(data: bytes, name: str, password: str | None, ocr: str | None) -> tuple[str, Sequence[Structure]]:
    """Return the format of a file and what is in it. Readers of rarer formats are loaded when one comes."""
    kind = binary_kind(data, name) or markup_kind(data)
    if kind == "pdf":
        from corpus.readers.pdf import read_pdf

        if ocr is None:
            return "pdf", [read_pdf(data, name, password)]
        from corpus.readers.pdf_ocr import MOST_SECONDS, Tesseract

        return "pdf", [read_pdf(data, name, password, recognise=Tesseract(ocr).page, most_seconds=MOST_SECONDS)]
    if kind == "docx":
        from corpus.readers.docx import read_docx

        return "docx", read_docx(data, name)
    if kind == "xml":
        from corpus.readers.vocabularies import read_xml

        return read_xml(data, name)
    if kind == "html":
        from corpus.readers.html import read_html

        return "html", read_html(clean(decoded_page(data, name)), name)
    text = clean(decoded(data, name))
    refuse_data(text, name)
    separator = separator_of(text)
    if separator is not None:
        return "table", read_sheet(text, separator, name)
    return _text_structures(text, name)


def _text_structures(text: str, name: str) -> tuple[str, Sequence[Structure]]:
    text = clean(text)
    if not text.strip():
        raise UnreadableFileError(f"{name} is empty; add a file that holds text.")
    if looks_like_markdown(text):
        return "markdown", [read_markdown(text, name)]
    return "text", [read_plain(text)]


def _document(structure: Structure, form: str, fallback_id: str, path: str | None, is_one_of_many: bool) -> Document:
    source = structure.source(fallback_title=fallback_id)
    pmid = source.pmid if is_one_of_many else None
    identity = structure.id or (f"pmid-{pmid}" if pmid else slug(fallback_id))
    return Document(
        id=identity,
        source=replace(source, doi=_plain_doi(source.doi)),
        text=structure.text,
        format=form,
        sha256=hashlib.sha256(structure.text.encode("utf-8")).hexdigest(),
        sections=tuple(structure.sections),
        tables=tuple(structure.tables),
        blocks=tuple(structure.blocks),
        path=path,
        pages=tuple(structure.pages),
    )


def _plain_doi(doi: str | None) -> str | None:
    """Return a DOI without the address or word in front of it."""
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi, flags=re.IGNORECASE) if doi else None
