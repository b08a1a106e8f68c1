from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import LibraryError
from index.lexical import LexicalEntry, LexicalIndex

ENTRIES = (
    LexicalEntry(1, "trial", "Zorlitinib in morphea", "Results", "Zorlitinib softened the plaques of nine patients."),
    LexicalEntry(2, "trial", "Zorlitinib in morphea", "Safety", "No patient had a thrombosis or an infection."),
    LexicalEntry(3, "report", "A case", "History", "The woman had Sjögren and Behçet disease, and took azathioprine."),
    LexicalEntry(4, "report", "A case", "Dosing", "She was given 10 mg AND placebo, NOT tofacitinib."),
)


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    return filled(tmp_path / "lexical")


def filled(folder: Path) -> LexicalIndex:
    index = LexicalIndex.create(folder)
    index.change((), ENTRIES)
    return index


def find(index: LexicalIndex, question: str, documents: list[str] | None = None) -> list[int]:
    return [i for i, _ in index.search([(word, 1.0) for word in index.words(question)], 10, documents)]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("softening", [1]),
        ("zorlitinib", [1, 2]),  # the second by its title
        ("PLAQUE", [1]),
        ("patients", [1, 2]),
        ("sjogren", [3]),
        ("Behcet's diseases", [3]),
        ("SJÖGREN", [3]),
        ("dosed", [4]),
        ("warfarin", []),
    ],
)
def test_words_are_found_in_any_inflection_case_and_accent(
    lexical: LexicalIndex, question: str, ids: list[int]
) -> None:
    assert sorted(find(lexical, question)) == ids


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("thrombosis AND azathioprine", {2, 3, 4}),
        ("thrombosis NOT infection", {2, 4}),
        ('"thrombosis azathioprine"', {2, 3}),
        ("-thrombosis +azathioprine", {2, 3}),
        ("body:thrombosis document:report", {2}),
        ("throm* azathioprin?", {3}),
        ("(thrombosis", {2}),
        ("[azathioprine TO thrombosis]", {2, 3}),
        ("thrombosis^100 azathioprine~2", {2, 3}),
        ("id:1", set()),
        ("*", set()),
        ("\\", set()),
    ],
)
def test_operators_and_quotes_mean_nothing(lexical: LexicalIndex, question: str, ids: set[int]) -> None:
    assert set(find(lexical, question)) == ids


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return filled(tmp_path_factory.mktemp("words") / "lexical")


@given(question=st.text(max_size=200))
def test_any_question_can_be_asked(standing: LexicalIndex, question: str) -> None:
    assert set(find(standing, question)) <= {1, 2, 3, 4}


def test_a_very_long_question_is_searched_by_its_first_words(standing: LexicalIndex) -> None:
    question = "azathioprine " + " ".join(f"word{n}" for n in range(3000))
    assert find(standing, question) == [3]


def test_scores_fall_and_weights_scale_them(lexical: LexicalIndex) -> None:
    (plaque, patient) = (lexical.words(word)[0] for word in ("plaques", "patients"))
    found = lexical.search([(plaque, 1.0), (patient, 1.0)], 10)
    assert [i for i, _ in found] == [1, 2]
    assert found[0][1] > found[1][1] > 0
    ((_, whole),) = lexical.search([(plaque, 1.0)], 10)
    ((_, half),) = lexical.search([(plaque, 0.5)], 10)
    assert half == pytest.approx(whole / 2)


def test_the_text_counts_more_than_the_section_and_the_section_more_than_the_title(tmp_path: Path) -> None:
    index = LexicalIndex.create(tmp_path / "lexical")
    fillers = {"title": "filler", "section": "filler", "body": "filler"}
    places = ("title", "section", "body")
    index.change((), [LexicalEntry(n, "d", **{**fillers, place: "zorlitinib"}) for n, place in enumerate(places)])
    assert find(index, "zorlitinib") == [2, 1, 0]


def test_at_most_k_are_found(lexical: LexicalIndex) -> None:
    words = [(word, 1.0) for word in lexical.words("patients azathioprine tofacitinib")]
    assert len(lexical.search(words, 2)) == 2
    assert lexical.search(words, 0) == []


@pytest.mark.parametrize(
    ("documents", "ids"),
    [(["trial"], [1, 2]), (["report"], [3]), (["trial", "report"], [1, 2, 3]), (["nobody"], []), ([], [])],
)
def test_only_the_documents_asked_for_are_searched(lexical: LexicalIndex, documents: list[str], ids: list[int]) -> None:
    assert sorted(find(lexical, "patients, azathioprine", documents)) == ids


def test_the_choice_of_documents_changes_no_score(lexical: LexicalIndex) -> None:
    words = [(word, 1.0) for word in lexical.words("azathioprine")]
    assert lexical.search(words, 5, ["report"]) == lexical.search(words, 5)


def test_the_name_of_a_document_is_matched_whole(lexical: LexicalIndex) -> None:
    assert find(lexical, "patients", ["tria"]) == []
    assert find(lexical, "patients", ["TRIAL"]) == []


def test_what_was_removed_is_gone(lexical: LexicalIndex) -> None:
    lexical.change([1, 3], ())
    assert len(lexical) == 2
    assert find(lexical, "zorlitinib plaques azathioprine") == [2]  # by its title


def test_removing_and_adding_happen_together(lexical: LexicalIndex) -> None:
    lexical.change([4], [LexicalEntry(5, "report", "A case", "Outcome", "She recovered on upadacitinib.")])
    assert len(lexical) == 4
    assert find(lexical, "tofacitinib") == []
    assert find(lexical, "upadacitinib") == [5]


def test_removing_what_is_not_there_changes_nothing(lexical: LexicalIndex) -> None:
    lexical.change([99], ())
    assert len(lexical) == 4


def test_an_index_that_was_cleared_finds_nothing(lexical: LexicalIndex) -> None:
    lexical.clear()
    assert (len(lexical), find(lexical, "patients")) == (0, [])


def test_a_change_is_seen_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    filled(tmp_path / "lexical").change([2], ())
    again = LexicalIndex(tmp_path / "lexical")
    assert len(again) == 3
    assert find(again, "plaques") == [1]


def test_document_frequency_counts_passages(lexical: LexicalIndex) -> None:
    frequencies = {word: lexical.document_frequency(lexical.words(word)[0]) for word in ("patient", "plaque", "safety")}
    assert frequencies == {"patient": 2, "plaque": 1, "safety": 1}
    assert lexical.document_frequency("warfarin") == 0


def test_document_frequency_forgets_what_was_removed(lexical: LexicalIndex) -> None:
    lexical.change([1], ())
    assert lexical.document_frequency(lexical.words("patient")[0]) == 1
    assert lexical.document_frequency(lexical.words("plaque")[0]) == 0


def test_a_missing_folder_names_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="missing or damaged; run `posology doctor --rebuild`"):
        LexicalIndex(tmp_path / "lexical")


@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.idx", "*.fast"])
@pytest.mark.parametrize("data", [b"", b"garbage", b"garbage" * 1000])
def test_files_of_garbage_name_the_command_that_mends_them(tmp_path: Path, pattern: str, data: bytes) -> None:
    filled(tmp_path / "lexical")
    files = list((tmp_path / "lexical").glob(pattern))
    assert files
    for file in files:
        file.write_bytes(data)
    with pytest.raises(LibraryError, match="missing or damaged; run `posology doctor --rebuild`"):
        LexicalIndex(tmp_path / "lexical")
