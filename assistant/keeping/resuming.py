"""Taking a conversation up again: what its follow-ups may lean on, rebuilt from the answers that were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.contract import Interpretation
from assistant.conversation import Conversation
from assistant.keeping.kept import Exchange
from assistant.studies import Study

_NO_KIND = "other"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A question as its answer kept it."""

    read: Interpretation

    @property
    def cues(self) -> tuple[str, ...]:
        return self.read.cues

    @property
    def row_keys(self) -> tuple[str, ...]:
        return self.read.rows

    @property
    def acronyms(self) -> tuple[str, ...]:
        return self.read.acronyms

    @property
    def kinds(self) -> tuple[str, ...]:
        return () if self.read.kind == _NO_KIND else (self.read.kind,)

    def names(self, category: str) -> tuple[str, ...]:
        read = self.read
        known = {"drug": read.drugs, "disease": read.diseases, "route": read.routes, "trial": read.trials}
        known |= {"event": read.events, "measure": read.measures, "population": read.populations}
        return known[category]


def resumed(exchanges: Iterable[Exchange]) -> Conversation:
    """Return the conversation as it was after the last of `exchanges`, so that the next question may follow it up.

    An answer that an older version kept, without all that it was read as, is remembered as far as it goes.
    """
    conversation = Conversation()
    for exchange in exchanges:
        conversation.remember(_Kept(exchange.answer.interpretation))
        if exchange.answer.status == "answered":
            conversation.citations = exchange.answer.citations
            told = exchange.answer.study
            conversation.study = Study(frozenset({told.document_id}), frozenset(told.refs)) if told else None
    return conversation
