"""The words around an amount: which belong to it, what regimen they make of it, and what they leave open.

A word that may speak of another drug is left out. An amount that shows no sign of a dose gives no regimen, and every
doubt about one that does is said with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from corpus import dose_patterns as patterns
from corpus import dose_words as words
from corpus.dose_chain import Piece, amounts
from corpus.dose_frequency import FREQUENCY, duration, frequency
from corpus.dose_regimen import Found, Regimen
from corpus.types import Span

_TABLES = {"release": words.RELEASES, "route": words.ROUTES, "form": words.FORMS}


@dataclass(frozen=True, slots=True)
class Tail:
    """The words that follow an amount and belong to it, by kind, and where the last of them ends."""

    end: int
    seen: dict[str, re.Match[str]] = field(default_factory=dict)


def tail_of(text: str, at: int) -> Tail:
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
    return Tail(end + closed, seen)


def _is_open(inside: str) -> bool:
    return inside.count("(") + inside.count("[") > inside.count(")") + inside.count("]")


def _again(text: str, at: int) -> re.Match[str] | None:
    """Return a second frequency at `at`, as in "daily, 5 days a week"; "daily, weekly methotrexate" has none."""
    pause = patterns.AGAIN.match(text, at)
    found = FREQUENCY.match(text, pause.end()) if pause else None
    return None if pause and pause["pause"] and found and found["adverb"] and not found["t2"] else found


def _token(text: str, start: int, at: int, seen: dict[str, re.Match[str]]) -> tuple[str, re.Match[str]] | None:
    """Return the word at `at` and its kind, if it is about the amount before `start` and not about what follows."""
    joint = patterns.JOINT.match(text, at)
    joined = joint[0] if joint else ""
    if not _is_open(text[start:at]):
        joined = joined.replace(")", ",")  # the parenthesis closed here began before the amount
    for kind, pattern in patterns.TOKENS:
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
        return duration(found) is not None
    if not placed or kind not in _TABLES or "(" in joint:
        return True
    if kind == "release":
        return len(found[0]) == 2 or before == "as"
    return kind == "route" and found[0].lower() not in words.ROUTES


def _lead(before: str) -> dict[str, re.Match[str]]:
    """Return the words just before an amount that belong to it, as in "oral extended-release tofacitinib 11 mg"."""
    seen: dict[str, re.Match[str]] = {}
    for _ in range(6):
        for kind, pattern in patterns.LEADS.items():
            # A frequency needs "dose of" or a drug between: "reviewed weekly 5 mg" says nothing of the 5 mg.
            skip = (kind in seen and kind != "filler") or (kind == "frequency" and "filler" not in seen)
            if not skip and (found := pattern.search(before)):
                seen[kind], before = found, before[: found.start()]
                break
        else:
            break
    return seen


def readings(text: str, group: list[Piece], tail: Tail, last: int) -> list[Found]:
    """Return the regimens of one chain. Words before `last` belong to the regimen before and say nothing of this."""
    start = group[0].start
    before = text[max(0, start - patterns.WINDOW) : start]
    end = group[-1].end
    if (
        patterns.NO_DOSE.search(before)
        or patterns.RATIO.match(text, end)
        or (group[-1].unit == "%" and patterns.OF.match(text, end))
    ):
        return []
    lead = _lead(text[max(last, start - patterns.WINDOW) : start])
    doubt = _doubt(text, group, tail, lead)
    if doubt is None:
        return []
    shared, unsure = _shared(tail, lead)
    around = doubt + _surroundings(text, group, before, tail)
    found = []
    for amount in amounts(group, before, "release" in tail.seen):
        if amount.high:
            regimen = Regimen(amount.low, amount.high, amount.unit, **(shared if amount.shares else {}))
            notes = [*amount.notes, *around, *(unsure if amount.shares else ())]
            if not regimen.frequency and not (unsure and amount.shares):
                notes.append("No frequency stands with “{}”.")
            sentence = " ".join(dict.fromkeys(notes)).replace("{}", regimen.amount())
            span = Span(amount.start, tail.end if amount.shares else amount.end)
            found.append(Found(span, regimen, sentence or None))
    return found


def _shared(tail: Tail, lead: dict[str, re.Match[str]]) -> tuple[dict[str, Any], list[str]]:
    """Return what the words around an amount say of its regimen, and what they leave open about how often."""
    around = lead | tail.seen
    given: dict[str, Any] = {
        kind: words.word_of(table, around[kind][0]) for kind, table in _TABLES.items() if kind in around
    }
    given["duration"] = duration(around["duration"]) if "duration" in around else None
    given["taper"] = "taper" in around
    keys = ((lead, "frequency"), (tail.seen, "frequency"), (tail.seen, "again"))
    stated = [seen[key] for seen, key in keys if key in seen]
    read = {frequency(one) for one in stated}
    if len(read) <= 1 and None not in read and not _are_times_of_day(stated):
        return given | {"frequency": next(iter(read), None)}, []
    named = " and ".join(f"“{one[0].strip(' /')}”" for one in stated)
    if len(stated) > 1:
        return given, [f"{named} stand together; which holds is not told."]
    return given, [f"{named} can mean more than one frequency."]


def _are_times_of_day(stated: list[re.Match[str]]) -> bool:
    """Return whether one dose stands for two: "in the morning, at night" is not once daily said twice."""
    return len(stated) > 1 and all(patterns.TIME_OF_DAY.search(one[0]) for one in stated)


def _doubt(text: str, group: list[Piece], tail: Tail, lead: dict[str, re.Match[str]]) -> list[str] | None:
    """Return None if the amount shows no sign of a dose, else what remains doubtful about its being one."""
    unit, around = group[-1].unit, lead | tail.seen
    if unit not in words.WEAK or ("frequency" in around and unit != "%"):
        return []
    alone = not patterns.WORD.search(text, 0, group[0].start) and not patterns.WORD.search(text, tail.end)
    if unit != "%":
        return [] if alone or "form" in around or "route" in around else None
    often = frequency(around["frequency"]) if "frequency" in around else None
    # "reduced 25% every 2 weeks" is a step of a taper; what is rubbed in is rubbed in daily.
    if "form" in tail.seen or (often and often.days == 1) or patterns.STRENGTH.match(text, tail.end):
        return []
    topical = "form" in around or ("route" in around and words.word_of(words.ROUTES, around["route"][0]) == "topical")
    return ["Whether “{}” is a strength or a share is not told."] if alone or topical or often else None


def _surroundings(text: str, group: list[Piece], before: str, tail: Tail) -> list[str]:
    end = group[-1].end
    notes = [sentence for pattern, sentence in patterns.BEFORE if pattern.search(before)]
    notes += [
        sentence for pattern, sentence in patterns.AFTER if pattern.match(text, end) or pattern.match(text, tail.end)
    ]
    if any(patterns.TWO_READINGS.fullmatch(piece.figure) for piece in group):
        notes.append("“{}” is written in a way that has two readings; which is meant is not told.")
    if group[-1].unit in words.COUNTED:
        notes.append("“{}” does not say the amount in each.")
    per = patterns.PER_WHAT.match(text, end)
    if per and not FREQUENCY.match(text, per.end()):
        notes.append("“{}” is followed by “per”; what it is counted for is not told.")
    if "form" in tail.seen and re.search(r"(?i)(?:tablet|capsule)s", tail.seen["form"][0]):
        notes.append("How many of “{}” are taken is not told.")
    return notes
