"""The operations of the formula language on values that are not fully known.

Results are always sound (the true value lies within) and as tight as the axes allow; beyond `MAX_CASES` combinations
axes are joined into ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.rules.values.money import COUNT_SCALE, exact_quotient
from app.rules.values.open_values import (
    AnyOf,
    Cases,
    Maybe,
    Range,
    Value,
    causes_of,
    high_of,
    is_above,
    low_of,
    merged,
    number,
    same,
)
from app.rules.values.space import Space


def banded(bands: Sequence[tuple[int, Value]], number: int) -> Value:
    """Returns the figure of the band a number falls in; 0 before the first."""
    result: Value = 0
    for start, figure in bands:
        if number < start:
            break
        result = figure
    return result


class Algebra:
    """The operations of the formula language on open values, within one `Space`."""

    def __init__(self, space: Space) -> None:
        self.space = space

    # numbers

    def add(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a + b
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self.add, a, b)
        low_a, low_b, high_a, high_b = low_of(a), low_of(b), high_of(a), high_of(b)
        low = None if low_a is None or low_b is None else low_a + low_b
        high = None if high_a is None or high_b is None else high_a + high_b
        return Range(low, high, causes_of(a) | causes_of(b), (is_above(a) or is_above(b)) and low is not None)

    def sub(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a - b
        return self.add(a, self.scale(b, -1))

    def scale(self, a: Value, factor: int) -> Value:
        """Multiplies by a known whole number."""
        if type(a) is int:
            return a * factor
        if type(a) is Cases:
            return self.space.lift(lambda x: self.scale(x, factor), a)
        if factor == 0:
            return 0
        low = None if a.low is None else a.low * factor
        high = None if a.high is None else a.high * factor
        if factor < 0:
            return Range(high, low, a.causes)
        return Range(low, high, a.causes, a.above)

    def mul(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a * b
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self.mul, a, b)
        if type(a) is int:
            return self.scale(b, a)
        if type(b) is int:
            return self.scale(a, b)
        causes = a.causes | b.causes
        if a.low is None or b.low is None or a.low < 0 or b.low < 0:
            return Range(None, None, causes)
        high = None if a.high is None or b.high is None else a.high * b.high
        return Range(a.low * b.low, high, causes, a.above and b.above)

    def divide(self, a: Value, count: Value) -> Value:
        """Divides by a count of people that is at least one; the quotient is at COUNT_SCALE."""
        if type(a) is Cases or type(count) is Cases:
            return self.space.lift(self.divide, a, count)
        if type(count) is int:
            if type(a) is int:
                return exact_quotient(a, count)
            scaled = self.scale(a, COUNT_SCALE)
            low = None if scaled.low is None else scaled.low // count
            high = None if scaled.high is None else -(-scaled.high // count)
            return number(low, high, a.causes)
        scaled = self.scale(a, COUNT_SCALE)
        low, high = low_of(scaled), high_of(scaled)
        if low is not None:
            low = low // count.low if low < 0 else 0 if count.high is None else low // count.high
        if high is not None:
            high = -(-high // count.low) if high > 0 else 0 if count.high is None else -(-high // count.high)
        return number(low, high, causes_of(a) | count.causes)

    def smallest(self, *values: Value) -> Value:
        negated = [self.scale(value, -1) for value in values]
        return self.scale(self.largest(*negated), -1)

    def largest(self, *values: Value) -> Value:
        result = values[0]
        for value in values[1:]:
            result = self._larger(result, value)
        return result

    def _larger(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a if a >= b else b
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self._larger, a, b)
        low_a, low_b, high_a, high_b = low_of(a), low_of(b), high_of(a), high_of(b)
        if high_b is not None and low_a is not None and low_a >= high_b:
            return a
        if high_a is not None and low_b is not None and low_b >= high_a:
            return b
        low = low_b if low_a is None else low_a if low_b is None else max(low_a, low_b)
        high = None if high_a is None or high_b is None else max(high_a, high_b)
        above = (is_above(a) and low_a == low) or (is_above(b) and low_b == low)
        return number(low, high, causes_of(a) | causes_of(b), above)

    def round(self, a: Value, step: int, how: Callable[[int, int], int]) -> Value:
        """Rounds to a step, both bounds alike."""
        if type(a) is int:
            return how(a, step)
        if type(a) is Cases:
            return self.space.lift(lambda x: self.round(x, step, how), a)
        low = None if a.low is None else how(a.low, step)
        high = None if a.high is None else how(a.high, step)
        return number(low, high, a.causes)

    def unpublished(self, low: Value, high: Value | None, causes: int, above: bool = False) -> Value:
        """Makes a figure nobody has published, between two bounds that may be open themselves."""
        if type(low) is Cases or type(high) is Cases:
            return self.space.lift(lambda x, y: self.unpublished(x, y, causes, above), low, high)
        causes |= causes_of(low) | causes_of(high)
        return number(low_of(low), None if high is None else high_of(high), causes, above or is_above(low))

    def banded(self, bands: Sequence[tuple[int, Value]], number: Value) -> Value:
        """Returns the figure of the band that a number, which may be open, falls in."""
        if type(number) is int:
            return banded(bands, number)
        if type(number) is Cases:
            return self.space.lift(lambda x: self.banded(bands, x), number)
        low, high = low_of(number), high_of(number)
        first = 0 if low is None else low
        within = [first, *(start for start, _ in bands if start > first and (high is None or start <= high))]
        return self.space.join([banded(bands, each) for each in within], number.causes)

    # conditions

    @staticmethod
    def maybe(causes: int) -> Maybe:
        """Makes an open condition."""
        return Maybe(causes)

    def less(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a < b
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self.less, a, b)
        low_a, low_b, high_a, high_b = low_of(a), low_of(b), high_of(a), high_of(b)
        if high_a is not None and low_b is not None and (high_a < low_b or (high_a == low_b and is_above(b))):
            return True
        if high_b is not None and low_a is not None and low_a >= high_b:
            return False
        return Maybe(causes_of(a) | causes_of(b))

    def at_most(self, a: Value, b: Value) -> Value:
        return self.negate(self.less(b, a))

    def equal(self, a: Value, b: Value) -> Value:
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self.equal, a, b)
        if type(a) in (AnyOf, Maybe) or type(b) in (AnyOf, Maybe):
            return Maybe(causes_of(a) | causes_of(b))
        if type(a) is Range or type(b) is Range:
            return self.both(self.at_most(a, b), self.at_most(b, a))
        return a == b

    def one_of(self, a: Value, values: set[str]) -> Value:
        if type(a) is Cases:
            return self.space.lift(lambda x: self.one_of(x, values), a)
        if type(a) is AnyOf:
            return Maybe(a.causes)
        return a in values

    def negate(self, a: Value) -> Value:
        if a is True or a is False:
            return not a
        if type(a) is Cases:
            return Cases(a.axes, [self.negate(cell) for cell in a.cells])
        return a

    def both(self, *values: Value) -> Value:
        """Joins conditions by Kleene's and: one false condition settles the result."""
        result: Value = True
        for value in values:
            if value is True or result is False:
                continue
            result = value if result is True or value is False else self._pair(result, value, self.both)
        return result

    def either(self, *values: Value) -> Value:
        result: Value = False
        for value in values:
            if value is False or result is True:
                continue
            result = value if result is False or value is True else self._pair(result, value, self.either)
        return result

    def _pair(self, a: Value, b: Value, again: Callable[..., Value]) -> Value:
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(again, a, b)
        return Maybe(a.causes | b.causes)

    def choose(self, condition: Value, then: Value, otherwise: Value) -> Value:
        if condition is True:
            return then
        if condition is False:
            return otherwise
        if type(condition) is Cases or type(then) is Cases or type(otherwise) is Cases:
            return self.space.lift(self.choose, condition, then, otherwise)
        if same(then, otherwise):
            return merged(then, otherwise)
        causes = condition.causes | causes_of(then) | causes_of(otherwise)
        return self.space.join([then, otherwise], causes)

    # collections

    def total(self, pairs: Iterable[tuple[Value, Value]]) -> Value:
        """Adds up the elements whose condition holds."""
        result: Value = 0
        for condition, element in pairs:
            if condition is not False:
                result = self.space.settle(self.add(result, self.choose(condition, element, 0)))
        return result

    def number_of(self, conditions: Iterable[Value]) -> Value:
        return self.total((condition, 1) for condition in conditions)

    def some(self, conditions: Iterable[Value]) -> Value:
        return self.either(*conditions)

    def every(self, conditions: Iterable[Value]) -> Value:
        return self.both(*conditions)

    def extreme(self, pairs: Iterable[tuple[Value, Value]], pick: Callable[..., Value]) -> Value:
        """Returns the largest or smallest (`pick`) element whose condition holds; 0 if there is none."""
        result, found = 0, False
        for condition, element in pairs:
            chosen = self.choose(found, pick(result, element), element)
            result = self.space.settle(self.choose(condition, chosen, result))
            found = self.either(found, condition)
        return result
