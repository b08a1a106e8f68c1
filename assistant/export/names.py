"""The names of authors, told apart from the names of groups.

A name that is not plainly a person's stays as its document writes it: a wrong family name would be a wrong reference.
"""

from __future__ import annotations

import re

_PARTICLES = frozenset(
    "al am aus da das de del della den der di do dos du el la le ten ter van vom von y zu zum".split()
)
_NOT_FAMILY = frozenset("jr sr ii iii iv md phd mph bs bsc ba msc ms do rn pharmd mbbs frcp faad facp".split())
_GROUP = frozenset(
    """academy administration agency association authority board center centre clinic collaboration collaborative
    college commission committee consortium council department federation foundation group hospital initiative institute
    institution international investigators ministry network office organisation organization panel program programme
    project registry service services society study taskforce team trial trust union university working""".split()
)
_NAME = re.compile(r"[^\W\d_]+(?:[.'’-]+[^\W\d_]+)*\.?")
_INITIALS = re.compile(r"[A-Z]{1,3}|(?:[A-Z]\.-?){1,3}")
_MOST_WORDS = 5


def person(name: str) -> tuple[str, str] | None:
    """Return the family name and the given names of a person, or None for what may be no person's name."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma:
        return (before, after) if before and after and "," not in after and not _is_group(name) else None
    words = name.split()
    if not 2 <= len(words) <= _MOST_WORDS or _is_group(name) or not all(_NAME.fullmatch(word) for word in words):
        return None
    if words[-1].lower().rstrip(".") in _NOT_FAMILY:
        return None
    if _INITIALS.fullmatch(words[-1]) and not words[0].isupper():  # as MEDLINE writes them: Quill AB
        return " ".join(words[:-1]), words[-1]
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    if any(word[0].islower() for word in words[:at]):
        return None
    return " ".join(words[at:]), " ".join(words[:at])


def _is_group(name: str) -> bool:
    return any(word.lower() in _GROUP for word in re.findall(r"\w+", name))
