import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import dose_words
from corpus.dosing import Duration, Found, Frequency, Regimen, daily_total, parse, same_dose, weekly_total
from corpus.types import Span

TWICE = Frequency(2, 2, days=1)


def only(text: str) -> Found:
    (found,) = parse(text)
    return found


def regimen(text: str) -> Regimen:
    return only(text).regimen


def texts(text: str) -> list[str]:
    return [found.regimen.text() for found in parse(text)]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("5 mg twice daily", "5 mg twice daily"),
        ("5mg BID", "5 mg twice daily"),
        ("5 mg b.i.d.", "5 mg twice daily"),
        ("5 mg q12h", "5 mg twice daily"),
        ("five mg twice a day", "5 mg twice daily"),
        ("5 mg 2x/day", "5 mg twice daily"),
        ("5 mg in the morning and at night", "5 mg twice daily"),
        ("**5 mg** (twice-daily)", "5 mg twice daily"),
        ("5\u00a0mg twice\ndaily", "5 mg twice daily"),
        ("20 mg/12 h", "20 mg twice daily"),
        ("20 mg every 12 hours", "20 mg twice daily"),
        ("100 mg twice a day", "100 mg twice daily"),
        ("500 mg every 4-6 hours", "500 mg 4 to 6 times daily"),
        ("5 mg twice to three times daily", "5 mg 2 to 3 times daily"),
        ("5 mg once or twice a day", "5 mg 1 to 2 times daily"),
        ("5 mg 3 times daily", "5 mg 3 times daily"),
        ("10 mg t.i.d.", "10 mg 3 times daily"),
        ("2.5 mg/day", "2.5 mg once daily"),
        ("4mg/day", "4 mg once daily"),
        ("4 mg/ day", "4 mg once daily"),
        ("2-mg daily", "2 mg once daily"),
        ("200 mg doxycycline per day", "200 mg once daily"),
        ("15 mg each morning", "15 mg once daily"),
        ("daily dose of 15 mg", "15 mg once daily"),
        ("once-daily upadacitinib 15 mg", "15 mg once daily"),
        ("15 mg/week", "15 mg once weekly"),
        ("15 mg per week", "15 mg once weekly"),
        ("15 mg weekly", "15 mg once weekly"),
        ("7 mg once weekly", "7 mg once weekly"),
        ("25 mg three times per week", "25 mg 3 times weekly"),
        ("300 mg every 14 days", "300 mg every 14 days"),
        ("300 mg every other week", "300 mg every 14 days"),
        ("300 mg/14 days", "300 mg every 14 days"),
        ("40 mg/2 weeks", "40 mg every 14 days"),
        ("40 mg sc q2w", "40 mg subcutaneous every 14 days"),
        ("45 mg every 8 to 12 weeks", "45 mg every 56 to 84 days"),
        ("400 mg/month", "400 mg once monthly"),
        ("5 mg every second day", "5 mg every 2 days"),
        ("5 mg every 3rd day", "5 mg every 3 days"),
        ("5 mg at bedtime daily", "5 mg once daily"),
        ("11 mg XR daily", "11 mg extended release once daily"),
        ("11 mg extended release once daily", "11 mg extended release once daily"),
        ("11 mg extended release (XR) twice daily", "11 mg extended release twice daily"),
        ("11 mg once daily as extended release (XR)", "11 mg extended release once daily"),
        ("11 mg extended release (XR) daily", "11 mg extended release once daily"),
        ("15 mg (oral) weekly", "15 mg oral once weekly"),
        ("XR 11 mg daily", "11 mg extended release once daily"),
        ("5 to 10 mg twice daily", "5 to 10 mg twice daily"),
        ("5-10 mg BID", "5 to 10 mg twice daily"),
        ("5 mg–10 mg BID", "5 to 10 mg twice daily"),
        ("between 5 and 10 mg BID", "5 to 10 mg twice daily"),
        ("ranging from 5 to 10 mg BID", "5 to 10 mg twice daily"),
        ("500 mg to 1 g twice daily", "0.5 to 1 g twice daily"),
        ("1%–2% cream twice daily", "1% to 2% cream twice daily"),
        ("1%-2% twice daily", "1% to 2% twice daily"),
        ("topical ruxolitinib 0.6%-2% both applied twice daily", "0.6% to 2% topical twice daily"),
        ("topical ruxolitinib 2% was applied twice daily", "2% topical twice daily"),
        ("5 mg were given once a week", "5 mg once weekly"),
        ("0.5 mg/kg/day", "0.5 mg/kg once daily"),
        ("8 mg kg-1 day-1", "8 mg/kg once daily"),
        ("75 mg/m2 every 3 weeks", "75 mg/m² every 21 days"),
        ("150 mcg daily", "150 µg once daily"),
        ("0,5 mg daily", "0.5 mg once daily"),
        ("0·5 mg daily", "0.5 mg once daily"),
        (".5 mg daily", "0.5 mg once daily"),
        ("5.0 mg daily", "5 mg once daily"),
        ("1,000 mg daily", "1000 mg once daily"),
        ("40 mg/day tapered over 2 weeks", "40 mg once daily tapered for 2 weeks"),
        ("30 mg/day in gradual tapering (orally)", "30 mg oral once daily tapered"),
        ("10 to 15 mg twice daily for 6 to 12 months", "10 to 15 mg twice daily for 6 to 12 months"),
        ("5mg PO BID x 14 days", "5 mg oral twice daily for 14 days"),
        ("oral tofacitinib 5 mg BID", "5 mg oral twice daily"),
        ("15 mg/week (subcuta- neous)", "15 mg subcutaneous once weekly"),
    ],
)
def test_a_regimen_is_read(text: str, normal: str) -> None:
    found = only(text)
    assert found.regimen.text() == normal
    assert found.ambiguity is None


