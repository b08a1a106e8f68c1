"""Names in a row: what is told of "A, B and C" is told of each, and the row ends where its clause does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.terms import Mention

_BETWEEN = re.compile(
    r"[\s,;/()]*(?:(?:and|or|as\s+well\s+as|both|the|an?|also|to|severe|moderate|active|adult|adults|with|patients|"
    r"including|notably|particularly|especially|then|increased|risk|of|for|chronic|oral|topical|plaque|in|other|serious)"
    r"[\s,;/()]*)*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]{0,60}\)|<sup>[^<]*</sup>|\[[\d,\s–-]*\]")


def row_after(text: str, at: int, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that stand in a row from an offset on, one joined to the next."""
    found: list[Mention] = []
    for mention in mentions:
        if mention.start < at:
            continue
        if not _BETWEEN.fullmatch(_ASIDE.sub(" ", text[at : mention.start])):
            break
        found.append(mention)
        at = mention.end
    return found


def row_before(text: str, at: int, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that stand in a row before an offset, the last of them anywhere before it in its clause."""
    before = [mention for mention in mentions if mention.end <= at]
    found = before[-1:]
    for mention in reversed(before[:-1]):
        if not _BETWEEN.fullmatch(_ASIDE.sub(" ", text[mention.end : found[0].start])):
            break
        found.insert(0, mention)
    return found
