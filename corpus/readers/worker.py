"""The process that reads files for another: `python -m corpus.readers.worker DESCRIPTOR`, until nobody asks any more.

What it reads may be hostile, so it is bounded from outside of Python: the system ends it when it takes more memory or
more processor time for one file than any document needs. Whoever asked then leaves out that file.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from corpus.readers.reading import Manner, read

MOST_MEMORY = 4 << 30
"""Bytes of address space; reading 50 MB of XML takes about a quarter of it."""

_SLACK = 1.2  # of a file's time limit, in processor time


def main(descriptor: int) -> None:
    """Answer each (path, manner) that comes over a connection with its `Reading`; return when the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asked, who then closes the connection
    _bound_memory()
    with Connection(descriptor) as line:
        serve(line)


def serve(line: Connection) -> None:
    """Answer what comes over a connection until its other end is closed."""
    with suppress(EOFError, ConnectionError):
        line.send(True)  # begun: from now on time counts
        while True:
            path, manner = line.recv()
            _bound_time(manner)
            line.send(read(path, manner))


def _bound_time(manner: Manner) -> None:
    """Let the system end this process if the next file takes too much processor time, even in native code."""
    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, _SLACK * manner.seconds)


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        soft = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))


if __name__ == "__main__":
    main(int(sys.argv[1]))
