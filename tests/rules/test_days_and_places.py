"""Ages and months at the edges of days, and which places lie under which."""

import datetime as dt

import pytest

from app.rules.engine.household import (
    age_on,
    months_between,
)
from app.rules.packs.divisions import (
    elsewhere,
    significant,
)

BORN = dt.date(2000, 3, 15)


@pytest.mark.parametrize(
    ("day", "age"),
    [((2018, 3, 14), 17), ((2018, 3, 15), 18), ((2018, 3, 16), 18), ((2018, 2, 28), 17), ((2018, 4, 1), 18)],
)
def test_a_birthday_itself_counts(day: tuple[int, int, int], age: int) -> None:
    assert age_on(BORN, dt.date(*day)) == age


def test_who_is_born_on_a_leap_day_is_older_on_the_first_of_march() -> None:
    born = dt.date(2004, 2, 29)
    assert [age_on(born, dt.date(2022, *day)) for day in ((2, 28), (3, 1))] == [17, 18]
    assert age_on(born, dt.date(2024, 2, 29)) == 20


@pytest.mark.parametrize(
    ("day", "months"),
    [((2000, 3, 15), 0), ((2000, 4, 14), 0), ((2000, 4, 15), 1), ((2001, 3, 14), 11), ((2001, 5, 16), 14)],
)
def test_months_are_complete_on_the_same_day_of_the_month(day: tuple[int, int, int], months: int) -> None:
    assert months_between(BORN, dt.date(*day)) == months


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
