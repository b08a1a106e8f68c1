"""What a regimen adds up to in a day or a week, and whether two regimens are the same dose.

The arithmetic is shown, and whatever is rounded or averaged says so. Where there is no total there is a
reason, and where two doses can't be compared the answer is None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from corpus.dose_regimen import Regimen
from corpus.dose_words import COUNTED, MASS, amount_text, decimal_of, figure


@dataclass(frozen=True, slots=True)
class Total:
    """What a regimen adds up to in a day or a week, with the arithmetic; or None for both, with the reason.

    `averaged` totals spread doses that are further apart than the period; they are rounded where `working` says about.
    """

    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    working: str | None = None
    reason: str | None = None
    averaged: bool = False


def daily_total(regimen: Regimen) -> Total:
    """Return what the regimen adds up to in a day. A weekly dose is averaged and says so: it is no daily dose."""
    return _total(regimen, 1)


def weekly_total(regimen: Regimen) -> Total:
    """Return what the regimen adds up to in a week."""
    return _total(regimen, 7)


def _total(regimen: Regimen, span: int) -> Total:
    often = regimen.frequency
    if (reason := _why_no_total(regimen, span)) or not often or not often.days:
        return Total(regimen.unit, reason=reason)
    low, high, week_low, week_high = (
        decimal_of(Fraction(amount) * times * days / often.days)
        for days in (span, 7)
        for amount, times in ((regimen.low, often.low), (regimen.high, often.high))
    )
    result = f"{amount_text(low, high, regimen.unit)} a {'day' if span == 1 else 'week'}"
    exact = Fraction(low) == Fraction(regimen.low) * often.low * span / often.days
    exact &= Fraction(high) == Fraction(regimen.high) * often.high * span / often.days
    averaged = often.days not in (1, span)
    if often.days == 1:
        times = figure(Decimal(often.low), Decimal(often.high))
        working = f"{regimen.amount()} × {times} a day{' × 7' if span == 7 else ''} = {result}"
    else:
        working = f"{regimen.amount()} {often.times} every {often.days} days"
        result = f"{'' if exact else 'about '}{result}{', averaged' if averaged else ''}"
        weekly = f" = {amount_text(week_low, week_high, regimen.unit)} a week"
        working += f"{weekly} ({result})" if often.days == 7 != span else f" = {result}"
    return Total(regimen.unit, low, high, working, averaged=averaged)


def _why_no_total(regimen: Regimen, span: int) -> str | None:
    amount = regimen.amount()
    if regimen.unit == "%":
        return f"{amount} is a strength; how much of it is applied is not told."
    if regimen.unit in COUNTED:
        return f"{amount} does not say the amount in each."
    if not regimen.frequency:
        return f"No frequency is told for {amount}."
    if not regimen.frequency.days:
        return f"{regimen.text()} has no exact total: a month has 28 to 31 days."
    if regimen.taper:
        first = _total(replace(regimen, taper=False), span)
        return f"{(first.working or '').rpartition(' = ')[2]} at the start, then tapered"
    return None


def same_dose(one: Regimen, other: Regimen) -> bool | None:
    """Return whether two regimens give the same dose, by totals a day, or None where that can't be told.

    Doses further apart than a day are the same only dose for dose: 7 mg weekly is not 1 mg daily. A strength is the
    same strength as often. Another release, or another stated route, makes another dose.
    """
    if one.release != other.release or (one.route and other.route and one.route != other.route):
        return False
    first, second = _comparable(one), _comparable(other)
    if first is None or second is None or first[0] != second[0]:
        return None
    return first == second


def _comparable(regimen: Regimen) -> tuple[object, ...] | None:
    """Return the dimension first, then what must be equal; None for what can't be compared."""
    often = regimen.frequency
    if not often or regimen.taper or regimen.unit in COUNTED:
        return None
    name, slash, per = regimen.unit.partition("/")
    size = MASS.get(name, Fraction(1))
    # Monthly and every 28 days may or may not be meant alike, so months are never held against days.
    dimension = ("mass" if name in MASS else name) + slash + per + (" by months" if often.months else "")
    low, high = Fraction(regimen.low) * size, Fraction(regimen.high) * size
    if often.days == 1 and name != "%":
        return dimension, "a day", low * often.low, high * often.high
    return dimension, "a time", low, high, often.rates
