"""What a text covers of a question, as a value: the parts that it accounts for, and what it names beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cover:
    """What a text covers: the indexes of units, and the categories of which it names something itself.

    `direct` are the units that it names as they are, not by something narrower; `names` counts the names that were
    asked for, `counts` the nouns of which "how many" asks the number and that stand with one, `dosed` those of several
    drugs asked about whose dose it gives, `foreign_drugs` the drugs that a dose question does not ask about, and
    `foreign_first` tells that such a drug comes first.
    """

    units: frozenset[int] = frozenset()
    direct: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    names: int = 0
    counts: int = 0
    dosed: int = 0
    foreign_drugs: int = 0
    foreign_first: bool = False

    def joined(self, other: Cover) -> Cover:
        """Return what two texts cover together."""
        return Cover(
            self.units | other.units,
            self.direct | other.direct,
            self.categories | other.categories,
            self.names + other.names,
            self.counts + other.counts,
            self.dosed + other.dosed,
            self.foreign_drugs + other.foreign_drugs,
            self.foreign_first or other.foreign_first,
        )
