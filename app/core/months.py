"""Months in China: as answers write them (YYYY-MM, compared as text) and as the first day by which records are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.rules.facts.request import china_day


def month_text(day: dt.date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04d}-01" if number == 12 else f"{year:04d}-{number + 1:02d}"


def before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def months_between(first: str, last: str) -> Iterator[str]:
    """Every month from the first to the last, both included; none if the last is earlier."""
    month = first
    while month <= last:
        yield month
        month = after(month)


def this_month(now: dt.datetime) -> str:
    """The month of an instant in Shanghai."""
    return month_text(china_day(now))


def month_of(at: dt.datetime) -> dt.date:
    """The first day of the month, in China, of an instant that names its zone. ValueError if it names none."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no month")
    return china_day(at).replace(day=1)
