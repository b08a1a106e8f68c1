"""What was typed to narrow the documents → which of a library's documents may answer."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.narrowing import Narrowed, Narrowing, narrow, years_named
from index.library import Library


def chosen(asked: Mapping[str, tuple[str, ...]], library: Library) -> Narrowed:
    """Return the documents that are all that was typed, and those left out.

    Raises:
        PosologyError: what was typed names nothing, or leaves no document.
    """
    wanted = Narrowing(
        documents=asked.get("documents", ()),
        years=tuple(map(years_named, asked.get("years", ()))),
        kinds=asked.get("kinds", ()),
        designs=asked.get("designs", ()),
    )
    return narrow(library.catalogue.entries(), wanted, library.editions.originals())
