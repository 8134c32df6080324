"""The algebra of open values is as tight as it can be: bounds, strictness, words, conditions and collections."""

import datetime as dt
from typing import Any

import pytest

from app.rules.engine.compiler.writer import ROUNDINGS
from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE
from app.rules.values.open_values import AnyOf, Cases, Maybe, Range, causes_of
from app.rules.values.space import Space


@pytest.fixture
def space() -> Space:
    return Space()


@pytest.fixture
def algebra(space: Space) -> Algebra:
    return Algebra(space)


def _shape(value: Any) -> tuple[int | None, int | None, bool, int]:
    assert type(value) is Range, value
    return value.low, value.high, value.above, value.causes


# strictly above


def test_a_sum_is_strictly_above_where_one_side_is(algebra: Algebra) -> None:
    assert _shape(algebra.add(Range(1, 9, 1, True), 5)) == (6, 14, True, 1)
    assert _shape(algebra.add(5, Range(1, 9, 1, True))) == (6, 14, True, 1)
    assert _shape(algebra.add(Range(1, 9, 1), 5)) == (6, 14, False, 1)


def test_a_sum_without_a_lower_bound_is_not_strictly_above_it(algebra: Algebra) -> None:
    assert _shape(algebra.add(Range(1, 9, 1, True), Range(None, 2, 2))) == (None, 11, False, 3)


def test_a_multiple_is_strictly_above_and_a_negative_multiple_is_not(algebra: Algebra) -> None:
    assert _shape(algebra.scale(Range(1, 9, 1, True), 3)) == (3, 27, True, 1)
    assert _shape(algebra.scale(Range(1, 9, 1, True), -3)) == (-27, -3, False, 1)


def test_a_product_is_strictly_above_only_where_both_factors_are(algebra: Algebra) -> None:
    assert _shape(algebra.mul(Range(2, 3, 1, True), Range(5, 7, 2, True))) == (10, 21, True, 3)
    assert _shape(algebra.mul(Range(2, 3, 1, True), Range(5, 7, 2))) == (10, 21, False, 3)
    assert _shape(algebra.mul(Range(2, 3, 1), Range(5, 7, 2, True))) == (10, 21, False, 3)


def test_a_product_with_a_factor_from_nothing_on_has_bounds_and_one_below_nothing_has_none(algebra: Algebra) -> None:
    assert _shape(algebra.mul(Range(0, 3, 1), Range(0, 7, 2))) == (0, 21, False, 3)
    assert _shape(algebra.mul(Range(-1, 3, 1), Range(5, 7, 2))) == (None, None, False, 3)
    assert _shape(algebra.mul(Range(5, 7, 1), Range(-1, 3, 2))) == (None, None, False, 3)
    assert _shape(algebra.mul(Range(2, None, 1), Range(5, 7, 2))) == (10, None, False, 3)
    assert _shape(algebra.mul(Range(2, 3, 1), Range(5, None, 2))) == (10, None, False, 3)


def test_the_largest_is_strictly_above_where_the_side_with_the_higher_bound_is(algebra: Algebra) -> None:
    assert _shape(algebra.largest(Range(5, 9, 1, True), Range(1, 8, 2))) == (5, 9, True, 3)
    assert _shape(algebra.largest(Range(1, 8, 2), Range(5, 9, 1, True))) == (5, 9, True, 3)
    assert _shape(algebra.largest(Range(5, 9, 1), Range(1, 8, 2, True))) == (5, 9, False, 3)


def test_the_largest_takes_the_lower_bound_of_the_side_that_has_one(algebra: Algebra) -> None:
    assert _shape(algebra.largest(Range(None, 9, 1), Range(3, 8, 2))) == (3, 9, False, 3)
    assert _shape(algebra.largest(Range(3, 8, 2), Range(None, 9, 1))) == (3, 9, False, 3)
    assert _shape(algebra.largest(Range(3, None, 2), Range(1, 9, 1))) == (3, None, False, 3)


def test_of_a_number_and_a_range_that_reaches_just_to_it_the_largest_is_known(algebra: Algebra) -> None:
    assert algebra.largest(5, Range(1, 5, 1)) == 5
    assert algebra.largest(Range(1, 5, 1), 5) == 5
    assert algebra.smallest(5, Range(5, 9, 1)) == 5
    assert algebra.smallest(Range(5, 9, 1), 5) == 5


def test_a_choice_is_strictly_above_where_every_side_with_the_lower_bound_is(algebra: Algebra) -> None:
    assert _shape(algebra.choose(Maybe(1), Range(1, 9, 2, True), 5)) == (1, 9, True, 3)
    assert _shape(algebra.choose(Maybe(1), 5, Range(1, 9, 2, True))) == (1, 9, True, 3)
    assert _shape(algebra.choose(Maybe(1), Range(1, 9, 2, True), 1)) == (1, 9, False, 3)
    assert _shape(algebra.choose(Maybe(1), Range(None, 9, 2), Range(1, 3, 4, True))) == (None, 9, False, 7)


