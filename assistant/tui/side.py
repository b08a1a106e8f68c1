"""The panes beside the conversation: the citations and the facts of one answer, and the source of one citation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import DataTable, OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from assistant.tui.charts import Bar, bars, chart
from assistant.tui.doses import COLUMNS, DoseRow, dose_rows
from assistant.tui.source_view import SourceView

if TYPE_CHECKING:
    from assistant.contract import Answer

NO_CITATIONS = "No citations: ask a question, or choose an answer with [ and ]."
NO_FACTS = "No structured facts stand behind this answer."
_WIDTHS = (12, 8, 14, 11, 14, 9, 10, 6)  # of the columns of doses; longer cells are wrapped
_OTHER_WIDTH = 4  # cells of a chart's surroundings: padding and scroll bar


class CitationList(OptionList):
    """The citations of the answer, and the passages that are related to one that could not be given."""

    HELP = "The citations of the answer. Arrow keys show each in its source; Enter goes to the source."


class FactTable(DataTable[Text]):
    """The doses behind the answer."""

    HELP = "The structured doses behind the answer. Enter opens the row of the source that says one."


class Side(Vertical):
    """Citations and facts as tabs, above the source."""

    class CitationChosen(Message):
        """A line of the citations is marked: `place` counts from 0; `opened` says that it was entered or clicked."""

        def __init__(self, place: int, opened: bool) -> None:
            super().__init__()
            self.place, self.opened = place, opened

    class FactChosen(Message):
        """A dose was entered: its citation's number."""

        def __init__(self, citation: int) -> None:
            super().__init__()
            self.citation = citation

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._doses: tuple[DoseRow, ...] = ()
        self._rates: tuple[Bar, ...] = ()

    def compose(self) -> ComposeResult:
        """Make the panes."""
        with TabbedContent(id="tabs"):
            with TabPane("Citations", id="citations-tab"):
                yield CitationList(id="citations", markup=False)
            with TabPane("Facts", id="facts-tab"), VerticalScroll(id="facts-scroll", can_focus=False):
                yield Static(NO_FACTS, id="no-facts", markup=False)
                yield FactTable(id="facts", cursor_type="row", zebra_stripes=True)
                yield Static("", id="rates", markup=False)
        yield SourceView(id="source")

    def on_mount(self) -> None:
        """Name the table's columns, and begin without an answer."""
        for name, width in zip(COLUMNS, _WIDTHS, strict=True):
            self.query_one(FactTable).add_column(name, width=width)
        self.show(None, {})

    def show(self, answer: Answer | None, names: Mapping[str, str]) -> None:
        """Show an answer's citations and facts."""
        listed = self.query_one(CitationList)
        listed.clear_options()
        if answer is not None:
            from assistant.tui import drawn  # after the first frame: it needs the Answer's models

            listed.add_options([Option(drawn.citation(cited, answer)) for cited in answer.citations])
            listed.add_options([Option(drawn.related(item, n)) for n, item in enumerate(answer.related, 1)])
        if not listed.option_count:
            listed.add_option(Option(NO_CITATIONS, disabled=True))
        self._doses = dose_rows(answer.facts, names) if answer else ()
        self._rates = bars(answer.facts, dict(names)) if answer else ()
        table = self.query_one(FactTable)
        table.clear()
        for row in self._doses:
            table.add_row(*map(Text, row.cells), height=None)  # a plain string would be read as markup
        table.display = bool(self._doses)
        self.query_one("#no-facts").display = not self._doses and not self._rates
        self._draw_rates()
        self._count("citations", len(answer.citations) if answer else 0, "Citations")
        self._count("facts", len(self._doses) + len(self._rates), "Facts")

    def _count(self, tab: str, count: int, title: str) -> None:
        self.query_one(TabbedContent).get_tab(f"{tab}-tab").label = f"{title} ({count})" if count else title

    def on_resize(self) -> None:
        """Draw the chart as wide as there is room."""
        self._draw_rates()

    def mark(self, place: int) -> None:
        """Mark a citation in the list without opening it."""
        listed = self.query_one(CitationList)
        with self.prevent(OptionList.OptionHighlighted):
            listed.highlighted = place
        listed.scroll_to_highlight()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the citation that the reader moves to."""
        event.stop()
        if event.option_list.has_focus:
            self.post_message(self.CitationChosen(event.option_index, False))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the citation that was entered or clicked."""
        event.stop()
        self.post_message(self.CitationChosen(event.option_index, True))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Open what says the dose."""
        event.stop()
        cited = self._doses[event.cursor_row].citation if event.cursor_row < len(self._doses) else None
        if cited is not None:
            self.post_message(self.FactChosen(cited))

    def _draw_rates(self) -> None:
        drawn_rates = self.query_one("#rates", Static)
        drawn_rates.display = bool(self._rates)
        if self._rates:
            drawn_rates.update(chart(self._rates, max(self.size.width - _OTHER_WIDTH, 20)))
