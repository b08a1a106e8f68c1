"""A conversation → Markdown, JSON or plain text, its citations numbered from its first answer to its last.

Each answer is rendered as it is when it is asked for alone; only its numbers move on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from assistant import render
from assistant.contract import Answer, joined
from assistant.keeping.kept import Exchange
from corpus.text import clean, one_line

_MARKS = render.Marks()
_UNWRAPPED = 1_000_000  # columns, more than any answer has


def as_markdown(exchanges: Iterable[Exchange], title: str) -> str:
    """Return a conversation as Markdown, with a heading for each question and a footnote for each citation."""
    parts = [_heading("#", title)]
    for exchange in numbered(exchanges):
        parts.append(_heading("##", exchange.question))
        parts.append(f"*Asked {_date(exchange.asked)}*")
        parts.append(render.as_markdown(exchange.answer.model_copy(update={"question": ""})))
    return "\n\n".join(part for part in parts if part)


def as_text(exchanges: Iterable[Exchange], title: str, width: int = 80, marks: render.Marks = _MARKS) -> str:
    """Return a conversation as plain text, wrapped, with its references below each answer."""
    heading = render.wrapped(_line(title), width)
    parts = [heading, "=" * max(map(len, heading.split("\n")))] if heading else []
    parts = ["\n".join(parts)]
    for exchange in numbered(exchanges):
        asked = f"{exchange.position}. {_line(exchange.question)} ({_date(exchange.asked)})"
        parts.append(render.wrapped(asked, width, "   "))
        parts.append(render.as_text(exchange.answer, width, marks, commands=False))
    return "\n\n".join(part for part in parts if part)


def as_json(exchanges: Iterable[Exchange], title: str) -> str:
    """Return a conversation as one JSON object: its title, and its exchanges with their whole answers."""
    written = [
        {
            "position": exchange.position,
            "question": exchange.question,
            "asked": exchange.asked.isoformat(),
            "answer": exchange.answer.model_dump(mode="json"),
        }
        for exchange in exchanges
    ]
    return render.safe_json(json.dumps({"title": title, "exchanges": written}, ensure_ascii=False, indent=2))


def with_references(answer: Answer) -> str:
    """Return an answer with its references as plain text in unwrapped lines, to be pasted somewhere else."""
    return render.as_text(answer, _UNWRAPPED, commands=False)


def numbered(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Yield the exchanges with their citations numbered through the whole conversation."""
    last = 0
    for exchange in exchanges:
        answer = _moved(exchange.answer, last)
        last = max((citation.number for citation in answer.citations), default=last)
        yield replace(exchange, answer=answer)


def _moved(answer: Answer, by: int) -> Answer:
    """Return an answer with its citations, and all that points to them, numbered on by so many."""

    def moved(numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(number + by for number in numbers)

    statements = tuple(told.model_copy(update={"citations": moved(told.citations)}) for told in answer.statements)
    changed = {
        "statements": statements,
        "answer": joined(statements),
        "citations": tuple(cited.model_copy(update={"number": cited.number + by}) for cited in answer.citations),
        "conflicts": tuple(told.model_copy(update={"citations": moved(told.citations)}) for told in answer.conflicts),
        "facts": tuple(
            {**fact, "citations": moved(fact["citations"])} if "citations" in fact else fact for fact in answer.facts
        ),
    }
    return answer.model_copy(update=changed)


def _heading(signs: str, text: str) -> str:
    """Return a Markdown heading; signs at its end would be taken for the closing of one."""
    line = render.escaped(text)
    if line.endswith("#") and not line.endswith("\\#"):
        line = f"{line[:-1]}\\#"
    return f"{signs} {line}" if line else ""


def _line(text: str) -> str:
    return one_line(clean(text))


def _date(asked: datetime) -> str:
    return f"{asked.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
