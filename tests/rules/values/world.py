"""Expressions over open questions whose true answers are drawn beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import strategies as st

from app.rules.engine.compiler.writer import ROUNDINGS
from app.rules.values.algebra import Algebra
from app.rules.values.money import COUNT_SCALE, MAX_COUNT
from app.rules.values.open_values import Cases, Maybe, Range, Value
from app.rules.values.space import MAX_CASES, Space

LARGE: Final = 1_000


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
