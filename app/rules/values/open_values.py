"""Arithmetic and logic on what is not fully known.

A value is an int or a bool when it is known. Otherwise it is
- a `Range`: a number between two bounds,
- a `Maybe`: true or false,
- an `AnyOf`: one of the values of an enumeration,
- a `Cases`: one value for each combination of open questions ("axes") it depends on.

Every open value carries the causes of its openness as a bit mask; a value that turns out to be settled carries none,
so a cause survives exactly as long as it can still change the result. Results are always sound (the true value lies
within) and as tight as the axes allow; beyond `MAX_CASES` combinations axes are hulled into ranges.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.rules.values.money import COUNT_SCALE, exact_quotient

MAX_CASES: Final = 4096


class Range:
    """low <= x <= high; None is no bound. `above` says that x is strictly above a finite low."""

    __slots__ = ("above", "causes", "high", "low")

    def __init__(self, low: int | None, high: int | None, causes: int, above: bool = False) -> None:
        self.low = low
        self.high = high
        self.causes = causes
        self.above = above

    def __repr__(self) -> str:
        return f"Range({'>' if self.above else ''}{self.low}..{self.high}, {self.causes:b})"


class Maybe:
    """True or false."""

    __slots__ = ("causes",)

    def __init__(self, causes: int) -> None:
        self.causes = causes

    def __repr__(self) -> str:
        return f"Maybe({self.causes:b})"


class AnyOf:
    """An unknown value of an enumeration, or an unknown date."""

    __slots__ = ("causes",)

    def __init__(self, causes: int) -> None:
        self.causes = causes


class Cases:
    """One value for each combination of the axes, the last axis changing fastest; False comes before True."""

    __slots__ = ("axes", "cells")

    def __init__(self, axes: tuple[int, ...], cells: list[Any]) -> None:
        self.axes = axes
        self.cells = cells

    def __repr__(self) -> str:
        return f"Cases({self.axes}, {self.cells})"


# int | bool | str | Range | Maybe | AnyOf | Cases. Formulas are typed when loaded, so the algebra need not ask again.
Value = Any


def number(low: int | None, high: int | None, causes: int, above: bool = False) -> Value:
    """A number between two bounds: the number itself when they meet."""
    if low is not None and low == high:
        return low
    return Range(low, high, causes, above)


@dataclass
class Space:
    """The open questions of one assessment: the causes and the axes that stand for them."""

    causes: list[str] = field(default_factory=list)
    axis_causes: list[int] = field(default_factory=list)
    _bits: dict[str, int] = field(default_factory=dict)
    _maps: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = field(default_factory=dict)

    def copy(self) -> Space:
        """The same questions, to which one household adds its own."""
        return Space(list(self.causes), list(self.axis_causes), dict(self._bits))

    def cause(self, name: str) -> int:
        """The bit of a cause: a JSON Pointer (starts with "/"), a parameter or an officer's question."""
        bit = self._bits.get(name)
        if bit is None:
            bit = self._bits[name] = 1 << len(self.causes)
            self.causes.append(name)
        return bit

    def names(self, causes: int) -> list[str]:
        return [name for index, name in enumerate(self.causes) if causes >> index & 1]

    def split(self, value: Value) -> Value:
        """An open condition as a case of its own, so that everything that follows from it stays together."""
        if type(value) is Maybe:
            return self.axis(value.causes)
        if type(value) is Cases:
            return self._reduce(*self._split_cells(value))
        return value

    def settle(self, value: Value) -> Value:
        """The value without the axes that make no difference to it."""
        if type(value) is Cases:
            return self._reduce(value.axes, value.cells)
        return value

    def hull(self, value: Value) -> Value:
        """The value as one range, condition or constant, with the causes of every case that differs."""
        value = self.settle(value)
        if type(value) is not Cases:
            return value
        return self._join(value.cells, self.axes_causes(value.axes))

    def axes_causes(self, axes: tuple[int, ...]) -> int:
        causes = 0
        for axis in axes:
            causes |= self.axis_causes[axis]
        return causes

    def too_many(self, values: Sequence[Value]) -> bool:
        """Whether the values have more combinations than are followed through, or are not cases at all."""
        axes = {axis for value in values if type(value) is Cases for axis in value.axes}
        return 1 << len(axes) > MAX_CASES or any(type(value) is Maybe for value in values)

    def causes_within(self, values: Sequence[Value]) -> int:
        """The causes of everything open in some values."""
        causes = 0
        for value in values:
            if type(value) is Cases:
                causes |= self.axes_causes(value.axes)
            causes |= causes_of(value)
        return causes

    def axis(self, causes: int) -> Cases:
        self.axis_causes.append(causes)
        return Cases((len(self.axis_causes) - 1,), [False, True])

    def _split_cells(self, value: Cases) -> tuple[tuple[int, ...], list[Any]]:
        """The open cells of a condition share one new axis; too many cases stay as they are."""
        causes = 0
        for cell in value.cells:
            causes |= causes_of(cell)
        if not causes or 2 * len(value.cells) > MAX_CASES:
            return value.axes, value.cells
        axis = self.axis(causes).axes[0]
        sides = [(False, True) if type(cell) is Maybe else (cell, cell) for cell in value.cells]
        return (*value.axes, axis), [side for pair in sides for side in pair]

    def _reduce(self, axes: tuple[int, ...], cells: list[Any]) -> Value:
        for position in range(len(axes) - 1, -1, -1):
            step = 1 << (len(axes) - 1 - position)
            block = 2 * step
            low = [c for start in range(0, len(cells), block) for c in cells[start : start + step]]
            high = [c for start in range(0, len(cells), block) for c in cells[start + step : start + block]]
            if all(_same(a, b) for a, b in zip(low, high, strict=True)):
                cells = [_merge(a, b) for a, b in zip(low, high, strict=True)]
                axes = axes[:position] + axes[position + 1 :]
        return Cases(axes, cells) if axes else cells[0]

    def _join(self, cells: Sequence[Any], causes: int) -> Value:
        first = cells[0]
        if isinstance(first, (bool, Maybe)):
            return self._join_conditions(cells, causes)
        if any(isinstance(cell, str | dt.date | AnyOf) for cell in cells):
            return self._join_words(cells, causes)
        result = first
        for cell in cells[1:]:
            result = _span(result, cell, causes)
        return result

    def _join_words(self, cells: Sequence[Any], causes: int) -> Value:
        """Words and dates: the one they all are, or unknown."""
        if all(type(cell) is not AnyOf and cell == cells[0] for cell in cells):
            return cells[0]
        for cell in cells:
            causes |= causes_of(cell)
        return AnyOf(causes)

    def _join_conditions(self, cells: Sequence[Any], causes: int) -> Value:
        if all(cell is True for cell in cells) or all(cell is False for cell in cells):
            return cells[0]
        for cell in cells:
            if type(cell) is Maybe:
                causes |= cell.causes
        return Maybe(causes)

    def lift(self, operation: Callable[..., Any], *values: Value) -> Value:
        """The operation in every combination of the cases of its arguments."""
        axes: tuple[int, ...] = ()
        arguments = list(values)
        for position, value in enumerate(arguments):
            if type(value) is not Cases:
                continue
            wider = tuple(sorted({*axes, *value.axes}))
            if 1 << len(wider) > MAX_CASES:
                arguments[position] = self.hull(value)
            else:
                axes = wider
        if not axes:
            return operation(*arguments)
        columns = [self._spread(value, axes) for value in arguments]
        return Cases(axes, [operation(*row) for row in zip(*columns, strict=True)])

    def _spread(self, value: Value, axes: tuple[int, ...]) -> Sequence[Any]:
        if type(value) is not Cases:
            return [value] * (1 << len(axes))
        if value.axes == axes:
            return value.cells
        key = (value.axes, axes)
        places = self._maps.get(key)
        if places is None:
            places = self._maps[key] = _places(value.axes, axes)
        cells = value.cells
        return [cells[place] for place in places]


