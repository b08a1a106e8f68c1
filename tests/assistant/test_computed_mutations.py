"""The gate, proven over what is worked out: a total or a statement over rows passes, and none of its mutants does.

A mutant has another word or figure in what is said, another figure in the working, or the same wrong result in both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from assistant.answer import answer
from assistant.contract import Answer, Statement
from assistant.ground import Gate
from index.library import Library
from tests.assistant.mutants import MUTATORS, spelt

_SHOWN = 25  # survivors that a failure lists

QUESTIONS = (
    "How many cases had a complete response?",
    "How many rows with alopecia areata had partial response?",
    "How many cases took dupilumab?",
    "Which cases did not take methotrexate?",
    "Which cases had no adverse effects?",
    "What is the longest combination duration?",
    "What is the shortest combination duration?",
    "What is the median age in the 22-row table?",
    "What is the average age of women in the combination table?",
    "What is the sum of the combination durations?",
    "What share of the women had complete response?",
    "What is the ratio of the MACE rate of abrocitinib 100 mg to abrocitinib 200 mg?",
    "Going from abrocitinib 100 mg to 200 mg, how does the MACE rate change?",
    "Which drug has the highest malignancy rate per 100 patient-years?",
    "What is the average MACE rate over the table?",
    "How many off-label uses does Table 1 list for oral tofacitinib and for oral ruxolitinib?",
    "What is the total daily dose of tofacitinib in dermatomyositis?",
    "What is the total daily dose of baricitinib vs tofacitinib?",
    "What is the total daily dose of dupilumab?",
    "Which cases were older than 60?",
    "How many combinations lasted at least 20 months?",
    "Which drugs in the event rate table have MACE above 0.5 per 100 patient-years?",
    "What is the difference between ruxolitinib cream 1.5% and vehicle in psoriasis?",
    "Ratio of the VTE rate with JAK inhibitors to placebo in the 2022 meta-analysis in atopic dermatitis?",
    "What percentage of the tofacitinib dermatomyositis review had the amyopathic subtype?",
    "Case 19's cyclosporin dose adds up to how many mg per day?",
)
FEWEST_COMPUTED = 2500


@pytest.fixture
def gate(bundled: Library) -> Gate:
    return Gate(bundled, "", bundled.vocabulary)


@pytest.fixture
def computed(bundled: Library) -> list[tuple[Answer, Statement]]:
    found = [answer(question, bundled) for question in QUESTIONS]
    return [(one, statement) for one in found for statement in one.statements if statement.kind == "computed"]


def test_nothing_that_is_worked_out_leaves_with_something_else_in_it(
    gate: Gate, computed: list[tuple[Answer, Statement]]
) -> None:
    assert len(computed) >= len(QUESTIONS)
    counted: Counter[str] = Counter()
    alive: list[str] = []
    for found, right in computed:
        gate.question = found.question
        assert gate.faults(right, found.citations) == []
        for kind, wrong in _miscalculated(right, gate):
            counted[kind] += 1
            if not gate.faults(wrong, found.citations):
                alive.append(f"{kind}: {wrong.text} ({wrong.working})")

    assert alive == [], f"{len(alive)} of {counted.total()} mutants pass:\n" + "\n".join(alive[:_SHOWN])
    assert counted.total() >= FEWEST_COMPUTED, counted
    assert counted.keys() >= {"drug", "unit", "direction", "working", "result"}, counted


def _miscalculated(right: Statement, gate: Gate) -> Iterator[tuple[str, Statement]]:
    """Yield a computed statement with another text, with another working, and with another result in both."""
    working = right.working or ""
    for kind, mutate in MUTATORS.items():
        for text in dict.fromkeys(mutate(right.text, gate.vocabulary)):
            if spelt(text) != spelt(right.text):
                yield kind, right.model_copy(update={"text": text})
    for other in dict.fromkeys(MUTATORS["figure"](working, gate.vocabulary)):
        if spelt(other) != spelt(working):
            yield "working", right.model_copy(update={"working": other})
    for number in set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)", right.text)):
        both = re.compile(rf"(?<![\w.]){re.escape(number)}(?![\w.]*\d)")
        text, shown = both.sub(f"{number}1", right.text), both.sub(f"{number}1", working)
        yield "result", right.model_copy(update={"text": text, "working": shown})
