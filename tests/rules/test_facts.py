"""Days, months and numbers of months as they may be written, and how they are read."""

import datetime as dt

import pytest
from pydantic_core import PydanticCustomError

from app.rules.facts import Member, read_day, read_money, read_month
from app.rules.json_text import NotJson, parse_json


def test_a_day_is_year_month_and_day_and_nothing_else_that_iso_8601_has() -> None:
    assert read_day("2026-08-15") == dt.date(2026, 8, 15)
    for text in ("2026-W33-6", "20260815", "2026-227", "2026-8-015", "2026-08-15\n", "２０２６-08-15", "2026/08/15"):
        with pytest.raises(PydanticCustomError, match="written YYYY-MM-DD"):
            read_day(text)
    with pytest.raises(PydanticCustomError, match="no such day"):
        read_day("2026-02-30")
    with pytest.raises(PydanticCustomError, match="written YYYY-MM-DD"):
        read_day(20260815)


def test_a_month_is_kept_as_it_is_written() -> None:
    assert read_month("2026-07") == "2026-07"
    for value in ("2026-7", "2026-13", "202607", 202607):
        with pytest.raises(PydanticCustomError, match="written YYYY-MM"):
            read_month(value)


def test_an_amount_is_a_text_or_a_number_of_json() -> None:
    assert read_money("6.40") == read_money(parse_json(b"6.40")) == 640
    assert read_money(7) == 700
    others: tuple[object, ...] = (True, None, 6.4, [], {})
    for value in others:
        with pytest.raises(PydanticCustomError, match="a text or a number"):
            read_money(value)


@pytest.mark.parametrize("months", [1, 12, 18, 24])
def test_null_is_the_same_as_absent(months: int) -> None:
    member = {"id": "p1", "relation": "applicant", "birth_date": "1984-03-02", "income_months": months}
    assert Member.model_validate(member | {"employed": None}).employed is False
    assert Member.model_validate(member | {"employed": True}).employed is True
    assert Member.model_validate(member).income_months == months


def test_a_number_that_json_does_not_have_is_no_json() -> None:
    for text in (b"NaN", b"Infinity", b"-Infinity", b'{"a": NaN}'):
        with pytest.raises(NotJson):
            parse_json(text)
