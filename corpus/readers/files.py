"""The door through which files come in: bounds, encoding, the choice of a reader, and ids.

Whatever is refused is refused with one sentence that names the file and the next step. Nothing is guessed about
encodings: a wrong guess can turn "±" or "µg" into something else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFileError
from corpus.readers.markdown import looks_like_markdown, read_markdown
from corpus.readers.plain import read_plain
from corpus.readers.structure import Structure
from corpus.text import clean
from corpus.types import Document

LARGEST_FILE = 20_000_000
"""Bytes; a text file above this is taken for data rather than a document."""

LARGEST_PDF = 100_000_000
"""Bytes: the pictures of an article can weigh more than its text ever does."""

_PDF, _PDF_HEAD = b"%PDF-", 1_024  # some PDFs have other bytes before their first line
_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text", ".pdf"})
_BINARY_NAMES = {
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x1f\x8b": "a gzip archive",
}


def find_files(path: Path) -> Iterator[Path]:
    """Yield `path` itself if it is a file, else every PDF, Markdown and text file below it, in a stable order.

    Hidden files and folders are left out.

    Raises:
        UnreadableFileError: there is nothing at `path`, or no readable kind of file below it.
    """
    if not path.exists():
        raise UnreadableFileError(f"There is no file or folder {path}; check the spelling and try again.")
    if path.is_file():
        yield path
        return
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in _SUFFIXES
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not found:
        raise UnreadableFileError(f"{path} holds no PDF, Markdown or text file; name a file or another folder.")
    yield from found


def read_file(path: Path, password: str | None = None) -> Document:
    """Return the document in a PDF, Markdown or plain-text file; `password` opens a protected PDF.

    Raises:
        UnreadableFileError: missing, empty, damaged, protected, binary, too large, not UTF-8, or with malformed front
            matter.
    """
    try:
        with path.open("rb") as file:
            pdf = _PDF in file.read(_PDF_HEAD)
            largest = LARGEST_PDF if pdf else LARGEST_FILE
            if path.stat().st_size > largest:
                raise UnreadableFileError(
                    f"{path} is larger than {largest // 1_000_000} MB; split it and add the parts."
                )
            file.seek(0)
            data = file.read()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableFileError(f"{path} cannot be read ({reason}); check the path and its permissions.") from error
    name, place = clean(path.stem), clean(str(path.resolve()))
    if pdf:
        from corpus.readers.pdf import read_pdf  # PDFium loads only where there is a PDF to read

        return _document(read_pdf(data, str(path), password), "pdf", name, place)
    return document_from_text(_decode(data, path), fallback_id=name, path=place)


def document_from_text(text: str, *, fallback_id: str, path: str | None = None) -> Document:
    """Return the document in `text`; `fallback_id` becomes its id unless front matter gives one.

    Raises:
        UnreadableFileError: the text is empty or its front matter is malformed.
    """
    text = clean(text)
    name = path or fallback_id
    if not text.strip():
        raise UnreadableFileError(f"{name} is empty; add a file that holds text.")
    markdown = looks_like_markdown(text)
    structure: Structure = read_markdown(text, name) if markdown else read_plain(text)
    return _document(structure, "markdown" if markdown else "text", fallback_id, path)


def _document(structure: Structure, kind: str, fallback_id: str, path: str | None) -> Document:
    return Document(
        id=structure.id or slug(fallback_id),
        source=structure.source(fallback_title=fallback_id),
        text=structure.text,
        format=kind,
        sha256=hashlib.sha256(structure.text.encode("utf-8")).hexdigest(),
        sections=tuple(structure.sections),
        tables=tuple(structure.tables),
        blocks=tuple(structure.blocks),
        path=path,
        pages=tuple(structure.pages),
    )


def slug(name: str) -> str:
    """Return `name` as a document id: lower-case letters, digits, `.`, `_` and `-`, at most 80 characters."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.")[:80] or "document"


def _decode(data: bytes, path: Path) -> str:
    for magic, kind in _BINARY_NAMES.items():
        if data.startswith(magic):
            raise UnreadableFileError(f"{path} is {kind}; save it as text or Markdown and add that.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:8192]:
        raise UnreadableFileError(f"{path} is a binary file; add a text or Markdown file.")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{path} is not valid {encoding.upper().removesuffix('-SIG')} (byte {error.start}); "
            "convert it to UTF-8, for example with iconv, and add it again."
        ) from error
