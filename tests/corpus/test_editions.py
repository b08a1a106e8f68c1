"""Which document is the original of a digest, and where it bears out what the digest says: on invented texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.editions import Attachment, attachments, describes, is_edition
from corpus.facts import Anchor, DoseFact, Fact, Finding
from corpus.passages import passages
from corpus.printed import Print, units_of
from corpus.terms import load_vocabulary
from corpus.types import Document
from corpus.vocabulary_files import compile_vocabulary
from tests.conftest import make_document
from tests.invented_edition import DIGEST_ID, DOI, TITLE, digest, facts, original

VOCABULARY = load_vocabulary(compile_vocabulary())
ID = "digest"


def side(*anchors: str, printed: Sequence[str] = (), section: str = "Doses") -> Anchor:
    return Anchor(document=ID, section=section, anchors=anchors, original=tuple(printed))


def dose(*where: Anchor, identity: str = "dose") -> Fact:
    return DoseFact(id=identity, drug="povorcitinib", where=where)


def finding(*where: Anchor, identity: str = "finding") -> Fact:
    return Finding(id=identity, where=where)


def attach(said: str, printed: str, *known: Fact, title: str = "A letter") -> tuple[list[Attachment], Document]:
    """Return what of a digest with one section is attached to an original, and the original."""
    own = make_document(f"# Digest\n\n## Doses\n\n{said}\n", ID)
    other = make_document(f"# {title}\n\n{printed}\n", "original")
    return list(attachments(known, own, passages(own), other, VOCABULARY)), other


def quotes(said: str, printed: str, *known: Fact, title: str = "A letter") -> list[str]:
    """Return the original's words for a digest of one sentence, in the order in which they are cited."""
    found, other = attach(said, printed, *known, title=title)
    return [place.span.of(other.text) for attached in found for place in attached.printed]


# --- which document it is ---


@pytest.fixture(scope="module")
def own() -> Document:
    return make_document(digest(), "digest-file")


def test_a_document_is_described_by_its_title_or_doi_where_it_gives_its_own(own: Document) -> None:
    by_title = make_document(f"# In press\n\n{TITLE.upper()}\n")
    by_doi = make_document(f"# In press\n\nhttps://doi.org/{DOI.upper()}\n")
    late = make_document(f"# Another\n\n{'Nothing happened here. ' * 600}\n\n{TITLE}\n\n{DOI}\n")

    assert describes(own, by_title) and describes(own, by_doi)
    assert describes(own, replace(late, source=replace(late.source, doi=DOI)))
    assert not describes(own, late)  # a title far down is somebody else's reference
    assert not describes(own, make_document(f"# Another\n\nMore {TITLE}s than one.\n"))


def test_a_title_with_half_of_the_anchors_makes_an_edition(own: Document) -> None:
    assert is_edition(facts(), own, make_document(original()))
    assert is_edition(facts(), own, make_document(original().replace(DOI, "")))
    assert is_edition(facts(), own, make_document(original().replace(TITLE, "")))


def test_neither_a_title_alone_nor_anchors_alone_make_one(own: Document) -> None:
    stranger = f"# {TITLE}\n\nhttps://doi.org/{DOI}\n\nAn editorial on morphea, and nothing of the sort.\n"

    assert not is_edition(facts(), own, make_document(stranger))
    assert not is_edition(facts(), own, make_document(original().replace(DOI, "").replace(TITLE, "")))


@pytest.mark.parametrize(("held", "enough"), [(1, False), (2, True), (3, True), (4, True)])
def test_half_of_the_anchored_sides_are_enough(held: int, enough: bool) -> None:
    known = [dose(side(f"{n}5 mg"), identity=f"dose-{n}") for n in (1, 2, 3, 4)]
    told = " ".join(f"Somebody got {n}5 mg of it." for n in range(1, held + 1))
    own = make_document("# Digest\n\nNothing.\n", ID)

    assert is_edition(known, own, make_document(f"# Digest\n\n{told}\n")) is enough


def test_a_digest_without_anchors_has_no_edition() -> None:
    own = make_document("# Digest\n\nNothing.\n", ID)

    assert not is_edition((), own, make_document("# Digest\n\nNothing at all.\n"))


# --- where it says what the digest says ---

SAID = "Oral povorcitinib 45 mg once daily helped 13 of 21 patients with morphea (ref 2)."
PLACE = "Morphea was treated with oral povorcitinib 45 mg once daily."
RESULT = "It helped 13 of the 21 patients."


def test_a_sentence_is_attached_to_the_one_place_that_bears_it_out() -> None:
    whole = f"{PLACE[:-1]}, which helped 13 of 21."
    known = [dose(side("45 mg"), identity="a"), dose(side("13 of 21", printed=["13"]), identity="b")]

    assert quotes(SAID, f"{whole} {RESULT}", *known) == [whole]


