"""A passage → the sentences or the row of it that might answer, each with what it covers and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.candidates import Candidate
from assistant.continuations import continuation
from assistant.cover import Cover
from assistant.coverage import Reader
from assistant.damaged import is_usable
from assistant.directed import is_directed
from assistant.readings import unit_after
from assistant.surroundings import NOT_LENT, around, drug_spoken_of, heading, is_closed
from assistant.units import Unit
from corpus.abbreviations import counterparts
from corpus.figures import Shape, has_shape
from corpus.text import without_markup
from corpus.types import Document, Passage, PassageKind, Span, Table
from index.library import Library
from index.portrait import is_cited_work
from index.sentence_cues import load_cues

WIDE_TABLE = 6
"""Columns above which a row is one case of many: it answers questions about cases, others where nothing else does."""

ROW_COSINE = 0.3
"""Cosine that is assumed of a table row that search did not find: rows have no sentence vector of their own."""

FACT_BONUS = 0.12
"""What it adds to a sentence's score that it tells a fact which matches the question."""

REGIMEN_BONUS = 0.06
"""What it adds for a question about a dose that a sentence gives an amount with its frequency."""

NAME_BONUS, MOST_NAMES = 0.02, 5
"""What each name that was asked for adds to a sentence's score, and up to how many count."""

COUNT_BONUS = 0.06
"""What each noun of "how many" that stands with its number adds to a sentence's score."""

DIRECTED_BONUS = 0.06
"""What it adds where the question asks for more or less of something that a sentence tells a direction."""

LONG_PENALTY, LONG = 0.06, 40
"""What a sentence of twice as many words or more loses, and words up to which none is lost."""

DOSED_BONUS = 0.06
"""What each of several drugs asked about adds to a sentence's score that gives its dose."""

FOREIGN_PENALTY, MOST_FOREIGN = 0.05, 3
"""What each drug that a dose question does not ask about takes from a sentence's score, and up to how many count."""

BROAD_PENALTY, MOST_DISEASES = 0.12, 3
"""What it takes from a dose's score that it is given for more diseases at once: one disease's own dose comes first."""

ROW_BONUS = 0.1
"""What it adds to a row's score that the question asks for a table's entry."""

