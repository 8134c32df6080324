"""Amounts, ranges and income per head as text."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.rules.engine.evaluate import _floored
from app.rules.explain.numbers import fen_range, per_capita, range_of
from app.rules.language import types as t
from app.rules.values.money import MONTH_SCALE, parse_fen
from app.rules.values.open_values import Range

LARGEST_FEN = parse_fen("999999999999.99")


@given(st.integers(0, LARGEST_FEN), st.integers(1, MONTH_SCALE))
def test_a_floored_text_is_at_most_a_fen_below_the_amount(value: int, scale: int) -> None:
    text = range_of(value, scale, t.MONEY, "CNY")["value"]
    assert 0 <= Fraction(value, scale) - Fraction(text) * 100 < 1


def test_a_number_that_is_no_money_is_shown_exactly() -> None:
    shown = [range_of(value, 2, t.BY_NAME["number"], "count")["value"] for value in (1, 3, 4, 5)]
    assert shown == ["0.5", "1.5", "2", "2.5"]


def test_a_line_of_an_open_amount_is_floored_at_both_ends_and_known_where_they_meet() -> None:
    line = _floored(Range(150, 399, 1), 100)
    assert (line.low, line.high, line.causes) == (1, 3, 1)
    assert _floored(Range(110, 190, 1), 100) == 1
    assert _floored(Range(None, 399, 1), 100).low is None
    assert _floored(Range(150, None, 1), 100).high is None
    assert _floored(199, 100) == 1


def test_a_range_shows_both_ends_floored_and_no_single_value() -> None:
    shown = fen_range(Range(100, 250, 1), "CNY")
    assert shown == {"value": None, "min": "1.00", "max": "2.50", "unit": "CNY"}
    assert fen_range(Range(None, None, 1), "CNY") == {"value": None, "min": None, "max": None, "unit": "CNY"}
    assert range_of(199, 100, t.MONEY, "CNY") == {"value": "0.01", "min": "0.01", "max": "0.01", "unit": "CNY"}


def test_income_per_head_takes_the_smallest_income_by_the_largest_family_and_the_other_way_round() -> None:
    shown = per_capita(Range(1200, 2400, 1), Range(2, 3, 1), 1)
    assert (shown["value"], shown["min"], shown["max"]) == (None, "4.00", "12.00")
    assert per_capita(1200, 3, 1)["value"] == "4.00"
    assert per_capita(Range(1200, 1201, 1), 3, 1)["value"] == "4.00"


def test_income_per_head_has_no_end_where_nobody_may_be_counted() -> None:
    for size in (0, Range(0, 3, 1), Range(None, 3, 1)):
        shown = per_capita(1200, size, 1)
        assert (shown["value"], shown["min"], shown["max"]) == (None, "0.00", None)


def test_income_per_head_leaves_open_the_ends_that_are_open() -> None:
    assert per_capita(Range(None, 1200, 1), 3, 1)["min"] is None
    assert per_capita(Range(1200, None, 1), 3, 1)["max"] is None
    assert per_capita(1200, Range(2, None, 1), 1)["min"] is None


def test_the_income_of_one_person_is_the_whole_income() -> None:
    assert per_capita(1200, 1, 1)["value"] == "12.00"
    assert per_capita(1200, Range(1, 1, 1), 1)["value"] == "12.00"
