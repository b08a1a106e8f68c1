"""Conversations and references that leave the program: every format holds what was said, and nothing in disguise."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.contract import Answer, Citation, Conflict, Statement, joined
from assistant.export.bibtex import as_bibtex
from assistant.export.formats import FORMATS
from assistant.export.names import person
from assistant.export.references import Held, references, sources_held
from assistant.export.ris import as_ris
from assistant.export.transcript import as_json, as_markdown, as_text, numbered, with_references
from assistant.keeping.kept import Exchange
from assistant.render import ASCII
from corpus.text import clean, one_line
from corpus.types import Source
from index.library import Library
from tests.assistant.test_render import (
    FORBIDDEN,
    HOSTILE,
    MARKUP,
    QUOTE,
    make_abstention,
    make_answer,
    make_citation,
    unwrapped,
)

ASKED = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
INJECTION = (
    "x}, note = {\\input{/etc/passwd}}\nER  - \nTY  - JOUR\n@misc{y, title={z}} "
    '\\write18{ls} 5% of $a_b^c$ ~ #1 & "q" `c`'
)
hostile_text = st.text(st.sampled_from("ab \n\t\r\\{}$&#_%^~<>|\"'`@=,-:[]()*+!.é\x1b\x00\u202e"), max_size=40)


def talk(*answers: Answer) -> list[Exchange]:
    """Return a conversation in which each answer was given to its question."""
    return [Exchange(n, answer.question, answer, ASKED + timedelta(minutes=n)) for n, answer in enumerate(answers, 1)]


def two_answers() -> list[Exchange]:
    """Return a conversation of two answers, each of which numbers its citations from 1; the second has gaps."""
    statements = (Statement(text="It stung.", kind="quote", citations=(2, 4)),)
    second = Answer(
        question="and its harms?",
        status="answered",
        answer=joined(statements),
        statements=statements,
        citations=(make_citation(2, quote="It stung."), make_citation(4, quote="It stung too.")),
        conflicts=(Conflict(summary="One says more.", citations=(2, 4)),),
    )
    return talk(make_answer(QUOTE, make_citation(), make_citation(2, locator="ref 5")), make_abstention(), second)


# --- Markdown ---


def footnotes(text: str) -> tuple[list[int], list[int]]:
    """Return the numbers that are pointed to and those that are defined, in order."""
    definitions = [int(number) for number in re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE)]
    marks = [int(number) for number in re.findall(r"(?<!^)(?<!\\)\[\^(\d+)\](?!: )", text)]
    return marks, definitions


def test_markdown_numbers_its_footnotes_through_the_whole_conversation() -> None:
    text = as_markdown(two_answers(), "Zorlitinib")
    marks, definitions = footnotes(text)
    assert definitions == [1, 2, 4, 6]
    assert sorted(set(marks)) == definitions
    assert text.startswith("# Zorlitinib\n\n## zorlitinib dose in morphea?\n\n*Asked 2031-05-06 07:09 UTC*\n\n")
    assert "It stung. [^4] [^6]" in text
    assert "**The source contradicts itself:** One says more. [^4][^6]" in text
    assert "Related passages (not an answer):" in text


def test_everything_in_an_answer_that_names_a_citation_names_its_new_number() -> None:
    facts: tuple[dict[str, Any], ...] = ({"kind": "dose", "citations": [2, 4]}, {"kind": "dose"})
    first, _, third = two_answers()
    told = Exchange(2, "again?", third.answer.model_copy(update={"facts": facts}), ASKED)
    moved = list(numbered([first, told]))[1].answer
    assert [cited.number for cited in moved.citations] == [4, 6]
    assert moved.statements[0].citations == moved.conflicts[0].citations == moved.facts[0]["citations"] == (4, 6)
    assert (moved.answer, moved.facts[1]) == ("It stung. [4] [6]", facts[1])


def test_a_footnote_that_refers_to_another_one_refers_to_its_new_number() -> None:
    damaged = make_citation(reading="Zorlitinib 7 mg", reading_reason="column shifted")
    same = make_citation(2, reading="Zorlitinib 7 mg", reading_reason="column shifted")
    assert "It reads as in \\[2\\]" in as_markdown(talk(make_answer(), make_answer(QUOTE, damaged, same)), "")


@pytest.mark.parametrize("text", [*MARKUP.values(), "# a #", "a ##", "costs $5 or $6", "]: x", INJECTION])
def test_no_title_or_question_is_markup(text: str) -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(as_markdown(talk(make_answer(question=text)), text))
    )
    headings = [tokens[n + 1] for n, token in enumerate(tokens) if token.type == "heading_open"]
    for heading in headings:
        assert {child.type for child in heading.children or ()} <= {"text", "text_special"}
        assert "".join(child.content for child in heading.children or ()) == one_line(text)
    assert len(headings) == 2


@given(hostile_text)
@example("a \\#")
@example("# #")
def test_a_heading_says_the_whole_title(title: str) -> None:
    tokens = MarkdownIt("commonmark").parse(as_markdown([], title))
    said = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
    assert said == [line for line in [one_line(clean(title))] if line]


@given(texts=st.lists(hostile_text, min_size=3, max_size=3))
@example(texts=["$x$", "a\n\n[^1]: b", "[^1]"])
def test_whatever_is_said_every_mark_has_one_footnote_and_no_dollar_is_bare(texts: list[str]) -> None:
    title, question, quote = texts
    answers = [make_answer(quote, make_citation(quote=quote, title=title), question=question) for _ in range(2)]
    text = as_markdown(talk(*answers), title)
    assert footnotes(text) == ([1, 2], [1, 2])
    assert re.search(r"(?<!\\)(?:\\\\)*\$", text) is None


# --- plain text ---


def test_plain_text_lists_the_references_of_each_answer_under_numbers_that_go_on() -> None:
    text = as_text(two_answers(), "Zorlitinib")
    assert text.startswith("Zorlitinib\n==========\n\n1. zorlitinib dose in morphea? (2031-05-06 07:09 UTC)\n\n")
    flat = unwrapped(text)
    assert f"{QUOTE} [1] [2] [1] Zorlitinib in morphea (2031) — Results, ref 4 » {QUOTE} «" in flat
    assert "3. and its harms? (2031-05-06 07:11 UTC) It stung. [4] [6]" in flat
    assert "THE SOURCE CONTRADICTS ITSELF: One says more. [4] [6]" in flat
    assert "--at" not in text


def test_plain_text_is_as_wide_as_asked_and_can_be_ascii() -> None:
    text = as_text(two_answers(), "Zorlitinib " * 20, 40, ASCII)
    assert text.isascii() and max(map(len, text.split("\n"))) <= 40


def test_the_time_of_asking_is_told_in_utc() -> None:
    (exchange,) = talk(make_answer())
    elsewhere = ASKED.astimezone(timezone(timedelta(hours=9)))
    shifted = Exchange(1, exchange.question, exchange.answer, elsewhere)
    assert "2031-05-06 07:08 UTC" in as_text([shifted], "") and "2031-05-06 07:08 UTC" in as_markdown([shifted], "")


def test_a_copied_answer_comes_with_its_references_in_whole_lines() -> None:
    text = with_references(make_answer(QUOTE, make_citation(), make_citation(2, locator="ref 5")))
    assert text.split("\n") == [
        f"{QUOTE} [1] [2]",
        "",
        "[1] Zorlitinib in morphea (2031) — Results, ref 4",
        f"    » {QUOTE} «",
        "",
        "[2] Zorlitinib in morphea (2031) — Results, ref 5",
        f"    » {QUOTE} «",
    ]


def test_a_copied_answer_keeps_its_warnings() -> None:
    damaged = make_citation(reading="Zorlitinib 7 mg", reading_reason="column shifted")
    conflict = Conflict(summary="One says more.", citations=(1,))
    text = with_references(make_answer(QUOTE, damaged, conflicts=(conflict,)))
    assert "DAMAGED PRINT (column shifted)" in text and "THE SOURCE CONTRADICTS ITSELF: One says more. [1]" in text
    assert "not an answer" in with_references(make_abstention())


# --- JSON ---


@pytest.mark.parametrize("text", [QUOTE, HOSTILE, INJECTION, "\ud800 alone"])
def test_json_comes_back_as_it_was(text: str) -> None:
    exchanges = talk(make_answer(text, make_citation(quote=text), question=text))
    written = as_json(exchanges, text)
    assert written.encode() and FORBIDDEN.findall(written) == []
    read = json.loads(written)
    (exchange,) = read["exchanges"]
    assert (read["title"], exchange["question"], exchange["position"]) == (text, text, 1)
    assert Answer.model_validate(exchange["answer"]) == exchanges[0].answer
    assert datetime.fromisoformat(exchange["asked"]) == exchanges[0].asked


# --- BibTeX ---


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each entry by key, their braces resolved as BibTeX does; fail on anything else."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while at < len(text):
        head = re.compile(r"\s*@(article|misc)\{([^\s,{}]+),").match(text, at)
        assert head, text[at:]
        assert head.group(2).lower() not in {key.lower() for key in entries}
        fields = entries[head.group(2)] = {"": head.group(1)}
        at = head.end()
        while not (end := re.compile(r"\s*\}\s*").match(text, at)):
            name = re.compile(r"\s*,?\s*([a-z]+) = \{").match(text, at)
            assert name, text[at:]
            assert name.group(1) not in fields
            at, begin, depth = name.end(), name.end(), 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[name.group(1)] = text[begin : at - 1]
        at = end.end()
    return entries


COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
}


def printed(latex: str) -> str:
    """Return what LaTeX prints for an escaped text; fail on any command or sign that is no escape."""
    out, at = "", 0
    while at < len(latex):
        if found := re.compile(r"\\([a-z]+)\{\}").match(latex, at):
            out, at = out + COMMANDS[found.group(1)], found.end()
        elif found := re.compile(r"\\([$&#_%])").match(latex, at):
            out, at = out + found.group(1), found.end()
        else:
            assert latex[at] not in "\\{}$&#_%^~", latex[at:]
            out, at = out + latex[at], at + 1
    return out


FULL = Source(
    "Zorlitinib in morphea",
    authors=("Ada Quill", "Bo van der Marsh", "Thorne C", "MORPHEA Study Group", "Salt and Pepper"),
    year=2031,
    journal="Journal of Skin & Bone",
    doi="10.1000/xyz_(31)5%",
    pmid="31415926",
    url="https://example.org/a_b?c=d&e=f#g",
)


def test_bibtex_has_one_entry_for_each_document_with_what_the_library_knows_of_it() -> None:
    other = make_citation(3, document_id="other-trial", title="Another", year=None)
    found = read_bibtex(as_bibtex([make_citation(), make_citation(2), other], {"zorlitinib-trial": Held(FULL)}))
    assert list(found) == ["zorlitinib-trial", "other-trial"]
    assert found["zorlitinib-trial"] == {
        "": "article",
        "title": "{Zorlitinib in morphea}",
        "author": "Quill, Ada and van der Marsh, Bo and Thorne, C and {MORPHEA Study Group} and {Salt and Pepper}",
        "year": "2031",
        "journal": r"Journal of Skin \& Bone",
        "doi": "10.1000/xyz_(31)5%",
        "url": "https://example.org/a_b?c=d&e=f#g",
        "pmid": "31415926",
    }
    assert found["other-trial"] == {"": "misc", "title": "{Another}"}


def test_a_document_of_the_same_id_and_another_title_is_not_the_one_that_was_cited() -> None:
    held = {"zorlitinib-trial": Held(Source("Something else", authors=("Ada Quill",)))}
    (found,) = references([make_citation()], held)
    assert found.source == Source("Zorlitinib in morphea", year=2031)


@given(title=hostile_text, author=hostile_text, journal=hostile_text, address=hostile_text)
@example(title=INJECTION, author=INJECTION, journal=INJECTION, address=INJECTION)
def test_bibtex_prints_any_text_and_runs_none(title: str, author: str, journal: str, address: str) -> None:
    source = Source(title, authors=(author, "Ada Quill"), journal=journal, doi=address, url=address)
    found = read_bibtex(
        as_bibtex([make_citation(title=title), make_citation(document_id="b")], {"zorlitinib-trial": Held(source)})
    )
    assert list(found) == ["zorlitinib-trial", "b"]
    fields = found["zorlitinib-trial"]
    assert printed(fields.get("title", "{}")[1:-1]) == one_line(clean(title))
    assert printed(fields.get("journal", "")) == one_line(clean(journal))
    names = re.split(r" and (?![^{]*\}(?!\}))", fields["author"]) if "author" in fields else []
    assert names[-1] == "Quill, Ada"
    assert not set("{}\\ \n") & set(fields.get("doi", "") + fields.get("url", ""))
    if one_line(clean(author)) and person(one_line(clean(author))) is None:
        assert printed(fields["author"].removesuffix(" and Quill, Ada")[1:-1]) == one_line(clean(author))


@given(ids=st.lists(st.text(max_size=12), unique=True, max_size=8))
@example(ids=["a", "A", "a b", "a-b", "", "-", "ä", "a_b", "1", "\ud800", "x,y", "x}y"])
def test_keys_are_unique_and_their_own_whatever_else_is_cited(ids: list[str]) -> None:
    citations = [make_citation(document_id=identity) for identity in ids]
    keys = [reference.key for reference in references(citations)]
    assert len({key.lower() for key in keys}) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9.-]*", key) for key in keys)
    assert [references([citation])[0].key for citation in citations] == keys


def test_a_key_made_from_one_id_is_not_another_documents_id() -> None:
    (made,) = references([make_citation(document_id="a b")])
    (other,) = references([make_citation(document_id=made.key)])
    assert made.key != other.key


def test_no_citation_makes_no_entry() -> None:
    assert as_bibtex([]) == as_ris([]) == ""


# --- RIS ---


def read_ris(text: str) -> list[list[tuple[str, str]]]:
    """Return the fields of each record; fail on a line that is no field, and on a record without beginning or end."""
    records: list[list[tuple[str, str]]] = []
    open_record = False
    for line in text.split("\n"):
        if not line:
            assert not open_record
            continue
        found = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert found, line
        tag, value = found.groups()
        assert (tag == "TY") != open_record
        if tag == "TY":
            records.append([])
        open_record = tag != "ER"
        if open_record:
            records[-1].append((tag, value))
    assert not open_record
    return records


def test_ris_has_one_record_for_each_document_with_what_the_library_knows_of_it() -> None:
    other = make_citation(3, document_id="other-trial", title="Another", year=None)
    first, second = read_ris(as_ris([make_citation(), make_citation(2), other], {"zorlitinib-trial": Held(FULL)}))
    assert first == [
        ("TY", "JOUR"),
        ("ID", "zorlitinib-trial"),
        ("TI", "Zorlitinib in morphea"),
        ("AU", "Quill, Ada"),
        ("AU", "van der Marsh, Bo"),
        ("AU", "Thorne, C"),
        ("AU", "MORPHEA Study Group"),
        ("AU", "Salt and Pepper"),
        ("PY", "2031"),
        ("T2", "Journal of Skin & Bone"),
        ("DO", "10.1000/xyz_(31)5%"),
        ("UR", "https://example.org/a_b?c=d&e=f#g"),
        ("AN", "31415926"),
        ("DB", "PubMed"),
    ]
    assert second == [("TY", "GEN"), ("ID", "other-trial"), ("TI", "Another")]


@given(title=hostile_text, author=hostile_text)
@example(title=INJECTION, author=INJECTION)
@example(title="a\u2028ER  - \x85TY  - BOOK", author="\rER  - ")
def test_no_text_begins_a_field_or_ends_a_record(title: str, author: str) -> None:
    source = Source(title, authors=(author,), doi=author, pmid=title)
    (record,) = read_ris(as_ris([make_citation(title=title)], {"zorlitinib-trial": Held(source)}))
    assert [value for tag, value in record if tag == "TI"] == [line for line in [one_line(clean(title))] if line]
    assert [tag for tag, _ in record if tag in ("TY", "ID")] == ["TY", "ID"]
    assert FORBIDDEN.findall("".join(value for _, value in record)) == []


# --- names ---


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Quill", ("Quill", "Ada")),
        ("Ada B. Quill-Marsh", ("Quill-Marsh", "Ada B.")),
        ("Bo van der Marsh", ("van der Marsh", "Bo")),
        ("Quill AB", ("Quill", "AB")),
        ("Quill A.B.", ("Quill", "A.B.")),
        ("van Marsh B", ("van Marsh", "B")),
        ("Quill, Ada", ("Quill", "Ada")),
        ("Zoë O'Marsh", ("O'Marsh", "Zoë")),
        ("Ada", None),
        ("Ada Quill MD", None),
        ("Ada Quill Jr.", None),
        ("MORPHEA Study Group", None),
        ("World Health Organization", None),
        ("Quill, Ada, MD", None),
        ("Ada Quill on behalf of others", None),
        ("Ada Quill 3rd", None),
        ("", None),
    ],
)
def test_only_what_is_plainly_a_persons_name_is_taken_apart(name: str, parts: tuple[str, str] | None) -> None:
    assert person(name) == parts


@given(st.text())
def test_a_name_that_is_taken_apart_loses_no_letter(name: str) -> None:
    if parts := person(name):
        assert all(parts)
        assert sorted(re.sub(r"[\s,]", "", name)) == sorted(re.sub(r"[\s,]", "", "".join(parts)))


# --- all formats ---


def test_the_library_says_what_it_holds_of_a_cited_document(bundled: Library) -> None:
    held = sources_held(bundled.catalogue)
    title = held["combination-letter"].source.title
    citation = make_citation(document_id="combination-letter", title=title)
    assert "10.1016/j.ad.2025.02.025" in as_ris([citation], held)
    assert "Muntaner-Virgili, Clara and " in as_bibtex([citation], held)


def test_the_formats_cannot_be_changed_and_end_their_files_each_in_its_own_way() -> None:
    assert list(FORMATS) == ["markdown", "json", "text", "bibtex", "ris"]
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)
    with pytest.raises(TypeError):
        FORMATS["pdf"] = FORMATS["text"]  # type: ignore[index]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("exchanges", [[], two_answers()], ids=["nothing", "something"])
def test_every_format_writes_any_conversation(name: str, exchanges: Sequence[Exchange]) -> None:
    text = FORMATS[name].write(exchanges, "Zorlitinib", {})
    assert ("Zorlitinib" in text) == (bool(exchanges) or name not in ("bibtex", "ris"))


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_or_bidirectional_character_is_in_any_format(name: str) -> None:
    citation: Citation = make_citation(title=HOSTILE, section=HOSTILE, locator=HOSTILE, quote=HOSTILE)
    fields: dict[str, Any] = {
        "authors": (HOSTILE,),
        "journal": HOSTILE,
        "doi": HOSTILE,
        "url": HOSTILE,
        "pmid": HOSTILE,
    }
    held = {citation.document_id: Held(Source(HOSTILE, **fields))}
    exchanges = talk(make_answer(HOSTILE, citation, question=HOSTILE), make_abstention(HOSTILE, section=HOSTILE))
    written = FORMATS[name].write(exchanges, HOSTILE, held)
    assert "red" in written and FORBIDDEN.findall(written) == []
