"""Months as texts: before, after, between, and the one it is in China."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.months import after, before, first_day, month_text, months_between, this_month

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(9000, 12, 31))


@given(DAYS)
def test_the_month_after_begins_after_the_last_day(day: dt.date) -> None:
    month = month_text(day)
    assert month_text(first_day(after(month)) - dt.timedelta(days=1)) == month
    assert before(after(month)) == month


@given(DAYS, DAYS)
def test_months_sort_as_their_texts(one: dt.date, other: dt.date) -> None:
    assert (month_text(one) <= month_text(other)) == ((one.year, one.month) <= (other.year, other.month))


@pytest.mark.parametrize(
    ("month", "next_month"), [("2026-01", "2026-02"), ("2026-09", "2026-10"), ("2026-12", "2027-01")]
)
def test_the_year_turns_after_december(month: str, next_month: str) -> None:
    assert (after(month), before(next_month)) == (next_month, month)


def test_months_between_has_both_ends() -> None:
    assert list(months_between("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months_between("2026-02", "2026-02")) == ["2026-02"]


def test_no_months_lie_between_a_month_and_an_earlier_one() -> None:
    assert list(months_between("2026-02", "2026-01")) == []


@pytest.mark.parametrize(
    ("instant", "month"), [("2026-07-31T15:59:59+00:00", "2026-07"), ("2026-07-31T16:00:00+00:00", "2026-08")]
)
def test_this_month_is_that_of_china(instant: str, month: str) -> None:
    assert this_month(dt.datetime.fromisoformat(instant)) == month
