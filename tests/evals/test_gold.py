"""Gold evidence: where it stands in a library, and what of two quotes is one place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.importing import import_files
from evals.answer_metrics import CitationPrecision, CitationRecall
from evals.gold import documents_of_gold, find_document, merged, passages_of_gold, places_of, sentences_of_gold, span_of
from evals.retrieval_metrics import retrieval_metrics
from evals.suite import Gold, Turn
from index.embedder import Embedder
from index.library import Library
from tests.invented_edition import (
    DIGEST_ID,
    LICHEN,
    MORPHEA,
    ORIGINAL_ID,
    OTHER_ACNE,
    PRINTED_MORPHEA,
    facts,
    knowing,
    original,
    put,
    put_digest,
    shelf,
)

QUOTE = "Oral tofacitinib 5 mg twice to three times daily was successful"
GOLD = Gold(document="off-label-review", quote=QUOTE)
ARTICLE = """<article><front><article-meta>
<article-id pub-id-type="pmid">7654321</article-id>
<article-id pub-id-type="pmc">99</article-id>
<article-id pub-id-type="doi">10.9/zorl.1</article-id>
<title-group><article-title>Zorl in blickets</article-title></title-group>
</article-meta></front><body><p>Zorl heals blickets.</p></body></article>"""


def test_a_quote_is_found_whatever_its_white_space() -> None:
    found = span_of("a  b\nc", "x a b c y")
    assert found is not None and (found.start, found.end) == (2, 7)
    assert span_of("a b", "ab") is None
    assert span_of("  ", "a b") is None


def test_the_place_of_gold_is_the_quote_itself(bundled: Library) -> None:
    (place,) = places_of(GOLD, bundled)
    text = bundled.document("off-label-review").text
    assert text[place.start : place.end] == QUOTE
    assert place.overlaps("off-label-review", place.end - 1, place.end + 9)
    assert not place.overlaps("off-label-review", place.end, place.end + 9)
    assert not place.overlaps("class-monograph", place.start, place.end)


def test_words_that_say_the_same_are_a_place_of_the_gold_as_well(bundled: Library) -> None:
    other = "was successful in 80% of patients with lichen planopilaris"
    gold = GOLD.model_copy(update={"also": (other, "zorl")})
    text = bundled.document(GOLD.document).text
    assert [text[place.start : place.end] for place in places_of(gold, bundled)] == [QUOTE, other]


@pytest.mark.parametrize("name", ["ARTICLE-7", "Article-7.xml", "7654321", "10.9/Zorl.1", "pmc99"])
def test_an_added_document_goes_by_its_id_file_numbers_and_address(
    name: str, tmp_path: Path, word_embedder: Embedder
) -> None:
    file = tmp_path / "Article-7.xml"
    file.write_text(ARTICLE, encoding="utf-8")
    with shelf(tmp_path, word_embedder) as writer:
        import_files(writer, [file])
    with Library.open(tmp_path / "library", word_embedder) as library:
        found = find_document(name, library)
        assert found is not None and "Zorl heals blickets." in found.text
        assert find_document("765432", library) is None


def test_gold_belongs_to_its_passage_its_document_and_its_whole_sentence(bundled: Library) -> None:
    (identity,) = passages_of_gold(GOLD, bundled)
    passage = bundled.catalogue.passages([identity])[identity]
    assert QUOTE in bundled.document(passage.document_id).text[passage.start : passage.end]
    assert documents_of_gold(GOLD, bundled) == {"off-label-review"}
    (sentence,) = sentences_of_gold(GOLD, bundled)
    assert sentence.startswith("Oral tofacitinib 5 mg") and "lichen planopilaris" in sentence


@pytest.mark.parametrize("gold", [Gold(document="nowhere", quote="x"), Gold(document="off-label-review", quote="zorl")])
def test_gold_that_the_library_lacks_has_no_place(gold: Gold, bundled: Library) -> None:
    assert places_of(gold, bundled) == ()
    assert passages_of_gold(gold, bundled) == frozenset()
    assert sentences_of_gold(gold, bundled) == ()


def test_quotes_of_one_passage_are_one(bundled: Library) -> None:
    groups = [frozenset({1, 2}), frozenset({3}), frozenset({2, 3}), frozenset({9}), frozenset[int]()]
    assert set(merged(groups)) == {frozenset({9}), frozenset({1, 2, 3})}


@given(st.lists(st.frozensets(st.integers(0, 9), max_size=4), max_size=6))
def test_merged_groups_are_apart_and_hold_all_that_was_there(groups: list[frozenset[int]]) -> None:
    found = merged(groups)
    assert frozenset[int]().union(*groups) == frozenset[int | str]().union(*found)
    assert sum(map(len, found)) == len(frozenset[int | str]().union(*found))
    assert all(any(group <= other for other in found) for group in groups if group)


@pytest.fixture(scope="module", params=["the original alone", "both"])
def edition(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder
) -> Iterator[Library]:
    """Yield a library that holds an original, with the digest that describes it or without."""
    folder = tmp_path_factory.mktemp("edition")
    with knowing(folder, known=facts()) as file, shelf(folder, real_embedder) as writer:
        if request.param == "both":
            put_digest(writer, file)
        put(folder, writer, original())
    with Library.open(folder / "library", real_embedder) as library:
        yield library


def test_gold_of_a_digest_is_also_where_its_original_says_it(edition: Library) -> None:
    places = places_of(Gold(document=DIGEST_ID, quote=MORPHEA.removesuffix(".")), edition)

    told = {place.document_id: edition.document(place.document_id).text[place.start : place.end] for place in places}
    assert set(told) == {DIGEST_ID, ORIGINAL_ID}
    assert PRINTED_MORPHEA in [edition.document(p.document_id).text[p.start : p.end] for p in places]


def test_gold_that_the_original_does_not_bear_out_counts_only_where_the_digest_is_in_the_library(
    edition: Library,
) -> None:
    places = places_of(Gold(document=DIGEST_ID, quote=OTHER_ACNE), edition)

    assert bool(places) == (not edition.editions.is_hidden(DIGEST_ID))
    assert {place.document_id for place in places} <= {DIGEST_ID}


def test_an_answer_that_cites_the_original_is_right_by_the_gold_of_its_digest(edition: Library) -> None:
    question = "What is the dose of povorcitinib in morphea?"
    turn = Turn(id="t", question=question, gold=(Gold(document=DIGEST_ID, quote=MORPHEA),))
    told = answer(question, edition)

    assert {citation.document_id for citation in told.citations} == {ORIGINAL_ID}
    assert CitationRecall().score(turn, told, edition) == 1
    said = told.statements[0].citations  # what follows it is the boxed warning, which this gold doesn't name
    first = told.model_copy(update={"citations": tuple(c for c in told.citations if c.number in said)})
    assert CitationPrecision().score(turn, first, edition) == 1
    found = {metric.name: metric.score(turn, told, edition) for metric in retrieval_metrics()}
    assert found["document recall@1"] == found["passage recall@5"] == 1
    other = turn.model_copy(update={"gold": (Gold(document=DIGEST_ID, quote=LICHEN),)})
    assert CitationRecall().score(other, told, edition) == 0
