"""A second look into the study that a question names: its own paragraphs hardly repeat its name.

"What was the mean age in EGALITY?" finds by its words the paragraphs that name EGALITY; the one with the mean age is
found when the document that reports it is searched for the rest of the question.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.coverage import Reader
from assistant.question import Question
from assistant.units import Unit
from corpus.words import words_of
from index.library import Library
from index.search import Filters, Hit, HybridSearcher

MOST_DOCUMENTS = 2
MOST_PASSAGES = 12


def hits_of_named_study(question: Question, hits: Sequence[Hit], reader: Reader, library: Library) -> list[Hit]:
    """Return the passages of the study that a question names which the rest of the question finds; none without one.

    `hits` are those of the whole question, of whose documents the first that is headed by the study's name is searched.
    """
    identity = [unit for unit in reader.units if _identifies(unit, question)]
    if not identity:
        return []
    found = dict.fromkeys(hit.passage.document_id for hit in hits)
    documents = [document for document in found if _is_headed(document, identity, reader, library)][:MOST_DOCUMENTS]
    names = {word.folded for unit in identity for word in words_of(unit.surface)} | question.vocabulary.studies
    rest = " ".join(word.text for word in words_of(question.read) if word.folded not in names)
    if not documents or not rest:
        return []
    known = {hit.passage.id for hit in hits}
    again = HybridSearcher(library).search(rest, MOST_PASSAGES, Filters(tuple(documents)), question.expansions)
    return [hit for hit in again if hit.passage.id not in known]


def _identifies(unit: Unit, question: Question) -> bool:
    return unit.category == "trial" or (
        unit.category == "word" and (unit.binding or unit.surface in {word.lower() for word in question.acronyms})
    )


def _is_headed(document_id: str, identity: Sequence[Unit], reader: Reader, library: Library) -> bool:
    """Return whether a document's title or the trial that it reports is named as the question names its study."""
    trial = library.portrait(document_id).trial
    heading = f"{library.document(document_id).source.title}. {trial}"
    covered = reader.cover(heading).units
    return any(unit in identity for unit in (reader.units[i] for i in covered))
