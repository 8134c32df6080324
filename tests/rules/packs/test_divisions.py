"""Significant digits of division codes, and places outside a jurisdiction."""

import pytest

from app.rules.packs.divisions import elsewhere, significant

# divisions


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("500154", "500154"),
        ("150700", "1507"),
        ("500000", "50"),
        ("100000", "10"),
        ("000000", "00"),
        ("500154001000", "500154001"),
        ("500154000000", "500154"),
        ("150700000000", "1507"),
        ("500154001002", "500154001002"),
    ],
)
def test_the_significant_digits_of_a_division_leave_out_whole_levels_of_zeros(code: str, digits: str) -> None:
    assert significant(code) == digits


@pytest.mark.parametrize(
    ("place", "jurisdiction", "away"),
    [
        ("500154", "500000", False),
        ("500000", "500154", False),
        ("500154", "500154", False),
        ("500153", "500154", True),
        ("150700", "500000", True),
    ],
)
def test_a_place_is_elsewhere_if_neither_division_contains_the_other(place: str, jurisdiction: str, away: bool) -> None:
    assert elsewhere(place, jurisdiction) is away


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("500154", "500154"),
        ("150700", "1507"),
        ("430000", "43"),
        ("100000", "10"),
        ("000000", "00"),
        ("500154001000", "500154001"),
        ("500154001002", "500154001002"),
        ("500154000000", "500154"),
        ("430500000", "4305"),
    ],
)
def test_the_digits_that_name_a_place(code: str, digits: str) -> None:
    assert significant(code) == digits


@pytest.mark.parametrize(
    ("place", "jurisdiction", "apart"),
    [
        ("430500", "430500", False),
        ("430521", "430500", False),
        ("430000", "430500", False),
        ("430600", "430500", True),
        ("440000", "430500", True),
    ],
)
def test_a_place_is_elsewhere_unless_one_lies_under_the_other(place: str, jurisdiction: str, apart: bool) -> None:
    assert elsewhere(place, jurisdiction) is apart
