"""What every reader builds: sections, blocks, tables and pages, collected while the lines or pieces go by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.repair import table_damage
from corpus.text import without_markup
from corpus.types import Block, BlockKind, Cell, Page, Row, Section, Source, Table

_CAPTION = re.compile(r"^\W*(?:table|tab\.)\s*(?:\d+|[ivx]+)\b", re.IGNORECASE)
_UNFINISHED = re.compile(r"[\w,;–-]$")
_LOOK_BACK = 200  # characters of a paragraph that tell whether it is finished
_FRONT_PAGE = 3_000  # characters within which a document's title stands


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text without its line feed, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def blank(self) -> bool:
        """Return whether the line holds nothing but white space."""
        return not self.text.strip()


def lines_of(text: str, start: int = 0) -> Iterator[Line]:
    """Yield the lines of `text` from `start` on."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Line(text[start:end], start, end)
        start = end + 1


@dataclass
class Structure:
    """A document's structure in the making. Readers call the `add` methods in reading order, then `finish`."""

    text: str
    id: str | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    _open: list[tuple[int, str, int]] = field(default_factory=list)  # level, title, start

    def add_heading(self, level: int, title: str, start: int) -> None:
        """Begin a section at `start`; sections of the same or a deeper level end there."""
        self._close(start)
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, without_markup(title), start))

    def _close(self, end: int) -> None:
        if self._open:
            path = tuple(title for _, title, _ in self._open)
            level, _, start = self._open[-1]
            begin = self.sections[-1].end if self.sections else start
            self.sections.append(Section(path, level, begin, end))

    def add_text(self, kind: BlockKind, start: int, end: int) -> None:
        """Add a paragraph or list item; a sentence that a page break cut in two becomes one block again."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return
        if kind is BlockKind.PARAGRAPH and self.blocks and self._continues(self.blocks[-1], start):
            kind, start = self.blocks[-1].kind, self.blocks.pop().start
        self.blocks.append(Block(kind, start, end))

    def _continues(self, last: Block, start: int) -> bool:
        """True if the text at `start` goes on with the sentence that `last` breaks off, nothing between them."""
        before = self.text[max(last.start, last.end - _LOOK_BACK) : last.end]
        return (
            last.kind not in (BlockKind.TABLE, BlockKind.CAPTION)
            and self.text[start].islower()
            and not self.text[last.end : start].strip()
            and bool(_UNFINISHED.search(before))
            and len(before.split()) >= 5
        )

    def add_table(self, rows: list[Row], caption: str = "", damage: str | None = None, sound: bool = False) -> None:
        """Add a table whose first row is its header; cells that no header stands over are kept.

        Without a `caption` the one above the table is looked for. `damage` is what the reader knows of, if anything;
        signs of more are looked for unless the table is known to be `sound`.
        """
        header, body = rows[0], tuple(rows[1:])
        damage = damage or (None if sound else table_damage(header, body))
        self.tables.append(Table(caption or self._caption(), header, body, damage))
        self.blocks.append(Block(BlockKind.TABLE, header.start, rows[-1].end, len(self.tables) - 1))

    def _caption(self) -> str:
        for block in reversed(self.blocks[-2:]):
            text = without_markup(self.text[block.start : block.end])
            if block.kind is not BlockKind.TABLE and _CAPTION.match(text) and len(text) < 300:
                return text
        return self._open[-1][1] if self._open else ""

    def finish(self) -> Structure:
        """Close the last section and return the structure."""
        self._close(len(self.text))
        return self

    def source(self, fallback_title: str) -> Source:
        """Return the bibliographic description: the front matter's, with a title found in the text if need be."""
        get = self.metadata.get
        authors = get("authors") or ()
        if isinstance(authors, str):
            authors = [authors]
        year, types = get("year"), get("types") or ()
        return Source(
            title=str(get("title") or self._title() or fallback_title),
            authors=tuple(str(author) for author in authors) if isinstance(authors, list | tuple) else (),
            year=int(year) if isinstance(year, int | str) and str(year).isdigit() else None,
            types=tuple(str(text) for text in types) if isinstance(types, list | tuple) else (),
            **{key: str(get(key)) if get(key) else None for key in ("journal", "doi", "pmid", "url", "kind", "design")},
        )

    def _title(self) -> str | None:
        """Return the first heading near the top that reads like a title, else the first heading there."""
        early = [section.path[-1] for section in self.sections if section.start < _FRONT_PAGE]
        for title in early:
            if len(title.split()) >= 4 and not title.isupper():
                return title
        return early[0] if early else None


def cells_of(line: Line, separator: str) -> Row:
    """Return the cells of a table line with their offsets; a separator escaped by a backslash separates nothing."""
    start, end = line.start, line.end
    text = line.text
    if separator == "|":
        stripped = text.strip()
        start += len(text) - len(text.lstrip()) + stripped.startswith("|")
        end -= len(text) - len(text.rstrip()) + (stripped.endswith("|") and len(stripped) > 1)
    inner = text[start - line.start : end - line.start]
    cells, at = [], start
    for part in re.split(rf"(?<!\\){re.escape(separator)}", inner):
        lead = len(part) - len(part.lstrip())
        content = part.strip()
        cells.append(Cell(without_markup(content), at + lead, at + lead + len(content)))
        at += len(part) + 1
    return Row(tuple(cells), line.start + len(text) - len(text.lstrip(" ")), line.start + len(text.rstrip(" ")))
