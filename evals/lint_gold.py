"""What a linter of the questions learns from a library: whether the gold stands, and bears out what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.candidates import ENOUGH_COVERAGE
from assistant.conversation import Conversation
from assistant.evidence import gather
from assistant.interpret import interpret
from corpus.text import one_line
from evals.gold import find_document, sentences_of_gold, span_of
from evals.lint import Finding
from evals.stated import states
from evals.suite import Item, Turn
from index.library import Library
from index.search import HybridSearcher

# What is counted or calculated need not be printed, and a false premise is set right in other words.
_IN_OTHER_WORDS = frozenset({"computed"})
_LONGEST_HINT = 200  # characters of a sentence that is shown


def lint_gold(items: Sequence[Item], library: Library) -> Iterator[Finding]:
    """Yield what the documents of a library show to be wrong with items, or to be looked at."""
    for item in items:
        for turn in item.turns:
            yield from _gold_stands(turn, library)
            yield from _gold_satisfies(item.kind, turn, library)
            yield from _gold_is_allowed(turn, library)
        yield from _answerable(item, library)


def _gold_stands(turn: Turn, library: Library) -> Iterator[Finding]:
    for gold in turn.gold:
        document = find_document(gold.document, library)
        if document is None:
            yield Finding("error", "gold", turn.id, f"there is no document {gold.document!r}")
            continue
        for quote in (gold.quote, *gold.also):
            if span_of(quote, document.text) is None:
                yield Finding("error", "gold", turn.id, f"{gold.document} does not hold {quote!r}")


def _gold_satisfies(kind: str, turn: Turn, library: Library) -> Iterator[Finding]:
    """Find what an answer must say although neither the gold's quotes nor their whole sentences say it."""
    if not turn.gold or kind in _IN_OTHER_WORDS:
        return
    quotes = [one_line(gold.quote) for gold in turn.gold]
    whole = [text for gold in turn.gold for text in sentences_of_gold(gold, library)]
    text = " ".join([*quotes, *whole])
    for group in turn.must:
        if group and not any(re.search(pattern, text, re.IGNORECASE) for pattern in group):
            yield Finding("error", "must", turn.id, f"the gold does not satisfy {group[0]!r}")
    for state in turn.states:
        if not any(states(part, state, library) for part in (*quotes, *whole)):
            yield Finding("warning", "states", turn.id, f"no sentence of the gold states {state}")


def _gold_is_allowed(turn: Turn, library: Library) -> Iterator[Finding]:
    """Find what an answer must not say although the gold says it; its whole sentence saying so is to be looked at."""
    quotes = " ".join(one_line(gold.quote) for gold in turn.gold)
    whole = " ".join(text for gold in turn.gold for text in sentences_of_gold(gold, library))
    for pattern in turn.must_not:
        if found := re.search(pattern, quotes, re.IGNORECASE):
            yield Finding("error", "must_not", turn.id, f"{pattern!r} forbids {found.group()!r}, which the gold says")
        elif found := re.search(pattern, whole, re.IGNORECASE):
            yield Finding(
                "warning", "must_not", turn.id, f"{pattern!r} forbids {found.group()!r} of the gold's sentence"
            )


def _answerable(item: Item, library: Library) -> Iterator[Finding]:
    """Find refused questions that a sentence covers, as the program reads them: a hint for a person, no verdict."""
    conversation = Conversation()
    searcher = HybridSearcher(library)
    for turn in item.turns:
        question = interpret(turn.question, library.vocabulary, searcher)
        question = interpret(conversation.resolve(question), library.vocabulary, searcher)
        conversation.remember(question)
        if turn.expect != "abstained" or not question.text.strip():
            continue
        candidates = gather(question, library).candidates
        best = max(candidates, key=lambda candidate: candidate.coverage, default=None)
        if best is not None and best.coverage >= ENOUGH_COVERAGE:
            told = f"{best.document.id} covers {best.coverage:.0%}: {best.text[:_LONGEST_HINT]}"
            yield Finding("warning", "answerable", turn.id, f"{turn.question!r} is to be refused, but {told}")
