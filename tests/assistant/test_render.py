"""What a person sees of an Answer, as plain text, as Markdown and as JSON, whatever its texts hold."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.contract import Answer, Citation, Interpretation, Related, Statement, joined
from assistant.render import ASCII, as_json, as_markdown, as_text
from corpus.text import clean, one_line

QUOTE = "Oral zorlitinib 7 mg once daily softened plaques in 9 of 12 adults with morphea (ref 4)."
HOSTILE = "a\x1b[31mred\x1b[0m \x9b2J\x07b\u202egpj.exe\u202c \u2066x\u2069 \u200e\r\nend \x00\u2028\x85z"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def make_citation(number: int = 1, **changes: Any) -> Citation:
    values: dict[str, Any] = {
        "number": number,
        "document_id": "zorlitinib-trial",
        "title": "Zorlitinib in morphea",
        "section": "Zorlitinib in morphea > Results",
        "year": 2031,
        "locator": "ref 4",
        "start": 120,
        "end": 208,
        "quote": QUOTE,
    }
    return Citation(**{**values, **changes})


def make_answer(text: str = QUOTE, *citations: Citation, **changes: Any) -> Answer:
    citations = citations or (make_citation(),)
    numbers = tuple(citation.number for citation in citations)
    statements = (Statement(text=text, kind="quote", citations=numbers),)
    values: dict[str, Any] = {
        "question": "zorlitinib dose in morphea?",
        "status": "answered",
        "answer": joined(statements),
        "statements": statements,
        "citations": citations,
    }
    return Answer(**{**values, **changes})


def make_abstention(quote: str = QUOTE, **changes: Any) -> Answer:
    note = Statement(text="The library does not cover this question.", kind="note")
    related = Related(
        **{
            "document_id": "zorlitinib-trial",
            "section": "Zorlitinib in morphea > Results",
            "locator": "ref 4",
            "start": 120,
            "end": 208,
            "quote": quote,
            **changes,
        }
    )
    return Answer(
        question="zorlitinib in children?",
        status="abstained",
        answer=joined((note,)),
        statements=(note,),
        related=(related,),
    )


def unwrapped(text: str) -> str:
    return " ".join(text.split())


# --- plain text ---


def test_plain_text_holds_the_statements_and_a_footnote_for_each_citation() -> None:
    second = make_citation(2, section="Zorlitinib in morphea > Table 2", locator="Table 2, row 1", start=300, end=388)
    text = unwrapped(as_text(make_answer(QUOTE, make_citation(), second)))
    assert text.startswith(f"{QUOTE} [1] [2]")
    first_note, second_note = text.index("[1] Zorlitinib in morphea (2031) — Results, ref 4"), text.index("[2] Zorl")
    assert first_note < text.index(f"» {QUOTE} «", first_note) < second_note
    assert "[2] Zorlitinib in morphea (2031) — Table 2, Table 2, row 1" in text
    assert "show zorlitinib-trial --at 120:208" in text[first_note:second_note]
    assert "show zorlitinib-trial --at 300:388" in text[second_note:]


def test_a_footnote_shows_the_reading_where_there_is_one() -> None:
    citation = make_citation(quote="Oral **zorlitinib** 7 mg<sup>4</sup>.", reading="Oral zorlitinib 7 mg.")
    text = as_text(make_answer("Oral zorlitinib 7 mg.", citation))
    assert "» Oral zorlitinib 7 mg. «" in text
    assert "<sup>" not in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_wider_than_asked(width: int) -> None:
    long = make_citation(
        title="Zorlitinib " * 20, locator="Table 2, row 1 (Methotrexate)", quote=f"{QUOTE} {'x' * 150}"
    )
    answer = make_answer(f"{QUOTE} " * 3, long)
    typos = {"zorlitinb": "zorlitinib", "morpea": "morphea", "dermatomyosits": "dermatomyositis", "vitilgo": "vitiligo"}
    answer = answer.model_copy(update={"interpretation": Interpretation(typos=typos)})
    for rendered in (as_text(answer, width), as_text(make_abstention(f"{QUOTE} " * 4), width)):
        lines = [line for line in rendered.splitlines() if not line.startswith("    show ")]
        assert max(len(line) for line in lines) <= width


def test_a_terminal_narrower_than_thirty_columns_still_gets_an_answer() -> None:
    assert "zorlitinib" in as_text(make_answer(), 1)


def test_a_corrected_spelling_is_said() -> None:
    answer = make_answer().model_copy(update={"interpretation": Interpretation(typos={"zorlitnib": "zorlitinib"})})
    assert "zorlitnib → zorlitinib" in as_text(answer)
    assert "zorlitnib -> zorlitinib" in as_text(answer, marks=ASCII)


def test_ascii_marks_leave_only_ascii_where_the_sources_do() -> None:
    answer = make_answer(QUOTE, make_citation(quote=f"{QUOTE} " * 9))
    answer = answer.model_copy(update={"interpretation": Interpretation(typos={"zorlitnib": "zorlitinib"})})
    assert not as_text(answer).isascii()
    text = as_text(answer, marks=ASCII)
    assert text.isascii()
    assert f"<< {QUOTE[:40]}" in unwrapped(text) and "... >>" in unwrapped(text)
    assert as_text(make_abstention(f"{QUOTE} " * 9), marks=ASCII).isascii()


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_related_passages_are_labelled_as_no_answer(render: Any) -> None:
    text = unwrapped(render(make_abstention()))
    note, label = text.index("does not cover"), text.index("Related passages (not an answer)")
    assert note < label < text.index("Oral zorlitinib 7 mg")
    assert "not an answer" not in render(make_answer())


# --- Markdown ---


def blocks(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def seen(text: str) -> str:
    """Return what a reader of Markdown sees of one paragraph; fail if anything in it is markup."""
    tokens = blocks(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], text
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special", "softbreak"}, text
    return one_line("".join(child.content or " " for child in children))


def body(text: str) -> str:
    return text.partition("\n\n")[2].partition("\n\n[^1]: ")[0]


def footnote(text: str, number: int = 1) -> str:
    (line,) = (line for line in text.split("\n\n") if line.startswith(f"[^{number}]: "))
    return line.removeprefix(f"[^{number}]: ")


def related_item(text: str) -> str:
    (line,) = (line for line in text.split("\n\n") if line.startswith("- "))
    return line.removeprefix("- ")


MARKUP = {
    "emphasis": "*emphasis* and __strong__",
    "code": "`code` and ```fence```",
    "strike": "~~struck~~",
    "html": "<b>bold</b> <script>alert(1)</script> <!-- x -->",
    "picture": "![](http://example.org/track.png)",
    "link": "[click](http://example.org) <http://example.org>",
    "mark": "[1] and [^1] and [12]",
    "entity": "&lt;b&gt; &copy; 5 &amp; 6 &#42;",
    "table": "a | b",
    "backslash": "back\\slash \\* ends\\",
    "heading": "# heading",
    "item": "- item",
    "plus": "+ item",
    "numbered": "1. item",
    "quotation": "> quotation",
    "rule": "---",
}
each_markup = pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())


def test_markdown_has_a_footnote_for_each_mark() -> None:
    text = as_markdown(make_answer(QUOTE, make_citation(), make_citation(2, locator="ref 5")))
    assert seen(body(text)) == f"{QUOTE} [^1] [^2]"
    assert seen(footnote(text)) == f"Zorlitinib in morphea (2031) — Results, ref 4: “{QUOTE}”"
    assert "ref 5" in footnote(text, 2)


def test_a_mark_of_the_sources_own_is_not_taken_for_a_footnote() -> None:
    quote = "Zorlitinib softened plaques [1] in most adults [12]."
    text = body(as_markdown(make_answer(quote, make_citation(quote=quote))))
    assert text.count("[^1]") == 1 and text.endswith("[^1]")
    assert "[^12]" not in text


@each_markup
def test_signs_of_markdown_in_a_statement_are_shown_as_they_are(text: str) -> None:
    assert seen(body(as_markdown(make_answer(text, make_citation(quote=text))))) == f"{text} [^1]"


@each_markup
def test_signs_of_markdown_in_a_footnote_are_shown_as_they_are(text: str) -> None:
    assert seen(footnote(as_markdown(make_answer(QUOTE, make_citation(quote=text))))).endswith(f"“{text}”")
    for field in ("title", "section", "locator"):
        assert text in seen(footnote(as_markdown(make_answer(QUOTE, make_citation(**{field: text}))))), field


@each_markup
def test_signs_of_markdown_in_a_related_passage_are_shown_as_they_are(text: str) -> None:
    for field in ("quote", "section", "locator"):
        assert text in seen(related_item(as_markdown(make_abstention(**{field: text})))), field


@given(st.text(st.sampled_from("ab1. \n*_`[](){}<>!#+-=~|&;:^\\\"'/$%x"), min_size=1, max_size=40))
@example("a | b\n--- | ---\n1 | 2")
@example("```\nfence\n```")
def test_no_quote_is_markup(text: str) -> None:
    if text.strip():
        found = seen(footnote(as_markdown(make_answer(QUOTE, make_citation(quote=text)))))
        assert found.endswith(f"“{one_line(text)}”")


@pytest.mark.parametrize("question", [*MARKUP.values(), "", " ", "**", "a * b"], ids=[*MARKUP, "", " ", "**", "a * b"])
def test_signs_of_markdown_in_a_question_are_shown_as_they_are(question: str) -> None:
    tokens = blocks(as_markdown(make_answer(question=question)).partition(QUOTE[:20])[0])
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"strong_open", "text", "text_special", "strong_close"}
    assert "".join(child.content for child in children) == one_line(question)


# --- JSON ---


@pytest.mark.parametrize("text", [QUOTE, HOSTILE, 'quotes " and \\ and µg ≥ 5 💊', "a\nb\tc"])
def test_json_is_one_line_and_comes_back_as_it_was(text: str) -> None:
    for answer in (make_answer(text, make_citation(quote=text), question=text), make_abstention(text)):
        line = as_json(answer)
        assert len(line.splitlines()) == 1
        assert Answer.model_validate_json(line) == answer


def test_json_has_the_fields_of_the_contract() -> None:
    data = json.loads(as_json(make_answer(id="q1")))
    assert {
        "id",
        "question",
        "status",
        "answer",
        "statements",
        "citations",
        "facts",
        "conflicts",
        "related",
        "interpretation",
        "seconds",
    } <= set(data)
    assert {"text", "kind", "citations", "working"} <= set(data["statements"][0])
    cited = {"number", "document_id", "title", "section", "year", "locator", "start", "end", "quote", "reading"}
    assert cited <= set(data["citations"][0])
    assert {"document_id", "quote"} <= set(json.loads(as_json(make_abstention()))["related"][0])


# --- nothing that a document or a question holds reaches the terminal as a command ---


@pytest.mark.parametrize("render", [as_text, as_markdown, as_json])
def test_control_and_bidirectional_characters_are_taken_out_of_every_rendering(render: Any) -> None:
    citation = make_citation(title=HOSTILE, section=HOSTILE, locator=HOSTILE, quote=HOSTILE, reading=HOSTILE)
    typos = {HOSTILE: "zorlitinib"}
    full = make_answer(
        HOSTILE, citation, question=HOSTILE, interpretation=Interpretation(typos=typos, focus=(HOSTILE,))
    )
    abstention = make_abstention(HOSTILE, section=HOSTILE, locator=HOSTILE, document_id=HOSTILE)
    for answer in (full, abstention):
        assert FORBIDDEN.findall(render(answer)) == []


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_what_is_left_of_a_control_sequence_can_be_read(render: Any) -> None:
    assert "[31mred" in render(make_answer(HOSTILE)).replace("\\", "")
    assert clean(HOSTILE) != HOSTILE


def test_a_computed_answer_shows_its_working_as_text_and_as_markdown() -> None:
    statement = Statement(text="22 mg a day.", kind="computed", citations=(1,), working="11 mg × 2 a day = 22 mg a day")
    answer = make_answer(statements=(statement,), answer=joined((statement,)))

    assert "Working: 11 mg × 2 a day = 22 mg a day" in unwrapped(as_text(answer))
    assert "*Working:* 11 mg × 2 a day = 22 mg a day" in as_markdown(answer)
