"""What a text names, as the vocabulary has it, and when two names mean the same or one a kind of the other."""

from __future__ import annotations

from corpus.terms import Vocabulary
from index.library import Library

Ids = frozenset[str]


def names_in(text: str, library: Library, *categories: str) -> list[Ids]:
    """Return the concepts that a text names, each as the ids it may mean; of these categories, if any are given."""
    terms = library.vocabulary.terms
    found = (frozenset(mention.ids) for mention in library.mentions(text))
    return [ids for ids in found if not categories or {terms[i].category for i in ids} & set(categories)]


def all_names(text: str, library: Library, category: str) -> Ids:
    """Return the ids of everything of a category that a text names."""
    return frozenset[str]().union(*names_in(text, library, category))


def agree(one: Ids, other: Ids, vocabulary: Vocabulary) -> bool:
    """Return whether two sets of concepts share one, or one holds a narrower concept of the other."""
    return bool(_wide(one, vocabulary) & other or one & _wide(other, vocabulary))


def _wide(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return ids.union(*(vocabulary.widen(i) for i in ids))
