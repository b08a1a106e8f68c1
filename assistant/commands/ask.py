"""`posology ask`: one question, or a file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from assistant.answer import answer
from assistant.commands.terminal import marks, note, open_session, width, write
from assistant.conversation import Conversation
from assistant.render import as_json, as_markdown, as_text
from corpus.errors import PosologyError, UnreadableFileError
from index.embedder import Embedder
from index.library import Library

Asked = Mapping[str, tuple[str, ...]]
"""What was typed for each option that narrows the documents: documents, years, kinds, designs."""

_LONGEST_INPUT = 1_000_000  # characters read from standard input


class QuestionError(PosologyError):
    """The question or the batch file cannot be used."""

    exit_code = 2


def ask_one(
    question: str,
    path: Path | None,
    asked: Asked,
    form: Literal["text", "markdown", "json"],
    embedder: Embedder | None = None,
) -> None:
    """Answer one question and print it."""
    if question == "-":
        question = sys.stdin.buffer.read(_LONGEST_INPUT).decode("utf-8", "replace")
    if not question.strip():
        raise QuestionError('There is no question; write one after ask, for example: posology ask "baricitinib dose?"')
    with open_session(path, embedder).library() as library:
        found = answer(question, library, documents=_chosen(asked, library))
    if form == "json":
        write(as_json(found))
    elif form == "markdown":
        write(as_markdown(found))
    else:
        write(as_text(found, width(), marks()))


def ask_batch(batch: Path, out: Path | None, path: Path | None, asked: Asked, embedder: Embedder | None = None) -> None:
    """Answer every question of a JSON Lines file, to a file or to standard output."""
    items = list(_items(batch))
    session = open_session(path, embedder)
    with session.library() as library:
        documents = _chosen(asked, library)
        lines = (as_json(found) for item in items for found in _answers(item, library, documents))
        if out is None:
            for line in lines:
                write(line)
            return
        count = 0
        temporary = out.with_name(f".{out.name}.part")
        try:
            with temporary.open("w", encoding="utf-8") as stream:
                for line in lines:
                    stream.write(line + "\n")
                    count += 1
            temporary.replace(out)
        except OSError as error:
            raise UnreadableFileError(f"{out} cannot be written ({error.strerror}); name another file.") from error
        finally:
            temporary.unlink(missing_ok=True)
    note(f"{count} answers written to {out}")


def _answers(item: dict[str, Any], library: Library, documents: tuple[str, ...] | None) -> Iterator[Any]:
    if "turns" not in item:
        yield answer(item["question"], library, documents=documents, id=item.get("id"))
        return
    conversation = Conversation()
    for turn in item["turns"]:
        yield answer(turn["question"], library, conversation, documents=documents, id=turn.get("id"))


def _items(batch: Path) -> Iterator[dict[str, Any]]:
    """Yield the questions of a batch file, each checked before any is answered."""
    try:
        text = batch.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{batch} cannot be read; check that it is a UTF-8 file of JSON lines.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            for turn in item.get("turns", [item]):
                if not isinstance(turn["question"], str) or not isinstance(turn.get("id"), str | None):
                    raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise QuestionError(
                f'{batch}, line {number} is no question; write {{"id": "...", "question": "..."}} on each line.'
            ) from error
        yield item


def _chosen(asked: Asked, library: Library) -> tuple[str, ...] | None:
    """Return the ids of the documents that may answer, None for all; say on standard error which are left out."""
    if not asked:
        return None
    from assistant.commands.narrowed import chosen  # here, because few questions are narrowed

    found = chosen(asked, library)
    if set(asked) != {"documents"}:  # who names documents knows which are left out
        for line in found.told():
            note(line)
    return found.used
