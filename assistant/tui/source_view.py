"""The source of a citation: its whole document, with the quote marked in it and scrolled into sight."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from assistant.tui.wrapping import wrapped
from corpus.text import clean
from corpus.types import Span

NOTHING = "Choose a citation to see where it stands: its number, n and N, or a click on it."
_LEFT, _RIGHT = "»", "«"
_CONTEXT = 3  # lines that are shown above a quote


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be seen: a document's text, the span of the quote in it, and where that is, in words."""

    heading: str
    text: str
    quote: Span


class DocumentText(ScrollView, can_focus=True):
    """A text of any length, of which only the lines in sight are drawn; the quote stands bold and underlined in » «."""

    DEFAULT_CSS = "DocumentText { scrollbar-gutter: stable; }"
    HELP = "The document of a citation. Arrow keys, page up and page down scroll it; n and N go to the next citation."

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = ""
        self._quote = Span(0, 0)
        self._lines: tuple[Span, ...] = ()
        self._width = 0

    def show(self, text: str, quote: Span) -> None:
        """Show a text and bring the quote into sight."""
        text = clean(text).replace("\t", " ")
        before, quoted, after = text[: quote.start], quote.of(text), text[quote.end :]
        self._text = f"{before}{_LEFT}{quoted}{_RIGHT}{after}" if quoted else text
        self._quote = Span(quote.start, quote.end + 2) if quoted else Span(0, 0)
        self._width = 0
        self._wrap()
        self.call_after_refresh(self._to_quote)

    @property
    def quote_in_sight(self) -> bool:
        """Return whether the first line of the quote is on screen."""
        top = self.scroll_offset.y
        return top <= self._line_of(self._quote.start) < top + self.scrollable_content_region.height

    def on_resize(self) -> None:
        """Wrap anew, and keep the quote in sight."""
        if self._wrap():
            self.call_after_refresh(self._to_quote)

    def _wrap(self) -> bool:
        width = self.scrollable_content_region.width - 1  # so that no letter touches the scroll bar
        if width <= 0 or width == self._width:
            return False
        self._width = width
        self._lines = wrapped(self._text, width)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()
        return True

    def _line_of(self, offset: int) -> int:
        return next((n for n, line in enumerate(self._lines) if line.end > offset), len(self._lines))

    def _to_quote(self) -> None:
        if self._quote.end:
            above = self._line_of(self._quote.start) - _CONTEXT
            self.scroll_to(y=max(above, 0), animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """Return one line of the window."""
        number, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        base = self.rich_style
        if number >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[number]
        marked = Span(max(line.start, self._quote.start), min(line.end, self._quote.end))
        if marked.start >= marked.end:
            segments = [Segment(line.of(self._text), base)]
        else:
            quoted = base + Style(bold=True, underline=True)
            segments = [
                Segment(self._text[line.start : marked.start], base),
                Segment(marked.of(self._text), quoted),
                Segment(self._text[marked.end : line.end], base),
            ]
        return Strip([s for s in segments if s.text]).adjust_cell_length(width, base)


class SourceView(Vertical):
    """The heading that says where a quote stands, above the document."""

    def compose(self) -> ComposeResult:
        """Make the heading and the document."""
        yield Static(NOTHING, id="source-heading", markup=False)
        yield DocumentText(id="document")

    def show(self, shown: Shown) -> None:
        """Show a quote in its document."""
        self.query_one("#source-heading", Static).update(shown.heading)
        self.query_one(DocumentText).show(shown.text, shown.quote)

    def clear(self) -> None:
        """Show no document."""
        self.query_one("#source-heading", Static).update(NOTHING)
        self.query_one(DocumentText).show("", Span(0, 0))
