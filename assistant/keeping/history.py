"""The questions that were asked before, for going back to them from the prompt."""

from __future__ import annotations

from assistant.keeping.kept import Store

MOST = 1000


def asked_before(store: Store, most: int = MOST) -> list[str]:
    """Return the questions asked in any conversation that is kept, newest last, each once, at most `most` of them."""
    return [question for question in reversed(store.questions(most)) if question.strip()]
