"""What compiling the vocabulary into the catalogue saves: reading YAML against loading the compiled form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from corpus.terms import load_vocabulary
from corpus.vocabulary_files import compile_vocabulary, source_hash
from evals.engines.timing import Table, in_turns, middle, ratio

REPEATS = 15


def measure() -> list[Table]:
    """Return the table of the two ways to a vocabulary, in milliseconds."""
    compiled = compile_vocabulary()
    terms = len(load_vocabulary(compiled).terms)
    ways: dict[str, Callable[[], object]] = {
        "YAML: parse, validate, compile": compile_vocabulary,
        "compiled: load": partial(load_vocabulary, compiled),
        "compiled: check that it is fresh, load": partial(_checked, compiled),
    }
    times = {name: middle(taken) for name, taken in in_turns(ways, REPEATS).items()}
    slowest = max(times.values())
    rows = tuple((name, f"{value:.1f}", ratio(slowest, value)) for name, value in times.items())
    note = (
        f"{terms} terms. Processor time, median of {REPEATS}, in turns. Checking is hashing the YAML files, as every "
        "start does; the SQLite read of one row is not in it."
    )
    return [Table("Vocabulary", note, ("way", "ms", "faster"), rows)]


def _checked(compiled: str) -> None:
    source_hash()
    load_vocabulary(compiled)