def test_a_choice_has_an_end_only_where_both_sides_have(algebra: Algebra) -> None:
    assert _shape(algebra.choose(Maybe(1), Range(1, None, 2), 0)) == (0, None, False, 3)
    assert _shape(algebra.choose(Maybe(1), 7, 3)) == (3, 7, False, 1)


def test_an_unpublished_figure_is_strictly_above_its_bound_where_the_pack_or_the_bound_says_so(
    algebra: Algebra,
) -> None:
    assert _shape(algebra.unpublished(5, None, 1)) == (5, None, False, 1)
    assert _shape(algebra.unpublished(5, None, 1, True)) == (5, None, True, 1)
    assert _shape(algebra.unpublished(Range(5, 6, 2, True), Range(7, 8, 4), 1)) == (5, 8, True, 7)


def test_two_ranges_that_differ_in_strictness_alone_are_different(algebra: Algebra) -> None:
    space = algebra.space
    axis = space.axis(space.cause("/a"))
    open_ = Cases(axis.axes, [Range(0, 9, 2), Range(0, 9, 2, True)])
    assert type(space.settle(open_)) is Cases
    assert _shape(space.hull(open_)) == (0, 9, False, 3)


# comparisons


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Range(0, 4, 1), 5, True),
        (Range(0, 5, 1), 5, None),
        (Range(5, 9, 1), 5, False),
        (Range(4, 9, 1), 5, None),
        (5, Range(5, 9, 1, True), True),
        (5, Range(5, 9, 1), None),
        (5, Range(6, 9, 1), True),
        (5, Range(1, 5, 1), False),
        (5, Range(1, 6, 1), None),
        (6, Range(5, 9, 1, True), None),
    ],
)
def test_a_comparison_is_settled_exactly_where_the_bounds_settle_it(
    algebra: Algebra, left: Any, right: Any, expected: bool | None
) -> None:
    found = algebra.less(left, right)
    assert (None if type(found) is Maybe else found) is expected
    assert causes_of(found) == (1 if expected is None else 0)


def test_equality_is_open_inside_a_range_and_refused_outside(algebra: Algebra) -> None:
    assert type(algebra.equal(Range(1, 5, 1), 5)) is Maybe
    assert type(algebra.equal(5, Range(5, 9, 1))) is Maybe
    assert algebra.equal(Range(1, 5, 1), 6) is False
    assert algebra.equal(6, Range(1, 5, 1)) is False


# division and rounding


@pytest.mark.parametrize(
    ("amount", "count", "low", "high"),
    [
        (Range(6, 12, 1), 3, 2, 4),
        (Range(-12, -6, 1), 3, -4, -2),
        (Range(None, 12, 1), 3, None, 4),
        (Range(6, None, 1), 3, 2, None),
        (12, Range(2, 3, 1), 4, 6),
        (-12, Range(2, 3, 1), -6, -4),
        (12, Range(2, None, 1), 0, 6),
        (-12, Range(2, None, 1), -6, 0),
        (Range(-6, 6, 1), Range(2, 3, 1), -3, 3),
        (Range(0, 6, 1), Range(2, 3, 1), 0, 3),
        (Range(-6, 0, 1), Range(2, 3, 1), -3, 0),
        (Range(None, 6, 1), Range(2, 3, 1), None, 3),
        (Range(6, None, 1), Range(2, 3, 1), 2, None),
    ],
)
def test_a_quotient_has_the_bounds_of_the_furthest_corners(
    algebra: Algebra, amount: Any, count: Any, low: int | None, high: int | None
) -> None:
    ends = tuple(None if end is None else end * COUNT_SCALE for end in (low, high))
    assert _shape(algebra.divide(amount, count)) == (*ends, False, 1)


def test_a_range_is_rounded_at_both_ends_and_open_ends_stay_open(algebra: Algebra) -> None:
    up = ROUNDINGS["round_up"]
    assert _shape(algebra.round(Range(101, 299, 1), 100, up)) == (2, 3, False, 1)
    assert _shape(algebra.round(Range(None, 299, 1), 100, up)) == (None, 3, False, 1)
    assert _shape(algebra.round(Range(101, None, 1), 100, up)) == (2, None, False, 1)


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        ("round_up", 100, 1), ("round_up", 101, 2),
        ("round_down", 199, 1), ("round_down", 200, 2),
        ("round_half_up", 149, 1), ("round_half_up", 150, 2),
    ],
)  # fmt: skip
def test_each_rounding_turns_at_its_own_edge(how: str, value: int, expected: int) -> None:
    assert ROUNDINGS[how](value, 100) == expected


# collections


