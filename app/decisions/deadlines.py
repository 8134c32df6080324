"""The law's clocks: by when a decision is due, from the day the application was accepted."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from app.rules.values.strict_json import Json


def clocks(results: list[Json], accepted_on: dt.date | None) -> list[Json]:
    """For each result with a deadline, the last day for the decision; null where no calendar says which days are
    worked, or nobody said when the application was accepted. Never a guess."""
    return [
        {
            "programme": result["programme"],
            "person": result["person"],
            "deadline": {name: result["procedure"]["deadline"][name] for name in ("value", "unit")},
            "due": _due(accepted_on, result["procedure"]["deadline"]),
        }
        for result in results
        if result["procedure"] and result["procedure"]["deadline"]
    ]


def _due(accepted_on: dt.date | None, deadline: Json) -> str | None:
    due = last_day(accepted_on, deadline) if accepted_on else None
    return due.isoformat() if due else None


def last_day(day: dt.date, deadline: Json) -> dt.date | None:
    """The last day of a deadline (`value`, `unit`) that runs from a day; None where no calendar tells it."""
    if deadline["unit"] == "working_days":
        return working_days_after(day, deadline["value"])
    return day + dt.timedelta(days=deadline["value"])


def working_days_after(day: dt.date, count: int) -> dt.date | None:
    """The count-th working day after a day, by the State Council's calendar; None beyond the years it is known for."""
    from chinese_calendar import is_workday  # its tables are read only where a clock runs

    while count > 0:
        day += dt.timedelta(days=1)
        try:
            count -= bool(is_workday(day))
        except NotImplementedError:
            return None
    return day


@lru_cache
def calendar_until() -> dt.date:
    """The last day of which the calendar tells whether it is worked: the end of the last year whose holidays it has."""
    from chinese_calendar.constants import holidays

    return dt.date(max(holidays).year, 12, 31)
