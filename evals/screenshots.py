"""`make screenshots`: the pictures of the chat in the README, taken from the chat itself and drawn by chromium.

Each scene is a conversation in a private chat over the default library. The SVG is what Textual exports; the PNG is
the same picture for places that show no SVG.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.keeping.store import PrivateStore
from assistant.session import Session
from assistant.tui.app import PosologyApp
from assistant.tui.prompt import Prompt

FOLDER = Path("docs/images")
_HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its name, the size of the window, the theme, the questions asked, and the keys pressed after them."""

    name: str
    size: tuple[int, int]
    questions: tuple[str, ...]
    keys: tuple[str, ...] = ()
    theme: str = "posology-dark"


SCENES = (
    Scene("chat", (140, 40), ("oral tofacitinib dose in alopecia areata?", "and topical?"), ("escape", "2")),
    Scene("chat-rates", (140, 36), ("MACE rate of upadacitinib and abrocitinib",), ("f3",), "posology-light"),
    Scene("chat-narrow", (80, 24), ("dupilumab dose in psoriasis?",), ()),
)


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("chromium draws the pictures and is not on this machine; install it, then run this again.")
    with Session().library() as library:
        path = library.path
    for scene in SCENES:
        svg = asyncio.run(_taken(scene, path))
        target = FOLDER / f"{scene.name}.png"
        _draw(svg, target, chromium)
        print(target)


async def _taken(scene: Scene, library: Path) -> str:
    """Return the picture of a scene as SVG."""
    app = PosologyApp(library, PrivateStore, theme=scene.theme)
    async with app.run_test(size=scene.size) as pilot:
        await app.workers.wait_for_complete()
        for question in scene.questions:
            app.chat.query_one(Prompt).write(question)
            await pilot.press("enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
        for key in scene.keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
        await pilot.pause()
        return app.export_screenshot(title="Posology")


def _draw(svg: str, target: Path, chromium: str) -> None:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found, "Textual's pictures say how large they are"
    size = ",".join(str(int(float(number)) + 1) for number in found.groups())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "picture.svg"
        source.write_text(svg, encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        ]
        command = [chromium, *options, f"--window-size={size}", f"--screenshot={target.resolve()}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
