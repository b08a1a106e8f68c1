"""Documents that were read, sorted by what becomes of each: new, a replacement, unchanged, or the same paper again.

The order of the files decides, and nothing else: neither how fast each was read nor which of them were committed
together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from assistant.duplicates import FULLER, Match, Paper, Papers
from assistant.summary import Duplicate, Fate, FileReport, Summary
from corpus.errors import UnreadableFileError
from corpus.readers.reading import Reading
from corpus.types import Document
from index.build import Writer
from index.incoming import Incoming
from index.vocabulary import compiled_vocabulary


class Arrivals:
    """What came in so far: `waiting` is what is to be committed next, by id in the order of coming."""

    def __init__(self, writer: Writer, summary: Summary, origin: str, curated: bool) -> None:
        self.summary = summary
        self.waiting: dict[str, Incoming] = {}
        self._fates: dict[str, Fate] = {}  # of what came with this import and stays, by id
        self._lines: dict[str, int] = {}  # id → its line of the summary
        self._by_content: dict[str, str] = {}
        self._gave_way: dict[str, str] = {}  # id → id of the fuller text that took its place
        self._numbers: dict[str, int] = {}  # name → the number that was last put behind it
        self._known_names: dict[str, int] = {}  # id → hash of the vocabulary with which facts were looked for in it
        self._writer = writer
        self._catalogue = writer.catalogue
        self._origin = origin
        self._curated = curated
        known = self._catalogue.sources("added") if origin == "added" else []
        self._papers = Papers(Paper(identity, source) for identity, source in known)

    @property
    def characters(self) -> int:
        """Return how much text waits to be committed."""
        return sum(len(item.document.text) for item in self.waiting.values())

    def take(self, reading: Reading) -> None:
        """Decide what becomes of each document of a file."""
        if reading.error is not None:
            self.summary.skip(reading.path, reading.error, reading.seconds)
        for document in reading.documents:
            self._take(document, reading.path, reading.seconds / len(reading.documents))

    def committed(self, seconds: float) -> None:
        """Note that what was waiting is in the library, and what was found in it; adding it took some seconds."""
        items = list(self.waiting.values())
        self.waiting = {}
        ids = [self._catalogue.find_content(item.document.sha256) or item.document.id for item in items]
        passages = [len(self._catalogue.passage_ids(identity)) for identity in ids]
        every = sum(passages) or 1
        self._known_names.update(dict.fromkeys(ids, hash(compiled_vocabulary(self._catalogue))))
        for item, identity, count in zip(items, ids, passages, strict=True):
            line = self._lines[item.document.id]
            found = self.summary.files[line]
            self.summary.files[line] = replace(
                found,
                document=identity,
                passages=count,
                facts=self._catalogue.fact_store.count_extracted(identity),
                seconds=found.seconds + seconds * count / every,
            )

    def find_facts_again(self) -> None:
        """Find facts anew in what came in before a drug label whose names it may speak of."""
        now = hash(compiled_vocabulary(self._catalogue))
        old = [identity for identity, names in self._known_names.items() if names != now]
        if not old:
            return
        self._writer.find_facts(old)
        for line, found in enumerate(self.summary.files):
            if found.document in old and found.fate in ("added", "replaced"):
                count = self._catalogue.fact_store.count_extracted(found.document)
                self.summary.files[line] = replace(found, facts=count)

    def finish(self) -> Summary:
        """Return the summary, with what was added and replaced."""
        for identity, fate in self._fates.items():
            now = self.summary.files[self._lines[identity]].document or identity
            (self.summary.replaced if fate == "replaced" else self.summary.added).append(now)
        return self.summary

    def _take(self, document: Document, path: Path, seconds: float) -> None:
        same = self._catalogue.find_content(document.sha256) or self._by_content.get(document.sha256)
        same = self._gave_way.get(same, same) if same else None
        if same is not None:
            self._again(document, path, same, seconds)
            return
        own_id = document.id
        if self._origin == "added":
            document = self._as_renamed(document)
        there = self._catalogue.find_id(document.id)
        is_new_here = document.id not in self._fates
        if there is not None and self._origin == "bundled" and there[1] == "added":
            reason = (
                f"The library holds a document of your own with the id {document.id}; remove it to get the bundled one."
            )
            self.summary.skip(path, UnreadableFileError(reason), seconds)
            return
        is_it = document.id != own_id or _chose_its_id(document) or (there is not None and there[0] == document.path)
        if there is not None and is_new_here and is_it:
            self._papers.forget(document.id)
            self._expect(document, path, seconds, "replaced", replaces=document.id)
            return
        if self._origin == "added" and not _chose_its_id(document):
            match = self._papers.match(document.source)
            if match is not None:
                self._same_paper(document, path, seconds, match)
                return
        self._expect(self._under_a_free_id(document), path, seconds, "added")

    def _again(self, document: Document, path: Path, same: str, seconds: float) -> None:
        """Note a file whose text is there already; a digest or an original may yet have to be made known as such."""
        editions = self._catalogue.editions.all()
        if self._origin == "bundled" and any(e.digest_id == same and e.hidden for e in editions):
            self._writer.hide(same, False)
        if self._origin == "added" and self._curated and self._writer.is_unrecognised(same):
            self._expect(replace(document, id=same), path, seconds, "replaced", replaces=same)
            return
        self.summary.unchanged.append((path, same))
        self.summary.files.append(FileReport(path, "unchanged", same, seconds=seconds))

    def _same_paper(self, document: Document, path: Path, seconds: float, match: Match) -> None:
        """Keep the fuller of two texts of one paper."""
        kept, sign = match.paper.id, match.sign
        length = match.paper.length or self._catalogue.length(kept)
        if len(document.text) < FULLER * length:
            self.summary.same.append(Duplicate(path, kept, sign))
            self.summary.files.append(FileReport(path, "same", kept, f"same {sign}", seconds=seconds))
            return
        chosen = self._catalogue.edits.is_renamed(kept)
        document = replace(document, id=kept) if chosen else self._under_a_free_id(document)
        self._papers.forget(kept)
        waiting = self.waiting.pop(kept, None)
        fate = self._fates.pop(kept, "replaced")
        if (line := self._lines.pop(kept, None)) is not None:
            shorter = self.summary.files[line]
            self.summary.files[line] = replace(
                FileReport(shorter.path, "same", document.id, f"same {sign}, shorter"), seconds=shorter.seconds
            )
        self._expect(document, path, seconds, fate, replaces=waiting.replaces if waiting else kept)
        self._gave_way[kept] = document.id
        self.summary.same.append(Duplicate(path, document.id, sign, gave_way=kept))

    def _expect(self, document: Document, path: Path, seconds: float, fate: Fate, replaces: str | None = None) -> None:
        self.waiting[document.id] = Incoming(document, self._origin, replaces=replaces)
        self._fates[document.id] = fate
        self._lines[document.id] = len(self.summary.files)
        self._by_content[document.sha256] = document.id
        parts = (len(document.pages), len(document.sections), len(document.tables))
        self.summary.files.append(FileReport(path, fate, document.id, None, *parts, seconds=seconds))
        if not _chose_its_id(document):
            self._papers.add(Paper(document.id, document.source, len(document.text)))

    def _as_renamed(self, document: Document) -> Document:
        """Return a document that a person gave another id when it was added before, under that id."""
        identity = self._catalogue.edits.current_id(document.id) or document.id
        there = self._catalogue.find_id(identity)
        is_it = there is not None and (_chose_its_id(document) or there[0] == document.path)
        return replace(document, id=identity) if is_it else document

    def _under_a_free_id(self, document: Document) -> Document:
        name = document.id
        number = self._numbers.get(name, 1)
        while document.id in self._fates or self._catalogue.edits.current_id(document.id) is not None:
            number += 1
            document = replace(document, id=f"{name}-{number}")
        self._numbers[name] = number
        return document


def _chose_its_id(document: Document) -> bool:
    head = document.text[:2_000]
    return head.startswith("---") and bool(
        re.search(rf"(?m)^id:[ \t]*['\"]?{re.escape(document.id)}['\"]?[ \t]*(?:#.*)?$", head)
    )
