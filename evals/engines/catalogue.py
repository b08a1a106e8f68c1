"""What keeping vocabulary and facts compiled in the catalogue saves: reading YAML against reading the catalogue."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.anchoring import places
from corpus.bundled import bundled_files
from corpus.catalogue import Catalogue
from corpus.facts import AnyFact, load_facts
from corpus.passages import passages
from corpus.readers import read_file
from corpus.terms import load_vocabulary
from corpus.vocabulary_files import compile_vocabulary, source_hash
from evals.engines.timing import Table, in_turns, middle, ratio

REPEATS = 15
_KEY = "vocabulary"


def measure() -> list[Table]:
    """Return the table of the ways to vocabulary and facts, in milliseconds of processor time."""
    facts = load_facts()
    with _filled(facts) as catalogue:
        terms = len(_vocabulary(catalogue))
        vocabulary: dict[str, Callable[[], object]] = {
            "vocabulary, from YAML": compile_vocabulary,
            "vocabulary, from the catalogue": partial(_vocabulary, catalogue),
        }
        curated: dict[str, Callable[[], object]] = {
            "facts, from YAML": load_facts,
            "facts, from the catalogue, all kinds": partial(_facts, catalogue, {fact.kind for fact in facts}),
            "facts, from the catalogue, doses only": partial(_facts, catalogue, {"dose"}),
        }
        rows = [*_rows(vocabulary), *_rows(curated)]
    note = (
        f"{terms} terms and {len(facts)} facts. Processor time, median of {REPEATS}, in turns. From YAML is parsing "
        "and validating. From the catalogue includes SQLite and, for the vocabulary, the hash of the YAML files that "
        "tells whether the compiled form is fresh."
    )
    return [Table("Catalogue", note, ("way", "ms", "faster"), tuple(rows))]


@contextmanager
def _filled(facts: tuple[AnyFact, ...]) -> Iterator[Catalogue]:
    """Yield a catalogue of the bundled documents, with vocabulary, facts and where these stand."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue.open(Path(folder) / "catalogue.sqlite", write=True)
        try:
            with catalogue.transaction():
                catalogue.set_compiled(_KEY, source_hash(), compile_vocabulary())
                catalogue.fact_store.put(facts)
                for path in bundled_files():
                    document = read_file(path)
                    cut = passages(document)
                    first = catalogue.reserve_ids(len(cut))
                    catalogue.insert(document, [replace(part, id=first + n) for n, part in enumerate(cut)], "bundled")
                    catalogue.fact_store.place(places(facts, document, cut))
            yield catalogue
        finally:
            catalogue.close()


def _vocabulary(catalogue: Catalogue) -> dict[str, object]:
    compiled = catalogue.compiled(_KEY, source_hash())
    if compiled is None:
        raise SystemExit("The vocabulary's files changed while they were measured; run this again.")
    return dict(load_vocabulary(compiled).terms)


def _facts(catalogue: Catalogue, kinds: set[str]) -> int:
    return sum(len(catalogue.fact_store.of_kind(kind)) for kind in kinds)


def _rows(ways: dict[str, Callable[[], object]]) -> list[tuple[str, ...]]:
    times = {name: middle(taken) for name, taken in in_turns(ways, REPEATS).items()}
    slowest = max(times.values())
    return [(name, f"{value:.1f}", ratio(slowest, value)) for name, value in times.items()]