def test_the_extreme_of_a_collection_ignores_elements_whose_condition_fails(algebra: Algebra) -> None:
    assert algebra.extreme([(False, 9), (True, 3), (True, 5)], algebra.largest) == 5
    assert algebra.extreme([(True, 3), (False, 1)], algebra.smallest) == 3
    assert algebra.extreme([], algebra.smallest) == 0


def test_a_total_counts_an_open_element_as_all_or_nothing(algebra: Algebra) -> None:
    assert _shape(algebra.total([(True, 2), (Maybe(1), 5), (False, 100)])) == (2, 7, False, 1)
    assert _shape(algebra.number_of([True, Maybe(1), False])) == (1, 2, False, 1)


# words


def test_a_word_that_depends_on_a_case_is_compared_in_each_case(algebra: Algebra) -> None:
    space = algebra.space
    word = algebra.choose(space.axis(space.cause("/a")), "urban", "rural")
    assert algebra.one_of(word, {"urban"}).cells == [False, True]
    assert space.settle(algebra.one_of(word, {"urban", "rural"})) is True
    assert algebra.equal(word, "rural").cells == [True, False]


def _bounds(value: Any) -> tuple[int | None, int | None]:
    assert type(value) is Range, value
    return value.low, value.high


def test_a_difference_takes_the_other_sides_far_end(algebra: Algebra) -> None:
    assert _bounds(algebra.sub(Range(10, 20, 1), 3)) == (7, 17)
    assert _bounds(algebra.sub(10, Range(1, 3, 1))) == (7, 9)
    assert _bounds(algebra.sub(Range(10, 20, 1), Range(1, 3, 2))) == (7, 19)
    assert _bounds(algebra.sub(10, Range(1, None, 1))) == (None, 9)
    assert algebra.sub(5, 3) == 2


def test_nothing_times_an_open_number_is_nothing_and_once_is_itself(algebra: Algebra) -> None:
    assert algebra.scale(Range(1, 3, 1), 0) == 0
    assert _bounds(algebra.scale(Range(1, 3, 1), 1)) == (1, 3)
    assert algebra.mul(0, Range(1, 3, 1)) == 0


def test_a_case_of_several_questions_is_found_by_all_of_them(space: Space) -> None:
    first, second, third = (space.axis(space.cause(f"/{n}")) for n in range(3))
    pair = space.lift(lambda a, b: (a, b), first, third)
    every = space.lift(lambda a, b, c: (a, b, c), first, second, third)
    both = space.lift(lambda two, three: two == (three[0], three[2]), pair, every)
    assert isinstance(both, Cases)
    assert both.cells == [True] * 8
    assert every.cells[:3] == [(False, False, False), (False, False, True), (False, True, False)]


def test_words_that_agree_are_the_word_and_words_that_do_not_are_unknown(space: Space) -> None:
    question = space.axis(space.cause("/a"))
    alike = space.lift(lambda a: "urban", question)
    apart = space.hull(space.lift(lambda a: "urban" if a else "rural", question))
    assert space.hull(alike) == "urban"
    assert type(apart) is AnyOf
    assert apart.causes == 1
    assert space.join(["urban", "urban"], 0) == "urban"
    assert space.join([dt.date(2022, 1, 1), dt.date(2022, 1, 1)], 0) == dt.date(2022, 1, 1)
    open_word = space.join(["urban", AnyOf(4)], 1)
    assert type(open_word) is AnyOf
    assert open_word.causes == 5


def test_conditions_that_agree_are_settled_and_others_are_open_for_all_their_causes(space: Space) -> None:
    assert space.join([True, True], 1) is True
    assert space.join([False, False], 1) is False
    apart = space.join([True, False], 1)
    assert type(apart) is Maybe
    assert apart.causes == 1
    assert space.join([Maybe(2), True, Maybe(4)], 1).causes == 7


def test_open_values_that_differ_in_nothing_but_their_causes_have_both(algebra: Algebra) -> None:
    chosen = algebra.choose(Maybe(1), Range(1, 2, 2), Range(1, 2, 4))
    assert _bounds(chosen) == (1, 2)
    assert chosen.causes == 6
    assert algebra.choose(Maybe(1), Maybe(2), Maybe(4)).causes == 6
    assert type(algebra.choose(Maybe(1), Range(1, 2, 2), 3)) is Range


def test_a_quotient_by_an_unbounded_count_comes_close_to_nothing(algebra: Algebra) -> None:
    many = Range(1, None, 2)
    assert _bounds(algebra.divide(Range(5, 7, 1), many)) == (0, 7 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(-7, -5, 1), many)) == (-7 * COUNT_SCALE, 0)
    assert _bounds(algebra.divide(Range(0, 7, 1), Range(1, 2, 2))) == (0, 7 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(4, 6, 1), Range(1, 2, 2))) == (2 * COUNT_SCALE, 6 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(-6, -4, 1), Range(1, 2, 2))) == (-6 * COUNT_SCALE, -2 * COUNT_SCALE)
