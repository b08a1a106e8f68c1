"""Text → sentences, with offsets. A full stop ends a sentence only where nothing speaks against it.

Medical prose is full of stops that end nothing (e.g., vs., Fig. 2, J. Smith, 0.5 mg, doi:10.1001), so the rule
looks at what stands before and after each one. Never cutting a sentence is worth more than never joining two:
a sentence cut in half can lose its "not".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.types import Span

LONGEST_SENTENCE = 2_000
"""Characters after which text without any sentence end is cut at white space, so that no passage is unbounded."""

_LOOK_BACK = 400  # characters before a stop that can speak against it; bounds the work on endless lines
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie vs v cf etc al approx ca resp viz fig figs tab eq sec ch vol ed eds dr "
    "prof mr mrs ms st jr sr inc ltd co dept univ avg incl excl spp sp var subsp n.b a.m p.m u.s u.k "
    "jan feb mar apr jun jul aug sep sept oct nov dec i.v i.m s.c p.o b.i.d t.i.d q.d q.i.d b.d o.d".split()
)
# These are abbreviations before a number and words, or the end of a list, before anything else.
_BEFORE_NUMBERS = frozenset("no nos ref refs p pp min max est".split())
# These end a sentence as often as not: they do when a capital follows that starts a common sentence opening.
_EITHER_WAY = frozenset("etc al resp approx a.m p.m u.s u.k i.v i.m s.c p.o b.i.d t.i.d q.d q.i.d inc ltd co".split())
_OPENERS = frozenset(
    "the a an in on at of for with after before during this these those that it its we they there however moreover "
    "while when although no not all both each most some one two three four five patients treatment our data "
    "results".split()
)
_CLOSERS = "\"'”’)]»*_"
_MARK = r"(?:<sup>[^<]{1,40}</sup>|\[\d[\d,\s–-]*\]|\d{1,3}(?:[,–-]\d{1,3})*(?=\s|$))"
_END = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*(?P<mark>{_MARK})?[{re.escape(_CLOSERS)}]*(?P<gap>\s+|$)")
_WORD_BEFORE = re.compile(r"[\w.&/-]+$")
_WORD_AFTER = re.compile(r"[\w'’-]+")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the spans of the sentences in `text[start:end]`, without surrounding white space, in order.

    The spans do not overlap, and together they cover everything but white space.
    """
    end = len(text) if end is None else end
    begin = start
    for found in _END.finditer(text, start, end):
        if found.end() <= begin or not _is_end(text, begin, end, found):
            continue
        stop = found.start("gap")
        yield from _trimmed(text, begin, stop)
        begin = found.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_SENTENCE:
        cut = _last_space(text, start, start + LONGEST_SENTENCE)
        yield Span(start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        yield Span(start, end)


def _last_space(text: str, start: int, end: int) -> int:
    """Return the last white space in the range that has no digit beside it, or any, or the end."""
    spaces = [i for i in range(end - 1, start, -1) if text[i].isspace()]
    quiet = (i for i in spaces if not (text[i - 1].isdigit() or text[i + 1 : i + 2].isdigit()))
    return next(quiet, spaces[0] if spaces else end)


def _is_end(text: str, begin: int, end: int, found: re.Match[str]) -> bool:
    after = text[found.end() : found.end() + 40]
    if found.end() >= end or not after:
        return True
    mark = found.group("mark")
    if mark and mark[0].isdigit() and not _glued_reference(text, begin, found):
        return False
    begin = max(begin, found.start() - _LOOK_BACK)
    if _inside_brackets(text[begin : found.end()]):
        return False
    opening = after.lstrip("\"'“‘([»*_")
    if not opening or opening[0].islower():
        return False
    if found.group()[0] in "!?…":
        return True
    return not _is_abbreviation(text[begin : found.start()], opening)


def _glued_reference(text: str, begin: int, found: re.Match[str]) -> bool:
    """A number right after the stop is a reference mark ("months.3-5 Later") unless a digit stands before it."""
    before = text[found.start() - 1 : found.start()] if found.start() > begin else ""
    return before.isalpha() or before in ")]%"


def _inside_brackets(sentence: str) -> bool:
    """True while a bracket opened within the look-back is still open; an older one is taken for unbalanced."""
    for left, right in ("()", "[]"):
        opened = sentence.rfind(left)
        if opened > sentence.rfind(right):
            return True
    return False


def _is_abbreviation(before: str, opening: str) -> bool:
    word_found = _WORD_BEFORE.search(before)
    if word_found is None:
        return False
    word = word_found.group().strip(".").lower()
    if len(word) == 1 and word.isalpha():
        return not _starts_sentence(opening) or word_found.group().isupper()
    if word in _BEFORE_NUMBERS:
        return opening[0].isdigit()
    if word not in _ABBREVIATIONS:
        return False
    return not (word in _EITHER_WAY and _starts_sentence(opening))


def _starts_sentence(opening: str) -> bool:
    found = _WORD_AFTER.match(opening)
    return bool(found and found.group().lower() in _OPENERS)
