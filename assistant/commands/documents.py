"""`posology remove`, `list`, `show`: what the library holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from assistant.commands.narrowed import chosen
from assistant.commands.terminal import marks, note, open_session, write
from assistant.narrowing import describe
from corpus.damage import GRAVE
from corpus.errors import UnknownDocumentError, UnreadableFileError
from corpus.text import clean, one_line
from corpus.types import Document

_LONGEST_PRINTED = 60  # characters of a damaged place that are shown
_SURROUNDINGS = 400  # characters shown before and after a span


def remove(ids: tuple[str, ...], library: Path | None) -> None:
    """Remove documents; an unknown id removes nothing at all."""
    session = open_session(library)
    session.check_there()
    with session.writer() as writer:
        found = {identity: writer.catalogue.edits.current_id(identity) for identity in ids}
        for identity, current in found.items():
            if current is None:
                raise UnknownDocumentError(
                    f"The library holds no document {identity!r}, so nothing was removed; "
                    "`posology list` shows the ids that it holds."
                )
        for identity in dict.fromkeys(filter(None, found.values())):
            passages = writer.remove(identity)
            write(f"removed    {identity} ({passages} passages)")


def list_documents(as_json: bool, library: Path | None, asked: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Print a line a document with its year, kind and design; with `asked` only of those that are all of it."""
    with open_session(library).library() as opened:
        narrowed = chosen(asked or {}, opened)
        entries = opened.catalogue.entries()
        originals = opened.editions.originals()
    known = describe(entries)
    if narrowed.used is not None:
        entries = [entry for entry in entries if entry.id in set(narrowed.used)]
    if as_json:
        told = [{**asdict(e), "kind": known[e.id].kind, "design": known[e.id].design} for e in entries]
        write(json.dumps(told, ensure_ascii=False, indent=2))
        return
    wide = max((len(entry.id) for entry in entries), default=0)
    kinds = {e.id: ", ".join(filter(None, (known[e.id].kind, known[e.id].design))) or "-" for e in entries}
    widest = max(map(len, kinds.values()), default=0)
    for entry in entries:
        year = entry.source.year or "n.d."
        describes = f" (describes {originals[entry.id]})" if entry.id in originals else ""
        line = f"{entry.id:{wide}}  {entry.passages:5} passages  {entry.origin:7}  {year}  {kinds[entry.id]:{widest}}"
        write(clean(f"{line}  {entry.source.title}{describes}"))
    note(f"{len(entries)} documents in {opened.path}")
    for line in narrowed.told():
        note(line)


def show(identity: str, at: str | None, library: Path | None, damage: bool = False) -> None:
    """Print a document, or a span of it between marks with some text around it, or the damage of its print."""
    with open_session(library).library() as opened:
        document = opened.document(identity)
    if damage:
        _show_damage(document)
        return
    if at is None:
        write(document.text)
        return
    found = re.fullmatch(r"(\d+):(\d+)", at)
    start, end = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    if not start < end <= len(document.text):
        raise UnreadableFileError(
            f"{at!r} is no span of {identity}; write --at START:END with START < END ≤ {len(document.text)}."
        )
    signs = marks()
    before = document.text[max(0, start - _SURROUNDINGS) : start]
    after = document.text[end : end + _SURROUNDINGS]
    write(f"{before}{signs.left}{document.text[start:end]}{signs.right}{after}")


def _show_damage(document: Document) -> None:
    """Print a line for each damaged place: where, what is printed, how it reads if that is certain, and why."""
    arrow = marks().arrow
    for repair in document.repairs:
        printed = one_line(repair.printed)
        printed = (
            printed if len(printed) <= _LONGEST_PRINTED else f"{printed[:_LONGEST_PRINTED].rstrip()}{marks().more}"
        )
        reads = f" {arrow} {repair.reading}" if repair.reading is not None else ""
        write(clean(f"{repair.start}:{repair.end}  {printed}{reads}  ({repair.reason})"))
    mended = sum(repair.reading is not None for repair in document.repairs)
    doubtful = sum(repair.kind in GRAVE and repair.reading is None for repair in document.repairs)
    note(f"{len(document.repairs)} damaged places: {mended} read as shown, {doubtful} told as printed or not used")
