"""What is done with the library from inside the chat: opening it, adding, removing, rebuilding, verifying, choosing."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from assistant.tui.dialogs import AskText, Choose, Confirm, Notice
from assistant.tui.jobs import Outcome, RunningJob
from assistant.tui.library_screen import LibraryScreen, Wish
from assistant.tui.paths import completions, expanded
from assistant.tui.prompt import Prompt
from corpus.errors import PosologyError
from corpus.text import clean, one_line

if TYPE_CHECKING:
    from assistant.tui.chat_screen import ChatScreen
    from corpus.catalogue import Entry

LOADING = "Opening the library …"


async def start(screen: ChatScreen) -> None:
    """Open the library; one that lacks the bundled documents is made first, by a process of its own."""
    app = screen.posology
    screen.set_status(LOADING)
    try:
        await asyncio.to_thread(lambda: app.store)
        if await app.engine.is_due():
            outcome = await _work(screen, RunningJob("prepare", app.library))
            if outcome.failed:
                raise PosologyError(outcome.lines[0])
        await _open(screen)
    except PosologyError as error:
        screen.asker.closed(str(error))
        screen.set_status(f"✗ {error}")
        return
    screen.query_one(Prompt).asked[:0] = await app.asked_before()
    if app.resume:
        await app.reopen(app.resume)
    else:
        await screen.asker.suggest(None)


async def _open(screen: ChatScreen) -> None:
    screen.asker.opened(await screen.posology.engine.open())
    screen.set_status("")
    show_header(screen)


def show_header(screen: ChatScreen) -> None:
    """Say what library is open, what it holds, and what limits the answers or their keeping."""
    holding, used = screen.asker.holding, screen.asker.used
    if holding is None:
        return
    parts = ["◌ PRIVATE: nothing is kept"] if screen.posology.private else []
    parts += [f"≡ FILTER: {len(used)} of {len(holding.documents)} documents"] if used is not None else []
    parts += [f"{len(holding.documents)} documents", f"{holding.passages} passages"]
    parts += [f"as of {holding.date}"] if holding.date else ["empty: /add PATH adds documents"]
    head = Content.assemble(("Posology", "bold"), f"  {holding.path.name} · {' · '.join(parts)}")
    screen.query_one("#header", Static).update(head)


async def _work(screen: ChatScreen, job: RunningJob) -> Outcome:
    """Run a job, its progress above the prompt."""
    app = screen.posology
    app.job = job
    screen.refresh_bindings()
    try:
        async for step in job.steps():
            screen.set_status(f"{step.line} · ctrl+t stops it")
    finally:
        app.job = None
        screen.refresh_bindings()
        screen.set_status("")
    return job.outcome


async def _work_and_reopen(screen: ChatScreen, job: RunningJob, title: str) -> None:
    """Run a job that changes the library, open the library anew, and say what became of it."""
    if screen.posology.job is not None:
        screen.say("Other work is under way; wait for its end, or stop it with ctrl+t.", "error")
        return
    outcome = await _work(screen, job)
    try:
        await _open(screen)
    except PosologyError as error:
        screen.set_status(f"✗ {error}")
    screen.posology.report = (title, outcome.lines)
    more = f" /report shows {len(outcome.lines) - 1} more lines." if len(outcome.lines) > 1 else ""
    screen.say(f"{outcome.lines[0]}{more}", "error" if outcome.failed else "information")


def show_report(screen: ChatScreen) -> None:
    """Show what the last work on the library did."""
    title, lines = screen.posology.report
    screen.app.push_screen(Notice(title, Content("\n".join(lines))))


def add(screen: ChatScreen, typed: str) -> None:
    """Add the files and folders of a line, quoted as in a shell where their names hold spaces."""
    try:
        names = shlex.split(typed)
    except ValueError:
        names = [typed]
    if not all(expanded(name).exists() for name in names) and expanded(typed).exists():
        names = [typed]
    job = RunningJob("add", screen.posology.library, [expanded(name) for name in names])
    screen.run_worker(_work_and_reopen(screen, job, "Added"), group="job", exit_on_error=False)


async def ask_and_add(screen: ChatScreen) -> None:
    """Ask for a path, then add what is there."""
    hint = "→ completes the path, Enter adds, Esc leaves it. Folders are added with all that is in them."
    if typed := await screen.app.push_screen_wait(AskText("File or folder to add", "", completions, hint)):
        add(screen, typed)


async def manage(screen: ChatScreen) -> None:
    """Show the documents, then do what was wished for."""
    asker = screen.asker
    if asker.holding is None:
        await _offer_to_mend(screen)
        return
    holding = asker.holding
    shown = LibraryScreen(holding.documents, asker.used, f"Library {holding.path}", holding.originals)
    wish = await screen.app.push_screen_wait(shown)
    asker.used = wish.used
    show_header(screen)
    await _fulfil(screen, wish)


async def _offer_to_mend(screen: ChatScreen) -> None:
    """Offer to rebuild a library that can't be opened."""
    why = screen.asker.why_closed
    if not why:
        screen.say("The library is not open yet; wait for it, or see the line above the prompt.", "error")
    elif await screen.app.push_screen_wait(Confirm(f"{why}\n\nRebuild its indexes from its catalogue now?")):
        await _work_and_reopen(screen, RunningJob("rebuild", screen.posology.library), "Rebuilt")


