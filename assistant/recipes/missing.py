"""What of a question in several names the answer leaves out: the drug, disease or event that nothing told is about.

A question about two drugs of which one is held is answered for that one, and says that nothing is told of the other.
"""

from __future__ import annotations

from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.units import Unit

_CATEGORIES = ("drug", "disease", "event")


def add(evidence: Evidence, draft: Draft) -> None:
    """Say which of several names of one category nothing in the draft is about, if it is about another of them."""
    reader = evidence.reader
    if reader is None or any(statement.kind == "computed" for statement in draft.statements):
        return
    told = frozenset[int]()
    for text in (*(s.text for s in draft.statements), *(f"{c.section}. {c.title}" for c in draft.citations)):
        told |= reader.cover(text).units
    left_out: list[Unit] = []
    for category in _CATEGORIES:
        asked = [(i, unit) for i, unit in enumerate(evidence.units) if unit.category == category]
        missing = [unit for i, unit in asked if i not in told]
        if len(missing) < len(asked):
            left_out += missing
    if left_out:
        names = " or ".join(unit.surface for unit in sorted(left_out, key=lambda unit: unit.start))
        draft.state(f"Nothing was found that answers this for {names}.", "note")
