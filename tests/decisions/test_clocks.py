"""The law's clocks run by the State Council's calendar, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest

from app.decisions.deadlines import clocks, working_days_after
from app.rules.values.strict_json import Json


def due(accepted_on: str | None, value: int, unit: str = "working_days") -> str | None:
    result = {
        "programme": "dibao",
        "person": None,
        "procedure": {"deadline": {"value": value, "unit": unit}},
    }
    (clock,) = clocks([result], dt.date.fromisoformat(accepted_on) if accepted_on else None)
    assert (clock["programme"], clock["person"], clock["deadline"]["value"]) == ("dibao", None, value)
    found: str | None = clock["due"]
    return found


# National Day 2024, 国办发明电〔2023〕7号: 1 to 7 October off; Sunday 29 September and Saturday 12 October worked.
# Accepted on Friday 27 September; 28 September is an ordinary Saturday, 13 October an ordinary Sunday.
NATIONAL_DAY = {
    1: "2024-09-29",
    2: "2024-09-30",
    3: "2024-10-08",
    4: "2024-10-09",
    5: "2024-10-10",
    6: "2024-10-11",
    7: "2024-10-12",
    8: "2024-10-14",
    20: "2024-10-30",
}


@pytest.mark.parametrize(("count", "day"), NATIONAL_DAY.items())
def test_a_holiday_week_is_passed_over_and_the_days_worked_for_it_count(count: int, day: str) -> None:
    assert due("2024-09-27", count) == day


def test_accepted_within_the_holiday_the_clock_begins_after_it() -> None:
    assert due("2024-10-03", 1) == "2024-10-08"


def test_the_day_of_acceptance_does_not_count() -> None:
    assert due("2024-10-14", 1) == "2024-10-15"
    assert due("2024-10-14", 0) == "2024-10-14"


def test_plain_days_run_through_holidays() -> None:
    assert due("2024-09-27", 7, "days") == "2024-10-04"


@pytest.mark.parametrize("accepted_on", ["1999-03-01", "2090-03-01"])
def test_a_year_the_calendar_does_not_know_is_not_guessed(accepted_on: str) -> None:
    assert due(accepted_on, 20) is None
    assert working_days_after(dt.date.fromisoformat(accepted_on), 20) is None


def test_a_clock_that_runs_into_an_unknown_year_is_not_guessed() -> None:
    year = next(y for y in range(2024, 2090) if working_days_after(dt.date(y, 12, 20), 20) is None)
    assert working_days_after(dt.date(year, 12, 20), 2) is not None


@pytest.mark.parametrize("unit", ["working_days", "days"])
def test_without_a_day_of_acceptance_no_clock_runs(unit: str) -> None:
    assert due(None, 20, unit) is None


@pytest.mark.parametrize("procedure", [None, {"deadline": None}])
def test_a_result_without_a_deadline_has_no_clock(procedure: Json | None) -> None:
    result = {"programme": "edge_family", "person": None, "procedure": procedure}
    assert clocks([result], dt.date(2024, 9, 27)) == []


def test_every_result_with_a_deadline_has_its_own_clock() -> None:
    deadline = {"value": 1, "unit": "days"}
    results: list[Json] = [
        {"programme": "old_age_allowance", "person": p, "procedure": {"deadline": deadline}} for p in ("a", "b")
    ]
    assert [clock["person"] for clock in clocks(results, dt.date(2024, 9, 27))] == ["a", "b"]
