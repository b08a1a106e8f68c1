"""The dose grammar: text to regimens and back, and what a regimen adds up to in a day or a week.

Only what stands with an amount is read. What can't be told (a missing frequency, what a tablet holds, a limit, a mean)
is said in `Found.ambiguity` and never guessed, because a wrong dose is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from corpus import dose_words as words
from corpus.dose_words import Duration, Frequency, figure, plain
from corpus.types import Span

__all__ = ["Duration", "Found", "Frequency", "Regimen", "Total", "daily_total", "parse", "same_dose", "weekly_total"]


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
        if not 0 <= self.low <= self.high or not self.high or self.unit not in words.UNITS:
            raise ValueError(f"{self.low} to {self.high} {self.unit} is no amount; give low to high in a known unit.")

    def amount(self) -> str:
        """Return the amount alone, such as "5 to 10 mg" or "1% to 2%"."""
        return _amount(self.low, self.high, self.unit)

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


@dataclass(frozen=True, slots=True)
class _Piece:
    """One figure of a chain such as "10, 20 or 30 mg": how it is joined on, and the unit: its own or a later one's."""

    joiner: str
    start: int
    end: int
    figure: str
    own: str | None
    unit: str = ""
    closing: str = ""

    @property
    def value(self) -> Decimal:
        return words.number(self.figure)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount of a chain. `shares` says that the words after the chain belong to it too."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str
    shares: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tail:
    """The words that follow an amount and belong to it, by kind, and where the last of them ends."""

    end: int
    seen: dict[str, re.Match[str]] = field(default_factory=dict)


# An em dash may open a regimen ("the dose—5 mg daily—was"), so only hyphens and minus signs are made alike.
_UNIFIED = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"), "\u00b7": "."})
_WINDOW = 90  # characters before an amount that may say something of it
_RANGE = ("to", "-")
_TABLES = {"release": words.RELEASES, "route": words.ROUTES, "form": words.FORMS}


def parse(text: str) -> tuple[Found, ...]:
    """Return every regimen of `text`, in order. Spans begin at the amount; those of "5 or 10 mg daily" are nested.

    An amount without a frequency, a limit, a mean and the like are returned too, with their ambiguity said: what is
    made of such a regimen, a total above all, must say it too.
    """
    plainer = text.translate(_UNIFIED)
    found: list[Found] = []
    at = last = 0
    while start := words.FIGURE.search(plainer, at):
        pieces = _chain(plainer, start.start())
        at = pieces[-1].end
        for group in _groups(plainer, pieces):
            tail = _tail(plainer, group[-1].end)
            found += _readings(plainer, group, tail, last)
            at = last = tail.end
    return tuple(found)


def _chain(text: str, at: int) -> list[_Piece]:
    """Return the figures that stand in a row from `at`, joined by "to", "or", commas and the like."""
    pieces: list[_Piece] = []
    joiner = ""
    while piece := words.PIECE.match(text, at):
        own = words.unit_of(piece["unit"]) if piece["unit"] else None
        pieces.append(_Piece(joiner, piece.start(), piece.end(), piece["figure"], own))
        joined = words.JOINER.match(text, piece.end())
        if not joined:
            break
        joiner = re.sub(r"(?<=,)\s+", "", " ".join(joined[1].lower().split()))
        joiner, at = words.JOINERS.get(joiner, joiner), joined.end()
    return pieces