def test_the_parts_of_a_regimen_are_values() -> None:
    assert regimen("10 to 15 mg XR oral tablet twice to three times daily, tapered, for 6 to 12 months") == Regimen(
        Decimal(10),
        Decimal(15),
        "mg",
        Frequency(2, 3, days=1),
        "extended release",
        "oral",
        "tablet",
        Duration(Decimal(6), Decimal(12), "month"),
        taper=True,
    )
    assert regimen("5 mg q36h").frequency == Frequency(2, 2, days=3)
    assert regimen("300 mg every other week").frequency == Frequency(1, 1, days=14)
    assert regimen("25 mg three times weekly").frequency == Frequency(3, 3, days=7)


@pytest.mark.parametrize(
    ("text", "days"), [("2 weeks", (14, 14)), ("6 to 12 months", (183, 365)), ("1 year", (365, 365)), ("a day", (1, 1))]
)
def test_a_duration_is_counted_in_days(text: str, days: tuple[int, int]) -> None:
    duration = regimen(f"5 mg daily for {text}").duration
    assert duration is not None
    assert duration.days == days


@pytest.mark.parametrize(
    "text",
    [
        "twice daily",
        "109/L",
        "12.5 x 10^9/L",
        "5 mg/dL",
        "20 mg per 100 mL",
        "5 mg/2 mL",
        "0.35 μg/ml",
        "eGFR 30-60 mL/min",
        "3.2 per 100 patient-years",
        "120 mmHg",
        "PASI 75",
        "week 24",
        "Fig. 3g",
        "IgG, 49G",
        "6 kg weight gain",
        "lost 300 mL of blood",
        "1.92 units lower",
        "40% of patients taking it",
        "9 of 10 (90%) improved",
        "17.6% of weekly patients",
        "15 ± 5 mg/day",
        "15 smg/day",
        "1.2.3 mg",
        "0 mg daily",
        "IL-17 mg",
        "",
    ],
)
def test_no_regimen_is_read_where_none_is(text: str) -> None:
    assert parse(text) == ()


