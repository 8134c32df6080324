"""The algebra of open values is sound: whatever the open questions come to, the true result lies within."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE
from app.rules.values.open_values import Cases, Maybe, Range, Value
from app.rules.values.space import MAX_CASES, Space
from tests.rules.values.world import OPERATIONS, Known, Operation, World, _within

MANY: Final = MAX_CASES.bit_length() + 1  # axes of more cases than are kept apart


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_true_result_of_open_arguments_lies_within(operation: Operation, data: st.DataObject) -> None:
    world = World(data.draw)
    assert world.holds(operation(world, data.draw(st.integers(0, 2))))


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_closed_arguments_give_the_result_of_plain_python(operation: Operation, data: st.DataObject) -> None:
    world = World(data.draw, closed=True)
    found = operation(world, data.draw(st.integers(0, 2)))
    assert type(found.value) is type(found.truth)
    assert found.value == found.truth


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_true_result_of_a_deep_expression_lies_within(data: st.DataObject) -> None:
    world = World(data.draw)
    assert world.holds(world.number(3))
    assert world.holds(world.condition(3))


@pytest.mark.parametrize("amount", [-6, Range(-9, -6, 1)])
def test_a_negative_amount_divided_by_an_open_count_lies_within(amount: Value) -> None:
    space = Space()
    quotient = Algebra(space).divide(amount, Range(1, 3, space.cause("/count")))
    assert _within(quotient, -6 * COUNT_SCALE // 3)


def test_the_bounds_of_a_quotient_are_exact() -> None:
    quotient = Algebra(Space()).divide(Range(4, 10, 1), 3)
    assert (quotient.low, quotient.high) == (4 * COUNT_SCALE // 3, 10 * COUNT_SCALE // 3)
    assert COUNT_SCALE % 3 == 0


def test_a_product_may_be_nothing_where_one_factor_may() -> None:
    positive, count = Range(0, None, 1, above=True), Range(0, 5, 2)
    algebra = Algebra(Space())
    assert type(algebra.less(0, algebra.mul(positive, count))) is Maybe
    assert algebra.less(0, algebra.mul(positive, positive)) is True


# more cases than are kept apart


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_total_over_too_many_axes_is_still_sound(data: st.DataObject) -> None:
    world = World(data.draw)
    pairs = [(world.axis(world.flag()), world.figure()) for _ in range(MANY)]
    value = world.algebra.total((condition.value, element.value) for condition, element in pairs)
    truth = sum(element.truth for condition, element in pairs if condition.truth)
    assert world.holds(Known(value, truth))


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_conditions_over_too_many_axes_are_still_sound(data: st.DataObject) -> None:
    world = World(data.draw)
    axes = [world.axis(world.flag()) for _ in range(MANY)]
    count = world.algebra.number_of(axis.value for axis in axes)
    truth = sum(axis.truth for axis in axes)
    least = world.integer(0, MANY)
    assert world.holds(Known(world.algebra.less(count, least), truth < least))
    every = Known(world.algebra.every(axis.value for axis in axes), all(axis.truth for axis in axes))
    some = Known(world.algebra.some(axis.value for axis in axes), any(axis.truth for axis in axes))
    assert world.holds(every)
    assert world.holds(some)
    assert world.holds(world.split(every))


def test_a_total_over_too_many_axes_keeps_the_causes_of_all() -> None:
    space = Space()
    axes = [space.axis(space.cause(f"/{place}")) for place in range(MANY)]
    total = space.hull(Algebra(space).total((axis, 1) for axis in axes))
    assert (total.low, total.high) == (0, MANY)
    assert space.names(total.causes) == [f"/{place}" for place in range(MANY)]


def test_a_condition_with_too_many_cases_to_split_stays_as_it_is() -> None:
    space = Space()
    axes = tuple(space.axis(space.cause(f"/{place}")).axes[0] for place in range(MAX_CASES.bit_length() - 1))
    wide = Cases(axes, [Maybe(1), *[True] * (MAX_CASES - 1)])
    assert len(space.split(wide).cells) == MAX_CASES
