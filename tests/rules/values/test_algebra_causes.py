"""A cause lasts exactly as long as it can change the result, and cases of one question stay together."""

import datetime as dt

import pytest

from app.rules.engine.compiler.writer import ROUNDINGS
from app.rules.values.algebra import Algebra
from app.rules.values.open_values import AnyOf, Cases, Maybe, Range, Value
from app.rules.values.space import Space

# causes last as long as they can change the result


def _space() -> tuple[Space, Algebra, int, int]:
    space = Space()
    return space, Algebra(space), space.cause("/a"), space.cause("/b")


def _causes(space: Space, value: Value) -> list[str]:
    return space.names(getattr(space.hull(value), "causes", 0))


def test_a_cause_named_again_is_the_same_cause() -> None:
    space = Space()
    assert space.cause("/a") == space.cause("/a") != space.cause("/b")
    assert space.names(space.cause("/b") | space.cause("/a")) == ["/a", "/b"]


@pytest.mark.parametrize("backwards", [False, True])
def test_false_and_an_open_condition_is_false(backwards: bool) -> None:
    _, algebra, a, _ = _space()
    terms = (False, Maybe(a))
    assert algebra.both(*(reversed(terms) if backwards else terms)) is False


@pytest.mark.parametrize("backwards", [False, True])
def test_true_or_an_open_condition_is_true(backwards: bool) -> None:
    _, algebra, a, _ = _space()
    terms = (True, Maybe(a))
    assert algebra.either(*(reversed(terms) if backwards else terms)) is True


def test_two_open_conditions_carry_the_causes_of_both() -> None:
    space, algebra, a, b = _space()
    assert _causes(space, algebra.both(Maybe(a), Maybe(b))) == ["/a", "/b"]
    assert _causes(space, algebra.either(Maybe(a), Maybe(b))) == ["/a", "/b"]


def test_the_largest_of_a_number_and_a_range_below_it_is_the_number() -> None:
    _, algebra, a, _ = _space()
    assert algebra.largest(Range(0, 5, a), 5) == 5
    assert algebra.largest(5, Range(None, 4, a)) == 5


def test_the_smallest_of_a_number_and_a_range_above_it_is_the_number() -> None:
    _, algebra, a, _ = _space()
    assert algebra.smallest(Range(5, None, a), 5) == 5


def test_a_range_dominated_by_another_leaves_no_cause() -> None:
    space, algebra, a, b = _space()
    assert _causes(space, algebra.largest(Range(0, 5, a), Range(5, 9, b))) == ["/b"]
    assert _causes(space, algebra.smallest(Range(0, 5, a), Range(5, 9, b))) == ["/a"]


def test_a_comparison_settled_by_the_bounds_leaves_no_cause() -> None:
    _, algebra, a, b = _space()
    assert algebra.less(Range(0, 4, a), Range(5, None, b)) is True
    assert algebra.less(Range(5, None, a), Range(0, 5, b)) is False
    assert algebra.at_most(Range(0, 5, a), Range(5, None, b)) is True
    assert algebra.equal(Range(0, 4, a), Range(5, None, b)) is False


def test_a_bound_that_is_not_reached_settles_a_comparison_with_it() -> None:
    _, algebra, a, _ = _space()
    assert algebra.less(0, Range(0, None, a, above=True)) is True
    assert algebra.equal(0, Range(0, None, a, above=True)) is False
    assert type(algebra.less(0, Range(0, None, a))) is Maybe


def test_a_range_times_nothing_is_nothing() -> None:
    _, algebra, a, _ = _space()
    assert algebra.mul(Range(None, None, a), 0) == 0


def test_a_range_rounded_to_one_step_is_known() -> None:
    _, algebra, a, _ = _space()
    assert algebra.round(Range(101, 199, a), 100, ROUNDINGS["round_up"]) == 2


def test_an_open_choice_between_equals_is_settled() -> None:
    _, algebra, a, _ = _space()
    assert algebra.choose(Maybe(a), 5, 5) == 5
    assert algebra.choose(Maybe(a), True, True) is True


