"""The answer as the sources' own sentences: the best one to three, and table rows read with their headers."""

from __future__ import annotations

import re

from assistant.candidates import ENOUGH_COVERAGE, Candidate
from assistant.columns import asked_columns
from assistant.drafting import Draft
from assistant.evidence import Evidence
from assistant.units import HARD, Unit
from corpus.figures import Shape, figures
from corpus.text import words
from corpus.types import PassageKind

MOST_STATEMENTS = 4
MOST_WORDS = 120
_SLACK = 0.02  # coverage that an equally good sentence may lack
_SLACK_OF_SIDES = 0.1  # the same where kinds of drug are compared: each sentence tells one side
_AS_GOOD = 0.93  # share of the best score that it has to reach
_ENOUGH_FOR_ASIDE = 0.75  # coverage that a document's note needs where nothing else answers
_NEARLY_AS_GOOD = 0.85  # the same for one that adds no more than a word that signals the kind of question
_TOLD_BY_WORD = frozenset({"exclusion"})  # kinds of question that only a sentence with one of their words answers
_LITTLE = 0.12  # share of a question's weight below which plain words add little
_NEAR = 0.95  # share of the best sentence's coverage and nearness that a note has to reach to be told with it
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORDS_OF_A_ROW = 60
_TELLING = 5  # letters from which a word tells something new
_TOO_ALIKE = 0.6  # share of common words above which a second statement adds nothing


def choose(evidence: Evidence, planned: tuple[str, ...] = ()) -> list[Candidate]:
    """Return the candidates that together answer the question, best first; none if the library doesn't hold it.

    `planned` are the words of sentences that speak of what is to come: they answer no question for results.
    """
    eligible = _with_the_numbers([candidate for candidate in evidence.candidates if is_about(candidate, planned)])
    # What a document says of the matter comes before what it remarks on its source or says of another drug; those
    # answer only where nothing else does.
    eligible.sort(key=_is_second_best)
    best = next((c for n, c in enumerate(eligible) if c.is_enough and (n == 0 or c.coverage >= ENOUGH_COVERAGE)), None)
    if best is None or (best.is_aside and not _asks_for_source(best) and best.coverage < _ENOUGH_FOR_ASIDE):
        return []
    if _is_second_best(best):
        eligible = [candidate for candidate in eligible if _is_second_best(candidate)]
    chosen = [best]
    while len(chosen) < MOST_STATEMENTS:
        covered = frozenset[int]().union(*(other.covered for other in chosen))
        more = [
            c
            for c in eligible
            if not _is_second_best(c) and c.gain(covered) > 0 and not _adds_only_words(c, covered, chosen)
        ]
        if not more:
            break
        chosen.append(max(more, key=lambda candidate: (candidate.gain(covered), candidate.score)))
    slack = _SLACK_OF_SIDES if evidence.reader and evidence.reader.compares_kinds else _SLACK
    as_good = _as_good(eligible, chosen, slack)
    return _within_words([*chosen, *as_good][:MOST_STATEMENTS] + _caution(evidence, eligible, best))


def _caution(evidence: Evidence, eligible: list[Candidate], best: Candidate) -> list[Candidate]:
    """Return the document's own note about its print that concerns the answer most nearly, if there is one."""
    if row := {i for i in best.covered if best.units[i].category == "row"}:
        remarks = (c for c in evidence.candidates if c.is_aside and c.document.id == best.document.id)
        return [c for c in remarks if row <= c.own and c.gain(frozenset(row)) > 0][:1]
    notes = [c for c in eligible if c.is_aside and c is not best and c.document.id == best.document.id]
    near = [c for c in notes if c.coverage >= _NEAR * best.coverage and c.cosine >= _NEAR * best.cosine]
    return [note for note in near if _names_what_is_treated(note)][:1]


def _names_what_is_treated(note: Candidate) -> bool:
    """True unless a disease is asked about that a note itself doesn't name: its figures are then another's."""
    asked = {i for i, unit in enumerate(note.units) if unit.category == "disease"}
    return not asked or bool(asked & note.own)


def _is_second_best(candidate: Candidate) -> bool:
    return candidate.beside or (candidate.is_aside and not _asks_for_source(candidate))


