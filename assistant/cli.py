"""The command line. Each command is declared here and lives in `commands/`, imported when it runs.

Answers go to standard output, everything else to standard error. Expected failures are one sentence and an exit
code (see `corpus.errors`), for which `front_door` sees.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.commands.groups import Commands
from assistant.commands.options import DesignOption, DocumentOption, KindOption, LibraryOption, YearOption, narrowing

Form = Literal["text", "markdown", "json"]


app = typer.Typer(
    cls=Commands,
    name="posology",
    help="Cited answers to clinicians' questions from a library of documents, offline.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posology {version('posology')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Cited answers to clinicians' questions from a library of documents, offline. Without a command: the chat."""
    if context.invoked_subcommand is None:
        typer.echo('Ask with: posology ask "QUESTION"; all commands: posology --help', err=True)
        raise typer.Exit(2)


@app.command()
def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="The question; `-` reads it from standard input.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole Answer as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown with footnotes.")] = False,
    source: DocumentOption = None,
    year: YearOption = None,
    kind: KindOption = None,
    design: DesignOption = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="FILE", help="Answer every question of a JSON Lines file."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where --batch writes its answers.")] = None,
    library: LibraryOption = None,
) -> None:
    """Answer a question, with citations.

    Examples: posology ask "topical tofacitinib strength and frequency?"; posology ask "dose?" --year 2019- --kind label
    """
    if out is not None and batch is None:
        raise typer.BadParameter("--out goes with --batch; to keep one answer, redirect the output.")
    if as_json and as_markdown:
        raise typer.BadParameter("Choose one of --json and --markdown.")
    from assistant.warmup import warm_embedder

    embedder = warm_embedder(lambda message: typer.echo(message, err=True))
    from assistant.commands import ask as command  # after the model has begun to load

    asked = narrowing(source, year, kind, design)
    if batch is not None:
        command.ask_batch(batch, out, library, asked, embedder)
        return
    form: Form = "json" if as_json else "markdown" if as_markdown else "text"
    command.ask_one(" ".join(question or ()), library, asked, form, embedder)


@app.command()
def add(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files, folders of them, or patterns; what each is, its content says.", show_default=False),
    ] = None,
    bundled: Annotated[bool, typer.Option("--bundled", help="Add the documents that ship with the program.")] = False,
    no_curated: Annotated[
        bool,
        typer.Option("--no-curated", help="Attach no curated facts to the original of a bundled digest."),
    ] = False,
    password: Annotated[str | None, typer.Option(help="What opens a protected PDF.", show_default=False)] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Read scanned pages of PDFs with Tesseract.")] = False,
    ocr_language: Annotated[
        str, typer.Option("--ocr-language", metavar="LANG", help='What Tesseract is to read, such as "eng+deu".')
    ] = "eng",
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and add what comes into the folders or changes there.")
    ] = False,
    vocabulary: Annotated[
        list[Path] | None,
        typer.Option("--vocabulary", metavar="FILE", help="Learn the names in this YAML file first (repeatable)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of each file as JSON.")] = False,
    library: LibraryOption = None,
) -> None:
    """Add documents to the library.

    Stopped at any moment, it goes on where it was when it is started again.
    """
    from assistant.commands.adding import Wish
    from assistant.commands.adding import add as command

    if not paths and not bundled and not vocabulary:
        raise typer.BadParameter("Name a file or folder to add, or use --bundled.")
    language = ocr_language if ocr else None
    wish = Wish(tuple(paths or ()), bundled, not no_curated, password, language, tuple(vocabulary or ()))
    if not watch:
        command(wish, library, as_json)
        return
    if not paths or as_json:
        raise typer.BadParameter("--watch goes with the folders to watch, and without --json.")
    from assistant.commands.watching import watch as stay

    stay(wish, library)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the documents, as `list` shows them.")],
    library: LibraryOption = None,
) -> None:
    """Remove documents from the library. The files that they came from are not touched."""
    from assistant.commands import documents as command

    command.remove(tuple(ids), library)


@app.command("list")
def list_documents(
    year: YearOption = None,
    kind: KindOption = None,
    design: DesignOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    library: LibraryOption = None,
) -> None:
    """List the documents of the library, each with its year, kind and study design as far as they are known."""
    from assistant.commands import documents as command

    command.list_documents(as_json, library, narrowing(None, year, kind, design))


@app.command()
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the document.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="START:END", help="Show this span in its surroundings.")
    ] = None,
    damage: Annotated[bool, typer.Option("--damage", help="List the damaged places of its print.")] = False,
    library: LibraryOption = None,
) -> None:
    """Show a document, or the part of it that a citation names."""
    from assistant.commands import documents as command

    command.show(identity, at, library, damage)


@app.command()
def facts(
    decision: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[accept|reject|correct|reopen ID...]",
            help="Decide on extracted facts; correct takes field=value as well. Without it, facts are listed.",
            show_default=False,
        ),
    ] = None,
    drug: Annotated[
        list[str] | None, typer.Option("--drug", metavar="NAME", help="About this drug or class (repeatable: either).")
    ] = None,
    disease: Annotated[
        list[str] | None, typer.Option("--disease", metavar="NAME", help="About this disease or harm (repeatable).")
    ] = None,
    route: Annotated[
        list[str] | None, typer.Option("--route", metavar="NAME", help="For this route (repeatable).")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Dose, safety, rate and so on (repeatable).")
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option("--document", metavar="ID", help="From this document (repeatable).")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option("--origin", metavar="ORIGIN", help="Written by hand (curated) or extracted.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values for a spreadsheet.")] = False,
    library: LibraryOption = None,
) -> None:
    """List the structured facts of the library, each with where it stands, or decide on those found by rule.

    Examples: posology facts --drug Xeljanz --disease "hair loss" --kind dose; posology facts reject x-3fb1
    """
    if decision:
        from assistant.commands.review import review

        review(tuple(decision), library)
        return
    if as_json and as_csv:
        raise typer.BadParameter("Choose one of --json and --csv.")
    from assistant.commands import facts as command

    names = {"drug": tuple(drug or ()), "disease": tuple(disease or ()), "route": tuple(route or ())}
    narrowed = {"kind": tuple(kind or ()), "document": tuple(document or ()), "origin": tuple(origin or ())}
    command.list_facts({**names, **narrowed}, "json" if as_json else "csv" if as_csv else "table", library)


@app.command()
def verify(
    answers: Annotated[
        Path | None, typer.Argument(help="A JSON Lines file of answers to check as well.", show_default=False)
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Check the library's files and passages, and an answers file against the stored documents."""
    from assistant.commands import upkeep as command

    command.verify(answers, library)


@app.command()
def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make both indexes anew from the catalogue.")] = False,
    migrate: Annotated[bool, typer.Option("--migrate", help="Bring an older library up to date.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    library: LibraryOption = None,
) -> None:
    """Say what is wrong with the installation, the library or its documents, and which command mends it.

    Documents that are damaged, empty, nearly the same as others, or do not say what they are, are told as advice.
    """
    from assistant.commands import upkeep as command

    command.doctor(rebuild or migrate, library, "json" if as_json else "text")
