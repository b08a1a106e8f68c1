"""The dose grammar: text to regimens and back, and what a regimen adds up to in a day or a week.

Only what stands with an amount is read. What can't be told (a missing frequency, what a tablet holds, a limit, a mean)
is said in `Found.ambiguity` and never guessed, because a wrong dose is worse than none.
"""

from __future__ import annotations

from corpus.dose_chain import chain, groups
from corpus.dose_frequency import Duration, Frequency
from corpus.dose_patterns import FIGURE
from corpus.dose_reading import readings, tail_of
from corpus.dose_regimen import Found, Regimen
from corpus.dose_totals import Total, daily_total, same_dose, weekly_total

__all__ = ["Duration", "Found", "Frequency", "Regimen", "Total", "daily_total", "parse", "same_dose", "weekly_total"]

# An em dash may open a regimen ("the dose—5 mg daily—was"), so only hyphens and minus signs are made alike.
_UNIFIED = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"), "\u00b7": "."})


def parse(text: str) -> tuple[Found, ...]:
    """Return every regimen of `text`, in order. Spans begin at the amount; those of "5 or 10 mg daily" are nested.

    An amount without a frequency, a limit, a mean and the like are returned too, with their ambiguity said: what is
    made of such a regimen, a total above all, must say it too.
    """
    plainer = text.translate(_UNIFIED)
    found: list[Found] = []
    at = last = 0
    while start := FIGURE.search(plainer, at):
        pieces = chain(plainer, start.start())
        at = pieces[-1].end
        for group in groups(plainer, pieces):
            tail = tail_of(plainer, group[-1].end)
            found += readings(plainer, group, tail, last)
            at = last = tail.end
    return tuple(found)