@pytest.mark.parametrize(
    ("text", "amount", "word"),
    [
        ("10 mg", "10 mg", "No frequency"),
        ("the 2 mg arm", "2 mg", "No frequency"),
        ("300 mg once", "300 mg", "No frequency"),
        ("10 mg a day before surgery", "10 mg", "No frequency"),
        ("reviewed weekly on 10 mg", "10 mg", "No frequency"),
        ("(tofacitinib 5 mg) daily phototherapy", "5 mg", "No frequency"),
        ("5 mg, weekly methotrexate", "5 mg", "No frequency"),
        ("2 mg, in a 48-year-old man", "2 mg", "No frequency"),
        ("| 5 mg | twice daily |", "5 mg", "No frequency"),
        ("5 mg\n\ntwice daily", "5 mg", "No frequency"),
        ("300 mg biweekly", "300 mg", "“biweekly” can mean more"),
        ("300 mg 2 weekly", "300 mg", "“2 weekly” can mean more"),
        ("5 mg/h", "5 mg", "can mean more"),
        ("5 mg daily, 5 days a week", "5 mg", "stand together"),
        ("5 mg in the morning, at night", "5 mg", "stand together"),
        ("5 mg once daily to twice daily", "5 mg", "stand together"),
        ("daily dose of 10 mg twice daily", "10 mg", "stand together"),
        ("0.6% to 2%", "0.6% to 2%", "strength or a share"),
        ("topical ruxolitinib 1.5%", "1.5%", "strength or a share"),
        ("8 tablets", "8 tablets", "does not say the amount in each"),
    ],
)
def test_what_gives_no_frequency_says_so(text: str, amount: str, word: str) -> None:
    found = only(text)
    assert found.regimen.amount() == amount
    assert found.regimen.frequency is None
    assert found.ambiguity is not None
    assert word in found.ambiguity


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("up to 10 mg twice daily", "limit"),
        ("≤10 mg/day", "limit"),
        ("maximum daily dose of 40 mg", "limit"),
        ("10 mg daily or more", "limit"),
        ("a mean dose of 15 mg per week", "average"),
        ("total daily dose of 20 mg", "total"),
        ("about 20 mg daily", "approximate"),
        ("increased by 5 mg daily", "change of dose"),
        ("5 mg/week increases", "change of dose"),
        ("20 mg daily in two divided doses", "divided"),
        ("10 mg daily as needed", "as needed"),
        ("5 mg tablets twice daily", "How many"),
        ("two 5 mg tablets twice daily", "another figure"),
        ("half a 5 mg tablet daily", "not taken whole"),
        ("1 g/day in 2 doses", "divided"),
        ("5 mg every 4 hours for 3 doses", "some doses"),
        ("5 mg daily except Sundays", "some doses"),
        ("5 mg twice daily on weekdays", "some doses"),
        ("5 mg daily for 21 days of each 28-day cycle", "some doses"),
        ("10 mg alternating with 5 mg daily", "some doses"),
        ("2 × 10 mg daily", "another figure"),
        ("10 500 IU daily", "another figure"),
        ("8 pills of 2.5 mg daily", "strength of one unit"),
        ("5 mg/vial daily", "per"),
        ("1.000 IU daily", "two readings"),
        ("1,5 mg daily", "two readings"),
        ("reduced 25% every 2 weeks", "strength or a share"),
    ],
)
def test_what_may_not_be_the_dose_taken_says_so(text: str, word: str) -> None:
    *_, found = parse(text)
    assert found.ambiguity is not None
    assert word in found.ambiguity


@pytest.mark.parametrize(
    ("text", "regimens"),
    [
        (
            "5 mg or 10 mg twice a day or 11 mg extended release twice a day",
            ["5 mg twice daily", "10 mg twice daily", "11 mg extended release twice daily"],
        ),
        ("5-10 mg twice daily/ 11 mg extended release", ["5 to 10 mg twice daily", "11 mg extended release"]),
        ("10, 20, or 30 mg BID", ["10 mg twice daily", "20 mg twice daily", "30 mg twice daily"]),
        ("200 mg Q2W or 400 mg Q4W", ["200 mg every 14 days", "400 mg every 28 days"]),
        ("80 mg at week 0, then 40 mg every week", ["80 mg", "40 mg once weekly"]),
        ("10 mg in the morning and 5 mg at night", ["10 mg once daily", "5 mg once daily"]),
        ("4 mg daily, weekly methotrexate 15 mg", ["4 mg once daily", "15 mg once weekly"]),
        ("4 mg/day plus oral methotrexate 15 mg/week", ["4 mg once daily", "15 mg oral once weekly"]),
        ("5 mg BID. Weekly methotrexate", ["5 mg twice daily"]),
        ("increased from 10 mg/day to 20 mg/day", ["10 mg once daily", "20 mg once daily"]),
        ("at week 4, 10 mg daily", ["10 mg once daily"]),
        ("PASI 75 and 10 mg daily", ["10 mg once daily"]),
        ("week 4 to 10 mg daily", ["10 mg once daily"]),
        ("15 ± 5 mg/day prednisone 10 mg", ["10 mg"]),
    ],
)
def test_regimens_stay_apart(text: str, regimens: list[str]) -> None:
    assert texts(text) == regimens


