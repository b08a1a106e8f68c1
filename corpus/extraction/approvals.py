"""Approval facts: "X is approved for DISEASE", "X is indicated for the treatment of DISEASE", "off-label in …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from corpus.dose_words import ROUTES, word_of
from corpus.extraction.cues import Cues
from corpus.extraction.doubts import clause_before
from corpus.extraction.found import Extracted, found_at
from corpus.extraction.lists import row_after, row_before
from corpus.extraction.said import Said
from corpus.extraction.surroundings import references
from corpus.facts import Approval
from corpus.terms import Mention

CONFIDENCE = 0.85
_FAR = 80  # characters that may stand between a drug and what is said of its approval
_ROUTE = re.compile(rf"(?:{'|'.join(ROUTES.values())})[\s-]+$", re.IGNORECASE)
_STOPS = re.compile(r"[;:]|\b(?:but|while|whereas|unlike|although)\b")


def approval_facts(said: Said, cues: Cues) -> Iterator[Extracted]:
    """Yield a fact for each drug and disease of a sentence that tells an approval or an off-label use."""
    if said.passage.table is not None:
        return
    for pattern, status in ((cues.approved, "approved"), (cues.off_label, "off-label")):
        for told in pattern.finditer(said.text):
            if cues.unapproved.search(clause_before(said.text, told.start())[-_FAR:]):
                continue
            for drug in _drugs(said, told.start()):
                for disease in row_after(said.text, told.end(), said.named("disease")):
                    if len(disease.ids) == 1:
                        yield _fact(said, drug, disease, status, cues)  # type: ignore[arg-type]


def _drugs(said: Said, at: int) -> list[Mention]:
    """Return the drugs of which something is said, never a class: the row before it, near by and in its clause."""
    drugs = row_before(said.text, at, said.named("drug"))
    if not drugs or at - drugs[-1].end > _FAR or _STOPS.search(said.text, drugs[-1].end, at):
        return []
    return [drug for drug in drugs if not said.lexicon.is_class(drug)]


def _fact(
    said: Said, drug: Mention, disease: Mention, status: Literal["approved", "off-label"], cues: Cues
) -> Extracted:
    found = found_at(
        said, (status, drug.ids[0], disease.ids[0]), (drug.surface, disease.surface), references(said.text)
    )
    regulator = cues.regulators.search(said.text)
    route = _ROUTE.search(said.text[: drug.start])
    year = said.document.source.year
    fact = Approval(
        id=found.id,
        where=(found.where,),
        origin="extracted",
        confidence=CONFIDENCE,
        drug=drug.ids[0],
        indication=disease.ids[0],
        status=status,
        route=word_of(ROUTES, route[0]) if route else None,
        regulator=" ".join(regulator[0].split()) if regulator else None,
        as_of=f"document of {year}" if year else "document without a date",
    )
    return found.as_fact(fact)
