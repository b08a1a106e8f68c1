"""Opening what a command needs: settings, embedder, and the library, which the default one is made on first use."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings, load_settings
from corpus.bundled import bundled_files, bundled_hash
from corpus.catalogue import Catalogue
from corpus.errors import LibraryBusyError, OlderLibraryError, PosologyError, StorageError
from index.embedder import Embedder, load_embedder
from index.library import CATALOGUE, Library, is_library, read_manifest
from index.manifest import Manifest
from index.model_export import is_exported

if TYPE_CHECKING:
    from index.build import Progress, Writer

Notify = Callable[[str], None]
ProgressBar = Callable[[str], "AbstractContextManager[Progress]"]


def silent(_: str) -> AbstractContextManager[Progress]:
    """Return a progress bar that shows nothing."""
    return nullcontext(lambda done, total: None)


class Session:
    """The settings and the embedder of one run, and the library that its command is about."""

    def __init__(
        self,
        library: Path | None = None,
        notify: Notify = lambda _: None,
        bar: ProgressBar = silent,
        embedder: Embedder | None = None,
    ) -> None:
        self.settings: Settings = load_settings()
        self._is_default = library is None and "library" not in self.settings.model_fields_set
        self.path = (library or self.settings.library).expanduser()
        self.notify = notify
        self.bar = bar
        self._embedder = embedder

    @property
    def option(self) -> str:
        """Return what a command needs on its line to be about this library; "" for the default one."""
        return "" if self._is_default else f" --library {shlex.quote(str(self.path))}"

    @property
    def embedder(self) -> Embedder:
        """Return the embedder that the settings name, exporting its model first if that was never done."""
        if self._embedder is None:
            settings = self.settings
            self._embedder = load_embedder(settings.model, settings.cache, settings.threads, self.notify)
        return self._embedder

    @property
    def model_is_due(self) -> bool:
        """True if the embedding model has first to be exported."""
        return self._embedder is None and not is_exported(self.settings.model, self.settings.cache)

    @property
    def bundle_is_due(self) -> bool:
        """True if this is the default library and it lacks the bundle, or has an older one."""
        if not self._is_default:
            return False
        manifest = self._manifest()
        return manifest is None or manifest.bundled_hash != bundled_hash()

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Open the library for reading; the default one is first made, or brought up to date."""
        if self._is_default and self._is_older():
            self._make_indexes_anew()
        if self.bundle_is_due:
            self._add_bundle_if_possible()
        with Library.open(self.path, self.embedder) as library:
            yield library

    def check_there(self) -> None:
        """Make sure that there is a library to change; the default one is made or brought up to date first."""
        with self.library():
            pass

    @contextmanager
    def writer(self, *, any_model: bool = False) -> Iterator[Writer]:
        """Open the library for writing, made if there is none."""
        from index.writing import open_writer  # here, because writing needs much that answering does not

        with open_writer(self.path, self.embedder, any_model=any_model) as writer:
            if copy := writer.catalogue.kept_copy:
                self.notify(
                    f"The library was brought up to date; its catalogue as it was is kept as {copy} until something is "
                    "removed."
                )
            yield writer

    def _manifest(self) -> Manifest | None:
        if not is_library(self.path):
            return None
        try:
            catalogue = Catalogue.open(self.path / CATALOGUE)
        except OlderLibraryError:
            return None  # to be migrated now
        try:
            return read_manifest(catalogue, self.path)
        except PosologyError:
            return None  # never completed: to be made now
        finally:
            catalogue.close()

    def _is_older(self) -> bool:
        """Return whether an earlier version of the program made the library's indexes."""
        manifest = self._manifest()
        return manifest is not None and manifest.is_older(self.embedder.weights_hash)

    def _make_indexes_anew(self) -> None:
        """Cut and index the documents of a library that an earlier version made; none of them is lost."""
        from index.writing import open_writer  # here, because writing needs much that answering does not

        self.notify("An earlier version of Posology made the library; its indexes are made anew.")
        with open_writer(self.path, self.embedder, any_model=True) as writer:
            with self.bar("Making the indexes anew") as progress:
                writer.rebuild(progress)

    def _add_bundle_if_possible(self) -> None:
        """Add the bundle; a library that has an older one stays usable where it can't be written."""
        from assistant.importing import import_files

        had_one = self._manifest() is not None
        try:
            with self.writer() as writer, self.bar("Preparing the bundled library") as progress:
                import_files(writer, bundled_files(), origin="bundled", progress=progress)
                writer.mark_bundled()
        except (StorageError, LibraryBusyError) as error:
            if not had_one:
                raise
            self.notify(f"The bundled documents could not be updated: {error}")
