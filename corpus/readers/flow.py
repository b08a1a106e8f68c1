"""A marked-up text → pieces for the composer: the walk that JATS, drug labels, HTML and MEDLINE share.

Text between two block elements is a paragraph, whatever it is nested in; a subclass says which elements are blocks,
which hold nothing to read, and which superscripts point at the literature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from lxml import etree

from corpus.readers.composer import Composer
from corpus.readers.grid import Grid, grid_of, rows_of
from corpus.readers.parsed import children, entity_text, tag_of
from corpus.readers.scripts import joined_marks, subscript, superscript
from corpus.sentences import sentences
from corpus.text import one_line

Element = etree._Element
_APART = re.compile(
    r"(?:^|(?<!</sup>[,–-])(?<!</sup>)\s|[\[(][\w,;–\s-]*)$"
)  # where a number stands as an ordinary word
_BULLET = re.compile(r"(?:^|\s)[•‣▪●]\s")  # a list that is written out
_LABEL = re.compile(
    r"((?:supplementa\w+ |suppl\. )?(?:table|figure|fig\.?|box|chart) ?[A-Z]?\d+[A-Za-z]?)[.:)]? ", re.I
)
_NO_HEADING = re.compile(r"^\W*(?:fig|table|note)|[.;,!?…)\]]\W*$|^\W*$|^[^A-Za-z]*$", re.IGNORECASE)
_LONGEST_HEADING = 12  # words
_LONGEST_LEAD = 5  # words before a colon; more is a sentence that a list goes on with
_EMPHASIS = frozenset({"bold", "b", "strong", "italic", "i", "em", "underline", "u", "content"})
_BREAK = "\v"  # between lines of a cell, while they are collected
_LONGEST_CELL = 2_000  # characters; a "cell" above this is a page laid out with a table


class Flow:
    """Walks one document. Subclasses fill `skipped` and `blocks` (tag → name of the method that takes it)."""

    skipped: ClassVar[frozenset[str]] = frozenset()
    blocks: ClassVar[Mapping[str, str]] = {}

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self.level = 1
        self._text: list[str] = []
        self._mark: str | None = None  # of the list item whose first paragraph is still to come
        self._flat = False  # whether blocks are read as running text, as in titles and cells

    def walk(self, element: Element) -> None:
        """Add what an element holds; running text before and after it is kept apart."""
        self.flush()
        self._inside(element)
        self.flush()

    def flush(self) -> None:
        """End the paragraph that is being collected."""
        text = joined_marks(one_line("".join(self._text)))
        self._text = []
        first, *listed = _BULLET.split(text)
        if first and self._mark is not None:
            self.composer.item(first, self._mark)
            self._mark = None
        else:
            self.composer.paragraph(first)
        for entry in listed:
            self.composer.item(entry)

    def flat(self, element: Element | None) -> str:
        """Return an element's text on one line, blocks and all, as for a title or a table's cell."""
        return "" if element is None else one_line(self.lined(element).replace("\n", " "))

    def lined(self, element: Element) -> str:
        """Return an element's text with a line feed where the file breaks lines or paragraphs, as in a cell."""
        kept, self._text = self._text, []
        was, self._flat = self._flat, True
        self._inside(element)
        self._flat = was
        text, self._text = "".join(self._text), kept
        return "\n".join(filter(None, (joined_marks(one_line(line)) for line in text.split(_BREAK))))

    def paragraph(self, element: Element) -> None:
        """Add a paragraph; one that is a few emphasised words and no sentence stands as a heading over what follows."""
        title = self.flat(element) if self._mark is None and _is_emphasised(element) else ""
        longest = _LONGEST_LEAD if title.endswith(":") else _LONGEST_HEADING
        if title and len(title.split()) <= longest and not _NO_HEADING.search(title):
            self.composer.heading(self.level, title.rstrip(": "))
        else:
            self.walk(element)

    def listed(self, entries: list[Element], first: int | None = None) -> None:
        """Add list entries, numbered from `first` on if it is given."""
        self.flush()
        for number, entry in enumerate(entries, start=first or 0):
            self._mark = "-" if first is None else f"{number}."
            self._inside(entry)
            self.flush()
        self._mark = None

    def captioned(self, label: str, title: str) -> str:
        """Add a caption: its label with its first sentence, the rest as a paragraph; return the first part."""
        if not label and (found := _LABEL.match(title)):
            label, title = found.group(1), title[found.end() :]
        first, rest = title, ""
        spans = list(sentences(title))
        if len(spans) > 1:
            first, rest = spans[0].of(title), title[spans[1].start :]
        if label and not first.lower().startswith(label.lower()):
            first = f"{label.rstrip('.:')}. {first}" if first else label
        self.flush()
        self.composer.caption(first)
        self.composer.paragraph(rest)
        return first

    def tabled(self, table: Element, caption: str = "") -> None:
        """Add a table; one that only lays out a page is walked as text."""
        self.flush()
        grid = grid_of(table, self.lined)
        cells = [cell for row in grid.rows for cell in row]
        listed = sum(cell.startswith(("•", "▪", "●")) for cell in cells if cell)
        if not grid.rows or len(grid.header) < 2 or max(map(len, cells)) > _LONGEST_CELL or listed > len(cells) / 2:
            self._laid_out(table)
            return
        if grid.title and not caption:
            caption = self.captioned("", grid.title)
        self.composer.table(caption, grid.header, grid.rows, sound=self.sound(grid))
        for note in grid.notes:
            self.composer.paragraph(note)

    def sound(self, grid: Grid) -> bool:
        """Return whether the format itself vouches for a table's cells."""
        return True

    def is_reference(self, element: Element) -> bool:
        """Return whether a link or what is raised points at an entry of the reference list."""
        return False

    def is_footnote(self, element: Element) -> bool:
        """Return whether a link or what is raised points at a footnote of a table."""
        return False

    def _laid_out(self, table: Element) -> None:
        for row, _ in rows_of(table):
            for cell in row:
                self.walk(cell)

    def _inside(self, element: Element) -> None:
        self._text.append(element.text or "")
        for child in element:
            self._take(child)
            self._text.append(child.tail or "")

    def _take(self, child: Element) -> None:
        tag = tag_of(child)
        if tag in self.skipped:
            return
        if not tag:
            self._text.append(entity_text(child))
        elif tag in ("sup", "sub", "xref", "a", "linkHtml") and self._script(child, tag):
            return
        elif tag in self.blocks:
            self._block(child, tag)
        elif tag in ("br", "break", "hr"):
            self._text.append(_BREAK if self._flat else " ")
        else:
            self._inside(child)

    def _block(self, child: Element, tag: str) -> None:
        if self._flat:
            self._text.append(_BREAK)
            self._inside(child)
            self._text.append(_BREAK)
            return
        self.flush()
        handle: Callable[[Element], None] = getattr(self, self.blocks[tag])
        handle(child)
        self.flush()

    def _script(self, child: Element, tag: str) -> bool:
        """Take what is raised, lowered or points at a reference; False for a link that is plain text."""
        inner = self.flat_text(child)
        raised = tag == "sup" or any(self.flat_text(sup) == inner for sup in children(child, "sup"))
        reference, footnote = self.is_reference(child), self.is_footnote(child)
        before = "".join(self._text[-12:])[-80:]
        if tag == "sub":
            self._text.append(subscript(inner, self._glued()))
        elif raised or footnote or (reference and not _APART.search(before)):
            self._text.append(superscript(inner, self._glued(), reference, footnote))
        else:
            return False
        return True

    def flat_text(self, element: Element) -> str:
        """Return an element's bare text, with nothing in it marked as raised."""
        return one_line("".join(str(text) for text in element.itertext()))

    def _glued(self) -> str:
        """Return the end of the text so far; white space with a line break in it only indents the file and goes."""
        if self._text and "\n" in self._text[-1][len(self._text[-1].rstrip()) :]:
            self._text[-1] = self._text[-1].rstrip()
        return "".join(self._text[-4:])


def _is_emphasised(element: Element) -> bool:
    """Return whether all of a paragraph's text stands in one emphasised element."""
    inner = list(element)
    own = [element.text, *(part.tail for part in inner)]
    return len(inner) == 1 and tag_of(inner[0]) in _EMPHASIS and not any((text or "").strip(" :\n\t") for text in own)