def test_a_release_is_not_lent_to_the_amount_before() -> None:
    first, second = parse("5 mg or 11 mg extended release once daily")
    assert first.regimen.text() == "5 mg"
    assert first.ambiguity == "No frequency stands with “5 mg”."
    assert second.regimen.text() == "11 mg extended release once daily"


@pytest.mark.parametrize("text", ["from 5 to 10 mg twice daily", "40 to 20 mg daily", "5-10-20 mg daily"])
def test_a_change_of_dose_is_no_range(text: str) -> None:
    found = parse(text)
    assert all(one.regimen.low == one.regimen.high for one in found)
    assert all(one.regimen.frequency is None for one in found[:-1])
    assert all(one.ambiguity and "change of dose" in one.ambiguity for one in found)


@pytest.mark.parametrize("text", ["50 mg/12.5 mg daily", "160/800 mg daily"])
def test_parts_of_a_combination_are_named_as_possible(text: str) -> None:
    assert len(parse(text)) == 2
    assert all(found.ambiguity and "combination" in found.ambiguity for found in parse(text))


def test_spans_point_at_the_words() -> None:
    text = "With tofacitinib 5 mg or 10 mg twice a day (oral) and ruxolitinib 20 mg [q12h], hair grew."
    assert [found.span.of(text) for found in parse(text)] == [
        "5 mg or 10 mg twice a day (oral)",
        "10 mg twice a day (oral)",
        "20 mg [q12h]",
    ]


@pytest.mark.parametrize(
    ("text", "daily", "weekly"),
    [
        (
            "15 to 25 mg BID",
            "15 to 25 mg × 2 a day = 30 to 50 mg a day",
            "15 to 25 mg × 2 a day × 7 = 210 to 350 mg a week",
        ),
        ("11 mg XR daily", "11 mg × 1 a day = 11 mg a day", "11 mg × 1 a day × 7 = 77 mg a week"),
        (
            "5 mg 2-3 times daily",
            "5 mg × 2 to 3 a day = 10 to 15 mg a day",
            "5 mg × 2 to 3 a day × 7 = 70 to 105 mg a week",
        ),
        (
            "15 mg/week",
            "15 mg once every 7 days = 15 mg a week (about 2.14 mg a day, averaged)",
            "15 mg once every 7 days = 15 mg a week",
        ),
        (
            "7 mg weekly",
            "7 mg once every 7 days = 7 mg a week (1 mg a day, averaged)",
            "7 mg once every 7 days = 7 mg a week",
        ),
        (
            "25 mg twice a week",
            "25 mg twice every 7 days = 50 mg a week (about 7.14 mg a day, averaged)",
            "25 mg twice every 7 days = 50 mg a week",
        ),
        (
            "300 mg every other week",
            "300 mg once every 14 days = about 21.43 mg a day, averaged",
            "300 mg once every 14 days = 150 mg a week, averaged",
        ),
        ("0.05 mg weekly", "0.05 mg once every 7 days = 0.05 mg a week (about 0.00714 mg a day, averaged)", None),
        ("0.5 mg/kg/day", "0.5 mg/kg × 1 a day = 0.5 mg/kg a day", "0.5 mg/kg × 1 a day × 7 = 3.5 mg/kg a week"),
    ],
)
def test_totals_show_their_working(text: str, daily: str, weekly: str | None) -> None:
    assert daily_total(regimen(text)).working == daily
    assert weekly is None or weekly_total(regimen(text)).working == weekly


