"""What is wrong with the documents of a library, each with the command that mends it.

Damage is what was found when a document came in; nothing is looked for anew. Bundled documents are as their sources
are, and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.narrowing import Described, describe
from corpus.catalogue import Entry
from corpus.damage import GRAVE, UNUSABLE
from corpus.likeness import alike, sample
from corpus.types import Document
from index.library import Library

_LIKE = 0.8  # share of the longer text's length from which two are of like length

What = Literal["damaged", "empty", "near-duplicate", "metadata-less"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a document that is worth mending; `command` does it, words in capitals to be filled in."""

    what: What
    document_id: str
    text: str
    command: str


def findings(library: Library, option: str = "") -> Iterator[Finding]:
    """Yield what is wrong with the documents; `option` is what a command needs to find this library."""
    entries = [entry for entry in library.catalogue.entries() if entry.origin == "added"]
    known = describe(entries)
    samples, doubts = {}, {}
    for entry in entries:
        document = library.catalogue.document(entry.id)  # not the library's cache: each is needed once
        samples[entry.id], doubts[entry.id] = sample(document.text), _doubtful(document)
        if entry.passages == 0:
            yield Finding("empty", entry.id, "it holds nothing citable", f"posology remove {entry.id}{option}")
        if doubts[entry.id]:
            mend = f"posology remove {entry.id}{option} && posology add BETTER-COPY{option}"
            look = f"`posology show {entry.id} --damage{option}` lists them"
            yield Finding("damaged", entry.id, f"{_damage(document)}; {look}", mend)
        if missing := list(_missing(entry, known[entry.id])):
            options = " ".join(f"--{name} {name.upper()}" for name in missing)
            text = f"it does not say its {', '.join(missing)}"
            yield Finding("metadata-less", entry.id, text, f"posology edit {entry.id} {options}{option}")
    pairs = {frozenset(pair) for pair in library.editions.originals().items()}
    by_id = {entry.id: entry for entry in entries}
    for pair in alike(samples):
        if frozenset((pair.shorter, pair.longer)) in pairs:
            continue
        worse, better = _worse_first(by_id[pair.shorter], by_id[pair.longer], doubts)
        text = f"{pair.share:.0%} of the text of {pair.shorter} stands in {pair.longer} too"
        text = f"it is nearly the same as {better} ({by_id[worse].format} and {by_id[better].format}): {text}"
        yield Finding("near-duplicate", worse, text, f"posology remove {worse}{option}")


def _worse_first(shorter: Entry, longer: Entry, doubts: dict[str, int]) -> tuple[str, str]:
    """Return the ids of two texts, first the one to do without.

    That is the shorter; of two of like length the more damaged, or the one that says less of itself.
    """
    if shorter.characters < _LIKE * longer.characters:
        return shorter.id, longer.id
    better, worse = sorted((longer, shorter), key=lambda entry: (doubts[entry.id], -_described(entry)))
    return worse.id, better.id


def _described(entry: Entry) -> int:
    """Return how many fields of its description a document fills; a file's name for a title doesn't count."""
    source = entry.source
    title = entry.id != source.title and Path(entry.path or entry.id).stem != source.title
    return sum(map(bool, (title, source.authors, source.year, source.journal, source.doi, source.pmid, source.kind)))


def _doubtful(document: Document) -> int:
    """Return how many places of a document are not certain in print."""
    return sum(r.reading is None and r.kind in GRAVE | UNUSABLE for r in document.repairs) + sum(
        table.damage is not None for table in document.tables
    )


def _damage(document: Document) -> str:
    """Return how many places are damaged, by how certain their reading is."""
    certain = sum(repair.reading is not None for repair in document.repairs)
    lost = sum(r.reading is None and r.kind in UNUSABLE for r in document.repairs)
    printed = sum(r.reading is None and r.kind in GRAVE - UNUSABLE for r in document.repairs)
    harmless = len(document.repairs) - certain - lost - printed
    tables = sum(table.damage is not None for table in document.tables)
    counts: Sequence[tuple[int, str]] = (
        (certain, "read with certainty"),
        (printed, "told as printed"),
        (lost, "not used"),
        (harmless, "harmless"),
    )
    told = ", ".join(f"{count} {what}" for count, what in counts if count)
    whole = f"{tables} {'table' if tables == 1 else 'tables'} not used" if tables else ""
    places = f"{len(document.repairs)} damaged {'place' if len(document.repairs) == 1 else 'places'}: {told}"
    return "; ".join(filter(None, (places if document.repairs else "", whole)))


def _missing(entry: Entry, known: Described) -> Iterator[str]:
    """Yield what a document does not say of itself where it lacks its title or its year, and so is hard to find."""
    named = {entry.id, Path(entry.path or entry.id).stem, Path(entry.path or entry.id).name}
    lacking = {
        "title": entry.source.title in named or entry.source.title in ("Untitled article", "Untitled record"),
        "authors": not entry.source.authors,
        "year": known.year is None,
        "kind": known.kind is None,
    }
    if lacking["title"] or lacking["year"]:
        yield from (name for name, is_lacking in lacking.items() if is_lacking)
