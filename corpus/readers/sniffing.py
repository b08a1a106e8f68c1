"""What a file is, told by its first bytes: what it is called and who named it so doesn't matter."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from corpus.errors import UnreadableFileError

DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ValueError,
    EOFError,
    RuntimeError,
    OSError,
)
"""What a ZIP archive raises whose bytes are damaged, locked or packed in a way that isn't known."""

_ARCHIVE = "an archive; unpack it and add the files in it"
_PICTURE = "a picture; recognise its text (OCR) and add that"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as DOCX and add that"),
    (b"{\\rtf", "rich text (RTF); save it as DOCX or text and add that"),
    (b"SQLite format 3\x00", "a database; export its tables as CSV and add those"),
)
_TAR = slice(257, 262)
_PACKED = {
    "xl/workbook.xml": "an Excel workbook; save each sheet as CSV and add those",
    "ppt/presentation.xml": "a presentation; save it as PDF and add that",
    "mimetype": "an OpenDocument or EPUB file; save it as DOCX or HTML and add that",
}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HTML_PART = re.compile(r"<(?:p|div|h[1-6]|table|ul|section|article)\b[^>]*>.*</", re.IGNORECASE | re.DOTALL)
_XML = re.compile(
    r"\s*<(?:\?xml\b|!DOCTYPE\s+\w|(?:article|pmc-articleset|Pubmed\w+Set|MedlineCitationSet|document)[\s>])"
)
_HEAD = 4_000


def binary_kind(data: bytes, name: str) -> str | None:
    """Return "pdf" or "docx", or None for what may be text.

    Raises:
        UnreadableFileError: it is of a kind that isn't read, which the sentence names with the way round it.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed_kind(data, name)
    for magic, kind in _OTHERS:
        if data.startswith(magic):
            raise UnreadableFileError(f"{name} is {kind}.")
    if data[_TAR] == b"ustar":
        raise UnreadableFileError(f"{name} is {_ARCHIVE}.")
    return None


def _packed_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except DAMAGED_ARCHIVE as error:
        raise UnreadableFileError(f"{name} is a damaged or cut off archive; get it again and add that.") from error
    if "word/document.xml" in names:
        return "docx"
    kind = next((kind for part, kind in _PACKED.items() if part in names), _ARCHIVE)
    raise UnreadableFileError(f"{name} is {kind}.")


def decoded(data: bytes, name: str) -> str:
    """Return a text file's text: UTF-8, or UTF-16 with its mark. Nothing is guessed: a guess can change "±" or "µg".

    Raises:
        UnreadableFileError: it is binary, or not in the encoding that it has to be in.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:8192]:
        raise UnreadableFileError(f"{name} is a binary file; add a document, such as PDF, DOCX, HTML or text.")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name} is not valid {encoding.upper().removesuffix('-SIG')} (byte {error.start}); "
            "convert it to UTF-8, for example with iconv, and add it again."
        ) from error


def markup_kind(data: bytes) -> str | None:
    """Return "xml" or "html" if the bytes begin like it, in whatever encoding, else None."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))
    head = data[:_HEAD].replace(b"\x00", b"") if wide else data[:_HEAD]
    text = head.decode("latin-1").lstrip("ÿþï»¿")
    if _HTML.match(text):
        return "html"
    if text.lstrip().startswith("<") and _HTML_PART.match(text.lstrip()):
        return "html"
    return "xml" if _XML.match(text) else None


_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)


def decoded_page(data: bytes, name: str) -> str:
    """Return a page's text in the encoding that it declares, else as any text file.

    Raises:
        UnreadableFileError: it is not in the encoding that it declares, or that isn't known.
    """
    declared = _CHARSET.search(data[:_HEAD])
    encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or encoding.lower() in ("utf-8", "utf8"):
        return decoded(data, name)
    try:
        return data.decode("windows-1252" if encoding.lower() in ("iso-8859-1", "latin1") else encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{name} is not in the encoding that it declares ({encoding}); save it as UTF-8 and add it again."
        ) from error
