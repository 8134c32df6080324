"""Completed years of age and completed months, at the edges of days."""

import datetime as dt

import pytest

from app.rules.engine.days import age_on, months_between

# days


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-08-15", "2026-08-14", 17),
        ("2008-08-15", "2026-08-15", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-09-01", "2026-08-31", 17),
        ("2026-08-15", "2026-08-15", 0),
    ],
)
def test_a_year_of_age_is_completed_on_the_birthday(birth: str, day: str, age: int) -> None:
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        ("2026-01-15", "2026-01-15", 0),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2025-11-30", "2026-02-28", 2),
        ("2023-12-01", "2026-01-01", 25),
    ],
)
def test_a_month_is_completed_on_the_same_day_of_a_later_month(since: str, day: str, months: int) -> None:
    assert months_between(dt.date.fromisoformat(since), dt.date.fromisoformat(day)) == months


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
