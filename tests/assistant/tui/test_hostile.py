"""Documents and questions that would break a careless screen: markup, control characters, endless lines, scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from assistant.contract import Answer, Citation, Conflict, Related, Statement, joined
from assistant.keeping.store import PrivateStore
from assistant.tui import drawn
from assistant.tui.app import PosologyApp
from assistant.tui.charts import Bar, chart
from assistant.tui.source_view import DocumentText
from assistant.tui.wrapping import wrapped
from corpus.types import Span
from index.embedder import Embedder
from index.writing import open_writer
from tests.assistant.tui.conftest import Reader, reading
from tests.conftest import CACHE

Chat = Callable[..., None]
ANY_TEXT = st.text(max_size=300)
NASTY = st.sampled_from(
    ["[b]bold", "a [/] b", "[@click=app.quit]x[/]", "\x1b[31mred", "‮abc", "$x", "\\[", "🙂", "漢字", "שלום"]
)
TEXT = st.one_of(ANY_TEXT, NASTY, st.lists(NASTY, max_size=5).map(" ".join))
ODD = """---
title: "Odd [b]note[/b] [/]"
---
# Odd [b]note

Oral zorbicitinib [bold]30 mg[/bold] once daily cleared granuloma annulare in 4 of 7 patients [/].

טופסיטיניב היה יעיל בחולים. Right-to-left: \u202ereversed\u202c zorbicitinib stands here.

{long}

The last line names zorbicitinib lotion 2% for vitiligo.
"""


@given(text=ANY_TEXT | NASTY, width=st.integers(1, 200))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(line.of(text) for line in lines) == text.replace("\n", "")
    assert [line.start for line in lines] == sorted(line.start for line in lines)
    for line in lines:
        shown = line.of(text).removesuffix(" ")  # the blank at a line's end may lie beyond the window
        assert cell_len(shown) <= max(width, 2) or len(shown) == 1 or not cell_len(shown[:-1])


@settings(max_examples=60, deadline=None)
@given(text=TEXT, title=TEXT, quote=TEXT, working=st.none() | TEXT)
def test_whatever_an_answer_holds_is_drawn_as_text(text: str, title: str, quote: str, working: str | None) -> None:
    statement = Statement(text=text, kind="fact", citations=(1,), working=working)
    citation = Citation(
        number=1, document_id="a", title=title, section=title, locator="p", start=0, end=len(quote), quote=quote
    )
    related = Related(document_id="a", section=title, locator="p", start=0, end=len(quote), quote=quote)
    answer = Answer(
        question=text,
        status="abstained",
        answer=joined((statement,)),
        statements=(statement,),
        citations=(citation,),
        conflicts=(Conflict(summary=text, citations=(1,)),),
        related=(related,),
    )
    for content in (drawn.answer(answer), drawn.citation(citation, answer), drawn.question(text)):
        assert isinstance(content, Content)
        assert "\x1b" not in content.plain and "\u202e" not in content.plain
    words = [word for word in text.split() if word.isascii() and word.isprintable()]
    assert all(word in drawn.answer(answer).plain for word in words)


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=6), width=st.integers(1, 200))
def test_a_chart_shows_every_figure_and_no_bar_is_longer_than_the_largest(values: list[float], width: int) -> None:
    rates = [Bar("event", f"group {n}", value, "per 100") for n, value in enumerate(values)]
    lines = chart(rates, width).plain.split("\n")[1:]
    assert [line.rsplit(" ", 1)[-1] for line in lines] == [f"{value:g}" for value in values]
    lengths = [line.count("█") for line in lines]
    assert max(lengths) == lengths[values.index(max(values))]


@pytest.fixture
def odd_library(tmp_path: Path, real_embedder: Embedder) -> Path:
    from assistant.importing import import_files

    file = tmp_path / "odd.md"
    file.write_text(ODD.replace("{long}", "word " * 10_000), encoding="utf-8")
    path = tmp_path / "library"
    with open_writer(path, real_embedder) as writer:
        import_files(writer, [file])
    return path


def test_an_odd_document_neither_breaks_nor_hides_anything(
    chat: Chat, odd_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSOLOGY_CACHE", str(CACHE))

    async def session(reader: Reader) -> None:
        await reader.enter("zorbicitinib dose in granuloma annulare? [b]x[/b] [/]")
        assert "[b]x[/b] [/]" in reader.last and "[bold]30 mg[/bold]" in reader.last
        assert "Odd [b]note[/b] [/]" in reader.text("#source-heading")
        await reader.press("f5")
        await reader.press("escape", "f7")
        await reader.press("escape", "f4", "end")
        source = reader.app.chat.query_one(DocumentText)
        shown = " ".join(source.render_line(y).text.strip() for y in range(source.size.height))
        assert "zorbicitinib lotion 2% for vitiligo" in " ".join(shown.split())
        await reader.press("home")
        drawn_lines = [source.render_line(y).text for y in range(source.size.height)]
        assert any("טופסיטיניב" in line for line in drawn_lines)
        assert not any("\u202e" in line for line in drawn_lines)

    chat(session, library=odd_library)


@settings(max_examples=15, deadline=None)
@given(questions=st.lists(TEXT.filter(lambda text: text.strip() and not text.strip().startswith("/")), max_size=3))
def test_any_question_gets_an_answer_on_screen(bundled_path: Path, questions: list[str]) -> None:
    async def live() -> None:
        async with reading(PosologyApp(bundled_path, PrivateStore), (100, 30)) as reader:
            for question in questions:
                await reader.enter(question)
            assert [exchange.answer is not None for exchange in reader.exchanges] == [True] * len(questions)

    asyncio.run(live())


def test_a_quote_that_is_not_in_the_document_any_more_is_said(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("oral tofacitinib dose in alopecia areata?")
        answer = reader.exchanges[-1].answer
        assert answer is not None
        moved = answer.citations[0].model_copy(update={"start": 0, "end": 5})
        reader.exchanges[-1].answer = answer.model_copy(update={"citations": (moved, *answer.citations[1:])})
        await reader.press("escape", "1")
        assert any("has changed since" in notice for notice in reader.notices)
        assert reader.app.chat.query_one(DocumentText)._quote == Span(0, 0)

    chat(session)
