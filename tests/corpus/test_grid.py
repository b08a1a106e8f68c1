"""Tables as files give them: spans, headers of several rows, rows stacked in one, notes at the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.grid import Grid, Laid, rectangle


def laid(*rows: list[str | Laid]) -> Grid:
    """Return the rectangle of rows of which nothing says what is their header."""
    return rectangle((), [[cell if isinstance(cell, Laid) else Laid(cell) for cell in row] for row in rows])


def test_columns_under_one_heading_are_told_apart_by_the_next_row() -> None:
    grid = laid(
        ["", Laid("Study A", columns=2), Laid("Study B", columns=2)],
        ["Response", "Placebo", "Zorlitinib", "Placebo", "Zorlitinib"],
        ["", "", "7 mg every", "", "7 mg every"],
        ["", "", "other day", "", "other day"],
        ["", "N=110", "N=113", "N=98", "N=99"],
        ["Month 6", "19%", "46%", "8%", "22%"],
    )
    assert grid.header == (
        "Response",
        "Study A: Placebo: N=110",
        "Study A: Zorlitinib: 7 mg every other day: N=113",
        "Study B: Placebo: N=98",
        "Study B: Zorlitinib: 7 mg every other day: N=99",
    )
    assert grid.rows == (("Month 6", "19%", "46%", "8%", "22%"),)


def test_a_row_of_doses_is_never_taken_for_a_header() -> None:
    grid = laid(
        ["Drug", Laid("Dose", columns=2)],
        ["Zorlitinib", "7 mg daily", "14 mg daily"],
        ["Other drug", "1 mg daily", "2 mg daily"],
    )
    assert grid.header == ("Drug", "Dose", "Dose")
    assert len(grid.rows) == 2


def test_rows_stacked_in_one_are_rows() -> None:
    grid = laid(
        ["", "Placebo", "Zorlitinib"],
        ["Softer\nWeek 12\nWeek 24", "14%\n15%", "58%\n57%"],
        ["Harder\nSame", "1\n2", "3\n40"],
    )
    assert grid.rows == (
        ("Softer: Week 12", "14%", "58%"),
        ("Softer: Week 24", "15%", "57%"),
        ("Harder", "1", "3"),
        ("Same", "2", "40"),
    )


def test_a_value_over_two_lines_stays_one_value() -> None:
    grid = laid(["", "Zorlitinib"], ["Softer\n(week 12)", "58%\n(40 to 70)"], ["Harder", "3%"])
    assert grid.rows == (("Softer (week 12)", "58% (40 to 70)"), ("Harder", "3%"))


def test_counts_join_the_header_and_notes_leave_the_table() -> None:
    grid = laid(
        [Laid("Table 1. Responses", columns=2)],
        ["Outcome", "Zorlitinib"],
        ["", "n (%)"],
        ["Softer", "9 (75)"],
        [Laid("* p<0.05 against placebo", columns=2)],
    )
    assert grid == Grid(
        "Table 1. Responses", ("Outcome", "Zorlitinib: n (%)"), (("Softer", "9 (75)"),), ("* p<0.05 against placebo",)
    )


def test_a_heading_within_a_table_is_a_row_of_its_own() -> None:
    grid = laid(["Outcome", "A", "B"], [Laid("Skin", columns=3)], ["Softer", "1", "2"])
    assert grid.rows == (("Skin", "", ""), ("Softer", "1", "2"))


def test_a_spanning_cell_beside_a_held_one_keeps_its_text() -> None:
    grid = laid(["Drug", "A", "B"], [Laid("Zorlitinib", rows=2), "1", "2"], [Laid("not tested", columns=2)])
    assert grid.rows[1] == ("Zorlitinib", "not tested", "not tested")


CELLS = st.builds(Laid, st.text("ab1%\n", max_size=5), st.integers(1, 4), st.integers(1, 4), st.booleans())
ROWS = st.lists(st.lists(CELLS, max_size=5), max_size=6)


@given(ROWS, ROWS)
def test_every_row_is_as_wide_as_the_header_and_no_text_is_lost(head: list[list[Laid]], body: list[list[Laid]]) -> None:
    grid = rectangle(head, body)
    assert all(len(row) == len(grid.header) for row in grid.rows)
    written = " ".join([grid.title, *grid.header, *(cell for row in grid.rows for cell in row), *grid.notes])
    for row in [*head, *body]:
        for cell in row:
            assert all(word in written for word in cell.text.split())