def _with_the_numbers(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out rows that lack a number of the question which other rows hold: "with 60 mg" means the row of 60 mg."""
    held = [sum(c.units[i].category == "number" for i in c.own) for c in candidates]
    most = max((n for c, n in zip(candidates, held, strict=True) if c.passage.table is not None), default=0)
    return [c for c, n in zip(candidates, held, strict=True) if c.passage.table is None or n == most]


def _as_good(eligible: list[Candidate], chosen: list[Candidate], slack: float) -> list[Candidate]:
    """Return the candidates that answer as well as the best one and say something else."""
    best = chosen[0]
    found: list[Candidate] = []
    for candidate in eligible:
        if candidate.coverage < best.coverage - slack or candidate is best:
            continue
        if candidate.passage.table is not None:
            if _is_other_row(candidate, best):
                found.append(candidate)
        elif candidate.score >= _AS_GOOD * best.score and not _is_second_best(candidate):
            if all(candidate is not other and not _says_the_same(candidate, other) for other in (*chosen, *found)):
                found.append(candidate)
    return found


def _is_other_row(candidate: Candidate, best: Candidate) -> bool:
    """True for another row of the best one's table: where both fit, telling one alone would hide that they differ."""
    one, other = candidate.passage, best.passage
    same_table = one.table is not None and (one.document_id, one.table) == (other.document_id, other.table)
    return same_table and one.row != other.row


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    """True if a sentence brings neither a figure nor a longer word that the other lacks."""
    new = set(words(one.text).split()) - set(words(other.text).split())
    return figures(one.text) <= figures(other.text) and not any(len(word) >= _TELLING for word in new)


def _adds_only_words(candidate: Candidate, covered: frozenset[int], chosen: list[Candidate]) -> bool:
    """True for a candidate that brings in no new concept or figure and says nearly what a chosen one says.

    One that only signals a kind of question ("included" for who was enrolled) has to answer nearly as well besides.
    """
    new = {candidate.units[i].category for i in candidate.own - covered}
    if new <= {"shows", "cue"} and candidate.score < _NEARLY_AS_GOOD * chosen[0].score:
        return True
    if not new <= {"word", "shows", "general", "cue"}:
        return False
    total = sum(unit.weight for unit in candidate.units) or 1.0
    little = "general" not in new and candidate.gain(covered) < _LITTLE * total
    far = little and candidate.score < _NEARLY_AS_GOOD * chosen[0].score
    return far or any(_alike(candidate, other) for other in chosen)


def is_about(candidate: Candidate, planned: tuple[str, ...] = ()) -> bool:
    """Return whether a candidate is about what was asked.

    It has to name, itself or through its heading, one concept of every category in which the question names any,
    and to hold one of the kinds of figure that the question wants.
    """
    if candidate.passage.kind is PassageKind.REFERENCE and not _asks_for_source(candidate):
        return False
    if _asks_for_result(candidate) and (candidate.no_finding or _is_planned(candidate, planned)):
        return False
    if _asks_for_advice(candidate) and not _advises(candidate):
        return False
    known = candidate.covered | candidate.remote
    for category in ("word", "number"):
        binding = {i for i, unit in enumerate(candidate.units) if unit.binding and unit.category == category}
        if binding and not binding & known:
            return False
    if _other_year(candidate) or _other_of_a_programme(candidate):
        return False
    if any(unit.label in _TOLD_BY_WORD and i not in candidate.own for i, unit in enumerate(candidate.units)):
        return False
    for category in (*HARD, "shape"):
        asked = {i for i, unit in enumerate(candidate.units) if unit.category == category}
        if asked and not asked & candidate.covered:
            return False
    return True


def _other_year(candidate: Candidate) -> bool:
    """True for a sentence of another year than the one that the question names: it tells of another study."""
    asked = {unit.label for unit in candidate.units if unit.category == "number" and _YEAR.fullmatch(unit.label)}
    told = set(_YEAR.findall(candidate.text))
    return bool(asked and told and not asked & told)


def _other_of_a_programme(candidate: Candidate) -> bool:
    """True for a sentence that names another trial of the programme that the question names one of: "ORAL Standard".

    Such names are a word and what stands right after it, another name or a number.
    """
    for first in (unit for unit in candidate.units if unit.binding and unit.category == "word"):
        after = first.start + len(first.surface) + 1
        second = next((u.label for u in candidate.units if u.start == after and u.category in ("word", "number")), None)
        named = {
            found.group(1).lower()
            for found in re.finditer(rf"\b(?i:{re.escape(first.surface)})[\s-]+([A-Z]\w+|\d+)\b", candidate.text)
        }
        if second and named and second.lower() not in named:
            return True
    return False


def _asks_for_result(candidate: Candidate) -> bool:
    return any(unit.category == "cue" and unit.label in ("result", "results") for unit in candidate.units)


def _asks_for_advice(candidate: Candidate) -> bool:
    """True where it is asked what should be done, other than by which dose: what happened to somebody is no answer."""
    shapes = {unit.shape for unit in candidate.units}
    return not shapes & {Shape.DOSE} and any(_is_advice(unit) for unit in candidate.units)


def _advises(candidate: Candidate) -> bool:
    return any(_is_advice(candidate.units[i]) for i in candidate.own)


def _is_advice(unit: Unit) -> bool:
    return unit.category == "shows" and unit.label == "advice"


def _is_planned(candidate: Candidate, planned: tuple[str, ...]) -> bool:
    text = f" {words(candidate.text)} "
    return any(f" {phrase} " in text for phrase in planned)


def _asks_for_source(candidate: Candidate) -> bool:
    return any(unit.category == "shows" and unit.label == "source" for unit in candidate.units)


def compose(chosen: list[Candidate], evidence: Evidence, draft: Draft) -> None:
    """State each chosen candidate, cited."""
    for candidate in chosen:
        if candidate.passage.table is None:
            draft.state_sentence(candidate.document, candidate.passage, candidate.span)
            if candidate.continued:
                draft.state_sentence(candidate.document, *candidate.continued)
        elif evidence.reader is not None and candidate.passage.row is not None:
            table = candidate.document.tables[candidate.passage.table]
            columns = asked_columns(evidence.reader, table, candidate.passage.row)
            draft.state_row(candidate.document, candidate.passage, columns)


def _alike(one: Candidate, other: Candidate) -> bool:
    first, second = set(words(one.text).split()), set(words(other.text).split())
    return len(first & second) > _TOO_ALIKE * min(len(first), len(second))


def _within_words(chosen: list[Candidate]) -> list[Candidate]:
    kept, count = chosen[:1], _length(chosen[0])
    for candidate in chosen[1:]:
        count += _length(candidate)
        if count <= MOST_WORDS:
            kept.append(candidate)
    return kept


def _length(candidate: Candidate) -> int:
    """Return about how many words a candidate is told in: of a wide row only the cells that were asked for."""
    words_in_all = len(candidate.text.split())
    return words_in_all if candidate.passage.table is None else min(words_in_all, _WORDS_OF_A_ROW)
