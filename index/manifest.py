"""What a library was made with. Kept in the catalogue, where it commits with the data, and mirrored to a file."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import LibraryError
from corpus.passages import CHUNKER_VERSION
from index.calibration import Calibration, load_calibration
from index.embedder import Embedder
from index.settled import SettledFiles

FORMAT_VERSION = 1


class Manifest(BaseModel):
    """The stamp of a library. `generation` numbers the vector file that counts; checksums cover immutable files.

    `settled` names the files of the vectors that a large library searches by codes; None in a small one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format_version: int = FORMAT_VERSION
    model: str
    model_hash: str
    dimensions: int
    chunker_version: int = CHUNKER_VERSION
    generation: int = 0
    documents: int = 0
    passages: int = 0
    bundled_hash: str | None = None
    settled: SettledFiles | None = None
    checksums: dict[str, str] = {}
    calibration: Calibration = Field(default_factory=load_calibration)

    @classmethod
    def read(cls, stored: str) -> Manifest:
        """Return a stored manifest; of another format, as much of it as this program understands."""
        data = json.loads(stored)
        if data.get("format_version") != FORMAT_VERSION:
            data = {key: value for key, value in data.items() if key in cls.model_fields}
        return cls.model_validate(data)

    @property
    def vector_file(self) -> str | None:
        """Return the name of the vector file that counts, or None while there are no vectors."""
        return f"vectors-{self.generation}.faiss" if self.generation else None

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of all files of vectors that count."""
        own = (self.vector_file,) if self.vector_file else ()
        return (*own, *(self.settled.names if self.settled else ()))

    def check(self, embedder: Embedder, folder: Path) -> None:
        """Refuse a library whose vectors this program or this model cannot compare with a question's.

        Raises:
            LibraryError: another format, model or way of cutting documents; says which command mends it.
        """
        mend = f"run `posology doctor --rebuild --library {folder}` to make its indexes anew"
        if self.format_version != FORMAT_VERSION:
            raise LibraryError(f"{folder} has library format {self.format_version}, not {FORMAT_VERSION}; {mend}.")
        if (self.model_hash, self.dimensions) != (embedder.weights_hash, embedder.dimensions):
            raise LibraryError(
                f"{folder} was made with the embedding model {self.model} ({self.model_hash}), not with "
                f"{embedder.name} ({embedder.weights_hash}); set POSOLOGY_MODEL to the first, or {mend}."
            )
        if self.chunker_version != CHUNKER_VERSION:
            raise LibraryError(f"{folder} was made by another version of Posology; {mend}.")

    def is_older(self, model_hash: str) -> bool:
        """Return whether an earlier version made the library with the same model, so that it can be made anew."""
        older = self.format_version < FORMAT_VERSION or self.chunker_version < CHUNKER_VERSION
        return older and self.model_hash == model_hash

    def summed(self, folder: Path) -> Manifest:
        """Return this with the checksums of its files; those of files that were named before are not read again."""
        sums = {name: self.checksums.get(name) or checksum(folder / name) for name in self.files}
        return self.model_copy(update={"checksums": sums})

    def mirror(self, folder: Path) -> None:
        """Write manifest.json for people and scripts to read; the catalogue's copy is the one that counts."""
        temporary = folder / f".manifest.{os.getpid()}"
        temporary.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        temporary.chmod(0o600)
        temporary.replace(folder / "manifest.json")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
