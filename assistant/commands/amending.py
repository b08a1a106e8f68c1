"""`posology rename` and `posology edit`: what a library calls a document and says of it."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.options import LibraryOption

rename = typer.Typer()
edit = typer.Typer()

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the document, as `list` shows it.")]


@rename.command()
def rename_document(
    identity: IdArgument,
    new: Annotated[
        str, typer.Argument(metavar="NEW-ID", help="Its new id: lower-case letters, digits, dots, hyphens.")
    ],
    library: LibraryOption = None,
) -> None:
    """Give a document another id. What cites it by the old one still finds it; `edit --title` changes its title.

    Example: posology rename document-3 smith-2021
    """
    from assistant.commands.amended import rename_one

    rename_one(identity, new, library)


@edit.command()
def edit_document(
    identity: IdArgument,
    title: Annotated[str | None, typer.Option(help="Its title.", show_default=False)] = None,
    authors: Annotated[str | None, typer.Option(help='All authors: "A. Smith; B. Jones".', show_default=False)] = None,
    year: Annotated[str | None, typer.Option(help="The year of its publication.", show_default=False)] = None,
    journal: Annotated[str | None, typer.Option(help="The journal.", show_default=False)] = None,
    doi: Annotated[str | None, typer.Option(help="Its DOI.", show_default=False)] = None,
    pmid: Annotated[str | None, typer.Option(help="Its PubMed id.", show_default=False)] = None,
    url: Annotated[str | None, typer.Option(help="Its address.", show_default=False)] = None,
    kind: Annotated[str | None, typer.Option(help="Label, article, review, guideline …", show_default=False)] = None,
    design: Annotated[str | None, typer.Option(help="Its study design.", show_default=False)] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Take all changes back.")] = False,
    library: LibraryOption = None,
) -> None:
    """Correct what the library says of a document; "" takes a value away. Without options its description is shown.

    What is changed is kept when the document is added again, replaced or rebuilt.

    Example: posology edit smith-2021 --year 2021 --design "randomised trial"
    """
    from assistant.commands.amended import edit_one, show_one

    values = (title, authors, year, journal, doi, pmid, url, kind, design)
    names = ("title", "authors", "year", "journal", "doi", "pmid", "url", "kind", "design")
    typed = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    if reset and typed:
        raise typer.BadParameter("--reset takes all changes back; give new values in a second command.")
    if reset or typed:
        edit_one(identity, None if reset else typed, library)
    else:
        show_one(identity, library)
