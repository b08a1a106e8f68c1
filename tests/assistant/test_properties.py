"""What holds of every answer, whatever was asked: the contract that readers, scripts and `verify` rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.contract import Answer, joined
from assistant.conversation import Conversation
from assistant.render import as_json, as_markdown, as_text
from index.embedder import Embedder
from index.library import Library

STATUSES = {"answered", "abstained", "redirected"}
LONGEST_ANSWER = 250  # words; the contract says about 120 unless a list was asked for

QUESTIONS = [
    "tofacitinib dose in vitiligo?",
    "baricitinib dose for alopecia areata, as FDA approved?",
    "rux topical vitiligo strength and frequency?",
    "MACE per 100 patient-years on upadacitinib 15 mg?",
    "which JAKs does ruxolitinib inhibit?",
    "is abrocitinib approved for atopic dermatitis?",
    "does the boxed warning apply to topical ruxolitinib?",
    "herpes zoster with JAK inhibitors",
    "how many patients with dermatomyositis got tofacitinib in the review?",
    "Tofacitinib vs baricitinib in alopecia areata",
    "what was the outcome of case 13?",
    "¿dosis de tofacitinib en vitíligo?",
    "tofactinib dose in lichen planopilars?",
    "bid or qd upadacitinib in HS, and is it safe in pregnancy?",
    "is dupilumab safe with baricitinib in a 4 year old with psoriasis?",
    "How should I store insulin at 4 °C?",
]

HOSTILE = [
    "",
    " \t\n",
    "?!.,;:",
    "x" * 100_000,
    "tofacitinib dose " * 6_000,
    "\x00",
    "dose\x00of\x00tofacitinib",
    "\x07\x08\x1b[31mtofacitinib\x1b[0m dose\r\n",
    "\x9b31m tofacitinib dose",
    "AND OR NOT ( )",
    'tofacitinib AND "vitiligo OR (dose',
    "body:tofacitinib^2 +dose -vitiligo ~ * \\",
    "\"'`“”‘’«»",
    "💊 tofacitinib 💉 dose 👩‍⚕️🏽?",
    "'; DROP TABLE documents; --",
    "\u202emg 5 bitinicatofot\u202c دواء توفاسيتينيب جرعة",
    "\ud800",
    "tofacitinib \udcff dose",
    "[1] [^1] **dose** <b>tofacitinib</b> [bold]x[/]",
    "{0} %s %(x)s ${HOME}",
    "0 " * 500,
    "²³ ① Ⅳ ½ mg",
]


@pytest.fixture(scope="module")
def library(bundled_path: Path, real_embedder: Embedder) -> Iterator[Library]:
    with Library.open(bundled_path, real_embedder) as opened:
        yield opened


def check(found: Answer, library: Library) -> None:
    """Assert every promise of the contract that does not depend on what was asked."""
    assert Answer.model_validate_json(found.model_dump_json()) == found
    assert Answer.model_validate_json(as_json(found)) == found
    assert as_text(found).strip() and as_markdown(found).strip()
    assert found.status in STATUSES
    assert found.answer == joined(found.statements)
    assert found.answer.strip()
    assert len(found.answer.split()) <= LONGEST_ANSWER
    check_citations(found, library)
    for item in found.related:
        assert item.quote == library.document(item.document_id).text[item.start : item.end]
        assert 0 <= item.start < item.end
    if found.status == "abstained":
        assert any(statement.kind == "note" for statement in found.statements)
    if found.status == "answered":
        assert any(statement.kind != "note" for statement in found.statements)


def check_citations(found: Answer, library: Library) -> None:
    numbers = [citation.number for citation in found.citations]
    cited = [number for statement in found.statements for number in statement.citations]
    disagreeing = [number for conflict in found.conflicts for number in conflict.citations]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {*cited, *disagreeing}
    for statement in found.statements:
        assert statement.text.strip()
        assert statement.citations or statement.kind == "note"
    for citation in found.citations:
        text = library.document(citation.document_id).text
        assert 0 <= citation.start < citation.end <= len(text)
        assert citation.quote == text[citation.start : citation.end]
        assert citation.title and citation.locator


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_string_gets_a_valid_answer(library: Library, text: str) -> None:
    check(answer(text, library), library)


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text)[:30] for text in HOSTILE])
def test_a_hostile_string_gets_a_valid_answer(library: Library, text: str) -> None:
    check(answer(text, library), library)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_normal_question_gets_a_valid_answer(library: Library, question: str) -> None:
    found = answer(question, library, id="q1")
    check(found, library)
    assert (found.id, found.question) == ("q1", question)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_words_of_the_trade_get_a_valid_answer(library: Library, data: st.DataObject) -> None:
    vocabulary = library.vocabulary
    words = st.one_of(
        st.sampled_from(sorted(vocabulary.names)),
        st.sampled_from(sorted(vocabulary.spelled_out)),
        st.sampled_from([cue for kind in vocabulary.kinds for cue in kind.cues]),
        st.sampled_from(["5 mg", "twice", "one", "0.5%", "8,700", "zorlitinib", "not", "without", "case 3", "week 24"]),
    )
    text = " ".join(data.draw(st.lists(words, min_size=1, max_size=6)))
    check(answer(text, library), library)


@pytest.mark.parametrize(
    "question",
    [
        "zorlitinib bid",
        "zorlitinib for DADA2",
        "quixomab in T1DM, n=12",
        "frobnication of IL-12/23 with qow zorlitinib",
        "the one and only twice-told frobnication",
    ],
)
def test_what_is_missing_is_named_even_where_its_name_holds_a_figure(library: Library, question: str) -> None:
    found = answer(question, library)
    check(found, library)
    assert found.status == "abstained"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(QUESTIONS), st.text(st.characters(), max_size=40)), min_size=1, max_size=4))
@example(["baricitinib dose in alopecia areata?", "and its risks?", "", "what about tofacitinib?"])
@example(["\ud800", "and that?", "tofacitinib " * 9, "it?"])
def test_any_conversation_gets_valid_answers(library: Library, turns: list[str]) -> None:
    conversation = Conversation()
    for turn in turns:
        check(answer(turn, library, conversation), library)


@pytest.mark.parametrize("question", [*QUESTIONS[:6], "frobnication index of zorlitinib"])
def test_the_same_question_gets_the_same_answer(library: Library, question: str) -> None:
    first, second = answer(question, library), answer(question, library)
    assert first.model_copy(update={"seconds": 0.0}) == second.model_copy(update={"seconds": 0.0})


def test_some_questions_are_answered_and_some_are_not(library: Library) -> None:
    assert answer("tofacitinib dose in vitiligo?", library).status == "answered"
    assert answer("frobnication index of zorlitinib?", library).status == "abstained"


@pytest.mark.parametrize("question", QUESTIONS[:6])
@pytest.mark.parametrize("source", ["off-label-review", "class-monograph"])
def test_an_answer_from_one_document_cites_no_other(library: Library, question: str, source: str) -> None:
    found = answer(question, library, documents=(source,))
    check(found, library)
    assert {part.document_id for part in (*found.citations, *found.related)} <= {source}
