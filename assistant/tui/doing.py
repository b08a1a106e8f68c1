"""Which function does what `actions` names; each takes the chat's screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from assistant.tui import doing_keeping, doing_library
from assistant.tui.dialogs import Choose, Notice
from assistant.tui.explaining import help_text, why_text
from assistant.tui.prompt import Prompt
from assistant.tui.transcript import Transcript
from corpus.text import clean, one_line

if TYPE_CHECKING:
    from assistant.tui.chat_screen import ChatScreen

Doing = Callable[["ChatScreen"], Awaitable[None] | None]


def _help(screen: ChatScreen) -> None:
    screen.app.push_screen(Notice("Help", help_text(screen.focused, screen.posology.keys)))


async def _why(screen: ChatScreen) -> None:
    answer = screen.panes.answer
    assert answer is not None, "this can only be done once there is an answer"
    question = answer.interpretation.resolved or answer.question
    found = await screen.posology.engine.retrieved(question, screen.asker.used)
    screen.app.push_screen(Notice("Why this answer", why_text(answer, found)))


async def _search_history(screen: ChatScreen) -> None:
    prompt = screen.query_one(Prompt)
    asked = list(dict.fromkeys(reversed(prompt.asked)))
    lines = [(question, Content(one_line(clean(question)))) for question in asked]

    def found(text: str) -> list[tuple[str, Content]]:
        return [line for line in lines if all(word in line[0].casefold() for word in text.casefold().split())]

    if question := await screen.app.push_screen_wait(Choose("Earlier questions", found)):
        prompt.write(question)
        prompt.focus()


async def _stop(screen: ChatScreen) -> None:
    if screen.posology.job is not None:
        await screen.posology.job.cancel()


def _screenshot(screen: ChatScreen) -> None:
    screen.say(f"Saved {screen.posology.save_screenshot_file()}.")


def _to_prompt(screen: ChatScreen) -> None:
    screen.panes.back()
    screen.query_one(Prompt).focus()


def _begin_command(screen: ChatScreen) -> None:
    _to_prompt(screen)
    screen.query_one(Prompt).write("/")


def _cancel(screen: ChatScreen) -> None:
    """Cancel the running question and give it back; else close a pane; else leave or enter the prompt."""
    if screen.asker.cancel() or screen.panes.back():
        return
    prompt = screen.query_one(Prompt)
    (screen.query_one(Transcript) if prompt.has_focus else prompt).focus()


DOING: Mapping[str, Doing] = {
    "help": _help,
    "citations": lambda screen: screen.panes.show("citations"),
    "facts": lambda screen: screen.panes.show("facts"),
    "source": lambda screen: screen.panes.show("source"),
    "library": doing_library.manage,
    "sources": doing_library.manage,
    "conversations": doing_keeping.choose_conversation,
    "why": _why,
    "export": doing_keeping.ask_and_export,
    "copy": doing_keeping.copy,
    "report": doing_library.show_report,
    "new": lambda screen: screen.asker.begin(),
    "add": doing_library.ask_and_add,
    "stop": _stop,
    "rename": doing_keeping.ask_and_rename,
    "search_history": _search_history,
    "screenshot": _screenshot,
    "prompt": _to_prompt,
    "command": _begin_command,
    "cancel": _cancel,
    "next_citation": lambda screen: screen.panes.step_citation(+1),
    "previous_citation": lambda screen: screen.panes.step_citation(-1),
    "previous_answer": lambda screen: screen.panes.step_answer(-1),
    "next_answer": lambda screen: screen.panes.step_answer(+1),
    "quit": lambda screen: screen.app.exit(),
}
WITH_ARGUMENT: Mapping[str, Callable[[ChatScreen, str], Awaitable[None] | None]] = {
    "add": doing_library.add,
    "export": doing_keeping.export_to,
    "rename": doing_keeping.rename,
    "sources": doing_library.filter_sources,
}
"""What takes the rest of the line after its slash command."""
