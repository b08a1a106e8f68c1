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

_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text"})
_BINARY_NAMES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x1f\x8b": "a gzip archive",
}


def find_files(path: Path) -> Iterator[Path]:
    """Yield `path` itself if it is a file, else every Markdown and text file below it, in a stable order.

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
        raise UnreadableFileError(f"{path} holds no Markdown or text file; name a file or another folder.")
    yield from found


def read_file(path: Path) -> Document:
    """Return the document in a Markdown or plain-text file.

    Raises:
        UnreadableFileError: missing, empty, binary, too large, not UTF-8, or with malformed front matter.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            limit = LARGEST_FILE // 1_000_000
            raise UnreadableFileError(f"{path} is larger than {limit} MB; split it and add the parts.")
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableFileError(f"{path} cannot be read ({reason}); check the path and its permissions.") from error
    return document_from_text(_decode(data, path), fallback_id=clean(path.stem), path=clean(str(path.resolve())))


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
    return Document(
        id=structure.id or slug(fallback_id),
        source=structure.source(fallback_title=fallback_id),
        text=text,
        format="markdown" if markdown else "text",
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        sections=tuple(structure.sections),
        tables=tuple(structure.tables),
        blocks=tuple(structure.blocks),
        path=path,
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
