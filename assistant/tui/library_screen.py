"""The documents of the library: which of them answers may use, and adding, removing, rebuilding, verifying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.coordinate import Coordinate
from textual.screen import ModalScreen
from textual.widgets import DataTable, Static

from assistant.tui.dialogs import AskText
from corpus.errors import PosologyError
from corpus.text import clean, one_line

if TYPE_CHECKING:
    from corpus.catalogue import Entry

_COLUMNS = ("used", "id", "title", "year", "kind", "design", "passages", "origin", "added")
_LONGEST_TITLE = 40
_HINT = (
    "space uses or leaves out · u uses all · f filters · Enter opens · a adds · e edits · n renames · d removes · "
    "r rebuilds · v verifies · Esc"
)
_FILTER_HINT = "Enter uses only what is all of it, Esc leaves it as it is."
What = Literal["nothing", "add", "remove", "rebuild", "verify", "open", "rename", "edit"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done when the screen closes; `used` are the documents that answers may use, None means all."""

    what: What
    used: tuple[str, ...] | None
    document: str = ""


class LibraryScreen(ModalScreen[Wish]):
    """The list of documents with a mark on each that answers may use."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "wish('nothing')", "Close"),
        Binding("space", "use", "Use or leave out"),
        Binding("u", "use_all", "Use all"),
        Binding("f", "filter", "Filter"),
        Binding("a", "wish('add')", "Add"),
        Binding("e", "wish('edit')", "Edit"),
        Binding("n", "wish('rename')", "Rename"),
        Binding("d,delete", "wish('remove')", "Remove"),
        Binding("r", "wish('rebuild')", "Rebuild"),
        Binding("v", "wish('verify')", "Verify"),
    ]

    def __init__(
        self,
        entries: Sequence[Entry],
        used: tuple[str, ...] | None,
        title: str,
        originals: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._entries = entries
        self._originals = originals or {}
        from assistant.narrowing import describe  # here, because the first frame doesn't wait for it

        self._known = describe(entries)
        self._used = {entry.id for entry in entries} if used is None else set(used)
        self._title = title

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="dialog wide tall"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield DataTable[Text](id="documents", cursor_type="row", zebra_stripes=True)
            yield Static(_HINT, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        table = self._table
        table.add_columns(*_COLUMNS)
        for entry in self._entries:
            table.add_row(*self._cells(entry), key=entry.id)
        table.focus()

    @property
    def _table(self) -> DataTable[Text]:
        return self.query_one("#documents", DataTable)

    def _cells(self, entry: Entry) -> tuple[Text, ...]:
        title = one_line(clean(entry.source.title))
        title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
        used = "✓ yes" if entry.id in self._used else "– no"
        year, known = str(entry.source.year or "n.d."), self._known[entry.id]
        kind, design = clean(known.kind or entry.format), clean(known.design or "–")
        told = (
            used,
            clean(entry.id),
            title,
            year,
            kind,
            design,
            str(entry.passages),
            entry.origin,
            entry.added_at[:10],
        )
        return tuple(map(Text, told))  # a plain string would be read as markup

    @property
    def _marked(self) -> Entry | None:
        at = self._table.cursor_row
        return self._entries[at] if 0 <= at < len(self._entries) else None

    def action_use(self) -> None:
        """Use the marked document for answers, or leave it out; the last one stays in use."""
        entry = self._marked
        if entry is None:
            return
        if entry.id in self._used and len(self._used) == 1:
            self.notify("One document has to stay in use.", severity="warning", markup=False)
            return
        self._used ^= {entry.id}
        self._redraw()

    def action_use_all(self) -> None:
        """Use all documents."""
        self._used = {entry.id for entry in self._entries}
        self._redraw()

    def action_filter(self) -> None:
        """Ask which years, kinds and designs to use, and use only those."""
        from assistant.narrowing import EXAMPLE

        self.app.push_screen(AskText(f"Use only, such as {EXAMPLE}", hint=_FILTER_HINT), self._filter)

    def _filter(self, typed: str | None) -> None:
        """Use only the documents that are all that was typed, and say what is left out."""
        from assistant.narrowing import narrow, narrowing_of

        if typed is None:
            return
        try:
            found = narrow(self._entries, narrowing_of(typed), self._originals)
        except PosologyError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._used = {entry.id for entry in self._entries} if found.used is None else set(found.used)
        if left_out := "\n".join(found.told()):
            self.notify(left_out, markup=False)
        self._redraw()

    def _redraw(self) -> None:
        for row, entry in enumerate(self._entries):
            self._table.update_cell_at(Coordinate(row, 0), self._cells(entry)[0])

    def on_data_table_row_selected(self) -> None:
        """Open the marked document."""
        self.action_wish("open")

    def action_wish(self, what: What) -> None:
        """Close the screen with a wish; one that is about a document needs one."""
        entry = self._marked
        if what in ("remove", "open", "rename", "edit") and entry is None:
            return
        everything = self._used == {entry.id for entry in self._entries}
        used = None if everything else tuple(e.id for e in self._entries if e.id in self._used)
        self.dismiss(Wish(what, used, entry.id if entry else ""))
