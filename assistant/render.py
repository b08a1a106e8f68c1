"""An Answer → text: plain with footnotes, Markdown with footnotes, JSON. The same object, nothing added to it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.contract import MARKUP, Answer, Citation, Related
from corpus.text import clean, one_line

_LONGEST_SHOWN = 320  # characters of a quote in a footnote
MOST_RECORDS = 4
_RECORD = ("drug", "route", "regimen", "indication", "population", "status", "evidence")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")  # of the ids of concepts; a range keeps its own
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_<>\[\]~&])|^([#+-])|^(\d{1,9})([.)])")


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs of the plain rendering; ASCII ones for terminals that can't show others."""

    left: str = "»"
    right: str = "«"
    dash: str = "—"
    more: str = "…"
    arrow: str = "→"
    warning: str = "⚠"


ASCII = Marks("<<", ">>", "-", "...", "->", "!")


def as_json(answer: Answer) -> str:
    """Return the answer as one line of JSON."""
    return safe_json(answer.model_dump_json())


def safe_json(text: str) -> str:
    """Return JSON with every character that a terminal might act on written as an escape."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def as_text(answer: Answer, width: int = 80, marks: Marks = Marks()) -> str:
    """Return the answer as plain text, wrapped, with a footnote for each citation."""
    parts = []
    if answer.interpretation.typos:
        read = ", ".join(f"{wrong} {marks.arrow} {right}" for wrong, right in answer.interpretation.typos.items())
        parts.append(_wrapped(f"(read: {read})", width))
    parts.append(_wrapped(answer.answer, width))
    parts.extend(_wrapped(f"Working: {working}", width, "    ") for working in _workings(answer))
    if records := _dose_records(answer):
        parts.append("\n".join(_wrapped(f"Dose on record: {record}", width, "    ") for record in records))
    for conflict in answer.conflicts:
        numbers = " ".join(f"[{number}]" for number in conflict.citations)
        parts.append(_wrapped(f"{marks.warning} SOURCES DISAGREE: {conflict.summary} {numbers}", width))
    parts.extend(_footnote(citation, answer, width, marks) for citation in answer.citations)
    if answer.related:
        parts.append("Related passages (not an answer):")
        parts.extend(_related(item, width, marks) for item in answer.related)
    return clean("\n\n".join(parts))


def as_markdown(answer: Answer) -> str:
    """Return the answer as Markdown with footnotes."""
    body = " ".join(
        " ".join([_escaped(statement.text), *(f"[^{number}]" for number in statement.citations)])
        for statement in answer.statements
    )
    question = _escaped(answer.question)
    lines = [*([f"**{question}**"] if question else []), body]
    lines.extend(f"*Working:* {_escaped(working)}" for working in _workings(answer))
    lines.extend(f"*Dose on record:* {_escaped(record)}" for record in _dose_records(answer))
    for conflict in answer.conflicts:
        numbers = "".join(f"[^{number}]" for number in conflict.citations)
        lines.append(f"**Sources disagree:** {_escaped(conflict.summary)} {numbers}")
    for citation in answer.citations:
        damage = _damage(citation, answer)
        note = f" **{_escaped(damage)}**" if damage else ""
        lines.append(f"[^{citation.number}]: {_escaped(_where(citation, '—'))}: “{_escaped(_shown(citation))}”{note}")
    if answer.related:
        lines.append("Related passages (not an answer):")
        lines.extend(
            f"- {_escaped(item.section)} ({_escaped(item.locator)}): “{_escaped(item.quote)}”"
            for item in answer.related
        )
    return clean("\n\n".join(lines))


def _workings(answer: Answer) -> list[str]:
    return [one_line(statement.working) for statement in answer.statements if statement.working]


def _dose_records(answer: Answer) -> list[str]:
    """Return the structured doses behind an answer to a question about a dose, each on a line with its evidence."""
    if answer.interpretation.kind != "dose":
        return []
    doses = [fact for fact in answer.facts if fact["kind"] == "dose"][:MOST_RECORDS]
    return [", ".join(_told(fact)) for fact in doses]


def _told(fact: dict[str, Any]) -> Iterator[str]:
    """Yield what a fact tells, field by field, and last who found it."""
    for key in _RECORD:
        if (value := fact.get(key)) and not (fact["origin"] == "extracted" and value == "not stated"):
            yield _HYPHEN.sub(" ", str(value))
    by_rule = f"found by rule, {fact.get('reviewed') or 'not checked'} by a person"
    yield by_rule if fact["origin"] == "extracted" else fact["origin"]


def _where(citation: Citation, dash: str) -> str:
    year = f" ({citation.year})" if citation.year else ""
    section = citation.section.removeprefix(citation.title).removeprefix(" > ")
    place = ", ".join(part for part in (section, citation.locator) if part)
    return f"{citation.title}{year} {dash} {place}"


def _footnote(citation: Citation, answer: Answer, width: int, marks: Marks) -> str:
    head = _wrapped(f"[{citation.number}] {_where(citation, marks.dash)}", width, "    ")
    lines = [head, _wrapped(f"    {marks.left} {_cut(_shown(citation), marks)} {marks.right}", width, "      ")]
    if damage := _damage(citation, answer):
        lines.append(_wrapped(f"    {marks.warning} {damage}", width, "      "))
    return "\n".join([*lines, f"    show {citation.document_id} --at {citation.start}:{citation.end}"])


def _damage(citation: Citation, answer: Answer) -> str:
    """Return what is wrong with the quoted print and how it reads, said once for each reading; "" if nothing is."""
    if citation.reading is None or citation.reading_reason in (None, MARKUP):
        return ""
    first = next(other for other in answer.citations if other.reading == citation.reading)
    if any(statement.text == citation.reading for statement in answer.statements):
        reads = "It reads as stated above."
    else:
        reads = f"It reads as in [{first.number}]." if first is not citation else f"It reads: “{citation.reading}”"
    return f"DAMAGED PRINT ({citation.reading_reason}). {reads}"


def _related(item: Related, width: int, marks: Marks) -> str:
    head = _wrapped(f"  {item.document_id}, {item.section.rsplit(' > ', 1)[-1]} ({item.locator})", width, "    ")
    return f"{head}\n{_wrapped('    ' + _cut(one_line(item.quote), marks), width, '    ')}"


def _shown(citation: Citation) -> str:
    """Return the quote as a person reads it; damaged print as it stands."""
    if citation.reading is not None and citation.reading_reason in (None, MARKUP):
        return citation.reading
    return one_line(citation.quote)


def _cut(text: str, marks: Marks) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN].rstrip() + marks.more


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, max(width, 30), subsequent_indent=indent, break_on_hyphens=False)


def _escaped(text: str) -> str:
    """Return `text` on one line with every sign that Markdown would take for markup escaped."""
    return _MARKDOWN.sub(_escape, one_line(clean(text)))


def _escape(found: re.Match[str]) -> str:
    sign, first, number, point = found.groups()
    return f"{number}\\{point}" if number else f"\\{sign or first}"
