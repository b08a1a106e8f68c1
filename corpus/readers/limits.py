"""How long reading one file may take: a crafted file must not hold up the ones after it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from corpus.errors import UnreadableFileError


@contextmanager
def time_limit(seconds: float, name: str) -> Iterator[None]:
    """Give up what is done inside the block after some seconds.

    The limit holds in the main thread of systems with interval timers; elsewhere the bounds on size have to do.

    Raises:
        UnreadableFileError: the time is up; `name` is what the sentence calls the file.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(number: int, frame: FrameType | None) -> None:
        raise UnreadableFileError(f"{name} takes longer than {seconds:g} s to read; split it and add the parts.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
