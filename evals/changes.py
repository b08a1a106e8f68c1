"""What changed between two runs: which questions got better, which got worse, and whether that may be chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

from evals.records import Result, Run


@dataclass(frozen=True, slots=True)
class Changes:
    """The questions that both runs asked, by what became of them: each pair is (before, now).

    `differ` names what else is not the same: the corpus, the index, the questions.
    """

    before: Run
    shared: int
    better: tuple[tuple[Result, Result], ...]
    worse: tuple[tuple[Result, Result], ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    p: float
    differ: tuple[str, ...]


def compare(before: Run, now: Run) -> Changes:
    """Return what changed, question by question; a question that was reworded counts as gone and added."""
    old_hashes, new_hashes = before.hashes, now.hashes
    old = {(result.id, result.question): result for result in before.results}
    new = {(result.id, result.question): result for result in now.results}
    pairs = [(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    better = tuple(pair for pair in pairs if pair[1].passed and not pair[0].passed)
    worse = tuple(pair for pair in pairs if pair[0].passed and not pair[1].passed)
    return Changes(
        before=before,
        shared=len(pairs),
        better=better,
        worse=worse,
        added=tuple(sorted(key[0] for key in new.keys() - old.keys())),
        gone=tuple(sorted(key[0] for key in old.keys() - new.keys())),
        p=exact_p(len(better), len(worse)),
        differ=tuple(sorted(key for key in {**old_hashes, **new_hashes} if old_hashes.get(key) != new_hashes.get(key))),
    )


def exact_p(better: int, worse: int) -> float:
    """Return the two-sided p of McNemar's exact test over the questions whose outcome changed (McNemar 1947)."""
    changed = better + worse
    tail = sum(comb(changed, count) for count in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**changed))
