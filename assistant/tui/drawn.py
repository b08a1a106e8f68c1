"""An Answer → what the chat shows of it. The same object that every other way of asking prints; nothing is added.

Whatever a document or a question holds is text here, never markup: parts are put together, none is parsed. Every
state has its word and its sign, so that nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content
from textual.style import Style

from assistant.contract import Answer, Citation, Conflict, Related, Statement
from assistant.recipes.abstain import CHOSEN
from assistant.render import damage, disagreement, shown, where
from corpus.text import clean, one_line

LONGEST_QUOTE = 240
"""Characters of a quote in the list of citations; the source beside it shows all of it."""

LONGEST_QUESTION = 600
"""Characters of a question that are shown: what was pasted must not push its answer out of sight."""

_PAD = Content("\n\n")


def question(text: str) -> Content:
    """Return a question as it was asked."""
    return Content.assemble(("❯ ", "$accent bold"), (_shortened(text), "bold"))


def answer(found: Answer) -> Content:
    """Return an answer: how the question was read, its state, its statements, conflicts, and what is related."""
    parts = [*_reading(found), *_state(found), *_statements(found)]
    parts.extend(_conflict(conflict, found) for conflict in found.conflicts)
    parts.extend(_damaged(found))
    if found.related:
        parts.append(_related(found.related))
    return _PAD.join(parts)


def citation(cited: Citation, found: Answer) -> Content:
    """Return a line of the list of citations: its number, where it stands, and its quote."""
    head = Content.assemble((f"[{cited.number}] ", "$accent bold"), (where(_cleaned(cited), "—"), ""))
    quote = Content.assemble("\n", ("» ", "bold"), _cut(shown(cited)), (" «", "bold"))
    wrong = damage(cited, found)
    warned = Content.assemble("\n", (f"⚠ {clean(wrong)}", "$warning bold")) if wrong else Content("")
    return head + quote + warned


def related(item: Related, number: int) -> Content:
    """Return a line of the list for a passage that is near the question and no answer to it."""
    head = f"({number}) {clean(item.document_id)} — {_last(item.section)}, {clean(item.locator)}"
    return Content.assemble(("≈ ", "bold"), (head, "$text-muted"), "\n", _cut(one_line(item.quote)))


def suggestions(questions: Iterable[str]) -> Content:
    """Return the suggested next questions, each of which asks itself when it is clicked."""
    parts = [Content.styled("Ask next (↓ in an empty prompt, or click)", "$text-muted")]
    for number, text in enumerate(questions):
        asks = Content(clean(text)).stylize(Style.from_meta({"@click": f"screen.suggested({number})"}))
        parts.append(Content.assemble("  · ", asks))
    return Content("\n").join(parts)


def is_caution(statement: Statement, found: Answer) -> bool:
    """Return whether a statement tells a boxed warning, by the facts that it was made from."""
    warned = {n for fact in found.facts if fact.get("boxed_warning") for n in fact.get("citations", ())}
    return bool(warned & set(statement.citations))


def _reading(found: Answer) -> Iterator[Content]:
    """Yield how a question was read, where that isn't as it was typed."""
    read = found.interpretation
    if read.typos:
        pairs = ", ".join(f"{clean(wrong)} → {clean(right)}" for wrong, right in read.typos.items())
        yield Content.styled(f"read: {pairs}", "$text-muted italic")
    plain = one_line(clean(found.question)).strip(" ?.!")
    corrected = one_line(read.resolved).strip(" ?.!")
    for wrong, right in read.typos.items():
        plain = plain.replace(wrong, right)
    if corrected and corrected.casefold() != plain.casefold():
        yield Content.styled(f"→ {_shortened(corrected)}", "$text-muted italic")


def _state(found: Answer) -> Iterator[Content]:
    if found.status == "abstained":
        chosen = found.answer.startswith(CHOSEN)
        yield Content.styled(f"∅ NOT IN THE {'CHOSEN DOCUMENTS' if chosen else 'LIBRARY'}", "$warning bold")
    elif found.status == "redirected":
        yield Content.styled("➜ NOT FOR A LIBRARY TO ANSWER", "$warning bold")


def _statements(found: Answer) -> Iterator[Content]:
    """Yield the statements in order: those of medicine as one paragraph, cautions and workings set apart."""
    running: list[Content] = []
    for statement in found.statements:
        text = _statement(statement)
        if is_caution(statement, found):
            if running:
                yield Content(" ").join(running)
                running = []
            yield Content.styled("⚠ CAUTION ", "$warning bold") + text
        else:
            running.append(text)
        if statement.working:
            yield Content(" ").join(running)
            running = []
            yield Content.styled(f"  = Working: {one_line(clean(statement.working))}", "$text-muted")
    if running:
        yield Content(" ").join(running)


def _statement(statement: Statement) -> Content:
    style = "italic" if statement.kind == "note" else ""
    return Content(" ").join([Content.styled(clean(statement.text), style), *map(mark, statement.citations)])


def mark(number: int) -> Content:
    """Return a citation's mark, which opens the citation when it is clicked."""
    drawn = Content.styled(f"[{number}]", "$accent bold")
    return drawn.stylize(Style.from_meta({"@click": f"screen.cite({number})"}))


def _conflict(conflict: Conflict, found: Answer) -> Content:
    """Return a disagreement with both sides named."""
    head = Content.assemble((f"⚠ {disagreement(conflict, found).upper()} ", "$error bold"), clean(conflict.summary))
    sides = [
        Content.assemble("  ", mark(cited.number), " ", where(_cleaned(cited), "—"))
        for cited in found.citations
        if cited.number in conflict.citations
    ]
    return Content("\n").join([head, *sides])


def _damaged(found: Answer) -> Iterator[Content]:
    for cited in found.citations:
        if wrong := damage(cited, found):
            yield Content.assemble(mark(cited.number), " ", (f"⚠ {clean(wrong)}", "$warning"))


def _related(items: Iterable[Related]) -> Content:
    head = Content.styled("≈ RELATED PASSAGES, NOT AN ANSWER", "$text-muted bold")
    return Content("\n").join([head, *(related(item, number) for number, item in enumerate(items, 1))])


def _shortened(text: str) -> str:
    """Return as much of a question as is shown, and how long it is if that isn't all."""
    text = clean(text)
    return text if len(text) <= LONGEST_QUESTION else f"{text[:LONGEST_QUESTION]} … ({len(text)} characters)"


def _last(section: str) -> str:
    return clean(section.rsplit(" > ", 1)[-1])


def _cut(text: str) -> str:
    text = one_line(clean(text))
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()}…"


def _cleaned(cited: Citation) -> Citation:
    """Return a citation whose title and section are on one line and hold no control characters."""
    return cited.model_copy(
        update={
            "title": one_line(clean(cited.title)),
            "section": one_line(clean(cited.section)),
            "locator": one_line(clean(cited.locator)),
        }
    )
