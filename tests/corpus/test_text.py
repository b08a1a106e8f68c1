from hypothesis import given
from hypothesis import strategies as st

from corpus.text import clean, fold, without_markup


@given(st.text())
def test_cleaning_keeps_every_offset(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned


def test_cleaning_disarms_terminal_and_direction_controls() -> None:
    cleaned = clean("a\x1b[31mred\x07\u202eevil\x9b2J\x00 end\r\nnext\rlast")
    assert cleaned == "a [31mred  evil 2J  end \nnext\nlast"


def test_folding_makes_dashes_spaces_and_case_alike() -> None:
    assert fold("5–10\u00a0MG  Twice\ndaily") == "5-10 mg twice daily"


def test_markup_is_left_out_of_a_reading_and_figures_stay() -> None:
    stored = r"**CDASI** fell ($28 \pm 15.4$) at 12 weeks.<sup>6,7</sup>"
    assert without_markup(stored) == "CDASI fell (28 ± 15.4) at 12 weeks."


def test_a_footnote_star_between_words_is_not_read_as_emphasis() -> None:
    assert without_markup("2 * 3 mg") == "2 * 3 mg"
