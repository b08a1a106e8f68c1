"""The same paper twice: an article as PDF, as XML and as an abstract is one document, known by DOI, PMID or title.

Text alone cannot tell: the same article reads differently in each format. Two papers whose DOIs differ are two, and
so are a paper and the note that its reader gave an id of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.text import words
from corpus.types import Source

FULLER = 1.5
"""How many times longer a text has to be to take the place of the same paper: an article against its abstract."""

_SHORTEST_TITLE = 6  # words; "Letter to the editor" is no sign of anything
_SAME_YEARS = 1  # apart: one edition gives the year online, another that of the issue


@dataclass(frozen=True, slots=True)
class Paper:
    """What identifies a document, and how much of it there is, in characters; None: to be looked up."""

    id: str
    source: Source
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that is the same as another, and by what sign: "DOI", "PMID" or "title"."""

    paper: Paper
    sign: str


class Papers:
    """The papers of a library and of an import, looked up by what identifies them."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._by_sign: dict[tuple[str, str], Paper] = {}
        self._signs_of: dict[str, tuple[tuple[str, str], ...]] = {}
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        """Make a paper known."""
        new = tuple(sign for sign in _signs(paper.source) if sign not in self._by_sign)
        self._by_sign.update(dict.fromkeys(new, paper))
        self._signs_of[paper.id] = new

    def forget(self, paper_id: str) -> None:
        """Forget a paper that another one took the place of."""
        for sign in self._signs_of.pop(paper_id, ()):
            del self._by_sign[sign]

    def match(self, source: Source) -> Match | None:
        """Return the known paper that a source describes, or None."""
        for kind, value in _signs(source):
            paper = self._by_sign.get((kind, value))
            if paper is not None and (kind == "DOI" or not _differ(source, paper.source, kind)):
                return Match(paper, kind)
        return None


def _signs(source: Source) -> Iterable[tuple[str, str]]:
    if source.doi:
        yield "DOI", source.doi.lower().strip()
    if source.pmid:
        yield "PMID", source.pmid.strip()
    title = words(source.title)
    if len(title.split()) >= _SHORTEST_TITLE:
        yield "title", title


def _differ(one: Source, other: Source, kind: str) -> bool:
    """Return whether two sources that share a sign are two papers all the same."""
    if one.doi and other.doi and one.doi.lower() != other.doi.lower():
        return True
    if kind == "PMID":
        return False
    if one.pmid and other.pmid and one.pmid != other.pmid:
        return True
    return bool(one.year and other.year and abs(one.year - other.year) > _SAME_YEARS)
