"""Amounts are exact: their texts, and the scales at which whole numbers hold every share of them."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.engine.compiler.compile import Program, compile_rules
from app.rules.facts.household import MAX_MEMBERS
from app.rules.language.types import MONEY, MONEY_MONTH, Type
from app.rules.language.vocabulary import INCOME_KINDS
from app.rules.packs.library import Library
from app.rules.packs.pack import load_packs
from app.rules.rulesets.ruleset import Rulesets
from app.rules.rulesets.scales import scaled, unscaled
from app.rules.values.money import (
    ALLOWED_MONTHS,
    COUNT_SCALE,
    MAX_COUNT,
    MONTH_SCALE,
    RATIO_SCALE,
    exact_quotient,
    exact_text,
    format_fen,
    parse_fen,
    parse_ratio,
)

LARGEST_FEN = parse_fen("999999999999.99")
REALISTIC_FEN = parse_fen("10000000")
DAY = dt.date(2026, 8, 1)
fen_amounts = st.integers(0, LARGEST_FEN)
ratios = st.integers(0, 999_999 * RATIO_SCALE).map(lambda units: Fraction(units, RATIO_SCALE))


@pytest.fixture(scope="module")
def model_city() -> Program:
    library = Library(load_packs())
    return compile_rules(library, Rulesets(library).at("999900", DAY, DAY))


@given(fen_amounts)
def test_formatted_fen_parse_to_the_same_fen(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen


@given(fen_amounts)
def test_formatted_fen_have_two_decimals_and_are_the_amount_in_yuan(fen: int) -> None:
    text = format_fen(fen)
    assert text[-3] == "."
    assert Fraction(text) * 100 == fen


@given(st.integers(1, LARGEST_FEN))
def test_negative_fen_are_formatted_with_a_sign(fen: int) -> None:
    assert format_fen(-fen) == f"-{format_fen(fen)}"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.0", 0),
        ("0.01", 1),
        ("0.1", 10),
        ("1", 100),
        ("640.00", 64_000),
        ("1503.99", 150_399),
        ("999999999999.99", 99_999_999_999_999),
    ],
)
def test_plain_yuan_are_read(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        ".5",
        "5.",
        "-1",
        "+1",
        "-0",
        "1e3",
        "1E3",
        " 1",
        "1 ",
        "1\n",
        "1\t",
        "1 000",
        "1,000",
        "1_000",
        "0x10",
        "１",
        "1．5",
        "١",
        "1.234",
        "01",
        "00",
        "00.5",
        "1000000000000",
        "1.2.3",
        "NaN",
        "Infinity",
        "¥1",
        "1元",
        "1\0",
    ],
)
def test_anything_but_plain_yuan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_fen(text)


@given(st.text(max_size=20))
def test_any_text_is_an_amount_in_range_or_refused(text: str) -> None:
    try:
        fen = parse_fen(text)
    except ValueError:
        return
    assert 0 <= fen <= LARGEST_FEN
    assert Fraction(text) * 100 == fen


@given(ratios)
def test_ratios_of_four_decimals_are_read_exactly(ratio: Fraction) -> None:
    assert parse_ratio(exact_text(ratio)) == ratio


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.00001", "1e2", "01", "1.", ".1", " 1", "1000000", "１", "1/3", "0.1\n"]
)
def test_anything_but_a_ratio_of_four_decimals_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="four decimals"):
        parse_ratio(text)


@given(st.fractions())
def test_the_text_of_an_exact_number_is_that_number(number: Fraction) -> None:
    assert Fraction(exact_text(number)) == number


@pytest.mark.parametrize("months", ALLOWED_MONTHS)
def test_a_fen_at_month_scale_divides_by_every_allowed_number_of_months(months: int) -> None:
    assert MONTH_SCALE % months == 0


@pytest.mark.parametrize("people", range(1, MAX_COUNT + 1))
def test_a_fen_at_count_scale_divides_by_every_count(people: int) -> None:
    assert COUNT_SCALE % people == 0


def test_no_scale_is_larger_than_its_divisors_need() -> None:
    """Fingerprints of rulesets cover figures at their scale: another scale would be another fingerprint."""
    assert MONTH_SCALE == 27_720
    assert COUNT_SCALE == 2_329_089_562_800


def test_counts_reach_the_largest_household() -> None:
    assert MAX_COUNT >= MAX_MEMBERS


@given(fen_amounts, st.sampled_from(ALLOWED_MONTHS), ratios)
def test_a_ratio_of_a_month_share_is_whole_at_both_scales(fen: int, months: int, ratio: Fraction) -> None:
    share = Fraction(fen, months) * ratio
    whole = fen * (MONTH_SCALE // months) * (ratio * RATIO_SCALE)
    assert whole.denominator == 1
    assert whole / (MONTH_SCALE * RATIO_SCALE) == share


@given(fen_amounts)
def test_money_a_year_is_exact_money_a_month(fen: int) -> None:
    monthly = scaled(Fraction(fen, 100), MONEY_MONTH, "year")
    assert unscaled(monthly, MONEY_MONTH) == Fraction(fen, 1200)


@given(fen_amounts, st.sampled_from([MONEY, MONEY_MONTH]))
def test_scaled_money_is_unscaled_to_itself(fen: int, unit: Type) -> None:
    assert unscaled(scaled(Fraction(fen, 100), unit), unit) == Fraction(fen, 100)


def test_the_largest_household_stays_below_38_digits_at_every_scale_in_use(model_city: Program) -> None:
    total = MAX_MEMBERS * len(INCOME_KINDS) * LARGEST_FEN
    scales = {rule.scale for rule in model_city.rules.values()}
    scales |= {rule.sides[0] for rule in model_city.rules.values() if rule.sides is not None}
    assert len(INCOME_KINDS) == 19
    assert total * max(scales | {MONTH_SCALE * RATIO_SCALE}) < 10**38


def test_realistic_households_stay_below_64_bits_at_month_scale() -> None:
    assert MAX_MEMBERS * len(INCOME_KINDS) * REALISTIC_FEN * MONTH_SCALE < 2**63


def test_up_to_twelve_decimals_are_written_out_and_beyond_them_a_quotient() -> None:
    assert exact_text(Fraction(1, 10**12)) == "0.000000000001"
    assert exact_text(Fraction(1, 10**13)) == "1/10000000000000"


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
