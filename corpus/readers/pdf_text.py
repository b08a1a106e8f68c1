"""Lines of a column → headings, captions, paragraphs and entries of lists, with split words joined again.

What begins a paragraph is seen by distance, indentation, size and weight. A hyphen at a line's end goes where the
document itself shows the word without it, and stays where it shows the word with it; figures are never joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from corpus.readers.pdf_tables import PrintedTable
from corpus.readers.pdf_words import HYPHEN, Word

Kind = Literal["heading", "paragraph", "item", "caption", "table"]
_ITEM = re.compile(r"^(?:[•‣◦▪●○∙·–*-]|\[\d{1,3}\]|\(?\d{1,3}[.)])\s+(?=\S)")
_BULLET = re.compile(r"^[•‣◦▪●○∙·–*-]\s+")
_ENDED = re.compile(r"[.!?:;]['\"”’)\]]*(?:<sup>[^<]*</sup>)?$")
_CAPTION = re.compile(
    r"^\W*(?:supplementa\w+\s+)?(?:table|tab\.|figure|fig\.?)\s*[A-Z]?\d+[A-Za-z]?\s*(?:[.:|–—-]|\(|[A-Z]|$)",
    re.IGNORECASE,
)
_LOWER_AFTER = re.compile(r"^\W*(?:table|tab\.|figure|fig\.?)\s*\d+[a-z]?\s+[a-z]")
_LINE_END = re.compile(rf"([^\W\d_]+)[{HYPHEN}‐-]$")
_REFERS = re.compile(r"[\d,–*†‡§¶#a-z-]{1,9}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COMPOUND = frozenset("self non all half quasi cross well high low long short near double single two three".split())
_MOST_HEADING_WORDS = 22
_LARGER = 1.1
_WIDEST_STEP = 1.7  # of the size: lines of one paragraph are no farther apart, double-spaced manuscripts aside


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """What a page adds to a document: text of a kind, or a table; `size`, `bold` and `lines` are of its print."""

    kind: Kind
    text: str
    page: int
    size: float = 0.0
    bold: bool = False
    lines: int = 1
    table: PrintedTable | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it is a paragraph that breaks off in the middle of a sentence."""
        return self.kind in ("paragraph", "item") and not _ENDED.search(self.text) and len(self.text.split()) >= 5


def line_of(words: Sequence[Word]) -> Line:
    """Return the words of a line as text; what stands small and raised by itself refers to something."""
    size = median(word.size for word in words)
    base = median(word.base for word in words)
    parts: list[str] = []
    for word in words:
        small = word.size < 0.8 * size and base - word.base > 0.15 * size and bool(_REFERS.fullmatch(word.text))
        text = f"<sup>{word.text}</sup>" if small and "<sup>" not in word.text else word.text
        parts.append(text)
    text = re.sub(r"\s+(<sup>[\d,–-]+</sup>)", r"\1", " ".join(parts))
    bold = 2 * sum(len(word.text) for word in words if word.bold) > sum(len(word.text) for word in words)
    return Line(text, words[0].left, max(word.right for word in words), base, size, bold)


def known_words(words: Iterable[Word]) -> Counter[str]:
    """Return how often the document prints each word whole."""
    return Counter(found.lower() for word in words if HYPHEN not in word.text for found in _WORD.findall(word.text))


def pieces_of(lines: Sequence[Line], page: int, body: float, known: Counter[str]) -> Iterator[Piece]:
    """Yield the pieces of one region; `body` is the size of the document's running text."""
    for group in _groups(lines):
        text = joined(group, known)
        size, bold = median(line.size for line in group), all(line.bold for line in group)
        piece = Piece("paragraph", text, page, size, bold, len(group))
        if _CAPTION.match(text) and not _LOWER_AFTER.match(text):
            yield replace(piece, kind="caption")
        elif _is_heading(text, size, bold, body, len(group)):
            yield replace(piece, kind="heading")
        elif _ITEM.match(text):
            yield replace(piece, kind="item")
        else:
            yield piece


def joined(lines: Sequence[Line], known: Counter[str]) -> str:
    """Return lines as one text."""
    text = ""
    for line in lines:
        text = with_next(text, line.text, known)
    return text.replace(HYPHEN, "-")


def with_next(text: str, following: str, known: Counter[str]) -> str:
    """Return a text with the next line's: a hyphen between them goes or stays, a dash of a range joins its ends."""
    if not text:
        return following
    split = _LINE_END.search(text)
    word = _WORD.match(following)
    if split and word and following[:1].islower():
        return text[:-1] + ("-" if _keeps_hyphen(split.group(1), word.group(), known) else "") + following
    if text[-1] in f"{HYPHEN}-–/" and text[-2:-1].strip() and not following[:1].isspace():
        return text.removesuffix(HYPHEN) + ("-" if text[-1] == HYPHEN else "") + following
    return f"{text} {following}"


def _keeps_hyphen(left: str, right: str, known: Counter[str]) -> bool:
    left, right = left.lower(), right.lower()
    whole, parted = known[left + right], known[f"{left}-{right}"]
    if whole or parted:
        return parted > whole
    if left in _COMPOUND:
        return True
    return len(left) > 3 and len(right) > 3 and bool(known[left] and known[right])


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph, heading or entry of a list."""
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    steps: dict[int, list[float]] = {}
    for above, below in pairwise(lines):
        if abs(below.size - above.size) < 0.1 * above.size:
            steps.setdefault(round(above.size), []).append(below.base - above.base)
    group = [lines[0]]
    for line in lines[1:]:
        usual = min(median(steps.get(round(group[-1].size), [1.2 * line.size])), _WIDEST_STEP * line.size)
        if _begins(line, group, left, right, usual):
            yield group
            group = []
        group.append(line)
    yield group


def _begins(line: Line, group: Sequence[Line], left: float, right: float, usual: float) -> bool:
    last = group[-1]
    step = line.base - last.base
    if abs(line.size - last.size) > 0.08 * last.size or step > max(1.25 * usual, 1.15 * line.size):
        return True
    if (
        line.bold != last.bold
        and (last.bold or _ENDED.search(last.text))
        and all(one.bold == last.bold for one in group)
    ):
        return not (last.bold and last.right > right - 3 * last.size)
    short = last.right < right - max(0.1 * (right - left), 2 * last.size)
    ended = bool(_ENDED.search(last.text))
    if _ITEM.match(line.text) and (short or ended or line.left <= group[0].left + 1):
        bulleted = bool(_BULLET.match(line.text)) or bool(_ITEM.match(group[0].text)) or ended
        return bulleted and line.left <= last.left + 0.5 * line.size
    hanging = _ITEM.match(group[0].text) or (line.left > group[0].left + 0.3 * line.size and len(group) > 1)
    if ended and short and not line.text[:1].islower():
        return True
    indented = line.left > last.left + 0.7 * line.size and not hanging
    return indented and ended and not line.text[:1].islower()


def _is_heading(text: str, size: float, bold: bool, body: float, lines: int) -> bool:
    letters = [char for char in text if char.isalpha()]
    count = len(text.split())
    if lines > 4 or count > _MOST_HEADING_WORDS or len(letters) < 3 or text[-1:] in ",;" or _BULLET.match(text):
        return False
    if size >= _LARGER * body:
        return not text.endswith(".") or count <= 6
    capitals = len(letters) > 5 and size > 0.9 * body and all(char.isupper() for char in letters)
    if not (bold or capitals) or size < 0.85 * body:
        return False
    return lines <= 2 and count <= 15 and not (text.endswith(".") and count > 8) and not text[:1].islower()
