"""Files → library: what is new, what is unchanged, what replaces what. One bad file never stops the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import PosologyError, UnreadableFileError
from corpus.readers import find_files, read_file
from corpus.types import Document
from index.build import Progress, Writer
from index.incoming import Incoming


@dataclass
class Summary:
    """What an import did: ids added and replaced, files that were unchanged or skipped, with the reason.

    `originals` are the documents that a bundled digest describes, each with the digest's id and how many of its
    sentences and rows the document bears out.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[tuple[Path, str]] = field(default_factory=list)
    skipped: list[tuple[Path, PosologyError]] = field(default_factory=list)
    originals: list[tuple[str, str, int]] = field(default_factory=list)
    passages: int = 0


def import_files(
    writer: Writer,
    paths: Iterable[Path],
    *,
    origin: str = "added",
    progress: Progress = lambda done, total: None,
    curated: bool = True,
    password: str | None = None,
) -> Summary:
    """Add files and folders to a library and return what happened to each; `password` opens protected PDFs.

    With `curated` the original of a bundled digest is recognised, and the curated facts attach themselves to it.

    A file whose text is in the library already changes nothing. One that has the id of a document in the library
    replaces it when the id was given in its front matter or the file is the same; otherwise its id gets a number.
    """
    summary = Summary()
    incoming: list[Incoming] = []
    for path in _files(paths, summary):
        try:
            document = read_file(path, password)
        except UnreadableFileError as error:
            summary.skipped.append((path, error))
            continue
        _sort(writer, document, path, origin, incoming, summary, curated)
    summary.passages = writer.add(incoming, progress, curated=curated)
    for item in incoming:
        (summary.replaced if item.replaces else summary.added).append(item.document.id)
    arrived = {item.document.sha256 for item in incoming}
    for edition in writer.catalogue.editions.all():
        if writer.catalogue.document(edition.original_id).sha256 in arrived:
            attached = len(writer.catalogue.editions.attached(edition.digest_id))
            summary.originals.append((edition.original_id, edition.digest_id, attached))
    return summary


def _files(paths: Iterable[Path], summary: Summary) -> Sequence[Path]:
    files: list[Path] = []
    for path in paths:
        try:
            files.extend(find_files(path))
        except UnreadableFileError as error:
            summary.skipped.append((path, error))
    return files


def _sort(
    writer: Writer,
    document: Document,
    path: Path,
    origin: str,
    incoming: list[Incoming],
    summary: Summary,
    curated: bool,
) -> None:
    """Decide what becomes of a document that was read: unchanged, a replacement, or new under a free id."""
    same = writer.catalogue.find_content(document.sha256)
    same = same or next((i.document.id for i in incoming if i.document.sha256 == document.sha256), None)
    if same is not None:
        if origin == "bundled" and any(e.digest_id == same and e.hidden for e in writer.catalogue.editions.all()):
            writer.hide(same, False)
        if origin == "added" and curated and writer.is_unrecognised(same):
            incoming.append(Incoming(replace(document, id=same), origin, replaces=same))
            return
        summary.unchanged.append((path, same))
        return
    there = writer.catalogue.find_id(document.id)
    if there is not None and origin == "bundled" and there[1] == "added":
        reason = (
            f"The library holds a document of your own with the id {document.id}; remove it to get the bundled one."
        )
        summary.skipped.append((path, UnreadableFileError(reason)))
        return
    if (
        there is not None
        and document.id not in {i.document.id for i in incoming}
        and (_chose_its_id(document) or there[0] == document.path)
    ):
        incoming.append(Incoming(document, origin, replaces=document.id))
        return
    taken = {item.document.id for item in incoming}
    name, number = document.id, 2
    while document.id in taken or writer.catalogue.find_id(document.id) is not None:
        document = replace(document, id=f"{name}-{number}")
        number += 1
    incoming.append(Incoming(document, origin))


def _chose_its_id(document: Document) -> bool:
    head = document.text[:2_000]
    return head.startswith("---") and bool(
        re.search(rf"(?m)^id:[ \t]*['\"]?{re.escape(document.id)}['\"]?[ \t]*(?:#.*)?$", head)
    )
