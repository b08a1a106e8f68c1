"""What the chat says about itself: the keys of the pane in use, and why the last answer is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.keys import format_key
from textual.widget import Widget

from assistant.tui.actions import ACTIONS
from corpus.text import clean

if TYPE_CHECKING:
    from assistant.contract import Answer
    from assistant.retrieved import Retrieved

_WIDE = 22
_LONGEST = 200


def help_text(focused: Widget | None, keymap: dict[str, str]) -> Content:
    """Return the help for the pane in use, then all keys and commands."""
    parts: list[Content] = []
    for widget in focused.ancestors_with_self if focused else ():
        if about := getattr(widget, "HELP", None):
            parts += [Content.styled("This pane", "bold"), Content(str(about)), Content("")]
            break
    parts.append(Content.styled("Keys and commands", "bold"))
    for action in ACTIONS:
        keys = keymap.get(action.name, action.keys)
        shown = " ".join(format_key(key) for key in keys.split(",") if key)
        slash = f"/{action.slash} {action.takes}".strip() if action.slash else ""
        parts.append(Content(f"{' '.join(filter(None, (shown, slash))):{_WIDE}} {action.help}"))
    parts.append(Content(f"{'1 to 9':{_WIDE}} Open the citation of that number (outside the prompt)"))
    parts.append(Content(f"{'^p':{_WIDE}} The palette: everything that can be done now, by name"))
    return Content("\n").join(parts)


def why_text(answer: Answer, found: Sequence[Retrieved]) -> Content:
    """Return how a question was read, and what it retrieved, each passage with the parts of its score."""
    read = answer.interpretation
    told = {
        "read as": read.resolved,
        "kind": read.kind,
        "drugs": ", ".join(read.drugs),
        "diseases": ", ".join(read.diseases),
        "events": ", ".join(read.events),
        "measures": ", ".join(read.measures),
        "routes": ", ".join(read.routes),
        "populations": ", ".join(read.populations),
        "words to cover": ", ".join(read.focus),
        "confidence": "" if read.confidence is None else f"{read.confidence:g} (share of the question that is covered)",
        "seconds": f"{answer.seconds:g}",
    }
    parts = [Content.styled("How the question was read", "bold")]
    parts += [Content(f"{name:16} {clean(value)}") for name, value in told.items() if value]
    parts += [Content(""), Content.styled("What it retrieved, best first", "bold")]
    for number, item in enumerate(found, 1):
        head = Content.styled(f"{number:2}. {clean(item.document_id)} — {clean(item.section)}, {item.locator}", "bold")
        parts += [head, Content(f"    {item.scores.explanation}"), Content(f"    {clean(item.text)[:_LONGEST]}")]
    return Content("\n").join(parts)