def _groups(text: str, pieces: list[_Piece]) -> list[list[_Piece]]:
    """Return the chain parted where its figures don't share a unit, without figures that have none."""
    unit = closing = ""
    with_units: list[_Piece] = []
    for piece in reversed(pieces):
        unit = piece.own or unit
        closing = closing if piece.joiner == "," else piece.joiner
        if unit:
            with_units.append(replace(piece, unit=unit, closing=closing))
    with_units.reverse()
    groups: list[list[_Piece]] = [with_units[:1]]
    for before, piece in pairwise(with_units):
        if _joins(text, before, piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [group for group in groups if group and group[-1].own]


def _joins(text: str, before: _Piece, piece: _Piece) -> bool:
    if before.unit != piece.unit:
        return bool(before.own in words.MASS and piece.unit in words.MASS and piece.joiner in _RANGE)
    if piece.joiner == "," and piece.closing not in ("or", "and"):
        return False
    if before.own:
        return True
    labelled = not before.joiner and words.LABEL.search(text, max(0, before.start - _WINDOW), before.start)
    return not labelled and (before.value <= piece.value or piece.joiner == "to")


def _tail(text: str, at: int) -> _Tail:
    """Return the words from `at` on that belong to the amount before; a second frequency is kept as "again"."""
    seen: dict[str, re.Match[str]] = {}
    start = end = at
    fillers = 0
    while fillers < 4 and (token := _token(text, start, at, seen)):
        kind, found = token
        at = found.end()
        if kind == "filler":
            fillers += 1
        else:
            seen[kind], end = found, at
    if "frequency" in seen and (again := _again(text, end)):
        seen["again"], end = again, again.end()
    closed = text[end : end + 1] in (")", "]") and _is_open(text[start:end])
    return _Tail(end + closed, seen)


def _is_open(inside: str) -> bool:
    return inside.count("(") + inside.count("[") > inside.count(")") + inside.count("]")


def _again(text: str, at: int) -> re.Match[str] | None:
    """Return a second frequency at `at`, as in "daily, 5 days a week"; "daily, weekly methotrexate" has none."""
    pause = words.AGAIN.match(text, at)
    found = words.FREQUENCY.match(text, pause.end()) if pause else None
    return None if pause and pause["pause"] and found and found["adverb"] and not found["t2"] else found


def _token(text: str, start: int, at: int, seen: dict[str, re.Match[str]]) -> tuple[str, re.Match[str]] | None:
    """Return the word at `at` and its kind, if it is about the amount before `start` and not about what follows."""
    joint = words.JOINT.match(text, at)
    joined = joint[0] if joint else ""
    if not _is_open(text[start:at]):
        joined = joined.replace(")", ",")  # the parenthesis closed here began before the amount
    for kind, pattern in words.TOKENS:
        found = pattern.match(text, joint.end() if joint else at)
        if found and kind not in seen and _belongs(kind, found, text[max(0, at - 2) : at], joined, "frequency" in seen):
            return kind, found
    return None


def _belongs(kind: str, found: re.Match[str], before: str, joint: str, placed: bool) -> bool:
    """Return whether a word is about the amount; `placed` says that the frequency has been read already.

    "4 mg, weekly methotrexate" and "4 mg daily oral prednisone" speak of another drug; "4 mg, once weekly" and
    "4 mg daily (oral)" don't.
    """
    if kind == "frequency":
        return not (found["adverb"] and not found["t2"] and "," in joint)
    if kind == "duration":
        return words.duration(found) is not None
    if not placed or kind not in _TABLES or "(" in joint:
        return True
    if kind == "release":
        return len(found[0]) == 2 or before == "as"
    return kind == "route" and found[0].lower() not in words.ROUTES


def _lead(before: str) -> dict[str, re.Match[str]]:
    """Return the words just before an amount that belong to it, as in "oral extended-release tofacitinib 11 mg"."""
    seen: dict[str, re.Match[str]] = {}
    for _ in range(6):
        for kind, pattern in words.LEADS.items():
            # A frequency needs "dose of" or a drug between: "reviewed weekly 5 mg" says nothing of the 5 mg.
            skip = (kind in seen and kind != "filler") or (kind == "frequency" and "filler" not in seen)
            if not skip and (found := pattern.search(before)):
                seen[kind], before = found, before[: found.start()]
                break
        else:
            break
    return seen


def _readings(text: str, group: list[_Piece], tail: _Tail, last: int) -> list[Found]:
    """Return the regimens of one chain. Words before `last` belong to the regimen before and say nothing of this."""
    start = group[0].start
    before = text[max(0, start - _WINDOW) : start]
    end = group[-1].end
    if (
        words.NO_DOSE.search(before)
        or words.RATIO.match(text, end)
        or (group[-1].unit == "%" and words.OF.match(text, end))
    ):
        return []
    lead = _lead(text[max(last, start - _WINDOW) : start])
    doubt = _doubt(text, group, tail, lead)
    if doubt is None:
        return []
    shared, unsure = _shared(tail, lead)
    around = doubt + _surroundings(text, group, before, tail)
    found = []
    for amount in _amounts(group, before, "release" in tail.seen):
        if amount.high:
            regimen = Regimen(amount.low, amount.high, amount.unit, **(shared if amount.shares else {}))
            notes = [*amount.notes, *around, *(unsure if amount.shares else ())]
            if not regimen.frequency and not (unsure and amount.shares):
                notes.append("No frequency stands with “{}”.")
            sentence = " ".join(dict.fromkeys(notes)).replace("{}", regimen.amount())
            span = Span(amount.start, tail.end if amount.shares else amount.end)
            found.append(Found(span, regimen, sentence or None))
    return found


def _shared(tail: _Tail, lead: dict[str, re.Match[str]]) -> tuple[dict[str, Any], list[str]]:
    """Return what the words around an amount say of its regimen, and what they leave open about how often."""
    around = lead | tail.seen
    given: dict[str, Any] = {
        kind: words.word_of(table, around[kind][0]) for kind, table in _TABLES.items() if kind in around
    }
    given["duration"] = words.duration(around["duration"]) if "duration" in around else None
    given["taper"] = "taper" in around
    keys = ((lead, "frequency"), (tail.seen, "frequency"), (tail.seen, "again"))
    stated = [seen[key] for seen, key in keys if key in seen]
    read = {words.frequency(one) for one in stated}
    if len(read) <= 1 and None not in read and not _are_times_of_day(stated):
        return given | {"frequency": next(iter(read), None)}, []
    named = " and ".join(f"“{one[0].strip(' /')}”" for one in stated)
    if len(stated) > 1:
        return given, [f"{named} stand together; which holds is not told."]
    return given, [f"{named} can mean more than one frequency."]


def _are_times_of_day(stated: list[re.Match[str]]) -> bool:
    """Return whether one dose stands for two: "in the morning, at night" is not once daily said twice."""
    return len(stated) > 1 and all(words.TIME_OF_DAY.search(one[0]) for one in stated)


def _doubt(text: str, group: list[_Piece], tail: _Tail, lead: dict[str, re.Match[str]]) -> list[str] | None:
    """Return None if the amount shows no sign of a dose, else what remains doubtful about its being one."""
    unit, around = group[-1].unit, lead | tail.seen
    if unit not in words.WEAK or ("frequency" in around and unit != "%"):
        return []
    alone = not words.WORD.search(text, 0, group[0].start) and not words.WORD.search(text, tail.end)
    if unit != "%":
        return [] if alone or "form" in around or "route" in around else None
    often = words.frequency(around["frequency"]) if "frequency" in around else None
    # "reduced 25% every 2 weeks" is a step of a taper; what is rubbed in is rubbed in daily.
    if "form" in tail.seen or (often and often.days == 1) or words.STRENGTH.match(text, tail.end):
        return []
    topical = "form" in around or ("route" in around and words.word_of(words.ROUTES, around["route"][0]) == "topical")
    return ["Whether “{}” is a strength or a share is not told."] if alone or topical or often else None


def _surroundings(text: str, group: list[_Piece], before: str, tail: _Tail) -> list[str]:
    end = group[-1].end
    notes = [sentence for pattern, sentence in words.BEFORE if pattern.search(before)]
    notes += [
        sentence for pattern, sentence in words.AFTER if pattern.match(text, end) or pattern.match(text, tail.end)
    ]
    if any(words.TWO_READINGS.fullmatch(piece.figure) for piece in group):
        notes.append("“{}” is written in a way that has two readings; which is meant is not told.")
    if group[-1].unit in words.COUNTED:
        notes.append("“{}” does not say the amount in each.")
    per = words.PER_WHAT.match(text, end)
    if per and not words.FREQUENCY.match(text, per.end()):
        notes.append("“{}” is followed by “per”; what it is counted for is not told.")
    if "form" in tail.seen and re.search(r"(?i)(?:tablet|capsule)s", tail.seen["form"][0]):
        notes.append("How many of “{}” are taken is not told.")
    return notes


def _amounts(group: list[_Piece], before: str, released: bool) -> Iterator[_Amount]:
    """Yield the amounts of a chain: a range is one, alternatives are several, a change of dose is never a range."""
    between = len(group) > 1 and group[1].joiner == "and" and bool(words.BETWEEN.search(before))
    spans = [piece.joiner in _RANGE or (between and piece is group[1]) for piece in group]
    change = _is_change(group, spans, before)
    joiners = {piece.joiner for piece in group[1 + between :]}
    notes = tuple(note for told, note in ((change, words.CHANGE), ("/" in joiners, words.PARTS)) if told)
    at = 0
    while at < len(group):
        first = last = group[at]
        if at + 1 < len(group) and spans[at + 1] and not change:
            at += 1
            last = group[at]
        at += 1
        # "5 mg or 11 mg extended release daily": neither the release nor the frequency is surely that of the 5 mg.
        shares = at == len(group) or not (change or (last.own and released))
        low, high = _in_unit(first, last.unit), _in_unit(last, last.unit)
        also = (words.EACH,) if "and" in joiners and at < len(group) else ()
        yield _Amount(first.start, last.end, low, high, last.unit, shares, notes + also)


def _is_change(group: list[_Piece], spans: list[bool], before: str) -> bool:
    if any(spans) and words.FROM.search(before) and not words.RANGING.search(before):
        return True
    if any(one and other for one, other in pairwise(spans)):
        return True
    steps = zip(pairwise(group), spans[1:], strict=True)
    return any(spanned and _in_unit(one, other.unit) > other.value for (one, other), spanned in steps)


def _in_unit(piece: _Piece, unit: str) -> Decimal:
    if piece.unit == unit:
        return piece.value
    return _decimal(Fraction(piece.value) * words.MASS[piece.unit] / words.MASS[unit])


def _amount(low: Decimal, high: Decimal, unit: str) -> str:
    if unit == "%":
        return f"{plain(low)}%" if low == high else f"{plain(low)}% to {plain(high)}%"
    single = low == high == 1 and (unit in words.COUNTED or unit == "units")
    return f"{figure(low, high)} {unit[:-1] if single else unit}"


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
        _decimal(Fraction(amount) * times * days / often.days)
        for days in (span, 7)
        for amount, times in ((regimen.low, often.low), (regimen.high, often.high))
    )
    result = f"{_amount(low, high, regimen.unit)} a {'day' if span == 1 else 'week'}"
    exact = Fraction(low) == Fraction(regimen.low) * often.low * span / often.days
    exact &= Fraction(high) == Fraction(regimen.high) * often.high * span / often.days
    averaged = often.days not in (1, span)
    if often.days == 1:
        times = figure(Decimal(often.low), Decimal(often.high))
        working = f"{regimen.amount()} × {times} a day{' × 7' if span == 7 else ''} = {result}"
    else:
        working = f"{regimen.amount()} {often.times} every {often.days} days"
        result = f"{'' if exact else 'about '}{result}{', averaged' if averaged else ''}"
        weekly = f" = {_amount(week_low, week_high, regimen.unit)} a week"
        working += f"{weekly} ({result})" if often.days == 7 != span else f" = {result}"
    return Total(regimen.unit, low, high, working, averaged=averaged)


