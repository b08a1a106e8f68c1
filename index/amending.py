"""Changing what a library calls a document and says of it, without reading, cutting or embedding it again.

The catalogue changes in one transaction; the words of the document's passages are indexed anew after it, by the next
writer where this one dies in between. Citations, decisions on facts and kept answers find the document by either name.
"""

from __future__ import annotations

from corpus.bundled import bundled_files
from corpus.edit_store import Changes
from corpus.errors import PosologyError
from corpus.readers.markdown import ID
from corpus.types import Source
from index.build import Writer
from index.files import disk_errors
from index.vocabulary import keep_label_terms, keep_terms, read_own_terms, rename_label_terms


class RenamingError(PosologyError):
    """A document cannot have the id that it was to get."""

    exit_code = 2


def rename(writer: Writer, document_id: str, new_id: str) -> str:
    """Give a document another id and return the one that it had.

    Raises:
        UnknownDocumentError: there is no such document.
        RenamingError: the new id is malformed or taken, or the document is a bundled one.
    """
    catalogue = writer.catalogue
    old_id = writer.known_id(document_id)
    _check(writer, old_id, new_id)
    with disk_errors(writer.path), catalogue.transaction():
        catalogue.edits.rename(old_id, new_id)
        catalogue.fact_store.rename(old_id, new_id)
        rename_label_terms(catalogue, old_id, new_id)
    with disk_errors(writer.path):
        writer.recover()
    return old_id


def edit(writer: Writer, document_id: str, changes: Changes | None) -> tuple[Source, Source]:
    """Change fields of a document's description, None to take all changes back; return it as it was and as it is.

    Raises:
        UnknownDocumentError: there is no such document.
    """
    catalogue = writer.catalogue
    document_id = writer.known_id(document_id)
    before = catalogue.document(document_id).source
    with disk_errors(writer.path), catalogue.transaction():
        kept = {} if changes is None else {**catalogue.edits.changes(document_id), **changes}
        now = catalogue.edits.put(document_id, before, kept)
        if now.kind != before.kind:
            keep_label_terms(catalogue, (catalogue.document(document_id),))
            keep_terms(catalogue, read_own_terms(writer.path))
    with disk_errors(writer.path):
        writer.recover()
    return before, now


def _check(writer: Writer, old_id: str, new_id: str) -> None:
    catalogue = writer.catalogue
    there = catalogue.find_id(old_id)
    if there is not None and there[1] == "bundled":
        raise RenamingError(
            f"{old_id!r} ships with the program, whose facts know it by that id; change its title with "
            f"`posology edit {old_id} --title TITLE` instead."
        )
    if not ID.fullmatch(new_id):
        raise RenamingError(f"{new_id[:40]!r} is no id; use lower-case letters, digits, dots and hyphens.")
    if new_id in {file.stem for file in bundled_files()}:
        raise RenamingError(f"{new_id!r} is the id of a bundled document; choose another one.")
    if catalogue.find_id(new_id) is not None:
        raise RenamingError(f"The library holds a document {new_id!r} already; choose another id.")
    owner = catalogue.edits.current_id(new_id)
    if owner not in (None, old_id):
        raise RenamingError(f"{owner!r} was called {new_id!r} before, and kept answers cite it so; choose another id.")
