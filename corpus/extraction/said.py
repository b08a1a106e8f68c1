"""A document as extraction reads it: its sentences and rows in order, what each names, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpus.anchoring import parts_of
from corpus.terms import Mention, Vocabulary
from corpus.types import Document, Passage, PassageKind, Span

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_SUBSTANCE = "drug"
_LETTERS = 5  # of an abbreviation; longer names in capitals are brands
MOST_EARLIER = 3
"""Sentences of a paragraph that may say which drug a dose is of when its own doesn't."""


@dataclass(frozen=True)
class Lexicon:
    """The vocabulary with its drugs told apart from classes of drugs."""

    vocabulary: Vocabulary

    @cached_property
    def classes(self) -> frozenset[str]:
        """Return the ids of the drugs that stand for others: a dose is never that of a class."""
        terms = self.vocabulary.terms.values()
        return frozenset(wide for term in terms if term.category == _SUBSTANCE for wide in term.broader)

    @cached_property
    def spelled_out(self) -> Callable[[str], frozenset[str]]:
        """Return what tells what a text names in words and not only in capitals; the last one is kept."""
        return lru_cache(maxsize=1)(self._spelled_out)

    def _spelled_out(self, text: str) -> frozenset[str]:
        return frozenset(m.ids[0] for m in self.vocabulary.find(text) if not _is_letters(m.surface))

    def mentions(self, text: str, category: str) -> tuple[Mention, ...]:
        """Return what `text` names of a category, in order."""
        return tuple(self.of(self.vocabulary.find(text), category))

    def of(self, mentions: Sequence[Mention], category: str) -> Iterator[Mention]:
        """Yield the mentions of a category."""
        terms = self.vocabulary.terms
        return (mention for mention in mentions if terms[mention.ids[0]].category == category)

    def is_class(self, mention: Mention) -> bool:
        """Return whether a drug that is named is a class of drugs, or may be one of several."""
        return len(mention.ids) > 1 or mention.ids[0] in self.classes

    def substances(self, text: str) -> frozenset[str]:
        """Return the ids of the single drugs that `text` names."""
        return frozenset(m.ids[0] for m in self.mentions(text, _SUBSTANCE) if not self.is_class(m))


@dataclass(frozen=True)
class Said:
    """A sentence, row or fragment: its place, its text as it is stored, and the sentences before it, nearest first."""

    document: Document
    passage: Passage
    span: Span
    earlier: tuple[Said, ...]
    lexicon: Lexicon

    @cached_property
    def text(self) -> str:
        """Return the stored text, whose offsets are those of the span."""
        return self.span.of(self.document.text)

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        return tuple(self.lexicon.vocabulary.find(self.text))

    def named(self, category: str) -> tuple[Mention, ...]:
        """Return what the text names of a category, in order."""
        return tuple(self.lexicon.of(self._mentions, category))

    @property
    def substances(self) -> frozenset[str]:
        """Return the ids of the single drugs that the text names."""
        return frozenset(m.ids[0] for m in self.named(_SUBSTANCE) if not self.lexicon.is_class(m))

    def is_meant(self, mention: Mention) -> bool:
        """Return whether a name stands for its concept: a few capitals do only where the document spells them out."""
        return not _is_letters(mention.surface) or mention.ids[0] in self.lexicon.spelled_out(self.document.text)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the titles above the text, the nearest first, the document's own last."""
        above = reversed(self.passage.section.split(" > "))
        return tuple(title for title in (*above, self.document.source.title) if title)


def _is_letters(surface: str) -> bool:
    return surface.isupper() and len(surface) <= _LETTERS


def read(document: Document, passages: Sequence[Passage], lexicon: Lexicon) -> Iterator[Said]:
    """Yield the sentences, rows and fragments of a document in order; references are left out."""
    earlier: tuple[Said, ...] = ()
    for passage, span in parts_of(document, passages):
        if passage.kind is PassageKind.REFERENCE:
            continue
        if passage.kind is not PassageKind.PROSE:
            yield Said(document, passage, span, (), lexicon)
            continue
        if earlier and _PARAGRAPH.search(document.text, earlier[0].span.end, span.start):
            earlier = ()
        said = Said(document, passage, span, earlier, lexicon)
        yield said
        # What came before an earlier sentence is not kept with it: a chain of them would hold the whole paragraph.
        earlier = (Said(document, passage, span, (), lexicon), *earlier)[:MOST_EARLIER]
