"""Answers as they are kept: JSON that this version and later ones read back.

An older answer gets the defaults of what it lacks, a newer one loses what this version doesn't know; one that makes no
sense here is shown as a note that says so. What is stored stays as it is.
"""

from __future__ import annotations

import json
import re

from pydantic import ValidationError

from assistant.contract import Answer, Statement

UNREADABLE = "The answer kept here was written by another version of Posology and cannot be shown; ask again."

_SURROGATES = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` without the halves of characters that no file can hold."""
    return _SURROGATES.sub("\ufffd", text)


def to_json(answer: Answer) -> str:
    """Return an answer as it is kept."""
    return storable(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False))


def from_json(text: str, question: str) -> Answer:
    """Return the answer that was kept, or in its place a note that it cannot be read."""
    try:
        return Answer.model_validate_json(text, extra="ignore")
    except ValidationError:
        note = Statement(text=UNREADABLE, kind="note")
        return Answer(question=question, status="abstained", answer=note.text, statements=(note,))
