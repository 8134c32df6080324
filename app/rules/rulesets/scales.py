"""Numbers as packs print them, and at the scale the engine counts with."""

from fractions import Fraction

from app.rules.language import types as t
from app.rules.values.money import MONTH_SCALE, RATIO_SCALE


def scaled(number: Fraction | bool, unit: t.Type, per: str | None = None) -> int | bool:
    """Returns a published number at the engine's scale; money given per year becomes exact money per month."""
    if isinstance(number, bool):
        return number
    if unit.kind == "money":
        fen = number * 100
        if unit.per == "month":
            fen = fen * MONTH_SCALE / (12 if per == "year" else 1)
        return _whole(fen)
    return _whole(number * RATIO_SCALE)


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise ValueError("more decimals than the engine's scale holds")
    return number.numerator


def unscaled(number: int | bool, unit: t.Type) -> Fraction | bool:
    """Returns a scaled number in yuan, as a ratio or as a count."""
    if isinstance(number, bool):
        return number
    if unit.kind == "money":
        return Fraction(number, 100 * (MONTH_SCALE if unit.per == "month" else 1))
    return Fraction(number, RATIO_SCALE)
