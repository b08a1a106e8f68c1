import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.embedder import Embedder, Vectors
from index.library import Library
from index.search import POOL, Filters, Hit, HybridSearcher
from index.writing import open_writer
from tests.conftest import WordEmbedder
from tests.index.test_build import filled, note, without_bundled_knowledge

FILLERS = [f"Visit {n} of the cohort brought finding{n} and finding{n + 1}." for n in range(2 * POOL + 50)]
FAR = "Zorlitinib was named once " + " ".join(f"beside matter{n}" for n in range(40)) + " in this report."
NEAR = "Hairlessness came back."


class Thesaurus(WordEmbedder):
    """A fake model that knows one pair of words to mean the same."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        return super().embed([text.lower().replace("hairlessness", "alopecia") for text in texts])


@pytest.fixture(autouse=True)
def passages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    without_bundled_knowledge(monkeypatch)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HybridSearcher]:
    path, embedder = tmp_path_factory.mktemp("large") / "library", Thesaurus()
    filled(path, embedder, fillers=note(*FILLERS), far=note(FAR), near=note(NEAR))
    with Library.open(path, embedder) as library:
        yield HybridSearcher(library)


@pytest.fixture
def small(tmp_path: Path, word_embedder: Embedder) -> Iterator[HybridSearcher]:
    filled(
        tmp_path / "library",
        word_embedder,
        trial=note(
            "Zorlitinib softened the plaques of many patients.",
            "Zorlitinib was stopped in some patients for nausea.",
            "Placebo softened nothing in the other patients.",
        ),
        report=note("One woman took zorlitinib for alopecia.", "Two patients were lost to follow-up early."),
    )
    with Library.open(tmp_path / "library", word_embedder) as library:
        yield HybridSearcher(library)


def by_document(hits: Sequence[Hit]) -> dict[str, Hit]:
    return {hit.passage.document_id: hit for hit in reversed(hits)}


def test_what_only_words_find_and_what_only_meaning_finds_both_appear(large: HybridSearcher) -> None:
    found = by_document(large.search("alopecia zorlitinib", k=POOL // 2))
    by_words, by_meaning = found["far"].parts, found["near"].parts
    assert (by_words.dense_rank, by_words.lexical_rank) == (None, 1)
    assert (by_meaning.dense_rank, by_meaning.lexical_rank) == (1, None)


def test_hits_come_best_first_with_scores_between_0_and_1(large: HybridSearcher) -> None:
    scores = [hit.score for hit in large.search("finding7 of the cohort", k=50)]
    assert len(scores) == 50
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < scores[0] <= 1


def test_at_most_k_are_returned_and_more_than_the_pool_can_be_asked_for(large: HybridSearcher) -> None:
    assert len(large.search("cohort visit", k=3)) == 3
    assert len(large.search("cohort visit", k=2 * POOL + 50)) == 2 * POOL + 50


def test_hits_tell_their_own_place_in_the_document(small: HybridSearcher) -> None:
    best = small.search("zorlitinib nausea")[0].passage
    assert (best.document_id, best.ordinal, best.section) == ("trial", 1, "Note")


def test_a_filter_lets_only_its_documents_through(small: HybridSearcher) -> None:
    assert {hit.passage.document_id for hit in small.search("zorlitinib patients")} == {"trial", "report"}
    only = small.search("zorlitinib patients", filters=Filters(documents=("report",)))
    assert [hit.passage.document_id for hit in only] == ["report", "report"]
    assert all(hit.parts.dense_rank and hit.parts.lexical_rank for hit in only)


@pytest.mark.parametrize("documents", [(), ("nobody",)])
def test_a_filter_without_documents_lets_nothing_through(small: HybridSearcher, documents: tuple[str, ...]) -> None:
    assert small.search("zorlitinib", filters=Filters(documents=documents)) == []


def test_a_filter_that_names_no_documents_is_no_filter(small: HybridSearcher) -> None:
    assert small.search("zorlitinib", filters=Filters()) == small.search("zorlitinib")


def test_a_filtered_search_reaches_what_the_pool_would_have_cut_off(large: HybridSearcher) -> None:
    (hit,) = large.search("alopecia", filters=Filters(documents=("far",)))
    assert hit.passage.document_id == "far"


def test_expansions_find_what_the_question_names_otherwise(small: HybridSearcher) -> None:
    assert all(hit.parts.bm25 is None for hit in small.search("Zorlix"))
    found = small.search("Zorlix", expansions=["zorlitinib"])
    assert sum(hit.parts.bm25 is not None for hit in found) == 3


def test_expansions_find_by_meaning_too(large: HybridSearcher) -> None:
    near = Filters(documents=("near",))
    ((plain,), (expanded,)) = (large.search("Zorlix", filters=near, expansions=e) for e in ((), ("alopecia",)))
    assert (expanded.parts.cosine or 0) > (plain.parts.cosine or 0) + 0.1


def test_an_expansion_counts_half_and_never_lowers_a_word_of_the_question(small: HybridSearcher) -> None:
    def bm25(query: str, *expansions: str) -> list[float]:
        return sorted(hit.parts.bm25 or 0 for hit in small.search(query, expansions=expansions))

    whole = bm25("alopecia")
    assert max(whole) > 0
    assert bm25("?", "alopecia") == pytest.approx([score / 2 for score in whole])
    assert bm25("alopecia", "alopecia") == pytest.approx(whole)


@pytest.mark.parametrize("query", ["", "?!", '"" AND NOT ()', "x" * 5000, "\x00"])
def test_any_query_can_be_searched(small: HybridSearcher, query: str) -> None:
    assert len(small.search(query, k=2)) == 2


def test_weight_falls_with_frequency_and_unknown_words_weigh_most(small: HybridSearcher) -> None:
    frequencies = {"patients": 4, "zorlitinib": 3, "softened": 2, "alopecia": 1, "warfarin": 0}
    weights = {word: small.weight(word) for word in frequencies}
    for word, n in frequencies.items():
        assert weights[word] == pytest.approx(math.log(1 + (5 - n + 0.5) / (n + 0.5)))
    assert list(weights.values()) == sorted(weights.values())
    assert weights["patients"] > 0
    assert small.weight("?") == weights["warfarin"]


def test_a_word_weighs_the_same_in_any_inflection(small: HybridSearcher) -> None:
    assert small.weight("Patient") == small.weight("patients")


def test_knows_tells_whether_some_passage_holds_the_word(small: HybridSearcher) -> None:
    assert all(small.knows(word) for word in ("zorlitinib", "SOFTENING", "plaque", "follow-up"))
    assert not any(small.knows(word) for word in ("warfarin", "zorlitinib-warfarin", "?", ""))


def test_a_removed_document_is_neither_found_nor_known(tmp_path: Path, word_embedder: Embedder) -> None:
    path = filled(
        tmp_path / "library",
        word_embedder,
        kept=note("Patients took baricitinib for alopecia."),
        gone=note("Patients took zorlitinib for morphea."),
    )
    with open_writer(path, word_embedder) as writer:
        writer.remove("gone")
    with Library.open(path, word_embedder) as library:
        searcher = HybridSearcher(library)
        assert {hit.passage.document_id for hit in searcher.search("zorlitinib morphea")} == {"kept"}
        assert searcher.knows("baricitinib")
        assert not searcher.knows("zorlitinib")
        assert searcher.weight("patients") == pytest.approx(math.log(1 + 0.5 / 1.5))
