"""`posology chat` and `posology serve`: the terminal interface, in the terminal or in a browser."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.settings import load_settings
from corpus.errors import PosologyError

chat = typer.Typer()
serve = typer.Typer()

LOOPBACK = "127.0.0.1"

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="The library to use instead of the default one.", show_default=False),
]
PrivateOption = Annotated[bool, typer.Option("--private", help="Keep nothing of what is asked.")]


class ChatError(PosologyError):
    """The chat cannot be opened here."""

    exit_code = 2


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
    run_chat(library, private=private, resume=resume, last=last)


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


def run_chat(library: Path | None, *, private: bool = False, resume: str | None = None, last: bool = False) -> None:
    """Run the chat until it is left.

    Raises:
        ChatError: there is no terminal, or nothing to go on with.
    """
    served = "TEXTUAL_DRIVER" in os.environ  # by `posology serve`, to a browser
    if not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ChatError('The chat needs a terminal; ask in the shell: posology ask "QUESTION"')
    from assistant.keeping.store import ConversationStore, PrivateStore
    from assistant.tui.app import PosologyApp

    settings = load_settings()
    store = PrivateStore() if private else ConversationStore(settings.conversations)
    if last:
        kept = store.conversations()
        if not kept:
            raise ChatError("No conversation is kept yet; run `posology` to begin one.")
        resume = kept[0].id
    if resume is not None:
        store.exchanges(resume)  # raises for an unknown id
    PosologyApp(library, store, private=private, resume=resume, theme=settings.theme, keys=settings.keys).run()
