"""Citations, facts and sources: reached by key and by mouse, in wide windows and in narrow ones."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import DataTable, OptionList, TabbedContent

from assistant.tui.prompt import Prompt
from assistant.tui.source_view import DocumentText
from assistant.tui.transcript import Transcript
from tests.assistant.tui.conftest import Reader

Chat = Callable[..., None]
DOSE = "oral tofacitinib dose in alopecia areata?"
SEVERAL = "topical ruxolitinib doses"


def marked_quote(reader: Reader) -> str:
    """What stands between » and « in the source, as its lines are drawn."""
    source = reader.app.chat.query_one(DocumentText)
    lines = [source.render_line(y).text.rstrip() for y in range(source.size.height)]
    _, _, after = " ".join(lines).partition("»")
    return after.partition("«")[0]


def test_the_source_of_the_first_citation_stands_beside_its_answer(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        answer = reader.exchanges[-1].answer
        assert answer is not None
        assert marked_quote(reader).split() == answer.citations[0].quote.split()
        assert answer.citations[0].title in reader.text("#source-heading")
        assert answer.citations[0].locator in reader.text("#source-heading")
        assert reader.app.chat.query_one(DocumentText).quote_in_sight

    chat(session)


def test_numbers_and_letters_open_citations_outside_the_prompt(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(SEVERAL)
        await reader.press("2")
        assert reader.app.chat.query_one(Prompt).text == "2"
        reader.app.chat.query_one(Prompt).clear()
        answer = reader.exchanges[-1].answer
        assert answer is not None and len(answer.citations) > 3
        await reader.press("escape", "2")
        assert reader.text("#source-heading").startswith("[2]")
        assert marked_quote(reader).split() == answer.citations[1].quote.split()
        await reader.press("n")
        assert reader.text("#source-heading").startswith("[3]")
        await reader.press("N", "N")
        assert reader.text("#source-heading").startswith("[1]")
        await reader.press("N")
        assert reader.text("#source-heading").startswith(f"[{len(answer.citations)}]")
        await reader.press("9")
        assert any("no citation [9]" in notice for notice in reader.notices)

    chat(session)


def test_a_click_on_a_mark_opens_its_citation(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(SEVERAL)
        exchange = reader.exchanges[-1]
        lines = [exchange.render_line(y).text for y in range(exchange.size.height)]
        at_y, line = next((y, line) for y, line in enumerate(lines) if "[2]" in line)
        await reader.pilot.click(exchange, offset=(line.index("[2]") + 2, at_y))
        await reader.settle()
        assert reader.text("#source-heading").startswith("[2]")

    chat(session)


def test_the_list_of_citations_shows_each_while_one_moves_in_it(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(SEVERAL)
        await reader.press("f2", "down")
        assert reader.app.chat.query_one("#citations", OptionList).has_focus
        assert reader.text("#source-heading").startswith("[2]")
        await reader.press("f2")
        assert reader.app.chat.query_one(Prompt).has_focus

    chat(session)


def test_another_answer_is_chosen_by_key_and_by_click(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.enter(SEVERAL)
        first, second = reader.exchanges
        assert second.has_class("-chosen") and not first.has_class("-chosen")
        await reader.press("escape", "left_square_bracket")
        assert first.has_class("-chosen")
        assert first.answer is not None
        assert marked_quote(reader).split() == first.answer.citations[0].quote.split()
        await reader.press("right_square_bracket")
        assert second.has_class("-chosen")
        reader.app.chat.query_one(Transcript).scroll_home(animate=False)
        await reader.settle()
        await reader.pilot.click(first, offset=(5, 1))
        await reader.settle()
        assert first.has_class("-chosen")

    chat(session)


def test_doses_stand_in_a_table_whose_rows_open_their_source(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(DOSE)
        await reader.press("f3")
        table = reader.app.chat.query_one("#facts", DataTable)
        assert reader.app.chat.query_one(TabbedContent).active == "facts-tab" and table.has_focus
        row = dict(zip((str(c.label) for c in table.ordered_columns), map(str, table.get_row_at(0)), strict=True))
        assert row["drug"] == "tofacitinib" and row["route"] == "oral"
        assert row["dose"] == "5 mg twice daily" and row["total daily"] == "10 mg"
        assert row["indication"] == "alopecia areata" and row["source"] == "[1]"
        await reader.press("enter")
        assert reader.text("#source-heading").startswith("[1]")
        assert "5 mg twice daily" in marked_quote(reader)

    chat(session)


def test_event_rates_are_bars_with_their_figures(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("MACE rate of abrocitinib per 100 patient-years")
        await reader.press("f3")
        shown = reader.text("#rates")
        assert "major adverse cardiovascular event, per 100 patient-years" in shown
        assert "█" in shown and " 0.6" in shown and " 0.2" in shown

    chat(session)


def test_an_answer_without_facts_says_so(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("dupilumab dose in psoriasis?")
        await reader.press("f3")
        assert reader.app.chat.query_one("#no-facts").display
        assert not reader.app.chat.query_one("#facts").display
        assert not reader.app.chat.query_one(Prompt).has_focus

    chat(session)


def test_related_passages_open_as_what_they_are(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter("dupilumab dose in psoriasis?")
        await reader.press("escape", "1")
        assert reader.text("#source-heading").startswith("RELATED, NOT AN ANSWER")

    chat(session)


def test_a_narrow_window_shows_one_pane_at_a_time(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        screen = reader.app.chat
        await reader.enter(SEVERAL)
        assert screen.query_one("#chat").display and not screen.query_one("#side").display
        await reader.press("f2")
        assert not screen.query_one("#chat").display and screen.query_one("#tabs").display
        assert not screen.query_one("#source").display
        await reader.press("enter")
        assert screen.query_one("#source").display and not screen.query_one("#tabs").display
        assert screen.query_one(DocumentText).quote_in_sight
        await reader.press("escape")
        assert screen.query_one("#chat").display and screen.query_one(Prompt).has_focus

    chat(session, size=(80, 24))


def test_resizing_keeps_the_quote_in_sight(chat: Chat) -> None:
    async def session(reader: Reader) -> None:
        await reader.enter(SEVERAL)
        await reader.press("escape", "3", "f4")
        for size in ((80, 24), (60, 16), (200, 60), (111, 20)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert reader.text("#source-heading").startswith("[3]")
            assert reader.app.chat.query_one(DocumentText).quote_in_sight, size

    chat(session)
