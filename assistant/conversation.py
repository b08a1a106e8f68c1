"""What a conversation remembers: the concepts of the last question, as typed state and never as glued text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from assistant.contract import Citation
from assistant.question import Question
from assistant.studies import Study, points_back
from assistant.units import HARD

_FOLLOW_UP = re.compile(
    r"^\W*(?:and|but|or|so|what about|how about|what of|also|then|ok|same for|compare|versus|vs|y|¿y)\b"
    r"|\b(?:it|its|that|those|them|they|this|these|there|one|both|she|he|her|his|him)\b"
    r"|\bthe (?:first|second|third|last|latter|former|rest|others?|same)\b",
    re.IGNORECASE,
)
_SHORT = 4  # words; a question this short that lacks a subject leans on the one before it
_SHORT_MEASURE = 6  # words of one that names a measure and nothing that was measured
_SHORT_WITHOUT_SUBJECT = 10  # words of one that names nothing at all
_CARRIED = ("drug", "disease", "route", "trial")
_CARRIED_WITH_KIND = ("event", "measure", "population")  # what a follow-up takes over that asks for the same of another
_SAME_KINDS = frozenset({"rate", "share", "comparison"})
_SUBJECTS = ("drug", "disease", "event", "measure", "trial", "population")
_ORDINALS = {"first": 0, "former": 0, "second": 1, "latter": -1, "last": -1, "third": 2}
_ORDINAL = re.compile(r"\bthe (" + "|".join(_ORDINALS) + r")(?: one| drug)?\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:the two|both|them all|all of them|each other|the three)\b", re.IGNORECASE)


class Asked(Protocol):
    """What is remembered of a question."""

    @property
    def cues(self) -> tuple[str, ...]:
        """Return the words that signal a kind."""
        ...

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Return the numbers of rows that it names."""
        ...

    @property
    def acronyms(self) -> tuple[str, ...]:
        """Return the names in capitals that the vocabulary lacks."""
        ...

    @property
    def kinds(self) -> Sequence[object]:
        """Return the kinds of question that it is; none if nothing tells."""
        ...

    def names(self, category: str) -> tuple[str, ...]:
        """Return the names of a category."""
        ...


@dataclass
class Conversation:
    """The state that follow-ups lean on; empty at the start of a conversation.

    `carried` are the categories of concepts that a follow-up takes over. Within one message that is all of them, and
    each part `always` leans on the ones before it. `asked` are the events, measures and people of the last question,
    `mentioned` the drugs of the present topic in order, `rows` the numbers of the table rows that were asked about,
    `acronyms` names in capitals that the vocabulary lacks, `citations` those of the last answer, and `study` the one
    that its first sentence tells of.
    """

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    carried: tuple[str, ...] = _CARRIED
    always: bool = False
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cues: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    study: Study | None = None

    @classmethod
    def within_message(cls) -> Conversation:
        """Return a conversation for the parts of one message, in which everything said before still holds."""
        return cls(carried=HARD, always=True)

    def resolve(self, question: Question) -> str:
        """Return the question's text with what it leaves out and the last one said, or its text as it is."""
        if not (self.names or self.rows or self.acronyms) or not (self.always or self._leans(question)):
            return question.text
        carried = [name for category in self.carried for name in self._taken_over(category, question)]
        carried += self._asked_again(question)
        elliptical = not question.kinds and len(question.text.split()) <= _SHORT
        cue = " ".join(self.cues) if elliptical else ""
        rows = () if question.row_keys or question.names("drug") else self.rows
        carried += [] if question.acronyms or question.names("drug") else self.acronyms
        added = " ".join(part for part in (cue, " ".join(carried), *(f"case {row}" for row in rows)) if part)
        return f"{question.text.rstrip(' ?.')} ({added})?" if added else question.text

    def leaned_on(self, asked: str, read: Question) -> Study | None:
        """Return the study of the last answer if a question, as asked and as read with what it leaves out, means it.

        One that points back at it wants no other; one that was completed and names no drug, disease or trial of its
        own may mean another.
        """
        if self.study is None:
            return None
        if points_back(asked, read.vocabulary):
            return replace(self.study, only=True)
        terms, added = read.vocabulary.terms, read.read.rfind("(")
        own = {terms[mention.ids[0]].category for mention in read.mentions if mention.start < added}
        return self.study if read.text != asked and not own & {"drug", "disease", "trial"} else None

    def stands_alone(self, text: str) -> bool:
        """Return whether a question has no word that leans on what was said, so that it may begin another topic."""
        return not self.always and not _FOLLOW_UP.search(text)

    def become(self, other: Conversation) -> None:
        """Take over the state of another conversation."""
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))

    def _asked_again(self, question: Question) -> list[str]:
        """Return the event, measure or people that a follow-up means which asks the same of another drug or dose."""
        if self.always or any(kind.kind not in _SAME_KINDS for kind in question.kinds):
            return []
        if any(question.names(category) for category in (*_CARRIED_WITH_KIND, "disease", "trial")) or question.row_keys:
            return []
        return [name for category in _CARRIED_WITH_KIND for name in self.asked.get(category, ())]

    def _taken_over(self, category: str, question: Question) -> tuple[str, ...]:
        """Return the names of a category that the question means without saying them."""
        if question.names(category):
            return ()
        if category == "drug" and self.mentioned:
            if ordinal := _ORDINAL.search(question.text):
                place = _ORDINALS[ordinal.group(1).lower()]
                return self.mentioned[place : place + 1] or self.mentioned[-1:] if place >= 0 else self.mentioned[-1:]
            if _SEVERAL.search(question.text):
                return self.mentioned
        return self.names.get(category, ())

    def remember(self, question: Asked) -> None:
        """Keep what the next question may leave out; a category that was not named keeps its last names."""
        new_topic = not self.always and bool(question.names("drug")) and bool(question.names("disease"))
        kept = {} if new_topic else dict(self.names)
        kept.update({category: names for category in self.carried if (names := question.names(category))})
        self.names = kept
        before = () if new_topic else self.mentioned
        self.mentioned = tuple(dict.fromkeys((*before, *question.names("drug"))))
        if any(question.names(category) for category in (*_CARRIED_WITH_KIND, "disease", "trial")) or question.kinds:
            self.asked = {category: question.names(category) for category in _CARRIED_WITH_KIND}
        self.rows = question.row_keys or (() if new_topic else self.rows)
        self.acronyms = question.acronyms or (() if new_topic else self.acronyms)
        if question.cues:
            self.cues = question.cues

    def _leans(self, question: Question) -> bool:
        """True for a question that leaves its subject out: it names one kind of thing at most."""
        named = {category for category in _SUBJECTS if question.names(category)}
        if not named and not question.row_keys:
            most = _SHORT_WITHOUT_SUBJECT
        else:
            most = _SHORT_MEASURE if named == {"measure"} else _SHORT
        short = len(question.text.split()) <= most
        return len(named) < 2 and (short or bool(_FOLLOW_UP.search(question.text)))