_LENT_BY_WORK = frozenset({"drug", "disease", "trial", "word", "general"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_CAPTION = re.compile(r"\**(?:Table|Figure|Fig\.)\s*(?:\d+|[IVX]+)\**[.:]?\**\s+[A-Z]")
_RESULT = re.compile(r"\bp\s*[<=>]|\bsignificantly\b|\bshowed\b|\bdemonstrated\b|\bconfirmed\b", re.IGNORECASE)
_OBJECTIVE = re.compile(r"> (?:objectives?|aims?|purpose)\W*$", re.IGNORECASE)
_AIM = re.compile(
    r"(?:In order to|To) (?!our\b|the\b|date\b|this\b|these\b|an?\b)[a-z]+ "
    r"|.*\b(?:study|trial) (?:is |was )?(?:investigating|evaluating|assessing|comparing|testing|examining)\b"
)
_CRITERIA = re.compile(r"(?:main |key |the )*(?:exclusion|inclusion) criteria", re.IGNORECASE)
_OWN_LABEL = "of this digest"
_TREATED = {"drug": {"drug"}, "disease": {"disease", "event"}, "event": {"disease", "event"}}


def candidates_in(
    passage: Passage,
    score: float,
    reader: Reader,
    library: Library,
    places: set[tuple[str, int]],
    near: dict[tuple[int, int], float],
) -> Iterator[Candidate]:
    """Yield the sentences of a passage, or its row, with what they cover; nothing of a damaged table or row.

    Of a digest whose original is in the library only what that one bears out is told, and of the original only what
    the digest doesn't say: nobody answers from both.
    """
    document = library.document(passage.document_id)
    if passage.kind is PassageKind.FRAGMENT or not is_usable(document, Span(passage.start, passage.end)):
        return
    table = document.tables[passage.table] if passage.table is not None else None
    if table is not None and (table.damage or is_apparatus(table)):
        return
    parts = library.parts(passage)
    continued = continuation(document, passage, parts[-1][0], library) if parts else None
    if continued:
        whole = f"{parts[-1][1]} {without_markup(continued[1].of(document.text))}"
        parts = (*parts[:-1], (parts[-1][0], whole))
    covers, lent = _covers(document, passage, parts, reader, library)
    wide = table is not None and len(table.columns) > WIDE_TABLE
    for number, ((span, text), cover) in enumerate(zip(parts, covers, strict=True)):
        if reader.speaks_to_machines(text) or library.editions.is_superseded(document.id, span):
            continue
        if not library.editions.answers(document.id, span.start):
            continue
        lent_here = lent | drug_spoken_of([text for _, text in parts[:number]], reader)
        context = frozenset(
            i for i in lent_here - cover.units if not is_closed(reader.units[i].category, cover, passage)
        )
        no_finding = table is None and _is_no_finding(passage.section, text, reader)
        beside = cover.foreign_first or (wide and not reader.prefers_rows) or reader.is_rate_beside_dose(text)
        yield Candidate(
            document,
            passage,
            span,
            text,
            score,
            near.get((passage.id, span.start), ROW_COSINE),
            cover.units,
            context,
            reader.units,
            _remote(document.id, cover.units | context, reader, library),
            _bonus(passage, text, cover, (document.id, span.start) in places, reader),
            beside or no_finding,
            no_finding,
            continued if number == len(parts) - 1 else None,
            library.manifest.calibration,
        )


def _covers(
    document: Document, passage: Passage, parts: Sequence[tuple[Span, str]], reader: Reader, library: Library
) -> tuple[list[Cover], frozenset[int]]:
    """Return what each part of a passage covers, and what stands around them all."""
    portrait = library.portrait(document.id)
    above = f"{heading(document, passage)}. {portrait.trial}"
    if not reader.asks_for_dose and not any(reader.named(above, category) for category in ("drug", "disease")):
        above = ". ".join((above, *portrait.subjects))  # a dose is never that of a drug named elsewhere only
    if passage.table is not None and passage.row is not None:
        table = document.tables[passage.table]
        return [_row_cover(table, passage.row, reader)], reader.cover(f"{table.caption}. {above}").units
    covers = [_with_counterparts(text, portrait.abbreviations, reader) for _, text in parts]
    lent = around(reader.cover(above), covers, [text for _, text in parts], reader)
    if work := portrait.work_above(passage):
        cited = reader.cover(document.text[work.start : work.end])
        lent |= frozenset(i for i in cited.units if _is_lent_by_work(reader.units[i]))
    return covers, lent


def _is_lent_by_work(unit: Unit) -> bool:
    """Return whether a citation that stands over a paragraph tells what that is about; of its numbers only the year."""
    return unit.category in _LENT_BY_WORK or (unit.category == "number" and bool(_YEAR.fullmatch(unit.label)))


def _with_counterparts(text: str, known: Mapping[str, str], reader: Reader) -> Cover:
    """Return what a sentence covers, also where the document writes an abbreviation for it or spells one out."""
    cover = reader.cover(text)
    if not (other := counterparts(text, known)):
        return cover
    more = reader.cover(other)
    units = frozenset(i for i in more.units if reader.units[i].category not in NOT_LENT)
    return replace(cover, units=cover.units | units, categories=cover.categories | more.categories)


def _remote(document_id: str, covered: frozenset[int], reader: Reader, library: Library) -> frozenset[int]:
    """Return the plain words of the question that stand elsewhere in the document only."""
    return frozenset(
        i
        for i, unit in enumerate(reader.units)
        if unit.category == "word"
        and not unit.here
        and i not in covered
        and unit.stems & library.document_stems(document_id)
    )


def _bonus(passage: Passage, text: str, cover: Cover, tells_fact: bool, reader: Reader) -> float:
    """Return what speaks for a part of a passage beside what it covers, and against it."""
    bonus = FACT_BONUS * tells_fact
    bonus += ROW_BONUS * (reader.prefers_rows and passage.kind is PassageKind.ROW)
    bonus += REGIMEN_BONUS * (reader.asks_for_dose and has_shape(text, Shape.REGIMEN))
    bonus -= FOREIGN_PENALTY * min(cover.foreign_drugs, MOST_FOREIGN)
    bonus -= BROAD_PENALTY * (reader.asks_for_dose and len(reader.named(text, "disease")) > MOST_DISEASES)
    bonus += NAME_BONUS * min(cover.names, MOST_NAMES) + COUNT_BONUS * cover.counts
    bonus += DIRECTED_BONUS * (reader.asks_direction and is_directed(text))
    bonus -= LONG_PENALTY * min(max(len(text.split()) - LONG, 0), LONG) / LONG
    return bonus + DOSED_BONUS * cover.dosed


def _is_no_finding(section: str, text: str, reader: Reader) -> bool:
    """Return whether a sentence tells no finding: a caption, a work's citation; where none is asked for, also an aim.

    Who could take part is told by criteria; where they are not asked for, what they name was not given and not found.
    """
    if is_cited_work(text) or _CAPTION.match(text):
        return True
    if not reader.asks_who_took_part and _CRITERIA.match(text):
        return True
    if reader.asks_for_aim or _RESULT.search(text):
        return False
    return bool(_OBJECTIVE.search(section) or _AIM.match(text)) or load_cues().shown(text).aim


def _row_cover(table: Table, row: int, reader: Reader) -> Cover:
    """Return what a row covers. A comorbidity or an earlier drug is not what the row's patient was treated for or with.

    Drugs and diseases in columns of background count only beside another drug or disease of the question's that
    stands in the foreground. No cell covers the 1 of "Table 1".
    """
    foreground, background = Cover(), Cover()
    for number, cell in enumerate(table.rows[row].cells):
        name = table.columns[number] if number < len(table.columns) else ""
        cover = reader.cover(f"{name}: {cell.text}{unit_after(cell.text, name)}")
        if reader.is_background(name):
            background = background.joined(cover)
        else:
            foreground = foreground.joined(cover)
    told = {reader.units[i].category for i in foreground.units}
    counted = frozenset(
        i
        for i in background.units
        if reader.looks_up_person or (kin := _TREATED.get(reader.units[i].category)) is None or kin & told
    )
    return replace(
        foreground.joined(background),
        units=(foreground.units | counted) - reader.places,
        names=foreground.names,
        foreign_drugs=0,
    )


def is_apparatus(table: Table) -> bool:
    """Return whether a table is a digest's own, made to explain its source, and says nothing that this one prints."""
    return any(_OWN_LABEL in column for column in table.columns)
