"""Names that users bring: which files are taken, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import VocabularyError
from corpus.terms import load_vocabulary
from corpus.user_terms import as_json, from_json, label_terms, read_terms
from corpus.vocabulary_files import compile_vocabulary
from tests.conftest import make_document

GOOD = """drugs:
  - id: zorlitinib
    name: zorlitinib
    brands: [Zorlex]
    broader: [jak-inhibitor]
diseases:
  - id: gloopitis
    name: gloopitis
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_terms_of_a_file_are_known_beside_the_programs_own(tmp_path: Path) -> None:
    terms = read_terms([written(tmp_path, GOOD)])
    vocabulary = load_vocabulary(compile_vocabulary(more=terms))
    assert [m.ids for m in vocabulary.find("Zorlex and tofacitinib in gloopitis")] == [
        ("zorlitinib",),
        ("tofacitinib",),
        ("gloopitis",),
    ]
    assert "jak-inhibitor" in vocabulary.terms["zorlitinib"].broader
    assert from_json(as_json(terms)) == terms


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- id: a\n", "is no vocabulary"),
        ("drugs: many\n", "is no vocabulary"),
        ("pills:\n  - id: a\n    name: a\n", "has the key 'pills'"),
        ("drugs:\n  - id: a\n", "name"),
        ("drugs:\n  - id: a\n    name: a\n    colour: red\n", "colour"),
        ("drugs:\n  - id: a\n    name: a\n  - id: a\n    name: b\n", "twice"),
        ("drugs: [\n", "cannot be read"),
    ],
)
def test_a_malformed_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(VocabularyError, match=fault):
        read_terms([written(tmp_path, text)])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read"):
        read_terms([tmp_path / "none.yaml"])


def test_an_id_of_the_programs_own_is_refused(tmp_path: Path) -> None:
    terms = read_terms([written(tmp_path, "drugs:\n  - id: tofacitinib\n    name: mine\n")])
    with pytest.raises(VocabularyError, match="vocabulary's own already"):
        compile_vocabulary(more=terms)


@pytest.mark.parametrize(
    ("kind", "title", "names"),
    [
        ("drug label", "ZORLEX (zorlitinib) tablets, for oral use", [("zorlitinib", ("ZORLEX",))]),
        ("drug label", "Zorlex- zorlitinib hydrate capsule", [("zorlitinib hydrate", ("Zorlex",))]),
        ("drug label", "XELJANZ (tofacitinib) tablets", []),
        ("review", "ZORLEX (zorlitinib) tablets", []),
        ("drug label", "A notice", []),
    ],
)
def test_a_label_brings_its_own_names_where_they_are_unknown(
    kind: str, title: str, names: list[tuple[str, tuple[str, ...]]]
) -> None:
    document = make_document("Take one a day.")
    document = replace(document, source=replace(document.source, title=title, kind=kind))
    found = label_terms(document, load_vocabulary(compile_vocabulary()))
    assert [(term.name, term.brands) for term in found] == names
