"""What may stand around an amount: figures in a row, words that belong to it, and words that put it in doubt.

The patterns read text whose dashes were unified one for one, so their offsets are offsets into the original. In
the sentences that go with them, “{}” stands for the amount.
"""

from __future__ import annotations

import re

from corpus.dose_frequency import DURATION, FREQUENCY
from corpus.dose_words import FORMS, INTEGER, NUMBER, RELEASES, ROUTES, UNIT, G, H, W

WINDOW = 90  # characters before an amount that may say something of it
# By the stems of generic names: one drug may stand between an amount and its frequency, other words end a regimen.
DRUG = r"\b[a-z]{2,20}(?:nib|mab|cept|limus|one|ine|trexate|porin|azole|ast|mide|mycin|cillin|statin|mod|tide|pril)\b"
_I = re.IGNORECASE
FIGURE = re.compile(rf"(?<![\w±-])(?<![0-9][.,]){NUMBER}", _I)
PIECE = re.compile(rf"(?P<figure>{NUMBER})(?:{H}(?P<unit>{UNIT}))?", _I)
JOINER = re.compile(rf"{W}(-|(?:up{G})?to\b|or\b|and\b|versus\b|vs\b\.?|/|,(?:{W}(?:or|and)\b)?){W}", _I)
JOINERS = {"up to": "to", ",or": "or", ",and": "and", "versus": "and", "vs": "and", "vs.": "and"}
LABEL = re.compile(
    r"\b(?:weeks?|days?|months?|years?|hours?|visits?|cycles?|cases?|patients?|phases?|grades?|stages?|levels?|pasi|"
    r"easi|acr|salt|iga|dlqi|das|scores?|aged?|n|p)\W{0,3}$",
    _I,
)
JOINT = re.compile(rf"[)\]*]{{0,3}}{W}[(\[,]?{W}\*{{0,2}}")
_TAPER = (
    r"(?:(?:and|then|with|in|followed\s+by|as|a)\s+){0,3}(?:(?:gradual|slow|rapid|progressive)(?:ly)?\s+)?"
    r"taper(?:ed|ing|s)?\b(?:\s+(?:doses?|off|down|schedule|course|regimen)\b)?"
)
_GIVEN = r"(?:(?:was|were)\s+)?(?:given|taken|administered|applied)"
_FILLER = rf"(?:{_GIVEN}|both|each|as|of|dos(?:es?|ing|age)|regimen|w/[wv]|/{W}dose|{DRUG})\b"
_WORDS = {kind: "|".join(table.values()) for kind, table in (("release", RELEASES), ("route", ROUTES), ("form", FORMS))}
TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("frequency", FREQUENCY),
    ("release", re.compile(rf"(?:{_WORDS['release']})(?:{W}\((?-i:XR|ER|XL|SR|MR)\))?", _I)),
    ("route", re.compile(rf"(?:{_WORDS['route']})(?:{W}\((?:{_WORDS['route']})\))?", _I)),
    ("form", re.compile(_WORDS["form"], _I)),
    ("duration", DURATION),
    ("taper", re.compile(_TAPER, _I)),
    ("filler", re.compile(_FILLER, _I)),
)
_LEAD = rf"{H}\(?{W}$"
LEADS = {kind: re.compile(rf"(?<!\w)(?:{pattern}){_LEAD}", _I) for kind, pattern in _WORDS.items()}
LEADS["frequency"] = re.compile(rf"(?<!\w)(?:{FREQUENCY.pattern}){_LEAD}", _I)
LEADS["filler"] = re.compile(rf"(?:\b(?:dos(?:es?|ages?)|of)\b|{DRUG}){_LEAD}", _I)
AGAIN = re.compile(rf"[)\]*]{{0,3}}{W}(?P<pause>,)?{W}(?:(?:to|or)\b|[-(])?{W}", _I)
RATIO = re.compile(
    rf"{W}(?:/|\bper\b){W}(?:{NUMBER}{W})?(?:d?l|[mµ]l|g|mg|cm2|cm²|mm|[mnpµ]mol|min|minutes?|100|1000)(?!\w)", _I
)
NO_DOSE = re.compile(rf"(?:±|\+/-|\b(?:fig(?:ure)?s?|tables?|refs?)\b\.?|{UNIT}{W}/){W}$", _I)
FROM = re.compile(rf"\bfrom{W}$", _I)
RANGING = re.compile(rf"\brang\w{{1,3}}{G}from{W}$", _I)
BETWEEN = re.compile(rf"\bbetween{W}$", _I)
OF = re.compile(rf"{W}of\b", _I)
TIME_OF_DAY = re.compile(r"morning|evening|night|bedtime|qhs|nocte", _I)
PARTS = "Whether “{}” is an alternative or one part of a combination is not told."
EACH = "“{}” stands before “and”; the words after the last amount are read as holding for it too."
STRENGTH = re.compile(rf"{W}(?:strengths?|concentrations?|dosages?|formulations?)\b", _I)
WORD = re.compile(r"\w")
_LIMIT = "“{}” is a limit; the dose as taken is not told."
CHANGE = "“{}” is part of a change of dose; the dose as taken is not told."
_SOME_DAYS = "“{}” is not taken on every day, or only for some doses."
_DOSE = r"(?:\s+[a-z]+){0,3}\s+(?:dos(?:es?|ages?)|amount)(?:\s+(?:of|was|is|were|to|at)){0,2}"
BEFORE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern + rf"{W}$", _I), sentence)
    for pattern, sentence in (
        (r"(?:[<>≤≥]|\b(?:up to|at (?:least|most)|(?:less|more|greater|lower|higher) than|below|above|over))", _LIMIT),
        (rf"\b(?:exceed\w*|max(?:imum|imal|\.)?|minimum|no more than|limit)(?:{_DOSE})?", _LIMIT),
        (r"\b(?:(?<!followed )(?<!replaced )(?<!preceded )by|(?:increments?|steps) of|additional|extra)", CHANGE),
        (rf"\b(?:mean|median|average)(?:{_DOSE})?", "“{}” is an average over patients."),
        (rf"\b(?:cumulative|total)(?:{_DOSE})?", "“{}” is a total; how it was divided is not told."),
        (r"\b(?:half|quarter)(?:\s+(?:of|an?|one|the)){0,2}", "“{}” is not taken whole."),
        (r"\balternat\w*\s+with", _SOME_DAYS),
        (r"(?:[~≈]|\b(?:about|approximately|around))", "“{}” is approximate."),
        (
            r"\b(?:tablets?|capsules?|pills?|vials?|syringes?|ampoules?|sachets?)\s*(?:of|at|containing|each|\(|×|x)+",
            "“{}” is the strength of one unit; how many are taken is not told.",
        ),
        (
            rf"(?<![\w.,]){INTEGER}\s*(?:-|or|/|x|×)?",
            "“{}” stands directly after another figure; whether the two belong together is not told.",
        ),
    )
)
AFTER = tuple(
    (re.compile(pattern, _I), sentence)
    for pattern, sentence in (
        (rf"{W}(?:or|and){G}(?:more|less|above|below|higher|lower|greater|over)\b|{W}max(?:imum)?\b", _LIMIT),
        (rf"{H}(?:increments?|steps?|increases?|increasing|escalat\w*|reductions?)\b", CHANGE),
        (rf"{W}[,(]?{W}(?:as|if|when){G}(?:needed|required|necessary)\b|{W}[,(]?{W}prn\b", "“{}” is taken as needed."),
        (
            rf"{W}[,(]?{W}(?:(?:given|taken|in|as|into){G}){{0,3}}(?:{INTEGER}{W})?(?:equally{W})?(?:divided|split)\b"
            rf"|{W}[,(]?{W}(?:given{G}|taken{G})?(?:in|as){G}{INTEGER}{G}(?:\w+{G})?doses\b",
            "“{}” is divided; the amount of each dose is not told.",
        ),
        (
            rf"{W}[,(]?{W}(?:on|except|excluding)\b{G}(?:on{G})?(?:the{G})?"
            r"(?:days?|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
            rf"|{W}[,(]?{W}(?:of|in){G}(?:each|every|an?){G}(?:[0-9]{{1,3}}{H}(?:day|week){H})?cycle"
            rf"|{W}[,(]?{W}(?:for|[x×]){W}(?:an?|{INTEGER}){W}(?:\w+{G})?doses?\b|{W}alternating\b",
            _SOME_DAYS,
        ),
    )
)
PER_WHAT = re.compile(rf"{W}(?=(?P<per>/|per\b){W}(?!dose)[a-z])", _I)
# A comma may be a decimal one or part two figures; a point before three digits may part thousands.
TWO_READINGS = re.compile(r"0*[1-9][0-9]*,(?:[0-9]{1,2}|[0-9]{4,6})|[1-9][0-9]{0,2}\.[0-9]{2}0")
