"""`posology add --watch`: stay with folders and add what comes into them, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import sleep

from assistant.commands.adding import Wish, added, check_ocr, tell
from assistant.commands.terminal import note, open_session
from assistant.session import Session
from assistant.watching import INTERVAL, Eye
from corpus.errors import LibraryBusyError


def watch(wish: Wish, library: Path | None) -> None:
    """Add what is in the wish's folders, then whatever comes or changes there, until the user stops it.

    Raises:
        UnreadableFileError: one of them is no folder.
    """
    check_ocr(wish)
    eye = Eye(wish.paths)
    session = open_session(library)
    names = ", ".join(map(str, wish.paths))
    note(f"Watching {names}; files are added once they are complete. Ctrl-C stops it.")
    try:
        stay(session, wish, eye, _wait)
    except KeyboardInterrupt:
        note("Stopped watching; what was added stays in the library.")


def stay(session: Session, wish: Wish, eye: Eye, wait: Callable[[], bool]) -> None:
    """Look and add until `wait`, which is called between two looks, returns False.

    While another process writes to the library, files wait. What is not in the folder any more stays in the library:
    a folder can be cleared, moved or unplugged without anybody wanting to lose what was read from it.
    """
    first = wish
    busy = False
    while True:
        look = eye.look()
        for path, ids in look.gone:
            note(_gone(path, ids))
        if look.complete:
            try:
                summary = added(session, replace(first, paths=look.complete))
            except LibraryBusyError as error:
                if not busy:
                    note(f"{error} The new files wait until then.")
                busy = True
            else:
                eye.note(look.complete, summary.files)
                tell(summary, unchanged=False)
                first, busy = replace(wish, bundled=False, vocabulary=()), False
        if not wait():
            return


def _wait() -> bool:
    sleep(INTERVAL)
    return True


def _gone(path: Path, ids: tuple[str, ...]) -> str:
    if not ids:
        return f"gone       {path}; no document came from it"
    stay = "its document stays" if len(ids) == 1 else f"its {len(ids)} documents stay"
    return f"gone       {path}; {stay} in the library: `posology remove {' '.join(ids)}` takes what came from it out"
