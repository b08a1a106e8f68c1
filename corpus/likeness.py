"""Which texts are nearly the same, whatever format or version they came in: by the runs of words that they share.

Each text keeps a sample of its runs of five words, the same ones in every text that holds them (Broder 1997, with the
sampling of FracMinHash, Irber et al. 2022), so the share of one text that stands in another can be told from samples.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from corpus.text import words

NEARLY_ALL = 0.8
"""Share of the shorter text's runs that stand in the longer one, from which the two are taken for the same."""

_RUN = 5  # words
_ONE_IN = 4  # runs that are kept
_FEWEST = 8  # runs that a sample needs to tell anything
_COMMON = 40  # texts that hold a run which tells nothing, such as a publisher's notice
_PRIME = 0x9E3779B97F4A7C15

Sample = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts and the share of the shorter one that stands in the longer, from samples."""

    shorter: str
    longer: str
    share: float


def sample(text: str) -> Sample:
    """Return a text's sampled runs as sorted hashes, each once."""
    found = np.array([zlib.crc32(word.encode()) for word in words(text).split()], dtype=np.uint64)
    if len(found) < _RUN:
        return np.zeros(0, dtype=np.uint64)
    runs = np.zeros(len(found) - _RUN + 1, dtype=np.uint64)
    for offset in range(_RUN):
        runs = runs * np.uint64(_PRIME) + found[offset : offset + len(runs)] + np.uint64(1)
    runs = (runs ^ (runs >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    runs ^= runs >> np.uint64(32)
    return np.unique(runs[runs % np.uint64(_ONE_IN) == 0])


def alike(samples: Mapping[str, Sample]) -> Iterator[Alike]:
    """Yield the pairs of texts that are nearly the same, those that share most first."""
    names = [name for name, found in samples.items() if len(found) >= _FEWEST]
    shared: Counter[tuple[int, int]] = Counter()
    for holders in _held_by([samples[name] for name in names]):
        shared.update(combinations(holders, 2))
    pairs = []
    for (one, other), count in shared.items():
        short, long = sorted((names[one], names[other]), key=lambda name: (len(samples[name]), name))
        pairs.append(Alike(short, long, count / len(samples[short])))
    yield from sorted((p for p in pairs if p.share >= NEARLY_ALL), key=lambda p: (-p.share, p.shorter, p.longer))


def _held_by(samples: list[Sample]) -> Iterator[list[int]]:
    """Yield for each run that several texts hold the numbers of these, in order; of common ones nothing."""
    if not samples:
        return
    runs = np.concatenate(samples)
    owners = np.repeat(np.arange(len(samples)), [len(found) for found in samples])
    order = np.lexsort((owners, runs))
    runs, owners = runs[order], owners[order]
    starts = np.flatnonzero(np.r_[True, runs[1:] != runs[:-1]])
    counts = np.diff(np.r_[starts, len(runs)])
    for at, count in zip(starts.tolist(), counts.tolist(), strict=True):
        if 1 < count <= max(_COMMON, 2):
            yield owners[at : at + count].tolist()
