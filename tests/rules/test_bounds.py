"""The algebra of open values is sound: whatever the open questions come to, the true result lies within."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.engine.compiler.writer import ROUNDINGS
from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE, MAX_COUNT
from app.rules.values.open_values import AnyOf, Cases, Maybe, Range, Value
from app.rules.values.space import MAX_CASES, Space

LARGE: Final = 1_000
MANY: Final = MAX_CASES.bit_length() + 1  # axes of more cases than are kept apart


@dataclass
class Known:
    """A value as the algebra has it, and what it truly is."""

    value: Value
    truth: Any


class World:
    """Draws expressions over open questions whose true answers are drawn beside them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], closed: bool = False) -> None:
        self.draw = draw
        self.closed = closed
        self.space = Space()
        self.algebra = Algebra(self.space)
        self.answers: dict[int, bool] = {}

    def integer(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def flag(self) -> bool:
        return bool(self.draw(st.booleans()))

    def cause(self) -> int:
        return self.space.cause(f"/question/{self.integer(0, 5)}")

    # leaves

    def figure(self, least: int = -LARGE) -> Known:
        """A number, or a range with the number in it."""
        truth = self.integer(least, LARGE)
        if self.closed or self.flag():
            return Known(truth, truth)
        low = self.draw(st.none() | st.integers(least, truth)) if least < 0 else self.integer(least, truth)
        high = self.draw(st.none() | st.integers(truth, LARGE))
        if low is not None and low == high:
            return Known(truth, truth)
        above = low is not None and low < truth and self.flag()
        return Known(Range(low, high, self.cause(), above), truth)

    def answer(self) -> Known:
        """A condition: settled, open, or an axis of its own."""
        truth = self.flag()
        kind = 0 if self.closed else self.integer(0, 2)
        if kind == 0:
            return Known(truth, truth)
        if kind == 1:
            return Known(Maybe(self.cause()), truth)
        return self.axis(truth)

    def axis(self, truth: bool) -> Known:
        axis = self.space.axis(self.cause())
        self.answers[axis.axes[0]] = truth
        return Known(axis, truth)

    # expressions

    def number(self, depth: int) -> Known:
        if depth == 0:
            return self.figure()
        operation = self.draw(st.sampled_from(list(NUMBERS.values())))
        return self.of(operation, depth)

    def amount(self, depth: int) -> Known:
        """A number that is not negative."""
        if depth == 0:
            return self.figure(0)
        some = self.number(depth - 1)
        return Known(self.algebra.largest(some.value, 0), max(some.truth, 0))

    def people(self, depth: int) -> Known:
        """A count that is at least one."""
        if depth == 0:
            count = self.integer(1, MAX_COUNT)
            return Known(count, count)
        counted = [self.condition(depth - 1) for _ in range(self.integer(0, 3))]
        found = self.algebra.number_of(one.value for one in counted)
        return Known(self.algebra.largest(1, found), max(1, sum(one.truth for one in counted)))

    def condition(self, depth: int) -> Known:
        if depth == 0:
            return self.answer()
        operation = self.draw(st.sampled_from(list(CONDITIONS.values())))
        return self.of(operation, depth)

    def of(self, operation: "Operation", depth: int) -> Known:
        """The operation on arguments one level less deep."""
        found = operation(self, depth - 1)
        if type(found.value) is Cases and self.flag():
            return Known(self.space.settle(found.value), found.truth)
        return found

    def split(self, some: Known) -> Known:
        """A condition as a case of its own; a new axis stands for what was open, so the truth answers it."""
        before = len(self.space.axis_causes)
        value = self.space.split(some.value)
        for axis in range(before, len(self.space.axis_causes)):
            self.answers[axis] = some.truth
        return Known(value, some.truth)

    # what is asserted

    def holds(self, known: Known) -> bool:
        """Whether the truth lies in its own case, and in the hull of all cases."""
        return _within(self._case(known.value), known.truth) and _within(self.space.hull(known.value), known.truth)

    def _case(self, value: Value) -> Any:
        if type(value) is not Cases:
            return value
        assert len(value.cells) == 1 << len(value.axes) <= MAX_CASES
        place = 0
        for axis in value.axes:
            place = 2 * place + self.answers[axis]
        return value.cells[place]


Operation = Callable[[World, int], Known]


def _within(cell: Any, truth: Any) -> bool:
    if type(cell) is Maybe:
        return type(truth) is bool
    if type(cell) is Range:
        low = cell.low is None or (cell.low < truth if cell.above else cell.low <= truth)
        return low and (cell.high is None or truth <= cell.high)
    return type(cell) is type(truth) and bool(cell == truth)


def _add(world: World, depth: int) -> Known:
    a, b = world.number(depth), world.number(depth)
    return Known(world.algebra.add(a.value, b.value), a.truth + b.truth)


def _sub(world: World, depth: int) -> Known:
    a, b = world.number(depth), world.number(depth)
    return Known(world.algebra.sub(a.value, b.value), a.truth - b.truth)


def _scale(world: World, depth: int) -> Known:
    a, factor = world.number(depth), world.integer(-5, 5)
    return Known(world.algebra.scale(a.value, factor), a.truth * factor)


def _mul(world: World, depth: int) -> Known:
    a, b = world.number(depth), world.number(depth)
    return Known(world.algebra.mul(a.value, b.value), a.truth * b.truth)


def _divide(world: World, depth: int) -> Known:
    a, count = world.amount(depth), world.people(depth)
    return Known(world.algebra.divide(a.value, count.value), a.truth * COUNT_SCALE // count.truth)


def _largest(world: World, depth: int) -> Known:
    terms = [world.number(depth) for _ in range(world.integer(1, 3))]
    return Known(world.algebra.largest(*(t.value for t in terms)), max(t.truth for t in terms))


def _smallest(world: World, depth: int) -> Known:
    terms = [world.number(depth) for _ in range(world.integer(1, 3))]
    return Known(world.algebra.smallest(*(t.value for t in terms)), min(t.truth for t in terms))


def _round(world: World, depth: int) -> Known:
    a, step = world.number(depth), world.integer(1, 50)
    how = world.draw(st.sampled_from(list(ROUNDINGS.values())))
    return Known(world.algebra.round(a.value, step, how), how(a.truth, step))


def _choose_number(world: World, depth: int) -> Known:
    which, then, otherwise = world.condition(depth), world.number(depth), world.number(depth)
    value = world.algebra.choose(which.value, then.value, otherwise.value)
    return Known(value, then.truth if which.truth else otherwise.truth)


def _total(world: World, depth: int) -> Known:
    pairs = [(world.condition(depth), world.number(depth)) for _ in range(world.integer(0, 3))]
    value = world.algebra.total((condition.value, element.value) for condition, element in pairs)
    return Known(value, sum(element.truth for condition, element in pairs if condition.truth))


def _number_of(world: World, depth: int) -> Known:
    terms = [world.condition(depth) for _ in range(world.integer(0, 4))]
    return Known(world.algebra.number_of(t.value for t in terms), sum(t.truth for t in terms))


def _extreme(world: World, depth: int) -> Known:
    pairs = [(world.condition(depth), world.number(depth)) for _ in range(world.integer(0, 3))]
    elements = [element.truth for condition, element in pairs if condition.truth]
    open_pairs = [(condition.value, element.value) for condition, element in pairs]
    if world.flag():
        return Known(world.algebra.extreme(open_pairs, world.algebra.largest), max(elements, default=0))
    return Known(world.algebra.extreme(open_pairs, world.algebra.smallest), min(elements, default=0))


def _unpublished(world: World, depth: int) -> Known:
    """A figure between two bounds; where the bounds are closed and meet, the figure is known."""
    low = world.number(depth)
    if world.closed:
        return Known(world.algebra.unpublished(low.value, low.value, 0), low.truth)
    above = world.flag()
    room, cause = world.integer(1, LARGE), world.cause()
    truth = low.truth + world.integer(int(above), room)
    high = None if world.flag() else world.algebra.add(low.value, room)
    return Known(world.algebra.unpublished(low.value, high, cause, above), truth)


def _less(world: World, depth: int) -> Known:
    a, b = world.number(depth), world.number(depth)
    return Known(world.algebra.less(a.value, b.value), a.truth < b.truth)


def _at_most(world: World, depth: int) -> Known:
    a, b = world.number(depth), world.number(depth)
    return Known(world.algebra.at_most(a.value, b.value), a.truth <= b.truth)


def _equal_numbers(world: World, depth: int) -> Known:
    a = world.number(depth)
    b = a if world.flag() else world.number(depth)
    return Known(world.algebra.equal(a.value, b.value), a.truth == b.truth)


def _equal_conditions(world: World, depth: int) -> Known:
    a, b = world.condition(depth), world.condition(depth)
    return Known(world.algebra.equal(a.value, b.value), a.truth == b.truth)


def _both(world: World, depth: int) -> Known:
    terms = [world.condition(depth) for _ in range(world.integer(0, 3))]
    return Known(world.algebra.both(*(t.value for t in terms)), all(t.truth for t in terms))


def _either(world: World, depth: int) -> Known:
    terms = [world.condition(depth) for _ in range(world.integer(0, 3))]
    return Known(world.algebra.either(*(t.value for t in terms)), any(t.truth for t in terms))


def _every(world: World, depth: int) -> Known:
    terms = [world.condition(depth) for _ in range(world.integer(0, 4))]
    return Known(world.algebra.every(t.value for t in terms), all(t.truth for t in terms))


def _some(world: World, depth: int) -> Known:
    terms = [world.condition(depth) for _ in range(world.integer(0, 4))]
    return Known(world.algebra.some(t.value for t in terms), any(t.truth for t in terms))


def _negate(world: World, depth: int) -> Known:
    a = world.condition(depth)
    return Known(world.algebra.negate(a.value), not a.truth)


def _choose_condition(world: World, depth: int) -> Known:
    which, then, otherwise = world.condition(depth), world.condition(depth), world.condition(depth)
    value = world.algebra.choose(which.value, then.value, otherwise.value)
    return Known(value, then.truth if which.truth else otherwise.truth)


def _split(world: World, depth: int) -> Known:
    return world.split(world.condition(depth))


NUMBERS: Final[dict[str, Operation]] = {
    "add": _add,
    "sub": _sub,
    "scale": _scale,
    "mul": _mul,
    "divide": _divide,
    "largest": _largest,
    "smallest": _smallest,
    "round": _round,
    "choose": _choose_number,
    "total": _total,
    "number_of": _number_of,
    "extreme": _extreme,
    "unpublished": _unpublished,
}
CONDITIONS: Final[dict[str, Operation]] = {
    "less": _less,
    "at_most": _at_most,
    "equal_numbers": _equal_numbers,
    "equal_conditions": _equal_conditions,
    "both": _both,
    "either": _either,
    "every": _every,
    "some": _some,
    "negate": _negate,
    "choose": _choose_condition,
    "split": _split,
}
OPERATIONS: Final = [
    *(pytest.param(operation, id=f"number-{name}") for name, operation in NUMBERS.items()),
    *(pytest.param(operation, id=f"condition-{name}") for name, operation in CONDITIONS.items()),
]


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
