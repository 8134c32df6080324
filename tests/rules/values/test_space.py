"""Limits on cases, copies of a space, and causes within values."""

import pytest

from app.rules.values.algebra import Algebra
from app.rules.values.open_values import Cases, Maybe, Range
from app.rules.values.space import MAX_CASES, Space


@pytest.fixture
def algebra() -> Algebra:
    return Algebra(Space())


def _axes(space: Space, count: int) -> list[Cases]:
    return [space.axis(space.cause(f"/{n}")) for n in range(count)]


# how many cases are followed


def test_exactly_as_many_cases_as_the_limit_are_kept_apart_and_twice_as_many_are_not() -> None:
    space = Space()
    algebra = Algebra(space)
    axes = _axes(space, MAX_CASES.bit_length())
    assert space.too_many(axes[:-1]) is False
    assert space.too_many(axes) is True
    kept = algebra.both(*axes[:-1])
    assert type(kept) is Cases
    assert len(kept.cells) == MAX_CASES
    assert len(algebra.both(*axes).axes) < len(axes)


def test_an_open_condition_is_split_up_to_exactly_the_limit_of_cases() -> None:
    space = Space()
    cause = space.cause("/cell")
    axes = tuple(axis.axes[0] for axis in _axes(space, MAX_CASES.bit_length() - 1))
    half = Cases(axes[1:], [Maybe(cause) if n % 2 else n % 4 == 0 for n in range(MAX_CASES // 2)])
    whole = Cases(axes, [Maybe(cause) if n % 2 else n % 4 == 0 for n in range(MAX_CASES)])
    split = space.split(half)
    assert all(type(cell) is bool for cell in split.cells)
    assert any(type(cell) is Maybe for cell in space.split(whole).cells)


def test_a_condition_that_is_no_case_of_its_own_counts_as_too_many() -> None:
    assert Space().too_many([True, Maybe(1)]) is True
    assert Space().too_many([True, False]) is False


def test_the_causes_within_values_are_those_of_axes_and_of_cells() -> None:
    space = Space()
    a, b = space.cause("/a"), space.cause("/b")
    assert space.causes_within([space.axis(a), Range(0, 1, b), 5]) == a | b


def test_a_copied_space_leaves_the_first_as_it_was() -> None:
    space = Space()
    a = space.cause("/a")
    copied = space.copy()
    assert copied.cause("/a") == a
    copied.axis(copied.cause("/b"))
    assert space.causes == ["/a"]
    assert space.axis_causes == []
    assert space.cause("/c") == 2


def test_a_cause_that_has_no_part_in_a_value_is_not_among_its_causes() -> None:
    space = Space()
    first, second = space.cause("/first"), space.cause("/second")
    assert first != second
    assert space.causes_within([Range(1, 2, second)]) == second
    assert space.causes_within([5]) == 0
    split = space.split(Cases(space.axis(second).axes, [Maybe(second), True]))
    assert type(split) is Cases
    assert space.axes_causes(split.axes) == second


def test_cases_of_equal_amounts_are_one_amount() -> None:
    space = Space()
    cells = [int("123456789012"), int("123456789012")]
    assert cells[0] is not cells[1]
    assert space.settle(Cases(space.axis(space.cause("/one")).axes, cells)) == 123456789012
