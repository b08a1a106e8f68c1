"""The dose grammar: text to regimens and back, and what a regimen adds up to in a day or a week.

Only what stands with an amount is read. What can't be told (a missing frequency, a count of tablets, a limit, a mean)
is said in `Found.ambiguity` and never guessed, because a wrong dose is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

from corpus.dose_words import (
    COUNTED, DRUG, DURATION, FORMS, FREQUENCY, INTEGER, MASS, NUMBER, RELEASES, ROUTES, UNIT, UNITS, WEAK, Duration,
    Frequency, S, duration, figure, frequency, number, plain, unit_of, word_of,
)  # fmt: skip
from corpus.types import Span

__all__ = ["Duration", "Found", "Frequency", "Regimen", "Total", "daily_total", "parse", "same_dose", "weekly_total"]
