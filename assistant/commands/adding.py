"""`posology add`: what goes into the library, and what became of each file, as lines, a table or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.commands.terminal import note, open_session, write
from assistant.importing import import_files
from assistant.session import Session
from assistant.summary import Duplicate, FileReport, Summary
from corpus.bundled import bundled_files
from corpus.errors import UnreadableFileError
from corpus.text import clean

_COLUMNS = ("pages", "sections", "tables", "passages", "facts", "seconds")
_NEWS = ("added", "replaced")
_MOST_LINES = 200
"""Lines of the table; of an import of more files only those that need a look are shown."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be added and how: files and folders, the bundle, with curated facts or not, what opens and reads it.

    `ocr` names Tesseract's languages, None for no OCR; `vocabulary` are files of names to be learnt first.
    """

    paths: tuple[Path, ...] = ()
    bundled: bool = False
    curated: bool = True
    password: str | None = None
    ocr: str | None = None
    vocabulary: tuple[Path, ...] = ()


def add(wish: Wish, library: Path | None, as_json: bool = False) -> None:
    """Add files, folders and the bundle; say what happened to each; fail if nothing could be read."""
    session = open_session(library)
    check_ocr(wish)
    summary = added(session, wish)
    tell(summary, as_json)
    if summary.skipped and not (summary.added or summary.replaced or summary.unchanged or summary.same):
        raise (
            summary.skipped[0][1]
            if len(summary.skipped) == 1
            else UnreadableFileError("No file could be added; the lines above say why for each.")
        )


def check_ocr(wish: Wish) -> None:
    """Return if scanned pages can be read, or need not be.

    Raises:
        MissingOcrError: Tesseract or one of its languages is not installed.
    """
    if wish.ocr is not None:
        from corpus.readers.pdf_ocr import Tesseract

        Tesseract(wish.ocr).check()


def added(session: Session, wish: Wish) -> Summary:
    """Add what is wished for and return what happened to it."""
    summary = Summary()
    with session.writer() as writer, session.bar("Adding documents") as progress:
        if wish.vocabulary:
            writer.learn(wish.vocabulary)
            note("The new names are known; `posology doctor --rebuild` looks for them in what was added before.")
        if wish.bundled:
            summary.add(import_files(writer, bundled_files(), origin="bundled", progress=progress))
            writer.mark_bundled()
        if wish.paths:
            here = import_files(
                writer,
                wish.paths,
                progress=progress,
                curated=wish.curated,
                password=wish.password,
                ocr=wish.ocr,
                elsewhere=True,
            )
            summary.add(here)
    return summary


def tell(summary: Summary, as_json: bool = False, *, unchanged: bool = True) -> None:
    """Print what became of each file: the table on standard output, reasons and counts on standard error.

    Without `unchanged` nothing is said of files that are in the library as they are.
    """
    if as_json:
        write(json.dumps(as_data(summary), ensure_ascii=False, indent=2))
        return
    for path, same in summary.unchanged if unchanged else ():
        note(f"unchanged  {path} (in the library as {same})")
    for duplicate in summary.same:
        note(_same(duplicate))
    for path, error in summary.skipped:
        note(f"skipped    {path}: {error}")
    for line in table(summary.files):
        write(line)
    for identity, digest, attached in summary.originals:
        write(f"original   {identity} is what {digest} describes: {attached} checked statements attached")
    note(summary.counts)


def as_data(summary: Summary) -> dict[str, object]:
    """Return what an import did as plain data: a record for each document or file, the originals, the counts."""
    fates = ("added", "replaced", "unchanged", "same", "skipped")
    return {
        "files": [{**asdict(found), "path": str(found.path)} for found in summary.files],
        "originals": [dict(zip(("document", "digest", "attached"), each, strict=True)) for each in summary.originals],
        "counts": {fate: sum(found.fate == fate for found in summary.files) for fate in fates}
        | {"passages": summary.passages},
    }


def table(files: Sequence[FileReport]) -> Iterator[str]:
    """Yield the lines of a table of documents: fate, what was found in each, its id and file; none if none came in."""
    if not any(found.fate in _NEWS for found in files):
        return
    news = [found for found in files if found.fate != "unchanged"]
    shown = news if len(news) <= _MOST_LINES else [found for found in news if found.fate not in _NEWS]
    if shown:
        yield f"{'':9}" + "".join(f"{name:>{len(name) + 2}}" for name in _COLUMNS) + "  document"
    for found in shown:
        values = [getattr(found, name) for name in _COLUMNS[:-1]]
        cells = "".join(f"{value or '.':>{len(name) + 2}}" for name, value in zip(_COLUMNS, values, strict=False))
        yield clean(f"{found.fate:9}{cells}{found.seconds:9.1f}  {found.document or '-'} ({found.path.name})")
    if len(shown) < len(news):
        yield f"{len(news) - len(shown)} more documents came in: `posology list` shows them, --json tells of each."


def _same(duplicate: Duplicate) -> str:
    """Return what became of a paper that was there in another format."""
    if duplicate.gave_way:
        return (
            f"same       {duplicate.kept} takes the place of {duplicate.gave_way} (same {duplicate.sign}, fuller text)"
        )
    return (
        f"same       {duplicate.path} is {duplicate.kept} (same {duplicate.sign}); not added. To have this file "
        f"instead: `posology remove {duplicate.kept}`, then add it"
    )
