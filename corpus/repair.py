"""All damage of a document: found by general signs, recorded beside the text, never written into it.

`table_damage` is asked while a document is read, since a table in which a column slipped must not be used at all;
`repairs` finds the rest whenever it is wanted: it depends on nothing but the stored document and the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.damage import READ_BY_OCR, Damage, Repair, found_at
from corpus.damage_cells import cut_cells, doses_fit_neighbours, in_rows, slipped
from corpus.damage_names import misspelt_drugs
from corpus.damage_text import IN_CELLS, IN_PROSE, Detector, split_words
from corpus.figures import Shape, has_shape
from corpus.passages import is_reference_list
from corpus.sentences import sentences
from corpus.terms import Vocabulary
from corpus.types import Block, BlockKind, Document, Row, Section

_MOST_CUT = 2
_LAID_OUT = frozenset({"pdf", "text", "markdown"})  # elsewhere paragraphs are marked, and a list may be paragraphs
_ENDED = re.compile(r"[.!?:;…][\"'”’)\]*_]*(?:<sup>[^<]*</sup>|\[?\d[\d,–-]*\]?)?$")
_NEVER_LAST = re.compile(
    r"(?:,|\b(?:and|or|the|a|an|of|in|on|with|to|by|for|from|at|that|which|who|was|were|is|are|be|been|than|as|into))$"
)
_SMALL_FIRST = re.compile(r"(?:\([^)\s]{1,6}\)[,;]? )?[a-z]+[ ,]")
_NO_PROSE = re.compile(r"[\W\d_]")
_FEWEST_CUT = 4  # words of a sentence that breaks off: fewer are a label
_REACH = 40  # paragraphs after it among which its rest is looked for
_ONLY_NUMBER = re.compile(r"\W*\d{1,4}\W*")
_NUMBER_FIRST = re.compile(r"[\W_]*\d{1,4} (?=[A-Z])")
_FEWEST_NUMBERS = 5
_FEWEST_CELLS = 9
_LONGEST_ROW = 16  # words
_SHORT = 9  # words of a line that may be a cell
_WORD = re.compile(r"[^\W\d_]{4,}")


def table_damage(header: Row, rows: tuple[Row, ...]) -> str | None:
    """Return why a table's cells can't be trusted to stand in their row or column, or None.

    Its columns slipped, or so many cells break off that text has spilled from row to row.
    """
    if reason := slipped(header, rows):
        return reason
    cut = cut_cells(rows)
    if len(cut) >= _MOST_CUT:
        return f"{len(cut)} cells break off, so text may have spilled into neighbouring rows"
    return None


def repairs(document: Document, vocabulary: Vocabulary) -> tuple[Repair, ...]:
    """Return the damage of a document in the order of the text; reference lists are left alone."""
    whole = {word.lower() for word in _WORD.findall(document.text)}
    split = split_words(lambda word: word in whole or word in vocabulary.names or word in vocabulary.name_words)
    found: list[Repair] = []
    blocks = [block for block in document.blocks if not _is_reference(block, document.sections)]
    for block in blocks:
        if block.kind is not BlockKind.TABLE:
            found += _in_stretch(document.text, block.start, block.end, (*IN_PROSE, split))
    for table in document.tables:
        found += in_rows(document.text, table)
        # A file that marks every cell can hold a table that was damaged before it was made.
        reason = table.damage or slipped(table.header, table.rows) or doses_fit_neighbours(table, _said(document))
        if reason:
            rows = (table.header, *table.rows)
            found += [found_at(document.text, row.start, row.end, Damage.CELLS, reason) for row in rows]
        for row in (table.header, *table.rows):
            for cell in row.cells:
                found += _in_stretch(document.text, cell.start, cell.end, (*IN_CELLS, split))
    found += misspelt_drugs(document, blocks, vocabulary)
    found += _line_numbers(document.text, blocks)
    if document.format in _LAID_OUT:
        found += _cut_sentences(document.text, blocks)
    found += _flattened(document.text, blocks)
    found += _recognised(document)
    return tuple(sorted(dict.fromkeys(found), key=lambda repair: (repair.start, repair.end)))


def _recognised(document: Document) -> Iterator[Repair]:
    """Yield what stands on pages that OCR read: any figure or name there may be another one in print."""
    ends = [*(page.start for page in document.pages[1:]), len(document.text)]
    for page, end in zip(document.pages, ends, strict=False):
        for block in document.blocks if page.recognised else ():
            if block.start < end and block.end > page.start:
                yield found_at(document.text, block.start, block.end, Damage.OCR, READ_BY_OCR)


def _in_stretch(text: str, start: int, end: int, detectors: Sequence[Detector]) -> Iterator[Repair]:
    for detect in detectors:
        yield from detect(text, start, end)


def _is_reference(block: Block, sections: Sequence[Section]) -> bool:
    return any(s.start <= block.start < s.end and is_reference_list(s) for s in sections)


def _said(document: Document) -> list[str]:
    return [
        span.of(document.text).lower()
        for block in document.blocks
        if block.kind is BlockKind.PARAGRAPH
        for span in sentences(document.text, block.start, block.end)
    ]


def _cut_sentences(text: str, blocks: Sequence[Block]) -> Iterator[Repair]:
    """Yield the halves of sentences that a table, a page end or a column end parted.

    A paragraph of prose breaks off if it ends without a stop and the rest stands further on, in lower case, or if it
    ends with a word that nothing ends with.
    """
    prose = [block for block in blocks if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)]
    for number, above in enumerate(prose):
        spans = list(sentences(text, above.start, above.end))
        last = spans[-1].of(text) if spans else ""
        if len(last.split()) < _FEWEST_CUT or _ENDED.search(last) or _NO_PROSE.match(text, above.start):
            continue
        near = prose[number + 1 : number + 1 + _REACH]
        rest = next((b for b in near if _goes_on(text[b.start : b.end])), None)
        if _NEVER_LAST.search(last) or (rest is not None and above.kind is BlockKind.PARAGRAPH):
            yield found_at(text, spans[-1].start, spans[-1].end, Damage.SENTENCE, "the sentence breaks off in print")
            if rest is not None:
                first = next(sentences(text, rest.start, rest.end))
                yield found_at(text, first.start, first.end, Damage.SENTENCE, "its beginning stands elsewhere in print")


def _goes_on(text: str) -> bool:
    return bool(_SMALL_FIRST.match(text)) and len(text.split()) >= _FEWEST_CUT and bool(_ENDED.search(text))


def _line_numbers(text: str, blocks: Sequence[Block]) -> Iterator[Repair]:
    """Yield a manuscript's line numbers: paragraphs that are only a number, rising, and those before other text."""
    alone = [block for block in blocks if _ONLY_NUMBER.fullmatch(text, block.start, block.end)]
    values = [int(re.sub(r"\D", "", text[block.start : block.end])) for block in alone]
    rising = sum(a < b <= a + 10 for a, b in pairwise(values))
    if len(alone) < _FEWEST_NUMBERS or rising < 0.7 * (len(values) - 1):
        return
    reason = "a number from the manuscript's margin"
    for block in alone:
        yield found_at(text, block.start, block.end, Damage.LINE_NUMBERS, reason)
    for block in blocks:
        if block not in alone and (found := _NUMBER_FIRST.match(text, block.start, block.end)):
            yield found_at(text, block.start, found.end(), Damage.LINE_NUMBERS, reason)


