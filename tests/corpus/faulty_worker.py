"""A reading process that meets what none of our readers should do: dying, hanging, spinning, by the file's name."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from corpus.readers import worker
from corpus.readers.reading import Manner, Reading, read


def faulty(path: Path, manner: Manner) -> Reading:
    if path.stem.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.stem.startswith("breaks"):
        raise RuntimeError("a mistake in a reader")
    if path.stem.startswith("hangs"):
        time.sleep(10_000)
    while path.stem.startswith("spins"):
        pass
    if path.stem.startswith("slow"):
        time.sleep(0.2)
    return read(path, manner)


if __name__ == "__main__":
    worker.read = faulty  # type: ignore[attr-defined]
    worker._SLACK = 0.005
    worker.main(int(sys.argv[1]))
