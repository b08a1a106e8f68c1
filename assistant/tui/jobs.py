"""Long work beside the chat: starting `assistant.job` as a process, reading its reports, stopping it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

_LONGEST_LINE = 1 << 20
_PATIENCE = 5.0  # seconds that a stopped process gets to end by itself


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: what it does, and how much of how much; `rate` is a second's worth, None while unknown."""

    text: str
    done: int = 0
    total: int = 0
    rate: float | None = None

    @property
    def line(self) -> str:
        """Return the step in words, with the rate and the time that is left where they are known."""
        if not self.total:
            return f"{self.text} …"
        left = f", {self.rate:.0f} a second, {_span((self.total - self.done) / self.rate)} left" if self.rate else ""
        return f"{self.text}: {self.done} of {self.total}{left}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: its lines for the reader; `failed` says that it could not be done."""

    lines: tuple[str, ...]
    failed: bool = False


class RunningJob:
    """A job in a process of its own. Iterate over `steps` to its end; then `outcome` is there."""

    def __init__(
        self,
        job: str,
        library: Path | None,
        paths: Sequence[Path] = (),
        ids: Sequence[str] = (),
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self._task = {
            "job": job,
            "library": None if library is None else str(library),
            "paths": [str(path) for path in paths],
            "ids": list(ids),
            "fields": dict(fields or {}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._cancelled = False
        self.outcome = Outcome(("The work ended without a word; try it again.",), failed=True)

    async def steps(self) -> AsyncIterator[Step]:
        """Start the process and yield its progress until it ends."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assistant.job", json.dumps(self._task)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        assert self._process.stdout is not None and self._process.stderr is not None
        complaints = asyncio.ensure_future(self._process.stderr.read())
        step, began = Step("Working"), monotonic()
        async for line in self._process.stdout:
            event = json.loads(line)
            if event["event"] == "stage":
                step, began = Step(event["text"]), monotonic()
            elif event["event"] == "progress":
                rate = event["done"] / max(monotonic() - began, 0.001)
                step = Step(step.text, event["done"], event["total"], rate or None)
            else:
                self._end(event)
                continue
            yield step
        code = await self._process.wait()
        said = (await complaints).decode("utf-8", "replace").strip().splitlines()
        if self._cancelled:
            self.outcome = Outcome(("Cancelled; the library is as it was.",), failed=True)
        elif code and said and self.outcome.failed:
            self.outcome = Outcome((f"The work stopped: {said[-1]}; try it again.",), failed=True)

    def _end(self, event: dict[str, Any]) -> None:
        failed = event["event"] == "failed"
        self.outcome = Outcome((event["text"],) if failed else tuple(event["lines"]), failed)

    async def cancel(self) -> None:
        """Stop the process; the library stays as it was, or as it was to be if it had just finished."""
        self._cancelled = True
        if self._process is None or self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()


def _span(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"
