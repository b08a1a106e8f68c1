"""`posology chat` and `posology serve`: the terminal interface, in the terminal or in a browser."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

chat = typer.Typer()
serve = typer.Typer()

LOOPBACK = "127.0.0.1"

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="The library to use instead of the default one.", show_default=False),
]
PrivateOption = Annotated[bool, typer.Option("--private", help="Keep nothing of what is asked.")]


@chat.command()
def open_chat(
    private: PrivateOption = False,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="ID", help="Go on with this conversation.", show_default=False)
    ] = None,
    last: Annotated[bool, typer.Option("--continue", help="Go on with the last conversation.")] = False,
    library: LibraryOption = None,
) -> None:
    """Open the chat: ask, read the answer, see where each sentence comes from."""
    if private and (resume or last):
        raise typer.BadParameter("--private keeps nothing and so has nothing to go on with.")
    from assistant.tui import opening

    opening.open_chat(library, private=private, resume=resume, last=last)


@serve.command()
def open_server(
    host: Annotated[str, typer.Option("--host", help="Where to listen; the default can be reached from here only.")] = (
        LOOPBACK
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    private: PrivateOption = False,
    library: LibraryOption = None,
) -> None:
    """Serve the chat to a browser on this machine."""
    from assistant.tui.serving import serve_chat

    options = ["--private"] if private else []
    options += ["--library", str(library)] if library is not None else []
    if host not in (LOOPBACK, "localhost", "::1"):
        typer.echo(f"Everyone who can reach {host}:{port} can ask and read: there is no password.", err=True)
    serve_chat(shlex.join([sys.executable, "-m", "assistant", "chat", *options]), host, port)
