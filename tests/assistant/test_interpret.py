"""How questions are read: names, kinds, numbers, rows, misspellings, shorthand, and the words left to explain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.interpret import LONGEST_QUESTION, interpret
from assistant.question import Question
from corpus.figures import Shape
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import TRIAL, invented_library, shelve

Read = Callable[[str], Question]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Read]:
    path = invented_library(tmp_path_factory.mktemp("interpret"), real_embedder)
    with Library.open(path, real_embedder) as library:
        searcher = HybridSearcher(library)
        yield lambda text: interpret(text, library.vocabulary, searcher)


def test_a_question_is_read_into_names_kind_and_what_it_wants(read: Read) -> None:
    question = read("What is the dose of topical brepocitinib in vitiligo?")

    assert question.kind == "dose"
    assert question.wants == (Shape.DOSE,)
    assert question.names("drug") == ("brepocitinib",)
    assert question.names("disease") == ("vitiligo",)
    assert question.names("route") == ("topical",)
    assert question.focus == ()
    assert question.cues == ("dose",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which study reported it?", "source"),
        ("How often is it taken?", "dose"),
        ("What is the incidence rate of acne?", "rate"),
        ("What percentage cleared?", "share"),
        ("How long until repigmentation?", "time"),
        ("How many patients were there?", "count"),
        ("Is it approved for vitiligo?", "indication"),
        ("What is its mechanism of action?", "mechanism"),
        ("Is it safe?", "safety"),
        ("vitiligo", "other"),
        ("", "other"),
    ],
)
def test_a_cue_tells_the_kind(text: str, kind: str, read: Read) -> None:
    assert read(text).kind == kind


def test_a_longer_cue_hides_the_shorter_one_inside_it(read: Read) -> None:
    assert Shape.DOSE not in read("How much more did vitiligo improve?").wants
    assert Shape.DOSE in read("How much brepocitinib?").wants


def test_a_percent_sign_asks_for_a_share(read: Read) -> None:
    assert Shape.SHARE in read("What % responded?").wants


def test_unknown_words_stay_in_focus_and_have_to_be_covered(read: Read) -> None:
    assert "zorlitinib" in read("Is zorlitinib used in vitiligo?").focus
    assert "molecular" in read("What is the molecular weight of brepocitinib?").focus


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("brepocitnib in vitiligo", "brepocitinib"),
        ("povorcitnib", "povorcitinib"),
        ("povorcitinb dose", "povorcitinib"),
        ("BREPOCITINIB", "brepocitinib"),
        ("Brepocitinib tosylate", "brepocitinib"),
        ("PF-06700841 dose", "brepocitinib"),
        ("INCB054707", "povorcitinib"),
    ],
)
def test_misspelt_and_other_names_mean_the_drug(text: str, name: str, read: Read) -> None:
    assert read(text).names("drug") == (name,)


def test_a_corrected_word_is_reported(read: Read) -> None:
    assert read("brepocitnib in vitilgo").typos == {"brepocitnib": "brepocitinib", "vitilgo": "vitiligo"}
    assert read("brepocitinib in vitiligo").typos == {}


@pytest.mark.parametrize("name", ["zorlitinib", "brepo", "breporubicin", "povo123"])
def test_a_name_that_is_no_misspelling_is_not_turned_into_a_drug(name: str, read: Read) -> None:
    assert "brepocitinib" not in read(f"dose of {name}").names("drug")


def test_words_of_the_question_itself_are_no_misspellings(tmp_path: Path, real_embedder: Embedder) -> None:
    """A library that lacks the words "median", "ratio" and "lowest" still understands them."""
    with Library.open(shelve(tmp_path, real_embedder, TRIAL), real_embedder) as library:
        question = interpret(
            "What is the median, the lowest, the oldest and the ratio?", library.vocabulary, HybridSearcher(library)
        )

    assert question.typos == {}


@pytest.mark.parametrize("word", ["chest", "weather"])
def test_an_ordinary_word_is_not_bent_into_another(word: str, read: Read) -> None:
    assert read(f"What about {word} pain with brepocitinib?").typos == {}


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("brepocitinib bid", "twice daily"), ("vitiligo pts", "patients")],
)
def test_shorthand_is_spelled_out(text: str, spelled: str, read: Read) -> None:
    assert spelled in read(text).read


def test_spanish_is_understood(read: Read) -> None:
    question = read("¿Cuál es la dosis de brepocitinib tópico en el vitiligo?")

    assert question.kind == "dose"
    assert question.names("drug") == ("brepocitinib",)
    assert question.names("route") == ("topical",)
    assert question.names("disease") == ("vitiligo",)
    assert question.focus == ()


def test_capitals_change_nothing(read: Read) -> None:
    plain, loud = (read(text) for text in ("dose of oral povorcitinib?", "DOSE OF ORAL POVORCITINIB?"))

    assert (plain.kind, plain.focus) == (loud.kind, loud.focus)
    assert plain.names("drug") == loud.names("drug") and plain.names("route") == loud.names("route")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("the outcome of case 12", ("12",)),
        ("patient 7 and case 3", ("7", "3")),
        ("case sixteen", ("16",)),
        ("the 7 cases", ()),
        ("brepocitinib 30 mg", ()),
    ],
)
def test_numbers_of_rows_are_told_from_other_numbers(text: str, rows: tuple[str, ...], read: Read) -> None:
    assert read(text).row_keys == rows


def test_numbers_inside_names_are_no_numbers_of_the_question(read: Read) -> None:
    assert read("PF-06700841 30 mg or 2.5 mg").numbers == ("2.5", "30")


@pytest.mark.parametrize("age", ["6 year old", "6 years old", "17 yo old", "11 month old"])
def test_an_age_below_eighteen_means_children(age: str, read: Read) -> None:
    assert read(f"brepocitinib in a {age}").names("population") == ("children",)


@pytest.mark.parametrize("age", ["18 year old", "60 year old", "6 year trial"])
def test_another_number_of_years_means_no_children(age: str, read: Read) -> None:
    assert "children" not in read(f"brepocitinib in a {age}").names("population")


def test_pregnancy_is_a_population(read: Read) -> None:
    assert read("brepocitinib for pregnant women").names("population") == ("pregnancy",)


def test_search_operators_are_dropped(read: Read) -> None:
    question = read('(brepocitinib OR "povorcitinib") AND vitiligo NOT review')

    assert question.names("drug") == ("brepocitinib", "povorcitinib")
    assert {"and", "or", "not"}.isdisjoint(question.focus)


def test_one_capital_or_is_left_alone(read: Read) -> None:
    assert "OR" in read("What is the OR for acne?").read


@pytest.mark.parametrize(
    ("text", "category"),
    [("Which drugs were used?", "drug"), ("What diseases were treated?", "disease"), ("Which arm won?", None)],
)
def test_which_asks_for_a_name_of_a_category(text: str, category: str | None, read: Read) -> None:
    assert read(text).to_name == ((category,) if category else ())


def test_names_that_are_not_spelled_out_are_expanded(read: Read) -> None:
    assert "povorcitinib" in read("INCB054707 dose").expansions
    assert "povorcitinib" not in read("povorcitinib dose").expansions


@pytest.mark.parametrize(
    "text",
    ["", " ", "?!", "\x00\x01", "\ufffd", "💊" * 50, "case case case", "case 99999999999999999999", "((((", "%", "or"],
)
def test_any_string_is_a_question(text: str, read: Read) -> None:
    question = read(text)

    assert question.names("drug") == ()
    assert len(question.text) <= LONGEST_QUESTION


def test_a_pasted_text_is_read_up_to_its_limit(read: Read) -> None:
    question = read("brepocitinib " + "word " * LONGEST_QUESTION + "povorcitinib")

    assert len(question.text) == LONGEST_QUESTION
    assert question.names("drug") == ("brepocitinib",)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("How many patients had acne?", ("patients",)),
        ("How many of the 18 patients had acne?", ("patients",)),
        ("How many patients and drugs are there?", ("patients", "drugs")),
        (*("How many patients and rows are there?", ("patients", "rows")),),
        ("How many patients and what doses?", ("patients",)),
        ("What is the number of cases and the number of women?", ("cases", "women")),
        ("How many different arms were there?", ("arms",)),
        ("What is the case number?", ()),
        ("How much brepocitinib?", ()),
    ],
)
def test_how_many_asks_for_the_number_of_what_follows(text: str, counted: tuple[str, ...], read: Read) -> None:
    assert read(text).counted == counted


@pytest.mark.parametrize(
    ("text", "acronyms"),
    [
        ("What did the QUILL trial find?", ("QUILL",)),
        ("What did QUILL and MARSH find in vitiligo?", ("QUILL", "MARSH")),
        ("What did the quill trial find?", ()),
        ("WHAT DID THE QUILL TRIAL FIND?", ()),  # capitals tell nothing there
        ("What did BRAVE-AA1 find?", ()),  # the vocabulary knows it
        ("What did OX find?", ()),
    ],
)
def test_names_in_capitals_that_the_vocabulary_lacks_are_acronyms(
    text: str, acronyms: tuple[str, ...], read: Read
) -> None:
    assert read(text).acronyms == acronyms


@pytest.mark.parametrize(
    ("text", "looks_up"),
    [
        ("the lady with morphea", True),
        ("39M with morphea", True),
        ("a 39-year-old with morphea", True),
        ("what did she take?", True),
        ("patients with morphea", False),
        ("39 mg in morphea", False),
        ("39 y/o with morphea", True),
        ("39 yo with morphea", True),
        ("a 39 year old with morphea", True),
    ],
)
def test_age_sex_or_a_word_for_one_person_looks_up_that_person(text: str, looks_up: bool, read: Read) -> None:
    assert read(text).looks_up_person is looks_up


def test_what_rows_are_called_is_no_misspelt_name(read: Read) -> None:
    assert read("How many different combinations were used?").typos == {}