def _places(narrow: tuple[int, ...], wide: tuple[int, ...]) -> list[int]:
    """For each combination of the wide axes, the index of its combination of the narrow ones."""
    weights = {axis: 1 << (len(narrow) - 1 - i) for i, axis in enumerate(narrow)}
    places = [0]
    for axis in wide:
        weight = weights.get(axis, 0)
        places = [place + bit * weight for place in places for bit in (0, 1)]
    return places


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if type(a) is Range:
        return bool(a.low == b.low and a.high == b.high and a.above == b.above)
    if type(a) in (Maybe, AnyOf):
        return True
    return bool(a == b)


def _merge(a: Any, b: Any) -> Any:
    if type(a) is Range and a.causes != b.causes:
        return Range(a.low, a.high, a.causes | b.causes, a.above)
    if type(a) in (Maybe, AnyOf) and a.causes != b.causes:
        return type(a)(a.causes | b.causes)
    return a


def _low(value: Any) -> int | None:
    return value.low if type(value) is Range else value


def _high(value: Any) -> int | None:
    return value.high if type(value) is Range else value


def _above(value: Any) -> bool:
    return type(value) is Range and value.above


def causes_of(value: Any) -> int:
    """The causes of an open value that is not a `Cases`; none of a known one."""
    return value.causes if type(value) in (Range, Maybe, AnyOf) else 0


