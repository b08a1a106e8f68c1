"""`make bench-chat`: how quick the chat is: its first frame, a key press while work is done, 300 answers in a row.

The first frame is compared with that of an empty Textual program with the same widgets, taken in turns in one run.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.events import Key

from assistant.keeping.store import PrivateStore
from assistant.session import Session
from assistant.tui.app import PosologyApp
from assistant.tui.current import Current
from assistant.tui.prompt import Prompt
from assistant.tui.transcript import Transcript
from evals.metrics import percentile

REPEATS = 9
KEYS = 60
ANSWERS = 300
DOCUMENTS = 200
QUESTION = "oral tofacitinib dose in alopecia areata?"

_EMPTY = """
import sys, time
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import DataTable, Footer, OptionList, Static, TabbedContent, TabPane, TextArea
class Empty(App):
    def compose(self):
        yield Static("x")
        with Horizontal():
            with Vertical():
                with VerticalScroll():
                    yield Static("x")
                yield TextArea()
            with Vertical():
                with TabbedContent():
                    with TabPane("a"):
                        yield OptionList()
                    with TabPane("b"):
                        yield DataTable()
                yield Static("x")
        yield Footer()
    def on_mount(self):
        self.call_after_refresh(self.first)
    def first(self):
        print(time.time(), file=sys.__stdout__, flush=True)
        self.exit()
Empty().run(headless=True, size=(140, 40))
"""
_CHAT = """
import sys, time
from textual.app import App
run, start = App.run, None
def first_frame(self, **options):
    from assistant.tui.chat_screen import ChatScreen
    def first(screen):
        print(time.time(), file=sys.__stdout__, flush=True)
        screen.app.exit()
    ChatScreen._start = first
    return run(self, headless=True, size=(140, 40))
App.run = first_frame
sys.argv = ["posology"]
sys.stdin.isatty = sys.stdout.isatty = lambda: True
from assistant.front_door import main
main()
"""


def main() -> None:
    """Print the table."""
    empty, chat = [], []
    for _ in range(REPEATS):
        empty.append(_first_frame(_EMPTY))
        chat.append(_first_frame(_CHAT))
    ours, theirs = statistics.median(chat), statistics.median(empty)
    print(f"{'measure':60} {'value':>12}  target")
    print(f"{'first frame of an empty program, process start to frame':60} {theirs:10.3f} s")
    print(f"{'first frame of the chat, process start to frame':60} {ours:10.3f} s")
    print(f"{'ratio':60} {ours / theirs:10.2f} x  at most 1.5")
    for name, times in asyncio.run(_at_the_keyboard()).items():
        told = f"{statistics.median(times):6.1f} / {percentile(times, 0.95):5.1f} ms"
        print(f"{name + ', p50 / p95':60} {told}  {'under 50' if name.startswith('key') else ''}")


def _first_frame(script: str) -> float:
    """Return the seconds from starting a process to its first frame, with no setting in the environment."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("POSOLOGY_")}
    began = time.time()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=plain)
    return float(done.stdout.split()[-1]) - began


async def _at_the_keyboard() -> dict[str, list[float]]:
    """Return milliseconds by measure."""
    with Session().library() as library:
        path = library.path
    found: dict[str, list[float]] = {}
    app = PosologyApp(path, PrivateStore, private=True)
    async with app.run_test(size=(140, 40)) as pilot:
        await app.workers.wait_for_complete()
        found["key to screen, idle"] = await _keys(app, lambda: None)
        found["key to screen, questions being answered"] = await _keys(app, lambda: app.chat.asker.ask(QUESTION))
        await app.workers.wait_for_complete()
        answer = next(view.answer for view in app.chat.query_one(Transcript).exchanges if view.answer)
        current = Current(app.store, str(path))
        for _ in range(ANSWERS):
            await current.keep(QUESTION, answer, current.branch())
        began = time.perf_counter()
        await app.chat.asker.begin(current)
        await pilot.pause()
        found[f"reopening {ANSWERS} answers"] = [(time.perf_counter() - began) * 1000]
        found[f"key to screen, {ANSWERS} answers on it"] = await _keys(app, lambda: None)
        found[f"a page scrolled, {ANSWERS} answers on it"] = await _pages(app)
        found[f"question to answer on screen, {ANSWERS} before it"] = await _asked(app)
    found["key to screen, documents being added"] = await _while_adding()
    return found


async def _keys(app: PosologyApp, beside: Callable[[], object]) -> list[float]:
    """Return how long each of some key presses takes to reach the screen while something else is begun now and then."""
    prompt, times = app.chat.query_one(Prompt), []
    prompt.focus()
    for number in range(KEYS):
        if number % 10 == 0:
            beside()
        times.append(await _until_drawn(app, lambda: prompt.post_message(Key("a", "a"))))
        await asyncio.sleep(0.02)
    prompt.clear()
    return times


async def _pages(app: PosologyApp) -> list[float]:
    transcript = app.chat.query_one(Transcript)
    return [await _until_drawn(app, lambda: transcript.scroll_page_up(animate=False)) for _ in range(20)]


async def _asked(app: PosologyApp) -> list[float]:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        app.chat.asker.ask(QUESTION)
        await app.workers.wait_for_complete([w for w in app.workers if w.group == "ask"])
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _until_drawn(app: PosologyApp, do: Callable[[], object]) -> float:
    """Return the milliseconds from doing something to the frame after it."""
    drawn = asyncio.Event()
    began = time.perf_counter()
    do()
    app.chat.query_one(Prompt).call_after_refresh(drawn.set)
    await drawn.wait()
    return (time.perf_counter() - began) * 1000


async def _while_adding() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        papers = Path(folder) / "papers"
        papers.mkdir()
        for number in range(DOCUMENTS):
            text = f"# Note {number}\n\nOral zorbi{number}tinib {number + 1} mg once daily cleared vitiligo.\n"
            (papers / f"{number}.md").write_text(text)
        app = PosologyApp(Path(folder) / "library", PrivateStore, private=True)
        async with app.run_test(size=(140, 40)):
            await app.workers.wait_for_complete()
            adding: Awaitable[None] = app.chat.run_worker(_add(app, papers), exit_on_error=False).wait()
            while app.job is None:
                await asyncio.sleep(0.01)
            times = await _keys(app, lambda: None)
            if app.job is not None:
                await app.job.cancel()
            await adding
        return times


async def _add(app: PosologyApp, papers: Path) -> None:
    from assistant.tui.doing_library import add

    add(app.chat, str(papers))


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "100")
    main()
