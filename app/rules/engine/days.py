"""Completed years and months between days."""

import datetime as dt


def age_on(birth: dt.date, date: dt.date) -> int:
    """Returns completed years; the birthday counts, and one on 29 February falls on 1 March in other years."""
    return date.year - birth.year - ((date.month, date.day) < (birth.month, birth.day))


def months_between(since: dt.date, date: dt.date) -> int:
    """Returns completed calendar months from one day to another."""
    return (date.year - since.year) * 12 + date.month - since.month - (date.day < since.day)
