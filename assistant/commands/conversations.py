"""`posology conversations …`: the conversations that were kept; listed, shown, renamed, deleted, exported."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

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

FormatName = Literal["markdown", "json", "text", "bibtex", "ris"]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id, or as much as tells it apart.")]

app = typer.Typer(help="Conversations that were kept.", no_args_is_help=False, pretty_exceptions_enable=False)


@app.callback()
def group() -> None:
    """List, show, rename, delete and export the conversations that were kept."""


@app.command("list")
def list_conversations(
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help="Only those in which every word occurs.")
    ] = "",
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that can still be restored.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the conversations, the last used first."""
    found = _store().conversations(search, deleted=deleted)
    if as_json:
        write(
            safe_json(
                json.dumps([asdict(kept) for kept in found], default=datetime.isoformat, ensure_ascii=False, indent=2)
            )
        )
        return
    for kept in found:
        write(f"{kept.id}  {kept.updated.astimezone():%Y-%m-%d %H:%M}  {kept.exchanges:3}  {kept.title}")
    note(_counted(len(found)) + (" can be restored" if deleted else ""))


@app.command()
def show(identity: IdArgument) -> None:
    """Show a conversation: its questions, answers and references."""
    store = _store()
    kept = _found(store, identity)
    write(as_text(store.exchanges(kept.id), kept.title, width(), marks()))


@app.command()
def rename(
    identity: IdArgument,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help='The new title; "" for the first question.')],
) -> None:
    """Give a conversation another title."""
    store = _store()
    kept = _found(store, identity)
    store.rename(kept.id, " ".join(title))
    write(f"renamed    {kept.id}  {_found(store, kept.id).title}")


@app.command()
def delete(identity: IdArgument) -> None:
    """Delete a conversation. It can be restored for 24 hours; after that it is overwritten."""
    store = _store()
    kept = _found(store, identity)
    store.delete(kept.id)
    write(f"deleted    {kept.id}  {kept.title}")
    note(f"`posology conversations restore {kept.id}` brings it back within 24 hours; `purge` makes it final.")


@app.command()
def restore(identity: IdArgument) -> None:
    """Bring a deleted conversation back."""
    store = _store()
    kept = _found(store, identity, deleted=True)
    store.restore(kept.id)
    write(f"restored   {kept.id}  {kept.title}")


@app.command()
def purge() -> None:
    """Overwrite every deleted conversation now, so that none can be restored."""
    write(f"purged     {_counted(_store().purge(now=True))}")


@app.command()
def export(
    identity: IdArgument,
    form: Annotated[
        FormatName | None,
        typer.Option("--format", help="Its form; else as the file's name ends, or Markdown.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            metavar="DIR",
            help="Where authors and DOIs are looked up, instead of its own library.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a conversation as Markdown, JSON or plain text, or its references as BibTeX or RIS."""
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
    option = " --deleted" if deleted else ""
    ids = {kept.id: kept for kept in store.conversations(deleted=deleted)}
    matching = [identity for identity in ids if prefix and identity.startswith(prefix.lower())]
    if len(matching) > 1:
        raise UnknownConversationError(
            f"{_counted(len(matching))} have ids that begin with {prefix!r}: {', '.join(sorted(matching))}; "
            "write more of the id."
        )
    if not matching:
        raise UnknownConversationError(
            f"No {'deleted ' if deleted else ''}conversation has an id that begins with {prefix!r}; "
            f"`posology conversations list{option}` shows them."
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
