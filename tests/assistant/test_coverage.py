"""What a text covers of a question: by what it names and the figures it holds, not by how it spells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.cover import Cover
from assistant.coverage import Reader
from assistant.interpret import interpret
from index.embedder import Embedder
from index.library import Library
from index.search import HybridSearcher
from tests.assistant.test_recipes import invented_library

MakeReader = Callable[[str], Reader]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[MakeReader]:
    path = invented_library(tmp_path_factory.mktemp("coverage"), real_embedder)
    with Library.open(path, real_embedder) as library:
        searcher = HybridSearcher(library)
        yield lambda text: Reader(library, interpret(text, library.vocabulary, searcher))


def labels(reader: Reader, text: str) -> set[str]:
    """Return the labels of the units that a text covers."""
    return {reader.units[i].label for i in reader.cover(text).units}


def test_a_question_has_a_unit_for_each_thing_to_account_for(reader: MakeReader) -> None:
    units = reader("What dose of topical brepocitinib helped vitiligo in case 3 at 24 weeks?").units

    found = {(unit.category, unit.label) for unit in units}
    assert {
        ("drug", "brepocitinib"),
        ("disease", "vitiligo"),
        ("route", "topical"),
        ("row", "3"),
        ("number", "24"),
        ("shape", "dose"),
    } <= found
    assert ("number", "3") not in found
    assert all(unit.weight > 0 for unit in units)


def test_a_text_covers_what_it_names_however_it_is_spelled(reader: MakeReader) -> None:
    asked = reader("What is the dose of brepocitinib in vitiligo?")

    assert {"brepocitinib", "vitiligo", "dose"} <= labels(asked, "BREPOCITINIB was given as 30 mg daily for vitiligo.")
    assert "brepocitinib" in labels(asked, "PF-06700841 was given.")
    assert labels(asked, "Povorcitinib was given for morphea.") == set()


def test_a_narrower_drug_answers_a_question_about_its_class_but_not_the_other_way_round(reader: MakeReader) -> None:
    by_class = reader("Are JAK1 inhibitors used?")
    by_drug = reader("Is brepocitinib used?")

    (unit,) = (i for i, unit in enumerate(by_class.units) if unit.category == "drug")
    assert unit in by_class.cover("Brepocitinib was used.").units
    assert unit not in by_class.cover("Brepocitinib was used.").direct
    assert "brepocitinib" not in labels(by_drug, "JAK1 inhibitors were used.")


def test_a_dose_shape_needs_an_amount(reader: MakeReader) -> None:
    asked = reader("What is the dose of brepocitinib?")
    (shape,) = (i for i, unit in enumerate(asked.units) if unit.category == "shape")

    assert shape in asked.cover("Brepocitinib 30 mg once daily.").units
    assert shape not in asked.cover("The dose of brepocitinib was high.").units


def test_a_number_is_covered_by_the_same_figure_only(reader: MakeReader) -> None:
    asked = reader("Was brepocitinib 30 mg given?")
    (number,) = (i for i, unit in enumerate(asked.units) if unit.category == "number")

    assert number in asked.cover("It was 30 mg.").units
    assert number not in asked.cover("It was 300 mg.").units
    assert number not in asked.cover("It was 3.0 mg.").units


@pytest.mark.parametrize(
    ("text", "covered"),
    [("Case: 3", True), ("cases 1, 3 and 4", True), ("Case: 13", False), ("Case: 31", False), ("3 months", False)],
)
def test_a_row_is_covered_by_its_own_number(text: str, covered: bool, reader: MakeReader) -> None:
    asked = reader("What happened in case 3?")
    (row,) = (i for i, unit in enumerate(asked.units) if unit.category == "row")

    assert (row in asked.cover(text).units) is covered


def test_with_several_routes_only_the_nearest_to_the_drug_is_its_route(reader: MakeReader) -> None:
    asked = reader("What is the dose of topical brepocitinib?")

    assert "topical" in labels(asked, "Topical brepocitinib 2% and oral povorcitinib 45 mg were compared.")
    assert "topical" not in labels(asked, "Topical povorcitinib 2% and oral brepocitinib 45 mg were compared.")


def test_drugs_that_a_dose_question_does_not_ask_about_are_counted(reader: MakeReader) -> None:
    asked = reader("What is the dose of brepocitinib?")

    mixed = asked.cover("Povorcitinib 45 mg and brepocitinib 30 mg were given.")
    assert (mixed.foreign_drugs, mixed.foreign_first) == (1, True)
    assert asked.cover("Brepocitinib 30 mg, not povorcitinib.").foreign_first is False
    assert asked.cover("Brepocitinib 30 mg, a JAK1 inhibitor.").foreign_drugs == 0


def test_names_that_were_asked_for_are_counted_without_those_of_the_question(reader: MakeReader) -> None:
    asked = reader("Which drugs were compared with brepocitinib?")

    assert asked.cover("Brepocitinib was compared with povorcitinib and methotrexate.").names == 2
    assert asked.cover("Brepocitinib was compared.").names == 0


def test_background_columns_are_background_unless_the_question_names_them(reader: MakeReader) -> None:
    assert reader("What dose was used in vitiligo?").is_background("Comorbidities")
    assert not reader("Which comorbidities did they have?").is_background("Comorbidities")
    assert not reader("What dose was used in vitiligo?").is_background("Disease")


def test_a_kind_may_be_covered_by_any_of_its_words(reader: MakeReader) -> None:
    asked = reader("Did it work in vitiligo?")
    (shows,) = (i for i, unit in enumerate(asked.units) if unit.category == "shows")

    assert shows in asked.cover("Lesions repigmented with a complete response.").units
    assert shows not in asked.cover("Forty adults took part.").units


def test_two_texts_cover_together_what_each_covers() -> None:
    one = Cover(frozenset({0}), frozenset({0}), frozenset({"drug"}), 1, 0, False)
    other = Cover(frozenset({1}), frozenset(), frozenset({"disease"}), 2, 1, True)

    assert one.joined(other) == Cover(frozenset({0, 1}), frozenset({0}), frozenset({"drug", "disease"}), 3, 1, True)


def test_an_empty_question_has_nothing_to_cover(reader: MakeReader) -> None:
    assert reader("").units == ()
    assert reader("").cover("Brepocitinib 30 mg.") == Cover(categories=frozenset({"drug"}))
