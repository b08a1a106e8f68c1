"""Whether a text tells of more or less of something, whatever the drugs in it are called."""

from __future__ import annotations

import re

from index.sentence_cues import load_cues

_INHIBITOR = re.compile(r"\binhibitors?\b", re.IGNORECASE)


def is_directed(text: str) -> bool:
    """Return whether a text tells or asks of more or less of something; a drug named an inhibitor does neither."""
    return load_cues().shown(_INHIBITOR.sub(" ", text)).has_direction