def _span(a: Any, b: Any, causes: int) -> Any:
    """The smallest range over both."""
    if _same(a, b):
        return _merge(a, b)
    lows, highs = (_low(a), _low(b)), (_high(a), _high(b))
    low = None if None in lows else min(x for x in lows if x is not None)
    high = None if None in highs else max(x for x in highs if x is not None)
    above = all(_above(x) or _low(x) != low for x in (a, b))
    return number(low, high, causes | causes_of(a) | causes_of(b), above and low is not None)


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
        low_a, low_b, high_a, high_b = _low(a), _low(b), _high(a), _high(b)
        low = None if low_a is None or low_b is None else low_a + low_b
        high = None if high_a is None or high_b is None else high_a + high_b
        return Range(low, high, causes_of(a) | causes_of(b), (_above(a) or _above(b)) and low is not None)

    def sub(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a - b
        return self.add(a, self.scale(b, -1))

    def scale(self, a: Value, factor: int) -> Value:
        """a times a known whole number."""
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
        """a at COUNT_SCALE, divided by a count of people that is at least one."""
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
        low, high = _low(scaled), _high(scaled)
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
        low_a, low_b, high_a, high_b = _low(a), _low(b), _high(a), _high(b)
        if high_b is not None and low_a is not None and low_a >= high_b:
            return a
        if high_a is not None and low_b is not None and low_b >= high_a:
            return b
        low = low_b if low_a is None else low_a if low_b is None else max(low_a, low_b)
        high = None if high_a is None or high_b is None else max(high_a, high_b)
        above = (_above(a) and low_a == low) or (_above(b) and low_b == low)
        return number(low, high, causes_of(a) | causes_of(b), above)

    def round(self, a: Value, step: int, how: Callable[[int, int], int]) -> Value:
        """Rounded to a step, both bounds alike."""
        if type(a) is int:
            return how(a, step)
        if type(a) is Cases:
            return self.space.lift(lambda x: self.round(x, step, how), a)
        low = None if a.low is None else how(a.low, step)
        high = None if a.high is None else how(a.high, step)
        return number(low, high, a.causes)

    def unpublished(self, low: Value, high: Value | None, causes: int, above: bool = False) -> Value:
        """A figure nobody has published, between two bounds that may be open themselves."""
        if type(low) is Cases or type(high) is Cases:
            return self.space.lift(lambda x, y: self.unpublished(x, y, causes, above), low, high)
        causes |= causes_of(low) | causes_of(high)
        return number(_low(low), None if high is None else _high(high), causes, above or _above(low))

    # conditions

    @staticmethod
    def maybe(causes: int) -> Maybe:
        """An open condition."""
        return Maybe(causes)

    def less(self, a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return a < b
        if type(a) is Cases or type(b) is Cases:
            return self.space.lift(self.less, a, b)
        low_a, low_b, high_a, high_b = _low(a), _low(b), _high(a), _high(b)
        if high_a is not None and low_b is not None and (high_a < low_b or (high_a == low_b and _above(b))):
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
        """Kleene's and: a false side settles it, whatever the other is."""
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
        if _same(then, otherwise):
            return _merge(then, otherwise)
        causes = condition.causes | causes_of(then) | causes_of(otherwise)
        return self.space._join([then, otherwise], causes)

    # collections

    def total(self, pairs: Iterable[tuple[Value, Value]]) -> Value:
        """The sum of the elements whose condition holds."""
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
        """The largest or smallest (`pick`) of the elements whose condition holds; 0 if there is none."""
        result, found = 0, False
        for condition, element in pairs:
            chosen = self.choose(found, pick(result, element), element)
            result = self.space.settle(self.choose(condition, chosen, result))
            found = self.either(found, condition)
        return result