def test_a_weekly_dose_is_an_averaged_daily_one() -> None:
    assert daily_total(regimen("15 mg weekly")).averaged
    assert not weekly_total(regimen("15 mg weekly")).averaged
    assert not daily_total(regimen("5 mg BID")).averaged


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1%-2% twice daily", "1% to 2% is a strength; how much of it is applied is not told."),
        ("10 mg", "No frequency is told for 10 mg."),
        ("8 tablets weekly", "8 tablets does not say the amount in each."),
        ("400 mg monthly", "400 mg once monthly has no exact total: a month has 28 to 31 days."),
        ("40 mg/day tapered over 2 weeks", "40 mg a day at the start, then tapered"),
    ],
)
def test_what_has_no_total_says_why(text: str, reason: str) -> None:
    total = daily_total(regimen(text))
    assert (total.low, total.high, total.working) == (None, None, None)
    assert total.reason == reason


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("20 mg q12h", "20 mg twice daily", True),
        ("20 mg twice daily", "40 mg once daily", True),
        ("500 mg twice daily", "1 g daily", True),
        ("5 mg twice daily", "5 mg oral BID", True),
        ("15 mg weekly", "15 mg every 7 days", True),
        ("300 mg every other week", "300 mg/14 days", True),
        ("1% twice daily", "1% BID", True),
        ("400 mg monthly", "400 mg/month", True),
        ("5 mg twice daily", "5 mg daily", False),
        ("11 mg XR daily", "11 mg daily", False),
        ("11 mg XR daily", "11 mg XR twice daily", False),
        ("7 mg weekly", "1 mg daily", False),
        ("5 to 10 mg daily", "10 mg daily", False),
        ("1% twice daily", "2% twice daily", False),
        ("1% twice daily", "2% daily", False),
        ("5 mg oral daily", "5 mg sc daily", False),
        ("5 mg", "5 mg", None),
        ("400 mg monthly", "400 mg every 4 weeks", None),
        ("5 mg daily", "5 mg/kg daily", None),
        ("100 IU daily", "100 units daily", None),
        ("2 tablets daily", "2 tablets daily", None),
        ("40 mg/day tapered", "40 mg/day", None),
        ("1% twice daily", "1 mg twice daily", None),
    ],
)
def test_doses_are_the_same_or_not_or_untold(one: str, other: str, same: bool | None) -> None:
    assert same_dose(regimen(one), regimen(other)) is same
    assert same_dose(regimen(other), regimen(one)) is same