def test_an_open_choice_between_equal_ranges_keeps_the_causes_of_the_ranges_alone() -> None:
    space, algebra, a, b = _space()
    assert _causes(space, algebra.choose(Maybe(a), Range(0, 5, b), Range(0, 5, b))) == ["/b"]


def test_an_axis_with_equal_slices_is_settled() -> None:
    space, algebra, a, _ = _space()
    assert space.settle(algebra.choose(space.axis(a), 5, 5)) == 5
    assert space.settle(algebra.scale(algebra.choose(space.axis(a), 3, 4), 0)) == 0


def test_a_hull_names_only_the_axes_that_make_a_difference() -> None:
    space, algebra, a, b = _space()
    first, second = space.axis(a), space.axis(b)
    four = algebra.choose(first, algebra.choose(second, 1, 2), algebra.choose(second, 1, 2))
    assert len(four.cells) == 4
    assert _causes(space, four) == ["/b"]


def test_equal_slices_merge_the_causes_of_their_cells() -> None:
    space, _, a, b = _space()
    axis = space.axis(space.cause("/c")).axes
    assert space.names(space.settle(Cases(axis, [Maybe(a), Maybe(b)])).causes) == ["/a", "/b"]
    assert space.names(space.settle(Cases(axis, [Range(0, 1, a), Range(0, 1, b)])).causes) == ["/a", "/b"]


def test_bounds_that_meet_leave_a_known_figure() -> None:
    _, algebra, a, _ = _space()
    assert algebra.unpublished(5, 5, a) == 5


# enumerations and dates


def test_an_unknown_word_is_open_to_every_comparison() -> None:
    space, algebra, a, _ = _space()
    assert _causes(space, algebra.one_of(AnyOf(a), {"urban"})) == ["/a"]
    assert _causes(space, algebra.equal(AnyOf(a), "urban")) == ["/a"]


def test_an_open_choice_between_words_is_an_unknown_word() -> None:
    space, algebra, a, b = _space()
    assert type(algebra.choose(Maybe(a), "urban", "rural")) is AnyOf
    assert _causes(space, algebra.choose(Maybe(a), "urban", AnyOf(b))) == ["/a", "/b"]
    assert algebra.choose(Maybe(a), "urban", "urban") == "urban"


def test_an_open_choice_between_an_unknown_word_and_a_word_is_an_unknown_word() -> None:
    _, algebra, a, b = _space()
    assert type(algebra.choose(Maybe(a), AnyOf(b), "urban")) is AnyOf


def test_an_open_choice_between_dates_is_an_unknown_date() -> None:
    _, algebra, a, _ = _space()
    assert type(algebra.choose(Maybe(a), dt.date(2020, 1, 1), dt.date(2021, 1, 1))) is AnyOf


# correlation


def test_an_open_condition_and_its_negation_are_not_known_to_differ() -> None:
    _, algebra, a, _ = _space()
    assert type(algebra.either(Maybe(a), algebra.negate(Maybe(a)))) is Maybe


def test_a_split_condition_or_its_negation_is_true() -> None:
    space, algebra, a, _ = _space()
    condition = space.split(Maybe(a))
    assert space.settle(algebra.either(condition, algebra.negate(condition))) is True
    assert space.settle(algebra.both(condition, algebra.negate(condition))) is False
    assert space.settle(algebra.equal(condition, condition)) is True


def test_amounts_that_follow_from_a_split_condition_stay_together() -> None:
    space, algebra, a, _ = _space()
    condition = space.split(Maybe(a))
    paid, kept = algebra.choose(condition, 70, 0), algebra.choose(condition, 0, 70)
    assert space.settle(algebra.add(paid, kept)) == 70
    assert space.settle(algebra.less(paid, kept)).cells == [True, False]


def test_splitting_the_open_cases_of_a_condition_keeps_the_settled_ones() -> None:
    space, algebra, a, b = _space()
    outer = space.axis(a)
    partly = space.split(Cases(outer.axes, [False, Maybe(b)]))
    assert partly.cells == [False, False, False, True]
    assert space.settle(algebra.either(partly, algebra.negate(partly))) is True


@pytest.mark.parametrize("value", [True, False])
def test_a_settled_condition_is_not_split(value: bool) -> None:
    space = Space()
    assert space.split(value) is value
    assert space.axis_causes == []
