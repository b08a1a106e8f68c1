"""What `posology rename` and `posology edit` do, and what they say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.amending import FIELDS, changes, differences, told
from assistant.commands.terminal import marks, note, open_session, write
from assistant.narrowing import describe
from corpus.text import clean
from index.amending import edit, rename


def rename_one(identity: str, new: str, path: Path | None) -> None:
    """Rename a document, and say how to take it back."""
    session = open_session(path)
    session.check_there()
    with session.writer() as writer:
        old = rename(writer, identity, new)
    write(f"renamed    {old} {marks().arrow} {new}")
    note(f"Citations of {old} still find it; `posology rename {new} {old}` takes it back.")


def edit_one(identity: str, typed: Mapping[str, str] | None, path: Path | None) -> None:
    """Change a document's description, None to take all changes back; say what changed and how to take it back."""
    wanted = None if typed is None else changes(typed)
    session = open_session(path)
    session.check_there()
    with session.writer() as writer:
        document_id = writer.known_id(identity)
        before, now = edit(writer, document_id, wanted)
    changed = list(differences(before, now))
    for name, old, new in changed:
        write(clean(f"{name:9}  {old or 'none'} {marks().arrow} {new or 'none'}"))
    if not changed:
        note(f"{document_id} says so already; nothing was changed.")
    elif typed is not None:
        note(f"`posology edit {document_id} --reset` gives back what the document says of itself.")


def show_one(identity: str, path: Path | None) -> None:
    """Print a document's description, what a person changed marked, and what is known of kind and design by rule."""
    with open_session(path).library() as library:
        document_id = library.document(identity).id
        entries = library.catalogue.entries()
        entry = next(entry for entry in entries if entry.id == document_id)
        edited = library.catalogue.edits.changes(document_id)
    known = describe([entry])[document_id]
    for name in FIELDS:
        value = told(name, entry.source)
        ruled = {"kind": known.kind, "design": known.design}.get(name)
        by_rule = f" (taken for: {ruled})" if ruled and ruled != value else ""
        write(clean(f"{name:9}  {value or 'none'}{by_rule}{' (edited)' if name in edited else ''}"))
