"""The algebra of open values by example: differences, multiples, words, conditions, and cases over several questions."""

import datetime as dt
from typing import Any

import pytest

from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE
from app.rules.values.open_values import AnyOf, Cases, Maybe, Range
from app.rules.values.space import Space


@pytest.fixture
def space() -> Space:
    return Space()


@pytest.fixture
def algebra(space: Space) -> Algebra:
    return Algebra(space)


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


def test_an_open_value_says_what_it_is() -> None:
    assert repr(Maybe(5)) == "Maybe(101)"
    assert repr(Range(1, None, 2)) == "Range(1..None, 10)"
    assert repr(Range(1, 3, 2, True)) == "Range(>1..3, 10)"
    assert repr(Cases((0,), [False, True])) == "Cases((0,), [False, True])"


def test_a_quotient_by_an_unbounded_count_comes_close_to_nothing(algebra: Algebra) -> None:
    many = Range(1, None, 2)
    assert _bounds(algebra.divide(Range(5, 7, 1), many)) == (0, 7 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(-7, -5, 1), many)) == (-7 * COUNT_SCALE, 0)
    assert _bounds(algebra.divide(Range(0, 7, 1), Range(1, 2, 2))) == (0, 7 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(4, 6, 1), Range(1, 2, 2))) == (2 * COUNT_SCALE, 6 * COUNT_SCALE)
    assert _bounds(algebra.divide(Range(-6, -4, 1), Range(1, 2, 2))) == (-6 * COUNT_SCALE, -2 * COUNT_SCALE)