def _flattened(text: str, blocks: Sequence[Block]) -> Iterator[Repair]:
    """Yield runs of short lines: a table of which every cell is printed on a line of its own."""
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block.kind is not BlockKind.TABLE and _is_rows(text[block.start : block.end]):
            yield found_at(text, block.start, block.end, Damage.FLATTENED, "rows of a table lost their columns")
        if block is not None and block.kind is BlockKind.PARAGRAPH and _is_cells(text[block.start : block.end]):
            run.append(block)
            continue
        if sum(text.count("\n", some.start, some.end) + 1 for some in run) >= _FEWEST_CELLS:
            yield found_at(text, run[0].start, run[-1].end, Damage.FLATTENED, "a table is printed one cell a line")
        run = []


def _is_rows(text: str) -> bool:
    """Return whether a block is rows of a table that lost their columns: short lines with doses and no sentence."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    doses = sum(has_shape(line, Shape.DOSE) for line in lines)
    short = all(len(line.split()) <= _LONGEST_ROW and not line[0].islower() for line in lines)
    return len(lines) > 2 and doses > 1 and short and not re.search(r"[.!?](?:\s|$)", text)


def _is_cells(text: str) -> bool:
    """Return whether a block is short lines without a sentence's end, and none as long as a line of prose."""
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(map(_is_cell, lines)) > 0.8 * len(lines) and all(len(line.split()) <= _LONGEST_ROW for line in lines)


def _is_cell(text: str) -> bool:
    return len(text.split()) <= _SHORT and not re.search(r"[.!?]\W*$", text) and bool(text.strip())
