"""The day and the moment of knowledge of a request that names neither."""

import datetime as dt
from typing import Any

from tests.rules.asking import rules

MEMBER = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}
REQUEST: dict[str, Any] = {"jurisdiction": "999900", "household": {"residence": "urban", "members": [MEMBER]}}


def test_a_request_without_a_day_is_of_today_in_china_and_knows_what_is_known_now() -> None:
    now = dt.datetime(2026, 11, 21, 20, 30, 15, 5, tzinfo=dt.UTC)
    answer = rules().assess(REQUEST, "zh", now)
    assert answer["date"] == "2026-11-22"
    assert answer["known_at"] == "2026-11-22T04:30:15+08:00"


def test_a_request_that_names_a_day_is_of_that_day() -> None:
    answer = rules().assess(REQUEST | {"date": "2026-08-15"}, "zh", dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC))
    assert answer["date"] == "2026-08-15"
