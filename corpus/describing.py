"""What a document is: its kind (label, review, article …) and its study design, by what it says of itself.

A document says so by its publication types and its title; `description.yaml` says what follows from that. What a
person or the document's front matter states outright comes first. Nothing is guessed from the text: where neither types
nor title tell, kind or design is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import VocabularyError
from corpus.text import words
from corpus.types import Source
from corpus.vocabulary_files import load_yaml

FILE = Path(__file__).parent / "description.yaml"
_PLAIN = "article"
"""The kind that publishers give to whatever has no other: a title may say more."""


class Rule(BaseModel):
    """One kind or design: its names, and the words of a type or title that tell it. `within` is a wider one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    called: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: str | None = None
    kind: str | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Return everything that it is called, folded."""
        return frozenset(map(words, (self.id, *self.called)))

    def fits_type(self, text: str) -> bool:
        """Return whether a folded publication type tells this kind or design."""
        return bool(self._types.search(text)) and not self._unless.search(text)

    def fits_title(self, text: str) -> bool:
        """Return whether a folded title tells this kind or design."""
        return bool(self._title.search(text)) and not self._unless.search(text)

    @cached_property
    def _types(self) -> re.Pattern[str]:
        return _any_of(self.types)

    @cached_property
    def _title(self) -> re.Pattern[str]:
        return _any_of(self.title)

    @cached_property
    def _unless(self) -> re.Pattern[str]:
        return _any_of(self.unless)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds one of the phrases, as whole words, in a folded text; of none it finds nothing."""
    folded = "|".join(re.escape(words(phrase)) for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{folded})(?!\S)" if folded else r"(?!)")


class _RulesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[Rule, ...]
    designs: tuple[Rule, ...]


class Describer:
    """Tells kind and design by one set of rules. Make it with `load_describer`."""

    def __init__(self, kinds: tuple[Rule, ...], designs: tuple[Rule, ...]) -> None:
        self.kinds, self.designs = kinds, designs

    def kind(self, source: Source) -> str | None:
        """Return a document's kind by name: one of the rules', or what it calls itself, or None if nothing tells."""
        types, title = _types(source), words(source.title)
        stated = _named(source.kind or "", self.kinds)
        fitting = (rule.id for rule in self.kinds for text in types if rule.fits_type(text))
        by_type = stated if stated not in (None, _PLAIN) else next(fitting, None)
        if by_type not in (None, _PLAIN):
            return by_type
        by_title = next((rule.id for rule in self.kinds if rule.fits_title(title)), None)
        if found := by_title or by_type:
            return found
        design = self._rule(self.design(source))
        return (design.kind if design else None) or words(source.kind or "") or None

    def design(self, source: Source) -> str | None:
        """Return a document's study design by name, or None if neither its types nor its title tell."""
        if source.design:
            return _named(source.design, self.designs) or words(source.design)
        types, title = _types(source), words(source.title)
        by_type = (rule.id for rule in self.designs for text in types if rule.fits_type(text))
        by_title = (rule.id for rule in self.designs if rule.fits_title(title))
        found = self._rule(next(by_type, None)), self._rule(next(by_title, None))
        return next((rule.id for rule in _narrowest_first(*found)), None)

    def kind_named(self, text: str) -> str | None:
        """Return the kind that a text is a name of, or None."""
        return _named(text, self.kinds)

    def design_named(self, text: str) -> str | None:
        """Return the design that a text is a name of, or None."""
        return _named(text, self.designs)

    def wider(self, design: str) -> Iterator[str]:
        """Yield a design and those that it is one of: a meta-analysis is a systematic review, which is a review."""
        known = design if self._rule(design) else None
        yield design
        while rule := self._rule(known):
            known = rule.within
            if known:
                yield known

    def _rule(self, design: str | None) -> Rule | None:
        return next((rule for rule in self.designs if rule.id == design), None)


def load_describer(path: Path = FILE) -> Describer:
    """Return a describer by the rules of a YAML file.

    Raises:
        VocabularyError: the file is malformed.
    """
    try:
        rules = _RulesFile.model_validate(load_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VocabularyError(f"{path.name}: {where}: {first['msg']}; correct that entry.") from error
    return Describer(rules.kinds, rules.designs)


def _types(source: Source) -> list[str]:
    return [words(text) for text in (*source.types, source.kind or "") if text]


def _named(text: str, rules: Iterable[Rule]) -> str | None:
    name = words(text)
    return next((rule.id for rule in rules if name and name in rule.names), None)


def _narrowest_first(by_type: Rule | None, by_title: Rule | None) -> Iterator[Rule]:
    """Yield what the title tells if it is a kind of what the types tell ("review"), then what the types tell."""
    if by_type and by_title and by_type.id in _above(by_title):
        yield by_title
    yield from (rule for rule in (by_type, by_title) if rule)


def _above(rule: Rule) -> frozenset[str]:
    return frozenset(filter(None, (rule.within, rule.kind if rule.kind == "review" else None)))
