"""Writes numbers as answers hold them: money with exactly two decimals, and ranges where a figure is still open."""

from fractions import Fraction
from typing import Any, Final

from app.rules.language import types as t
from app.rules.values.money import exact_text, format_fen
from app.rules.values.open_values import Range, Value

MONTHLY: Final = "CNY/month"
ONCE: Final = "CNY/once"


def unit_name(unit: t.Type) -> str:
    return "count" if unit.kind in ("number", "zero") else str(unit)


def _text(value: int | None, scale: int, money: bool) -> str | None:
    """Returns a number as text. Money is floored to the fen, for showing only: tests compare the exact figures."""
    if value is None:
        return None
    if money:
        return format_fen(value // scale)
    return str(value // scale) if value % scale == 0 else exact_text(Fraction(value, scale))


def range_of(value: Value, scale: int, unit: t.Type, name: str) -> dict[str, Any]:
    """Returns a number at a scale as value, min, max and unit; `value` is set when min equals max, no bound is null."""
    money = unit.kind == "money"
    if type(value) is Range:
        low, high = _text(value.low, scale, money), _text(value.high, scale, money)
        return {"value": None, "min": low, "max": high, "unit": name}
    text = _text(value, scale, money)
    return {"value": text, "min": text, "max": text, "unit": name}


def fen_range(value: Value, name: str) -> dict[str, Any]:
    """Returns an amount in fen as value, min, max and unit."""
    return range_of(value, 1, t.MONEY, name)


def per_capita(income: Value, size: Value, scale: int) -> dict[str, Any]:
    """Returns income per head, floored to the fen: only shown and never used, since tests multiply out."""
    low_size, high_size = (size.low, size.high) if type(size) is Range else (size, size)
    low, high = (income.low, income.high) if type(income) is Range else (income, income)
    if high_size == 0 or not low_size:
        return {"value": None, "min": "0.00", "max": None, "unit": MONTHLY}
    least = None if low is None or high_size is None else low // high_size
    most = None if high is None else high // low_size
    found = least if least == most else Range(least, most, 0)
    return range_of(found, scale, t.MONEY_MONTH, MONTHLY)
