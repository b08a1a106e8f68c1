"""The vocabulary: what its files may hold, how they are compiled, and what it finds in a text."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.library
import index.vocabulary
from corpus.errors import VocabularyError
from corpus.terms import Vocabulary, load_vocabulary
from corpus.vocabulary_files import CATEGORIES, FOLDER, compile_vocabulary, source_hash
from corpus.words import fold_name
from index.embedder import Embedder
from index.library import Library
from index.vocabulary import VOCABULARY_KEY

VOCABULARY = load_vocabulary(compile_vocabulary())


def found(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(mention.ids, mention.surface) for mention in VOCABULARY.find(text)]


def ids(text: str) -> list[tuple[str, ...]]:
    return [mention.ids for mention in VOCABULARY.find(text)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "vocabulary"))


def append(folder: Path, name: str, text: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as stream:
        stream.write("\n" + text)


def test_compiling_is_repeatable_and_loading_gives_everything_back() -> None:
    compiled = compile_vocabulary()
    assert compiled == compile_vocabulary()
    data = json.loads(compiled)
    assert {i: term.name for i, term in VOCABULARY.terms.items()} == {i: t["name"] for i, t in data["terms"].items()}
    assert {name: list(of) for name, of in VOCABULARY.names.items()} == data["names"]
    assert load_vocabulary(compiled) == VOCABULARY
    assert {term.category for term in VOCABULARY.terms.values()} == set(CATEGORIES.values())


def test_every_broader_id_exists_and_holds_its_own_broader_ones() -> None:
    for term in VOCABULARY.terms.values():
        for wider in term.broader:
            assert wider in VOCABULARY.terms, term.id
            assert set(VOCABULARY.terms[wider].broader) - {term.id} <= set(term.broader), term.id
        assert VOCABULARY.widen(term.id) == {term.id, *term.broader}


def test_every_name_leads_to_existing_terms() -> None:
    for name, of in VOCABULARY.names.items():
        assert name
        assert of and set(of) <= set(VOCABULARY.terms), name


def test_every_term_is_found_by_its_own_name() -> None:
    lost = [t.id for t in VOCABULARY.terms.values() if t.id not in VOCABULARY.names.get(fold_name(t.name), ())]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alopecia areata", [(("alopecia-areata",), "alopecia areata")]),
        ("non-melanoma skin cancer", [(("nonmelanoma-skin-cancer",), "non-melanoma skin cancer")]),
        ("graft-versus-host disease", [(("graft-versus-host-disease",), "graft-versus-host disease")]),
        (
            "skin cancer, then non-melanoma skin cancer",
            [(("skin-cancer",), "skin cancer"), (("nonmelanoma-skin-cancer",), "non-melanoma skin cancer")],
        ),
        ("atopic\n  dermatitis", [(("atopic-dermatitis",), "atopic\n  dermatitis")]),
        ("pyoderma, gangrenosum", []),
    ],
)
def test_the_longest_name_that_stands_together_is_found(text: str, expected: list[object]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Rinvoq", "upadacitinib"),
        ("opzelura", "ruxolitinib"),
        ("XELJANZ", "tofacitinib"),
        ("Olumiant's", "baricitinib"),
        ("JAKi", "jak-inhibitor"),
        ("JAKis", "jak-inhibitor"),
        ("JAK-inhibitors", "jak-inhibitor"),
        ("AA", "alopecia-areata"),
        ("aa", "alopecia-areata"),
        ("corticosteroids", "corticosteroid"),
        ("methotrexates", "methotrexate"),
    ],
)
def test_brands_abbreviations_and_plurals_are_names(text: str, identity: str) -> None:
    assert ids(text) == [(identity,)]


def test_an_abbreviation_in_brackets_inside_a_name_is_part_of_it() -> None:
    assert found("Janus kinase (JAK) inhibitors") == [(("jak-inhibitor",), "Janus kinase (JAK) inhibitors")]


def test_plain_words_in_brackets_are_not_left_out_of_a_name() -> None:
    assert ("jak-inhibitor",) not in ids("Janus kinase (some) inhibitors")


def test_an_ambiguous_abbreviation_keeps_its_meanings_and_the_full_name_has_one() -> None:
    assert ids("PG") == [("pemphigoid-gestationis", "pyoderma-gangrenosum")]
    assert ids("pyoderma gangrenosum") == [("pyoderma-gangrenosum",)]
    assert ids("DM") == [("dermatomyositis", "diabetes-mellitus")]


@pytest.mark.parametrize("text", ["it is or all", "who may care", "a pinch of salt", "so he got it as is", "Or no one"])
def test_english_words_that_are_also_abbreviations_name_nothing(text: str) -> None:
    assert ids(text) == []


def test_english_words_in_capitals_name_something_unless_all_is_in_capitals() -> None:
    assert found("the OR was 2.1") == [(("odds-ratio",), "OR")]
    assert found("a SALT score of 20")[0][1].startswith("SALT")
    assert ids("IT IS OR ALL") == []
    assert ids("TOFACITINIB OR NOTHING") == [("tofacitinib",)]


@pytest.mark.parametrize(
    "text",
    [
        "artritis psoriásica",
        "artritis psoriasica",
        "ARTRITIS PSORIÁSICA",
        pytest.param(
            "artritis psoria\u0301sica",
        ),
    ],
)
def test_accents_do_not_matter(text: str) -> None:
    assert ids(text) == [("psoriatic-arthritis",)]


def test_mentions_come_in_order_without_overlaps_and_quote_the_text() -> None:
    text = "Rinvoq 15 mg or topical ruxolitinib (Opzelura) for atopic dermatitis (AD) and vitiligo in adults"
    mentions = VOCABULARY.find(text)
    assert len(mentions) >= 6
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@given(st.text(alphabet=st.sampled_from("aAoOrRdDmMjJkK ().-'é\n0\u0301"), max_size=60))
def test_mentions_of_any_text_are_ordered_spans_of_it(text: str) -> None:
    end = 0
    for mention in VOCABULARY.find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.ids and set(mention.ids) <= set(VOCABULARY.terms)
        end = mention.end


def test_an_added_record_is_found_and_changes_the_hash(folder: Path) -> None:
    before = source_hash(folder)
    append(
        folder, "drugs.yaml", "- id: zorlitinib\n  name: zorlitinib\n  brands: [Zorlix]\n  broader: [jak-inhibitor]\n"
    )
    assert source_hash(folder) != before == source_hash()
    own = load_vocabulary(compile_vocabulary(folder))
    assert [mention.ids for mention in own.find("is Zorlix like zorlitinibs?")] == [("zorlitinib",), ("zorlitinib",)]
    assert "jak-inhibitor" in own.terms["zorlitinib"].broader
    assert set(VOCABULARY.terms["jak-inhibitor"].broader) <= set(own.terms["zorlitinib"].broader)


@pytest.mark.parametrize(
    ("name", "record", "told"),
    [
        (
            "drugs.yaml",
            "- id: zorlitinib\n  name: zorlitinib\n  brand: [Zorlix]\n",
            ["drugs.yaml", "brand", "zorlitinib"],
        ),
        ("routes.yaml", "- id: zorbed\n", ["routes.yaml", "name", "zorbed"]),
        ("diseases.yaml", "- id: zorlitis\n  name: zorlitis\n  broader: [no-such]\n", ["'zorlitis'", "'no-such'"]),
        ("drugs.yaml", "- id: tofacitinib\n  name: again\n", ["drugs.yaml", "'tofacitinib'"]),
        ("diseases.yaml", "- id: tofacitinib\n  name: again\n", ["'tofacitinib'"]),
        ("diseases.yaml", "- id: [zorlitis\n", ["diseases.yaml"]),
        ("diseases.yaml", "- 5\n", ["diseases.yaml", "5"]),
        ("words.yaml", "zorwords: [a]\n", ["words.yaml", "zorwords"]),
        ("questions.yaml", "- kind: zor\n  cues: [zor]\n  wants: [zorfigure]\n", ["questions.yaml", "wants"]),
        ("redirects.yaml", "- id: zor\n  all_of: [[zor]]\n", ["redirects.yaml", "says"]),
        ("operations.yaml", "zorsum: [a]\n", ["operations.yaml", "zorsum"]),
    ],
    ids=[
        "unknown key",
        "missing key",
        "missing broader",
        "twice in a file",
        "twice in two files",
        "yaml",
        "no record",
        "words",
        "questions",
        "redirects",
        "operations",
    ],
)
def test_a_spoiled_file_is_refused_with_the_record_named(folder: Path, name: str, record: str, told: list[str]) -> None:
    append(folder, name, record)
    with pytest.raises(VocabularyError) as refused:
        compile_vocabulary(folder)
    assert all(part in str(refused.value) for part in told)


def test_a_missing_file_is_refused_and_named(folder: Path) -> None:
    (folder / "trials.yaml").unlink()
    with pytest.raises(VocabularyError, match=r"trials\.yaml"):
        compile_vocabulary(folder)


@pytest.mark.parametrize(
    "content", ["- id: é\n  name: é\n".encode("latin-1"), b"", b"5\n"], ids=["latin", "empty", "5"]
)
def test_a_file_that_is_not_utf8_or_no_list_is_refused_and_named(folder: Path, content: bytes) -> None:
    (folder / "routes.yaml").write_bytes(content)
    with pytest.raises(VocabularyError, match=r"routes\.yaml"):
        compile_vocabulary(folder)


def test_a_library_uses_the_vocabulary_that_was_compiled_into_it(
    bundled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(more: object) -> str:
        raise AssertionError("compiled again")

    monkeypatch.setattr(index.vocabulary, "compile_vocabulary", never)
    assert bundled.catalogue.compiled(VOCABULARY_KEY, source_hash()) is not None
    assert bundled.vocabulary == VOCABULARY


def test_a_compiled_vocabulary_of_other_files_is_not_used(
    bundled_path: Path, real_embedder: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(folder, "drugs.yaml", "- id: zorlitinib\n  name: zorlitinib\n")
    monkeypatch.setattr(index.vocabulary, "source_hash", lambda: source_hash(folder))
    monkeypatch.setattr(index.vocabulary, "compile_vocabulary", lambda more: compile_vocabulary(folder))
    with Library.open(bundled_path, real_embedder) as library:
        assert library.catalogue.compiled(VOCABULARY_KEY, source_hash(folder)) is None
        assert isinstance(library.vocabulary, Vocabulary)
        assert "zorlitinib" in library.vocabulary.terms


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("juvenile and adult dermatomyositis", ["juvenile-dermatomyositis", "dermatomyositis"]),
        ("Juvenile or adult dermatomyositis", ["juvenile-dermatomyositis", "dermatomyositis"]),
        ("plaque and guttate psoriasis", ["plaque-psoriasis", "guttate-psoriasis"]),
        ("acute and chronic graft-versus-host disease", ["acute-graft-versus-host-disease"]),
        ("juvenile and rheumatoid arthritis", ["rheumatoid-arthritis"]),  # no arthritis is called juvenile alone
        ("juvenile and dermatomyositis", ["dermatomyositis"]),
        ("juvenile with adult dermatomyositis", ["dermatomyositis"]),
    ],
)
def test_two_names_may_share_their_noun(text: str, named: list[str]) -> None:
    assert [of[0] for of in ids(text)][: len(named)] == named
    assert len(ids(text)) == (2 if " or " in text or len(named) == 2 or text.startswith("acute") else 1)
    assert all(surface in text for _, surface in found(text))


def test_two_names_may_share_their_noun_where_the_first_word_is_a_name_too() -> None:
    assert ids("oral and nail lichen planus") == [("oral-lichen-planus",), ("nail-lichen-planus",)]
