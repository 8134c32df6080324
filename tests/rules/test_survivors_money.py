"""Amounts at the edges: what no other test of money told apart."""

from fractions import Fraction

import pytest

from app.rules.values.money import COUNT_SCALE, MAX_COUNT, exact_quotient, exact_text


@pytest.mark.parametrize("count", [-1, 0, MAX_COUNT + 1])
def test_an_amount_is_not_divided_by_a_count_the_scale_does_not_hold(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 30 people"):
        exact_quotient(100, count)


@pytest.mark.parametrize("count", [1, 7, MAX_COUNT])
def test_an_amount_is_divided_exactly_by_every_count_up_to_the_largest(count: int) -> None:
    assert Fraction(exact_quotient(100, count), COUNT_SCALE) == Fraction(100, count)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(3), "3"),
        (Fraction(-3), "-3"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 4), "-0.25"),
        (Fraction(5, 1000), "0.005"),
        (Fraction(1, 10**11), "0.00000000001"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction(1, 10**13), "1/10000000000000"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 3), "-1/3"),
    ],
)
def test_an_exact_number_has_no_more_digits_than_it_needs_and_is_a_quotient_beyond_twelve(
    number: Fraction, text: str
) -> None:
    assert exact_text(number) == text