def test_it_takes_several_places_where_no_single_one_will_do() -> None:
    known = [dose(side("45 mg"), identity="a"), dose(side("13 of 21", printed=["13", "21"]), identity="b")]

    assert quotes(SAID, f"{PLACE} {RESULT}", *known) == [PLACE, RESULT]
    assert quotes(SAID, f"{RESULT} {PLACE}", *known) == [RESULT, PLACE]  # in the original's order


def test_all_places_of_a_finding_are_cited_even_where_one_would_do() -> None:
    whole = f"{PLACE[:-1]}, which helped 13 of 21."
    why = "These people had failed everything else."
    known = finding(side("45 mg"), side("45 mg", printed=["failed everything"]))

    assert quotes(SAID, f"{whole} {why}", known) == [whole, why]
    assert quotes(SAID, f"{whole} {why}", known, dose(side("morphea", printed=["13 of 21"]))) == [whole, why]


def test_what_is_said_has_no_references_and_the_offset_is_the_digests() -> None:
    (found,), other = attach(SAID, f"{PLACE[:-1]}, 13 of 21.", dose(side("45 mg")))

    assert found.said == SAID.replace(" (ref 2)", "")
    assert found.start == f"# Digest\n\n## Doses\n\n{SAID}\n".index(SAID)
    assert [place.span.of(other.text) for place in found.printed] == [f"{PLACE[:-1]}, 13 of 21."]


def test_a_figure_that_stands_only_where_no_anchor_led_leaves_the_sentence_alone() -> None:
    assert quotes(SAID, f"{PLACE} {RESULT}", dose(side("45 mg"))) == []


def test_a_name_that_stands_nowhere_leaves_the_sentence_alone() -> None:
    assert quotes(SAID, "Oral povorcitinib 45 mg once daily helped 13 of 21.", dose(side("45 mg"))) == []


def test_context_names_what_the_place_is_about() -> None:
    place, above = "Oral povorcitinib 45 mg once daily helped 13 of 21.", "This chapter is about morphea alone."

    assert quotes(SAID, f"{above} {place}", dose(side("45 mg"))) == [place, above]
    assert quotes(SAID, place, dose(side("45 mg")), title="A letter on morphea") == [place]
    assert quotes(SAID, f"## Morphea\n\n{place}", dose(side("45 mg"))) == [place]


def test_context_gives_a_year_but_no_other_figure() -> None:
    said = "In the 2021 series, oral povorcitinib 45 mg helped morphea for 9 weeks."
    place = "Oral povorcitinib 45 mg helped morphea."

    assert quotes(said, f"{place} The series of 2021 lasted 9 weeks.", dose(side("45 mg"))) == []
    assert quotes(said, f"{place[:-1]} 9 weeks. The series is of 2021.", dose(side("45 mg"))) == [
        f"{place[:-1]} 9 weeks.",
        "The series is of 2021.",
    ]


@pytest.mark.parametrize("number", ["145 mg", "4.45 mg", "45.5 mg", "0.45 mg", "450 mg"])
def test_a_number_inside_a_longer_one_is_no_anchor(number: str) -> None:
    said = "Oral povorcitinib was given for morphea at 45."

    assert quotes(said, f"Oral povorcitinib for morphea: {number} were given.", dose(side("45"))) == []
    assert quotes(said, "Oral povorcitinib for morphea: 45 mg were given.", dose(side("45"))) != []


def test_a_word_inside_a_longer_one_is_no_anchor() -> None:
    said = "Povorcitinib helped in morphea."

    assert quotes(said, "Hypermorphea got povorcitinib.", finding(side("morphea"))) == []
    assert quotes(said, "Povorcitinib for morphea it was.", finding(side("morphea"))) != []


CHANGES = (
    "45 mg",  # it stands once more, in a row of a table two sections further on
    *("13 of 21", "75 mg", "9 out of 16", "6 of our", "4 of our", "2022, says", "| 52 |", "60 mg once"),
)


@pytest.mark.parametrize("figure", CHANGES)
def test_a_changed_figure_detaches_exactly_what_states_it(figure: str, own: Document) -> None:
    text = original()
    first = next(i for i in range(text.index(figure), len(text)) if text[i].isdigit())
    figures = text[first : first + 4].split()[0].rstrip(",")
    changed = text[:first] + "88" + text[first + len(figures) :]
    sentence = next(
        unit.span.of(text) for unit in units_of(make_document(text)) if unit.span.start <= first < unit.span.end
    )

    def said(printed: str) -> dict[str, list[str]]:
        other = replace(make_document(printed, "original"), source=own.source)
        found = attachments(facts(), own, passages(own), other, VOCABULARY)
        return {a.said: [place.span.of(printed) for place in a.printed] for a in found}

    before, after = said(text), said(changed)
    assert set(before) - set(after) == {told for told, where in before.items() if sentence in where}
    assert set(before) != set(after)
    assert set(after) < set(before)


