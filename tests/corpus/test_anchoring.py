"""Where facts stand, on a document made for it."""

from __future__ import annotations

import pytest

from corpus.anchoring import Place, places
from corpus.facts import Anchor, Definition
from corpus.passages import passages
from corpus.types import Document
from tests.conftest import make_document

NOTE = """---
id: note
title: Zorlitinib
---

# Zorlitinib

## Dose

Oral **zorlitinib** 7 mg once daily softened plaques of morphea in 9 of 12 adults (ref 4). Placebo did nothing.

A longer sentence, in which zorlitinib 3–5\u00a0mg was given to adults, tells of the same drug in more words.
Zorlitinib 3-5 mg was given to adults.

## Safety

Headache occurred on zorlitinib 7 mg in 2 adults. Zorlitinib 3-5 mg was also given, with headache in no one at all.

| Arm | Dose | Headache |
|---|---|---|
| Zorlitinib | 7 mg | 2 of 12 |
| Placebo | | 1 of 11 |
"""


@pytest.fixture
def note() -> Document:
    return make_document(NOTE)


def fact(*sides: Anchor, name: str = "fact") -> Definition:
    return Definition(id=name, where=sides, term="t", meaning="m")


def anchor(*strings: str, section: str = "Dose", document: str = "note") -> Anchor:
    return Anchor(document=document, section=section, anchors=strings)


def said(note: Document, *facts: Definition) -> list[tuple[str, int, str]]:
    found = places(facts, note, passages(note))
    return [(place.fact_id, place.side, note.text[place.start : place.end]) for place in found]


def test_a_place_is_the_one_sentence_that_holds_all_anchors(note: Document) -> None:
    (place,) = places([fact(anchor("zorlitinib 7 mg", "9 of 12"))], note, passages(note))
    sentence = "Oral **zorlitinib** 7 mg once daily softened plaques of morphea in 9 of 12 adults (ref 4)."
    start = NOTE.index(sentence)
    assert place == Place("fact", 0, "note", "Zorlitinib > Dose", "ref 4", start, start + len(sentence))


def test_anchors_of_two_sentences_of_one_passage_do_not_stand_together(note: Document) -> None:
    assert said(note, fact(anchor("9 of 12", "Placebo"))) == []


def test_a_table_row_is_a_place_and_two_rows_are_not(note: Document) -> None:
    assert said(note, fact(anchor("zorlitinib", "2 of 12", section="Safety"))) == [
        ("fact", 0, "| Zorlitinib | 7 mg | 2 of 12 |")
    ]
    assert said(note, fact(anchor("2 of 12", "1 of 11", section="Safety"))) == []


def test_the_shortest_of_several_sentences_is_taken(note: Document) -> None:
    assert said(note, fact(anchor("3-5 mg", "adults"))) == [("fact", 0, "Zorlitinib 3-5 mg was given to adults.")]


def test_a_sentence_in_the_named_section_goes_before_a_shorter_one_elsewhere(note: Document) -> None:
    at_home = said(note, fact(anchor("zorlitinib 3-5 mg", section="safety")))
    assert at_home == [("fact", 0, "Zorlitinib 3-5 mg was also given, with headache in no one at all.")]


def test_where_the_named_section_says_nothing_another_does(note: Document) -> None:
    assert said(note, fact(anchor("9 of 12", section="Results")))[0][2].startswith("Oral **zorlitinib**")


def test_case_dashes_and_white_space_do_not_matter_but_figures_do(note: Document) -> None:
    assert said(note, fact(anchor("ZORLITINIB 3\u20135 MG", "more  words")))[0][2].startswith("A longer sentence")
    assert said(note, fact(anchor("zorlitinib 3-6 mg"))) == []
    assert said(note, fact(anchor("zorlitinib 7 mg", "10 of 12"))) == []


def test_each_side_is_placed_for_itself_and_keeps_its_number(note: Document) -> None:
    two = fact(anchor("no such words"), anchor("placebo did"), anchor("headache occurred", section="Safety"))
    assert [side for _, side, _ in said(note, two)] == [1, 2]


def test_a_side_in_another_document_is_left_alone(note: Document) -> None:
    assert said(note, fact(anchor("placebo did", document="other"))) == []


def test_every_fact_gets_its_own_place(note: Document) -> None:
    facts = [fact(anchor("placebo did"), name="one"), fact(anchor("placebo did"), name="two")]
    assert [name for name, _, _ in said(note, *facts)] == ["one", "two"]
