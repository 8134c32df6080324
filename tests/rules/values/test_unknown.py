"""An unknown value refuses every use."""

import operator
from collections.abc import Callable
from typing import Any

import pytest

from app.rules.values.unknown import UNKNOWN, NeedsBounds

TWO_SIDED = (
    *(operator.add, operator.sub, operator.mul, operator.floordiv),
    *(operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne),
)


@pytest.mark.parametrize("operation", TWO_SIDED, ids=lambda operation: operation.__name__)
def test_it_refuses_on_either_side_of_an_operation(operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(NeedsBounds):
        operation(UNKNOWN, 1)
    with pytest.raises(NeedsBounds):
        operation(1, UNKNOWN)


@pytest.mark.parametrize("use", [operator.neg, bool, hash, iter, lambda value: value[0], lambda value: value.low])
def test_it_refuses_to_be_read(use: Callable[[Any], Any]) -> None:
    with pytest.raises(NeedsBounds):
        use(UNKNOWN)
