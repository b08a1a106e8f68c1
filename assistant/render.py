"""An Answer → text: plain with footnotes, Markdown with footnotes, JSON. The same object, nothing added to it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from assistant.contract import Answer, Citation, Related
from corpus.text import clean, one_line

_LONGEST_SHOWN = 320  # characters of a quote in a footnote


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
    return answer.model_dump_json()


def as_text(answer: Answer, width: int = 80, marks: Marks = Marks()) -> str:
    """Return the answer as plain text, wrapped, with a footnote for each citation."""
    parts = []
    if answer.interpretation.typos:
        read = ", ".join(f"{wrong} {marks.arrow} {right}" for wrong, right in answer.interpretation.typos.items())
        parts.append(f"(read: {read})")
    parts.append(_wrapped(answer.answer, width))
    for conflict in answer.conflicts:
        numbers = " ".join(f"[{number}]" for number in conflict.citations)
        parts.append(_wrapped(f"{marks.warning} SOURCES DISAGREE: {conflict.summary} {numbers}", width))
    parts.extend(_footnote(citation, width, marks) for citation in answer.citations)
    if answer.related:
        parts.append("Related passages (not an answer):")
        parts.extend(_related(item, width, marks) for item in answer.related)
    return clean("\n\n".join(parts))


def as_markdown(answer: Answer) -> str:
    """Return the answer as Markdown with footnotes."""
    body = _escaped(answer.answer)
    for citation in answer.citations:
        body = body.replace(f"[{citation.number}]", f"[^{citation.number}]")
    lines = [f"**{_escaped(one_line(clean(answer.question)))}**", body]
    for conflict in answer.conflicts:
        numbers = "".join(f"[^{number}]" for number in conflict.citations)
        lines.append(f"**Sources disagree:** {_escaped(conflict.summary)} {numbers}")
    for citation in answer.citations:
        quote = _escaped(_shown(citation))
        lines.append(f"[^{citation.number}]: {_escaped(_where(citation, '—'))}: “{quote}”")
    if answer.related:
        lines.append("Related passages (not an answer):")
        lines.extend(
            f"- {_escaped(item.section)} ({item.locator}): “{_escaped(one_line(item.quote))}”"
            for item in answer.related
        )
    return clean("\n\n".join(lines))


def _where(citation: Citation, dash: str) -> str:
    year = f" ({citation.year})" if citation.year else ""
    section = citation.section.removeprefix(citation.title).removeprefix(" > ")
    place = ", ".join(part for part in (section, citation.locator) if part)
    return f"{citation.title}{year} {dash} {place}"


def _footnote(citation: Citation, width: int, marks: Marks) -> str:
    head = _wrapped(f"[{citation.number}] {_where(citation, marks.dash)}", width, "    ")
    quote = _wrapped(f"    {marks.left} {_cut(_shown(citation), marks)} {marks.right}", width, "      ")
    return f"{head}\n{quote}\n    show {citation.document_id} --at {citation.start}:{citation.end}"


def _related(item: Related, width: int, marks: Marks) -> str:
    head = _wrapped(f"  {item.document_id}, {item.section.rsplit(' > ', 1)[-1]} ({item.locator})", width, "    ")
    return f"{head}\n{_wrapped('    ' + _cut(one_line(item.quote), marks), width, '    ')}"


def _shown(citation: Citation) -> str:
    return citation.reading or one_line(citation.quote)


def _cut(text: str, marks: Marks) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN].rstrip() + marks.more


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, max(width, 30), subsequent_indent=indent, break_on_hyphens=False)


def _escaped(text: str) -> str:
    for sign in "\\`*_<>":
        text = text.replace(sign, "\\" + sign)
    return text
