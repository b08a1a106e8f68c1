"""An Answer → text: plain with footnotes, Markdown with footnotes, JSON. The same object, nothing added to it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.contract import MARKUP, Answer, Citation, Conflict, Related
from corpus.damage import READ_BY_OCR
from corpus.text import clean, one_line

_LONGEST_SHOWN = 320  # characters of a quote in a footnote
MOST_RECORDS = 4
_RECORD = ("drug", "route", "regimen", "indication", "population", "status", "evidence")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")  # of the ids of concepts; a range keeps its own
_UNSAFE = re.compile("[\ud800-\udfff\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_<>\[\]~&$])|^([#+-])|^(\d{1,9})([.)])")


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


def as_text(answer: Answer, width: int = 80, marks: Marks = Marks(), *, commands: bool = True) -> str:
    """Return the answer as plain text, wrapped, with a footnote for each citation.

    With `commands`, each footnote ends in the command that shows its place.
    """
    parts = []
    if answer.interpretation.typos:
        read = ", ".join(f"{wrong} {marks.arrow} {right}" for wrong, right in answer.interpretation.typos.items())
        parts.append(wrapped(f"(read: {read})", width))
    parts.append(wrapped(answer.answer, width))
    parts.extend(wrapped(f"Working: {working}", width, "    ") for working in workings(answer))
    if records := _dose_records(answer):
        parts.append("\n".join(wrapped(f"Dose on record: {record}", width, "    ") for record in records))
    for conflict in answer.conflicts:
        numbers = " ".join(f"[{number}]" for number in conflict.citations)
        parts.append(
            wrapped(f"{marks.warning} {disagreement(conflict, answer).upper()}: {conflict.summary} {numbers}", width)
        )
    parts.extend(_footnote(citation, answer, width, marks, commands) for citation in answer.citations)
    if answer.related:
        parts.append("Related passages (not an answer):")
        parts.extend(_related(item, width, marks) for item in answer.related)
    return clean("\n\n".join(parts))


def disagreement(conflict: Conflict, answer: Answer) -> str:
    """Return what a disagreement is called: one of sources, or of one source with itself."""
    cited = {citation.document_id for citation in answer.citations if citation.number in conflict.citations}
    return "Sources disagree" if len(cited) > 1 else "The source contradicts itself"


def as_markdown(answer: Answer) -> str:
    """Return the answer as Markdown with footnotes."""
    body = " ".join(
        " ".join([escaped(statement.text), *(f"[^{number}]" for number in statement.citations)])
        for statement in answer.statements
    )
    question = escaped(answer.question)
    lines = [*([f"**{question}**"] if question else []), body]
    lines.extend(f"*Working:* {escaped(working)}" for working in workings(answer))
    lines.extend(f"*Dose on record:* {escaped(record)}" for record in _dose_records(answer))
    for conflict in answer.conflicts:
        numbers = "".join(f"[^{number}]" for number in conflict.citations)
        lines.append(f"**{disagreement(conflict, answer)}:** {escaped(conflict.summary)} {numbers}")
    for citation in answer.citations:
        wrong = damage(citation, answer)
        note = f" **{escaped(wrong)}**" if wrong else ""
        lines.append(f"[^{citation.number}]: {escaped(where(citation, '—'))}: “{escaped(shown(citation))}”{note}")
    if answer.related:
        lines.append("Related passages (not an answer):")
        lines.extend(
            f"- {escaped(item.section)} ({escaped(item.locator)}): “{escaped(item.quote)}”" for item in answer.related
        )
    return clean("\n\n".join(lines))


def workings(answer: Answer) -> list[str]:
    """Return the arithmetic and the rows behind each computed statement, each on one line."""
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


def where(citation: Citation, dash: str) -> str:
    """Return where a citation stands: title, year if known, section and locator."""
    year = f" ({citation.year})" if citation.year else ""
    section = citation.section.removeprefix(citation.title).removeprefix(" > ")
    place = ", ".join(part for part in (section, citation.locator) if part)
    return f"{citation.title}{year} {dash} {place}"


def _footnote(citation: Citation, answer: Answer, width: int, marks: Marks, commands: bool) -> str:
    head = wrapped(f"[{citation.number}] {where(citation, marks.dash)}", width, "    ")
    lines = [head, wrapped(f"    {marks.left} {_cut(shown(citation), marks)} {marks.right}", width, "      ")]
    if wrong := damage(citation, answer):
        lines.append(wrapped(f"    {marks.warning} {wrong}", width, "      "))
    if commands:
        lines.append(f"    show {citation.document_id} --at {citation.start}:{citation.end}")
    return "\n".join(lines)


def damage(citation: Citation, answer: Answer) -> str:
    """Return what is wrong with the quoted print and how it reads, said once for each reading; "" if nothing is."""
    scanned = "READ BY OCR, figures may be misread." if READ_BY_OCR in (citation.damage or "") else ""
    others = (citation.damage or "").replace(READ_BY_OCR, "").strip("; ")
    looks = f"LOOKS DAMAGED, quoted as printed ({others})." if others else ""
    return " ".join(part for part in (scanned, looks, _repaired(citation, answer)) if part)


def _repaired(citation: Citation, answer: Answer) -> str:
    if citation.reading is None or citation.reading_reason in (None, MARKUP):
        return ""
    first = next(other for other in answer.citations if other.reading == citation.reading)
    if any(statement.text == citation.reading for statement in answer.statements):
        reads = "It reads as stated above."
    else:
        reads = f"It reads as in [{first.number}]." if first is not citation else f"It reads: “{citation.reading}”"
    return f"DAMAGED PRINT ({citation.reading_reason}). {reads}"


def _related(item: Related, width: int, marks: Marks) -> str:
    head = wrapped(f"  {item.document_id}, {item.section.rsplit(' > ', 1)[-1]} ({item.locator})", width, "    ")
    return f"{head}\n{wrapped('    ' + _cut(one_line(item.quote), marks), width, '    ')}"


def shown(citation: Citation) -> str:
    """Return the quote as a person reads it; damaged print as it stands."""
    if citation.reading is not None and citation.reading_reason in (None, MARKUP):
        return citation.reading
    return one_line(citation.quote)


def _cut(text: str, marks: Marks) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN].rstrip() + marks.more


def wrapped(text: str, width: int, indent: str = "") -> str:
    """Return `text` in lines of at most `width` columns, all but the first behind `indent`."""
    return textwrap.fill(text, max(width, 30), subsequent_indent=indent, break_on_hyphens=False)


def escaped(text: str) -> str:
    """Return `text` on one line with every sign that Markdown would take for markup escaped."""
    return _MARKDOWN.sub(_escape, one_line(clean(text)))


def _escape(found: re.Match[str]) -> str:
    sign, first, number, point = found.groups()
    return f"{number}\\{point}" if number else f"\\{sign or first}"
