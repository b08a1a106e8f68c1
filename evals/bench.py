"""`make bench`: how fast and how large the program is, as ratios and medians taken in one run.

Machines differ and are noisy; a ratio to a known import, measured in the same minute, travels better than seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path
from time import perf_counter

from assistant.answer import answer
from assistant.session import Session
from evals.metrics import percentile

REPEATS = 7
QUESTIONS = (
    "topical tofacitinib strength for vitiligo?",
    "How long until scalp hair regrows on ruxolitinib tablets?",
    "rate of venous thromboembolism with abrocitinib 200 mg",
    "which JAK inhibitors are approved for atopic dermatitis?",
    "granuloma annulare response to tofacitinib",
    "What happened to the renal transplant recipient on baricitinib?",
    "is upadacitinib safe while breastfeeding?",
    "Who wrote the review of off-label uses?",
    "baracitinib hair lose",
    "price of deucravacitinib in Norway",
)


def main() -> None:
    """Print the table."""
    ask = [str(Path(sysconfig.get_path("scripts")) / "posology"), "ask", QUESTIONS[0]]
    reference = [sys.executable, "-c", "import sentence_transformers"]
    _child(ask)  # makes the library and warms the disk
    _child(reference)
    asked, imported = [], []
    for _ in range(REPEATS):  # taken in turns, so that a slow moment hits both
        asked.append(_child(ask))
        imported.append(_child(reference))
    ask_seconds = statistics.median(seconds for seconds, _ in asked)
    import_seconds = statistics.median(seconds for seconds, _ in imported)
    print(f"{'measure':58} {'value':>12}  target")
    print(f"{'posology ask, process start to exit, median':58} {ask_seconds:10.3f} s")
    print(f"{'import sentence_transformers, median':58} {import_seconds:10.3f} s")
    print(f"{'ratio':58} {import_seconds / ask_seconds:10.1f} x  at least 7")
    print(f"{'posology ask, peak resident memory':58} {max(peak for _, peak in asked):9.0f} MB  under 500")
    for name, value in _warm().items():
        print(f"{name:58} {value:9.1f} ms  {'under 40' if 'p95' in name else ''}")


def _child(command: list[str]) -> tuple[float, float]:
    """Run a command and return its seconds and its peak resident memory in megabytes."""
    began = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed with exit code {child.returncode}")
    return perf_counter() - began, usage.ru_maxrss / 1024


def _warm() -> dict[str, float]:
    """Return the spread of warm answers in milliseconds, each question asked several times in turn."""
    seconds = []
    with Session().library() as library:
        answer(QUESTIONS[0], library)
        for question in QUESTIONS * REPEATS:
            began = perf_counter()
            answer(question, library)
            seconds.append(perf_counter() - began)
    return {f"warm answer, p{share} of {len(seconds)}": 1000 * percentile(seconds, share / 100) for share in (50, 95)}


if __name__ == "__main__":
    main()
