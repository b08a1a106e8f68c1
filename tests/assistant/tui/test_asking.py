"""Asking and following up: what is typed, what is shown, what can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import OptionList

from assistant.tui.chat_screen import TOO_SMALL
from assistant.tui.prompt import PLACEHOLDER, Prompt
from assistant.tui.transcript import Transcript
from tests.assistant.tui.conftest import Reader

Chat = Callable[..., None]
DOSE = "oral tofacitinib dose in alopecia areata?"


def test_the_prompt_takes_keys_at_once_and_says_what_it_is_for(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        assert prompt.has_focus and str(prompt.placeholder) == PLACEHOLDER == "Ask a question"
        await reader.press("h", "i")
        assert prompt.text == "hi"

    chat(session)


def test_a_question_is_answered_with_marks_that_its_citations_have(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        answer = reader.exchanges[-1].answer
        assert answer is not None and answer.status == "answered"
        assert DOSE in reader.last and "5 mg twice daily" in reader.last
        for citation in answer.citations:
            assert f"[{citation.number}]" in reader.last
        assert reader.app.chat.query_one("#citations", OptionList).option_count == len(answer.citations)

    chat(session)


def test_the_boxed_warning_beside_a_dose_is_a_caution_in_words(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        _, _, caution = reader.last.partition("⚠ CAUTION ")
        assert "boxed warning" in caution

    chat(session)


def test_a_follow_up_shows_what_it_was_taken_to_ask(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        assert "→" not in reader.last
        await reader.enter("and topical?")
        assert "→ and topical (" in reader.last and "tofacitinib" in reader.last

    chat(session)


def test_what_the_library_lacks_is_said_first_and_related_passages_are_labelled(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("dupilumab dose in psoriasis?")
        shown = reader.last
        places = [shown.index(part) for part in ("∅ NOT IN THE LIBRARY", "does not cover", "NOT AN ANSWER")]
        assert places == sorted(places)

    chat(session)


def test_a_question_about_ones_own_treatment_is_redirected_in_words(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("I took 40 mg of my baricitinib by mistake, what should I do?")
        answer = reader.exchanges[-1].answer
        assert answer is not None and answer.status == "redirected"
        assert "➜ NOT FOR A LIBRARY TO ANSWER" in reader.last

    chat(session)


def test_a_conflict_names_both_sides(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("topical ruxolitinib doses")
        answer = reader.exchanges[-1].answer
        assert answer is not None and answer.conflicts
        _, _, told = reader.last.partition("⚠ THE SOURCE CONTRADICTS ITSELF")
        for number in answer.conflicts[0].citations:
            assert f"[{number}] Off-Label Uses" in told

    chat(session)


def test_the_answer_is_shown_from_its_question_on(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.enter("topical ruxolitinib doses")
        transcript = reader.app.chat.query_one(Transcript)
        assert reader.exchanges[-1].region.y == transcript.region.y + 1
        assert reader.exchanges[-1].region.height > transcript.region.height

    chat(session, size=(80, 16))


def test_several_lines_make_one_question_and_up_brings_it_back(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        prompt.write("oral tofacitinib dose")
        await reader.press("ctrl+j", *"in", "space", *"vitiligo", "enter")
        assert reader.exchanges[-1].question == "oral tofacitinib dose\nin vitiligo"
        await reader.enter("and topical?")
        await reader.press("up")
        assert prompt.text == "and topical?"
        await reader.press("up", "up")
        assert prompt.text == "oral tofacitinib dose\nin vitiligo"
        await reader.press("down", "down", "down")
        assert prompt.text == ""

    chat(session)


def test_what_is_being_written_survives_a_look_into_the_history(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        prompt = reader.app.chat.query_one(Prompt)
        prompt.write("half a ques")
        await reader.press("up")
        assert prompt.text == DOSE
        await reader.press("down")
        assert prompt.text == "half a ques"

    chat(session)


def test_earlier_questions_are_searched(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.enter("MACE rate upadacitinib")
        await reader.press("ctrl+r", *"tofa", "enter")
        assert reader.app.chat.query_one(Prompt).text == DOSE

    chat(session)


def test_suggested_questions_are_answered_by_the_library(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        assert len(prompt.suggested) == 3
        await reader.enter(DOSE)
        suggested = prompt.suggested
        assert suggested and DOSE not in suggested
        await reader.press("down", "enter")
        answer = reader.exchanges[-1].answer
        assert reader.exchanges[-1].question == suggested[0]
        assert answer is not None and answer.status == "answered"

    chat(session)


def test_escape_gives_a_running_question_back(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(reader: Reader) -> None:
        asked = asyncio.Event()

        async def never(*_: Any) -> None:
            asked.set()
            await asyncio.sleep(3600)

        with monkeypatch.context() as patched:
            patched.setattr(reader.app.engine, "ask", never)
            prompt = reader.app.chat.query_one(Prompt)
            prompt.write(DOSE)
            await reader.pilot.press("enter")
            await asked.wait()
            assert "looking it up" in reader.last
            await reader.pilot.press("escape")
            await reader.settle()
        assert prompt.text == DOSE and not reader.exchanges
        await reader.press("enter")
        assert "5 mg twice daily" in reader.last

    chat(session)


def test_a_cancelled_question_leaves_no_trace_in_the_follow_up(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        ask = reader.app.engine.ask
        answered = asyncio.Event()

        async def slow(*arguments: Any) -> None:
            await ask(*arguments)
            answered.set()
            await asyncio.sleep(3600)

        with monkeypatch.context() as patched:
            patched.setattr(reader.app.engine, "ask", slow)
            reader.app.chat.query_one(Prompt).write("baricitinib in vitiligo")
            await reader.pilot.press("enter")
            await answered.wait()
            await reader.pilot.press("escape")
            await reader.settle()
        await reader.enter("and topical?")
        answer = reader.exchanges[-1].answer
        assert answer is not None and answer.interpretation.drugs == ("tofacitinib",)

    chat(session)


def test_questions_asked_in_a_row_are_answered_in_turn(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        prompt = reader.app.chat.query_one(Prompt)
        for question in (DOSE, "and topical?", "MACE rate upadacitinib"):
            prompt.write(question)
            await reader.pilot.press("enter")
        await reader.settle()
        answers = [exchange.answer for exchange in reader.exchanges]
        assert [a.status for a in answers if a] == ["answered"] * 3
        assert answers[1] is not None and answers[1].interpretation.drugs == ("tofacitinib",)

    chat(session)


def test_a_failure_is_one_sentence_in_the_answers_place(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(reader: Reader) -> None:
        async def broken(*_: Any) -> None:
            raise ValueError("[/] boom")

        monkeypatch.setattr(reader.app.engine, "ask", broken)
        await reader.enter(DOSE)
        assert "✗ Something went wrong inside Posology (ValueError: [/] boom)" in reader.last
        monkeypatch.undo()
        await reader.enter(DOSE)
        assert "5 mg twice daily" in reader.last

    chat(session)


def test_a_question_as_long_as_a_page_does_not_hide_its_answer(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("oral tofacitinib dose " + "and so on " * 400)
        assert "… (" in reader.last and reader.last.count("and so on") < 150

    chat(session)


def test_a_window_that_is_too_small_names_the_command_line(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        assert reader.app.chat.query_one("#too-small").display
        assert not reader.app.chat.query_one("#workspace").display
        await reader.press("f1", "f8", "x")
        assert len(reader.app.screen_stack) == 1
        assert "posology ask" in TOO_SMALL
        await reader.pilot.resize_terminal(60, 16)
        await reader.settle()
        assert not reader.app.chat.query_one("#too-small").display
        assert reader.app.chat.query_one("#workspace").display

    chat(session, size=(59, 16))
