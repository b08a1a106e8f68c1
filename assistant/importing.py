"""Files → library: what is new, unchanged, a replacement or the same paper again. One bad file never stops the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from assistant.duplicates import FULLER, Match, Paper, Papers
from corpus.errors import PosologyError, UnreadableFileError
from corpus.readers import find_files, read_documents
from corpus.types import Document
from index.build import Progress, Writer
from index.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that holds a paper which was there already: `kept` is the id of the document that stays.

    `gave_way` is the id of the shorter document whose place the file's own took, or None where the file was left out.
    """

    path: Path
    kept: str
    sign: str
    gave_way: str | None = None


@dataclass
class Summary:
    """What an import did: ids added and replaced, files that were unchanged, the same or skipped, with the reason.

    `originals` are the documents that a bundled digest describes, each with the digest's id and how many of its
    sentences and rows the document bears out.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[tuple[Path, str]] = field(default_factory=list)
    same: list[Duplicate] = field(default_factory=list)
    skipped: list[tuple[Path, PosologyError]] = field(default_factory=list)
    originals: list[tuple[str, str, int]] = field(default_factory=list)
    passages: int = 0

    @property
    def counts(self) -> str:
        """Return how many files had which fate, in words."""
        same = f"{len(self.same)} the same paper, " if self.same else ""
        return (
            f"{len(self.added)} added, {len(self.replaced)} replaced, {len(self.unchanged)} unchanged, "
            f"{same}{len(self.skipped)} skipped; {self.passages} passages"
        )

    def add(self, other: Summary) -> None:
        """Take in what another import did."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


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
    replaces it when the id was given in its front matter or the file is the same; otherwise its id gets a number. A
    paper that is there in another format is left out, unless the file holds much more of it and so takes its place.
    """
    arrivals = _Arrivals(writer, origin, curated)
    summary = arrivals.summary
    for path in _files(paths, summary):
        try:
            documents = read_documents(path, password)
        except UnreadableFileError as error:
            summary.skipped.append((path, error))
            continue
        for document in documents:
            arrivals.take(document, path)
    incoming = list(arrivals.incoming.values())
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


class _Arrivals:
    """Documents that were read, sorted by what becomes of each."""

    def __init__(self, writer: Writer, origin: str, curated: bool) -> None:
        self.summary = Summary()
        self.incoming: dict[str, Incoming] = {}  # by the document's id, in the order of their coming
        self._by_content: dict[str, str] = {}
        self._gave_way: dict[str, str] = {}  # id → id of the fuller text that took its place
        self._writer = writer
        self._catalogue = writer.catalogue
        self._origin = origin
        self._curated = curated
        known = self._catalogue.entries() if origin == "added" else []
        self._papers = Papers(Paper(e.id, e.source, e.characters) for e in known if e.origin == "added")

    def take(self, document: Document, path: Path) -> None:
        """Decide what becomes of a document: unchanged, a replacement, the same paper, or new under a free id."""
        same = self._catalogue.find_content(document.sha256) or self._by_content.get(document.sha256)
        same = self._gave_way.get(same, same) if same else None
        if same is not None:
            self._again(document, path, same)
            return
        own_id = document.id
        if self._origin == "added":
            document = self._as_renamed(document)
        there = self._catalogue.find_id(document.id)
        if there is not None and self._origin == "bundled" and there[1] == "added":
            reason = (
                f"The library holds a document of your own with the id {document.id}; remove it to get the bundled one."
            )
            self.summary.skipped.append((path, UnreadableFileError(reason)))
            return
        if (
            there is not None
            and document.id not in self.incoming
            and (document.id != own_id or _chose_its_id(document) or there[0] == document.path)
        ):
            self._papers.forget(document.id)
            self._expect(document, replaces=document.id)
            return
        if self._origin == "added" and not _chose_its_id(document):
            match = self._papers.match(document.source)
            if match is not None:
                self._same_paper(document, path, match)
                return
        self._expect(self._under_a_free_id(document))

    def _again(self, document: Document, path: Path, same: str) -> None:
        """Note a file whose text is there already; a digest or an original may yet have to be made known as such."""
        editions = self._catalogue.editions.all()
        if self._origin == "bundled" and any(e.digest_id == same and e.hidden for e in editions):
            self._writer.hide(same, False)
        if self._origin == "added" and self._curated and self._writer.is_unrecognised(same):
            self._expect(replace(document, id=same), replaces=same)
            return
        self.summary.unchanged.append((path, same))

    def _same_paper(self, document: Document, path: Path, match: Match) -> None:
        """Keep the fuller of two texts of one paper."""
        kept = match.paper
        if len(document.text) < FULLER * kept.length:
            self.summary.same.append(Duplicate(path, kept.id, match.sign))
            return
        chosen = self._catalogue.edits.is_renamed(kept.id)
        document = replace(document, id=kept.id) if chosen else self._under_a_free_id(document)
        self._papers.forget(kept.id)
        waiting = self.incoming.pop(kept.id, None)
        self._expect(document, replaces=waiting.replaces if waiting else kept.id)
        self._gave_way[kept.id] = document.id
        self.summary.same.append(Duplicate(path, document.id, match.sign, gave_way=kept.id))

    def _expect(self, document: Document, replaces: str | None = None) -> None:
        self.incoming[document.id] = Incoming(document, self._origin, replaces=replaces)
        self._by_content[document.sha256] = document.id
        if not _chose_its_id(document):
            self._papers.add(Paper(document.id, document.source, len(document.text)))

    def _as_renamed(self, document: Document) -> Document:
        """Return a document that a person gave another id when it was added before, under that id."""
        identity = self._catalogue.edits.current_id(document.id) or document.id
        there = self._catalogue.find_id(identity)
        is_it = there is not None and (_chose_its_id(document) or there[0] == document.path)
        return replace(document, id=identity) if is_it else document

    def _under_a_free_id(self, document: Document) -> Document:
        name, number = document.id, 2
        while document.id in self.incoming or self._catalogue.edits.current_id(document.id) is not None:
            document = replace(document, id=f"{name}-{number}")
            number += 1
        return document


def _chose_its_id(document: Document) -> bool:
    head = document.text[:2_000]
    return head.startswith("---") and bool(
        re.search(rf"(?m)^id:[ \t]*['\"]?{re.escape(document.id)}['\"]?[ \t]*(?:#.*)?$", head)
    )