def test_a_place_lies_within_one_section() -> None:
    printed = f"{PLACE.replace('45', '88')[:-1]}, 13 of 21.\n\n## Side effects\n\nOne man with acne had got 45 mg."

    assert quotes(SAID, printed, dose(side("morphea", "45 mg", "13 of 21"))) == []


def test_a_changed_strength_detaches_its_sentence_though_its_figure_is_part_of_the_frequency() -> None:
    said = "A povorcitinib 2% cream twice daily helped morphea."

    assert quotes(said, "Morphea got povorcitinib 3% cream twice daily.", finding(side("2%", printed=["cream"]))) == []


# --- tables and lines ---

ROW = "| Drug | Dose | Disease |\n|---|---|---|\n| Povorcitinib | 45 mg once daily | Morphea |"
SHIFTED = """| Drug | 45 mg once daily | Diagnosis |
|---|---|---|
| Povorcitinib | 60 mg once daily | Morphea |
| Brepocitinib | | Vitiligo |"""


def test_a_row_is_attached_as_its_cells_named_by_their_columns() -> None:
    printed = "| Disease | Who | How much |\n|---|---|---|\n| Morphea | Povorcitinib | 45 mg once daily |"
    (found,), other = attach(ROW, printed, finding(side("45 mg")))

    assert found.said == "Drug: Povorcitinib; Dose: 45 mg once daily; Disease: Morphea"
    assert [(p.span.of(other.text), p.damage) for p in found.printed] == [(printed.splitlines()[2], None)]


def test_rows_of_a_damaged_table_are_cited_together_with_the_reason() -> None:
    printed = ["Povorcitinib", "45 mg once daily"]
    (found,), other = attach(ROW, SHIFTED, finding(side("45 mg", printed=printed)))
    (place,) = found.printed

    assert place.span.of(other.text) == "\n".join(SHIFTED.splitlines()[:3])
    assert place.damage and "45 mg once daily" in place.damage and "shifted" in place.damage


def test_cells_that_stand_a_line_each_are_cited_together_with_the_reason() -> None:
    (found,), other = attach(
        ROW,
        "Povorcitinib\n\n45 mg once daily\n\nMorphea",
        finding(side("45 mg", printed=["Povorcitinib", "45", "Morph"])),
    )
    (place,) = found.printed

    assert place.span.of(other.text) == "Povorcitinib\n\n45 mg once daily\n\nMorphea"
    assert place.damage and "row by row" in place.damage


def test_a_damaged_row_that_only_names_something_is_cut_down_to_the_cells_that_do_and_needs_no_reading() -> None:
    table = (
        "Patient and diagnosis\t45 mg once daily\tSince\nHer case of morphea\t60 mg once daily\t7 weeks\nOther\tNone\t9"
    )
    place = "Oral povorcitinib 45 mg once daily helped 13 of 21."
    (found,), other = attach(SAID, f"{place}\n\n{table}", dose(side("45 mg", printed=["45 mg", "13 of 21"])))

    assert [(p.span.of(other.text), p.damage) for p in found.printed] == [(place, None), ("Her case of morphea", None)]


def test_neighbouring_sentences_need_no_reason_to_be_cited_together() -> None:
    (found,), other = attach(SAID, f"{PLACE} {RESULT}", dose(side("45 mg", printed=["45 mg", "13 of the 21"])))
    (place,) = found.printed

    assert (place.span.of(other.text), place.damage) == (f"{PLACE} {RESULT}", None)


def test_what_is_too_short_to_quote_is_joined_to_the_sentence_before_it() -> None:
    document = make_document(f"# T\n\n{PLACE} 2024. {RESULT}\n")

    assert [unit.span.of(document.text) for unit in units_of(document)] == [f"{PLACE} 2024.", RESULT]


def test_a_place_in_the_facts_own_section_comes_before_a_shorter_one_elsewhere() -> None:
    short, long = "Morphea got 45 mg.", "Morphea, as was said before, got 45 mg in all."
    document = make_document(f"# T\n\n## Summary\n\n{short}\n\n## Doses and more\n\n{long}\n")

    def best(section: str) -> str:
        run = Print(document, VOCABULARY).run(side("Morphea", "45 mg", section=section))
        return run.span.of(document.text) if run else ""

    assert (best("Doses"), best("doses and MORE"), best("Harm")) == (long, long, short)


def test_every_place_is_a_stretch_of_the_stored_text_that_begins_and_ends_with_a_unit(own: Document) -> None:
    other = make_document(original())
    units = list(units_of(other))
    starts, ends = {unit.span.start for unit in units}, {unit.span.end for unit in units}
    found = list(attachments(facts(), own, passages(own), other, VOCABULARY))

    assert len(found) > 12 and {fact.where[0].document for fact in facts()} == {DIGEST_ID}
    for place in (place for attached in found for place in attached.printed):
        assert place.span.start in starts and place.span.end in ends
        assert place.span.of(other.text).strip() == place.span.of(other.text) != ""
