"""What `posology conversations` does with the conversations that were kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from assistant.commands.terminal import marks, note, width, write
from assistant.export.files import write_file
from assistant.export.formats import FORMATS
from assistant.export.references import NOTHING_HELD, Sources, sources_held
from assistant.export.transcript import as_text
from assistant.keeping.errors import UnknownConversationError
from assistant.keeping.store import ConversationStore, KeptConversation, default_path
from assistant.render import safe_json
from corpus.catalogue import Catalogue
from corpus.errors import LibraryError
from index.library import CATALOGUE


def list_conversations(search: str, deleted: bool, as_json: bool) -> None:
    """Print a line a conversation."""
    found = _store().conversations(search, deleted=deleted)
    if as_json:
        rows = [asdict(kept) for kept in found]
        write(safe_json(json.dumps(rows, default=datetime.isoformat, ensure_ascii=False, indent=2)))
        return
    for kept in found:
        write(f"{kept.id}  {kept.updated.astimezone():%Y-%m-%d %H:%M}  {kept.exchanges:3}  {kept.title}")
    note(_counted(len(found)) + (" can be restored" if deleted else ""))


def show(identity: str) -> None:
    """Print a conversation as wide as the terminal."""
    store = _store()
    kept = _found(store, identity)
    write(as_text(store.exchanges(kept.id), kept.title, width(), marks()))


def rename(identity: str, title: str) -> None:
    """Give a conversation another title and print it."""
    store = _store()
    kept = _found(store, identity)
    store.rename(kept.id, title)
    write(f"renamed    {kept.id}  {_found(store, kept.id).title}")


def delete(identity: str) -> None:
    """Hide a conversation and say how to get it back."""
    store = _store()
    kept = _found(store, identity)
    store.delete(kept.id)
    write(f"deleted    {kept.id}  {kept.title}")
    note(f"`posology conversations restore {kept.id}` brings it back within 24 hours; `purge` makes it final.")


def restore(identity: str) -> None:
    """Show a deleted conversation again."""
    store = _store()
    kept = _found(store, identity, deleted=True)
    store.restore(kept.id)
    write(f"restored   {kept.id}  {kept.title}")


def purge() -> None:
    """Remove all deleted conversations for good."""
    write(f"purged     {_counted(_store().purge(now=True))}")


def export(identity: str, form: str | None, out: Path | None, force: bool, library: Path | None) -> None:
    """Write a conversation, or its references, to standard output or to a file."""
    store = _store()
    kept = _found(store, identity)
    by_suffix = {known.suffix: known for known in FORMATS.values()}
    chosen = FORMATS[form] if form else by_suffix.get(out.suffix.lower() if out else "", FORMATS["markdown"])
    held = _held(library or Path(kept.library)) if chosen.is_bibliography else NOTHING_HELD
    text = chosen.write(store.exchanges(kept.id), kept.title, held)
    if out is None:
        write(text)
        return
    write_file(out, text, force=force)
    note(f"{chosen.label} written to {out}")


def _store() -> ConversationStore:
    return ConversationStore(default_path())


def _counted(number: int) -> str:
    return f"{number} conversation{'' if number == 1 else 's'}"


def _found(store: ConversationStore, prefix: str, *, deleted: bool = False) -> KeptConversation:
    """Return the one conversation whose id begins with `prefix`."""
    ids = {kept.id: kept for kept in store.conversations(deleted=deleted)}
    matching = [identity for identity in ids if prefix and identity.startswith(prefix.lower())]
    if len(matching) > 1:
        raise UnknownConversationError(
            f"{_counted(len(matching))} have ids that begin with {prefix!r}: {', '.join(sorted(matching))}; "
            "write more of the id."
        )
    if not matching:
        kind, option = ("deleted conversation", " --deleted") if deleted else ("conversation", "")
        raise UnknownConversationError(
            f"No {kind} has an id that begins with {prefix!r}; `posology conversations list{option}` shows them."
        )
    return ids[matching[0]]


def _held(path: Path) -> Sources:
    """Return what a library knows of its documents; nothing, and a line that says so, where there is no library."""
    try:
        catalogue = Catalogue.open(path / CATALOGUE)
    except LibraryError:
        note(f"There is no library in {path} to look up authors and DOIs; name it with --library.")
        return NOTHING_HELD
    try:
        return sources_held(catalogue)
    finally:
        catalogue.close()
