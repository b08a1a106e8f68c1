"""What the dose grammar gives back: a regimen, and where in a text it was found.

A regimen with an impossible amount can't be made, and its normal form is read back to exactly the same regimen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from corpus.dose_frequency import Duration, Frequency
from corpus.dose_words import UNITS, amount_text
from corpus.types import Span


@dataclass(frozen=True, slots=True)
class Regimen:
    """One dose as it is taken: `low` to `high` of `unit`, how often, how released, by what route and for how long.

    `frequency` is None where the text gives none. `taper` says that the amount is only the first one.
    """

    low: Decimal
    high: Decimal
    unit: str
    frequency: Frequency | None = None
    release: str | None = None
    route: str | None = None
    form: str | None = None
    duration: Duration | None = None
    taper: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high or not self.high or self.unit not in UNITS:
            raise ValueError(f"{self.low} to {self.high} {self.unit} is no amount; give low to high in a known unit.")

    def amount(self) -> str:
        """Return the amount alone, such as "5 to 10 mg" or "1% to 2%"."""
        return amount_text(self.low, self.high, self.unit)

    def text(self) -> str:
        """Return the normal form, which `parse` reads back to exactly this regimen."""
        often = self.frequency.text() if self.frequency else None
        taper, lasting = "tapered" if self.taper else None, self.duration.text() if self.duration else None
        return " ".join(filter(None, (self.amount(), self.release, self.route, self.form, often, taper, lasting)))


@dataclass(frozen=True, slots=True)
class Found:
    """A regimen and where it stands in the text. `ambiguity` is a sentence on what the text doesn't tell, or None."""

    span: Span
    regimen: Regimen
    ambiguity: str | None = None
