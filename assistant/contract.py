"""The Answer: the one object that every way of asking returns. Fields may be added, never renamed or removed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MARKUP = "the document's markup is left out"
"""Why a reading differs from its quote where nothing is wrong with the print."""

Status = Literal["answered", "abstained", "redirected"]
StatementKind = Literal["fact", "quote", "computed", "note"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Statement(_Frozen):
    """One sentence of an answer.

    `quote` stands as it is in its citation's quote or reading; `fact` is composed from rows or facts; `computed`
    shows its working; `note` states nothing of medicine and needs no citation.
    """

    text: str
    kind: StatementKind
    citations: tuple[int, ...] = ()
    working: str | None = None

    @property
    def marked(self) -> str:
        """Return the text with its citation marks."""
        return " ".join([self.text, *(f"[{number}]" for number in self.citations)])


class Citation(_Frozen):
    """A numbered pointer to a verbatim quote: `document.text[start:end] == quote`.

    `reading` is the quote as it is to be read, given only where the stored text needs it, with `reading_reason`.
    `damage` says what looks damaged in the print where it is not certain how it reads.
    """

    number: int
    document_id: str
    title: str
    section: str
    year: int | None = None
    locator: str
    start: int
    end: int
    quote: str
    reading: str | None = None
    reading_reason: str | None = None
    damage: str | None = None


class Related(_Frozen):
    """A passage near the question that does not answer it."""

    document_id: str
    section: str
    locator: str
    start: int
    end: int
    quote: str


class Conflict(_Frozen):
    """A disagreement between cited passages."""

    summary: str
    citations: tuple[int, ...]


class StudyTold(_Frozen):
    """The study that an answer's first sentence tells of: a document, and the references that the sentence names."""

    document_id: str
    refs: tuple[str, ...] = ()


class Support(_Frozen):
    """Why there is an answer or none: what the best sentence covers, and how sure that makes it.

    `coverage` is the share of the question's weight that is covered, `similarity` the cosine of question and sentence,
    `names` the share of the names' weight that is held; `about` tells whether it holds a concept of every category that
    the question names and the kind of figure that it wants: what doesn't answers nothing, however sure. Below
    `threshold` nothing is answered; `risk` is the share of questions without an answer in the library that passed it on
    development data.
    """

    confidence: float
    coverage: float
    similarity: float
    names: float
    about: bool
    threshold: float
    risk: float


class Interpretation(_Frozen):
    """What the question was taken to ask. Names are preferred names of the vocabulary.

    `rows` are the numbers of the table rows that it names, `acronyms` names in capitals that the vocabulary lacks, and
    `cues` the words that signal its kind: with the names, all that a follow-up may lean on.
    """

    kind: str = "other"
    resolved: str = ""
    drugs: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    typos: dict[str, str] = Field(default_factory=dict)
    confidence: float | None = None
    support: Support | None = None


class Answer(_Frozen):
    """An answer, complete in itself: `answer` is the statements' marked texts in order and nothing else."""

    id: str | None = None
    question: str
    status: Status
    answer: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    related: tuple[Related, ...] = ()
    interpretation: Interpretation = Interpretation()
    study: StudyTold | None = None
    seconds: float = 0.0


def joined(statements: tuple[Statement, ...]) -> str:
    """Return what a person reads: the statements' texts in order, each with its marks."""
    return " ".join(statement.marked for statement in statements)
