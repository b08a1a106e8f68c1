"""What an import did: each file with its fate and what was found in it, and how many had which fate."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from corpus.errors import PosologyError

Fate = Literal["added", "replaced", "unchanged", "same", "skipped"]
"""What becomes of a document: new, in place of an older version, there already, there in another file, or left out."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that holds a paper which was there already: `kept` is the id of the document that stays.

    `gave_way` is the id of the shorter document whose place the file's own took, or None where the file was left out.
    """

    path: Path
    kept: str
    sign: str
    gave_way: str | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """A document of a file, or a file that gave none: its fate, why, and what was found in it.

    `facts` are those found by rule. `seconds` are for reading it and, as its share of what was added with it, for
    adding it.
    """

    path: Path
    fate: Fate
    document: str | None = None
    reason: str | None = None
    pages: int = 0
    sections: int = 0
    tables: int = 0
    passages: int = 0
    facts: int = 0
    seconds: float = 0.0


@dataclass
class Summary:
    """What an import did: ids added and replaced, files that were unchanged, the same or skipped, with the reason.

    `originals` are the documents that a bundled digest describes, each with the digest's id and how many of its
    sentences and rows the document bears out. `files` has a line for each document, in the order of the files.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[tuple[Path, str]] = field(default_factory=list)
    same: list[Duplicate] = field(default_factory=list)
    skipped: list[tuple[Path, PosologyError]] = field(default_factory=list)
    originals: list[tuple[str, str, int]] = field(default_factory=list)
    passages: int = 0
    files: list[FileReport] = field(default_factory=list)

    @property
    def counts(self) -> str:
        """Return how many files had which fate, in words."""
        same = f"{len(self.same)} the same paper, " if self.same else ""
        return (
            f"{len(self.added)} added, {len(self.replaced)} replaced, {len(self.unchanged)} unchanged, "
            f"{same}{len(self.skipped)} skipped; {self.passages} passages"
        )

    def skip(self, path: Path, error: PosologyError, seconds: float = 0.0) -> None:
        """Note a file that was left out."""
        self.skipped.append((path, error))
        self.files.append(FileReport(path, "skipped", reason=str(error), seconds=seconds))

    def add(self, other: Summary) -> None:
        """Take in what another import did."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