async def _fulfil(screen: ChatScreen, wish: Wish) -> None:
    library = screen.posology.library
    if wish.what == "open":
        await screen.panes.open_document(wish.document)
    elif wish.what == "add":
        await ask_and_add(screen)
    elif wish.what == "rebuild":
        await _work_and_reopen(screen, RunningJob("rebuild", library), "Rebuilt")
    elif wish.what == "verify":
        screen.set_status("Verifying the library …")
        faults = await screen.posology.engine.faults()
        screen.set_status("")
        said = "\n".join(faults) if faults else "Every file and passage of the library agrees with its catalogue."
        screen.app.push_screen(Notice("Verify", Content(said)))
    elif wish.what in ("edit", "rename"):
        await _amend(screen, wish)
    elif wish.what == "remove":
        question = f"Remove {wish.document} from the library? The file that it came from is not touched."
        if await screen.app.push_screen_wait(Confirm(question)):
            await _work_and_reopen(screen, RunningJob("remove", library, ids=[wish.document]), "Removed")


async def _amend(screen: ChatScreen, wish: Wish) -> None:
    """Ask for a document's new id, or for a field of its description and its value, and change it."""
    from assistant.amending import told  # here, because the first frame doesn't wait for it

    holding = screen.asker.holding
    entry = next((e for e in holding.documents if e.id == wish.document), None) if holding else None
    if entry is None:
        return
    name = "id" if wish.what == "rename" else await _chosen_field(screen, entry)
    if name is None:
        return
    before = entry.id if name == "id" else told(name, entry.source)
    hint = f"Enter takes it, Esc leaves it. `posology edit {entry.id} --reset` takes changes of description back."
    typed = await screen.app.push_screen_wait(AskText(f"{name.capitalize()} of {entry.id}", before, hint=hint))
    if typed is not None:
        job = RunningJob("amend", screen.posology.library, ids=[entry.id], fields={name: typed})
        await _work_and_reopen(screen, job, "Changed")


async def _chosen_field(screen: ChatScreen, entry: Entry) -> str | None:
    from assistant.amending import FIELDS, told

    lines = [(name, Content(f"{name:9} {one_line(clean(told(name, entry.source)))}")) for name in FIELDS]
    choice = Choose(f"Which field of {entry.id}", lambda text: [line for line in lines if text in line[0]])
    return await screen.app.push_screen_wait(choice)


def filter_sources(screen: ChatScreen, typed: str) -> None:
    """Use only the documents that are all that was typed, and say what is left out."""
    from assistant.narrowing import narrow, narrowing_of

    holding = screen.asker.holding
    if holding is None:
        screen.say("The library is not open yet; wait for it, or see the line above the prompt.", "error")
        return
    try:
        found = narrow(holding.documents, narrowing_of(typed), holding.originals)
    except PosologyError as error:
        screen.say(str(error), "error")
        return
    screen.asker.used = found.used if found.left_out else None
    show_header(screen)
    screen.say("\n".join(found.told()) or "All documents are used.")
