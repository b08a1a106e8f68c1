"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="The library to use instead of the default one.", show_default=False),
]
DocumentOption = Annotated[
    list[str] | None, typer.Option("--source", "--document", metavar="ID", help="Use only this document (repeatable).")
]
YearOption = Annotated[
    list[str] | None,
    typer.Option(
        "--year",
        metavar="YEARS",
        help="Use only documents of these years: 2019, 2015-2020, 2019- (repeatable: either).",
    ),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", help="Use only this kind: label, article, review, guideline … (repeatable)."
    ),
]
DesignOption = Annotated[
    list[str] | None,
    typer.Option(
        "--design", metavar="DESIGN", help='Use only this study design: "randomised trial", cohort … (repeatable).'
    ),
]


def narrowing(
    documents: list[str] | None, years: list[str] | None, kinds: list[str] | None, designs: list[str] | None
) -> dict[str, tuple[str, ...]]:
    """Return what was typed for the options that narrow the documents, those left out omitted."""
    typed = {"documents": documents, "years": years, "kinds": kinds, "designs": designs}
    return {name: tuple(values) for name, values in typed.items() if values}
