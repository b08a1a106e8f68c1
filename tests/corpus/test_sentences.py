import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import LONGEST_SENTENCE, sentences


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(st.text(alphabet=st.sampled_from("ab A.B!? \n0123456789()[]<sup></sup>%-–mg/day"), max_size=300))
def test_sentences_cover_everything_but_white_space_without_overlap(text: str) -> None:
    spans = list(sentences(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "whole",
    [
        "It was given with other drugs, e.g. methotrexate, for months.",
        "Tofacitinib vs. Placebo showed a difference.",
        "The curve (see Fig. 2. It is large) rises.",
        "As in Fig. 3 the score fell by 0.5 points.",
        "A dose of 5 mg/day. orally was kept.",
        "Smith et al. 2019 gave 2.5 mg b.i.d. to all.",
        "J. Smith and A. B. Jones wrote it.",
        "Values approx. 3.5 mg/kg i.v. were used.",
        "It is listed at doi:10.1001/jama.2020.1234 since then.",
    ],
)
def test_a_stop_that_ends_nothing_does_not_cut(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Regrowth came after 3 to 6 months.3-5 Other studies agree.",
            "Regrowth came after 3 to 6 months.3-5",
        ),
        (
            "It improved (P=0.0005).<sup>6</sup> Recalcitrant disease did not.",
            "It improved (P=0.0005).<sup>6</sup>",
        ),
        ("All took 4 mg/day. In 4 cases it failed.", "All took 4 mg/day."),
        ("It worked [12]. The next one failed.", "It worked [12]."),
        ("They wrote et al. The next sentence follows.", "They wrote et al."),
        ('He said "no." Then he left.', 'He said "no."'),
    ],
)
def test_a_stop_that_ends_a_sentence_cuts(text: str, first: str) -> None:
    assert split(text)[0] == first
    assert len(split(text)) == 2


def test_text_without_any_stop_is_bounded_and_loses_nothing() -> None:
    text = "word " * 10_000
    parts = split(text)
    assert max(len(part) for part in parts) <= LONGEST_SENTENCE
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_a_bound_never_falls_between_a_number_and_its_unit() -> None:
    text = "alpha beta 5 mg " * 500
    assert all(not part.endswith("5") and not part.startswith("mg") for part in split(text))
