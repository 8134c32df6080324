"""Months in China: as answers write them (YYYY-MM, compared as text) and as the first day by which records are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.rules.facts.request import china_day


def month_text(day: dt.date) -> str:
    """Write the month of a day: YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> dt.date:
    """Give the first day of a month."""
    return dt.date(int(month[:4]), int(month[5:]), 1)


def after(month: str) -> str:
    """Give the next month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04d}-01" if number == 12 else f"{year:04d}-{number + 1:02d}"


def before(month: str) -> str:
    """Give the month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield every month from the first to the last, both included; none if the last is earlier."""
    month = first
    while month <= last:
        yield month
        month = after(month)


def this_month(now: dt.datetime) -> str:
    """Write the month in China at an instant: YYYY-MM."""
    return month_text(china_day(now))


def month_of(at: dt.datetime) -> dt.date:
    """Give the first day of the month in China at an instant. Raises ValueError for an instant without a time zone."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no month")
    return china_day(at).replace(day=1)
