"""A message → the questions in it. Used where the message as a whole finds no answer, so that what is held is told."""

from __future__ import annotations

import re

_BREAKS = re.compile(
    r"(?<=[.?!;])\s+(?=\S)"
    r"|,?\s+(?:and|also|plus)\s+"
    r"(?=(?:how|what|which|who|when|where|why|does|do|did|is|are|was|were|could|can|at what)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2


def split(text: str) -> tuple[str, ...]:
    """Return the sentences and joined questions of a message, in order; the message itself if there is only one."""
    parts = (part.strip(" ,;") for part in _BREAKS.split(text))
    return tuple(part for part in parts if len(part.split()) >= _FEWEST_WORDS)
