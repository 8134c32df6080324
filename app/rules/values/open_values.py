"""Values that are not fully known: ranges, open conditions, open words and dates, and cases.

A value is an int or a bool when it is known. Otherwise it is
- a `Range`: a number between two bounds,
- a `Maybe`: true or false,
- an `AnyOf`: one of the values of an enumeration, or a date,
- a `Cases`: one value for each combination of the open questions ("axes") it depends on.

Every open value carries the causes of its openness as a bit mask; a value that turns out to be settled carries none,
so a cause survives exactly as long as it can still change the result.
"""

from __future__ import annotations

from typing import Any


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
    """Makes a number between two bounds: the number itself when they meet."""
    if low is not None and low == high:
        return low
    return Range(low, high, causes, above)


def same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if type(a) is Range:
        return bool(a.low == b.low and a.high == b.high and a.above == b.above)
    if type(a) in (Maybe, AnyOf):
        return True
    return bool(a == b)


def merged(a: Any, b: Any) -> Any:
    if type(a) is Range and a.causes != b.causes:
        return Range(a.low, a.high, a.causes | b.causes, a.above)
    if type(a) in (Maybe, AnyOf) and a.causes != b.causes:
        return type(a)(a.causes | b.causes)
    return a


def low_of(value: Any) -> int | None:
    return value.low if type(value) is Range else value


def high_of(value: Any) -> int | None:
    return value.high if type(value) is Range else value


def is_above(value: Any) -> bool:
    return type(value) is Range and value.above


def causes_of(value: Any) -> int:
    """Returns the causes of an open value that is not a `Cases`; 0 for a known one."""
    return value.causes if type(value) in (Range, Maybe, AnyOf) else 0


def span(a: Any, b: Any, causes: int) -> Any:
    """Returns the smallest range over both values."""
    if same(a, b):
        return merged(a, b)
    lows, highs = (low_of(a), low_of(b)), (high_of(a), high_of(b))
    low = None if None in lows else min(x for x in lows if x is not None)
    high = None if None in highs else max(x for x in highs if x is not None)
    above = all(is_above(x) or low_of(x) != low for x in (a, b))
    return number(low, high, causes | causes_of(a) | causes_of(b), above and low is not None)
