"""Whether cells are of the sort that a question wants: a number of people, a share, a dose, a time."""

from __future__ import annotations

import re

from assistant.lookup.finding import Found
from assistant.lookup.values import is_count
from assistant.question import Question
from corpus.figures import Shape, has_shape

_HEADS = re.compile(r"(?i)(?:n|no\.?|number|sd|se|sem|range|iqr|(?:95 ?% ?)?ci)")  # columns that stand beside a figure
_AMOUNT = re.compile(r"(?i)(?:mg|mcg|µg|\bg|ml|units?|iu)\b")
_TIME = re.compile(r"(?i)(?:days?|weeks?|months?|years?|hours?|minutes?)\b")


def is_wanted(question: Question, found: Found) -> bool:
    """Return whether the cells are of the sort that the question wants: a number of people, a share, a dose, a time."""
    table = found.table
    around = " ".join((table.table.caption, *(table.table.columns[key] for key in table.keys)))
    for row, column in found.cells:
        cell = table.cell(row, column)
        names = f"{around} {table.row_name(row, table.headings(row))} {table.table.columns[column]}"
        counts = bool(question.counted) and not set(question.counted) & set(question.vocabulary.operations.measured_in)
        if counts and not is_count(cell):
            return False
        if not counts and _HEADS.fullmatch(table.table.columns[column].split(": ")[-1]):
            return False
        shares = question.vocabulary.operations.lookup.shares
        asks_share = bool({*question.words} & set(shares)) or "%" in question.read
        if asks_share and not any(share in f"{names} {cell}".lower() for share in shares):
            return False
        gives_dose = any(unit in question.read for unit in ("mg", "mcg", "ml"))
        if Shape.DOSE in question.wants and not gives_dose and not _AMOUNT.search(f"{cell} {names}"):
            return False
        if Shape.DURATION in question.wants and not (
            _TIME.search(f"{cell} {names}") or has_shape(cell, Shape.DURATION)
        ):
            return False
    return True