@pytest.mark.parametrize(("low", "high", "unit"), [(2, 1, "mg"), (0, 0, "mg"), (-1, 1, "mg"), (1, 1, "smg")])
def test_an_impossible_amount_is_refused(low: int, high: int, unit: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        Regimen(Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize("period", [{}, {"days": 1, "months": 1}, {"days": 0}, {"days": -1}])
def test_an_impossible_frequency_is_refused(period: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no frequency"):
        Frequency(1, 1, **period)


def ordered(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[tuple[Decimal, Decimal]]:
    pair = st.tuples(values, values).map(lambda both: (min(both), max(both)))
    return pair | values.map(lambda value: (value, value))


FIGURES = st.decimals(min_value=0, max_value=100_000, places=3) | st.integers(0, 2000).map(Decimal)
AMOUNTS = ordered(FIGURES).filter(lambda pair: pair[1] > 0)
TIMES = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda both: (min(both), max(both)))
FREQUENCIES = st.builds(lambda t, n: Frequency(*t, days=n), TIMES, st.integers(1, 400)) | st.builds(
    lambda t, n: Frequency(*t, months=n), TIMES, st.integers(1, 24)
)
DURATIONS = st.builds(
    lambda pair, unit: Duration(*pair, unit),
    ordered(st.integers(1, 400).map(Decimal) | st.decimals(min_value="0.5", max_value=99, places=1)),
    st.sampled_from(["day", "week", "month", "year"]),
)


@st.composite
def regimens(draw: st.DrawFn, units: tuple[str, ...] = dose_words.UNITS) -> Regimen:
    low, high = draw(AMOUNTS)
    return Regimen(
        low,
        high,
        draw(st.sampled_from(units)),
        draw(st.none() | FREQUENCIES),
        draw(st.none() | st.sampled_from(list(dose_words.RELEASES))),
        draw(st.none() | st.sampled_from(list(dose_words.ROUTES))),
        draw(st.none() | st.sampled_from(list(dose_words.FORMS))),
        draw(st.none() | DURATIONS),
        draw(st.booleans()),
    )


@given(regimens())
def test_a_printed_regimen_is_read_back_exactly(one: Regimen) -> None:
    found = only(one.text())
    assert found.regimen == one
    assert found.span == Span(0, len(one.text()))


@given(regimens(("mg", "mg/kg", "µg", "IU")))
def test_a_regimen_in_a_sentence_is_the_same(one: Regimen) -> None:
    assert regimen(f"Of 22 patients (ref 3), most improved with {one.text()} and went on.") == one


WORDS = (
    *"5 10 0.5 0,5 1,000 .5 2023 five once twice three times daily weekly monthly biweekly every other each per a to - "
    "– or and , / ( ) . ; ± ≤ mg g % mL IU mcg tablets kg /kg mg/kg cream oral orally XR BID b.i.d. q12h /12 h days "
    "week weeks months for over tapered in from between up of dose tofacitinib mean × x 2 3 14".split(),
    "\n",
    "\t",
    "\n\n",
    "\u00a0",
)
SCRAPS = st.lists(st.sampled_from(WORDS), max_size=25).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@given(st.text() | SCRAPS)
def test_any_text_is_read_without_an_error_and_spans_hold_the_amount(text: str) -> None:
    found = parse(text)
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    for one in found:
        quote = one.span.of(text)
        numbers = [dose_words.number(number) for number in re.findall(dose_words.NUMBER, quote, re.IGNORECASE)]
        assert one.regimen.high in numbers
        assert quote == quote.strip()


@given(st.text() | SCRAPS)
def test_whatever_is_read_is_stable_and_its_doubts_are_said(text: str) -> None:
    for found in parse(text):
        assert regimen(found.regimen.text()) == found.regimen
        assert found.regimen.frequency or found.ambiguity


@given(SCRAPS)
def test_dashes_of_all_kinds_read_alike(text: str) -> None:
    assert texts(text) == texts(text.replace("–", "-")) == texts(text.replace("-", "\u2011"))


@given(regimens(("mg", "g", "mg/kg", "IU")))
def test_twice_a_day_is_double_once_a_day(one: Regimen) -> None:
    fields = {"low": one.low, "high": one.high, "unit": one.unit}
    once, twice = (daily_total(Regimen(**fields, frequency=Frequency(n, n, days=1))) for n in (1, 2))
    assert once.low is not None and once.high is not None
    assert (twice.low, twice.high) == (2 * once.low, 2 * once.high)


@given(regimens())
def test_a_total_or_a_reason_is_given_and_the_working_holds_the_figures(one: Regimen) -> None:
    for total in (daily_total(one), weekly_total(one)):
        assert (total.low is None) == (total.high is None) == (total.working is None) == (total.reason is not None)
        assert total.unit == one.unit
        if total.working is not None and total.low is not None and total.high is not None:
            written = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", total.working)}
            assert {total.low, total.high, one.low, one.high} <= written
            assert not re.search(r"\.\d*0(?!\d)|[eE][+-]|\d\.(?!\d)", total.working)


@given(regimens(("%",)))
def test_a_strength_never_becomes_an_amount(one: Regimen) -> None:
    for total in (daily_total(one), weekly_total(one)):
        assert total.low is None
        assert "mg" not in f"{total.unit} {total.working} {total.reason}"


@given(AMOUNTS, TIMES, st.integers(1, 400))
def test_a_rounded_total_is_near_the_exact_one(
    amounts: tuple[Decimal, Decimal], times: tuple[int, int], days: int
) -> None:
    total = daily_total(Regimen(*amounts, "mg", Frequency(*times, days=days)))
    for figure, amount, often in zip((total.low, total.high), amounts, times, strict=True):
        assert figure is not None
        assert float(figure) == pytest.approx(float(amount) * often / days, rel=0.006)


@given(regimens(), regimens())
def test_same_dose_is_symmetric_and_never_denies_itself(one: Regimen, other: Regimen) -> None:
    assert same_dose(one, other) is same_dose(other, one)
    assert same_dose(one, one) is not False