def _why_no_total(regimen: Regimen, span: int) -> str | None:
    amount = regimen.amount()
    if regimen.unit == "%":
        return f"{amount} is a strength; how much of it is applied is not told."
    if regimen.unit in words.COUNTED:
        return f"{amount} does not say the amount in each."
    if not regimen.frequency:
        return f"No frequency is told for {amount}."
    if not regimen.frequency.days:
        return f"{regimen.text()} has no exact total: a month has 28 to 31 days."
    if regimen.taper:
        first = _total(replace(regimen, taper=False), span)
        return f"{(first.working or '').rpartition(' = ')[2]} at the start, then tapered"
    return None


def _decimal(value: Fraction) -> Decimal:
    """Return `value` exactly where decimals can, else with two decimals, or three figures below 1."""
    context = Context(prec=60)
    exact = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    if Fraction(exact) == value:
        return exact.normalize(context)
    if value < 1:
        return exact.normalize(Context(prec=3))
    return context.divide(Decimal(round(value * 100)), Decimal(100))


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
    if not often or regimen.taper or regimen.unit in words.COUNTED:
        return None
    name, slash, per = regimen.unit.partition("/")
    size = words.MASS.get(name, Fraction(1))
    # Monthly and every 28 days may or may not be meant alike, so months are never held against days.
    dimension = ("mass" if name in words.MASS else name) + slash + per + (" by months" if often.months else "")
    low, high = Fraction(regimen.low) * size, Fraction(regimen.high) * size
    if often.days == 1 and name != "%":
        return dimension, "a day", low * often.low, high * often.high
    return dimension, "a time", low, high, often.rates
