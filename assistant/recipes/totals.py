"""The total dose of a regimen, a day or a week, with the working: only from a regimen that a cited text gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.candidates import Candidate
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.question import Question
from corpus.figures import figures
from corpus.terms import Mention
from index.library import Library

if TYPE_CHECKING:
    from corpus.dosing import Found, Total

MOST_TOTALS = 4


@dataclass(frozen=True)
class _Dose:
    """A regimen of a drug that was asked about, in the candidate that gives it."""

    drug: str
    found: Found
    total: Total
    candidate: Candidate


def wanted(question: Question) -> str | None:
    """Return "day" or "week" if the question asks for a total over that time, else None."""
    text = f" {' '.join(question.words)} "
    operations = question.vocabulary.operations
    if not any(f" {cue} " in text for cue in operations.totals):
        return None
    if any(f" {cue} " in text for cue in operations.daily):
        return "day"
    return "week" if any(f" {cue} " in text for cue in operations.weekly) else "day"


def compose(
    question: Question, chosen: Sequence[Candidate], evidence: Evidence, library: Library, draft: Draft
) -> bool:
    """State the totals of the regimens in the chosen texts; False if they give none of a drug that was asked about."""
    span = wanted(question)
    several = len(question.names("drug")) > 1 or any(kind.kind == "comparison" for kind in question.kinds)
    doses = list(_doses(question, chosen if several else chosen[:1], library, span)) if span else []
    if not doses:
        return False
    for dose in doses[:MOST_TOTALS]:
        citations = _cite(dose.candidate, draft)
        regimen = dose.found.regimen.text()
        if dose.found.ambiguity:
            draft.state(f"{dose.drug} {regimen}: no total is given, since the text is not clear.", "fact", citations)
            continue
        if dose.total.low is None or dose.total.high is None:
            draft.state(
                f"{dose.drug} {regimen}: no total can be worked out, since {dose.total.reason}.", "fact", citations
            )
            continue
        draft.state(
            f"{dose.drug} {regimen}: {_total(dose.total)} a {span} in total.", "computed", citations, dose.total.working
        )
    _compare(doses, draft)
    return True


def _doses(question: Question, chosen: Sequence[Candidate], library: Library, span: str) -> Iterator[_Dose]:
    from corpus.dosing import daily_total, weekly_total  # here, because few questions ask for a total

    asked = frozenset(i for m in question.mentions for i in m.ids if question.vocabulary.terms[i].category == "drug")
    amounts = frozenset(question.numbers)
    found = [
        _Dose(drug, regimen, (weekly_total if span == "week" else daily_total)(regimen.regimen), candidate)
        for candidate in chosen
        for text in _texts(candidate, asked, library)
        for drug, regimen in _regimens(text, asked, library)
        if regimen.regimen.frequency is not None
    ]
    named = [dose for dose in found if amounts & figures(dose.found.regimen.text())]
    seen: set[tuple[str, str]] = set()
    for dose in named or found:
        key = (dose.drug, dose.found.regimen.text())
        if key not in seen:
            seen.add(key)
            yield dose


def _texts(candidate: Candidate, asked: frozenset[str], library: Library) -> list[str]:
    """Return the texts in which a regimen belongs to the drug named before it: a sentence, or each cell of a row."""
    passage = candidate.passage
    if passage.table is None or passage.row is None:
        return [candidate.text]
    from corpus.dosing import parse

    cells = [cell.text for cell in candidate.document.tables[passage.table].rows[passage.row].cells]
    own = [cell for cell in cells if any(asked & frozenset(m.ids) for m in library.mentions(cell))]
    return [cell for cell in own if parse(cell)] or [", ".join(cells)]


def _regimens(text: str, asked: frozenset[str], library: Library) -> Iterator[tuple[str, Found]]:
    """Yield the regimens whose nearest drug before them is one that was asked about."""
    from corpus.dosing import parse

    terms = library.vocabulary.terms
    drugs = [m for m in library.mentions(text) if terms[m.ids[0]].category == "drug"]
    for found in parse(text):
        owner = _owner(drugs, found.span.start)
        if owner is not None and asked & frozenset(owner.ids):
            yield terms[min(asked & frozenset(owner.ids))].name.capitalize(), found


def _owner(drugs: Sequence[Mention], start: int) -> Mention | None:
    before = [drug for drug in drugs if drug.start <= start]
    return before[-1] if before else (drugs[0] if len({drug.ids for drug in drugs}) == 1 else None)


def _compare(doses: Sequence[_Dose], draft: Draft) -> None:
    """Set two different totals of one unit side by side."""
    told = [dose for dose in doses[:MOST_TOTALS] if dose.total.low is not None and dose.total.low == dose.total.high]
    if len(told) < 2 or told[0].total.unit != told[1].total.unit or not told[1].total.low or not told[0].total.low:
        return
    low, high = sorted((told[0].total.low, told[1].total.low))
    if low != high:
        ratio = f"{(high / low):.2f}".rstrip("0").rstrip(".")
        citations = (*_cite(told[0].candidate, draft), *_cite(told[1].candidate, draft))
        text = f"The higher total is {ratio} times the lower: {high:f} against {low:f} {told[0].total.unit}."
        draft.state(text, "computed", citations, f"{high:f} / {low:f} = {ratio}")


def _cite(candidate: Candidate, draft: Draft) -> tuple[int, ...]:
    passage = candidate.passage
    if passage.table is None or passage.row is None:
        return draft.cite(candidate.document, passage, candidate.span)
    return draft.cite_row(candidate.document, passage.section, passage.table, passage.row)


def _total(total: Total) -> str:
    assert total.low is not None and total.high is not None
    amount = f"{total.low:f}" if total.low == total.high else f"{total.low:f} to {total.high:f}"
    return f"{'about ' if total.averaged else ''}{amount} {total.unit}"
