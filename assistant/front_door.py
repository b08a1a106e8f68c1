"""Where the program is entered and left. Without a command, on a terminal, it is the chat; else it is `cli`.

Expected failures are one sentence and an exit code (see `corpus.errors`); this is the only place of the command line
that catches everything. The chat is opened from here without what the commands need: it has a first frame to show.
"""

from __future__ import annotations

import os
import sys

from corpus.errors import PosologyError


def main() -> None:
    """Run the program; every way out of it has its exit code."""
    try:
        _run()
    except PosologyError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("POSOLOGY_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        _fail(f"Something went wrong inside Posology ({what}); run it again with POSOLOGY_DEBUG=1 and report that.", 1)


def _run() -> None:
    if len(sys.argv) == 1 and sys.stdin.isatty() and sys.stdout.isatty():
        from assistant.tui.opening import open_chat

        open_chat(None)
        return
    from assistant.cli import app

    app()


def _fail(message: str, code: int) -> None:
    from corpus.text import clean, one_line

    print(f"posology: {one_line(clean(message))}", file=sys.stderr, flush=True)
    sys.exit(code)
