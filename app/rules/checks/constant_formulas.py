"""Computes values given by a formula exactly, where they rest on other published values alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Final

from app.rules.language import tree
from app.rules.packs.entries import Key, figures_of, in_force
from app.rules.packs.library import Library, LinkedValue

_ROUNDED: Final[dict[str, Callable[[Fraction], int]]] = {
    "round_up": ceil,
    "round_down": floor,
    "round_half_up": lambda number: floor(number + Fraction(1, 2)),
}


def figure_on(library: Library, path: list[str], parameter: str, residence: Key, date: dt.date) -> Fraction | None:
    """Returns the one figure of a parameter in force for a residence, money a month in yuan a month; else None.

    None if there is none, a range or a table, or a formula over more than published figures.
    """
    value = in_force(library, path, parameter, residence, date)
    return None if value is None else figure_of(library, path, value, residence, date)


def figure_of(library: Library, path: list[str], value: LinkedValue, residence: Key, date: dt.date) -> Fraction | None:
    """Returns the one figure of a value, in the unit of `figure_on`."""
    if value.node is not None:
        return _computed(value.node, lambda id_: figure_on(library, path, id_, residence, date))
    figures = figures_of(value.value, library.parameters[value.parameter])
    low, high = figures.get(None, (None, None))
    return low if low == high else None


def _computed(node: tree.Node, figure: Callable[[str], Fraction | None]) -> Fraction | None:
    match node:
        case tree.Literal(value=Fraction() as number):
            return number
        case tree.Parameter(id=id_, index=None | tree.Fact(path="residence")):
            return figure(id_)
        case tree.Rounded(function=function, term=term, step_fen=step_fen):
            exact, step = _computed(term, figure), Fraction(step_fen, 100)
            return None if exact is None else _ROUNDED[function](exact / step) * step
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return _arithmetic(operator, _computed(left, figure), _computed(right, figure))
        case tree.Extreme(function=function, terms=terms):
            numbers = [found for term in terms if (found := _computed(term, figure)) is not None]
            best = min if function == "min" else max
            return best(numbers) if len(numbers) == len(terms) else None
    return None


def _arithmetic(operator: str, left: Fraction | None, right: Fraction | None) -> Fraction | None:
    if left is None or right is None:
        return None
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right
