"""`posology conversations …`: declared here; what the commands do lives in `kept`, imported when one runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

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
    from assistant.commands import kept

    kept.list_conversations(search, deleted, as_json)


@app.command()
def show(identity: IdArgument) -> None:
    """Show a conversation: its questions, answers and references."""
    from assistant.commands import kept

    kept.show(identity)


@app.command()
def rename(
    identity: IdArgument,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help='The new title; "" for the first question.')],
) -> None:
    """Give a conversation another title."""
    from assistant.commands import kept

    kept.rename(identity, " ".join(title))


@app.command()
def delete(identity: IdArgument) -> None:
    """Delete a conversation. It can be restored for 24 hours; after that it is overwritten."""
    from assistant.commands import kept

    kept.delete(identity)


@app.command()
def restore(identity: IdArgument) -> None:
    """Bring a deleted conversation back."""
    from assistant.commands import kept

    kept.restore(identity)


@app.command()
def purge() -> None:
    """Overwrite every deleted conversation now, so that none can be restored."""
    from assistant.commands import kept

    kept.purge()


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
            help="Where authors and DOIs are looked up, instead of the conversation's own library.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a conversation as Markdown, JSON or plain text, or its references as BibTeX or RIS."""
    from assistant.commands import kept

    kept.export(identity, form, out, force, library)
